"""Forks, processes, interpreters that end: nothing hangs, nothing crashes, no answer is wrong."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from children import gone, program, under_way
from icepanel_invites import InviteClient
from icepanel_invites.testing import Sandbox


@pytest.mark.parametrize("before", ["used", "unused", "in-flight"])
def test_fork(sandbox: Sandbox, run_python: Callable[..., str], before: str) -> None:
    """Twenty children of one process, whose client was used before, or is in use by a thread."""
    if before == "in-flight":
        sandbox.add_faults({"fault": "slow_headers", "on": "members", "times": None, "delayMs": 1500})
    text = program(
        """
        before = sys.argv[2]
        client, other = (make(KEY, "sandbox", base_url=url) for make in (InviteClient, AsyncInviteClient))
        if before == "used":
            client.list(), asyncio.run(other.list())
        if before == "in-flight":
            threads = [threading.Thread(target=client.members) for _ in range(8)]
            [thread.start() for thread in threads]
            time.sleep(0.3)

        def child(number):
            invite = client.create(f"user-{number}@example.com", "read", WEEK)
            found = asyncio.run(other.find_active(invite.email))
            assert found == invite, found
            if number % 4 == 0 and os.fork() == 0:
                assert client.find_active(invite.email) == invite
                os._exit(0)
            if number % 4 == 0:
                assert os.wait()[1] == 0

        children = []
        for number in range(20):
            pid = os.fork()
            if pid == 0:
                signal.alarm(200)
                try:
                    child(number)
                    os._exit(0)
                except BaseException as error:
                    print(repr(error), flush=True)
                    os._exit(1)
            children.append(pid)
        for pid in children:
            assert os.waitpid(pid, 0)[1] == 0
        if before == "in-flight":
            [thread.join() for thread in threads]
        # The parent's connections work as before.
        print(len(client.list()), len(asyncio.run(other.list())))
        """
    )
    assert run_python(text, sandbox.base_url, before) == "20 20\n"
    assert sandbox.report()["invitesMadeTotal"] == 20


def test_a_hundred_forks_after_another(sandbox: Sandbox, run_python: Callable[..., str]) -> None:
    text = program(
        """
        client = InviteClient(KEY, "sandbox", base_url=url)
        client.list()
        for number in range(100):
            if os.fork() == 0:
                signal.alarm(200)
                client.list()
                sys.exit()  # with all that an interpreter does at its end
            assert os.wait()[1] == 0
            client.list()
        print("done")
        """
    )
    assert run_python(text, sandbox.base_url) == "done\n"


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(sandbox: Sandbox, tmp_path: Any, method: str) -> None:
    script = tmp_path / "workers.py"
    script.write_text(
        program(
            """
            import multiprocessing

            client = None

            def invite(number):
                global client
                client = client or InviteClient(KEY, "sandbox", base_url=sys.argv[1])
                return client.ensure(f"user-{number}@example.com", "read", WEEK)

            if __name__ == "__main__":
                multiprocessing.set_start_method(sys.argv[2])
                if sys.argv[2] == "fork":
                    client = InviteClient(KEY, "sandbox", base_url=sys.argv[1])
                    client.list()
                with multiprocessing.Pool(4) as pool:
                    everyone = pool.map(invite, range(8))
                    print(sum(ensured.created for ensured in everyone))
            """
        )
    )
    command = [sys.executable, str(script), sandbox.base_url, method]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (ended.stdout, ended.stderr) == ("8\n", "")


def test_a_process_without_file_descriptors(sandbox: Sandbox, run_python: Callable[..., str]) -> None:
    text = program(
        """
        import resource
        loop = asyncio.new_event_loop()
        clients = [make(KEY, "sandbox", base_url=url) for make in (InviteClient, AsyncInviteClient)]
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        held = []
        try:
            while True:
                held.append(open(os.devnull))
        except OSError:
            pass
        for call in (clients[0].list, lambda: loop.run_until_complete(clients[1].list())):
            try:
                call()
            except InviteConnectionError as error:
                print("ulimit" in error.advice)
        for file in held:
            file.close()
        print(clients[0].list(), loop.run_until_complete(clients[1].list()))
        loop.close()
        """
    )
    assert run_python(text, sandbox.base_url) == "True\nTrue\n[] []\n"


SUBINTERPRETER = """
import sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
if "main-first" in sys.argv:
    import icepanel_invites
other = interpreters.create()
try:
    if hasattr(interpreters, "exec"):
        print(interpreters.exec(other, "import icepanel_invites").formatted)
    else:
        interpreters.run_string(other, "import icepanel_invites")
except interpreters.RunFailedError if hasattr(interpreters, "RunFailedError") else () as error:
    print(error)
interpreters.destroy(other)
from icepanel_invites.testing import Sandbox
with Sandbox() as sandbox, sandbox.client() as client:
    print(client.list())
"""


@pytest.mark.parametrize("order", ["main-first", "other-first"])
def test_a_subinterpreter_gets_an_error(run_python: Callable[..., str], order: str) -> None:
    said = run_python(SUBINTERPRETER, order).splitlines()
    assert "does not support loading in subinterpreters" in said[0] and said[1:] == ["[]"]


def test_a_closed_client_is_closed_in_a_forked_process(sandbox: Sandbox, run_python: Callable[..., str]) -> None:
    text = program(
        """
        client = InviteClient(KEY, "sandbox", base_url=url)
        other = InviteClient(KEY, "sandbox", base_url=url)
        client.list(), other.list()
        client.close()
        if os.fork() == 0:
            try:
                client.list()
            except ClosedError as error:
                # What the child closes is the child's.
                other.close()
                os._exit(0)
            os._exit(1)
        print(os.wait()[1], other.list())
        """
    )
    assert run_python(text, sandbox.base_url) == "0 []\n"


def test_a_sandbox_in_a_forked_process_is_closed() -> None:
    with Sandbox() as sandbox:
        pid = os.fork()
        if pid == 0:
            signal.alarm(200)
            code = 1
            try:
                sandbox.report()
            except RuntimeError:
                sandbox.close()
                code = 0
            os._exit(code)
        assert os.waitpid(pid, 0)[1] == 0
        with sandbox.client() as client:
            assert client.list() == []


ENDS = {
    "daemon-thread": """
        client = InviteClient(KEY, "sandbox", base_url=url, timeout=3600, read_timeout=3600)
        for _ in range(8):
            threading.Thread(target=client.list, daemon=True).start()
        time.sleep(0.3)
        """,
    "daemon-thread-answered-at-the-end": """
        client = InviteClient(KEY, "sandbox", base_url=url, timeout=0.45, max_attempts=1)
        def call():
            while True:
                try:
                    client.list()
                except InviteError:
                    pass
        for _ in range(8):
            threading.Thread(target=call, daemon=True).start()
        time.sleep(0.44)
        """,
    "loop-closed": """
        loop = asyncio.new_event_loop()
        client = AsyncInviteClient(KEY, "sandbox", base_url=url, timeout=0.4, max_attempts=1)
        async def main():
            call = client._list()
            call.future()
            return call
        call = loop.run_until_complete(main())
        loop.close()
        time.sleep(0.6)
        del loop
        asyncio.run(asyncio.sleep(0))
        """,
    "loop-in-daemon-thread": """
        client = AsyncInviteClient(KEY, "sandbox", base_url=url, timeout=0.4, max_attempts=1)
        def call():
            try:
                asyncio.run(client.list())
            except InviteError:
                pass
        threading.Thread(target=call, daemon=True).start()
        time.sleep(0.38)
        """,
    "sandbox-left-open": """
        sandbox = Sandbox()
        client = sandbox.client()
        client.list()
        """,
    "exit-handler": """
        import atexit
        client = InviteClient(KEY, "sandbox", base_url=url, timeout=0.2, max_attempts=1)
        def last():
            try:
                client.list()
            except TimeoutError:
                pass
        atexit.register(last)
        """,
}


@pytest.mark.parametrize("how", ENDS)
def test_an_interpreter_that_ends(hanging: Sandbox, run_python: Callable[..., str], how: str) -> None:
    for _ in range(3):
        assert run_python(program(ENDS[how]), hanging.base_url) == ""


def test_a_loop_closed_with_calls_under_way_is_let_go(hanging: Sandbox) -> None:
    client = hanging.async_client()

    async def main() -> None:
        client._list().future()

    for _ in range(20):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(main())
        loop.close()
    hanging.set_state({})
    assert asyncio.run(client.list()) == []
    assert isinstance(hanging.client(), InviteClient)


def test_greenlets_wait_side_by_side(
    hanging: Sandbox, start: Callable[[str], subprocess.Popen[str]]
) -> None:
    child = start(
        """
        import gevent, gevent.monkey, warnings
        # asyncio has imported ssl already.
        warnings.simplefilter("ignore")
        gevent.monkey.patch_all()
        client = InviteClient(KEY, "sandbox", base_url=url, pacing="none")
        calls = [gevent.spawn(client.list) for _ in range(20)]
        gevent.get_hub().threadpool.apply(sys.stdin.readline)
        gevent.killall(calls)
        print(sum(isinstance(each.value, gevent.GreenletExit) for each in calls))
        try:
            with gevent.Timeout(2):
                client.list()
        except gevent.Timeout:
            print("timed out")
        try:
            client.with_options(timeout=2, max_attempts=1).list()
        except InviteError as error:
            print(error.kind)
        """
    )
    # None is answered, and all twenty have come: each lets the others run while it waits.
    under_way(hanging, 20)
    out, error = child.communicate("killed\n", timeout=60)
    assert (out, error) == ("20\ntimed out\ntimeout\n", "")
    gone(hanging, abandoned=21)
