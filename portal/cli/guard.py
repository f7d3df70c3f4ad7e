"""The guard of the door: connections that say nothing, or only little by little, are let go.

uvicorn waits for ever for the rest of a request's head, and its limit of connections counts those that wait
as well as those that work, so a few hundred silent ones would keep everybody out. Here each stage has its
time, and when there are too many connections the one that has been silent longest makes room for the next.
"""

from __future__ import annotations

import asyncio
import resource
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LONGEST_HEAD = 32 * 1024
"""Bytes of a request's head that are kept while it is incomplete; the shield allows half."""
CONNECTIONS = 1000
"""How many connections are open at once; 50 desks with browsers of six each need 300."""
SPARE_FILES = 200
"""File descriptors for what is no connection: databases, letters, logs."""


class GuardedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 with a time for each stage of a request and a limit of connections."""

    head_seconds = 10.0
    """From the first byte of a request, or the connection, to the end of its head."""
    body_seconds = 90.0
    """From there to the end of the body, also of one that no page reads."""
    answer_seconds = 600.0
    """From there until the answer is taken: a long list over a weak line."""
    most = CONNECTIONS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._timer: asyncio.TimerHandle | None = None
        self._stage = ""
        self._since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the time of the first head, and makes room where there is none."""
        super().connection_made(transport)
        self._enter("head")
        if len(self.connections) > self.most:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Takes what arrives; what breaks the parser ends this connection and nothing else."""
        if self._stage == "idle":
            self._enter("head")
        try:
            super().data_received(data)
        except h11.LocalProtocolError:
            # A second, malformed request while the first is being answered: there is no way to say so.
            self.transport.abort()
        self._follow()

    def on_response_complete(self) -> None:
        """Waits for the next request once this one is answered."""
        super().on_response_complete()
        self._follow()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops the time."""
        self._enter("")
        super().connection_lost(exc)

    def _follow(self) -> None:
        """Enters the stage in which the parser is."""
        if self.transport.is_closing() and self.cycle is None:
            return
        theirs, ours = self.conn.their_state, self.conn.our_state
        if theirs is h11.SEND_BODY:
            self._enter("body")
        elif theirs is h11.IDLE:
            self._enter("head" if self.conn.trailing_data[0] else "idle")
        elif ours in (h11.SEND_RESPONSE, h11.SEND_BODY):
            self._enter("answer")

    def _enter(self, stage: str) -> None:
        """Starts the time of a stage; one that goes on keeps its time."""
        if stage == self._stage:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._stage, self._since = stage, self.loop.time()
        if stage in ("head", "body", "answer"):
            self._timer = self.loop.call_later(getattr(self, f"{stage}_seconds"), self._give_up)

    def _give_up(self) -> None:
        self._timer = None
        if self.transport is not None:
            self.transport.abort()

    def _make_room(self) -> None:
        """Ends the connection that has been silent longest; those at work are left alone."""
        silent = [
            each
            for each in self.connections
            if isinstance(each, GuardedProtocol) and each._stage in ("head", "idle")
        ]
        # There is always one: this very connection has said nothing yet.
        oldest = min(silent, key=lambda each: each._since)
        self.connections.discard(oldest)
        oldest.transport.abort()


def allow_many_connections() -> int:
    """Raises the process's limit of open files as far as needed and sets the limit of connections below it.

    Returns:
        How many connections may be open at once.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    GuardedProtocol.most = (
        CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, max(soft - SPARE_FILES, 50))
    )
    return GuardedProtocol.most
