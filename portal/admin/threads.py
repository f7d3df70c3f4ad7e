"""Database work beside the event loop, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from starlette.concurrency import run_in_threadpool

from portal import pressroom
from portal.words import language, speaking

Answer = TypeVar("Answer")
_turns: RunVar[CapacityLimiter] = RunVar("letters in turn")


async def in_thread(act: Callable[..., Answer], *given: Any) -> Answer:
    """Runs work in a thread, in the reader's language."""
    spoken = language()

    def run() -> Answer:
        with speaking(spoken):
            return act(*given)

    return await run_in_threadpool(run)


async def in_turn(act: Callable[..., Answer], *given: Any) -> Answer:
    """Prints as many at once as there are printers, in the order of asking; who waits keeps no thread."""
    try:
        turns = _turns.get()
    except LookupError:
        turns = CapacityLimiter(pressroom.printers())
        _turns.set(turns)
    return await to_thread.run_sync(act, *given, limiter=turns)
