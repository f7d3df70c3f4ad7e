"""Watches every transaction of a test: one that changes a row without writing an event is a mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from portal.events import QUIET

_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
NOT_OURS = QUIET | {"alembic_version"}


@contextmanager
def watched(of: str = "") -> Iterator[list[str]]:
    """Gives the list in which each transaction that wrote to a table without an event is named.

    Args:
        of: the address of the one database to watch, where copies are made beside it.
    """
    silent: list[str] = []

    def begun(connection: Connection) -> None:
        connection.info["written"] = set()

    def written(connection: Connection, _cursor: object, statement: str, *_: Any) -> None:
        found = _WRITES.match(statement)
        if found is not None:
            connection.info.setdefault("written", set()).add(found[1].lower())

    def committed(connection: Connection) -> None:
        tables = connection.info.pop("written", set())
        # A word index says again what its table says; merging it changes nothing that anybody sees.
        told = sorted(each for each in tables - NOT_OURS if not each.endswith("_words"))
        if told and "event" not in tables and of in ("", str(connection.engine.url)):
            silent.append(", ".join(told))

    hooks = (("begin", begun), ("before_cursor_execute", written), ("commit", committed))
    for name, hook in hooks:
        event.listen(Engine, name, hook)
    try:
        yield silent
    finally:
        for name, hook in hooks:
            event.remove(Engine, name, hook)
