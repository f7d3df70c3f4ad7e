"""A paper about many cases: the register, the monthly report, the minutes of a village meeting.

What it lists is what its issuer sees of cases in the office's area; names and numbers stand on it as that
person sees them on screen. It is numbered, frozen, printed and checked as any letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal import wall
from portal.access import Actor, Forbidden, sees, within
from portal.events import hold, record
from portal.facts import today
from portal.fields import NikField, Value
from portal.indonesian import MONTHS
from portal.letters import Frozen, freeze, last_day
from portal.letters.context import NO_LIST, NO_REPLY, NO_TICKET
from portal.letters.numbers import LETTER_NUMBER, book_of, give
from portal.letters.parts import office_part, signer_parts
from portal.letters.proof import NO_PROOF
from portal.models import answer_fields, column_name
from portal.releases import Live, SessionNames
from portal.rights import may_letter, reads_all
from portal.schema import Letter, Schema
from portal.tables import Case, IssuedLetter
from portal.words import say, speaking

NAMES = "number opened channel sector program complaint description priority needs"
"""What a letter about one case says of it."""
MOST = 2_000
"""So many cases one paper lists at most."""


class TooMany(Exception):
    """More cases fit than one paper lists."""


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month of the calendar."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """Returns the month of a day."""
        return cls(year=day.year, month=day.month)

    @classmethod
    def parse(cls, text: str) -> Month | None:
        """Returns the month of `2026-11`, None for anything else."""
        year, _, month = text.partition("-")
        known = year.isdigit() and month.isdigit() and year.isascii() and month.isascii()
        if not known or len(year) != 4 or len(month) != 2 or not 1 <= int(month) <= 12 or int(year) < 1900:
            return None
        return cls(year=int(year), month=int(month))

    def __str__(self) -> str:
        """Returns it as `2026-11`."""
        return f"{self.year:04}-{self.month:02}"

    @property
    def label(self) -> str:
        """Returns it as people write it."""
        return f"{MONTHS[self.month - 1]} {self.year}"

    @property
    def first(self) -> date:
        """Returns its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Returns its last day."""
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What is asked of a paper about many cases."""

    letter: str
    centre: str
    month: Month
    form: Mapping[str, Value]


def listed(session: Session, live: Live, actor: Actor, ask: Ask, *, now: datetime) -> dict[str, Any]:
    """Returns what the paper says before it has a number, as plain JSON values.

    Raises:
        TooMany: more cases fit than one paper lists.
    """
    schema = live.schema
    letter, centre = schema.known.letters[ask.letter], schema.known.centres[ask.centre]
    rows = _cases(session, live, actor, ask, letter)
    day = today(schema, now)
    last = last_day(letter, day)
    fields = {column_name(k): (f, ask.form.get(k)) for k, f in letter.asked().items() if k != LETTER_NUMBER}
    known = [row.resident_id for row in rows if row.resident_id is not None and row.access == "normal"]
    names, niks = SessionNames(session, live, actor), _niks(session, live, known)
    names.preload(schema.subject(), known)
    eyes = _Eyes(session=session, live=live, actor=actor, names=names, niks=niks)
    with speaking("id"):
        return {
            **_bare(live),
            "letter": {
                "number": None,
                "date": day.isoformat(),
                "place": centre.place,
                "urgency": letter.urgency or say("letter-ordinary"),
                "attachments": "-",
                "subject": letter.subject or letter.label,
                "title": letter.label,
                "valid_until": last.isoformat() if last else None,
                "draft": True,
                "paper": letter.paper,
                **NO_PROOF,
                "copies": [],
            },
            "office": office_part(live.places, centre, centre.area),
            "signers": list(signer_parts(letter, centre, day)),
            "form": {key: _shown(each, value) for key, (each, value) in fields.items()},
            "period": _period(ask, letter, day),
            "cases": [] if letter.lists == "totals" else [_line(eyes, row) for row in rows],
            "totals": list(_totals(live, rows, ask, letter, now)),
        }


def issue_listed(session: Session, live: Live, actor: Actor, ask: Ask, *, now: datetime) -> IssuedLetter:
    """Issues a paper about many cases: number, data and row in one transaction; the caller commits.

    Raises:
        Forbidden: the actor may not issue such papers in this office.
        TooMany, NumberRefused: as `listed` and `numbers.give`.
    """
    schema = live.schema
    letter, centre = schema.letters[ask.letter], schema.known.centres[ask.centre]
    allowed = may_letter(schema, actor, ask.letter, "issue", centre.area) and reads_all(
        schema, actor, centre.area
    )
    if not letter.about_many or not allowed:
        raise Forbidden(ask.letter)
    hold(session)
    data = listed(session, live, actor, ask, now=now)
    typed = str(ask.form.get(LETTER_NUMBER) or "")
    given = give(session, book_of(schema, ask.letter, ask.centre, now), typed)
    data["letter"] |= {"number": given.number, "draft": False}
    frozen = Frozen(
        letter=ask.letter,
        area=centre.area,
        office=centre.area,
        data=data,
        given=given,
        valid_until=last_day(letter, today(schema, now)),
    )
    issued = freeze(session, live, frozen, actor=actor, now=now)
    said = {"letter": ask.letter, "number": given.number, "issued_letter": issued.id, "month": str(ask.month)}
    told = {"kind": "letter-issued", "subject": "letter", "subject_id": issued.id, "data": said}
    record(session, actor=actor, now=now, **told)  # type: ignore[arg-type]
    return issued


def _bare(live: Live) -> dict[str, Any]:
    """The names of a letter about one case, empty: a template may ask about them."""
    subject = live.schema.records[live.schema.subject()]
    resident = dict.fromkeys((*map(column_name, subject.fields), "kk", "age", "honorific", "full_address"))
    answers: dict[str, dict[str, None]] = {}
    for sop in live.schema.sops.values():
        for step, key, _ in answer_fields(live.schema, sop):
            answers.setdefault(column_name(step), {})[column_name(key)] = None
    case = dict.fromkeys(NAMES.split())
    return {
        **NO_LIST,
        "to": {"addressee": None, "office": None, "place": None, "lines": []},
        "resident": resident,
        "family": [],
        "case": case,
        "registry": dict.fromkeys(("registered", "decile", "checked_on", "checked_by")),
        "documents": [],
        "reply_by": None,
        "reply": dict(NO_REPLY),
        "ticket": dict(NO_TICKET),
        "answers": answers,
    }


def _shown(field: Any, value: Value) -> str | None:
    return value.isoformat() if isinstance(value, date) else field.show(value) or None


def _period(ask: Ask, letter: Letter, day: date) -> dict[str, str]:
    if letter.lists == "open":
        return {"label": say("listed-open"), "since": day.isoformat(), "until": day.isoformat()}
    first, last = ask.month.first.isoformat(), ask.month.last.isoformat()
    return {"label": ask.month.label, "since": first, "until": last}


def _within(live: Live, month: Month) -> tuple[datetime, datetime]:
    """The moments between which a month lies in the office's zone."""
    zone = ZoneInfo(live.schema.office.time_zone)
    after = month.last + timedelta(days=1)
    return datetime.combine(month.first, time(), zone), datetime.combine(after, time(), zone)


def _cases(session: Session, live: Live, actor: Actor, ask: Ask, letter: Letter) -> Sequence[Case]:
    schema = live.schema
    where: list[ColumnElement[bool]] = [
        wall.cases(schema, actor),
        within(Case.area, [schema.known.centres[ask.centre].area]),
    ]
    if letter.sop is not None:
        where.append(Case.sop == letter.sop)
    since, until = _within(live, ask.month)
    if letter.lists == "open":
        where.append(Case.status == "open")
    else:
        opened = and_(Case.opened_at >= since, Case.opened_at < until)
        closed = and_(Case.closed_at >= since, Case.closed_at < until)
        where.append(or_(opened, closed))
    rows = session.scalars(select(Case).where(*where).order_by(Case.opened_at, Case.id).limit(MOST + 1)).all()
    if len(rows) > MOST:
        raise TooMany
    return rows


@dataclass(frozen=True, kw_only=True)
class _Eyes:
    """Who makes a paper, and what that person sees."""

    session: Session
    live: Live
    actor: Actor
    names: SessionNames
    niks: Mapping[int, str]
    """The NIK of residents by their key."""


def _line(eyes: _Eyes, row: Case) -> dict[str, Any]:
    """A case as a paper lists it; a sensitive one is counted and says nothing of whom and what.

    The paper lies where whoever works in the office may read it, and not only those who may open the case.
    """
    schema, known = eyes.live.schema, eyes.live.schema.known
    program, complaint = known.programs.get(row.program), known.complaints.get(row.complaint)
    outcome = known.outcomes.get(row.outcome or "")
    line: dict[str, Any] = {
        "number": row.number,
        "opened": today(schema, row.opened_at).isoformat(),
        "name": say("listed-restricted"),
        "nik": None,
        "address": None,
        "program": say("listed-restricted"),
        "complaint": None,
        "channel": None,
        "status": say(f"stage-{row.stage}"),
        "outcome": None,
        "settled": today(schema, row.closed_at).isoformat() if row.closed_at else None,
    }
    if row.access != "normal":
        return line
    named = eyes.names.record(schema.subject(), row.resident_id) if row.resident_id else None
    return line | {
        "name": named or say("letter-anonymous"),
        "nik": _nik(eyes, row),
        "address": eyes.names.area(row.area).split(",")[0],
        "program": (program.short or program.label) if program else row.program,
        "complaint": complaint.label if complaint else row.complaint,
        "channel": known.channels[row.channel].label if row.channel in known.channels else row.channel,
        "outcome": outcome.label if outcome else None,
    }


def _nik(eyes: _Eyes, row: Case) -> str | None:
    """The NIK as the issuer sees it on screen: plain, masked, or not at all."""
    schema, subject = eyes.live.schema, eyes.live.schema.subject()
    value = eyes.niks.get(row.resident_id or 0)
    named = _nik_field(schema)
    if value is None or named is None:
        return None
    sight = sees(schema, eyes.actor, named[1], subject, named[0], row.area)
    return None if sight == "hidden" else value if sight == "plain" else named[1].mask(value)


def _niks(session: Session, live: Live, residents: Sequence[int]) -> Mapping[int, str]:
    named = _nik_field(live.schema)
    if named is None:
        return {}
    model = live.models.records[live.schema.subject()]
    nik = getattr(model, column_name(named[0]))
    found = session.execute(select(model.id, nik).where(model.id.in_(residents), nik.is_not(None)))
    return {row.id: row[1] for row in found}


def _nik_field(schema: Schema) -> tuple[str, NikField] | None:
    fields = schema.records[schema.subject()].fields.items()
    return next(((key, each) for key, each in fields if isinstance(each, NikField)), None)


def _totals(
    live: Live, rows: Sequence[Case], ask: Ask, letter: Letter, now: datetime
) -> Iterator[dict[str, str]]:
    """A line for each programme, and one for all: received and settled in the month, open and late now."""
    since, until = _within(live, ask.month)
    known = live.schema.known.programs
    by: dict[str, list[Case]] = {}
    for row in rows:
        label = known[row.program].label if row.program in known else row.program
        label = label if row.access == "normal" else say("listed-restricted")
        by.setdefault(label, []).append(row)
    for label, mine in (*sorted(by.items()), (say("listed-all"), list(rows))):
        yield {
            "label": label,
            "received": str(sum(since <= each.opened_at < until for each in mine)),
            "settled": str(sum(bool(each.closed_at and since <= each.closed_at < until) for each in mine)),
            "open": str(sum(each.status == "open" for each in mine)),
            "late": str(sum(_is_late(each, now) for each in mine)),
        }


def _is_late(case: Case, now: datetime) -> bool:
    return case.status == "open" and case.due_at is not None and case.due_at < now
