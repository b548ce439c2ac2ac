"""The steps of both clients before a call: Python's arguments become those of the core."""

from __future__ import annotations

# The extension imports `_log`. Tools that freeze a program follow only Python's imports.
from . import _json, _log as _log, _native
from ._native import NewInvite
from ._report import Progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping
    from datetime import datetime, timedelta
    from typing import Any

    from ._native import Call, Client, Invite, Stop
    from ._plan import Plan
    from ._words import PermissionWord
else:
    from ._names import Mapping


def new_invite(
    invite: str | NewInvite,
    permission: PermissionWord | None,
    expires: datetime | timedelta | None,
    landscape_permissions: dict[str, bool] | None,
) -> NewInvite:
    if not isinstance(invite, NewInvite):
        if permission is None or expires is None:
            raise TypeError("an address needs a permission and an end: ('ada@example.com', 'read', timedelta(days=14))")
        return NewInvite(invite, permission, expires, landscape_permissions=landscape_permissions)
    if permission is not None or expires is not None or landscape_permissions is not None:
        raise TypeError("a NewInvite says it all; leave the other arguments out")
    return invite


def entries(people: Iterable[NewInvite | Mapping[str, Any]]) -> str:
    """A roster's people as the core reads them."""
    roster = []
    for person in people:
        if isinstance(person, NewInvite):
            roster.append(person.to_dict())
        elif isinstance(person, Mapping):
            roster.append(dict(person))
        else:
            raise TypeError(f"a roster has NewInvite objects or mappings in it, not {type(person).__name__}")
    return _json.dumps("the roster", roster)


def roster(given: Mapping[str, Any] | Iterable[NewInvite | Mapping[str, Any]]) -> str:
    """A roster as the core reads it: from people, or from JSON."""
    return _json.dumps("the roster", dict(given)) if isinstance(given, Mapping) else entries(given)


def plan(
    client: Client, people: Mapping[str, Any] | Iterable[NewInvite | Mapping[str, Any]], **options: object
) -> Call[dict[str, Any]]:
    return _native.plan(client, roster(people), options)


def each(call: Call[None]) -> Generator[Invite, None, None]:
    """The invites of a list, as they arrive."""
    stream = call.stream()
    try:
        for page in stream:
            yield from page
    finally:
        # If it is left before its end, the request ends with it.
        stream.close()


def apply(
    client: Client,
    plan: Plan | Mapping[str, Any],
    on_progress: Callable[[Progress], object] | None,
    stop: Stop | None,
    **options: object,
) -> Call[dict[str, Any]]:
    if on_progress is not None and not callable(on_progress):
        raise TypeError("on_progress must be callable")
    listener = None if on_progress is None else lambda value: on_progress(Progress(value))
    document = _json.dumps("the plan", dict(plan) if isinstance(plan, Mapping) else plan.to_dict())
    return _native.apply(client, document, options, stop, listener)
