"""The result of `ensure`: a class for each outcome. Distinguish them with `match`, `isinstance` or `outcome`."""

from __future__ import annotations

from ._native import Invite, Member, NewInvite, ensured_differs_from
from ._words import DifferenceWord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any, ClassVar, Literal, TypeAlias, final
else:
    from ._names import Any, Callable, ClassVar, Literal, datetime, final


class _Ensured:
    __slots__ = ()

    outcome: ClassVar[str]

    def differs_from(self, asked: NewInvite, now: datetime | None = None) -> list[DifferenceWord]:
        """How the person's invite or membership differs from what is asked for: see `Invite.differs_from`.

        Of a member only the permission is compared, and an invite that was just created does not differ.
        """
        return ensured_differs_from(self.outcome == "created", self._of(), asked, now)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        return self._of() == other._of() if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.outcome, self._of()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._of()!r})"

    def __init_subclass__(cls) -> None:
        # Type checkers read `@final`; this is for run time.
        if cls.__base__ is not _Ensured and cls.__base__ is not _Invited:
            raise TypeError("a class of what `ensure` returns cannot be a base of another")

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Invite | Member]]:
        return type(self), (self._of(),)

    def _of(self) -> Invite | Member:
        raise NotImplementedError


class _Invited(_Ensured):
    __slots__ = ("invite",)
    __match_args__ = ("invite",)

    invite: Invite
    """The person's invite."""
    member: ClassVar[None] = None
    """None: the person is not a member."""

    def __init__(self, invite: Invite) -> None:
        object.__setattr__(self, "invite", invite)

    def _of(self) -> Invite:
        return self.invite

    def to_dict(self) -> dict[str, Any]:
        """As every language writes it: `{"outcome", "invite"}`."""
        return {"outcome": self.outcome, "invite": self.invite.to_dict()}


@final
class Created(_Invited):
    """The person had no active invite: this one was created, and an e-mail was sent. Immutable."""

    __slots__ = ()

    outcome: ClassVar[Literal["created"]] = "created"
    """`created`"""
    created: ClassVar[Literal[True]] = True
    """Whether an invite was created and an e-mail was sent."""


@final
class Existing(_Invited):
    """The person has this active invite. Immutable.

    It was made before, or by somebody else at the same time: its permission and expiry may differ from the request.
    """

    __slots__ = ()

    outcome: ClassVar[Literal["existing"]] = "existing"
    """`existing`"""
    created: ClassVar[Literal[False]] = False
    """Whether an invite was created and an e-mail was sent."""


@final
class AlreadyMember(_Ensured):
    """The person is already a member, and nothing was sent. Immutable."""

    __slots__ = ("member",)
    __match_args__ = ("member",)

    outcome: ClassVar[Literal["member"]] = "member"
    """`member`"""
    created: ClassVar[Literal[False]] = False
    """Whether an invite was created and an e-mail was sent."""
    invite: ClassVar[None] = None
    """None: the person needs no invite."""
    member: Member
    """The member."""

    def __init__(self, member: Member) -> None:
        object.__setattr__(self, "member", member)

    def _of(self) -> Member:
        return self.member

    def to_dict(self) -> dict[str, Any]:
        """As every language writes it: `{"outcome", "member"}`."""
        return {"outcome": self.outcome, "member": self.member.to_dict()}


if TYPE_CHECKING:
    Ensured: TypeAlias = Created | Existing | AlreadyMember
else:
    Ensured = Created | Existing | AlreadyMember

_CLASSES: dict[str, Callable[..., Ensured]] = {each.outcome: each for each in (Created, Existing, AlreadyMember)}


for _class in (Created, Existing, AlreadyMember):
    _class.__module__ = "icepanel_invites"


def ensured_from(outcome: str, of: Invite | Member) -> Ensured:
    """What the core returned, as its class."""
    return _CLASSES[outcome](of)
