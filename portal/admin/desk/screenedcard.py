"""Beside a case: how programmes stood when its complaint was taken, and its receipt."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.access import sees
from portal.admin.desk.asked import OTHER, UNNAMED, reasons_without
from portal.admin.desk.base import Here
from portal.admin.desk.receiptpage import receipt_of
from portal.admin.desk.screened import told_fact
from portal.admin.records.mine import case_is_mine
from portal.eligibility import field_at
from portal.releases import SessionNames
from portal.rights import may_letter
from portal.schema import CASE
from portal.screening import RANK, Fact, facts_of, newest
from portal.tables import Case
from portal.words import say
from portal.worktime import long_date


@dataclass(frozen=True, kw_only=True)
class Card:
    """What stands beside a case of the look at its programmes."""

    on: str
    counts: str
    likely: tuple[str, ...]
    """The programmes that seemed to fit, by name; that of the case and its sector first."""
    facts: tuple[str, ...]
    """What it rested on, as far as the person may see it in full."""


def screened_card(session: Session, here: Here, case: Case) -> Card | None:
    """Returns the newest screening of a case, None when there is none or it was erased."""
    row = newest(session, case.id)
    if row is None or not row.answers:
        return None
    programs = here.live.schema.known.programs
    by = {answer: [key for key, said in row.answers.items() if said == answer] for answer in RANK}
    sector = programs[case.program].sector if case.program in programs else ""
    near = {key: key in programs and programs[key].sector == sector for key in by["likely"]}
    likely = sorted(by["likely"], key=lambda key: (key != case.program, not near[key]))
    return Card(
        on=say("intake-screened-on", day=long_date(row.day)),
        counts=say(
            "intake-screened-counts",
            likely=len(by["likely"]),
            more=len(by["more-needed"]),
            outside=len(by["outside"]),
        ),
        likely=tuple(
            (programs[key].short or programs[key].label) if key in programs else key for key in likely
        ),
        facts=tuple(_facts(session, here, case, facts_of(row))),
    )


def _facts(session: Session, here: Here, case: Case, known: tuple[Fact, ...]) -> list[str]:
    schema, names = here.live.schema, SessionNames(session, here.live, here.actor)
    mine = case_is_mine(session, schema, here.actor, case)
    told: dict[str, None] = {}
    for fact in known:
        for program in schema.programs.values():
            field = field_at(schema, program, fact.path) if fact.sop in ("", program.sop) else None
            root, _, name = fact.path.partition(".")
            record = schema.subject() if root == "resident" else CASE
            if field is not None and (
                sees(schema, here.actor, field, record, name, case.area, assigned=mine) == "plain"
            ):
                told[told_fact(here.live, names, program, fact)] = None
                break
    return list(told)


def taken_facts(here: Here, case: Case) -> tuple[tuple[str, str], ...]:
    """Returns what was noted of how a complaint was taken: who reported, and why there is no NIK."""
    reporter = say(f"intake-reporter-{case.reporter}") if case.reporter in (OTHER, UNNAMED) else ""
    without = reasons_without(here.live.schema).get(case.without_nik or "", case.without_nik or "")
    said = (("intake-reporter", reporter), ("intake-without-nik", without))
    return tuple((say(slug), text) for slug, text in said if text)


def prints_receipt(here: Here, case: Case) -> bool:
    """Tells whether the person may print the receipt of a case."""
    letter = receipt_of(here.live.schema)
    return letter is not None and may_letter(here.live.schema, here.actor, letter, "print", case.area)
