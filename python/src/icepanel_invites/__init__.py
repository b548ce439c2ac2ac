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

from ._client import AsyncInviteClient, InviteClient
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
from ._native import Ensured, Event, Invite, Member, NewInvite, Seats, __version__
from ._values import Actor, InviteStatus, Permission

__all__ = [
    "Actor",
    "AsyncInviteClient",
    "ConflictError",
    "Ensured",
    "Event",
    "ForbiddenError",
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
    "RateLimitedError",
    "RejectedError",
    "Seats",
    "SeatsExhaustedError",
    "ServerError",
    "UnauthorizedError",
    "UnexpectedAnswerError",
    "__version__",
]
