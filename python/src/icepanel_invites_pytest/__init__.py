"""The fixture `icepanel_sandbox`, which pytest finds by itself.

pytest loads this in every run of a Python in which the package is installed. It stands beside the package, for
who imports a module of a package imports the package: so the extension is loaded by the tests that use the
fixture alone, and where it cannot be loaded pytest still starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from icepanel_invites.testing import Sandbox


@pytest.fixture
def icepanel_sandbox() -> Iterator[Sandbox]:
    """A sandbox of the IcePanel invites API, empty and without faults, for one test."""
    from icepanel_invites.testing import Sandbox

    with Sandbox() as sandbox:
        yield sandbox
