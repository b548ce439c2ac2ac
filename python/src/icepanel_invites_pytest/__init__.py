"""The fixture `icepanel_sandbox`, which pytest finds by itself.

pytest loads this in every run if the package is installed. It is not a part of the package, because importing a module
of a package imports the package. So only the tests that use the fixture load the extension, and pytest still starts if
it cannot be loaded.
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
