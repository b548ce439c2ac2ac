"""The exceptions: one class per kind, all under `InviteError`. The data comes from the core, the classes are Python's.
"""

from __future__ import annotations

from datetime import timedelta

from ._words import KindWord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any
else:
    from ._names import Any, Mapping


class InviteError(Exception):
    """Why a call failed. `str` says what happened and what to do next, in whole sentences.

    No part of it contains the API key. It can be pickled.

    >>> from datetime import timedelta
    >>> from icepanel_invites.testing import Sandbox
    >>> with Sandbox({"seats": 0}) as sandbox, sandbox.client() as client:
    ...     try:
    ...         client.create("ada@example.com", "write", timedelta(days=7))
    ...     except InviteError as error:
    ...         print(error.kind, error.status, error.attempts, error.retryable)
    seats_exhausted 409 1 False
    """

    kind: KindWord = "error"
    """The kind's name, the same in every language: `seats_exhausted`."""
    message: str = ""
    """What happened, without the advice and without a full stop at its end."""
    advice: str = ""
    """What to do next."""
    status: int | None = None
    """The HTTP status of the last response, if there was one."""
    code: str | None = None
    """`code` of the service's error body."""
    errors: tuple[str, ...] = ()
    """`errors` of the service's error body: what it did not accept."""
    request_id: str | None = None
    """The service's id of the last request, for its support."""
    attempts: int = 0
    """How often the request that failed was sent."""
    retryable: bool = False
    """Whether the same call may succeed later and is safe to repeat: no invite was made."""
    retry_after: timedelta | None = None
    """How long the service asked to wait, if it did."""
    invite_may_exist: bool = False
    """Whether an invite may have been made although the call returned none."""

    def to_dict(self) -> dict[str, Any]:
        """The error as every language writes it: camelCase names, ready for `json`."""
        wait = self.retry_after
        return {
            "kind": self.kind,
            "message": self.message,
            "advice": self.advice,
            "full": str(self),
            "status": self.status,
            "code": self.code,
            "errors": list(self.errors),
            "requestId": self.request_id,
            "attempts": self.attempts,
            "retryable": self.retryable,
            "retryAfterMs": None if wait is None else wait // timedelta(milliseconds=1),
            "inviteMayExist": self.invite_may_exist,
        }


class InvalidInputError(InviteError, ValueError):
    """An argument or an option is invalid. Nothing was sent."""

    kind: KindWord = "invalid_input"


class UnauthorizedError(InviteError):
    """401: the service does not know the key."""

    kind: KindWord = "unauthorized"


class ForbiddenError(InviteError):
    """403: the key is not allowed to do this."""

    kind: KindWord = "forbidden"


class NotFoundError(InviteError):
    """404: no such organization or invite, or the key is not allowed to see it."""

    kind: KindWord = "not_found"


class SeatsExhaustedError(InviteError):
    """409 to a create: all paid seats are assigned."""

    kind: KindWord = "seats_exhausted"


class ConflictError(InviteError):
    """Any other 409. Its causes are not documented; the message has the service's text."""

    kind: KindWord = "conflict"


class RejectedError(InviteError):
    """400, 422 or another rejection: the service read the request and did not accept it."""

    kind: KindWord = "rejected"


class RateLimitedError(InviteError):
    """429, and the requested wait is longer than the time left for the call."""

    kind: KindWord = "rate_limited"


class ServerError(InviteError):
    """5xx: the service, or a server in front of it, failed."""

    kind: KindWord = "server"


class InviteTimeoutError(InviteError, TimeoutError):
    """A time limit was reached: connecting, the first byte, a read of the body, or the whole call."""

    kind: KindWord = "timeout"


class InviteConnectionError(InviteError, ConnectionError):
    """No connection could be made, or it broke."""

    kind: KindWord = "connection"


class UnexpectedAnswerError(InviteError):
    """The response does not match the API documentation: HTML, a redirect, missing fields, too large."""

    kind: KindWord = "unexpected_answer"


class OutcomeUnknownError(InviteError):
    """A create was sent, no response came, and the list could not show in time whether the invite was made.

    An invite may exist: `ensure` finds it, and sends another only if there is none.
    """

    kind: KindWord = "outcome_unknown"


class InviteCancelledError(InviteError):
    """A run was left before its end.

    A task that is cancelled raises `asyncio.CancelledError` and Ctrl-C raises `KeyboardInterrupt`, as
    everywhere in Python.
    """

    kind: KindWord = "cancelled"


class ClosedError(InviteError, RuntimeError):
    """The client was closed, before the call or during it. Before: nothing was sent."""

    kind: KindWord = "closed"


_CLASSES = {
    each.kind: each
    for each in (
        InvalidInputError,
        UnauthorizedError,
        ForbiddenError,
        NotFoundError,
        SeatsExhaustedError,
        ConflictError,
        RejectedError,
        RateLimitedError,
        ServerError,
        InviteTimeoutError,
        InviteConnectionError,
        UnexpectedAnswerError,
        OutcomeUnknownError,
        InviteCancelledError,
        ClosedError,
    )
}

# So that a traceback names them as they are imported.
for _class in (InviteError, *_CLASSES.values()):
    _class.__module__ = "icepanel_invites"


def error_from(fields: Mapping[str, Any]) -> InviteError:
    """The exception for an error of the core, given as JSON. A kind of a later version is an `InviteError`."""
    error = _CLASSES.get(fields["kind"], InviteError)(fields["full"])
    wait = fields["retryAfterMs"]
    error.kind = fields["kind"]
    error.message = fields["message"]
    error.advice = fields["advice"]
    error.status = fields["status"]
    error.code = fields["code"]
    error.errors = tuple(fields["errors"])
    error.request_id = fields["requestId"]
    error.attempts = fields["attempts"]
    error.retryable = fields["retryable"]
    error.retry_after = None if wait is None else timedelta(milliseconds=min(wait, 10**15))
    error.invite_may_exist = fields["inviteMayExist"]
    return error
