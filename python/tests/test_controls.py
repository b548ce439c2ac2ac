"""The patterns and the scenario runners can fail: ones that pass everything would make every scenario worthless."""

import json
from pathlib import Path
from typing import Any

import pattern
import pytest
import test_scenarios
from icepanel_invites.testing import Sandbox

CONTROLS = json.loads((Path(__file__).parents[2] / "tests/scenarios/patterns.json").read_text())


def name_of(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", CONTROLS["patterns"], ids=name_of)
def test_pattern(case: dict[str, Any]) -> None:
    if "mismatch" not in case:
        pattern.check(case["pattern"], case["actual"])
        return
    with pytest.raises(pattern.Mismatch):
        pattern.check(case["pattern"], case["actual"])


@pytest.mark.parametrize("runner", [test_scenarios.SyncRun, test_scenarios.AsyncRun])
@pytest.mark.parametrize("case", CONTROLS["failing"], ids=name_of)
def test_failing_scenario(case: dict[str, Any], runner: Any) -> None:
    scenario = case["scenario"]
    with Sandbox(scenario["sandbox"]) as sandbox, pytest.raises((AssertionError, pattern.Mismatch)):
        runner(sandbox, scenario).all()


def test_no_scenario_is_left_out() -> None:
    assert len(test_scenarios.FILES) == CONTROLS["scenarios"]
