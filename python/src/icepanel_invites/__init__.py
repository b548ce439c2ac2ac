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

# The exceptions say that they are of this module, so their annotations are looked up in it.
from datetime import timedelta

from . import _extension as _extension
from ._applying import Applying
from ._asyncio import AsyncInviteClient
from ._blocking import InviteClient
from ._errors import (
    ClosedError,
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
from ._plan import Held, Plan, PlanPruning, PlanSeats, Step
from ._report import Progress, Renewed, Report, ReportLine
from ._roster import Roster
from ._values import Actor, InviteStatus, Permission

__all__ = [
    "Actor",
    "Applying",
    "AsyncInviteClient",
    "ClosedError",
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
    "PlanPruning",
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

