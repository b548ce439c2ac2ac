"""Has a scenario judged: `scenario-judge` says what to do, the driver does it, and the last line is the verdict."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

from driver import Loop, Threads

ROOT = Path(__file__).parents[2]


def program() -> Path:
    built = ROOT / "target/debug" / ("scenario-judge.exe" if os.name == "nt" else "scenario-judge")
    path = Path(os.environ.get("SCENARIO_JUDGE", built))
    if not path.exists():
        raise FileNotFoundError(f"there is no {path}: `cargo build -p scenario-judge` builds it")
    return path


def judged(client: str, *scenario: str | Path) -> str | None:
    """What the client that is named does otherwise than the scenario says; None if it passes."""
    pipe = subprocess.PIPE
    with subprocess.Popen([program(), *scenario], stdin=pipe, stdout=pipe, text=True, encoding="utf-8") as judge:
        assert judge.stdin and judge.stdout
        if client == "asyncio":
            verdict = asyncio.run(Loop(judge.stdin).run(judge.stdout))
        else:
            threads = Threads(judge.stdin)
            verdict = threads.read(judge.stdout)
            threads.close()
    assert verdict is not None, f"the judge ended with {judge.returncode}, without a verdict"
    return None if verdict.get("passed") else str(verdict["failed"])
