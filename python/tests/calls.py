"""Options, arguments and results in JSON, as Python has them: `tests/scenarios/README.md` has their forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from icepanel_invites import Ensured, Invite, Member, NewInvite, Plan, Progress, Renewed, Report, Roster, Seats, Stop

def option(name: str, value: Any) -> tuple[str, Any]:
    """An option as Python has it."""
    if name.endswith("Ms"):
        return snake(name.removesuffix("Ms")), timedelta(milliseconds=value)
    if name == "pacing":
        return name, paced(value)
    others = {"caCertificatePem": "ca_certificate", "clientCertificatePem": "client_certificate", "skipWaits": "_skip_waits"}
    return others.get(name) or snake(name), value


def snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def paced(pacing: Any) -> Any:
    """A pacing as Python has it: a limit is a tuple of a number and its seconds."""
    if isinstance(pacing, dict) and "requests" in pacing:
        return pacing["requests"], pacing["windowMs"] / 1000
    return {name: paced(limit) for name, limit in pacing.items()} if isinstance(pacing, dict) else pacing


def arguments(request: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a request's call, as Python has them."""
    given = dict(request.get("args", {}))
    call = request["call"]
    if call in ("create", "ensure"):
        expires = expiry(given)
        keywords = {"landscape_permissions": given.get("landscapePermissions"), **until(given)}
        # Both forms, in turns.
        if request["id"] % 2 or "until" in given:
            return [NewInvite(given["email"], given["permission"], expires, **keywords)], {}
        return [given["email"], given["permission"], expires], keywords
    if call == "list":
        return [], dict(option(name, value) for name, value in given.items())
    if call == "update_member":
        keywords = {"landscape_permissions": given.get("landscapePermissions")}
        return [given["member"], given["permission"]], keywords
    if call == "renew":
        return [given["target"], expiry(given)], {}
    if call == "dump":
        span = given.get("membersExpireInMs")
        return [], {} if span is None else {"members_expire": timedelta(milliseconds=span)}
    return list(given.values()), {}


def expiry(given: dict[str, Any]) -> Any:
    span = given.get("expiresInMs")
    return datetime.fromisoformat(given["expiresAt"]) if span is None else timedelta(milliseconds=span)


def until(given: dict[str, Any]) -> dict[str, Any]:
    return {"until": datetime.fromisoformat(given["until"])} if "until" in given else {}


def planning(given: dict[str, Any]) -> tuple[Roster, dict[str, Any]]:
    """The roster and the keywords of a `plan`, or of an `apply` that plans."""
    of_the_plan = {"marginMs", "prune", "skipRevoked", "maxInvites", "allowEmpty", "manageMembers", "pruneMembers"}
    of_the_plan |= {"protect", "minAdmins", "allowDomains", "expiringWithinMs", "noInvites"}
    keywords = dict(option(name, value) for name, value in given.items() if name in of_the_plan)
    if "roster" in given:
        return Roster.from_dict(given["roster"]), keywords
    people = [
        NewInvite(
            person["email"],
            person["permission"],
            expiry(person),
            landscape_permissions=person.get("landscapePermissions"),
            **until(person),
        )
        for person in given["people"]
    ]
    return Roster(people), keywords


class Applied:
    """The keywords of an `apply`, and its progress."""

    def __init__(self, given: dict[str, Any], show: Callable[[Progress], None]) -> None:
        self.show = show
        self.stop = Stop()
        self.stop_after = given.get("stopAfter")
        self.told: set[int] = set()
        self.keywords = {
            "partial": given.get("partial", False),
            "prune_at_most": given.get("pruneAtMost"),
            "prune_share": given.get("pruneShare"),
            "remove_at_most": given.get("removeAtMost"),
            "remove_share": given.get("removeShare"),
            "invite_at_most": given.get("inviteAtMost"),
            "admins_at_most": given.get("adminsAtMost"),
            "stop": self.stop,
        }

    def hear(self, progress: Progress) -> None:
        self.show(progress)
        assert progress.line.email and progress.left >= timedelta()
        self.told.add(progress.index)
        if progress.done == self.stop_after:
            self.stop.stop()

    def complete(self, plan: Plan) -> None:
        assert len(self.told) == len(plan.steps), "a step without an event"


def answer(request: dict[str, Any], result: object) -> Any:
    """A result in JSON; that of an `ensure` with how it differs from what was asked for."""
    if request["call"] != "ensure":
        return as_json(result)
    given = request["args"]
    landscapes = given.get("landscapePermissions")
    asked = NewInvite(given["email"], given["permission"], expiry(given), landscape_permissions=landscapes)
    assert isinstance(result, Ensured)
    return {**as_json(result), "differs": result.differs_from(asked)}


def as_json(result: object) -> Any:
    if isinstance(result, list):
        return [as_json(one) for one in result]
    if isinstance(result, Roster):
        return result.to_dict()
    if isinstance(result, (Invite, Member, Seats, Ensured, Plan, Report, Renewed)):
        return result.to_dict()
    assert result is None
    return None
