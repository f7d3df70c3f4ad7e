"""A complaint that a phone took without a line -> a case, once, or the reasons why not.

What a complaint needs is decided where every complaint is taken (`intake`, `opening`); here stands only what
is different in the field: a NIK that the portal knows is no mistake but that person, to be checked
later; and a phone may show a form that the office has changed since.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from portal.access import Forbidden
from portal.admin.desk.asked import NEW, Typed, intake_form, villages
from portal.admin.desk.base import Here
from portal.admin.desk.find import holder
from portal.admin.desk.intake import complete, judge, object_to
from portal.admin.desk.opening import saving
from portal.admin.desk.taking import taken
from portal.admin.forms import Form
from portal.admin.once import KEYS, Reused, stamp
from portal.admin.records.lens import Lens
from portal.cases import Refused
from portal.events import record
from portal.fields import NikField
from portal.releases import Live
from portal.tables import Case, FieldRecord, Release
from portal.words import say

OLD_FORMS = timedelta(days=30)
"""How long a form is taken that the office has replaced."""
OWN = ("key", "form", "taken", "who")
_CASE = re.compile(r"/kasus/(\d+)")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one record: sent with its number, or why it was not."""

    number: str = ""
    href: str = ""
    check: bool = False
    """Whether somebody has to look at it."""
    why: tuple[str, ...] = ()


def field_form(live: Live, said: Mapping[str, str]) -> Iterator[str]:
    """Yields the names that a record may send: any, as the form may be an older one; see `received`."""
    yield "*"


def received(here: Here, data: FormData) -> Outcome:
    """Takes one record; sent again under the same key it gives the same answer and no second case."""
    said = stamp(data, here.actor)
    try:
        led = here.answered(said)
    except Reused as other:
        return Outcome(why=(say("field-other-content", number=_told(here, said.key, other.led_to).number),))
    if led is not None:
        return _told(here, said.key, led)
    release, known = here.read(lambda session: _release(session, here, data)), set(intake_form(here.live, {}))
    strange = {name for name, _ in data.multi_items()} - known - {*OWN, *KEYS}
    if release is None or (strange and release == here.live.release_id):
        return Outcome(why=(say("field-form-old"),))
    kept = FormData([each for each in data.multi_items() if each[0] not in strange])
    return _save(here, kept, release)


def _save(here: Here, data: FormData, release: int) -> Outcome:
    said, areas = stamp(data, here.actor), villages(here.live, here.actor)

    def read(session: Session) -> tuple[Typed, int | None, tuple[str, ...]]:
        nik = _nik(here, data)
        person = holder(session, here, nik) if nik and data.get("who") == NEW else None
        who = str(person) if person else str(data.get("who", ""))
        items = [each for each in data.multi_items() if each[0] not in ("who", "save")]
        typed = taken(session, here, areas, FormData([*items, ("who", who), ("save", "1")]))
        return typed, person, _differs(session, here, person, data) if person else ()

    typed, person, differs = here.read(read)
    judge(here, typed)
    if not typed.who:
        return Outcome(why=(say("desk-who-missing"),))
    if not complete(typed):
        return _wrong(typed)
    try:
        led = here.once(said, _opening(here, typed, data, release, person is not None, differs))
    except Refused as refused:
        object_to(typed, refused)
        return _wrong(typed)
    except Reused as other:
        return Outcome(why=(say("field-other-content", number=_told(here, said.key, other.led_to).number),))
    except Forbidden:
        return Outcome(why=(say("desk-area-forbidden"),))
    return _told(here, said.key, led)


def _opening(
    here: Here, typed: Typed, data: FormData, release: int, known: bool, differs: tuple[str, ...]
) -> Callable[[Session], str]:
    save, key = saving(here, typed), stamp(data, here.actor).key

    def act(session: Session) -> str:
        before = session.scalar(select(Case.id).order_by(Case.id.desc()).limit(1)) or 0
        led = save(session)
        found = _CASE.match(led)
        case = int(found[1]) if found else session.scalar(select(Case.id).where(Case.id > before))
        if case is None:
            return led
        row = FieldRecord(
            case_id=case,
            key=key,
            release_id=release,
            taken_at=_moment(str(data.get("taken", "")), here.now),
            received_at=here.now,
            received_by=here.actor.account_id,
            differs=",".join(differs)[:200],
            known=known,
        )
        session.add(row)
        kind = "field-received-known" if known else "field-received"
        record(session, actor=here.actor, now=here.now, kind=kind, subject="case", subject_id=case, data={})
        return led

    return act


def _told(here: Here, key: str, led: str) -> Outcome:
    """What the answer says of a case that was opened, also when it is asked for again."""

    def read(session: Session) -> Outcome:
        row = session.scalar(select(FieldRecord).where(FieldRecord.key == key))
        found = _CASE.match(led)
        case = session.get(Case, row.case_id if row else int(found[1]) if found else 0)
        number = case.number if case is not None else ""
        return Outcome(number=number, href=f"/kasus/{case.id}" if case else "", check=bool(row and row.known))

    return here.read(read)


def _release(session: Session, here: Here, data: FormData) -> int | None:
    """Returns the Release whose form a record was typed into, None when that is too long ago."""
    text = str(data.get("form", ""))
    shown = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 0 < shown <= here.live.release_id:
        return None
    after = select(Release.applied_at).where(Release.id > shown).order_by(Release.id).limit(1)
    replaced = session.scalar(after)
    return shown if replaced is None or replaced >= here.now - OLD_FORMS else None


def _nik(here: Here, data: FormData) -> str:
    fields = here.live.schema.records[here.live.schema.subject()].fields
    names = (name for name, field in fields.items() if isinstance(field, NikField))
    return next((text for text in (str(data.get(name, "")).strip() for name in names) if text), "")


def _differs(session: Session, here: Here, person: int, data: FormData) -> tuple[str, ...]:
    """The ids of fields of a known person that were typed otherwise than they stand, of those one may see."""
    lens = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    row = session.execute(select(lens.table).where(lens.scope, lens.table.c.id == person)).one()
    fields = {name: lens.record.fields[name] for name in lens.plain(lens.record.fields) if name in data}
    typed, stands = Form.submitted(fields, data), lens.values(row)
    return tuple(name for name, value in typed.values.items() if value and value != stands.get(name))


def _wrong(typed: Typed) -> Outcome:
    new = typed.person.errors if typed.who == NEW else ()
    wrong = (*typed.complaint.errors, *new, *typed.consents.errors)
    return Outcome(why=tuple(entry.error or "" for entry in wrong))


def _moment(text: str, now: datetime) -> datetime:
    """When a record was typed; a phone whose clock is ahead, or says nonsense, typed it now."""
    try:
        said = datetime.fromisoformat(text[:40])
    except ValueError:
        return now
    aware = said if said.tzinfo else said.replace(tzinfo=UTC)
    return min(aware, now)
