"""The patterns of `tests/scenarios/README.md`, and the times in them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Mismatch(Exception):
    """The first place where a value is not as its pattern says."""


def check(pattern: Any, actual: Any, path: str = "") -> None:
    """Compares a value with a pattern. A missing key counts as null."""
    if isinstance(pattern, dict) and any(key.startswith("$") for key in pattern):
        _operate(pattern, actual, path)
    elif isinstance(pattern, dict) and isinstance(actual, dict):
        for key, expected in pattern.items():
            check(expected, actual.get(key), f"{path}.{key}")
    elif isinstance(pattern, list) and isinstance(actual, list):
        _require(len(pattern) == len(actual), pattern, actual, path)
        for at, (expected, found) in enumerate(zip(pattern, actual)):
            check(expected, found, f"{path}[{at}]")
    else:
        # In Python True equals 1, in JSON it does not.
        same = isinstance(pattern, bool) == isinstance(actual, bool) and pattern == actual
        _require(same, pattern, actual, path)


def matches(pattern: Any, actual: Any) -> bool:
    try:
        check(pattern, actual)
    except Mismatch:
        return False
    return True


def _require(holds: bool, pattern: Any, actual: Any, path: str) -> None:
    if not holds:
        raise Mismatch(f"at {path or 'the top'}: expected {pattern!r}, found {actual!r}")


def _operate(pattern: dict[str, Any], actual: Any, path: str) -> None:
    names = sorted(pattern)
    argument = pattern[names[0]]
    if names == ["$absent"]:
        holds = actual is None
    elif names == ["$any"]:
        holds = actual is not None
    elif names == ["$not"]:
        holds = not matches(argument, actual)
    elif names == ["$some"]:
        holds = isinstance(actual, list) and any(matches(argument, one) for one in actual)
    elif names == ["$length"]:
        holds = isinstance(actual, list) and len(actual) == argument
    elif names == ["$unordered"]:
        holds = isinstance(actual, list) and len(actual) == len(argument)
        holds = holds and _pair_up(argument, actual)
    elif names in (["$contains"], ["$notContains"]):
        there = isinstance(actual, str) and argument.lower() in actual.lower()
        holds = isinstance(actual, str) and there == (names == ["$contains"])
    elif set(names) <= {"$min", "$max"}:
        holds = isinstance(actual, (int, float)) and not isinstance(actual, bool)
        holds = holds and pattern.get("$min", actual) <= actual <= pattern.get("$max", actual)
    elif names == ["$time", "toleranceMs"]:
        tolerance = timedelta(milliseconds=pattern["toleranceMs"])
        holds = isinstance(actual, str)
        holds = holds and abs(time(pattern["$time"]) - instant(actual)) <= tolerance
    else:
        raise Mismatch(f"at {path}: the pattern {names} is unknown")
    _require(holds, pattern, actual, path)


def _pair_up(patterns: list[Any], found: list[Any]) -> bool:
    """Whether each pattern can have a value of its own, whichever that takes."""
    if not patterns:
        return True
    return any(
        matches(patterns[0], one) and _pair_up(patterns[1:], found[:at] + found[at + 1 :])
        for at, one in enumerate(found)
    )


def time(text: str) -> datetime:
    """A time in a scenario: RFC 3339, or relative to now in whole milliseconds, as in `+7d`."""
    relative = re.fullmatch(r"([+-]\d+)([a-z]+)", text)
    if relative is None:
        return instant(text)
    now = datetime.now(timezone.utc)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    return now + timedelta(**{UNITS[relative[2]]: int(relative[1])})


def instant(text: str) -> datetime:
    """RFC 3339, with as many digits as there are; Python 3.10 reads three or six alone."""
    parts = re.fullmatch(r"([^.Z+]{19})(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", text)
    if parts is None:
        raise Mismatch(f"{text} is no time")
    digits = (parts[2] or "0")[:6].ljust(6, "0")
    zone = "+00:00" if parts[3] == "Z" else parts[3]
    return datetime.fromisoformat(f"{parts[1]}.{digits}{zone}")
