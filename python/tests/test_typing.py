"""The types: mypy and pyright accept them, and they are those of the built module."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import icepanel_invites

INSTALLED = Path(icepanel_invites.__file__).parent
HERE = Path(__file__).parent

USE = """
import asyncio
from datetime import datetime, timedelta
from typing import assert_type

from icepanel_invites import (
    AsyncInviteClient, Ensured, Event, Invite, InviteClient, InviteError, InviteStatus, Member, NewInvite,
    Permission, Plan, Progress, Renewed, Report, Roster, Seats, Stop,
)
from icepanel_invites.testing import Sandbox


def hear(event: Event) -> None: ...


def blocking(client: InviteClient) -> None:
    assert_type(client.list(status="active"), list[Invite])
    assert_type(client.find_active("ada@example.com"), Invite | None)
    assert_type(client.create("ada@example.com", Permission.READ, timedelta(days=1)), Invite)
    assert_type(client.ensure(NewInvite("ada@example.com", "read", timedelta(days=1))), Ensured)
    assert_type(client.with_options(timeout=5).revoke("id"), Invite)
    assert_type(client.revoke_active("ada@example.com"), list[Invite])
    assert_type(client.members(), list[Member])
    assert_type(client.seats(), Seats)
    assert_type(client.list()[0].expires_at, datetime)
    assert_type(client.list()[0].status, InviteStatus)
    assert_type(InviteClient.from_env(on_event=hear), InviteClient)
    plan = client.plan(Roster([NewInvite("ada@example.com", "read", timedelta(days=1))]), margin=60)
    assert_type(plan, Plan)
    assert_type(client.apply(plan, prune_share=0.1, on_progress=print, stop=Stop()), Report)
    assert_type(client.dump(), Roster)
    assert_type(client.renew("ada@example.com", timedelta(days=1)), Renewed)
    assert_type(client.list(expiring_within=timedelta(days=7)), list[Invite])


async def awaited(client: AsyncInviteClient) -> None:
    assert_type(await client.list(), list[Invite])
    assert_type(await client.find_active("ada@example.com"), Invite | None)
    assert_type(await client.ensure("ada@example.com", "read", timedelta(days=1)), Ensured)
    async with client.applying(await client.plan([])) as run:
        async for progress in run:
            assert_type(progress, Progress)
    assert_type(run.report, Report)
    one, other = await asyncio.gather(client.seats(), client.members())
    assert_type(one, Seats)
    assert_type(other, list[Member])


def matched(ensured: Ensured) -> str:
    match ensured:
        case Ensured("created", invite) if invite is not None:
            return invite.email
        case _:
            return "nobody"


with Sandbox({"seats": 3}) as sandbox, sandbox.client(timeout=5) as client:
    assert_type(client, InviteClient)
    try:
        blocking(client)
    except InviteError as error:
        assert_type(error.retry_after, timedelta | None)
"""

WRONG = [
    'client.create("ada@example.com", "read")',
    'client.create("ada@example.com", "read", "2031-01-01")',
    "client.list(colour='red')",
    "client.seats().free = 3",
    "InviteClient('key')",
    "InviteClient('key', 'organization', tiemout=3)",
    "client.with_options(base_url='https://example.com')",
]


def run(*command: str) -> str:
    # pyright takes the first Python that it finds there.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE,
        env={**os.environ, "PATH": path},
    )
    return f"{ended.returncode}\n{ended.stdout}{ended.stderr}"


def wrong(tmp_path: Path) -> Path:
    file = tmp_path / "wrong.py"
    lines = ["from icepanel_invites import InviteClient", "client = InviteClient('key', 'organization')"]
    file.write_text("\n".join([*lines, *WRONG]))
    return file


def test_mypy(tmp_path: Path) -> None:
    file = tmp_path / "use.py"
    file.write_text(USE)
    cache = f"--cache-dir={tmp_path}"
    said = run("mypy", "--strict", "--python-version=3.11", cache, str(file))
    assert said.startswith("0\n"), said
    said = run("mypy", "--strict", "--python-version=3.11", cache, "-p", "icepanel_invites")
    assert said.startswith("0\n"), said
    said = run("mypy", "--strict", cache, str(wrong(tmp_path)))
    assert said.count("error:") == len(WRONG), said


def test_pyright(tmp_path: Path) -> None:
    file = tmp_path / "use.py"
    file.write_text(USE)
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    said = run("pyright", "-p", str(tmp_path))
    assert said.startswith("0\n"), said
    said = run("pyright", "--verifytypes", "icepanel_invites", "--ignoreexternal")
    assert said.startswith("0\n"), said
    said = run("pyright", str(wrong(tmp_path)))
    assert said.count("error:") >= len(WRONG), said


def test_the_stubs_are_those_of_the_built_module(tmp_path: Path) -> None:
    said = run("mypy.stubtest", "icepanel_invites", "--allowlist", str(HERE / "stubtest.txt"))
    assert said.startswith("0\n"), said
