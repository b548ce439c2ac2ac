"""What is installed, and what is not."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from importlib import metadata
from modulefinder import ModuleFinder
from pathlib import Path

import pytest

import icepanel_invites
from icepanel_invites import _native
from icepanel_invites.testing import Sandbox

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
    assert not {"asyncio", "logging", "json", "typing", "collections.abc"} & imported


def test_the_metadata() -> None:
    about = metadata.metadata(NAME)
    assert about["Requires-Python"] == ">=3.10" and about["License-Expression"] == "MIT"
    version = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert metadata.version(NAME) == version[1] == icepanel_invites.__version__ == _native.__version__
    (plugin,) = (one for one in metadata.entry_points(group="pytest11") if one.dist and one.dist.name == NAME)
    assert plugin.load().__name__ == "icepanel_invites_pytest"
    files = [str(file) for file in metadata.files(NAME) or []]
    assert "icepanel_invites/py.typed" in files and "icepanel_invites/_native.pyi" in files
    assert any(file.endswith("licenses/LICENSE") for file in files)


def test_pytest_starts_without_the_extension(pytester: pytest.Pytester) -> None:
    """A run that does not use the fixture does not load the extension, and starts where it cannot be loaded."""
    pytester.makepyfile(
        """
        import sys

        def test_without():
            assert "icepanel_invites" not in sys.modules

        def test_with(icepanel_sandbox):
            pass
        """
    )
    pytester.makepyfile(
        broken="""
        import sys

        class Broken:
            def find_spec(self, name, path=None, target=None):
                if name == "icepanel_invites._native":
                    raise ImportError("made for another machine")

        sys.meta_path.insert(0, Broken())
        """
    )
    alone = ("-p", "no:cacheprovider", "-p", "no:xdist")
    pytester.runpytest_subprocess(*alone).assert_outcomes(passed=2)
    ended = pytester.runpytest_subprocess("-p", "broken", *alone)
    ended.assert_outcomes(passed=1, errors=1)
    ended.stdout.fnmatch_lines(["*made for another machine*"])


def test_an_extension_that_does_not_load_is_named(tmp_path: Path, run_python: Callable[..., str]) -> None:
    """What the loader says, which file it says it of, and what to do."""
    package = tmp_path / "icepanel_invites"
    shutil.copytree(Path(icepanel_invites.__file__).parent, package)
    text = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
try:
    import icepanel_invites
except ImportError as error:
    print(error)
"""
    (extension,) = (file for file in package.iterdir() if file.suffix in (".so", ".pyd"))
    extension.write_bytes(b"not a library")
    said = run_python(text)
    assert f"{extension} is there but cannot be loaded by cpython" in said and "pip install --force-reinstall" in said
    extension.unlink()
    assert "the package has no extension module for cpython" in run_python(text)


def test_the_command(run_python: Callable[..., str]) -> None:
    """`pipx run icepanel-invites`: with the arguments of the process, and its exit code."""
    (script,) = metadata.entry_points(group="console_scripts", name=NAME)
    text = f"""
import os, sys
from {script.module} import {script.attr}
os.dup2(1, 2)
for arguments in ["--version"], ["create"]:
    sys.argv = ["icepanel-invites", *arguments]
    print("exit", {script.attr}(), flush=True)
"""
    said = run_python(text).splitlines()
    assert said[:2] == [f"{NAME} {icepanel_invites.__version__}", "exit 0"]
    assert "Usage: icepanel-invites create" in "".join(said) and said[-1] == "exit 2"


FROZEN = """
import sys

class Frozen:
    def __init__(self, known):
        self.known = known

    def find_spec(self, name, path=None, target=None):
        if name not in self.known:
            raise ModuleNotFoundError(f"{name} is not in the program", name=name)

# As PyInstaller and others make it: with the modules that Python files import, and those alone.
sys.meta_path.insert(0, Frozen({*sys.argv[2].split(",")}))
sys.modules.pop("_xxsubinterpreters", None)
import asyncio, logging
from datetime import timedelta
from icepanel_invites import AsyncInviteClient, InviteClient, InviteError, NewInvite

logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format="%(name)s")
ACCOUNT = sys.argv[3], "sandbox"
WEEK = timedelta(days=7)

async def run():
    async with AsyncInviteClient(*ACCOUNT, base_url=sys.argv[1]) as client:
        plan = await client.plan([NewInvite("eve@example.com", "read", WEEK)])
        async with client.applying(plan) as run:
            async for progress in run:
                pass
        return run.report.complete

with InviteClient(*ACCOUNT, base_url=sys.argv[1]) as client:
    invite = client.ensure("ada@example.com", "read", WEEK).invite
    print(client.revoke(invite.id).status, asyncio.run(run()), len(client.dump()))
    logging.disable()
    try:
        client.revoke("no-such-invite")
    except InviteError as error:
        print(error.kind, error.to_dict()["status"])
"""


def test_a_frozen_program_has_all_that_it_needs(tmp_path: Path, run_python: Callable[..., str]) -> None:
    script = tmp_path / "frozen.py"
    script.write_text(FROZEN)
    finder = ModuleFinder()
    finder.run_script(str(script))
    known = finder.modules.keys() - {"_xxsubinterpreters"}
    with Sandbox() as sandbox:
        said = run_python(FROZEN, sandbox.base_url, ",".join(known), sandbox.API_KEY)
    assert said.splitlines()[-2:] == ["revoked True 1", "not_found 404"]
    assert said.count("icepanel_invites\n") >= 5
