"""Every example runs: the README's, and those of the docstrings."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
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
STUB = Path(icepanel_invites.__file__).with_name("_native.pyi")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> Sandbox:
    monkeypatch.setenv("ICEPANEL_API_KEY", sandbox.API_KEY)
    monkeypatch.setenv("ICEPANEL_ORGANIZATION_ID", "sandbox")
    monkeypatch.setenv("ICEPANEL_BASE_URL", sandbox.base_url)
    return sandbox


@pytest.mark.parametrize("at", [at for at, text in enumerate(EXAMPLES) if "def test_" not in text])
def test_an_example_of_the_readme(environment: Sandbox, at: int) -> None:
    exec(compile(EXAMPLES[at], f"README.md, example {at + 1}", "exec"), {"__name__": "example"})


def test_the_first_example_is_short_and_invites(
    environment: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(EXAMPLES[0].strip().splitlines()) <= 10
    exec(EXAMPLES[0], {})
    assert capsys.readouterr().out == "created\n"
    assert environment.report()["invitesMade"] == {"ada@example.com": 1}


def test_the_readmes_test_passes_and_finds_the_fixture(pytester: pytest.Pytester) -> None:
    (example,) = (text for text in EXAMPLES if "def test_" in text)
    pytester.makepyfile(example)
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


def words(text: str) -> str:
    return " ".join(text.split())


def stubbed(body: list[ast.stmt], owner: object, path: str) -> Iterator[tuple[str, str, str]]:
    """What the stub says of each thing, and what the module says of it."""
    for node in body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and (doc := ast.get_docstring(node)):
            if not hasattr(owner, node.name):
                # A type of the stub's alone.
                continue
            thing = inspect.getattr_static(owner, node.name)
            thing = getattr(thing, "__func__", thing)
            yield f"{path}{node.name}", doc, inspect.getdoc(thing) or ""
            if isinstance(node, ast.ClassDef):
                yield from stubbed(node.body, thing, f"{node.name}.")


def test_the_docstrings_of_the_stub_are_those_of_the_module() -> None:
    compared = list(stubbed(ast.parse(STUB.read_text()).body, icepanel_invites._native, ""))
    assert len(compared) > 80
    for name, stub, module in compared:
        # A class may have more to say to those who change it.
        assert words(module).startswith(words(stub)), name
