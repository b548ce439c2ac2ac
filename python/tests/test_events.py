"""`on_event` and `logging`: in order, on the caller's thread, and without an effect on calls."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from icepanel_invites import Event
from icepanel_invites.testing import Sandbox
from waiting import wait_for

WEEK = timedelta(days=7)
ONCE = {"fault": "status", "status": 503, "on": "list"}


def test_events_arrive_before_the_result_on_the_callers_thread(sandbox: Sandbox) -> None:
    sandbox.add_faults(ONCE)
    told: list[tuple[Event, threading.Thread]] = []
    client = sandbox.client(on_event=lambda event: told.append((event, threading.current_thread())))
    client.list()
    first, second = (event for event, _ in told)
    assert (first.operation, first.attempt, first.status) == ("list_invites", 1, 503)
    assert (first.error, first.next) == ("server", "retry")
    assert isinstance(first.wait, timedelta) and first.latency > timedelta(0)
    assert (second.attempt, second.status, second.error, second.next) == (2, 200, None, "done")
    assert second.wait is None and second.request_id
    assert {thread for _, thread in told} == {threading.current_thread()}
    assert repr(second).startswith("Event(operation='list_invites', attempt=2, status=200")


def test_events_arrive_on_the_event_loop(sandbox: Sandbox) -> None:
    async def main() -> None:
        told: list[Event] = []

        def hear(event: Event) -> None:
            assert asyncio.get_running_loop() is loop
            told.append(event)

        loop = asyncio.get_running_loop()
        sandbox.add_faults(ONCE)
        await sandbox.async_client(on_event=hear).list()
        assert [event.next for event in told] == ["retry", "done"]

    asyncio.run(main())


def test_each_call_calls_its_own_listener(sandbox: Sandbox) -> None:
    told: list[str] = []
    client = sandbox.client(on_event=lambda event: told.append("the client's"))
    other = client.with_options(on_event=lambda event: told.append("the call's"))
    other.list()
    client.with_options(timeout=5).list()
    assert told == ["the call's", "the client's"]


def test_a_retry_is_reported_while_the_client_waits(sandbox: Sandbox) -> None:
    sandbox.add_faults({**ONCE, "status": 429, "headers": {"retry-after": "1"}})
    told: list[int] = []
    client = sandbox.client(
        skip_waits=False, on_event=lambda _: told.append(sandbox.report()["requests"]["list"])
    )
    client.list()
    assert told == [1, 2]


@pytest.mark.parametrize("how", ["on_event", "logging"])
def test_a_slow_listener_holds_up_nobody_else(sandbox: Sandbox, how: str) -> None:
    entered, leave = threading.Event(), threading.Event()
    log = logging.getLogger("icepanel_invites")

    def slow(_: object) -> bool:
        if threading.current_thread() is thread:
            entered.set()
            assert leave.wait(60)
        return True

    client = sandbox.client()
    thread = threading.Thread(target=client.with_options(on_event=slow).list)
    if how == "logging":
        log.addFilter(slow)
        log.setLevel(logging.DEBUG)
        thread = threading.Thread(target=client.list)
    try:
        thread.start()
        assert entered.wait(60)
        for number in range(50):
            client.create(f"user-{number}@example.com", "read", WEEK)
        assert thread.is_alive()
    finally:
        leave.set()
        thread.join(60)
        log.removeFilter(slow)
        log.setLevel(logging.NOTSET)
    assert not thread.is_alive()


def test_a_listener_may_use_the_client(sandbox: Sandbox) -> None:
    counts: list[int] = []
    client = sandbox.client()
    client.with_options(on_event=lambda _: counts.append(len(client.list()))).list()
    assert counts == [0]


def test_a_listener_that_raises_does_not_fail_the_call(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", seen.append)

    def wrong(event: Event) -> None:
        raise LookupError("oops")

    assert sandbox.client(on_event=wrong).list() == []
    assert asyncio.run(sandbox.async_client(on_event=wrong).list()) == []
    assert [type(one.exc_value) for one in seen] == [LookupError, LookupError]
    assert seen[0].object is wrong


def test_a_listener_can_stop_its_caller(sandbox: Sandbox) -> None:
    """As Ctrl-C does, when it comes while a listener runs."""

    def interrupt(event: Event) -> None:
        raise KeyboardInterrupt

    async def many() -> None:
        client = sandbox.async_client(on_event=interrupt)
        await asyncio.gather(*(client.list() for _ in range(20)))

    with pytest.raises(KeyboardInterrupt):
        sandbox.client(on_event=interrupt).list()
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(many())
    wait_for(lambda: sandbox.report()["inFlight"] == 0)


def test_an_event_is_a_value(sandbox: Sandbox) -> None:
    sandbox.add_faults(ONCE)
    told: list[Event] = []
    sandbox.client(on_event=told.append).list()
    first, second = told
    for event in told:
        for twin in (pickle.loads(pickle.dumps(event)), copy.copy(event)):
            assert twin == event and hash(twin) == hash(event) and twin.to_dict() == event.to_dict()
        with pytest.raises(AttributeError):
            event.attempt = 7  # type: ignore[misc]
    assert first != second
    said = json.loads(json.dumps(first.to_dict()))
    assert said.pop("latencyMs") == pytest.approx(first.latency.total_seconds() * 1e3)
    assert first.wait is not None
    assert said.pop("waitMs") == pytest.approx(first.wait.total_seconds() * 1e3)
    assert said.pop("requestId") == first.request_id
    assert said == {
        "operation": "list_invites",
        "attempt": 1,
        "status": 503,
        "error": "server",
        "next": "retry",
    }
    match second:
        case Event("list_invites", attempt, 200):
            assert attempt == 2
        case _:
            pytest.fail("no match")
    by_hand = Event("create_invite", latency=timedelta(seconds=1), wait=timedelta(seconds=2))
    assert (by_hand.attempt, by_hand.next, by_hand.status) == (1, "done", None)
    assert by_hand.wait == timedelta(seconds=2) and by_hand.latency == timedelta(seconds=1)


def test_a_log_record_can_be_sent_to_another_process(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "icepanel_invites"):
        sandbox.client().list()
    (record,) = caplog.records
    twin = logging.makeLogRecord(pickle.loads(pickle.dumps(record.__dict__)))
    assert twin.getMessage() == record.getMessage()
    assert getattr(twin, "event") == getattr(record, "event")


def test_attempts_are_logged(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    sandbox.add_faults(ONCE, {"fault": "cut", "on": "create"})
    client = sandbox.client()
    with caplog.at_level(logging.DEBUG, "icepanel_invites"):
        client.list()
        client.create("ada@example.com", "read", WEEK)
    lines = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert {record.name for record in caplog.records} == {"icepanel_invites"}
    assert lines[0][0] == "WARNING"
    assert lines[0][1].startswith("list_invites, attempt 1: 503 after ")
    assert "server; sent again in 0." in lines[0][1]
    assert lines[1][0] == "DEBUG" and "attempt 2: 200" in lines[1][1]
    lost = [line for line in lines if "reading the list" in line[1]]
    assert [level for level, _ in lost] == ["WARNING"] and "no response" in lost[0][1]
    assert all(isinstance(getattr(record, "event"), Event) for record in caplog.records)
    assert Sandbox.API_KEY.split(":")[1] not in repr(lines)


def test_warnings_alone_are_logged_unless_more_is_wanted(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.add_faults(ONCE)
    with caplog.at_level(logging.WARNING, "icepanel_invites"):
        asyncio.run(sandbox.async_client().list())
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.parametrize("imported", ["", "import logging"])
def test_nothing_is_printed_unless_logging_is_set_up(
    sandbox: Sandbox, run_python: Callable[..., str], imported: str
) -> None:
    sandbox.add_faults(ONCE)
    text = f"""
import sys
{imported}
from icepanel_invites import InviteClient
from icepanel_invites.testing import Sandbox
client = InviteClient(Sandbox.API_KEY, "sandbox", base_url=sys.argv[1])
print(client.list(), "logging" in sys.modules)
"""
    assert run_python(text, sandbox.base_url) == f"[] {bool(imported)}\n"
