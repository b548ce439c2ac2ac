"""Every file of `tests/scenarios`, twice: with the blocking client and with the asyncio one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from judge import ROOT, judged

FOLDER = ROOT / "tests/scenarios"
FILES = sorted(FOLDER.glob("*/*.json"))
CONTROLS = json.loads((FOLDER / "patterns.json").read_text())

both = pytest.mark.parametrize("style", ["sync", "asyncio"])


@both
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_scenario(file: Path, style: str) -> None:
    why = judged(style, file)
    if why is not None:
        pytest.fail(why, pytrace=False)


@both
@pytest.mark.parametrize("number", range(len(CONTROLS["failing"])), ids=lambda n: CONTROLS["failing"][n]["name"])
def test_failing_scenario(number: int, style: str) -> None:
    """A test that passes everything would make every scenario worthless."""
    why = judged(style, FOLDER / "patterns.json", "--failing", str(number))
    assert why is not None and "\nexpected " in why


def test_no_scenario_is_left_out() -> None:
    assert len(FILES) == CONTROLS["scenarios"]
