"""The fixture `icepanel_sandbox`, which pytest finds by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .testing import Sandbox


@pytest.fixture
def icepanel_sandbox() -> Iterator[Sandbox]:
    """A sandbox of the IcePanel invites API, empty and without faults, for one test."""
    # Only now: a run of tests that does not use it pays nothing.
    from .testing import Sandbox

    with Sandbox() as sandbox:
        yield sandbox
