"""Rosters, beyond the scenarios: values, stopping, progress."""

from __future__ import annotations

import asyncio
import gc
import json
import pickle
import re
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import icepanel_invites
from children import gone
from icepanel_invites import (
    Applying,
    InvalidInputError,
    Invite,
    InviteCancelledError,
    NewInvite,
    NotFoundError,
    Plan,
    Progress,
    Report,
    Roster,
    SeatsExhaustedError,
    Stop,
)
from icepanel_invites.testing import Sandbox
from waiting import wait_for

CORE = Path(__file__).parents[2] / "crates" / "icepanel-invites" / "src"
WEEK = timedelta(days=7)
AT_ONCE = 8
"""The number of steps of a run at the same time."""


def people(count: int, permission: str = "read") -> list[NewInvite]:
    return [NewInvite(f"person-{n}@example.com", permission, WEEK) for n in range(count)]


def test_a_roster_reports_all_problems_together() -> None:
    ada = NewInvite("ada@example.com", "read", WEEK)
    with pytest.raises(InvalidInputError) as raised:
        Roster([ada, NewInvite("nobody", "read", WEEK), NewInvite("ADA@example.com", "read", WEEK)])
    assert [line[:7] for line in raised.value.errors] == ["entry 2", "entry 3"]
    with pytest.raises(InvalidInputError, match="entry 1: unknown field `emial`"):
        Roster.from_list([{"emial": "ada@example.com"}])
    for wrong in ({"people": 7}, {"people": [], "note": ""}, [7], ["ada@example.com"]):
        with pytest.raises((InvalidInputError, TypeError)):
            Roster.from_dict(wrong)  # type: ignore[arg-type]


def test_a_roster_in_json_is_the_object_that_the_command_writes(sandbox: Sandbox) -> None:
    roster = Roster(people(2))
    written = roster.to_dict()
    assert written == {"formatVersion": 1, "people": roster.to_list()}
    for given in (written, {"people": written["people"]}, written["people"]):
        assert Roster.from_dict(json.loads(json.dumps(given))) == roster
    with sandbox.client() as client:
        assert client.plan(written).writes == 2
        assert client.dump().to_dict() == {"formatVersion": 1, "people": []}
        newer = {**written, "formatVersion": 3}
        for refused in (lambda: Roster.from_dict(newer), lambda: client.plan(newer), lambda: Plan.from_dict(newer)):
            with pytest.raises(InvalidInputError, match="its formatVersion is 3, and this version of icepanel-invites"):
                refused()


def test_values_are_values(sandbox: Sandbox) -> None:
    roster = Roster(people(2))
    end = datetime(2031, 1, 15, 9, 30, 0, 123456, timezone.utc)
    with sandbox.client() as client:
        plan = client.plan([*roster, NewInvite("eve@example.com", "write", end)])
        report = client.apply(plan)
        renewed = client.renew("person-0@example.com", 2 * WEEK)
        dumped = client.dump()
    for value in (roster, plan, plan.steps[0], plan.seats, report, report.lines[0], renewed, dumped):
        again = pickle.loads(pickle.dumps(value))
        assert again == value and hash(again) == hash(value) and repr(again) == repr(value)
        assert value != object()
        with pytest.raises(AttributeError):
            setattr(value, "_fields", {})
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    assert Roster.from_list(json.loads(json.dumps(roster.to_list()))) == roster
    assert report.to_dict()["formatVersion"] == plan.to_dict()["formatVersion"] == 1
    assert str(plan).startswith("invite  person-0@example.com: ") and "paid seats: 1 needed, 0 freed" in str(plan)
    assert str(report.lines[0]) == "done    person-0@example.com: invited"
    assert str(report).splitlines()[0] == str(report.lines[0]) and str(report).endswith("\n3 done")
    plan.to_dict()["steps"].clear()
    assert len(plan.steps) == 3
    wanted = plan.steps[2].wanted
    assert wanted is not None and wanted.expires == end
    assert plan.planned_at.tzinfo is timezone.utc and plan.estimate > timedelta()
    assert (plan.count("invite"), plan.seats.needed, plan.writes) == (3, 1, 3)
    assert report.complete and report.counts["done"] == 3 and not report.stopped
    assert isinstance(report.lines[0].invite, Invite) and report.lines[0].error is None
    assert renewed.replaced[0].status == "revoked" and renewed.invite.is_active
    # The first invites were made at once, in no order.
    assert sorted(person.email for person in dumped) == [
        "eve@example.com",
        "person-0@example.com",
        "person-1@example.com",
    ]


def test_what_a_person_has_already() -> None:
    with Sandbox({"members": [{"email": "ada@example.com", "permission": "admin"}]}) as sandbox:
        with sandbox.client() as client:
            step = client.plan([NewInvite("ada@example.com", "read", WEEK)]).steps[0]
    assert step.action == "member" and step.held is not None
    assert step.held.permission == "admin" and step.held.user_id and step.held.invite_id is None
    match step:
        case icepanel_invites.Step(email, "member"):
            assert email == "ada@example.com"
        case _:
            pytest.fail("no match")


def test_errors_are_in_the_report(sandbox: Sandbox) -> None:
    sandbox.add_faults({"fault": "status", "status": 400, "on": "create", "times": None})
    with sandbox.client() as client:
        report = client.apply(client.plan(people(1)))
    line = report.lines[0]
    assert not report.complete and line.outcome == "failed"
    assert line.error is not None and line.error.kind == "rejected"


def test_refusals_before_anything_is_sent() -> None:
    with Sandbox({"seats": 1}) as sandbox, sandbox.client() as client:
        plan = client.plan(people(2, "write"))
        assert plan.seats.missing == 1
        with pytest.raises(SeatsExhaustedError):
            client.apply(plan)
        with pytest.raises(InvalidInputError, match="not both"):
            client.apply(plan, prune_at_most=3, prune_share=0.5)
        with pytest.raises(NotFoundError):
            client.renew("nobody@example.com", WEEK)
        with pytest.raises(InvalidInputError, match="has no time zone"):
            client.renew("nobody@example.com", datetime(2031, 1, 1))
        assert sandbox.report()["requests"].get("create", 0) == 0


def test_what_a_plan_prunes_is_known_before_it_is_applied() -> None:
    invited = [{"email": f"guest-{n}@example.com", "permission": "read"} for n in range(8)]
    with Sandbox({"invites": invited, "seats": 0}) as sandbox, sandbox.client() as client:
        with pytest.raises(InvalidInputError, match="allow_empty"):
            client.plan([], prune=True)
        plan = client.plan([], prune=True, allow_empty=True)
        assert plan.pruning is not None and plan.pruning == pickle.loads(pickle.dumps(plan.pruning))
        assert (plan.pruning.people, plan.pruning.invited, plan.pruning.allowed) == (8, 8, 2)
        with pytest.raises(InvalidInputError, match="8 people"):
            plan.check()
        with pytest.raises(InvalidInputError, match="prune_at_most must be a whole number"):
            plan.check(prune_at_most=-1)
        plan.check(prune_at_most=8)
        plan.check(prune_share=1)
        paid = client.plan(people(1, "write"), skip_revoked=True, max_invites=3)
        assert paid.pruning is None and paid.skip_revoked and paid.max_invites == 3
        with pytest.raises(SeatsExhaustedError):
            paid.check()
        paid.check(partial=True)


def test_a_run_is_stopped_from_another_thread(sandbox: Sandbox) -> None:
    # After the first, those that are under way are slow: the stop comes before the run is over.
    sandbox.add_faults({"fault": "slow_headers", "delayMs": 1000, "on": "create", "skip": 1, "times": None})
    stop, heard = Stop(), threading.Event()

    def hear(progress: Progress) -> None:
        assert progress.total == 60
        heard.set()
        raise ValueError("what a listener raises does not end a run")

    def wait_and_stop() -> None:
        heard.wait(30)
        stop.stop()

    unraisable: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.unraisablehook", unraisable.append)
        thread = threading.Thread(target=wait_and_stop)
        thread.start()
        with sandbox.client() as client:
            report = client.apply(client.plan(people(60)), on_progress=hear, stop=stop)
        thread.join()
    assert stop.is_stopped and report.stopped and 0 < report.counts["skipped"] < 60
    assert unraisable


def test_an_iterated_run_that_is_left_stops_at_once(sandbox: Sandbox) -> None:
    # One invite is answered. Those that are then under way are made, and their answers never come: the client
    # skips its waits, so nothing may still be on its way when the plan is applied again.
    sandbox.add_faults({"fault": "act_then_hang", "on": "create", "skip": 1, "times": AT_ONCE})

    async def main() -> None:
        async with sandbox.async_client() as client:
            plan = await client.plan(people(40))
            run = client.applying(plan)
            with pytest.raises(RuntimeError, match="async with"):
                await run.__anext__()
            async with run:
                async for progress in run:
                    assert progress.done == 1
                    with pytest.raises(RuntimeError, match="not ended"):
                        print(run.report)
                    wait_for(lambda: sandbox.report()["inFlight"] == AT_ONCE)
                    break
            gone(sandbox, abandoned=AT_ONCE)
            assert sandbox.report()["invitesMadeTotal"] == 1 + AT_ONCE
            # Applied again, it goes on.
            async with client.applying(plan) as run:
                dones = [progress.done async for progress in run]
            assert dones[-1] == 40 and isinstance(run.report, Report) and run.report.complete

    asyncio.run(main())
    report = sandbox.report()
    assert report["activeInvitesTotal"] == 40 and report["addressesInvitedTwice"] == []


def test_a_run_that_was_left_has_no_report(sandbox: Sandbox) -> None:
    sandbox.add_faults({"fault": "hang", "on": "create", "skip": 1, "times": None})

    async def main() -> str:
        async with sandbox.async_client() as client:
            async with client.applying(await client.plan(people(40))) as run:
                async for _ in run:
                    break
            for _ in range(2):
                with pytest.raises(InviteCancelledError, match="apply was cancelled") as raised:
                    print(run.report)
                assert raised.value.invite_may_exist
            with pytest.raises(InviteCancelledError):
                [progress async for progress in run]
        # The task that asked lives on.
        await asyncio.sleep(0)
        return "ended"

    assert asyncio.run(main()) == "ended"


def test_a_run_that_fails_while_nobody_iterates(sandbox: Sandbox) -> None:
    heard: list[dict[str, Any]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context))
        async with sandbox.async_client() as client:
            plan = await client.plan(people(1))
            other = Plan.from_dict({**plan.to_dict(), "organizationId": "another"})

            async def failed(run: Applying) -> None:
                while run._task is None or not run._task.done():
                    await asyncio.sleep(0.001)

            with pytest.raises(InvalidInputError, match="another"):
                async with client.applying(other) as run:
                    await failed(run)
            # It comes out once: not at the end too, if the block has dealt with it or fails by itself.
            async with client.applying(other) as run:
                await failed(run)
                with pytest.raises(InvalidInputError):
                    print(run.report)
            async with client.applying(other) as run:
                with pytest.raises(InvalidInputError):
                    [progress async for progress in run]
            with pytest.raises(KeyError):
                async with client.applying(other) as run:
                    await failed(run)
                    raise KeyError
            # With nobody waiting for it, it is cancelled before it has failed.
            async with client.applying(other) as run:
                pass
            del run
            gc.collect()
            await asyncio.sleep(0)

    asyncio.run(main())
    assert heard == []


def test_what_a_run_raises_comes_out_of_the_iteration(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with sandbox.async_client() as client:
            plan = await client.plan(people(1))
            other = Plan.from_dict({**plan.to_dict(), "organizationId": "another"})
            with pytest.raises(InvalidInputError):
                async with client.applying(other) as run:
                    async for _ in run:
                        pytest.fail("nothing is begun")

    asyncio.run(main())


FIELDS = {
    "Held": ("roster/plan.rs", icepanel_invites.Held),
    "Step": ("roster/plan.rs", icepanel_invites.Step),
    "PlanPruning": ("roster/plan_figures.rs", icepanel_invites.PlanPruning),
    "PlanRemoval": ("roster/plan_figures.rs", icepanel_invites.PlanRemoval),
    "PlanSummary": ("roster/plan_figures.rs", icepanel_invites.PlanSummary),
    "PlanDomain": ("roster/plan_figures.rs", icepanel_invites.PlanDomain),
    "PlanExpiring": ("roster/plan_figures.rs", icepanel_invites.PlanExpiring),
    "PlanSeats": ("roster/plan_figures.rs", icepanel_invites.PlanSeats),
    "Plan": ("roster/plan.rs", Plan),
    "ReportLine": ("roster/report.rs", icepanel_invites.ReportLine),
    "Report": ("roster/report.rs", Report),
    "Progress": ("roster/report.rs", Progress),
    "Renewed": ("invites/renew.rs", icepanel_invites.Renewed),
}


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_of_the_core_is_here(name: str) -> None:
    file, kind = FIELDS[name]
    source = re.search(rf"pub struct {name}(?:<'a>)? \{{(.*?)\n\}}", (CORE / file).read_text(), re.DOTALL)
    assert source is not None
    fields = {field.removesuffix("_ms") for field in re.findall(r"pub (\w+):", source[1])}
    # The margin is in the JSON alone: a plan is made with it.
    assert fields and fields - {"margin"} <= set(dir(kind))
