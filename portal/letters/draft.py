"""A letter before it is issued: the context of a real case marked as a draft, without drawing a number."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.facts import answers_of, step_answers, today
from portal.fields import FieldType, Value
from portal.letters.context import Wanted, context
from portal.models import lists_of
from portal.releases import Live, sop_version
from portal.tables import Case
from portal.words import speaking


def draft(session: Session, live: Live, case: Case, letter: str, *, now: datetime) -> dict[str, Any]:
    """Returns what a letter about a case would say today, with what the case's steps have answered so far."""
    return drafted(session, live, case, wanted_of(session, live, case, letter), now=now)


def drafted(session: Session, live: Live, case: Case, wanted: Wanted, *, now: datetime) -> dict[str, Any]:
    """Returns what a letter would say today with what is asked of it."""
    limit = live.schema.known.letters[wanted.letter].valid_for
    valid_until = today(live.schema, now) + timedelta(days=limit.amount) if limit else None
    with speaking("id"):
        return context(session, live, case, wanted, now=now, number=None, valid_until=valid_until, draft=True)


def wanted_of(session: Session, live: Live, case: Case, letter: str) -> Wanted:
    """Returns what is asked of a letter as the steps of the case that issue it ask it now."""
    sop, row = sop_version(session, case.sop_version_id), answers_of(session, live, case)
    program = live.schema.known.programs.get(case.program)
    destination = program.destination if program else None
    fields: dict[str, FieldType] = dict(live.schema.known.letters[letter].fields)
    form: dict[str, Value] = {}
    for key, step in sop.steps.items():
        if getattr(step, "letter", None) != letter:
            continue
        fields |= step.answer_fields(lists_of(live.schema))
        form |= {
            name: value for name, value in step_answers(live, sop, row, key).items() if value is not None
        }
        destination = getattr(step, "destination", None) or destination
    chosen = form.get("destination")
    return Wanted(
        letter=letter,
        destination=chosen if isinstance(chosen, str) else destination,
        form=form,
        form_fields=fields,
    )
