"""Threads that act as the portal, as the tests themselves do: a new thread begins without anybody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from portal.access import SYSTEM
from portal.wall import stand


def pool(threads: int) -> ThreadPoolExecutor:
    """Returns threads in which the portal itself acts."""
    return ThreadPoolExecutor(threads, initializer=lambda: stand(SYSTEM))
