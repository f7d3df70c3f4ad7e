"""Ends its process by SIGKILL at the n-th point of its work on a database, around statements and commits."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event


class Points:
    """Counts the points on the live database; the copies of a rehearsal are others."""

    def __init__(self, live: str, at: int, report: str) -> None:
        self.live = live
        self.at = at
        self.report = report
        self.passed = 0

    def install(self) -> None:
        """Listens to every engine of the process."""
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "after_cursor_execute", self._statement)
        event.listen(Engine, "commit", self._met)
        event.listen(Engine, "engine_disposed", self._engine)

    def _statement(self, connection: Connection, *_: Any) -> None:
        self._met(connection)

    def _met(self, connection: Connection) -> None:
        self._engine(connection.engine)

    def _engine(self, engine: Engine) -> None:
        # A copy on PostgreSQL differs in the options of its address, one on SQLite in the file.
        if engine.url.render_as_string(hide_password=False) != self.live:
            return
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.report:
            Path(self.report).write_text(str(self.passed), "utf-8")


def install_from_environment() -> None:
    """Installs what KILL_LIVE (the address), KILL_AT (the point) and KILL_REPORT (a file) ask for."""
    live = os.environ.get("KILL_LIVE")
    if live:
        Points(live, int(os.environ.get("KILL_AT", "0")), os.environ.get("KILL_REPORT", "")).install()
