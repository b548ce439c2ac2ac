"""Rosters, plans and what becomes of them: the core's JSON behind Python's attributes."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta, timezone

from ._errors import error_from
from ._native import Invite, NewInvite, check_roster
from ._values import Permission

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator
    from types import TracebackType
    from typing import Any, ClassVar

    from typing_extensions import Self

    from ._errors import InviteError


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    whole = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return whole + timedelta(microseconds=int(text[20:-1][:6].ljust(6, "0") or 0))


class _Told:
    """A value as the core tells it. Immutable; equal if it says the same."""

    __slots__ = ("_told",)

    _told: dict[str, Any]
    _shown: ClassVar[tuple[str, ...]] = ()

    def __init__(self, told: dict[str, Any]) -> None:
        object.__setattr__(self, "_told", told)

    def to_dict(self) -> dict[str, Any]:
        """The value as every language writes it: camelCase names, ready for `json`."""
        copy: dict[str, Any] = json.loads(json.dumps(self._told))
        return copy

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """The value in a dict that `to_dict` made."""
        return cls(json.loads(json.dumps(fields)))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        return self._told == other._told if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash(json.dumps(self._told, sort_keys=True))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
        return f"{type(self).__name__}({shown})"

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], Self], tuple[dict[str, Any]]]:
        return self.from_dict, (self._told,)


class Roster:
    """The people who should be in the organization or invited to it, each once. Immutable.

    Everything that is wrong with the entries is told at once: an `InvalidInputError` whose `errors`
    has a line for each. The same person twice, in whatever letter case, is one of them.

    >>> Roster([NewInvite("ada@example.com", "read", timedelta(days=14))])
    Roster(1 person)
    >>> Roster([NewInvite("nobody", "read", timedelta(days=14))])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    icepanel_invites._errors.InvalidInputError: the roster cannot be right: entry 1: ...
    """

    __slots__ = ("entries",)

    entries: tuple[NewInvite, ...]
    """The people, in the order in which they were given."""

    def __init__(self, people: Iterable[NewInvite]) -> None:
        entries = tuple(people)
        check_roster(json.dumps([person.to_dict() for person in entries]))
        object.__setattr__(self, "entries", entries)

    @classmethod
    def _of(cls, told: list[dict[str, Any]]) -> Self:
        roster = cls.__new__(cls)
        object.__setattr__(roster, "entries", tuple(NewInvite.from_dict(each) for each in told))
        return roster

    def to_list(self) -> list[dict[str, Any]]:
        """The entries as every language writes them, ready for `json`."""
        return [person.to_dict() for person in self.entries]

    @classmethod
    def from_list(cls, entries: list[dict[str, Any]]) -> Self:
        """The roster in a list that `to_list` made, or that was read from a file of JSON."""
        check_roster(json.dumps(entries))
        return cls._of(entries)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Roster cannot be changed")

    def __iter__(self) -> Iterator[NewInvite]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __eq__(self, other: object) -> bool:
        return self.entries == other.entries if isinstance(other, Roster) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.entries)

    def __repr__(self) -> str:
        return f"Roster({len(self)} {'person' if len(self) == 1 else 'people'})"

    def __reduce__(self) -> tuple[Callable[[list[dict[str, Any]]], Self], tuple[list[dict[str, Any]]]]:
        return self._of, (self.to_list(),)


class Held(_Told):
    """What a person has already: a membership, or an active invite. Immutable."""

    __slots__ = ()
    _shown = ("permission", "invite_id", "expires_at", "user_id")

    @property
    def permission(self) -> Permission:
        """What the person may do, or may do once in."""
        return Permission(self._told["permission"])

    @property
    def invite_id(self) -> str | None:
        """The active invite: of several the one that counts."""
        return self._told.get("inviteId")

    @property
    def expires_at(self) -> datetime | None:
        """When that ends."""
        return _time(self._told.get("expiresAt"))

    @property
    def user_id(self) -> str | None:
        """The member."""
        return self._told.get("userId")

    @property
    def landscape_permissions(self) -> dict[str, bool] | None:
        """Which landscapes the person may see, if that is limited."""
        return self._told.get("landscapePermissions")


class Step(_Told):
    """What would happen to one person, and why. Immutable."""

    __slots__ = ()
    _shown = ("email", "action", "reason")
    __match_args__ = ("email", "action", "reason")

    @property
    def email(self) -> str:
        """The person's address."""
        return str(self._told["email"])

    @property
    def action(self) -> str:
        """`invite`, `keep`, `replace`, `member` or `revoke`."""
        return str(self._told["action"])

    @property
    def reason(self) -> str:
        """Why, in words."""
        return str(self._told["reason"])

    @property
    def wanted(self) -> NewInvite | None:
        """What the roster says; None for somebody who is not on it."""
        told = self._told.get("wanted")
        return None if told is None else NewInvite.from_dict(told)

    @property
    def held(self) -> Held | None:
        """What the person has already."""
        told = self._told.get("held")
        return None if told is None else Held(told)

    @property
    def revoke(self) -> tuple[str, ...]:
        """The ids of the active invites that go."""
        return tuple(self._told.get("revoke", ()))


class PlanSeats(_Told):
    """Paid seats, and what becomes of them. Immutable."""

    __slots__ = ()
    _shown = ("paid", "free", "needed", "released", "missing")

    @property
    def paid(self) -> int:
        """Seats paid for."""
        return int(self._told["paid"])

    @property
    def taken(self) -> int:
        """Members with `write` or `admin`."""
        return int(self._told["taken"])

    @property
    def promised(self) -> int:
        """Active invites with `write` or `admin`."""
        return int(self._told["promised"])

    @property
    def free(self) -> int:
        """Seats left now."""
        return int(self._told["free"])

    @property
    def needed(self) -> int:
        """Seats that the plan takes for people who have none yet."""
        return int(self._told["needed"])

    @property
    def released(self) -> int:
        """Seats that the plan gives free."""
        return int(self._told["released"])

    @property
    def missing(self) -> int:
        """Seats that are missing. Above zero `apply` refuses, unless it is given `partial=True`."""
        return int(self._told["missing"])


class Plan(_Told):
    """What would have to change for a roster to be true. Immutable.

    It can be looked at, written down with `to_dict` and `json`, and applied later.
    """

    __slots__ = ()
    _shown = ("organization_id", "planned_at", "writes", "estimate")

    @property
    def organization_id(self) -> str:
        """The organization that it is for."""
        return str(self._told["organizationId"])

    @property
    def planned_at(self) -> datetime:
        """When it was made, by the service's clock."""
        planned_at = _time(self._told["plannedAt"])
        assert planned_at is not None
        return planned_at

    @property
    def steps(self) -> tuple[Step, ...]:
        """One for each person: first those of the roster in its order, then those to be pruned."""
        return tuple(Step(told) for told in self._told["steps"])

    @property
    def seats(self) -> PlanSeats:
        """Paid seats needed, held, free."""
        return PlanSeats(self._told["seats"])

    @property
    def writes(self) -> int:
        """How many requests that change something it takes."""
        return int(self._told["writes"])

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to do."""
        return self.writes > 0

    @property
    def estimate(self) -> timedelta:
        """How long applying it takes under the service's limits."""
        return timedelta(milliseconds=self._told["estimateMs"])

    def count(self, action: str) -> int:
        """How many people there are with an action: `plan.count("invite")`."""
        return sum(told["action"] == action for told in self._told["steps"])


class ReportLine(_Told):
    """What became of one person's step. Immutable."""

    __slots__ = ()
    _shown = ("email", "action", "outcome", "note")
    __match_args__ = ("email", "outcome", "note")

    @property
    def email(self) -> str:
        """The person's address."""
        return str(self._told["email"])

    @property
    def action(self) -> str:
        """What was planned."""
        return str(self._told["action"])

    @property
    def outcome(self) -> str:
        """`done`, `kept`, `skipped`, `failed`, `unknown` or `changed`."""
        return str(self._told["outcome"])

    @property
    def note(self) -> str:
        """That in words."""
        return str(self._told["note"])

    @property
    def invite(self) -> Invite | None:
        """The invite that was made, or the one that the person has."""
        told = self._told.get("invite")
        return None if told is None else Invite.from_dict(told)

    @property
    def error(self) -> InviteError | None:
        """Why it failed."""
        told = self._told.get("error")
        return None if told is None else error_from(told)


class Report(_Told):
    """What became of a plan: a line for every person, in the plan's order. Immutable."""

    __slots__ = ()
    _shown = ("complete", "stopped", "counts")

    @property
    def complete(self) -> bool:
        """Whether everybody is as the plan wants: each line is done or kept."""
        return bool(self._told["complete"])

    @property
    def stopped(self) -> bool:
        """Whether the run was stopped from outside."""
        return bool(self._told["stopped"])

    @property
    def counts(self) -> dict[str, int]:
        """How many people there are with each outcome."""
        return dict(self._told["counts"])

    @property
    def lines(self) -> tuple[ReportLine, ...]:
        """A line for each step of the plan."""
        return tuple(ReportLine(told) for told in self._told["lines"])


class Progress(_Told):
    """A step has ended. Immutable."""

    __slots__ = ()
    _shown = ("done", "total", "left", "line")

    @property
    def index(self) -> int:
        """Which step of the plan, from 0."""
        return int(self._told["index"])

    @property
    def done(self) -> int:
        """How many steps have ended."""
        return int(self._told["done"])

    @property
    def total(self) -> int:
        """How many there are."""
        return int(self._told["total"])

    @property
    def left(self) -> timedelta:
        """How long the rest takes under the service's limits."""
        return timedelta(milliseconds=self._told["leftMs"])

    @property
    def line(self) -> ReportLine:
        """What became of it. If the last look at the list changes that, the step is told once more."""
        return ReportLine(self._told["line"])


class Renewed(_Told):
    """What `renew` did. Immutable."""

    __slots__ = ()
    _shown = ("invite", "replaced")

    @property
    def invite(self) -> Invite:
        """The invite that the person has now."""
        return Invite.from_dict(self._told["invite"])

    @property
    def replaced(self) -> tuple[Invite, ...]:
        """The ones that it replaced, as revoked. Without any, the active one ended late enough."""
        return tuple(Invite.from_dict(told) for told in self._told["replaced"])


class Applying:
    """A run under way: an async iterator of `Progress`, to be used with `async with`.

    When the iteration ends, `report` has a line for everybody. Leaving the block before stops the run at
    once, without a report; applied again, it goes on.
    """

    def __init__(self, run: Callable[[Callable[[Progress], object]], Coroutine[Any, Any, Report]]) -> None:
        self._run = run
        self._told: asyncio.Queue[Progress | None] = asyncio.Queue()
        self._task: asyncio.Task[Report] | None = None

    @property
    def report(self) -> Report:
        """The run's report, once the iteration has ended."""
        if self._task is None or not self._task.done():
            raise RuntimeError("the run has not ended yet")
        return self._task.result()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(self._told.put_nowait))
        self._task.add_done_callback(lambda _: self._told.put_nowait(None))
        return self

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Progress:
        if self._task is None:
            raise RuntimeError("a run is begun by `async with`")
        progress = None if self._task.done() and self._told.empty() else await self._told.get()
        if progress is None:
            # What the run raised is raised here.
            self._task.result()
            raise StopAsyncIteration
        return progress

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])
