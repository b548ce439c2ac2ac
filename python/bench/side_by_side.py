"""The figures beside requests, httpx and aiohttp, in one run: `cargo xtask bench python [NAME…]`.

The sandbox runs in a process of its own. What is measured in a process of its own is `import`, `list` and `find`;
rounds go from one contender to the next, so that what else the machine does meets them all.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import contenders

HERE = Path(__file__).parent
OURS = "icepanel_invites"
ROUNDS = 5
MANY = 100_000
OPEN = {"rateLimit": None, "seats": 1_000_000}

Measured = dict[str, list[float]]


class Server:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.base_url = self.line()

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def empty(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(OPEN) + "\n")
        self.process.stdin.flush()
        assert self.line() == "set"


@contextmanager
def server(state: dict[str, object]) -> Iterator[Server]:
    command = [sys.executable, str(HERE / "server.py"), json.dumps(state)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        yield Server(process)
        assert process.stdin is not None
        process.stdin.close()


def alone(what: str, who: str, base_url: str) -> list[float]:
    """A measurement in a process of its own."""
    command = [sys.executable, str(HERE / "contenders.py"), what, who, base_url, str(MANY - 1)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[float] = json.loads(ended.stdout)
    return found


def rounds(who: list[str], measure: Callable[[str], float]) -> Measured:
    found: Measured = {each: [] for each in who}
    for _ in range(ROUNDS):
        for each in who:
            found[each].append(measure(each))
    return found


def table(title: str, unit: str, found: Measured, peers: list[str], reach: str, better: str) -> None:
    """Prints a table. The ratio is to the fastest peer, or the most frugal one."""
    best = min if better == "less" else max
    peer = best(statistics.median(found[each]) for each in peers)
    print(f"\n**{title}**; goal: {reach}\n")
    print(f"| | median, {unit} | lowest to highest | ratio to the best other |\n|---|---|---|---|")
    for each, values in found.items():
        middle = statistics.median(values)
        spread = f"{number(min(values))} to {number(max(values))}"
        print(f"| {each} | {number(middle)} | {spread} | {middle / peer:.2f} |", flush=True)


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def imports() -> None:
    who = [OURS, "httpx", "requests", "aiohttp"]
    found = rounds(who, lambda each: 1e3 * alone("import", each, "")[0])
    table("import", "ms", found, ["httpx"], "at most 0.2 of httpx", "less")


def lists() -> None:
    peers = ["requests", "httpx", "aiohttp"]
    with server({**OPEN, "generate": {"invites": MANY, "active": 1000}}) as it:
        for what, title, reach in (
            ("list", f"`list` of {MANY:,} invites, all into objects", "0.6, memory 0.5"),
            ("find", f"`find_active` in {MANY:,}", "0.25, growth under 16 MiB"),
        ):
            whom = [OURS, *peers]
            memory: Measured = {}
            found: Measured = {}
            for _ in range(ROUNDS):
                for each in whom:
                    took, grown = alone(what, each, it.base_url)
                    found.setdefault(each, []).append(1e3 * took)
                    memory.setdefault(each, []).append(grown)
                if what == "list":
                    took, grown = alone("read", OURS, it.base_url)
                    found.setdefault(f"{OURS}, every field read", []).append(1e3 * took)
            table(title, "ms", found, peers, reach, "less")
            table(f"{title}: peak memory", "MiB of growth", memory, peers, reach, "less")


def sequence() -> None:
    who = [OURS, f"{OURS}, asyncio", "requests", "httpx", "aiohttp"]
    with server(OPEN) as it:

        def measure(each: str) -> float:
            it.empty()
            return 1e6 * contenders.one_after_another(each, it.base_url, 1000)

        found = rounds(who, measure)
    table("one create after another", "µs a call", found, who[2:], "at most 1", "less")


def tasks() -> None:
    who = [OURS, "aiohttp", "httpx"]
    with server(OPEN) as it:

        def measure(each: str) -> float:
            it.empty()
            calls = 1000 if each == "httpx" else 8000
            return calls / asyncio.run(contenders.in_tasks(each, it.base_url, calls, 64))

        found = rounds(who, measure)
    table("64 creates at the same time, asyncio", "calls a second", found, ["aiohttp"], "2 times aiohttp", "more")


def threads() -> None:
    who = [OURS, "requests", "httpx"]
    with server(OPEN) as it:

        def measure(each: str) -> float:
            it.empty()
            return contenders.in_threads(each, it.base_url, 8000 if each == OURS else 1000)

        found = rounds(who, measure)
    table("64 creates at the same time, threads", "calls a second", found, ["requests"], "4 times requests", "more")


def memory() -> None:
    """A million calls, 64 in flight. Comes first: what others leave on the heap would hide a leak."""
    from icepanel_invites import AsyncInviteClient

    samples: list[tuple[int, float]] = []

    async def run(base_url: str, calls: int) -> None:
        client = AsyncInviteClient(contenders.KEY, "sandbox", base_url=base_url, pacing="none")
        numbers = iter(range(1, calls + 1))

        async def worker() -> None:
            for at in numbers:
                await client.members()
                if at % (calls // 20) == 0 or at == 10_000:
                    samples.append((at, contenders.resident("VmRSS")))

        await asyncio.gather(*(worker() for _ in range(64)))

    with server(OPEN) as it:
        began = time.perf_counter()
        asyncio.run(run(it.base_url, 1_000_000))
        took = time.perf_counter() - began
    samples.sort()
    base = dict(samples)[10_000]
    later = [size - base for at, size in samples if at > 10_000]
    print(f"\n**1,000,000 calls** in {took:.0f} s; goal: memory flat after the first 10,000\n")
    print("| after 10,000 calls | growth until the end | highest | lowest |\n|---|---|---|---|")
    print(f"| {base:.1f} MiB | {later[-1]:+.2f} MiB | {max(later):+.2f} MiB | {min(later):+.2f} MiB |")


PARTS = {
    "memory": memory,
    "import": imports,
    "list": lists,
    "sequence": sequence,
    "asyncio": tasks,
    "threads": threads,
}

if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, medians of {ROUNDS}")
    for name, part in PARTS.items():
        if name in sys.argv[1:] or not sys.argv[1:]:
            part()
