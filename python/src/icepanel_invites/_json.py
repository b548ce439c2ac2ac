"""Python's values as JSON, which has no NaN and no infinity."""

from __future__ import annotations

from ._native import invalid_input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any
else:
    from ._names import Any, Iterator, Mapping


def dumps(what: str, value: object) -> str:
    """The value as JSON. `what` names it in the error."""
    import json

    try:
        return json.dumps(value, allow_nan=False)
    except ValueError as why:
        found = next(_not_in_json(what, value), None) if "JSON compliant" in str(why) else None
        raise invalid_input(f"{what}: {why}" if found is None else f"{found}, which is no number in JSON") from None


def copy(what: str, value: object) -> Any:
    """The value after a round trip through JSON."""
    import json

    return json.loads(dumps(what, value))


def _not_in_json(path: str, value: object) -> Iterator[str]:
    """The numbers in a value that JSON does not have, each with its path."""
    if isinstance(value, float) and value - value != 0:
        yield f"{path} is {value}"
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _not_in_json(f"{path}: {key}", each)
    elif isinstance(value, (list, tuple)):
        for number, each in enumerate(value, 1):
            yield from _not_in_json(f"{path}: entry {number}", each)
