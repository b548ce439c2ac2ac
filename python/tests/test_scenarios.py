"""Runs every file of `tests/scenarios` twice: with the blocking client and with the asyncio one."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import pattern
from icepanel_invites import (
    AsyncInviteClient,
    Ensured,
    Invite,
    InviteClient,
    InviteError,
    Member,
    NewInvite,
    Plan,
    Progress,
    Renewed,
    Report,
    Roster,
    Seats,
    Stop,
)
from icepanel_invites.testing import Sandbox

FILES = sorted((Path(__file__).parents[2] / "tests/scenarios").glob("*/*.json"))

OPTIONS: dict[str, Callable[[Any], tuple[str, Any]]] = {
    "timeoutMs": lambda ms: ("timeout", ms / 1000),
    "connectTimeoutMs": lambda ms: ("connect_timeout", timedelta(milliseconds=ms)),
    "readTimeoutMs": lambda ms: ("read_timeout", timedelta(milliseconds=ms)),
    "maxAttempts": lambda attempts: ("max_attempts", attempts),
    "maxBodyBytes": lambda limit: ("max_body_bytes", limit),
    "userAgentSuffix": lambda suffix: ("user_agent_suffix", suffix),
    "pacing": lambda pacing: ("pacing", paced(pacing)),
}


def paced(pacing: Any) -> Any:
    """A pacing as Python has it: a limit is a tuple of a number and its seconds."""
    if isinstance(pacing, dict) and "requests" in pacing:
        return pacing["requests"], pacing["windowMs"] / 1000
    return {name: paced(limit) for name, limit in pacing.items()} if isinstance(pacing, dict) else pacing


Outcome = dict[str, Any]


@pytest.mark.parametrize("style", ["sync", "asyncio"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_scenario(file: Path, style: str) -> None:
    scenario = json.loads(file.read_text())
    with Sandbox(scenario["sandbox"]) as sandbox:
        run = SyncRun(sandbox, scenario) if style == "sync" else AsyncRun(sandbox, scenario)
        try:
            run.all()
        except Exception as why:
            report = sandbox.report()
            lines = [json.dumps(request) for request in report.pop("log")]
            text = "\n  ".join([f"the sandbox: {report}", *lines])
            pytest.fail(f"{scenario['title']}\n\n{why!r}\n\n{text}", pytrace=False)


class Run:
    """A scenario under way. What is done with a client is the subclass'."""

    client_class: type[InviteClient] | type[AsyncInviteClient]

    def __init__(self, sandbox: Sandbox, scenario: dict[str, Any]) -> None:
        self.sandbox = sandbox
        self.scenario = scenario
        self.client: Any = None
        self.last_invite: dict[str, Any] = {}
        self.last_plan: Plan | None = None

    def all(self) -> None:
        raise NotImplementedError

    def compare(self, expected: Any, actual: Any) -> None:
        pattern.check(self.fill_in(expected), actual)

    def make(self, own: dict[str, Any]) -> Any:
        options = {**self.scenario.get("client", {}), **own}
        state = self.scenario["sandbox"]
        port = self.sandbox.base_url.split(":")[2].split("/")[0]
        key = options.pop("apiKey", state.get("apiKey", Sandbox.API_KEY))
        organization = options.pop("organizationId", state.get("organizationId", "sandbox"))
        base_url = options.pop("baseUrl", self.sandbox.base_url).replace("{port}", port)
        keywords: dict[str, Any] = dict(OPTIONS[name](value) for name, value in options.items())
        if self.scenario.get("waits", "skip") == "skip":
            keywords["_skip_waits"] = True
        return self.client_class(key, organization, base_url=base_url, **keywords)

    def client_for(self, own: dict[str, Any] | None) -> Any:
        """The scenario's client, made by the first call that needs it, or one of its own."""
        if own is not None:
            return self.make(own)
        if self.client is None:
            self.client = self.make({})
        return self.client

    def fill_in(self, value: Any) -> Any:
        """Puts the last invite's fields where a scenario says `$lastInvite.FIELD`."""
        if isinstance(value, str) and value.startswith("$lastInvite."):
            return self.last_invite.get(value.removeprefix("$lastInvite."))
        if isinstance(value, list):
            return [self.fill_in(one) for one in value]
        if isinstance(value, dict):
            return {key: self.fill_in(one) for key, one in value.items()}
        return value

    def control(self, step: dict[str, Any]) -> None:
        body = step["body"]
        if step["control"] == "faults":
            self.sandbox.add_faults(*body)
        elif step["control"] == "state":
            self.sandbox.set_state(body)
        else:
            self.sandbox.mark_used(body.get("email") or body["id"])

    def judge(self, step: dict[str, Any], outcome: Outcome, took: float) -> None:
        result = outcome.get("result")
        last = result[-1] if isinstance(result, list) and result else result
        if isinstance(last, dict):
            last = last.get("invite", last)
            if "expiresAt" in last:
                self.last_invite = last
        expect = step.get("expect", {"result": {}})
        if "expect" in step or "error" in outcome:
            assert expect.keys() == outcome.keys(), f"expected {expect}, found {outcome}"
            ((what, expected),) = expect.items()
            self.compare(expected, outcome[what])
        self.judge_time(step, took)

    def judge_time(self, step: dict[str, Any], took: float) -> None:
        if "tookMs" in step:
            self.compare(step["tookMs"], took * 1000)

    def judge_all(self, step: dict[str, Any], outcomes: list[Outcome], took: float) -> None:
        count: Counter[str] = Counter()
        for outcome in outcomes:
            if "error" in outcome:
                count[outcome["error"]["kind"]] += 1
            else:
                result = outcome["result"]
                count[result.get("outcome", "result") if isinstance(result, dict) else "result"] += 1
            if "expectEach" in step:
                each = self.fill_in(step["expectEach"])
                assert any(pattern.matches(one, outcome) for one in each), f"found {outcome}"
        if "expectCount" in step:
            self.compare(step["expectCount"], dict(count))
        self.judge_time(step, took)


def arguments(step: dict[str, Any], number: int | None = None) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a step's call, as Python has them."""
    given = dict(step.get("args", {}))
    if number is not None and "email" in given:
        given["email"] = given["email"].replace("{n}", str(number))
    if step["call"] in ("create", "ensure"):
        expires = expiry(given)
        keywords = {"landscape_permissions": given.get("landscapePermissions")}
        if number is not None and number % 2:
            return [NewInvite(given["email"], given["permission"], expires, **keywords)], {}
        return [given["email"], given["permission"], expires], keywords
    if step["call"] == "list":
        names = {"createdBy": "created_by", "expiringWithinMs": "expiring_within"}
        if "expiringWithinMs" in given:
            given["expiringWithinMs"] = timedelta(milliseconds=given["expiringWithinMs"])
        return [], {names.get(key, key): given[key] for key in given}
    if step["call"] == "renew":
        return [given["target"], expiry(given)], {}
    if step["call"] == "dump":
        span = given.get("membersExpireInMs")
        return [], {} if span is None else {"members_expire": timedelta(milliseconds=span)}
    return list(given.values()), {}


def expiry(given: dict[str, Any]) -> Any:
    span = given.get("expiresInMs")
    return pattern.time(given["expiresAt"]) if span is None else timedelta(milliseconds=span)


def planning(given: dict[str, Any]) -> tuple[Roster, dict[str, Any]]:
    """The roster and the keywords of a `plan`, or of an `apply` that plans."""
    people = [
        NewInvite(
            person["email"],
            person["permission"],
            expiry(person),
            landscape_permissions=person.get("landscapePermissions"),
        )
        for person in given["people"]
    ]
    margin = given.get("marginMs")
    names = {"prune": "prune", "skipRevoked": "skip_revoked", "maxInvites": "max_invites", "allowEmpty": "allow_empty"}
    keywords = {names[name]: value for name, value in given.items() if name in names}
    if margin is not None:
        keywords["margin"] = timedelta(milliseconds=margin)
    return Roster(people), keywords


class Applied:
    """The keywords of an `apply`, and what it tells."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.stop = Stop()
        self.stop_after = given.get("stopAfter")
        self.told: set[int] = set()
        self.keywords = {
            "partial": given.get("partial", False),
            "prune_at_most": given.get("pruneAtMost"),
            "prune_share": given.get("pruneShare"),
            "stop": self.stop,
        }

    def hear(self, progress: Progress) -> None:
        assert progress.line.email and progress.left >= timedelta()
        self.told.add(progress.index)
        if progress.done == self.stop_after:
            self.stop.stop()

    def judge(self, plan: Plan) -> None:
        assert len(self.told) == len(plan.steps), "a step without an event"


def as_json(result: object) -> Any:
    if isinstance(result, list):
        return [as_json(one) for one in result]
    if isinstance(result, Roster):
        return result.to_list()
    if isinstance(result, (Invite, Member, Seats, Ensured, Plan, Report, Renewed)):
        return result.to_dict()
    assert result is None
    return None


def told(error: InviteError) -> Outcome:
    return {"error": error.to_dict()}


class SyncRun(Run):
    client_class = InviteClient

    def all(self) -> None:
        steps = self.scenario["steps"]
        for number, step in enumerate(steps, 1):
            step = self.fill_in(step)
            try:
                self.step(step)
            except Exception as why:
                raise AssertionError(f"step {number} of {len(steps)}: {step}: {why}") from why
        if "counted" in self.scenario:
            self.compare(self.scenario["counted"], self.sandbox.report())

    def step(self, step: dict[str, Any]) -> None:
        if "parallel" in step:
            self.parallel(step)
        elif "call" in step:
            began = time.monotonic()
            outcome = self.perform(step)
            self.judge(step, outcome, time.monotonic() - began)
        elif "control" in step:
            self.control(step)
        elif "report" in step:
            self.compare(step["report"], self.sandbox.report())
        elif "close" in step:
            self.client.close()
        else:
            time.sleep(step["pauseMs"] / 1000)

    def perform(self, step: dict[str, Any], number: int | None = None, client: Any = None) -> Outcome:
        try:
            client = client or self.client_for(step.get("client"))
            if step["call"] == "client":
                return {"result": {}}
            if step["call"] in ("plan", "apply"):
                return {"result": as_json(self.roster(client, step))}
            positional, keywords = arguments(step, number)
            return {"result": as_json(getattr(client, step["call"])(*positional, **keywords))}
        except InviteError as error:
            return told(error)

    def roster(self, client: InviteClient, step: dict[str, Any]) -> Plan | Report:
        given = step.get("args", {})
        plan = self.last_plan
        if "people" in given:
            roster, keywords = planning(given)
            plan = client.plan(roster, **keywords)
        assert plan is not None, "there is no plan yet"
        if step["call"] == "plan":
            self.last_plan = Plan.from_dict(plan.to_dict())
            return plan
        applied = Applied(given)
        report = client.apply(plan, on_progress=applied.hear, **applied.keywords)
        applied.judge(plan)
        return report

    def parallel(self, step: dict[str, Any]) -> None:
        many = range(step["parallel"])
        clients = [self.client_for({} if step["clients"] == "separate" else None) for _ in many]
        with ThreadPoolExecutor(len(many)) as pool:
            began = time.monotonic()
            calls = [pool.submit(self.perform, step, number, clients[number]) for number in many]
            outcomes = [call.result() for call in calls]
        self.judge_all(step, outcomes, time.monotonic() - began)


class AsyncRun(Run):
    client_class = AsyncInviteClient

    def all(self) -> None:
        asyncio.run(asyncio.wait_for(self.steps(), 60))

    async def steps(self) -> None:
        steps = self.scenario["steps"]
        for number, step in enumerate(steps, 1):
            step = self.fill_in(step)
            try:
                await self.step(step)
            except Exception as why:
                raise AssertionError(f"step {number} of {len(steps)}: {step}: {why}") from why
        if "counted" in self.scenario:
            self.compare(self.scenario["counted"], self.sandbox.report())

    async def step(self, step: dict[str, Any]) -> None:
        if "parallel" in step:
            await self.parallel(step)
        elif "call" in step:
            began = time.monotonic()
            outcome = await self.perform(step)
            self.judge(step, outcome, time.monotonic() - began)
        elif "control" in step:
            self.control(step)
        elif "report" in step:
            self.compare(step["report"], self.sandbox.report())
        elif "close" in step:
            await self.client.aclose()
        else:
            await asyncio.sleep(step["pauseMs"] / 1000)

    async def perform(
        self, step: dict[str, Any], number: int | None = None, client: Any = None
    ) -> Outcome:
        try:
            client = client or self.client_for(step.get("client"))
            if step["call"] == "client":
                return {"result": {}}
            if step["call"] in ("plan", "apply"):
                return {"result": as_json(await self.roster(client, step))}
            positional, keywords = arguments(step, number)
            return {"result": as_json(await getattr(client, step["call"])(*positional, **keywords))}
        except InviteError as error:
            return told(error)

    async def roster(self, client: AsyncInviteClient, step: dict[str, Any]) -> Plan | Report:
        given = step.get("args", {})
        plan = self.last_plan
        if "people" in given:
            roster, keywords = planning(given)
            plan = await client.plan(roster, **keywords)
        assert plan is not None, "there is no plan yet"
        if step["call"] == "plan":
            self.last_plan = Plan.from_dict(plan.to_dict())
            return plan
        applied = Applied(given)
        async with client.applying(plan, **applied.keywords) as run:
            async for progress in run:
                applied.hear(progress)
        applied.judge(plan)
        return run.report

    async def parallel(self, step: dict[str, Any]) -> None:
        many = range(step["parallel"])
        clients = [self.client_for({} if step["clients"] == "separate" else None) for _ in many]
        began = time.monotonic()
        calls = (self.perform(step, number, clients[number]) for number in many)
        outcomes = await asyncio.gather(*calls)
        self.judge_all(step, outcomes, time.monotonic() - began)
