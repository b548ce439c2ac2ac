"""Python's driver: makes clients and calls as requests ask for them. `tests/prove/README.md` has their forms.

The tests of the scenarios drive both clients with it. As a program it is for the proof, with requests as JSON lines on
stdin and answers on stdout: without arguments with the blocking client, with `--asyncio` with the other one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import queue
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import IO, Any

import calls
from icepanel_invites import AsyncInviteClient, InviteClient, InviteError, Plan, Report

VERBOSE = "PROVE_VERBOSE" in os.environ

AT_ONCE = 160
"""How many requests may run at the same time, as threads."""

Request = dict[str, Any]
Verdict = dict[str, Any]
Outcome = dict[str, Any]


def options_of(request: Request) -> tuple[tuple[str, str], dict[str, Any]]:
    given = dict(request["options"])
    account = given.pop("apiKey"), given.pop("organizationId")
    keywords = dict(calls.option(name, value) for name, value in given.items())
    if VERBOSE:
        keywords["on_event"] = lambda event: show(event)
    return account, keywords


def numbered(request: Request, number: int) -> Request:
    args = dict(request["args"])
    if "email" in args:
        args["email"] = args["email"].replace("{n}", str(number))
    return {**request, "args": args}


def counted(counts: Counter[str]) -> Outcome:
    ok = counts.pop("", 0)
    return {"result": {"ok": ok, "errors": dict(counts)}}


def kind_of(outcome: Outcome) -> str:
    return outcome["error"]["kind"] if "error" in outcome else ""


def cancelled() -> Outcome:
    return {"error": {"kind": "cancelled"}}


def show(value: Any) -> None:
    """All that Python can show of a value."""
    if not VERBOSE:
        return
    print(repr(value), str(value), getattr(value, "__dict__", ""), file=sys.stderr)
    if hasattr(value, "to_dict"):
        print(value.to_dict(), file=sys.stderr)
    if isinstance(value, list):
        for one in value:
            show(one)
    if isinstance(value, BaseException):
        told = traceback.TracebackException.from_exception(value, capture_locals=True)
        # This program's own frames have the key, because the requests contain it.
        told.stack[:] = [frame for frame in told.stack if "icepanel_invites" in frame.filename]
        print("".join(told.format()), file=sys.stderr)


class Driver:
    """What both have: where the answers go."""

    def __init__(self, answers: IO[str]) -> None:
        self.answers = answers
        self.answering = threading.Lock()

    @contextlib.contextmanager
    def told(self, request: Request) -> Iterator[Outcome]:
        """Sends the content of the dict as the answer, or the exception that ended the block."""
        outcome: Outcome = {}
        try:
            yield outcome
        except InviteError as error:
            show(error)
            outcome["error"] = error.to_dict()
        except (asyncio.CancelledError, KeyboardInterrupt) as error:
            show(error)
            outcome.update(cancelled())
        except BaseException:
            outcome["crash"] = traceback.format_exc()
        line = json.dumps({"id": request["id"], **outcome}) + "\n"
        # A stream of Python's may lose what threads write at once.
        with self.answering:
            self.answers.write(line)
            self.answers.flush()


class Threads(Driver):
    """The blocking client, a thread a request. What is to be cancelled runs on the main thread, as Ctrl-C reaches it."""

    def __init__(self, answers: IO[str]) -> None:
        super().__init__(answers)
        self.clients: dict[str, InviteClient] = {}
        self.pool = ThreadPoolExecutor(AT_ONCE)
        self.on_main: queue.SimpleQueue[Request | None] = queue.SimpleQueue()

    def run(self, requests: IO[str]) -> None:
        """Answers until the requests end, on the main thread."""
        signal.signal(signal.SIGALRM, self.interrupt)
        self.armed = False
        threading.Thread(target=self.read, args=(requests,)).start()
        while (request := self.on_main.get()) is not None:
            self.cancelling(request)
        self.close()

    def close(self) -> None:
        for client in self.clients.values():
            client.close()
        self.pool.shutdown()

    def read(self, requests: IO[str]) -> Verdict | None:
        """Has each request answered. A line that is not a request ends them: the judge's verdict, which is returned."""
        for line in requests:
            request: Request = json.loads(line)
            if "id" not in request:
                return request
            if "cancelAfterMs" in request:
                self.on_main.put(request)
            else:
                self.pool.submit(self.one, request)
        self.on_main.put(None)
        return None

    def interrupt(self, _: int, frame: FrameType | None) -> None:
        if not self.armed:
            return
        # An exception in the middle of logging would leave its handler locked for good.
        while frame is not None:
            if frame.f_code.co_filename == logging.__file__:
                signal.setitimer(signal.ITIMER_REAL, 0.001)
                return
            frame = frame.f_back
        raise KeyboardInterrupt

    def cancelling(self, request: Request) -> None:
        with self.told(request) as outcome:
            self.armed = True
            signal.setitimer(signal.ITIMER_REAL, max(request["cancelAfterMs"], 0.1) / 1000)
            try:
                outcome.update(self.perform(request))
            finally:
                self.armed = False
                signal.setitimer(signal.ITIMER_REAL, 0)

    def one(self, request: Request) -> None:
        with self.told(request) as outcome:
            if "close" in request:
                if client := self.clients.pop(request["close"], None):
                    client.close()
                outcome["result"] = {}
            elif "options" in request:
                account, keywords = options_of(request)
                client = InviteClient(*account, **keywords)
                show(client)
                if former := self.clients.pop(request["client"], None):
                    former.close()
                self.clients[request["client"]] = client
                outcome["result"] = {}
            elif "repeat" in request:
                outcome.update(self.many(request))
            else:
                outcome.update(self.perform(request))

    def perform(self, request: Request) -> Outcome:
        client = self.clients[request["client"]]
        if request["call"] == "close":
            client.close()
            return {"result": {}}
        if request["call"] in ("plan", "apply"):
            result = self.roster(client, request)
        else:
            positional, keywords = calls.arguments(request)
            result = getattr(client, request["call"])(*positional, **keywords)
        show(result)
        return {"result": calls.answer(request, result)}

    def roster(self, client: InviteClient, request: Request) -> Plan | Report:
        given = request.get("args", {})
        if "plan" in given:
            plan = Plan.from_dict(given["plan"])
        else:
            roster, keywords = calls.planning(given)
            plan = client.plan(roster, **keywords)
        if request["call"] == "plan":
            return plan
        applied = calls.Applied(given, show)
        report = client.apply(plan, on_progress=applied.hear, **applied.keywords)
        applied.complete(plan)
        return report

    def many(self, request: Request) -> Outcome:
        numbers = iter(range(request.get("from", 0), request.get("from", 0) + request["repeat"]))
        lock = threading.Lock()
        counts: Counter[str] = Counter()

        def work() -> None:
            mine: Counter[str] = Counter()
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    break
                try:
                    mine[kind_of(self.perform(numbered(request, number)))] += 1
                except InviteError as error:
                    mine[error.kind] += 1
            with lock:
                counts.update(mine)

        with ThreadPoolExecutor(request.get("inFlight", 1)) as pool:
            for worker in [pool.submit(work) for _ in range(request.get("inFlight", 1))]:
                worker.result()
        return counted(counts)


class Loop(Driver):
    """The asyncio client, a task a request."""

    def __init__(self, answers: IO[str]) -> None:
        super().__init__(answers)
        self.clients: dict[str, AsyncInviteClient] = {}

    async def run(self, requests: IO[str]) -> Verdict | None:
        """Answers until the requests end, or until the judge's verdict, which is returned."""
        lines = asyncio.StreamReader(limit=2**26)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), requests
        )
        verdict = None
        tasks = set()
        while verdict is None and (line := await lines.readline()):
            request = json.loads(line)
            if "id" not in request:
                verdict = request
                continue
            task = asyncio.create_task(self.one(request))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        transport.close()
        for client in self.clients.values():
            await client.aclose()
        # The loop cancels what is still under way.
        return verdict

    async def one(self, request: Request) -> None:
        with self.told(request) as outcome:
            if "close" in request:
                if client := self.clients.pop(request["close"], None):
                    await client.aclose()
                outcome["result"] = {}
            elif "options" in request:
                account, keywords = options_of(request)
                client = AsyncInviteClient(*account, **keywords)
                show(client)
                if former := self.clients.pop(request["client"], None):
                    await former.aclose()
                self.clients[request["client"]] = client
                outcome["result"] = {}
            elif "repeat" in request:
                outcome.update(await self.many(request))
            elif "cancelAfterMs" in request:
                call = asyncio.ensure_future(self.perform(request))
                asyncio.get_running_loop().call_later(request["cancelAfterMs"] / 1000, call.cancel)
                outcome.update(await call)
            else:
                outcome.update(await self.perform(request))

    async def perform(self, request: Request) -> Outcome:
        client = self.clients[request["client"]]
        if request["call"] == "close":
            await client.aclose()
            return {"result": {}}
        if request["call"] in ("plan", "apply"):
            result = await self.roster(client, request)
        else:
            positional, keywords = calls.arguments(request)
            result = await getattr(client, request["call"])(*positional, **keywords)
        show(result)
        return {"result": calls.answer(request, result)}

    async def roster(self, client: AsyncInviteClient, request: Request) -> Plan | Report:
        given = request.get("args", {})
        if "plan" in given:
            plan = Plan.from_dict(given["plan"])
        else:
            roster, keywords = calls.planning(given)
            plan = await client.plan(roster, **keywords)
        if request["call"] == "plan":
            return plan
        applied = calls.Applied(given, show)
        async with client.applying(plan, **applied.keywords) as run:
            async for progress in run:
                applied.hear(progress)
        applied.complete(plan)
        return run.report

    async def many(self, request: Request) -> Outcome:
        numbers = iter(range(request.get("from", 0), request.get("from", 0) + request["repeat"]))
        counts: Counter[str] = Counter()

        async def work() -> None:
            for number in numbers:
                try:
                    counts[kind_of(await self.perform(numbered(request, number)))] += 1
                except InviteError as error:
                    counts[error.kind] += 1

        await asyncio.gather(*(work() for _ in range(request.get("inFlight", 1))))
        return counted(counts)


def main() -> None:
    if VERBOSE:
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    if "--asyncio" in sys.argv:
        asyncio.run(Loop(sys.stdout).run(sys.stdin))
    else:
        Threads(sys.stdout).run(sys.stdin)


if __name__ == "__main__":
    main()
