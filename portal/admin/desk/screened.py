"""What is known of a resident -> how every programme stands to it, as the page of a complaint says it.

Facts come from the form, from what is stored, from the newest register check in a case the person may see,
and from questions on the page. What the person may not see in full is no fact here: it would tell itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import reads, wall
from portal.access import sees
from portal.admin.desk.asked import NEW, Typed, questions_of
from portal.admin.desk.base import Here, row_key
from portal.admin.forms import Entry
from portal.admin.records.lens import Lens
from portal.conditions import evaluate, paths
from portal.eligibility import RuleResult, field_at, label
from portal.eligibility import Screening as Answer
from portal.facts import answers_of, latest_check, step_answers, today
from portal.fields import Unreadable, Value
from portal.models import lists_of
from portal.releases import Live, SessionNames, sop_version
from portal.rights import reads_step
from portal.schema import CASE, Program, Schema
from portal.screening import Fact, Question, about, judged
from portal.steps import CheckStep
from portal.tables import Case
from portal.words import say
from portal.worktime import long_date

BEST = 3
"""So many programmes are shown at once; the others are folded away."""
NO_ANSWER = ("not-checked", "system-down")
"""What a register check may come to without saying anything of the resident."""
CASES = 5
"""In so many of the newest cases of a resident a register check is looked for."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One programme as the page shows it."""

    id: str
    label: str
    answer: str
    reasons: tuple[tuple[str, str, tuple[str, ...], str], ...]
    """Of each rule: the answer, the sentence, the data it rests on, and the legal basis."""
    missing: tuple[str, ...]
    """What is not known yet, in words."""
    questions: tuple[str, ...]
    """The entries that ask for it; the first programme that needs an answer has it."""
    bring: tuple[tuple[str, str, str], ...]
    """Each paper, whether it is needed, and where to get it."""
    elsewhere: tuple[str, ...]
    """What else can be done, and where to go."""
    owner: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """All programmes, the best first."""

    best: tuple[Line, ...]
    rest: tuple[Line, ...]
    facts: tuple[Fact, ...]


def facts(session: Session, here: Here, typed: Typed) -> tuple[Fact, ...]:
    """Returns what is known of the resident of a complaint; what was typed just now goes before."""
    key = row_key(typed.who)
    found = [*_typed(here, typed), *_asked(here, typed)]
    if key is not None:
        found += [*_stored(session, here, key), *_checked(session, here, key)]
    return tuple(found)


def _typed(here: Here, typed: Typed) -> Iterator[Fact]:
    day = today(here.live.schema, here.now)
    if typed.who == NEW:
        for name, entry in typed.person.entries.items():
            if (value := _value(entry)) is not None and name != "household-kk":
                yield Fact(path=f"resident.{name}", value=entry.field.plain(value), source="form", on=day)
    for name in ("program", "complaint", "priority", "channel"):
        if (value := _value(typed.complaint.entries[name])) is not None:
            yield Fact(path=f"case.{name}", value=value, source="form", on=day)
    for key, paper in typed.papers.items():
        yield Fact(path=f"documents.{key}", value=paper.state, source="form", on=day)


def _value(entry: Entry) -> Value:
    try:
        return entry.field.read(entry.raw)
    except Unreadable:
        return None


def _asked(here: Here, typed: Typed) -> Iterator[Fact]:
    day, schema = today(here.live.schema, here.now), here.live.schema
    for name, question in questions_of(schema).items():
        entry = typed.asks.entries.get(name)
        if entry is not None and (value := _value(entry)) not in (None, *NO_ANSWER):
            yield Fact(
                path=question.path,
                value=question.field.plain(value),
                source="asked",
                on=day,
                sop=question.sop,
            )


def _stored(session: Session, here: Here, key: int) -> Iterator[Fact]:
    subject = here.live.schema.subject()
    lens = Lens(live=here.live, key=subject, actor=here.actor)
    row = session.execute(select(lens.table).where(lens.scope, lens.table.c.id == key)).one_or_none()
    if row is None:
        return
    seen = lens.at(row)
    plain = [name for name in lens.record.fields if seen.sights[name] == "plain"]
    lens.seen([row], plain)
    on = _day(here, row._mapping[lens.table.c.changed_at])
    for name in plain:
        field = lens.record.fields[name]
        value = field.stored(row._mapping[lens.column(name)])
        if value is not None:
            yield Fact(path=f"resident.{name}", value=field.plain(value), source="record", on=on)


def _day(here: Here, moment: Any) -> Any:
    return moment.astimezone(ZoneInfo(here.live.schema.office.time_zone)).date() if moment else None


def _checked(session: Session, here: Here, resident: int) -> Iterator[Fact]:
    """What the newest check of a register says that was made in a case which the person may see."""
    schema, lists = here.live.schema, lists_of(here.live.schema)
    mine = select(Case).where(Case.resident_id == resident, wall.cases(schema, here.actor))
    for case in session.scalars(mine.order_by(Case.id.desc()).limit(CASES)):
        sop = sop_version(session, case.sop_version_id)
        step = latest_check(session, case, sop)
        if step is None or not reads_step(schema, here.actor, case.sop, step, case.area):
            continue
        check = sop.steps[step]
        fields = check.answer_fields(lists)
        said = step_answers(here.live, sop, answers_of(session, here.live, case), step)
        register = schema.known.registers.get(check.source) if isinstance(check, CheckStep) else None
        reads.note("case", (case.id,), {"number": "plain", f"answers.{step}": "plain"})
        for name, value in said.items():
            if (
                value not in (None, *NO_ANSWER)
                and sees(schema, here.actor, fields[name], CASE, area=case.area) == "plain"
            ):
                on = said.get("checked_on")
                yield Fact(
                    path=f"registry.{name}",
                    value=fields[name].plain(value),
                    source="check",
                    on=on if hasattr(on, "year") else None,  # type: ignore[arg-type]
                    name=register.label if register else step,
                )
        return


def shown(session: Session, here: Here, typed: Typed, known: Sequence[Fact]) -> Shown:
    """Returns how every programme stands: first what is chosen, what takes the complaint, and its sector."""
    schema = here.live.schema
    day = today(schema, here.now)
    answers = judged(schema, known, day)
    chosen = typed.complaint.entries["program"].text
    wanted = _sectors(schema, typed)
    names = SessionNames(session, here.live, here.actor)
    near = [each for each in answers if not wanted or schema.programs[each.program].sector in wanted]
    kind = typed.complaint.entries["complaint"].text
    near.sort(key=lambda each: (each.program != chosen, kind not in schema.programs[each.program].complaints))
    far = [each for each in answers if each not in near]
    open_ = {name for name, entry in typed.asks.entries.items() if not entry.text}
    free = {name: each for name, each in questions_of(schema).items() if name in open_}
    lines = []
    for each in (*near, *far):
        lines.append(_line(here.live, names, typed, each, known, free))
        free = {name: question for name, question in free.items() if name not in lines[-1].questions}
    best = min(BEST, len(near))
    return Shown(best=tuple(lines[:best]), rest=tuple(lines[best:]), facts=tuple(known))


def _sectors(schema: Schema, typed: Typed) -> set[str]:
    """The sectors that a complaint is about, none while nothing is chosen."""
    program = schema.programs.get(typed.complaint.entries["program"].text)
    kind = typed.complaint.entries["complaint"].text
    complaint = schema.complaints.get(kind)
    found = {each.sector for each in (program, complaint) if each}
    return found | {each.sector for each in schema.programs.values() if kind and kind in each.complaints}


def _line(
    live: Live,
    names: SessionNames,
    typed: Typed,
    answer: Answer,
    known: Sequence[Fact],
    free: Mapping[str, Question],
) -> Line:
    schema = live.schema
    program = schema.programs[answer.program]
    facts_here = about(schema, program, known)
    missing = tuple(dict.fromkeys(path for rule in answer.rules for path in rule.missing))
    asked = (name for name, each in free.items() if each.path in missing and each.sop in ("", program.sop))
    return Line(
        id=answer.program,
        label=f"{program.short} - {program.label}" if program.short else program.label,
        answer=answer.answer,
        reasons=tuple(_reason(live, names, program, rule, facts_here) for rule in answer.rules),
        missing=tuple(label(schema, program, path) for path in missing),
        questions=tuple(asked),
        bring=tuple(_papers(live, program, facts_here, typed)),
        elsewhere=tuple(_elsewhere(schema, program, answer)),
        owner=program.owner,
    )


def _reason(
    live: Live, names: SessionNames, program: Program, rule: RuleResult, known: dict[str, Fact]
) -> tuple[str, str, tuple[str, ...], str]:
    when = program.eligibility[rule.id].when
    rests = tuple(_fact(live, names, program, known, path) for path in dict.fromkeys(paths(when)))
    basis = "; ".join(filter(None, (rule.legal_basis, rule.to_verify)))
    return rule.answer, rule.says, tuple(filter(None, rests)), basis


def _fact(live: Live, names: SessionNames, program: Program, known: dict[str, Fact], path: str) -> str:
    """The value at a path in words; an age follows from a birth date."""
    fact = known.get(path)
    if fact is None and path == "resident.age":
        fact = next((each for each in known.values() if "birth" in each.path), None)
    if fact is None:
        return ""
    return told_fact(live, names, program, fact)


def told_fact(live: Live, names: SessionNames, program: Program, fact: Fact) -> str:
    """Returns a value with its source and date, such as `Desil: 3 (disebut warga, 12 November 2026)`."""
    field = field_at(live.schema, program, fact.path)
    value = field.show(field.stored(fact.value), names) if field else _named(live, fact.path, fact.value)
    source = fact.name or say(f"intake-source-{fact.source}")
    on = f", {long_date(fact.on)}" if fact.on else ""
    return f"{label(live.schema, program, fact.path)}: {value} ({source}{on})"


def _named(live: Live, path: str, value: object) -> str:
    lists: dict[str, Any] = {
        "case.priority": live.schema.priorities,
        "case.channel": live.schema.channels,
        "case.complaint": live.schema.complaints,
        "case.program": live.schema.programs,
    }
    entry = lists.get(path, {}).get(value)
    if path.startswith("documents."):
        return say(f"paper-{value}")
    return entry.label if entry else str(value)


def _papers(
    live: Live, program: Program, known: dict[str, Fact], typed: Typed
) -> Iterator[tuple[str, str, str]]:
    values = {path: fact.value for path, fact in known.items()}
    for key, rule in program.documents.items():
        needed = rule.required or (
            rule.required_when is not None and evaluate(rule.required_when, values).answer == "yes"
        )
        document = live.schema.documents[key]
        state = "here" if key in typed.papers else "needed" if needed else "perhaps"
        yield document.label, say(f"intake-paper-{state}"), document.help or ""


def _elsewhere(schema: Schema, program: Program, answer: Answer) -> Iterator[str]:
    if answer.answer == "outside":
        yield from (rule.otherwise for rule in answer.rules if rule.answer == "no")
    place = schema.destinations.get(program.destination or "")
    if place is not None:
        yield say("intake-goes-to", place=place.label)
