"""The values of the API in annotations: type checkers propose them.

In an argument the checker reports a misspelled value; a value that only the service knows is written as
`Permission("observer")`. A result may be a value that this version does not know, and can be compared with any text.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from ._values import Actor, InviteStatus, Permission

    PermissionWord: TypeAlias = Literal["read", "write", "admin", "billing"] | Permission
    StatusWord: TypeAlias = Literal["active", "used", "revoked", "expired"] | InviteStatus
    ActorWord: TypeAlias = Literal["user", "api-key", "notification-key", "service"] | Actor
    ActionWord: TypeAlias = Literal["invite", "keep", "replace", "member", "revoke", "skip", "update", "remove"] | str
    OutcomeWord: TypeAlias = Literal["done", "kept", "skipped", "failed", "unknown", "changed", "deferred"] | str
    ReasonWord: TypeAlias = (
        Literal[
            "not_invited",
            "invited_before",
            "already_member",
            "member_with_other_permission",
            "last_invite_revoked",
            "max_invites_reached",
            "invited_as_wanted",
            "surplus_invites",
            "permission_differs",
            "landscapes_differ",
            "expires_too_soon",
            "not_on_roster",
            "invited",
            "replaced",
            "revoked",
            "invited_by_another",
            "invite_gone",
            "membership_ended",
            "plan_does_not_fit",
            "no_seat",
            "stopped",
            "run_ended",
            "request_failed",
            "revoke_incomplete",
            "not_verified",
            "member_with_other_landscapes",
            "ambiguous_member",
            "protected",
            "access_ended",
            "expires_too_late",
            "updated",
            "removed",
            "too_few_admins",
            "member_changed",
            "no_invites",
        ]
        | str
    )
    DifferenceWord: TypeAlias = Literal["permission", "landscapePermissions", "expiresAt"] | str
    KindWord: TypeAlias = (
        Literal[
            "invalid_input",
            "unauthorized",
            "forbidden",
            "not_found",
            "seats_exhausted",
            "conflict",
            "rejected",
            "rate_limited",
            "server",
            "timeout",
            "connection",
            "unexpected_answer",
            "outcome_unknown",
            "cancelled",
            "closed",
        ]
        | str
    )
else:
    PermissionWord = StatusWord = ActorWord = ActionWord = OutcomeWord = ReasonWord = DifferenceWord = KindWord = str
