"""Invites people to an IcePanel organization, one invite a person.

>>> from datetime import timedelta
>>> from icepanel_invites.testing import Sandbox
>>> with Sandbox() as sandbox, sandbox.client() as client:
...     ensured = client.ensure("ada@example.com", "read", timedelta(days=14))
...     print(ensured.outcome, ensured.invite.email)
...     print(client.ensure("ADA@example.com", "read", timedelta(days=14)).outcome)
created ada@example.com
existing

Outside of tests, `InviteClient.from_env()` reads the key and the organization from the environment.
`AsyncInviteClient` has the same methods for asyncio. What goes wrong is an `InviteError`.
"""

from ._asyncio import AsyncInviteClient
from ._blocking import InviteClient
from ._errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    InviteCancelledError,
    InviteConnectionError,
    InviteError,
    InviteTimeoutError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    RejectedError,
    SeatsExhaustedError,
    ServerError,
    UnauthorizedError,
    UnexpectedAnswerError,
)
from ._native import Ensured, Event, Invite, Member, NewInvite, Seats, Stop, __version__
from ._values import Actor, InviteStatus, Permission

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._applying import Applying
    from ._plan import Held, Plan, PlanSeats, Step
    from ._report import Progress, Renewed, Report, ReportLine
    from ._roster import Roster

__all__ = [
    "Actor",
    "Applying",
    "AsyncInviteClient",
    "ConflictError",
    "Ensured",
    "Event",
    "ForbiddenError",
    "Held",
    "InvalidInputError",
    "Invite",
    "InviteCancelledError",
    "InviteClient",
    "InviteConnectionError",
    "InviteError",
    "InviteStatus",
    "InviteTimeoutError",
    "Member",
    "NewInvite",
    "NotFoundError",
    "OutcomeUnknownError",
    "Permission",
    "Plan",
    "PlanSeats",
    "Progress",
    "RateLimitedError",
    "RejectedError",
    "Renewed",
    "Report",
    "ReportLine",
    "Roster",
    "Seats",
    "SeatsExhaustedError",
    "ServerError",
    "Step",
    "Stop",
    "UnauthorizedError",
    "UnexpectedAnswerError",
    "__version__",
]


# What only some programs use, and where it is: imported when it is used.
_LATER = {
    "Applying": "_applying",
    "Held": "_plan",
    "Plan": "_plan",
    "PlanSeats": "_plan",
    "Progress": "_report",
    "Renewed": "_report",
    "Report": "_report",
    "ReportLine": "_report",
    "Roster": "_roster",
    "Step": "_plan",
}


def __getattr__(name: str) -> object:
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
