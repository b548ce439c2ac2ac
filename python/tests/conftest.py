"""What the tests share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from children import program
from icepanel_invites.testing import Sandbox

pytest_plugins = ["pytester"]

PACKAGE = Path(__file__).parents[1]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that does not limit rates and has seats for all."""
    with Sandbox({"rateLimit": None, "seats": 1_000_000}) as sandbox:
        yield sandbox


@pytest.fixture
def hanging(sandbox: Sandbox) -> Sandbox:
    """One that never answers."""
    sandbox.set_state({"rateLimit": None, "faults": [{"fault": "hang", "times": None}]})
    return sandbox


@pytest.fixture
def start(sandbox: Sandbox) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts a program. Its standard input ends when what it prints is read to the end."""
    started: list[subprocess.Popen[str]] = []

    def start(text: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", program(text), sandbox.base_url]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for child in started:
        with child:
            child.kill()


@pytest.fixture
def run_python() -> Callable[..., str]:
    """Runs a program in a Python of its own, and returns what it prints. Stderr must stay empty."""

    def run(program: str, *arguments: str, timeout: float = 300, code: int = 0) -> str:
        # From 3.12 on Python warns of any fork while there are threads.
        quiet = "ignore:This process:DeprecationWarning"
        command = [sys.executable, "-W", quiet, "-X", "faulthandler", "-c", program]
        ended = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, timeout=timeout, check=False
        )
        assert (ended.returncode, ended.stderr) == (code, ""), ended
        return ended.stdout

    return run
