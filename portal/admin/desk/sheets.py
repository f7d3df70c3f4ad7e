"""The lists of the desk as they can be taken out: cases, one's tasks, the register of letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from portal import wall
from portal.access import may_record_in, within
from portal.admin.desk.base import Here
from portal.admin.desk.caselist import COLUMNS, TABLE, lines
from portal.admin.desk.worklist import TaskLine, worklist
from portal.admin.exports import BATCH, Sheet
from portal.admin.records.lens import Lens
from portal.admin.records.rows import Rows, batches, count
from portal.facts import calendar
from portal.releases import SessionNames
from portal.tables import IssuedLetter
from portal.words import say
from portal.worktime import long_date

PATH = "/unduh"
STATUSES = ("open", "closed")
LETTERS: Any = IssuedLetter.__table__


def cases(here: Here, status: str) -> Sheet:
    """Returns the cases that the person sees and may export, narrowed as on screen."""
    rows = Rows(source=TABLE, key=TABLE.c.id, where=(*_exported(here), *_status(status)))

    def cells(session: Session, columns: Sequence[str]) -> Iterator[Sequence[str]]:
        for batch in batches(session, rows, COLUMNS, BATCH):
            for line in lines(session, here, batch):
                yield [str(getattr(line, column)) for column in columns]

    heads = {
        "person": "person",
        "number": "number",
        "program": "program",
        "status": "stage",
        "area": "area",
        "opened": "opened",
    }
    return Sheet(
        name="cases",
        title=say("export-cases"),
        columns={name: say(f"desk-{slug}") for name, slug in heads.items()},
        count=lambda session, most: count(session, rows, most),
        rows=cells,
        back=f"/kasus?status={status}" if status else "/kasus",
        path=f"{PATH}/kasus",
        pairs=[("status", status)] if status else [],
    )


def letters(here: Here, status: str) -> Sheet:
    """Returns the register of the letters of cases that the person sees and may export, the newest first."""
    source = LETTERS.join(TABLE, TABLE.c.id == LETTERS.c.case_id)
    rows = Rows(source=source, key=LETTERS.c.id, where=_exported(here))
    of_letter = [LETTERS.c[name] for name in ("id", "number", "issued_at", "letter", "destination", "area")]
    schema = here.live.schema

    def cells(session: Session, columns: Sequence[str]) -> Iterator[Sequence[str]]:
        zone = calendar(schema).zone
        for batch in batches(session, rows, [*of_letter, TABLE.c.number.label("case_number")], BATCH):
            names = SessionNames(session, here.live, here.actor)
            for row in batch:
                said = {
                    "number": row.number or "",
                    "date": long_date(row.issued_at.astimezone(zone).date()),
                    "letter": _label(schema.known.letters, row.letter),
                    "to": _label(schema.known.destinations, row.destination or ""),
                    "case": row.case_number,
                    "area": names.area(row.area).split(",")[0],
                }
                yield [said[column] for column in columns]

    heads = {
        "number": "export-letter-number",
        "date": "export-letter-date",
        "letter": "export-letter",
        "to": "export-letter-to",
        "case": "desk-number",
        "area": "desk-area",
    }
    return Sheet(
        name="letters",
        title=say("export-letters"),
        columns={name: say(slug) for name, slug in heads.items()},
        count=lambda session, most: count(session, rows, most),
        rows=cells,
        back="/kasus",
        path=f"{PATH}/surat",
    )


def tasks(here: Here, status: str) -> Sheet:
    """Returns the worklist of the person, where they may export."""

    def found(session: Session) -> Iterator[tuple[str, TaskLine]]:
        schema = here.live.schema
        for group, some in worklist(session, here.live, here.actor, here.now, shown=100).groups.items():
            for line in some:
                if may_record_in(schema, here.actor, schema.subject(), "export", line.area):
                    yield say(f"tasks-group-{group}"), line

    def cells(session: Session, columns: Sequence[str]) -> Iterator[Sequence[str]]:
        for group, line in found(session):
            said = {
                "group": group,
                "person": line.person or say("desk-anonymous"),
                "program": line.program,
                "number": line.number,
                "step": line.step,
                "standing": line.standing_words,
            }
            yield [said[column] for column in columns]

    heads = {
        "group": "export-group",
        "person": "desk-person",
        "program": "desk-program",
        "number": "desk-number",
        "step": "export-step",
        "standing": "export-standing",
    }
    return Sheet(
        name="tasks",
        title=say("export-tasks"),
        columns={name: say(slug) for name, slug in heads.items()},
        count=lambda session, most: sum(1 for _ in found(session)),
        rows=cells,
        back="/tugas",
        path=f"{PATH}/tugas",
    )


SHEETS: Mapping[str, Callable[[Here, str], Sheet]] = {"kasus": cases, "surat": letters, "tugas": tasks}
"""What stands in the address, and the list it is."""


def _exported(here: Here) -> tuple[ColumnElement[bool], ...]:
    """The cases that the person sees, in the areas from which they may take people's data."""
    lens = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    granted = lens.granted("export")
    inside = true() if "" in granted else within(TABLE.c.area, granted)
    return wall.cases(here.live.schema, here.actor, "issued_letter"), inside


def _status(status: str) -> tuple[ColumnElement[bool], ...]:
    return (TABLE.c.status == status,) if status in STATUSES else ()


def _label(known: Mapping[str, Any], key: str) -> str:
    return str(known[key].label) if key in known else key
