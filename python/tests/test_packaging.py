"""What is installed, and what is not."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import icepanel_invites
from icepanel_invites import _native

NAME = "icepanel-invites"
ROOT = Path(__file__).parents[2]


def test_nothing_is_installed_beside() -> None:
    assert metadata.requires(NAME) is None


def test_what_importing_it_imports(run_python: Callable[..., str]) -> None:
    """Python's own modules alone, and none that takes long."""
    text = "import sys; before = {*sys.modules}; import icepanel_invites; print(*{*sys.modules} - before)"
    imported = set(run_python(text).split())
    others = {name for name in imported if name.split(".")[0] != "icepanel_invites"}
    assert others - {"_xxsubinterpreters"} <= sys.stdlib_module_names
    assert not {"asyncio", "logging", "json", "typing", "icepanel_invites._roster"} & imported


def test_the_metadata() -> None:
    about = metadata.metadata(NAME)
    assert about["Requires-Python"] == ">=3.10" and about["License-Expression"] == "MIT"
    version = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert metadata.version(NAME) == version[1] == icepanel_invites.__version__ == _native.__version__
    (plugin,) = (one for one in metadata.entry_points(group="pytest11") if one.dist and one.dist.name == NAME)
    assert plugin.load().__name__ == "icepanel_invites.pytest_plugin"
    files = [str(file) for file in metadata.files(NAME) or []]
    assert "icepanel_invites/py.typed" in files and "icepanel_invites/_native.pyi" in files
    assert any(file.endswith("licenses/LICENSE") for file in files)
