"""The client for asyncio: each method makes a call of the core and awaits it."""

from __future__ import annotations

from . import _calls, _native
from ._applying import Applying
from ._ensured import Ensured
from ._native import Call, Client, Invite, Member, NewInvite, Seats, Stop
from ._plan import Plan
from ._report import Progress, Renewed, Report
from ._roster import Roster
from ._words import ActorWord, PermissionWord, StatusWord

TYPE_CHECKING = False
if TYPE_CHECKING:
    # In a class with a method `list`, the name means the method.
    from builtins import list as List
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta
    from typing import Any, TypeVar, overload

    from typing_extensions import Self

    T = TypeVar("T")
else:
    from ._names import Any, AsyncGenerator, Callable, Iterable, List, Mapping, Sequence, datetime, overload, timedelta


async def _run(call: Call[T]) -> T:
    future = call.future()
    try:
        return await future
    except BaseException:
        # The task was cancelled, or its loop is ending: the request ends with it.
        call.stop()
        raise


async def _each(begin: Callable[[Callable[[List[Invite]], object]], Call[None]]) -> AsyncGenerator[Invite, None]:
    import asyncio

    pages: asyncio.Queue[List[Invite] | None] = asyncio.Queue()
    call = begin(pages.put_nowait)
    future = call.future()
    future.add_done_callback(lambda _: pages.put_nowait(None))
    try:
        while (page := await pages.get()) is not None:
            for invite in page:
                yield invite
        await future
    finally:
        # If it is left before its end, the request ends with it.
        call.stop()
        future.cancel()


class AsyncInviteClient(Client):
    """A handle on the invites of one organization, for asyncio.

    The methods and keywords of `InviteClient`, to be awaited. It may be used from several event
    loops, one after another or at the same time. A task that is cancelled, also by
    `asyncio.timeout`, stops its request. `on_event` is called on the event loop.

    >>> import asyncio
    >>> from datetime import timedelta
    >>> from icepanel_invites.testing import Sandbox
    >>> async def main() -> None:
    ...     with Sandbox() as sandbox:
    ...         async with sandbox.async_client() as client:
    ...             ensured = await client.ensure("ada@example.com", "read", timedelta(days=14))
    ...             print(ensured.outcome)
    >>> asyncio.run(main())
    created
    """

    async def list(
        self,
        *,
        status: StatusWord | None = None,
        email: str | None = None,
        permission: PermissionWord | None = None,
        created_by: ActorWord | None = None,
        expiring_within: float | timedelta | None = None,
    ) -> List[Invite]:
        """The invites that match the keywords; see `InviteClient.list`."""
        return await _run(self._list(
            status=status,
            email=email,
            permission=permission,
            created_by=created_by,
            expiring_within=expiring_within,
        ))

    def iter(
        self,
        *,
        status: StatusWord | None = None,
        email: str | None = None,
        permission: PermissionWord | None = None,
        created_by: ActorWord | None = None,
        expiring_within: float | timedelta | None = None,
    ) -> AsyncGenerator[Invite, None]:
        """The invites of `list` one after another; see `InviteClient.iter`. For `async for`.

        As with every asynchronous generator, the request of a loop that was left ends when the iterator is closed: soon
        after, by the event loop, or immediately, by `contextlib.aclosing`.
        """
        filter = {
            "status": status,
            "email": email,
            "permission": permission,
            "created_by": created_by,
            "expiring_within": expiring_within,
        }
        return _each(lambda tell: self._iter(tell, **filter))

    async def find_active(self, email: str) -> Invite | None:
        """The active invite of an address; see `InviteClient.find_active`."""
        return await _run(self._find_active(email))

    @overload
    async def create(
        self,
        email: NewInvite,
        permission: None = None,
        expires: None = None,
        *,
        landscape_permissions: None = None,
    ) -> Invite: ...

    @overload
    async def create(
        self,
        email: str,
        permission: PermissionWord,
        expires: datetime | timedelta,
        *,
        landscape_permissions: dict[str, bool] | None = None,
    ) -> Invite: ...

    async def create(
        self,
        email: str | NewInvite,
        permission: PermissionWord | None = None,
        expires: datetime | timedelta | None = None,
        *,
        landscape_permissions: dict[str, bool] | None = None,
    ) -> Invite:
        """Sends one invite, once; see `InviteClient.create`."""
        return await _run(self._create(_calls.new_invite(email, permission, expires, landscape_permissions)))

    @overload
    async def ensure(
        self,
        email: NewInvite,
        permission: None = None,
        expires: None = None,
        *,
        landscape_permissions: None = None,
    ) -> Ensured: ...

    @overload
    async def ensure(
        self,
        email: str,
        permission: PermissionWord,
        expires: datetime | timedelta,
        *,
        landscape_permissions: dict[str, bool] | None = None,
    ) -> Ensured: ...

    async def ensure(
        self,
        email: str | NewInvite,
        permission: PermissionWord | None = None,
        expires: datetime | timedelta | None = None,
        *,
        landscape_permissions: dict[str, bool] | None = None,
    ) -> Ensured:
        """Makes sure that the person is a member or has exactly one active invite; see `InviteClient.ensure`."""
        return await _run(self._ensure(_calls.new_invite(email, permission, expires, landscape_permissions)))

    async def revoke(self, invite_id: str) -> Invite:
        """Revokes an invite; see `InviteClient.revoke`."""
        return await _run(self._revoke(invite_id))

    async def revoke_active(self, email: str) -> List[Invite]:
        """Revokes every active invite of an address; see `InviteClient.revoke_active`."""
        return await _run(self._revoke_active(email))

    async def update_member(
        self, member: str, permission: PermissionWord, *, landscape_permissions: dict[str, bool] | None = None
    ) -> Member:
        """Changes the permission of a member, and the landscapes if they are given; see `InviteClient.update_member`."""
        return await _run(self._update_member(member, permission, landscape_permissions))

    async def remove_member(self, member: str) -> Member | None:
        """Removes a member, who loses access at once; see `InviteClient.remove_member`."""
        return await _run(self._remove_member(member))

    async def plan(
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
        """What `apply` would change (a dry run); see `InviteClient.plan`."""
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
        return Plan(await _run(call))

    async def apply(
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
        """Applies a plan; see `InviteClient.apply`. `on_progress` is called on the event loop."""
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
        return Report(await _run(call))

    def applying(
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
        stop: Stop | None = None,
    ) -> Applying:
        """As `apply`, step by step: an async iterator of `Progress`.

        >>> import asyncio
        >>> from datetime import timedelta
        >>> from icepanel_invites import NewInvite
        >>> from icepanel_invites.testing import Sandbox
        >>> async def main() -> None:
        ...     with Sandbox() as sandbox:
        ...         async with sandbox.async_client() as client:
        ...             plan = await client.plan([NewInvite("ada@example.com", "read", timedelta(days=14))])
        ...             async with client.applying(plan) as run:
        ...                 async for progress in run:
        ...                     print(progress.done, "of", progress.total)
        ...             print(run.report.complete)
        >>> asyncio.run(main())
        1 of 1
        True
        """
        return Applying(
            lambda tell: self.apply(
                plan,
                partial=partial,
                prune_at_most=prune_at_most,
                prune_share=prune_share,
                remove_at_most=remove_at_most,
                remove_share=remove_share,
                invite_at_most=invite_at_most,
                admins_at_most=admins_at_most,
                on_progress=tell,
                stop=stop,
            )
        )

    async def dump(self, *, members_expire: datetime | timedelta | None = None) -> Roster:
        """The organization as a roster; see `InviteClient.dump`."""
        return Roster._of(await _run(_native.dump(self, members_expire)))

    async def renew(self, target: str, expires: datetime | timedelta) -> Renewed:
        """Replaces an invite by one that expires later; see `InviteClient.renew`."""
        return Renewed(await _run(_native.renew(self, target, expires)))

    async def members(self) -> List[Member]:
        """The members of the organization, by user id."""
        return await _run(self._members())

    async def seats(self) -> Seats:
        """Paid seats; see `InviteClient.seats`."""
        return await _run(self._seats())

    async def aclose(self) -> None:
        """Closes the client; see `InviteClient.close`. Running calls in other tasks raise `ClosedError`."""
        self._close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: object,
    ) -> None:
        self._close()


if not TYPE_CHECKING:
    Self = AsyncInviteClient
