"""Attempts in Python's log: DEBUG for an attempt, WARNING for one that is retried."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging

    from ._native import Event

_logger: logging.Logger | None = None


def wanted() -> int:
    """0: nothing is logged; 1: retries; 2: every attempt."""
    global _logger
    if _logger is None:
        # A program that logs has imported this already; for others it would triple the time of the import.
        if "logging" not in sys.modules:
            return 0
        import logging

        _logger = logging.getLogger("icepanel_invites")
        # Without any handler, Python would write warnings to stderr.
        _logger.addHandler(logging.NullHandler())
    if _logger.isEnabledFor(10):
        return 2
    return 1 if _logger.isEnabledFor(30) else 0


def write(event: Event) -> None:
    """Logs an attempt. The event is `record.event`."""
    if _logger is None:
        return
    again = event.next in ("retry", "look_up")
    level = 30 if again else 10
    if not _logger.isEnabledFor(level):
        return
    status = "no response" if event.status is None else event.status
    text = "%s, attempt %d: %s after %.1f ms"
    arguments = [event.operation, event.attempt, status, event.latency.total_seconds() * 1e3]
    if event.error is not None:
        text += ", %s"
        arguments.append(event.error)
    if event.wait is not None:
        text += "; sent again in %.3f s"
        arguments.append(event.wait.total_seconds())
    elif event.next == "look_up":
        text += "; reading the list to find out whether the invite was made"
    _logger.log(level, text, *arguments, extra={"event": event})
