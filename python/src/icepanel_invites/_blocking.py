"""The client for blocking code: each method makes a call of the core and waits for it."""

from __future__ import annotations

from . import _calls, _native
from ._ensured import Ensured
from ._native import Client, Invite, Member, NewInvite, Seats, Stop
from ._plan import Plan
from ._report import Progress, Renewed, Report
from ._roster import Roster
from ._words import ActorWord, PermissionWord, StatusWord

TYPE_CHECKING = False
if TYPE_CHECKING:
    # In a class with a method `list`, the name means the method.
    from builtins import list as List
    from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta
    from typing import Any, overload

    from typing_extensions import Self
else:
    from ._names import Any, Callable, Generator, Iterable, List, Mapping, Sequence, datetime, overload, timedelta


class InviteClient(Client):
    """A handle on the invites of one organization, for blocking code.

    It may be shared by threads, and can be used after a fork. All calls of a client share connections and the state of
    the rate limits, so create one and reuse it.

    The key is `<id>:<hex secret>`; only an admin of the organization can create one. Every wait has
    a limit; times are seconds or a `timedelta`:

    | keyword | default | |
    |---|---|---|
    | `base_url` | `https://api.icepanel.io/v1` | https, or http on loopback |
    | `connect_timeout` | 10 s | making a connection, TLS included |
    | `read_timeout` | 30 s | the first byte of a response, and each further read of it |
    | `timeout` | 120 s | a whole call: its attempts, and the waits between them |
    | `idle_timeout` | 30 s | how long a connection that is not used remains open |
    | `max_attempts` | 4 | how often one request may be sent; 1: no retry |
    | `base_delay`, `max_delay` | 0.25 s, 8 s | the longest wait after the first failure, and after any |
    | `pacing` | `"documented"` | the rate limit: 2,400 reads and 60 writes a minute; `{"writes": (120, 60)}`; `"none"` |
    | `proxy` | the environment's | `http://[user:password@]host:port` |
    | `ca_certificate` | only the system's | authorities to trust in addition, PEM text or bytes |
    | `client_certificate` | none | for a gateway that requires one: chain and private key in one PEM text or bytes |
    | `user_agent_suffix` | none | the name of your program |
    | `max_body_bytes` | 256 MiB | the longest response that is read |
    | `on_event` | none | called with an `Event` for each attempt, on the thread that makes the call |

    >>> from datetime import timedelta
    >>> from icepanel_invites.testing import Sandbox
    >>> sandbox = Sandbox()
    >>> with InviteClient(sandbox.API_KEY, "sandbox", base_url=sandbox.base_url) as client:
    ...     invite = client.create("ada@example.com", "read", timedelta(days=14))
    ...     print(invite.status, [other.email for other in client.list(status="active")])
    active ['ada@example.com']
    """

    def list(
        self,
        *,
        status: StatusWord | None = None,
        email: str | None = None,
        permission: PermissionWord | None = None,
        created_by: ActorWord | None = None,
        expiring_within: float | timedelta | None = None,
    ) -> List[Invite]:
        """The invites that match the keywords, in the service's order.

        The service has no paging: its response has every invite that ever existed. It is decoded while it downloads,
        and only the matching invites are stored. Letter case in `email` is ignored. `expiring_within`, seconds or a
        `timedelta`, selects active invites that expire within this time from now, by the service's clock.
        """
        return self._list(
            status=status,
            email=email,
            permission=permission,
            created_by=created_by,
            expiring_within=expiring_within,
        ).wait()

    def iter(
        self,
        *,
        status: StatusWord | None = None,
        email: str | None = None,
        permission: PermissionWord | None = None,
        created_by: ActorWord | None = None,
        expiring_within: float | timedelta | None = None,
    ) -> Generator[Invite, None, None]:
        """The invites of `list` one after another, while they download, and never all of them in memory.

        Leaving the loop cancels the request. Each invite is returned once, as it came first, even if the request is
        retried in between.

        >>> from icepanel_invites.testing import Sandbox
        >>> with Sandbox({"generate": {"invites": 1000, "active": 1000, "seed": 1}}) as sandbox, sandbox.client() as client:
        ...     for number, invite in enumerate(client.iter(), 1):
        ...         if number == 10:
        ...             break
        >>> number
        10
        """
        call = self._iter(
            None,
            status=status,
            email=email,
            permission=permission,
            created_by=created_by,
            expiring_within=expiring_within,
        )
        return _calls.each(call)

    def find_active(self, email: str) -> Invite | None:
        """The active invite of an address, letter case ignored. If there are several, the oldest."""
        return self._find_active(email).wait()

    @overload
    def create(
        self,
        email: NewInvite,
        permission: None = None,
        expires: None = None,
        *,
        landscape_permissions: None = None,
    ) -> Invite: ...

    @overload
    def create(
        self,
        email: str,
        permission: PermissionWord,
        expires: datetime | timedelta,
        *,
        landscape_permissions: dict[str, bool] | None = None,
    ) -> Invite: ...

    def create(
        self,
        email: str | NewInvite,
        permission: PermissionWord | None = None,
        expires: datetime | timedelta | None = None,
        *,
        landscape_permissions: dict[str, bool] | None = None,
    ) -> Invite:
        """Sends one invite, once. The service e-mails the person.

        `expires` is an aware `datetime` or a `timedelta` from now. If the response is lost, the client reads the list
        to find out whether the invite was made, and sends the create again only if it was not; if it cannot find out,
        it raises `OutcomeUnknownError`. With any other error no invite was made. `create` does not check whether the
        person is already invited or a member: `ensure` does.
        """
        return self._create(_calls.new_invite(email, permission, expires, landscape_permissions)).wait()

    @overload
    def ensure(
        self,
        email: NewInvite,
        permission: None = None,
        expires: None = None,
        *,
        landscape_permissions: None = None,
    ) -> Ensured: ...

    @overload
    def ensure(
        self,
        email: str,
        permission: PermissionWord,
        expires: datetime | timedelta,
        *,
        landscape_permissions: dict[str, bool] | None = None,
    ) -> Ensured: ...

    def ensure(
        self,
        email: str | NewInvite,
        permission: PermissionWord | None = None,
        expires: datetime | timedelta | None = None,
        *,
        landscape_permissions: dict[str, bool] | None = None,
    ) -> Ensured:
        """Makes sure that the person is a member or has exactly one active invite.

        A member is returned as a member, and a person with an active invite gets that invite, regardless of its
        permission or expiry. Otherwise an invite is created. If several workers, on one machine or many, do this at the
        same time, all return the same invite and the others are revoked.
        """
        return self._ensure(_calls.new_invite(email, permission, expires, landscape_permissions)).wait()

    def revoke(self, invite_id: str) -> Invite:
        """Revokes an invite. One that is already revoked is returned unchanged."""
        return self._revoke(invite_id).wait()

    def revoke_active(self, email: str) -> List[Invite]:
        """Revokes every active invite of an address, and returns them as revoked. It is not an error if there is none.

        If it raises, some may have been revoked by then; make the same call again to revoke the others.
        """
        return self._revoke_active(email).wait()

    def update_member(
        self, member: str, permission: PermissionWord, *, landscape_permissions: dict[str, bool] | None = None
    ) -> Member:
        """Changes the permission of a member, and the landscapes if they are given.

        `member` is a user id or the member's own address, letter case ignored. The client reads the list
        of members and sends the permission and the landscapes: those that are given, otherwise those that
        the member has. If the member has all this already, nothing is sent. The change is effective at
        once. `write` and `admin` need a paid seat; `read` and `billing` make it free again.

        The call may be made twice without harm. After a lost response the list of members shows whether
        the change was made.

        Raises `NotFoundError` if there is no such member, `SeatsExhaustedError` if no paid seat is free,
        and, before anything is sent, `ConflictError` if several members have the address or if the member
        is the only admin of the organization, who cannot get another permission.
        """
        return self._update_member(member, permission, landscape_permissions).wait()

    def remove_member(self, member: str) -> Member | None:
        """Removes a member from the organization, and returns this member; None if there is no such member.

        `member` is a user id or the member's own address, letter case ignored. The person loses access at
        once, and the paid seat is free again. There is no undo: the person needs a new invite. An active
        invite of the person is not revoked: `revoke_active` does that.

        The call may be made twice without harm. After a lost response the list of members shows whether
        the member is gone.

        Raises `ConflictError`, before anything is sent, if several members have the address or if the
        member is the only admin of the organization, who cannot be removed.
        """
        return self._remove_member(member).wait()

    def plan(
        self,
        roster: Roster | Iterable[NewInvite | Mapping[str, Any]] | Mapping[str, Any],
        *,
        margin: float | timedelta | None = None,
        prune: bool = False,
        skip_revoked: bool = False,
        max_invites: int | None = None,
        allow_empty: bool = False,
        manage_members: bool = False,
        prune_members: bool = False,
        protect: Sequence[str] = (),
        min_admins: int | None = None,
        allow_domains: Sequence[str] | None = None,
        expiring_within: float | timedelta | None = None,
        no_invites: bool = False,
    ) -> Plan:
        """Compares the organization with a roster, and returns what `apply` would change (a dry run). Changes nothing.

        `margin`, seconds or a `timedelta`, is how much sooner than wanted an active invite may expire without being
        replaced. The default is zero for an expiry given as an instant, and half of a duration. With `prune`, active
        invites for people who are not on the roster are to be revoked; for an empty roster, only with `allow_empty`.
        With `skip_revoked`, people whose last invite was revoked are not invited again. With `max_invites`, people who
        had this number of invites, in any status, are not invited again. With `no_invites`, for offboarding, nobody is
        invited and no active invite is replaced. The action of such people is `skip`.

        With `manage_members`, members are given the permission and the landscapes of the roster. With
        `prune_members`, members who are not on the roster, or whose access has ended, are removed; it
        needs `protect`, the addresses of members who are neither removed nor demoted. The organization
        keeps at least `min_admins` admins, 1 unless given. A roster with an address in none of
        `allow_domains` is an `InvalidInputError`. `plan.expiring` lists whose access ends
        `expiring_within`, seconds or a `timedelta`, from now.

        >>> from datetime import timedelta
        >>> from icepanel_invites import NewInvite
        >>> from icepanel_invites.testing import Sandbox
        >>> with Sandbox() as sandbox, sandbox.client() as client:
        ...     plan = client.plan([NewInvite("ada@example.com", "read", timedelta(days=14))])
        ...     print(plan.steps[0])
        ...     print(client.apply(plan).counts["done"])
        Step(email='ada@example.com', action='invite', reason='neither invited nor a member')
        1
        """
        call = _calls.plan(
            self,
            roster,
            margin=margin,
            prune=prune,
            skip_revoked=skip_revoked,
            max_invites=max_invites,
            allow_empty=allow_empty,
            manage_members=manage_members,
            prune_members=prune_members,
            protect=protect,
            min_admins=min_admins,
            allow_domains=allow_domains,
            expiring_within=expiring_within,
            no_invites=no_invites,
        )
        return Plan(call.wait())

    def apply(
        self,
        plan: Plan | Mapping[str, Any],
        *,
        partial: bool = False,
        prune_at_most: int | None = None,
        prune_share: float | None = None,
        remove_at_most: int | None = None,
        remove_share: float | None = None,
        invite_at_most: int | None = None,
        admins_at_most: int | None = None,
        on_progress: Callable[[Progress], object] | None = None,
        stop: Stop | None = None,
    ) -> Report:
        """Applies a plan, and reports the result for every person.

        Everything is read again first, and what has changed since the plan was made is reported, not
        overwritten. Where the seats do not suffice nothing is done at all, unless `partial` is asked
        for. Pruning more than 10 people, or more than a quarter of those who have an active invite,
        needs `prune_at_most`, or `prune_share`, from 0 to 1, of those who have one; `plan.pruning` says
        so beforehand. `remove_at_most` and `remove_share` are the same for members who are removed, and
        `plan.removal`. Past `invite_at_most` people to be invited, or `admins_at_most` people to be
        invited as admins or made admins, nothing is done at all. `on_progress` is called with a `Progress` when a step has ended, on
        this thread. `stop.stop()`, from any thread, finishes what is under way and leaves the rest;
        Ctrl-C ends the run at once, without a report. Applied again it goes on.

        Errors after the first request that changes something do not raise: they are in the report.
        """
        call = _calls.apply(
            self,
            plan,
            on_progress,
            stop,
            partial=partial,
            prune_at_most=prune_at_most,
            prune_share=prune_share,
            remove_at_most=remove_at_most,
            remove_share=remove_share,
            invite_at_most=invite_at_most,
            admins_at_most=admins_at_most,
        )
        return Report(call.wait())

    def dump(self, *, members_expire: datetime | timedelta | None = None) -> Roster:
        """The organization as a roster: everybody with an active invite, the oldest first.

        The members come before them if `members_expire` is given: a member has no expiry, so this
        one is written into the roster.
        """
        return Roster._of(_native.dump(self, members_expire).wait())

    def renew(self, target: str, expires: datetime | timedelta) -> Renewed:
        """Replaces the active invite of a person, named by its id or the address, by one that expires later.

        The new one is made first, so that the person always has one; a paid one therefore needs a free seat while both
        exist. An invite that already expires late enough remains active. An address whose active invites differ in
        permission or landscapes is a `ConflictError` that names their ids.
        """
        return Renewed(_native.renew(self, target, expires).wait())

    def members(self) -> List[Member]:
        """The members of the organization, by user id."""
        return self._members().wait()

    def seats(self) -> Seats:
        """Paid seats: bought, taken by members, promised to active invites, free."""
        return self._seats().wait()

    def close(self) -> None:
        """Closes this client and all clients that share its state: those made from it, and those it was made from.

        Running calls in other threads raise `ClosedError`, and so does every later call. Closing twice has no effect.
        """
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: object,
    ) -> None:
        self._close()


if not TYPE_CHECKING:
    Self = InviteClient
