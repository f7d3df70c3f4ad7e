"""The generated screens: views of each record type, of each SOP's answers and of the reference lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Engine

from portal.admin.records.answers import answers_view
from portal.admin.records.pages import RecordPages
from portal.admin.records.reference import destinations_view, programs_view
from portal.admin.records.view import record_view
from portal.releases import Live

__all__ = ["RecordPages", "record_view", "views_of"]


def views_of(live: Live, engine: Engine, clock: Callable[[], datetime]) -> Iterator[type[RecordPages]]:
    """Yields fresh view classes for everything that a Release keeps in generated tables."""
    for key in live.schema.records:
        yield record_view(live, engine, key, clock)
    yield programs_view(live, engine, clock)
    yield destinations_view(live, engine, clock)
    for key in live.schema.sops:
        yield answers_view(live, engine, key, clock)
