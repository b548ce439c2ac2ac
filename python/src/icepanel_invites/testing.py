"""A sandbox of the service inside the process, to test your own code without a network.

>>> from datetime import timedelta
>>> with Sandbox({"seats": 3}) as sandbox, sandbox.client() as client:
...     _ = client.create("ada@example.com", "write", timedelta(days=7))
...     sandbox.mark_used("ada@example.com")
...     print(client.seats())
...     print(sandbox.report()["invitesMade"])
Seats(paid=3, taken=1, promised=0, free=2)
{'ada@example.com': 1}

With pytest, the fixture `icepanel_sandbox` is there once the package is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Optional

from . import _native
from ._asyncio import AsyncInviteClient
from ._blocking import InviteClient

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from ._native import ClientOptions
else:
    # The stub has them. Annotations at run time only show that there are keywords of any kind.
    ClientOptions, Unpack = Any, Optional

__all__ = ["Sandbox"]


class Sandbox(_native.Sandbox):
    """A local server that responds as the documented API does, on loopback and from memory.

    `state` is the data of the service at the start; `{}` and None are the same. It has the form of
    the sandbox's control API: `seats`, `members`, `invites`, `generate`, `rateLimit`, `behaviour`,
    `faults` and others, with times as RFC 3339 or relative to now (`+7d`, `-90s`).

    >>> sandbox = Sandbox({"invites": [{"email": "ada@example.com", "permission": "read"}]})
    >>> [invite.email for invite in sandbox.client().list()]
    ['ada@example.com']
    >>> sandbox.add_faults({"fault": "status", "on": "create", "status": 503})
    >>> sandbox.close()
    """

    _state: Mapping[str, Any]

    def __init__(self, state: Mapping[str, Any] | None = None) -> None:
        self._state = state or {}

    def set_state(self, state: Mapping[str, Any] | None = None) -> None:
        """Deletes its data and starts from this state."""
        super().set_state(state)
        self._state = state or {}

    def client(self, *, skip_waits: bool = True, **options: Unpack[ClientOptions]) -> InviteClient:
        """A client of this sandbox, with its key and organization.

        With `skip_waits`, the default, the waits between attempts take no time: the client's clock jumps instead. There
        is no rate limit unless `pacing` sets one. The time for which the client reads the list before it retries a
        create is skipped too, so a test that repeats a cancelled call first waits until `report()["inFlight"]` is 0.
        """
        return InviteClient(*self._account(), **self._options(skip_waits, options))

    def async_client(
        self, *, skip_waits: bool = True, **options: Unpack[ClientOptions]
    ) -> AsyncInviteClient:
        """As `client`, for asyncio."""
        return AsyncInviteClient(*self._account(), **self._options(skip_waits, options))

    def _account(self) -> tuple[str, str]:
        key = self._state.get("apiKey", self.API_KEY)
        return key, self._state.get("organizationId", "sandbox")

    def _options(self, skip_waits: bool, options: Mapping[str, Any]) -> dict[str, Any]:
        own = {"base_url": self.base_url, "_skip_waits": skip_waits, "pacing": "none"}
        return {**own, **options}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: object,
    ) -> None:
        self.close()


if not TYPE_CHECKING:
    Self = Sandbox
