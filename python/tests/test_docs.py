"""Every example runs: the README's, and those of the docstrings."""

from __future__ import annotations

import asyncio
import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

import icepanel_invites
from icepanel_invites.testing import Sandbox

README = Path(__file__).parents[1] / "README.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
MODULES = [icepanel_invites.__name__] + [
    f"{icepanel_invites.__name__}.{module.name}"
    for module in pkgutil.iter_modules(icepanel_invites.__path__)
]
# What the page has imported further up.
NAMES = "from datetime import timedelta\nfrom icepanel_invites import *\n"




class Timeout:
    """For Python 3.10, which has no `asyncio.timeout`."""

    def __init__(self, _: float) -> None: ...

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, *_: object) -> None: ...


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> Sandbox:
    monkeypatch.setenv("ICEPANEL_API_KEY", sandbox.API_KEY)
    monkeypatch.setenv("ICEPANEL_ORGANIZATION_ID", "sandbox")
    monkeypatch.setenv("ICEPANEL_BASE_URL", sandbox.base_url)
    if not hasattr(asyncio, "timeout"):
        monkeypatch.setattr(asyncio, "timeout", Timeout, raising=False)
    return sandbox


@pytest.mark.parametrize("at", [at for at, text in enumerate(EXAMPLES) if "def test_" not in text])
def test_an_example_of_the_readme(environment: Sandbox, at: int) -> None:
    exec(compile(NAMES + EXAMPLES[at], f"README.md, example {at + 1}", "exec"), {})


def test_the_first_example_is_short_and_invites(
    environment: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(EXAMPLES[0].strip().splitlines()) <= 10
    exec(EXAMPLES[0], {})
    assert capsys.readouterr().out == "created\n"
    assert environment.report()["invitesMade"] == {"ada@example.com": 1}


def test_the_readmes_test_passes_and_finds_the_fixture(pytester: pytest.Pytester) -> None:
    (example,) = (text for text in EXAMPLES if "def test_" in text)
    pytester.makepyfile(NAMES + example)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


@pytest.mark.parametrize("name", MODULES)
def test_doctests(name: str) -> None:
    module = importlib.import_module(name)
    outcome = doctest.testmod(module)
    assert outcome.failed == 0


def test_the_doctests_are_there() -> None:
    finder = doctest.DocTestFinder()
    examples = [
        example
        for name in MODULES
        for test in finder.find(importlib.import_module(name))
        for example in test.examples
    ]
    assert len(examples) >= 20


def test_everything_public_has_a_docstring() -> None:
    everything: list[tuple[str, Any]] = [
        (name, getattr(icepanel_invites, name)) for name in icepanel_invites.__all__
    ]
    everything += [("Sandbox", Sandbox), ("testing", inspect.getmodule(Sandbox))]
    for name, thing in everything:
        if name == "__version__":
            continue
        assert inspect.getdoc(thing), name
        for attribute in dir(thing):
            value = inspect.getattr_static(thing, attribute)
            if attribute.startswith("_") or not inspect.isclass(thing):
                continue
            if callable(value) or isinstance(value, (property, staticmethod, classmethod)):
                if getattr(str, attribute, None) is not value:
                    assert inspect.getdoc(value), f"{name}.{attribute}"
