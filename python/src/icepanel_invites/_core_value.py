"""JSON of the core, with Python attributes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from . import _json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from typing_extensions import Self
else:
    from ._names import Any, Callable


def time(text: str | None) -> datetime | None:
    if text is None:
        return None
    whole = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return whole + timedelta(microseconds=int(text[20:-1][:6].ljust(6, "0") or 0))


def _copy(kind: type[CoreValue], value: dict[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = _json.copy(f"the {kind.__name__}", value)
    return copy


class CoreValue:
    """A value from the core. Immutable; equal if the content is equal."""

    __slots__ = ("_fields",)

    _fields: dict[str, Any]
    _shown: tuple[str, ...] = ()

    def __init__(self, value: dict[str, Any]) -> None:
        object.__setattr__(self, "_fields", value)

    def to_dict(self) -> dict[str, Any]:
        """The value as every language writes it: camelCase names, ready for `json`."""
        return _copy(type(self), self._fields)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """The value from a dict that `to_dict` made."""
        return cls(_copy(cls, fields))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        return self._fields == other._fields if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        import json

        return hash(json.dumps(self._fields, sort_keys=True))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
        return f"{type(self).__name__}({shown})"

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], Self], tuple[dict[str, Any]]]:
        return self.from_dict, (self._fields,)


if not TYPE_CHECKING:
    Self = CoreValue
