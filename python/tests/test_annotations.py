"""Annotations can be read at run time, as Sphinx, pydantic and what makes tools of functions read them."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import icepanel_invites
from icepanel_invites import Actor, InviteStatus, Permission, _native, _values, _words
from icepanel_invites.testing import Sandbox


def public() -> Iterator[tuple[str, Any]]:
    """What is public and written in Python: classes, their methods and their properties."""
    for kind in [*(getattr(icepanel_invites, name) for name in icepanel_invites.__all__), Sandbox]:
        if not inspect.isclass(kind):
            continue
        yield kind.__name__, kind
        for name, value in vars(kind).items():
            value = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
            if inspect.isfunction(value) and (name.startswith("__") or not name.startswith("_")):
                yield f"{kind.__name__}.{name}", value


PUBLIC = dict(public())


@pytest.mark.parametrize("name", PUBLIC)
def test_annotations_can_be_read(name: str) -> None:
    hints = typing.get_type_hints(PUBLIC[name])
    if inspect.isfunction(PUBLIC[name]):
        inspect.signature(PUBLIC[name], eval_str=True)
        assert "return" in hints


def test_they_are_the_classes_that_come() -> None:
    assert len(PUBLIC) > 80 and "AsyncInviteClient.__aenter__" in PUBLIC
    hints = typing.get_type_hints(icepanel_invites.InviteClient.plan)
    assert hints["return"] is icepanel_invites.Plan
    with Sandbox() as sandbox, sandbox.client() as client:
        for method, kind in ((client.create, "Invite"), (sandbox.async_client().ensure, "Ensured")):
            signature = inspect.signature(method, eval_str=True)
            assert signature.return_annotation == getattr(icepanel_invites, kind)


@pytest.mark.parametrize(
    ("alias", "of"),
    [
        ("PermissionWord", "Permission"),
        ("StatusWord", "InviteStatus"),
        ("ActorWord", "Actor"),
        ("ActionWord", "Action"),
        ("OutcomeWord", "Outcome"),
        ("ReasonWord", "StepReason"),
        ("DifferenceWord", "Difference"),
        ("KindWord", "ErrorKind"),
    ],
)
def test_the_words_of_the_annotations_are_those_of_the_core(alias: str, of: str) -> None:
    source = Path(_words.__file__).read_text()
    (body,) = re.findall(rf"{alias}: TypeAlias = (?:\(\s*)?Literal\[(.*?)\]", source, re.DOTALL)
    assert re.findall(r'"(.*?)"', body) == _native.known(of)


@pytest.mark.parametrize("kind", [Permission, InviteStatus, Actor])
def test_a_constant_for_each_word(kind: type[Permission | InviteStatus | Actor]) -> None:
    declared = re.findall(rf"^        (\w+): ClassVar\[{kind.__name__}\]", Path(_values.__file__).read_text(), re.MULTILINE)
    assert declared == [word.upper().replace("-", "_") for word in kind.KNOWN]
    assert [str(getattr(kind, name)) for name in declared] == list(kind.KNOWN)
