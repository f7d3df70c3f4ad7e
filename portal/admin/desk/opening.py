"""Saving a complaint: the resident found or added with their household, the case, and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from portal import wall
from portal.access import Forbidden, may_record_in
from portal.admin.desk.asked import ANONYMOUS, NEW, Typed, consent_entry, household_of, reporting
from portal.admin.desk.base import Here, row_key
from portal.admin.desk.casefile import visible
from portal.admin.desk.find import Person, shown
from portal.admin.desk.hints import ADDRESS, mismatches
from portal.admin.desk.screened import facts
from portal.admin.records.lens import Lens
from portal.cases import Intake, Refused, open_case
from portal.duties.consent import give, refuse
from portal.events import record
from portal.facts import today
from portal.fields import NikField, Value
from portal.models import column_name
from portal.screening import keep
from portal.tables import Case


def known(session: Session, here: Here, key: int) -> tuple[Person, ...]:
    """The resident of a key, if the person may see them."""
    lens = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    return shown(session, lens, select(lens.table).where(lens.scope, lens.table.c.id == key))


def saving(here: Here, typed: Typed, *, another: bool = False) -> Callable[[Session], str]:
    """Returns what saving a complaint does in its transaction; it gives the address it leads to.

    Args:
        another: whether the next complaint is taken at once.
    """

    def act(session: Session) -> str:
        resident = _resident(session, here, typed)
        said = typed.complaint.values
        beside = _case_beside(session, here, resident, str(said["program"]))
        again = _text(said.get("again"))
        if beside is not None and again is None:
            raise Refused({"again": "intake-again-missing"})
        known_facts = facts(session, here, typed)
        case = open_case(
            here.at(session),
            Intake(
                area=_area(session, here, typed, resident),
                channel=str(said["channel"]),
                program=str(said["program"]),
                complaint=str(said["complaint"]),
                priority=str(said["priority"]),
                description=str(said["description"]),
                resident_id=resident,
                reporter_name=_text(said.get("reporter_name")),
                reporter_phone=_text(said.get("reporter_phone")),
                reporter_relation=_text(said.get("reporter_relation")),
                papers=typed.papers,
                reporter=reporting(said),
                without_nik=_text(said.get("without_nik")) if _lacks_nik(typed) else None,
            ),
        )
        if beside is not None:
            _tell_again(session, here, case, beside, again)
        _consents(session, here, typed, resident, case)
        day = today(here.live.schema, here.now)
        keep(session, here.live, case, known_facts, on=day, actor=here.actor, now=here.now)
        return _leads(session, here, typed, case, another=another)

    return act


def _leads(session: Session, here: Here, typed: Typed, case: Case, *, another: bool) -> str:
    if visible(session, here.live, here.actor, case.id) is None:
        return f"{'/aduan/baru' if another else '/tugas'}?notice=case-kept"
    if another:
        return f"/aduan/baru?tersimpan={case.id}"
    doubt = typed.who == NEW and mismatches(typed.person)
    return f"/kasus/{case.id}?notice=case-opened{'-nik' if doubt else ''}"


def _case_beside(session: Session, here: Here, resident: int | None, program: str) -> Case | None:
    """The open case of a resident for the same service, as far as the person may see it."""
    if resident is None:
        return None
    same = (Case.resident_id == resident, Case.program == program, Case.status == "open")
    query = select(Case).where(*same, wall.cases(here.live.schema, here.actor))
    return session.scalars(query.order_by(Case.id.desc()).limit(1)).first()


def _tell_again(session: Session, here: Here, case: Case, beside: Case, again: str | None) -> None:
    record(
        session, actor=here.actor, now=here.now, kind="case-opened-again", subject="case", subject_id=case.id,
        data={"number": beside.number, "beside": beside.id}, values={"again": (None, again)},
    )  # fmt: skip


def _lacks_nik(typed: Typed) -> bool:
    return typed.who == NEW and not any(
        typed.person.values.get(name)
        for name, entry in typed.person.entries.items()
        if isinstance(entry.field, NikField)
    )


def _consents(session: Session, here: Here, typed: Typed, resident: int | None, case: Case) -> None:
    """Keeps what the resident agreed to, and what they refused."""
    said = typed.consents.values
    for purpose in here.live.schema.office.purposes if resident is not None else ():
        how = said.get(consent_entry(purpose))
        about: dict[str, Any] = {
            "resident": resident, "purpose": purpose, "actor": here.actor, "now": here.now, "case": case.id
        }  # fmt: skip
        if how == "refused":
            refuse(session, here.live, **about)
        elif how in ("signed", "oral"):
            witness = _text(said.get("saksi")) or ""
            give(session, here.live, how="oral" if how == "oral" else "signed", witness=witness, **about)


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _area(session: Session, here: Here, typed: Typed, resident: int | None) -> str:
    """Where the complaint belongs: where it says, else where the resident lives."""
    said = typed.complaint.values.get("where")
    if said is not None:
        return str(said)
    schema = here.live.schema
    area = schema.records[schema.subject()].area
    row = session.get(here.live.models.records[schema.subject()], resident) if resident else None
    lives = getattr(row, column_name(area), None) if area and row is not None else None
    if lives is None:
        raise Refused({"where": "field-required"})
    return str(lives)


def _resident(session: Session, here: Here, typed: Typed) -> int | None:
    if typed.who == ANONYMOUS:
        return None
    if typed.who != NEW:
        key = row_key(typed.who)
        found = known(session, here, key) if key else ()
        if not found:
            raise HTTPException(404)
        return found[0].id
    return _add(session, here, dict(typed.person.values))


def _add(session: Session, here: Here, values: dict[str, Value]) -> int:
    """Adds somebody new, in their household if the family card number is known or given.

    Raises:
        Refused: a unique value is taken.
        Forbidden: the person may not add residents of that area.
    """
    schema, subject = here.live.schema, here.live.schema.subject()
    definition, model = schema.records[subject], here.live.models.records[subject]
    card = values.pop("household-kk", None)
    area = values.get(definition.area) if definition.area else None
    if not may_record_in(schema, here.actor, subject, "create", _text(area)):
        raise Forbidden(subject)
    for key, field in definition.fields.items():
        if field.unique and values.get(key) is not None:
            taken = select(model.id).where(getattr(model, column_name(key)) == values[key])
            with wall.unscoped("a number that only one may hold is unique in every village"):
                held = session.scalar(taken) is not None
            if held:
                raise Refused({key: "desk-taken"})
    household = household_of(schema)
    if household is not None and card is not None:
        values[household[0]] = _card(session, here, household, str(card), area, values)
    try:
        return _insert(session, here, subject, values)
    except IntegrityError:
        # On PostgreSQL someone else may have added the same person since we looked.
        unique = (key for key, field in definition.fields.items() if field.unique and key in values)
        raise Refused(dict.fromkeys(unique, "desk-taken")) from None


def _card(
    session: Session,
    here: Here,
    household: tuple[str, str, str],
    card: str,
    area: Value,
    home: Mapping[str, Value],
) -> int:
    _, other, number = household
    model, definition = here.live.models.records[other], here.live.schema.records[other]
    known = session.scalar(select(model.id).where(getattr(model, column_name(number)) == card))
    if known is not None:
        return int(known)
    values: dict[str, Value] = {number: card}
    values |= {key: home[key] for key in ADDRESS if key in definition.fields and home.get(key) is not None}
    if definition.area:
        values[definition.area] = area
    try:
        return _insert(session, here, other, values)
    except IntegrityError:
        raise Refused({"household-kk": "desk-taken"}) from None


def _insert(session: Session, here: Here, kind: str, values: Mapping[str, Value]) -> int:
    who = here.actor.account_id or 0
    row = here.live.models.records[kind](
        **{column_name(key): value for key, value in values.items()},
        created_at=here.now,
        created_by=who,
        changed_at=here.now,
        changed_by=who,
    )
    session.add(row)
    session.flush()
    fields = here.live.schema.records[kind].fields
    said = {key: (None, fields[key].plain(value)) for key, value in values.items() if value is not None}
    record(
        session,
        actor=here.actor,
        now=here.now,
        kind="record-created",
        subject=kind,
        subject_id=row.id,
        data={"fields": sorted(said)},
        values=said,
    )
    return int(row.id)
