"""A run as an async iterator."""

from __future__ import annotations

import asyncio

from ._report import Progress, Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self


class Applying:
    """A run under way: an async iterator of `Progress`, to be used with `async with`.

    When the iteration ends, `report` has a line for everybody. Leaving the block before stops the run at
    once, without a report; applied again, it goes on.
    """

    def __init__(self, run: Callable[[Callable[[Progress], object]], Coroutine[Any, Any, Report]]) -> None:
        self._run = run
        self._told: asyncio.Queue[Progress | None] = asyncio.Queue()
        self._task: asyncio.Task[Report] | None = None

    @property
    def report(self) -> Report:
        """The run's report, once the iteration has ended."""
        if self._task is None or not self._task.done():
            raise RuntimeError("the run has not ended yet")
        return self._task.result()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(self._told.put_nowait))
        self._task.add_done_callback(lambda _: self._told.put_nowait(None))
        return self

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Progress:
        if self._task is None:
            raise RuntimeError("a run is begun by `async with`")
        progress = None if self._task.done() and self._told.empty() else await self._told.get()
        if progress is None:
            # What the run raised is raised here.
            self._task.result()
            raise StopAsyncIteration
        return progress

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])
