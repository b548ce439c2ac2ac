"""Programs in a Python of their own, and what the sandbox sees of them."""

from __future__ import annotations

import textwrap
import time

from icepanel_invites.testing import Sandbox
from waiting import wait_for

CHILD = """
import os, sys, time, asyncio, threading, signal
from datetime import timedelta
from icepanel_invites import *
from icepanel_invites.testing import Sandbox
url = sys.argv[1]
KEY = Sandbox.API_KEY
# Who starts the tests in the background may have Ctrl-C ignored, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
WEEK = timedelta(days=7)
"""


def program(text: str) -> str:
    return CHILD + textwrap.dedent(text)


def gone(sandbox: Sandbox, abandoned: int = 1) -> None:
    """The sandbox sees that the client has left all its requests, some of them without an answer."""
    deadline = time.monotonic() + 20
    while True:
        report = sandbox.report()
        if report["inFlight"] == 0 and report["abandoned"] >= abandoned:
            return
        assert time.monotonic() < deadline, report
        time.sleep(0.005)


def under_way(sandbox: Sandbox, many: int = 1) -> None:
    wait_for(lambda: sandbox.report()["inFlight"] == many)
