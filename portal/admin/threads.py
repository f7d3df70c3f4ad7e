"""Database work beside the event loop, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool

from portal.words import language, speaking

Answer = TypeVar("Answer")


async def in_thread(act: Callable[..., Answer], *given: Any) -> Answer:
    """Runs work in a thread, in the reader's language."""
    spoken = language()

    def run() -> Answer:
        with speaking(spoken):
            return act(*given)

    return await run_in_threadpool(run)
