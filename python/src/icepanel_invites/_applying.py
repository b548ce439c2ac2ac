"""A run as an async iterator."""

from __future__ import annotations

from ._native import cancelled
from ._report import Progress, Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine
    from typing import Any, final

    from typing_extensions import Self
else:
    from ._names import Any, Callable, Coroutine, final


@final
class Applying:
    """A running apply: an async iterator of `Progress`, for use with `async with`.

    When the iteration ends, `report` has a line for everybody. Leaving the block earlier stops the run immediately,
    without a report; the run continues when the plan is applied again. If the run fails, the iteration raises its
    exception, or the end of the block does if nothing iterates.
    """

    def __init__(self, run: Callable[[Callable[[Progress], object]], Coroutine[Any, Any, Report]]) -> None:
        import asyncio

        self._run = run
        self._queue: asyncio.Queue[Progress | None] = asyncio.Queue()
        self._task: asyncio.Task[Report] | None = None
        self._raised = False

    @property
    def report(self) -> Report:
        """The run's report, once the run has ended.

        A run that was left before its end has none: this raises `InviteCancelledError`.
        """
        if self._task is None or not self._task.done():
            raise RuntimeError("the run has not ended yet")
        return self._result(self._task)

    def _result(self, task: asyncio.Task[Report]) -> Report:
        # The task's own CancelledError would cancel the caller's task.
        if task.cancelled():
            raise cancelled("apply")
        self._raised = task.exception() is not None
        return task.result()

    async def __aenter__(self) -> Self:
        import asyncio

        self._task = asyncio.create_task(self._run(self._queue.put_nowait))
        self._task.add_done_callback(lambda _: self._queue.put_nowait(None))
        return self

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Progress:
        if self._task is None:
            raise RuntimeError("a run is begun by `async with`")
        progress = None if self._task.done() and self._queue.empty() else await self._queue.get()
        if progress is None:
            # An exception of the run is raised here.
            self._result(self._task)
            raise StopAsyncIteration
        return progress

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: object,
    ) -> None:
        task = self._task
        if task is None:
            return
        if not task.done():
            import asyncio

            task.cancel()
            await asyncio.wait([task])
        # An exception of the run, unless the block itself has failed: this marks it as retrieved for asyncio.
        if not task.cancelled() and task.exception() is not None and kind is None and not self._raised:
            self._result(task)


if not TYPE_CHECKING:
    Self = Applying
