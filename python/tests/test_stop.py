"""Cancelling and Ctrl-C: the request stops, and what waited for it returns."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from children import gone, under_way
from icepanel_invites.testing import Sandbox

Start = Callable[[str], "subprocess.Popen[str]"]
WEEK = timedelta(days=7)
SOON = 20
"""Less than the 30 seconds after which the client itself gives up waiting for an answer."""
UNDER_WAY = 2
"""This number of seconds after it began, a call has sent its request."""


@pytest.mark.parametrize("how", ["cancel", "timeout"])
def test_a_task_that_is_stopped_stops_its_request(hanging: Sandbox, how: str) -> None:
    async def main() -> float:
        client = hanging.async_client()
        call = client.create("ada@example.com", "read", WEEK)
        if how == "timeout":
            began = time.monotonic()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(call, UNDER_WAY)
            return time.monotonic() - began - UNDER_WAY
        task = asyncio.create_task(call)
        while hanging.report()["inFlight"] == 0:
            await asyncio.sleep(0.005)
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - began

    assert asyncio.run(main()) < SOON
    gone(hanging)


# Of Python 3.11.
if hasattr(asyncio, "timeout"):

    def test_asyncio_timeout(hanging: Sandbox) -> None:
        async def main() -> float:
            client = hanging.async_client()
            began = time.monotonic()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(UNDER_WAY):
                    await client.list()
            return time.monotonic() - began - UNDER_WAY

        assert asyncio.run(main()) < SOON
        gone(hanging)


def test_a_thousand_tasks_can_be_cancelled(hanging: Sandbox) -> None:
    async def main() -> None:
        client = hanging.async_client()
        tasks = [asyncio.create_task(client.list()) for _ in range(1000)]
        await asyncio.sleep(0.3)
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(result, asyncio.CancelledError) for result in results)
        hanging.set_state({})
        assert await client.list() == []

    asyncio.run(main())


def test_a_cancel_just_when_the_answer_comes(sandbox: Sandbox) -> None:
    async def main() -> None:
        client = sandbox.async_client()
        for number in range(300):
            task = asyncio.create_task(client.list())
            await asyncio.sleep(number * 0.000_01)
            task.cancel()
            results = await asyncio.gather(task, return_exceptions=True)
            assert results[0] == [] or isinstance(results[0], asyncio.CancelledError)

    asyncio.run(main(), debug=True)


def test_ctrl_c_stops_a_blocking_call(hanging: Sandbox, start: Start) -> None:
    child = start(
        """
        client = InviteClient(KEY, "sandbox", base_url=url)
        try:
            client.create("ada@example.com", "read", WEEK)
        except KeyboardInterrupt:
            print(time.monotonic())
            # The process lives on: it was the call that let go of the connection.
            sys.stdin.read()
        """
    )
    under_way(hanging)
    began = time.monotonic()
    child.send_signal(signal.SIGINT)
    gone(hanging)
    out, error = child.communicate(timeout=60)
    assert error == "" and 0 <= float(out) - began < SOON


def test_ctrl_c_ends_asyncio_run(hanging: Sandbox, start: Start) -> None:
    child = start(
        """
        async def main():
            await AsyncInviteClient(KEY, "sandbox", base_url=url).list()
        try:
            asyncio.run(main())
        except KeyboardInterrupt:
            print("stopped")
            sys.stdin.read()
        """
    )
    under_way(hanging)
    child.send_signal(signal.SIGINT)
    gone(hanging)
    out, error = child.communicate(timeout=60)
    assert (out, error) == ("stopped\n", "")


RUNS = {
    "nobody-listens": "client(), on_progress=None",
    "in-a-listener": "client(), on_progress=lambda progress: time.sleep(0.01)",
    # No bytecode runs in it, so that Python itself does not look for signals.
    "in-a-listener-in-c": "client(on_event=[].append), on_progress=None",
}


@pytest.mark.parametrize("how", RUNS)
def test_ctrl_c_stops_a_run(sandbox: Sandbox, start: Start, how: str) -> None:
    sandbox.add_faults({"fault": "slow_headers", "delayMs": 50, "on": "create", "times": None})
    child = start(
        f"""
        def client(**options):
            return InviteClient(KEY, "sandbox", base_url=url, pacing="none", **options)
        def run(client, **options):
            plan = client.plan([NewInvite(f"user-{{n}}@example.com", "read", WEEK) for n in range(2000)])
            client.apply(plan, **options)
        try:
            run({RUNS[how]})
        except KeyboardInterrupt:
            print(time.monotonic(), flush=True)
            sys.stdin.read()
        """
    )
    while sandbox.report()["invitesMadeTotal"] < 20:
        assert child.poll() is None
        time.sleep(0.005)
    began = time.monotonic()
    child.send_signal(signal.SIGINT)
    assert child.stdout is not None
    assert 0 <= float(child.stdout.readline()) - began < SOON
    gone(sandbox, abandoned=0)
    made = sandbox.report()["invitesMadeTotal"]
    out, error = child.communicate(timeout=60)
    assert (out, error) == ("", "") and sandbox.report()["invitesMadeTotal"] == made < 2000


def test_ctrl_c_stops_an_iterated_run(sandbox: Sandbox, start: Start) -> None:
    sandbox.add_faults({"fault": "slow_headers", "delayMs": 50, "on": "create", "times": None})
    child = start(
        """
        async def main():
            client = AsyncInviteClient(KEY, "sandbox", base_url=url, pacing="none")
            people = [NewInvite(f"user-{n}@example.com", "read", WEEK) for n in range(2000)]
            async with client.applying(await client.plan(people)) as run:
                async for progress in run:
                    pass
        try:
            asyncio.run(main())
        except KeyboardInterrupt:
            print("stopped", flush=True)
            sys.stdin.read()
        """
    )
    while sandbox.report()["invitesMadeTotal"] < 20:
        assert child.poll() is None
        time.sleep(0.005)
    child.send_signal(signal.SIGINT)
    assert child.stdout is not None and child.stdout.readline() == "stopped\n"
    gone(sandbox, abandoned=0)
    made = sandbox.report()["invitesMadeTotal"]
    assert child.communicate(timeout=60) == ("", "")
    assert sandbox.report()["invitesMadeTotal"] == made < 2000


def test_ctrl_c_can_end_a_run_with_a_report(sandbox: Sandbox, start: Start) -> None:
    sandbox.add_faults({"fault": "slow_headers", "delayMs": 50, "on": "create", "times": None})
    child = start(
        """
        stop = Stop()
        signal.signal(signal.SIGINT, lambda *_: stop.stop())
        client = InviteClient(KEY, "sandbox", base_url=url, pacing="none")
        plan = client.plan([NewInvite(f"user-{n}@example.com", "read", WEEK) for n in range(2000)])
        report = client.apply(plan, stop=stop)
        print(report.stopped, report.counts["done"], len(report.lines))
        """
    )
    while sandbox.report()["invitesMadeTotal"] < 20:
        assert child.poll() is None
        time.sleep(0.005)
    child.send_signal(signal.SIGINT)
    out, error = child.communicate(timeout=60)
    assert (out, error) == (f"True {sandbox.report()['invitesMadeTotal']} 2000\n", "")


def test_a_signal_that_does_not_raise_does_not_stop_a_call(hanging: Sandbox, start: Start) -> None:
    child = start(
        """
        signal.signal(signal.SIGUSR1, lambda *_: print("signal", flush=True))
        client = InviteClient(KEY, "sandbox", base_url=url, max_attempts=1)
        try:
            client.list()
        except InviteConnectionError as error:
            print(error.kind)
        """
    )
    under_way(hanging)
    child.send_signal(signal.SIGUSR1)
    assert child.stdout is not None and child.stdout.readline() == "signal\n"
    # It is the call that ends with the service, and not one after it.
    assert hanging.report()["requests"]["list"] == 1 == hanging.report()["inFlight"]
    hanging.close()
    out, error = child.communicate(timeout=60)
    assert (out, error) == ("connection\n", "")
