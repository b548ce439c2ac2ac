"""Invites people to an IcePanel organization, one invite a person.

>>> from datetime import timedelta
>>> from icepanel_invites.testing import Sandbox
>>> with Sandbox() as sandbox, sandbox.client() as client:
...     print(client.ensure("ada@example.com", "read", timedelta(days=14)).outcome)
...     print(client.ensure("ADA@example.com", "read", timedelta(days=14)).outcome)
created
existing

Outside of tests, `InviteClient.from_env()` reads the key and the organization from the environment.
`AsyncInviteClient` has the same methods for asyncio. Errors are raised as `InviteError`.
"""

# The exceptions and other classes say that they are of this module, so their annotations are looked up in it.
from datetime import timedelta

from . import _extension as _extension
from ._applying import Applying
from ._asyncio import AsyncInviteClient
from ._blocking import InviteClient
from ._ensured import AlreadyMember, Created, Ensured, Existing
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
from ._native import Event, Invite, Member, NewInvite, Seats, Stop, __version__
from ._plan import Held, Plan, PlanDomain, PlanExpiring, PlanPruning, PlanRemoval, PlanSeats, PlanSummary, Step
from ._report import Progress, Renewed, Report, ReportLine
from ._roster import Roster
from ._values import Actor, InviteStatus, Permission
from ._words import KindWord as KindWord

TYPE_CHECKING = False
if not TYPE_CHECKING:
    from ._names import ClassVar, Literal

__all__ = [
    "Actor",
    "AlreadyMember",
    "Applying",
    "AsyncInviteClient",
    "ClosedError",
    "ConflictError",
    "Created",
    "Ensured",
    "Event",
    "Existing",
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
    "PlanDomain",
    "PlanExpiring",
    "PlanPruning",
    "PlanRemoval",
    "PlanSeats",
    "PlanSummary",
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

