"""What happened to a case, in sentences: each event, and below it the values that it changed."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.admin.desk.asked import again_field
from portal.admin.desk.cards import Eyes
from portal.admin.desk.caseletters import may_with
from portal.admin.records.changed import sentence
from portal.events import REASON, Pair, reason_of, values_of
from portal.facts import calendar
from portal.fields import FieldType, TextField
from portal.models import lists_of
from portal.releases import Live
from portal.schema import Sop
from portal.steps import StepType
from portal.tables import Case, Event
from portal.words import LANGUAGES, language, say
from portal.worktime import moment

HISTORY = 200
Told = tuple[str, str, str, tuple[str, ...]]
"""When, who, what, and the values that changed."""


ABOUT: Mapping[str, tuple[str, ...]] = {
    "steps": ("case-", "step-", "task-"),
    "papers": ("documents-",),
    "letters": ("letter-",),
    "referrals": ("referral-",),
    "notes": ("note-", "visit-", "accompaniment-", "photo"),
}
"""What the history can be narrowed to, and how the kinds of such events begin."""


def history(session: Session, eyes: Eyes, followed: Sequence[Sop], case: Case, about: str = "") -> list[Told]:
    """Returns what happened to a case, the newest first, without letters that the person may not know of.

    Args:
        about: a key of ABOUT to narrow it to; anything else is all of it.
    """
    live = eyes.live
    query = select(Event).where(Event.subject == "case", Event.subject_id == case.id)
    if about in ABOUT:
        query = query.where(or_(*(Event.kind.startswith(each) for each in ABOUT[about])))
    found = session.scalars(query.order_by(Event.id.desc()).limit(HISTORY))
    rows = [
        row for row in found if "letter" not in row.data or may_with(eyes, str(row.data["letter"]), "see")
    ]
    said = values_of(session, [row.id for row in rows])
    fields = _fields(live, followed)
    zone = calendar(live.schema).zone
    return [
        (
            moment(row.at.astimezone(zone)),
            row.actor,
            _sentence(live, followed, row, reason_of(said.get(row.id, {}))),
            tuple(_changes(eyes, fields, row, said.get(row.id, {}))),
        )
        for row in rows
    ]


def _fields(live: Live, followed: Sequence[Sop]) -> Mapping[str, FieldType]:
    """The fields of all steps by `step.field`, as events name them; the case's own version says it first."""
    lists, fields = lists_of(live.schema), dict[str, FieldType](again=again_field())
    for sop in reversed(followed):
        for step_id, step in sop.steps.items():
            fields |= {f"{step_id}.{key}": each for key, each in step.answer_fields(lists).items()}
    fields[REASON] = TextField(type="text", label=say("acts-reason"))
    return fields


def _changes(
    eyes: Eyes, fields: Mapping[str, FieldType], event: Event, said: Mapping[str, Pair]
) -> Iterator[str]:
    told = {REASON} if "{reason}" in LANGUAGES[language()].get(_slug(event), "") else ()
    for name, pair in said.items():
        field = fields.get(name)
        if field is not None and name not in told:
            yield from sentence(field, eyes.sight(field, "", name), pair, eyes.names)


def _sentence(live: Live, followed: Sequence[Sop], event: Event, reason: str) -> str:
    """An event in words; what its data name by id is said by label."""
    data = event.data
    steps = ChainMap(*(dict(sop.steps) for sop in followed))
    step, to = steps.get(str(data.get("step"))), steps.get(str(data.get("to")))
    letter = live.schema.known.letters.get(str(data.get("letter")))
    destination = live.schema.known.destinations.get(str(data.get("destination")))
    outcome = live.schema.known.outcomes.get(str(data.get("outcome")))
    documents = live.schema.known.documents
    papers = [documents[key].label for key in data.get("documents", {}) if key in documents]
    slug = _slug(event)
    if slug not in LANGUAGES[language()]:
        return event.kind
    return say(
        slug,
        number=data.get("number") or "-",
        step=step.label if step else data.get("step", ""),
        to=to.label if to else data.get("to", ""),
        why=data.get("why", ""),
        letter=letter.label if letter else data.get("letter", ""),
        destination=destination.label if destination else data.get("destination", ""),
        outcome=outcome.label if outcome else data.get("outcome", ""),
        reply=say(f"reply-{data['reply']}") if "reply" in data else "",
        documents=", ".join(papers),
        after=data.get("to", ""),
        reason=reason or data.get("label", ""),
        clock=say(f"clock-{data['clock']}", step=step.label if step else "") if "clock" in data else "",
        **_acts(live, steps, data),
    ).rstrip()


def _acts(live: Live, steps: Mapping[str, StepType], data: Mapping[str, Any]) -> Mapping[str, str]:
    """What the events of acts beside the steps name, by label."""
    flag, complaint = live.schema.known.flags.get(str(data.get("flag"))), data.get("complaint")
    known = live.schema.known.complaints.get(str(complaint))
    several = data.get("elsewhere") or (data.get("steps") if isinstance(data.get("steps"), list) else ())
    return {
        "flag": flag.label if flag else str(data.get("flag", "")),
        "complaint": known.label if known else str(complaint or ""),
        "area": live.places.full_name(str(data["area"])) if data.get("area") else "",
        "steps": ", ".join(steps[key].label if key in steps else key for key in several or ()),
    }


def _slug(event: Event) -> str:
    if event.kind == "letter-issued" and not event.data.get("number"):
        return "event-letter-unnumbered"
    if event.kind == "step-corrected" and event.data.get("elsewhere"):
        return "event-step-corrected-elsewhere"
    return "event-case-followed" if event.data.get("wording") else f"event-{event.kind}"
