"""What a clock measures, in words: the whole case, its first response, a step or an agency by name."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.releases import Live, sop_version
from portal.tables import Case, Clock
from portal.words import say


def measured(session: Session, live: Live, case: Case, clock: Clock) -> str:
    """Returns what a clock measures: `langkah Cek DTSEN`, `jawaban Dinas Sosial`."""
    name = clock.step
    if clock.kind == "step":
        step = sop_version(session, case.sop_version_id).steps.get(clock.step)
        name = step.label if step else name
    elif clock.kind == "referral":
        destination = live.schema.known.destinations.get(clock.step)
        name = destination.label if destination else name
    return say(f"clock-{clock.kind}", step=name)
