"""What both clients have in common, beyond the scenarios."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import inspect
import math
import re
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from icepanel_invites import (
    AsyncInviteClient,
    ClosedError,
    Event,
    InvalidInputError,
    InviteClient,
    InviteError,
    NewInvite,
    Plan,
    RateLimitedError,
    Roster,
    Seats,
    ServerError,
    _native,
)
from icepanel_invites.testing import Sandbox
from waiting import wait_for

CORE = Path(__file__).parents[2] / "crates" / "icepanel-invites" / "src"
WEEK = timedelta(days=7)
HANG = {"fault": "hang", "times": None}


def public(client: type) -> set[str]:
    return {name for name in dir(client) if not name.startswith("_")}


def test_every_method_of_the_core_is_here() -> None:
    files = ("handle.rs", "construct.rs", "roster.rs")
    source = "".join((CORE / "client" / name).read_text() for name in files)
    methods = set(re.findall(r"pub async fn (\w+)", source)) | {"from_env", "organization_id"}
    assert len(methods) >= 14
    for client in (InviteClient, AsyncInviteClient):
        assert methods <= public(client), client


def test_every_option_of_the_core_is_here() -> None:
    source = (CORE / "client" / "builder.rs").read_text()
    options = set(re.findall(r"pub fn (\w+)\(mut self", source)) - {"clock", "retry", "build", "ca_variable"}
    options = {option.removesuffix("_pem") for option in options}
    options |= {"max_attempts", "base_delay", "max_delay"}
    assert len(options) >= 12
    stub = Path(_native.__file__).with_name("_native.pyi").read_text()
    declared = re.search(r"class ClientOptions.*?\n\n    (.*?)\n\n", stub, re.DOTALL)
    assert declared is not None and options == set(re.findall(r"^    (\w+): ", "    " + declared[1], re.MULTILINE))
    for option in options:
        assert f"`{option}`" in (InviteClient.__doc__ or ""), option


def test_both_clients_have_the_same_methods_and_signatures() -> None:
    # A blocking `apply` reports its steps while it runs; the asyncio client has an iterator for it.
    assert public(InviteClient) - {"close"} == public(AsyncInviteClient) - {"aclose", "applying"}
    for name in public(InviteClient) - {"close"}:
        one, other = getattr(InviteClient, name), getattr(AsyncInviteClient, name)
        if callable(one):
            here, there = inspect.signature(one), inspect.signature(other)
            assert here.parameters == there.parameters, name
            assert name == "iter" or here == there, name
            assert one.__doc__ and other.__doc__
    assert inspect.signature(AsyncInviteClient.iter).return_annotation == "AsyncGenerator[Invite, None]"
    for name in ("list", "create", "ensure", "seats", "plan", "apply"):
        assert inspect.iscoroutinefunction(getattr(AsyncInviteClient, name))


def test_a_client_from_the_environment(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    monkeypatch.delenv("ICEPANEL_API_KEY", raising=False)
    with pytest.raises(InvalidInputError, match="ICEPANEL_API_KEY is not set"):
        InviteClient.from_env()
    monkeypatch.setenv("ICEPANEL_API_KEY", sandbox.API_KEY)
    monkeypatch.setenv("ICEPANEL_ORGANIZATION_ID", "sandbox")
    monkeypatch.setenv("ICEPANEL_BASE_URL", sandbox.base_url)
    with InviteClient.from_env(timeout=5) as client:
        assert type(client) is InviteClient and client.list() == []
        assert client.organization_id == "sandbox"
    assert type(AsyncInviteClient.from_env()) is AsyncInviteClient


def test_the_variable_of_pythons_http_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file.pem")
    with pytest.raises(InvalidInputError, match="REQUESTS_CA_BUNDLE"):
        InviteClient("a:b", "sandbox")


SECONDS = "must be a finite number of seconds or a timedelta, and not negative"
WHOLE = "must be a whole number that is not negative"
PACE = "must be \"documented\", \"none\" or, for reads and writes, a tuple of a number of requests and the seconds in which they may be sent"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"timeout": 0}, "time-out is zero"),
        ({"timeout": -1}, f"timeout {SECONDS}"),
        ({"timeout": math.nan}, f"timeout {SECONDS}"),
        ({"timeout": math.inf}, f"timeout {SECONDS}"),
        ({"timeout": 10**400}, f"timeout {SECONDS}"),
        ({"connect_timeout": math.inf}, f"connect_timeout {SECONDS}"),
        ({"read_timeout": -math.inf}, f"read_timeout {SECONDS}"),
        ({"base_delay": math.nan}, f"base_delay {SECONDS}"),
        ({"max_delay": -0.5}, f"max_delay {SECONDS}"),
        ({"max_delay": timedelta(microseconds=-1)}, f"max_delay {SECONDS}"),
        ({"read_timeout": timedelta(0)}, "zero"),
        ({"connect_timeout": "5"}, f"connect_timeout {SECONDS}"),
        ({"connect_timeout": True}, f"connect_timeout {SECONDS}"),
        ({"max_attempts": 0}, "the number of attempts is 0"),
        ({"max_attempts": -1}, f"max_attempts {WHOLE}"),
        ({"max_attempts": 1.5}, f"max_attempts {WHOLE}"),
        ({"max_attempts": math.nan}, f"max_attempts {WHOLE}"),
        ({"max_attempts": math.inf}, f"max_attempts {WHOLE}"),
        ({"max_attempts": "4"}, f"max_attempts {WHOLE}"),
        ({"max_body_bytes": math.inf}, f"max_body_bytes {WHOLE}"),
        ({"max_body_bytes": -1}, f"max_body_bytes {WHOLE}"),
        ({"base_url": 5}, "base_url must be text"),
        ({"user_agent_suffix": object()}, "user_agent_suffix must be text"),
        ({"pacing": "fast"}, f"pacing {PACE}"),
        ({"pacing": 60}, f"pacing {PACE}"),
        ({"pacing": [60, 60]}, f"pacing {PACE}"),
        ({"pacing": {}.items()}, f"pacing {PACE}"),
        ({"pacing": {1: 2}}, f"pacing {PACE}"),
        ({"pacing": {"writes": (-1, 60)}}, f"pacing.writes.requests {WHOLE}"),
        ({"pacing": {"writes": (math.nan, 60)}}, f"pacing.writes.requests {WHOLE}"),
        ({"pacing": {"writes": (60, math.inf)}}, f"pacing.writes.window {SECONDS}"),
        ({"pacing": {"reads": (60, -1)}}, f"pacing.reads.window {SECONDS}"),
        ({"pacing": {"reads": 60}}, f"pacing.reads {PACE}"),
        ({"pacing": {"reads": (60,)}}, f"pacing.reads {PACE}"),
        ({"pacing": {"write": (60, 60)}}, 'there is no option "pacing.write"'),
        ({"on_event": 3}, "on_event must be callable"),
        ({"ca_certificate": "none"}, "CA certificate"),
        ({"ca_certificate": b"\xff"}, "ca_certificate must be text"),
        ({"client_certificate": "none"}, "client certificate"),
        ({"client_certificate": 5}, "client_certificate must be text or bytes"),
        ({"base_url": "http://example.com"}, "plain http"),
        ({"proxy": "example"}, "proxy"),
        ({"proxy": 5}, "proxy must be text or bytes"),
        ({"user_agent_suffix": "é"}, "user-agent"),
        ({"colour": "red"}, 'there is no option "colour"'),
        ({"colour": None}, 'there is no option "colour"'),
        ({"baseUrl": "x"}, 'there is no option "baseUrl"; it is written "base_url"'),
        ({"timeoutMs": 5}, 'there is no option "timeoutMs"; it is written "timeout"'),
        ({"clientcertificate": "x"}, 'there is no option "clientcertificate"; it is written "client_certificate"'),
    ],
)
def test_an_invalid_option(options: dict[str, Any], text: str) -> None:
    with pytest.raises(InvalidInputError, match=re.escape(text)) as raised:
        InviteClient("a:b", "sandbox", **options)
    assert raised.value.attempts == 0


def test_options_of_every_form(sandbox: Sandbox) -> None:
    client = sandbox.client(
        timeout=timedelta.max,
        read_timeout=5,
        connect_timeout=timedelta(seconds=5),
        max_attempts=2,
        base_delay=0.1,
        max_delay=1,
        user_agent_suffix="onboarding/1.0",
        max_body_bytes=1 << 20,
        proxy=None,
        pacing={"reads": (100, 1), "writes": (60, timedelta(minutes=1))},
    )
    assert client.list() == []


PACES: dict[str, tuple[dict[str, Any], int, int]] = {
    "unless-said": ({}, 60, 70),
    "not-set": ({"pacing": None}, 60, 70),
    "neither-set": ({"pacing": {"writes": None, "reads": None}}, 60, 70),
    "documented": ({"pacing": "documented"}, 60, 70),
    "none": ({"pacing": "none"}, 70, 70),
    "own": ({"pacing": {"writes": (3, timedelta(minutes=1)), "reads": (5, 60)}}, 3, 5),
    "one-of-two": ({"pacing": {"reads": (5, 60)}}, 60, 5),
    "no-writes": ({"pacing": {"writes": "none"}}, 70, 70),
}


@pytest.mark.parametrize("how", PACES)
def test_pacing(sandbox: Sandbox, how: str) -> None:
    """How many of 70 writes and 70 reads get a permit in the five seconds that a call may take."""
    options, writes, reads = PACES[how]

    def fit(call: Callable[[int], object]) -> int:
        for number in range(70):
            try:
                call(number)
            except RateLimitedError as error:
                assert error.attempts == 0 and error.retryable
                return number
        return 70

    # A client each: a create may have to read.
    one, other = (
        InviteClient(sandbox.API_KEY, "sandbox", base_url=sandbox.base_url, timeout=5, **options)
        for _ in range(2)
    )
    assert fit(lambda number: one.create(f"user-{number}@example.com", "read", WEEK)) == writes
    assert fit(lambda _: other.members()) == reads


def test_a_client_of_the_sandbox_is_not_paced(sandbox: Sandbox) -> None:
    with sandbox.client(skip_waits=False, timeout=5) as client:
        for number in range(70):
            client.create(f"user-{number}@example.com", "read", WEEK)


def test_arguments_are_needed() -> None:
    with pytest.raises(TypeError, match="api_key and organization_id"):
        InviteClient()  # type: ignore[call-arg]
    with Sandbox() as sandbox, sandbox.client() as client:
        with pytest.raises(TypeError, match="permission and an end"):
            client.create("ada@example.com")  # type: ignore[call-overload]
        with pytest.raises(TypeError, match="says it all"):
            new = NewInvite("ada@example.com", "read", WEEK)
            client.create(new, "read", WEEK)  # type: ignore[call-overload]
        with pytest.raises(TypeError):
            client.find_active(5)  # type: ignore[arg-type]
        assert client.create(email="ada@example.com", permission="read", expires=WEEK).is_active


def test_other_options_for_one_call(sandbox: Sandbox) -> None:
    sandbox.set_state({"faults": [{**HANG, "on": "members"}]})
    with sandbox.client(max_attempts=1) as client:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            client.with_options(timeout=timedelta(milliseconds=100)).members()
        assert time.monotonic() - began < 20
        assert client.list() == []
        sandbox.set_state({"faults": [{"fault": "status", "on": "list"}]})
        with pytest.raises(ServerError):
            client.list()
        sandbox.set_state({"faults": [{"fault": "status", "on": "list"}]})
        assert client.with_options(max_attempts=2).list() == []
        with pytest.raises(InvalidInputError, match="no option \"base_url\""):
            client.with_options(base_url="x")  # type: ignore[call-arg]
        for wrong in ({"timeout": 0}, {"timeout": math.nan}, {"max_attempts": 0}):
            with pytest.raises(InvalidInputError):
                client.with_options(**wrong)


def test_none_takes_an_option_away(sandbox: Sandbox) -> None:
    heard: list[Event] = []
    with sandbox.client(on_event=heard.append, max_attempts=1, timeout=0.001, base_delay=0) as client:
        patient = client.with_options(timeout=None, on_event=None, max_attempts=None)
        sandbox.add_faults({"fault": "status", "on": "list"}, {"fault": "slow_headers", "delayMs": 50, "on": "list"})
        assert patient.list() == [] and heard == []
        # What is not named stays.
        assert client.with_options(timeout=30).list() == [] and len(heard) == 1


def test_a_subclass_keeps_what_is_its_own(sandbox: Sandbox) -> None:
    class Tagged(InviteClient):
        def __init__(self, tag: str) -> None:
            self.tag = tag

        def __new__(cls, tag: str) -> Tagged:
            return super().__new__(cls, sandbox.API_KEY, "sandbox", base_url=sandbox.base_url)

    with Tagged("onboarding") as client:
        quick = client.with_options(timeout=5)
        assert type(quick) is Tagged and quick.tag == "onboarding" and quick.list() == []


NO_NUMBERS: dict[str, Callable[[InviteClient, float], object]] = {
    "expiring_within": lambda client, number: client.list(expiring_within=number),
    "margin": lambda client, number: client.plan([], margin=number),
    "max_invites": lambda client, number: client.plan([], max_invites=number),  # type: ignore[arg-type]
    "prune_at_most": lambda client, number: client.apply(client.plan([]), prune_at_most=number),  # type: ignore[arg-type]
    "prune_share": lambda client, number: client.apply(client.plan([]), prune_share=number),
    "expiresInMs": lambda client, number: NewInvite.from_dict(
        {"email": "ada@example.com", "permission": "read", "expiresInMs": number}
    ),
    "entry 1: expiresInMs": lambda client, number: Roster.from_list([{"expiresInMs": number}]),
    "steps: entry 1: x": lambda client, number: Plan.from_dict({"steps": [{"x": number}]}),
    "seats": lambda client, number: Seats.from_dict({"seats": number}),
    "the state: seats": lambda client, number: Sandbox({"seats": number}),
}


OPTIONS = ["expiring_within", "margin", "max_invites", "prune_at_most", "prune_share"]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("option", NO_NUMBERS)
def test_no_number_that_json_has_not(sandbox: Sandbox, option: str, number: float) -> None:
    with sandbox.client() as client, pytest.raises(InvalidInputError) as raised:
        NO_NUMBERS[option](client, number)
    must = f"{option} must be" if option in OPTIONS else f"{option} is {number}"
    assert must.lower() in raised.value.message.lower()


@pytest.mark.parametrize("option", OPTIONS)
def test_no_negative_limit(sandbox: Sandbox, option: str) -> None:
    with sandbox.client() as client, pytest.raises(InvalidInputError) as raised:
        NO_NUMBERS[option](client, -1)
    assert option.replace("_", "") in raised.value.message.lower().replace("_", "")


@pytest.mark.parametrize("which", ["client", "made-from-it"])
def test_a_closed_client_says_so(sandbox: Sandbox, which: str) -> None:
    client = sandbox.client()
    other = client.with_options(timeout=5)
    client.list(), other.list()
    assert not client.is_closed
    closed = client if which == "client" else other
    for _ in range(2):
        closed.close()
    sent = sandbox.report()["requests"]
    for each in (client, other, client.with_options(max_attempts=1)):
        assert each.is_closed
        with pytest.raises(ClosedError, match="the client is closed; nothing was sent") as raised:
            each.create("ada@example.com", "read", WEEK)
        assert isinstance(raised.value, RuntimeError) and not raised.value.invite_may_exist
    assert sandbox.report()["requests"] == sent
    wait_for(lambda: sandbox.report()["inFlight"] == 0)


def test_closing_ends_the_calls_under_way(sandbox: Sandbox) -> None:
    sandbox.set_state({"faults": [HANG]})
    client = sandbox.client()
    with ThreadPoolExecutor() as pool:
        call = pool.submit(client.create, "ada@example.com", "read", WEEK)
        wait_for(lambda: sandbox.report()["inFlight"] == 1)
        client.with_options(timeout=5).close()
        with pytest.raises(ClosedError, match="during create") as caught:
            call.result(30)
    assert caught.value.invite_may_exist and "look for" in str(caught.value)


def test_closing_ends_the_tasks_under_way(sandbox: Sandbox) -> None:
    sandbox.set_state({"faults": [HANG]})

    async def main() -> None:
        client = sandbox.async_client()
        call = asyncio.create_task(client.members())
        while sandbox.report()["inFlight"] == 0:
            await asyncio.sleep(0.001)
        await client.aclose()
        with pytest.raises(ClosedError) as caught:
            await call
        assert not caught.value.invite_may_exist
        with pytest.raises(ClosedError):
            await client.members()

    asyncio.run(main())


def test_threads_share_a_client(sandbox: Sandbox) -> None:
    emails = [f"user-{number}@example.com" for number in range(200)]
    with sandbox.client() as client, ThreadPoolExecutor(32) as pool:
        invites = list(pool.map(lambda email: client.create(email, "read", WEEK), emails))
        assert [invite.email for invite in invites] == emails
        again = list(pool.map(lambda _: client.ensure("eve@example.com", "read", WEEK), range(32)))
        assert sum(ensured.created for ensured in again) == 1
    assert sandbox.report()["invitesMadeTotal"] == 201


def test_a_blocking_call_leaves_the_gil_to_others(sandbox: Sandbox) -> None:
    sandbox.set_state({"faults": [HANG]})
    client = sandbox.client(max_attempts=1)
    thread = threading.Thread(target=lambda: pytest.raises(InviteError, client.list))
    thread.start()
    wait_for(lambda: sandbox.report()["inFlight"] == 1)
    for _ in range(100):
        time.sleep(0.001)
    assert thread.is_alive()
    client.close()
    thread.join()


def test_event_loops_one_after_another_share_a_client(sandbox: Sandbox) -> None:
    client = sandbox.async_client()

    async def many(round: int) -> list[str]:
        calls = [client.create(f"u{round}-{n}@example.com", "read", WEEK) for n in range(20)]
        return [invite.email for invite in await asyncio.gather(*calls)]

    for round in range(10):
        assert len(set(asyncio.run(many(round)))) == 20


def test_event_loops_at_once_share_a_client(sandbox: Sandbox) -> None:
    client = sandbox.async_client()

    async def many(thread: int) -> int:
        calls = [client.create(f"t{thread}-{n}@example.com", "read", WEEK) for n in range(50)]
        return len(await asyncio.gather(*calls))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda thread: asyncio.run(many(thread)), range(8))) == [50] * 8


def test_a_loop_that_cannot_watch_sockets(sandbox: Sandbox) -> None:
    class Plain(asyncio.SelectorEventLoop):
        def add_reader(self, *_: Any) -> None:
            raise NotImplementedError

    loop = Plain()
    # asyncio's own wake-up is watched too, by another way.
    client = sandbox.async_client()

    async def many() -> int:
        calls = [client.create(f"user-{n}@example.com", "read", WEEK) for n in range(50)]
        return len(await asyncio.gather(*calls))

    try:
        assert loop.run_until_complete(many()) == 50
    finally:
        loop.close()


def test_uvloop(sandbox: Sandbox) -> None:
    import uvloop  # type: ignore[import-untyped]
    client = sandbox.async_client()

    async def many() -> int:
        calls = [client.create(f"user-{n}@example.com", "read", WEEK) for n in range(50)]
        return len(await asyncio.gather(*calls))

    loop = uvloop.new_event_loop()
    try:
        assert loop.run_until_complete(many()) == 50
    finally:
        loop.close()


def test_loops_and_clients_are_let_go(sandbox: Sandbox) -> None:
    loop = asyncio.new_event_loop()
    client = sandbox.async_client()
    loop.run_until_complete(client.list())
    loop.close()
    loops, clients = weakref.ref(loop), weakref.ref(client)
    del loop, client
    gc.collect()
    assert loops() is None and clients() is None


def test_a_client_in_a_cycle_is_let_go(sandbox: Sandbox) -> None:
    class Owner:
        def __init__(self) -> None:
            self.client = sandbox.client(on_event=self.hear)

        def hear(self, event: Event) -> None: ...

    owner = Owner()
    owner.client.list()
    gone = weakref.ref(owner)
    del owner
    gc.collect()
    assert gone() is None


def test_a_coroutine_that_is_never_awaited_sends_nothing(sandbox: Sandbox) -> None:
    client = sandbox.async_client()
    client.list().close()
    assert sandbox.report()["requests"]["list"] == 0


def test_async_with_and_tasks(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with sandbox.async_client() as client:
            task = asyncio.create_task(client.ensure("ada@example.com", "read", WEEK))
            ensured = await task
            assert ensured.created and ensured.invite is not None
            found = await client.find_active("ADA@example.com")
            assert found == ensured.invite
            revoked = await client.revoke(ensured.invite.id)
            assert revoked.status == "revoked" and revoked.revoked_at is not None
            assert revoked.revoked_at <= datetime.now(timezone.utc) + timedelta(seconds=5)
            assert await client.revoke_active("ada@example.com") == []
            assert (await client.seats()).free == 1_000_000
            assert await client.members() == []
            assert await client.remove_member("ada@example.com") is None
        with pytest.raises(ClosedError, match="closed"):
            await client.list()

    asyncio.run(main())


def test_the_asyncio_client_outside_of_a_loop(sandbox: Sandbox) -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        sandbox.async_client().list().send(None)


def test_errors_come_through_asyncio(sandbox: Sandbox) -> None:
    async def main() -> None:
        client = sandbox.async_client()
        with pytest.raises(InviteError):
            await client.create("nobody", "read", WEEK)
        results = await asyncio.gather(
            client.revoke("no-such-invite"), client.list(), return_exceptions=True
        )
        assert isinstance(results[0], InviteError) and results[1] == []

    asyncio.run(main())


HUNDREDS = {"generate": {"invites": 5000, "active": 5000, "seed": 1}}


def test_a_list_comes_one_by_one(sandbox: Sandbox) -> None:
    sandbox.set_state(HUNDREDS)
    with sandbox.client() as client:
        assert list(client.iter()) == client.list()
        assert list(client.iter(status="used")) == []
        with pytest.raises(InvalidInputError, match="expiring_within"):
            client.iter(expiring_within=-1)

    async def main() -> None:
        async with sandbox.async_client() as client:
            assert [invite async for invite in client.iter()] == await client.list()
            with pytest.raises(InvalidInputError, match="expiring_within"):
                [invite async for invite in client.iter(expiring_within=-1)]

    asyncio.run(main())


def test_a_list_that_breaks_off_goes_on_where_it_was(sandbox: Sandbox) -> None:
    sandbox.set_state(HUNDREDS)
    with sandbox.client() as client:
        everything = client.list()
        sandbox.add_faults({"fault": "short_body", "on": "list"})
        assert list(client.iter()) == everything
        sandbox.add_faults({"fault": "status", "status": 403, "on": "list"})
        with pytest.raises(InviteError, match="403|Forbidden|forbidden"):
            list(client.iter())


def test_leaving_a_list_early_ends_its_request(sandbox: Sandbox) -> None:
    # More than the system keeps for a connection: without the client's reading it does not get away.
    sandbox.set_state({"generate": {"invites": 60_000, "active": 60_000, "seed": 1}})

    def idle() -> bool:
        return sandbox.report()["inFlight"] == 0

    with sandbox.client() as client:
        for invite in client.iter():
            assert invite.is_active
            break
        wait_for(idle)
        stream = client.iter()
        next(stream)
        stream.close()
        wait_for(idle)

    async def main() -> None:
        async with sandbox.async_client() as client:
            async with contextlib.aclosing(client.iter()) as stream:
                async for _ in stream:
                    break
            await asyncio.to_thread(wait_for, idle)

    asyncio.run(main())
