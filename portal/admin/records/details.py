"""The page of one record: its facts, the records that point to it, its cases and its history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session

from portal import reads, twins, wall
from portal.access import may, may_in, may_record, may_record_in
from portal.admin.records.asked import Asked
from portal.admin.records.changed import field_of, sentences
from portal.admin.records.lens import Lens
from portal.admin.records.mine import seen_as
from portal.admin.records.narrow import rows_of
from portal.admin.records.rows import page
from portal.admin.records.twincards import beside
from portal.events import values_of
from portal.fields import AreaField, LinkField
from portal.releases import SessionNames
from portal.tables import Case, Event
from portal.words import LANGUAGES, language, say
from portal.worktime import clock, long_date

SHOWN = 10
"""So many linked records, cases and events a page shows."""


@dataclass(frozen=True, kw_only=True)
class Linked:
    """Records of a type that point to the one shown."""

    label: str
    lines: tuple[tuple[str, str, str], ...]
    """Title, what else tells it apart, and address."""
    more: str
    """The address of the whole list, empty when all are shown."""
    add: str
    """The address of a new one that points here, empty without the right."""
    one: str
    """The name of one of them."""


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One event of the history."""

    when: str
    who: str
    what: str
    values: tuple[str, ...] = ()
    """What changed, a sentence for each field."""


def find(lens: Lens, session: Session, key: int) -> Row[Any] | None:
    """Returns a row, None when it does not exist or lies outside the person's scope."""
    return session.execute(select(lens.table).where(lens.table.c.id == key, lens.scope)).one_or_none()


def detail(lens: Lens, session: Session, row: Row[Any]) -> dict[str, Any]:
    """Returns what the template of a record shows."""
    key = int(row._mapping[lens.table.c.id])
    lens = seen_as(lens, session, row)
    names = lens.names(session)
    lens.seen((row,), lens.record.fields)
    schema, actor = lens.live.schema, lens.actor
    return {
        "title": lens.title(row, names),
        "record": lens.record,
        "many": lens.many,
        "facts": tuple(_facts(lens, row, names)),
        "linked": tuple(_linked(lens, session, key)),
        "cases": _cases(lens, session, key) if lens.record.subject else (),
        "history": history(lens, session, key, names, SHOWN),
        "twins": beside(lens, session, key, area_of(lens, row) or ""),
        "path": f"/data/{lens.key}",
        "key": key,
        "may_edit": may_record_in(schema, actor, lens.key, "edit", area_of(lens, row)),
        "may_unmask": not lens.unmasked and may_unmask(lens, row),
        "may_register": lens.record.subject and may(schema, actor, "register"),
    }


def may_unmask(lens: Lens, row: Row[Any]) -> bool:
    """Tells whether something of a row is masked that the person may see in full for a reason."""
    may_here = may_in(lens.live.schema, lens.actor, "unmask", area_of(lens, row) or "")
    return may_here and any(
        sight == "masked" and row._mapping[lens.column(name)] is not None
        for name, sight in lens.sights.items()
    )


def area_of(lens: Lens, row: Row[Any]) -> str | None:
    """Returns the area of a row, None for a record type without one."""
    return None if lens.area is None else row._mapping[lens.area] or ""


def _facts(lens: Lens, row: Row[Any], names: SessionNames) -> Iterator[tuple[str, str, str]]:
    """Yields label, text and address of what is filled in, and at the end the names of what is not."""
    empty: list[str] = []
    for name in lens.visible(lens.record.fields):
        field, value = lens.record.fields[name], row._mapping[lens.column(name)]
        url = ""
        if (
            isinstance(field, LinkField)
            and value
            and may_record(lens.live.schema, lens.actor, field.to, "read")
        ):
            url = f"/data/{field.to}/details/{value}"
        yield field.label, lens.text(name, value, names), url
    if empty:
        yield say("list-not-filled"), ", ".join(empty), ""


def _linked(lens: Lens, session: Session, key: int) -> Iterator[Linked]:
    for other_key, record in lens.live.schema.records.items():
        other = lens.other(other_key)
        if not may_record(lens.live.schema, lens.actor, other_key, "read"):
            continue
        for name in other.plain(record.fields):
            field = record.fields[name]
            if isinstance(field, LinkField) and field.to == lens.key:
                yield _pointing(other, session, name, key)


def _pointing(other: Lens, session: Session, field: str, key: int) -> Linked:
    asked = Asked(filters={field: str(key)})
    found = page(session, rows_of(other, session, asked), [*other.table.c], None, SHOWN)
    names = other.names(session, short=True)
    may_add = may_record(other.live.schema, other.actor, other.key, "create")
    rest = [
        name
        for name in other.visible(other.record.list)
        if name != field
        and name not in other.title_fields
        and not isinstance(other.record.fields[name], AreaField)
    ]
    other.preload(names, rest, found.rows)
    other.seen(found.rows, rest)
    return Linked(
        label=other.many,
        lines=tuple(_link_line(other, row, rest, names) for row in found.rows),
        more=asked.url(f"/data/{other.key}/list") if found.after else "",
        add=f"/data/{other.key}/create?{urlencode({field: key})}" if may_add else "",
        one=other.record.label,
    )


def _link_line(other: Lens, row: Row[Any], rest: list[str], names: SessionNames) -> tuple[str, str, str]:
    here = other.at(row)
    said = (here.text(name, row._mapping[other.column(name)], names) for name in rest)
    url = f"/data/{other.key}/details/{row._mapping[other.table.c.id]}"
    return other.title(row, names), " · ".join(filter(None, said)), url


def called(lens: Lens) -> list[str]:
    """Returns the ids under which events name a record type: that of today and those it had."""
    renamed = lens.live.schema.past.renamed.get("records", {})
    return [lens.key, *(was for was, key in renamed.items() if key == lens.key)]


def _cases(lens: Lens, session: Session, key: int) -> tuple[tuple[str, str, str], ...]:
    schema = lens.live.schema
    found = session.execute(
        select(Case.id, Case.number, Case.program, Case.status)
        .where(Case.resident_id == key, wall.cases(schema, lens.actor))
        .order_by(Case.id.desc())
        .limit(SHOWN)
    ).all()
    reads.note("case", (case for case, *_ in found), {"number": "plain", "program": "plain"})
    return tuple(
        (
            schema.known.programs[program].label if program in schema.known.programs else program,
            f"{number} · {say('list-case-' + status)}",
            f"/kasus/{case}",
        )
        for case, number, program, status in found
    )


def history(lens: Lens, session: Session, key: int, names: SessionNames, most: int) -> tuple[Happened, ...]:
    """Returns what happened to a record, the newest first, at most so many events."""
    events = session.execute(
        select(Event.id, Event.at, Event.actor, Event.kind, Event.data)
        .where(Event.subject.in_(called(lens)), _of_family(session, key))
        .order_by(Event.id.desc())
        .limit(most)
    ).all()
    said = values_of(session, [number for number, *_ in events])
    return tuple(
        Happened(
            when=moment_of(lens, at),
            who=who,
            what=_what(lens, kind, data, told=number in said),
            values=sentences(lens, said.get(number, {}), names),
        )
        for number, at, who, kind, data in events
    )


def _of_family(session: Session, key: int) -> ColumnElement[bool]:
    """Returns the condition on what happened to a record and to those that were merged into it."""
    hidden = twins.hidden_of(session, key)
    told = and_(Event.subject_id.in_(hidden), Event.kind.not_like("record-%merged-away"))
    return or_(Event.subject_id == key, told) if hidden else Event.subject_id == key


def moment_of(lens: Lens, at: datetime) -> str:
    """Returns a moment as people of the office read it."""
    here = at.astimezone(ZoneInfo(lens.live.schema.office.time_zone))
    return f"{long_date(here.date())}, {clock(here)} {here.tzname() or ''}"


def _what(lens: Lens, kind: str, data: dict[str, Any], *, told: bool) -> str:
    """Returns what happened in words; a kind that has none is named as it is, erased values by field."""
    slug = f"list-event-{kind}"
    said = say(slug) if slug in LANGUAGES[language()] else kind
    changed = data.get("fields", ()) if kind == "record-changed" and not told else ()
    labels = [label for name in changed if (label := label_of(lens, name))]
    return f"{said}: {', '.join(labels)}" if labels else said


def label_of(lens: Lens, name: str) -> str | None:
    """Returns the label of a field that an event names, also a renamed or withdrawn one; None if hidden."""
    field = field_of(lens, name)
    return None if field is None or lens.sight_of(field, name) == "hidden" else field.label
