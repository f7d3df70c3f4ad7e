"""All programmes at once over what is known of a resident: judged, ordered, kept with a case, counted again.

A screening is an indication; whoever owns a programme decides. It is kept with the facts that it rested on,
each with its source and date, so that one can tell later what it would be under other rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.conditions import paths
from portal.eligibility import Indication, field_at, screen
from portal.eligibility import Screening as Answer
from portal.events import record
from portal.fields import FieldType
from portal.releases import Live
from portal.schema import Program, Schema
from portal.tables import Case, Screening

Source = Literal["form", "record", "check", "asked"]
"""The form of the complaint, what is stored of the resident, a register that was checked, or a question."""
SHARED = ("resident", "registry", "case", "documents")
"""Roots of paths that mean the same in every SOP; any other is a step of the programme's own."""
RANK: Mapping[Indication, int] = {"likely": 0, "more-needed": 1, "outside": 2}
PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One value that rules may look at, and where it comes from."""

    path: str
    value: object
    """As conditions hold it."""
    source: Source
    on: date | None = None
    """The day on which it was noted or checked."""
    name: str = ""
    """What its source is called, such as the register that was checked."""
    sop: str = ""
    """The SOP whose step it belongs to; empty for what every SOP knows."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A value that rules ask for and no form of a complaint does."""

    path: str
    field: FieldType
    sop: str = ""


def about(schema: Schema, program: Program, facts: Iterable[Fact]) -> dict[str, Fact]:
    """Returns the facts that the rules of a programme may look at, by path; the first of a path counts."""
    found: dict[str, Fact] = {}
    for fact in facts:
        if not fact.sop or fact.sop == program.sop:
            found.setdefault(fact.path, fact)
    return found


def judged(schema: Schema, facts: Sequence[Fact], on: date) -> tuple[Answer, ...]:
    """Returns what the rules of every programme that takes cases say, the best first."""
    answers = []
    for key, program in schema.programs.items():
        if program.status == "active" and program.sop:
            known = about(schema, program, facts)
            answers.append(screen(schema, key, {path: fact.value for path, fact in known.items()}, on))
    return tuple(sorted(answers, key=lambda each: (RANK[each.answer], _left(each))))


def _left(answer: Answer) -> int:
    """How many values are still to be asked; a programme without rules says nothing and stands last."""
    return len({path for rule in answer.rules for path in rule.missing}) if answer.rules else 99


def questions(schema: Schema, asked: Iterable[str]) -> dict[str, Question]:
    """Returns what the rules of all programmes ask beyond some paths, by the name of a form's entry.

    Args:
        asked: the paths that are known from elsewhere, such as the entries of the form.
    """
    found: dict[str, Question] = {}
    known = {*asked, "resident.age"}
    for program in schema.programs.values():
        for rule in program.eligibility.values() if program.status == "active" and program.sop else ():
            for path in paths(rule.when):
                root = path.partition(".")[0]
                field = (
                    None
                    if path in known or root in ("case", "documents")
                    else field_at(schema, program, path)
                )
                if field is not None:
                    sop = "" if root in SHARED else program.sop or ""
                    found.setdefault(entry_of(path, sop), Question(path=path, field=_free(field), sop=sop))
    return found


def entry_of(path: str, sop: str = "") -> str:
    """Returns the name of the entry of a form that asks for a path."""
    return "tanya-" + "--".join(filter(None, (sop, *path.split("."))))


def _free(field: FieldType) -> FieldType:
    return field.model_copy(update={"required": False})


def keep(
    session: Session,
    live: Live,
    case: Case,
    facts: Sequence[Fact],
    *,
    on: date,
    actor: Actor,
    now: datetime,
) -> Screening:
    """Keeps with a case what the rules say on some facts, and only those facts that a rule looks at."""
    used = {
        (program.sop if path.partition(".")[0] not in SHARED else "", path)
        for program in live.schema.programs.values()
        for rule in program.eligibility.values()
        for path in paths(rule.when)
    }
    # A birth date is what the age of a rule follows from.
    kept = [
        fact
        for fact in facts
        if (fact.sop, fact.path) in used or (fact.path.startswith("resident.") and "birth" in fact.path)
    ]
    answers = {each.program: each.answer for each in judged(live.schema, kept, on)}
    row = Screening(
        case_id=case.id,
        release_id=live.release_id,
        made_at=now,
        made_by=actor.account_id,
        day=on,
        facts=[_stored(fact) for fact in kept],
        answers=answers,
    )
    session.add(row)
    session.flush()
    counts: dict[str, int] = {str(answer): list(answers.values()).count(answer) for answer in RANK}
    record(
        session, actor=actor, now=now, kind="case-screened", subject="case", subject_id=case.id,
        data={"release": live.release_id, **counts},
    )  # fmt: skip
    return row


def _stored(fact: Fact) -> dict[str, Any]:
    value = fact.value.isoformat() if isinstance(fact.value, date) else fact.value
    return {**asdict(fact), "value": value, "on": fact.on.isoformat() if fact.on else None}


def facts_of(row: Screening) -> tuple[Fact, ...]:
    """Returns the facts that a kept screening rested on."""
    return tuple(
        Fact(**{**each, "on": date.fromisoformat(each["on"]) if each["on"] else None}) for each in row.facts
    )


def newest(session: Session, case: int) -> Screening | None:
    """Returns the newest screening of a case."""
    mine = select(Screening).where(Screening.case_id == case)
    return session.scalars(mine.order_by(Screening.id.desc()).limit(1)).first()


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What other rules would change of the screenings that are kept."""

    looked_at: int
    """How many there are that are not erased."""
    changed: int
    """How many of them would have another answer for at least one programme."""
    programs: Mapping[str, int]
    """How many answers would be others, by programme."""


def effect(session: Session, schema: Schema) -> Effect:
    """Counts how many kept screenings a Schema would answer otherwise, each on its own facts and day.

    A programme that a Schema adds or no longer has is left out: there is nothing to compare.
    """
    renamed, sops = (schema.past.renamed.get(each, {}) for each in ("programs", "sops"))
    programs: dict[str, int] = {}
    looked = changed = last = 0
    while rows := session.scalars(
        select(Screening).where(Screening.id > last).order_by(Screening.id).limit(PAGE)
    ).all():
        for row in rows:
            last = row.id
            if not row.answers:
                continue
            facts = [replace(fact, sop=sops.get(fact.sop, fact.sop)) for fact in facts_of(row)]
            now = {each.program: each.answer for each in judged(schema, facts, row.day)}
            before = {renamed.get(key, key): was for key, was in row.answers.items()}
            others = [key for key, was in before.items() if now.get(key, was) != was]
            looked, changed = looked + 1, changed + bool(others)
            for key in others:
                programs[key] = programs.get(key, 0) + 1
        session.expire_all()
    return Effect(looked_at=looked, changed=changed, programs=programs)


def count(session: Session) -> int:
    """Returns how many screenings are kept."""
    return session.scalar(select(func.count()).select_from(Screening)) or 0
