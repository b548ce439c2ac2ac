"""The types: mypy and pyright accept them, and they are those of the built module."""

from __future__ import annotations

import json
import os
import re
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
    AlreadyMember, AsyncInviteClient, Created, Ensured, Event, Existing, Invite, InviteClient, InviteError, InviteStatus, Member, NewInvite,
    Permission, Plan, Progress, Renewed, Report, Roster, Seats, Step, Stop,
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
    assert_type(client.update_member("ada@example.com", "write", landscape_permissions={"one": True}), Member)
    assert_type(client.remove_member("ada@example.com"), Member | None)
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
    for invite in client.iter(status="active"):
        assert_type(invite, Invite)
    client.plan([{"email": "ada@example.com", "permission": "read", "expiresInMs": 1000}])
    assert_type(client.apply(plan.to_dict()), Report)


async def awaited(client: AsyncInviteClient) -> None:
    assert_type(await client.list(), list[Invite])
    assert_type(await client.find_active("ada@example.com"), Invite | None)
    assert_type(await client.ensure("ada@example.com", "read", timedelta(days=1)), Ensured)
    async with client.applying(await client.plan([])) as run:
        async for progress in run:
            assert_type(progress, Progress)
    assert_type(run.report, Report)
    async for invite in client.iter():
        assert_type(invite, Invite)
    assert_type(await client.update_member("ada@example.com", Permission.READ), Member)
    assert_type(await client.remove_member("ada@example.com"), Member | None)
    one, other = await asyncio.gather(client.seats(), client.members())
    assert_type(one, Seats)
    assert_type(other, list[Member])


def matched(ensured: Ensured) -> str:
    if ensured.outcome == "member":
        assert_type(ensured, AlreadyMember)
        assert_type(ensured.invite, None)
        return ensured.member.email
    assert_type(ensured, Created | Existing)
    assert_type(ensured.invite, Invite)
    match ensured:
        case Created(invite) | Existing(invite):
            assert_type(invite, Invite)
            return invite.email


def words(client: InviteClient, step: Step, error: InviteError) -> bool:
    client.list(status=InviteStatus("paused"), permission="write", created_by="api-key")
    client.ensure("ada@example.com", Permission("observer"), timedelta(days=1))
    known = step.action == "invite" or error.kind == "rate_limited"
    return known or step.action == "of a later version" or client.list()[0].permission == "observer"


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
    "client.list(status='actve')",
    "client.list(permission='wirte')",
    "client.ensure('ada@example.com', 'raed', timedelta(days=1))",
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
    lines = ["from datetime import timedelta", "from icepanel_invites import InviteClient", "client = InviteClient('key', 'organization')"]
    file.write_text("\n".join([*lines, *WRONG]))
    return file


def examples(folder: Path) -> Path:
    """The examples of the README, a file each, as they are printed."""
    folder.mkdir()
    blocks = re.findall(r"```python\n(.*?)```", (HERE.parent / "README.md").read_text(), re.DOTALL)
    for at, block in enumerate(blocks):
        (folder / f"example_{at}.py").write_text(block)
    return folder


def test_the_examples_of_the_readme(tmp_path: Path) -> None:
    folder = examples(tmp_path / "readme")
    files = [str(file) for file in sorted(folder.iterdir())]
    said = run("mypy", "--strict", "--python-version=3.10", f"--cache-dir={tmp_path}", *files)
    assert said.startswith("0\n"), said
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.10"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    said = run("pyright", "-p", str(folder))
    assert said.startswith("0\n"), said


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
