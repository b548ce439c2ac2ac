"""The values of the API. A value that this version does not know is stored as the service spells it."""

from __future__ import annotations

from ._native import is_paid, known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar, final

    from typing_extensions import Self
else:
    from ._names import final


class _Open(str):
    """A string of the API: equal to, hashed and pickled as that string."""

    __slots__ = ()

    KNOWN: tuple[str, ...] = ()

    def __new__(cls, value: str) -> Self:
        known = value.lower()
        return super().__new__(cls, known if known in cls.KNOWN else value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str.__repr__(self)})"

    @property
    def value(self) -> str:
        """The API's spelling, as a plain `str`."""
        return str.__str__(self)


@final
class Permission(_Open):
    """What a person may do in the organization.

    `write` and `admin` cost a paid seat, `read` and `billing` are free on every plan.

    >>> Permission.WRITE == "write", Permission("READ") is not None, Permission("observer")
    (True, True, Permission('observer'))
    >>> Permission.WRITE.is_paid
    True
    """

    __slots__ = ()

    KNOWN: tuple[str, ...] = tuple(known("Permission"))

    if TYPE_CHECKING:
        READ: ClassVar[Permission]
        WRITE: ClassVar[Permission]
        ADMIN: ClassVar[Permission]
        BILLING: ClassVar[Permission]

    @property
    def is_paid(self) -> bool:
        """Whether it costs a paid seat. For an undocumented value it is unknown, and this returns False."""
        return is_paid(self)


@final
class InviteStatus(_Open):
    """The status of an invite, by the service's clock.

    >>> InviteStatus.ACTIVE == "active"
    True
    """

    __slots__ = ()

    KNOWN: tuple[str, ...] = tuple(known("InviteStatus"))

    if TYPE_CHECKING:
        ACTIVE: ClassVar[InviteStatus]
        USED: ClassVar[InviteStatus]
        REVOKED: ClassVar[InviteStatus]
        EXPIRED: ClassVar[InviteStatus]


@final
class Actor(_Open):
    """The kind of actor. An invite made with a key always has `api-key`.

    >>> Actor.API_KEY == "api-key"
    True
    """

    __slots__ = ()

    KNOWN: tuple[str, ...] = tuple(known("Actor"))

    if TYPE_CHECKING:
        USER: ClassVar[Actor]
        API_KEY: ClassVar[Actor]
        NOTIFICATION_KEY: ClassVar[Actor]
        SERVICE: ClassVar[Actor]


for _class in (Permission, InviteStatus, Actor):
    _class.__module__ = "icepanel_invites"
    for _text in _class.KNOWN:
        setattr(_class, _text.upper().replace("-", "_"), _class(_text))

if not TYPE_CHECKING:
    Self = _Open
