"""A list of the wanted people."""

from __future__ import annotations

from . import _calls
from ._native import NewInvite, check_roster, read_roster, write_roster

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, final

    from typing_extensions import Self
else:
    from ._names import Any, Callable, Iterable, Iterator, Mapping, final


@final
class Roster:
    """The people who should be in the organization or invited to it, each once. Immutable.

    An entry is a `NewInvite`, or a mapping that its `to_dict` makes. All problems with the entries are reported
    together: an `InvalidInputError` whose `errors` has a line for each. The same person twice, in any letter case, is a
    problem.

    >>> from datetime import timedelta
    >>> Roster([NewInvite("ada@example.com", "read", timedelta(days=14))])
    Roster(1 person)
    >>> Roster([NewInvite("nobody", "read", timedelta(days=14))])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    icepanel_invites.InvalidInputError: the roster is invalid: entry 1: ...
    """

    __slots__ = ("entries",)

    entries: tuple[NewInvite, ...]
    """The people, in the order in which they were given."""

    def __init__(self, people: Iterable[NewInvite | Mapping[str, Any]]) -> None:
        given = tuple(people)
        check_roster(_calls.entries(given))
        entries = (each if isinstance(each, NewInvite) else NewInvite.from_dict(dict(each)) for each in given)
        object.__setattr__(self, "entries", tuple(entries))

    @classmethod
    def _of(cls, document: dict[str, Any]) -> Self:
        roster = cls.__new__(cls)
        object.__setattr__(roster, "entries", tuple(NewInvite.from_dict(each) for each in document["people"]))
        return roster

    def to_dict(self) -> dict[str, Any]:
        """`{"formatVersion": 1, "people": [...]}`, as every language and the command write a roster; ready for `json`."""
        return write_roster(_calls.entries(self.entries))

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any] | Iterable[Mapping[str, Any]]) -> Self:
        """The roster from a dict that `to_dict` made, or from a JSON file.

        The list of the people alone is read too. A roster of a newer version is an `InvalidInputError`.
        """
        return cls._of(read_roster(_calls.roster(fields)))

    def to_list(self) -> list[dict[str, Any]]:
        """The people alone, as in `to_dict`."""
        return [person.to_dict() for person in self.entries]

    @classmethod
    def from_list(cls, entries: Iterable[Mapping[str, Any]]) -> Self:
        """The roster from a list that `to_list` made. `from_dict` reads a list as well."""
        return cls.from_dict(entries)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Roster cannot be changed")

    def __iter__(self) -> Iterator[NewInvite]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __eq__(self, other: object) -> bool:
        return self.entries == other.entries if isinstance(other, Roster) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.entries)

    def __repr__(self) -> str:
        return f"Roster({len(self)} {'person' if len(self) == 1 else 'people'})"

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], Self], tuple[dict[str, Any]]]:
        return self._of, (self.to_dict(),)


if not TYPE_CHECKING:
    Self = Roster
