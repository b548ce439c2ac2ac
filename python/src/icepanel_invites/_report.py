"""The result of applying a plan, step by step and as a whole."""

from __future__ import annotations

from datetime import timedelta

from ._errors import InviteError, error_from
from ._native import Invite, report_text
from ._core_value import CoreValue
from ._words import ActionWord, OutcomeWord, ReasonWord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import final
else:
    from ._names import final


@final
class ReportLine(CoreValue):
    """The result of one person's step. Immutable."""

    __slots__ = ()
    _shown = ("email", "action", "outcome", "note")
    __match_args__ = ("email", "outcome", "note")

    @property
    def email(self) -> str:
        """The person's address."""
        return str(self._fields["email"])

    @property
    def action(self) -> ActionWord:
        """What was planned."""
        return str(self._fields["action"])

    @property
    def outcome(self) -> OutcomeWord:
        """`done`, `kept`, `skipped`, `failed`, `unknown` or `changed`."""
        return str(self._fields["outcome"])

    @property
    def note(self) -> str:
        """The outcome, as text."""
        return str(self._fields["note"])

    @property
    def reason_code(self) -> ReasonWord | None:
        """The note for programs: `no_seat`, for example. None in a report of a version that wrote none."""
        return self._fields.get("reasonCode")

    @property
    def invite(self) -> Invite | None:
        """The invite that was made, or the one that the person already has."""
        value = self._fields.get("invite")
        return None if value is None else Invite.from_dict(value)

    @property
    def error(self) -> InviteError | None:
        """Why it failed."""
        value = self._fields.get("error")
        return None if value is None else error_from(value)

    @property
    def request_id(self) -> str | None:
        """The service's id of the request that decided the outcome, for the service's support.

        The request that failed, that made the invite, or, if none was made, the last revocation.
        """
        return self._fields.get("requestId")

    def __str__(self) -> str:
        return report_text([self._parts()])

    def _parts(self) -> tuple[str, str, str]:
        return self.outcome, self.email, self.note


@final
class Report(CoreValue):
    """The result of applying a plan: a line for every person, in the plan's order. Immutable."""

    __slots__ = ()
    _shown = ("complete", "stopped", "counts")

    @property
    def complete(self) -> bool:
        """Whether everybody is as the plan wants: each line is `done` or `kept`."""
        return bool(self._fields["complete"])

    @property
    def stopped(self) -> bool:
        """Whether the run was stopped from outside."""
        return bool(self._fields["stopped"])

    @property
    def counts(self) -> dict[str, int]:
        """The number of people with each outcome."""
        return dict(self._fields["counts"])

    @property
    def lines(self) -> tuple[ReportLine, ...]:
        """A line for each step of the plan."""
        return tuple(ReportLine(value) for value in self._fields["lines"])

    def __str__(self) -> str:
        return report_text([line._parts() for line in self.lines], self.stopped)


@final
class Progress(CoreValue):
    """A step has ended. Immutable."""

    __slots__ = ()
    _shown = ("done", "total", "left", "line")

    @property
    def index(self) -> int:
        """Which step of the plan, from 0."""
        return int(self._fields["index"])

    @property
    def done(self) -> int:
        """How many steps have ended."""
        return int(self._fields["done"])

    @property
    def total(self) -> int:
        """The total number."""
        return int(self._fields["total"])

    @property
    def left(self) -> timedelta:
        """How long the rest takes under the rate limits."""
        return timedelta(milliseconds=self._fields["leftMs"])

    @property
    def line(self) -> ReportLine:
        """The result. If the last reading of the list changes it, the step is reported again."""
        return ReportLine(self._fields["line"])


@final
class Renewed(CoreValue):
    """The result of `renew`. Immutable."""

    __slots__ = ()
    _shown = ("invite", "replaced")

    @property
    def invite(self) -> Invite:
        """The invite that the person has now."""
        return Invite.from_dict(self._fields["invite"])

    @property
    def replaced(self) -> tuple[Invite, ...]:
        """The invites that it replaced, as revoked. If there are none, the active one expires late enough."""
        return tuple(Invite.from_dict(value) for value in self._fields["replaced"])

    @property
    def request_id(self) -> str | None:
        """The service's id of the request that made the new invite, for the service's support."""
        return self._fields.get("requestId")
