"""The extension module. `icepanel_invites` exports its public names."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, Literal, TypeAlias, TypedDict, TypeVar, final, type_check_only

from typing_extensions import Self, Unpack, disjoint_base

from ._ensured import AlreadyMember, Created, Existing
from ._errors import InvalidInputError, InviteCancelledError
from ._values import Actor, InviteStatus, Permission
from ._words import DifferenceWord, KindWord, PermissionWord

__all__ = [
    "__version__",
    "Call",
    "Client",
    "Event",
    "Invite",
    "Member",
    "NewInvite",
    "Seats",
    "Sandbox",
    "Stop",
    "Stream",
    "apply",
    "cancelled",
    "check_plan",
    "check_roster",
    "dump",
    "ensured_differs_from",
    "invalid_input",
    "is_paid",
    "known",
    "plan",
    "plan_text",
    "read_plan",
    "read_roster",
    "renew",
    "report_text",
    "run_command",
    "write_roster",
]

__version__: str

_T_co = TypeVar("_T_co", covariant=True)
_Seconds: TypeAlias = float | timedelta

@type_check_only
class ClientOptions(TypedDict, total=False):
    """The keywords for creating a client."""

    # Written by `cargo xtask options`: keywords.
    base_url: str | None
    timeout: _Seconds | None
    connect_timeout: _Seconds | None
    read_timeout: _Seconds | None
    ca_certificate: str | bytes | None
    user_agent_suffix: str | None
    max_body_bytes: int | None
    idle_timeout: _Seconds | None
    # Written by `cargo xtask options` to here.
    max_attempts: int | None
    base_delay: _Seconds | None
    max_delay: _Seconds | None
    pacing: (
        Literal["documented", "none"]
        | dict[Literal["reads", "writes"], tuple[int, _Seconds] | Literal["documented", "none"] | None]
        | None
    )
    proxy: str | None
    client_certificate: str | bytes | None
    on_event: Callable[[Event], object] | None

@final
class Call(Generic[_T_co]):
    """A call that has not begun. It is run once: by `wait`, or by `future`."""

    def wait(self) -> _T_co:
        """Runs the call and waits for its result. Ctrl-C stops it."""
    def future(self) -> asyncio.Future[_T_co]:
        """Begins the call, and returns a future of the running event loop for its result."""
    def stop(self) -> None:
        """Stops what `future` began. The request is cancelled, and its result is ignored."""
    def stream(self) -> Stream:
        """Begins the call, whose result is returned in pieces, as they arrive."""

@final
class Stream:
    """An iterator of the pieces of a call: lists of invites. Closing it ends the request."""

    def __iter__(self) -> Iterator[list[Invite]]: ...
    def __next__(self) -> list[Invite]: ...
    def close(self) -> None:
        """Cancels the request, if it has not ended."""

@disjoint_base
class Client:
    """The common part of `InviteClient` and `AsyncInviteClient`: everything except the waiting."""

    def __new__(
        cls, api_key: str, organization_id: str, **options: Unpack[ClientOptions]
    ) -> Self: ...
    @classmethod
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """A client from the environment: `ICEPANEL_API_KEY`, `ICEPANEL_ORGANIZATION_ID`, and
        `ICEPANEL_BASE_URL` if it is set. The keywords are those of the constructor."""

    def with_options(
        self,
        *,
        timeout: _Seconds | None = None,
        max_attempts: int | None = None,
        base_delay: _Seconds | None = None,
        max_delay: _Seconds | None = None,
        on_event: Callable[[Event], object] | None = None,
    ) -> Self:
        """The same client with another time-out, retry policy or listener, for one call or many:
        `client.with_options(timeout=5).members()`. None is the default; options that are not named remain unchanged. It
        shares connections and limits with this one; if one of them is closed, both are."""

    @property
    def organization_id(self) -> str:
        """The organization's id."""

    @property
    def is_closed(self) -> bool:
        """Whether the client was closed."""

    def _close(self) -> None:
        """Ends all calls of this client and of those that share its state, and closes the connections."""
    def _list(self, **filter: object) -> Call[list[Invite]]: ...
    def _iter(self, tell: Callable[[list[Invite]], object] | None, **filter: object) -> Call[None]:
        """`tell` gets the invites as they arrive, in lists."""
    def _find_active(self, email: str) -> Call[Invite | None]: ...
    def _create(self, invite: NewInvite) -> Call[Invite]: ...
    def _ensure(self, invite: NewInvite) -> Call[Created | Existing | AlreadyMember]: ...
    def _revoke(self, invite_id: str) -> Call[Invite]: ...
    def _revoke_active(self, email: str) -> Call[list[Invite]]: ...
    def _members(self) -> Call[list[Member]]: ...
    def _update_member(
        self, member: str, permission: str, landscape_permissions: dict[str, bool] | None
    ) -> Call[Member]: ...
    def _remove_member(self, member: str) -> Call[Member | None]: ...
    def _seats(self) -> Call[Seats]: ...

@final
class Invite:
    """An invite of a person to the organization. Immutable.

    `status` is its status when the service returned it, by the service's clock. Times are aware
    and in UTC, to the microsecond; `to_dict` has them as the service wrote them.
    """

    __match_args__: ClassVar[tuple[Literal["email"], Literal["permission"], Literal["status"]]]
    @property
    def id(self) -> str:
        """The invite's id."""
    @property
    def organization_id(self) -> str:
        """The organization's id."""
    @property
    def email(self) -> str:
        """The address that was invited, in the letter case in which the service stores it."""
    @property
    def permission(self) -> Permission:
        """The person's permission as a member."""
    @property
    def landscape_permissions(self) -> dict[str, bool] | None:
        """Which landscapes the person may see, if that is limited."""
    @property
    def status(self) -> InviteStatus:
        """The status of the invite when the service returned it."""
    @property
    def expires_at(self) -> datetime:
        """When it expires."""
    @property
    def created_at(self) -> datetime:
        """When it was made, by the service's clock."""
    @property
    def created_by(self) -> Actor:
        """Who made it."""
    @property
    def created_by_id(self) -> str:
        """The id of who made it."""
    @property
    def revoked_at(self) -> datetime | None:
        """When it was revoked."""
    @property
    def revoked_by(self) -> Actor | None:
        """Who revoked it."""
    @property
    def revoked_by_id(self) -> str | None:
        """The id of who revoked it."""
    @property
    def used_at(self) -> datetime | None:
        """When it was accepted."""
    @property
    def used_by_user_id(self) -> str | None:
        """The id of the user who accepted it."""
    @property
    def is_active(self) -> bool:
        """Whether it was active when the service returned it."""
    def differs_from(self, asked: NewInvite, now: datetime | None = None) -> list[DifferenceWord]:
        """How the invite differs from what is asked for at an instant, the present one by default: fields of `to_dict`.

        By the rule by which a plan replaces it: another permission; other landscapes, if any are asked for; an earlier
        expiry. An expiry in some time from now may be half of that time earlier.
        """
    def to_dict(self) -> dict[str, Any]:
        """The fields of the API, and `status`: camelCase names, times as text, ready for `json`."""
    @staticmethod
    def from_dict(fields: dict[str, Any]) -> Invite:
        """The invite from a dict that `to_dict` made, or from one of the API. Without a `status`,
        it follows from this machine's clock."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class NewInvite:
    """A new invite: for lists of people to invite. Immutable.

    `expires` is an aware `datetime`, or a `timedelta` from when it is sent.
    """

    __match_args__: ClassVar[tuple[Literal["email"], Literal["permission"], Literal["expires"]]]
    def __new__(
        cls,
        email: str,
        permission: PermissionWord,
        expires: datetime | timedelta,
        *,
        landscape_permissions: dict[str, bool] | None = None,
        until: datetime | None = None,
    ) -> Self: ...
    @property
    def email(self) -> str:
        """The person's address. Sent as given, compared without letter case."""
    @property
    def permission(self) -> Permission:
        """The person's permission as a member."""
    @property
    def expires(self) -> datetime | timedelta:
        """When the invite expires: a `datetime`, or a `timedelta` from when it is sent."""
    @property
    def landscape_permissions(self) -> dict[str, bool] | None:
        """Which landscapes the person may see. None: the request does not mention landscapes."""
    @property
    def until(self) -> datetime | None:
        """When the person's access ends, or None.

        An invite never ends later. On a roster, the person is invited, and stays, until then; afterwards the invites are
        revoked, and with `prune_members` the member is removed."""
    def to_dict(self) -> dict[str, Any]:
        """`{"email", "permission", "expiresAt" or "expiresInMs", "landscapePermissions", "until"}`, ready for
        `json`."""
    @staticmethod
    def from_dict(fields: dict[str, Any]) -> NewInvite:
        """The invite from a dict that `to_dict` made. Only its form is checked."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __getnewargs_ex__(self) -> tuple[tuple[str, str, datetime | timedelta], dict[str, Any]]: ...

@final
class Member:
    """A member of the organization. Immutable."""

    __match_args__: ClassVar[tuple[Literal["email"], Literal["permission"], Literal["name"]]]
    @property
    def user_id(self) -> str:
        """The user's id."""
    @property
    def email(self) -> str:
        """The member's address."""
    @property
    def permission(self) -> Permission:
        """What the member may do."""
    @property
    def name(self) -> str | None:
        """The member's name."""
    @property
    def job_role(self) -> str | None:
        """The member's role at work."""
    @property
    def last_active_at(self) -> datetime | None:
        """When the member was last seen."""
    @property
    def landscape_permissions(self) -> dict[str, bool] | None:
        """Which landscapes the member may see, if that is limited."""
    def to_dict(self) -> dict[str, Any]:
        """As every language writes it: camelCase names, times as text, ready for `json`."""
    @staticmethod
    def from_dict(fields: dict[str, Any]) -> Member:
        """The member from a dict that `to_dict` made."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Seats:
    """The organization's paid seats. Immutable.

    `write` and `admin` take one, both for a member and for an active invite; the service assigns no more once `taken`
    and `promised` reach `paid`.
    """

    __match_args__: ClassVar[
        tuple[Literal["paid"], Literal["taken"], Literal["promised"], Literal["free"]]
    ]
    @property
    def paid(self) -> int:
        """Seats paid for."""
    @property
    def taken(self) -> int:
        """Members with `write` or `admin`."""
    @property
    def promised(self) -> int:
        """Active invites with `write` or `admin`."""
    @property
    def free(self) -> int:
        """Free seats: `paid` minus the other two, and never below zero."""
    def to_dict(self) -> dict[str, Any]:
        """`{"paid", "taken", "promised", "free"}`."""
    @staticmethod
    def from_dict(fields: dict[str, Any]) -> Seats:
        """The seats from a dict that `to_dict` made."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Event:
    """One attempt at a request, reported when it has ended. Immutable. No part of it contains the API key."""

    __match_args__: ClassVar[tuple[Literal["operation"], Literal["attempt"], Literal["status"]]]
    def __new__(
        cls,
        operation: str,
        attempt: int = 1,
        status: int | None = None,
        latency: timedelta = ...,
        error: KindWord | None = None,
        request_id: str | None = None,
        next: Literal["done", "retry", "look_up", "fail"] | str = "done",
        wait: timedelta | None = None,
    ) -> Self: ...
    @property
    def operation(self) -> str:
        """The request: `list_invites`, `create_invite`, `revoke_invite`, `list_members`,
        `update_member`, `remove_member` or `read_organization`."""
    @property
    def attempt(self) -> int:
        """The number of the attempt at this request, from 1."""
    @property
    def status(self) -> int | None:
        """The HTTP status, if there was a response."""
    @property
    def latency(self) -> timedelta:
        """The time from before the request was sent until its response was read or it failed."""
    @property
    def error(self) -> KindWord | None:
        """The kind of error, if there was one: `server`."""
    @property
    def request_id(self) -> str | None:
        """The service's id of the request."""
    @property
    def next(self) -> Literal["done", "retry", "look_up", "fail"] | str:
        """What happens next: `done`, `retry`, `look_up` (a list is read to find out whether a create or
        a change of a member was carried out) or `fail`."""
    @property
    def wait(self) -> timedelta | None:
        """How long the client waits before it sends the request again."""
    def to_dict(self) -> dict[str, Any]:
        """As every language writes it: camelCase names, spans in milliseconds, ready for `json`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Stop:
    """Stops a run: running steps are finished, further steps do not begin, and the report is returned.

    May be called from any thread.
    """

    def __new__(cls) -> Self: ...
    def stop(self) -> None:
        """Stops the run. A second time has no effect."""
    @property
    def is_stopped(self) -> bool:
        """Whether it was stopped."""

def cancelled(operation: str) -> InviteCancelledError:
    """The exception for a call that its caller has stopped, which Python raises."""

def invalid_input(message: str) -> InvalidInputError:
    """The exception for an invalid argument, which Python raises."""

def check_plan(plan: str, options: dict[str, Any]) -> None:
    """Rejects a plan that `apply` would reject with these options, by the figures in the plan."""

def check_roster(entries: str) -> None:
    """Rejects invalid entries and reports all of them together."""

def ensured_differs_from(
    created: bool, held: Invite | Member, asked: NewInvite, now: datetime | None = None
) -> list[DifferenceWord]:
    """How what an ensure returned, with this outcome, differs from what is asked for: fields of an invite in JSON."""

def is_paid(permission: str) -> bool:
    """Whether a permission costs a paid seat."""

def known(of: str) -> list[str]:
    """The values that this version knows of a type: `known("Permission")`."""

def plan(client: Client, roster: str, options: dict[str, Any]) -> Call[dict[str, Any]]:
    """The plan for a roster, as a call to be run."""

def plan_text(plan: str) -> str:
    """The text of a plan."""

def report_text(lines: list[tuple[str, str, str]], stopped: bool | None = None) -> str:
    """The text of the lines of a report: an outcome, an address and a note each. With `stopped` the text of the whole
    report."""

def read_roster(roster: str) -> dict[str, Any]:
    """The roster in this JSON, as the core writes it. All problems with its entries are reported together."""

def write_roster(entries: str) -> dict[str, Any]:
    """The roster of a list of entries, as the core writes it. The entries are not checked: they may come from the service."""

def read_plan(plan: str) -> dict[str, Any]:
    """A stored plan, as the core writes it. Anything else is rejected."""

def apply(
    client: Client,
    plan: str,
    options: dict[str, Any],
    stop: Stop | None,
    on_progress: Callable[[dict[str, Any]], object] | None,
) -> Call[dict[str, Any]]:
    """Applies a plan, as a call to be run. `on_progress` is called with a dict for each step."""

def dump(client: Client, members_expire: datetime | timedelta | None) -> Call[dict[str, Any]]:
    """The organization as a roster, as a call to be run."""

def renew(client: Client, target: str, expires: datetime | timedelta) -> Call[dict[str, Any]]:
    """Replaces an invite by one that expires later, as a call to be run."""

def run_command(args: list[str]) -> int:
    """Runs the command `icepanel-invites` with these arguments, the first of which is its name, and returns its exit code."""

@disjoint_base
class Sandbox:
    """A local server that responds as the documented API does."""

    API_KEY: ClassVar[str]
    def __new__(cls, state: Mapping[str, Any] | None = None) -> Self: ...
    @property
    def base_url(self) -> str:
        """Where the API is, as in `http://127.0.0.1:8080/v1`."""
    def set_state(self, state: Mapping[str, Any] | None = None) -> None:
        """Deletes its data and starts from this state."""
    def add_faults(self, *faults: Mapping[str, Any]) -> None:
        """Adds faults for the next requests, after the existing ones."""
    def mark_used(self, email_or_id: str) -> None:
        """Marks the newest active invite with this address or id as used, and makes the person a
        member."""
    def report(self) -> dict[str, Any]:
        """What happened since the state was set."""
    def close(self) -> None:
        """Ends the server and closes its connections."""
