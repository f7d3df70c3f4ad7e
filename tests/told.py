"""What an event tells beyond its own row, for tests that ask for it."""

from __future__ import annotations

from sqlalchemy import Engine

from portal.database import reading
from portal.events import reason_of, values_of
from portal.tables import Event


def told_reason(engine: Engine, event: Event) -> str:
    """Returns the reason that was typed for an event, empty once it is erased."""
    with reading(engine) as session:
        return reason_of(values_of(session, (event.id,)).get(event.id, {}))
