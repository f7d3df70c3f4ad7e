"""Three villages of the shipped office with people, cases of every access class and assignments, made up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from shapes import create
from small import NOW, account, release
from sqlalchemy import Engine, delete, insert
from sqlalchemy.orm import Session

from portal.access import Actor, Granted
from portal.database import writing
from portal.events import record
from portal.load import load
from portal.models import answers_table, build
from portal.releases import Live
from portal.schema import Schema
from portal.tables import (
    Case,
    CaseDocument,
    CaseNeed,
    CasePause,
    CaseTransfer,
    Clock,
    ClockLevel,
    Consent,
    Correction,
    Emergency,
    FieldRecord,
    IssuedLetter,
    LetterCheck,
    LetterDraft,
    LetterFile,
    LetterMark,
    MatchKey,
    Merge,
    MergeKept,
    Note,
    Notice,
    Photo,
    PrintItem,
    PrintJob,
    Referral,
    ReservedNumber,
    Screening,
    Task,
    Twin,
)

HERE, NEXT, FAR = "18.10.03.2007", "18.10.03.2008", "18.10.04.2001"
AREA_OF = {"village": HERE, "subdistrict": "18.10.03", "district": "18.10"}
STRANGER = 50
SOP = "pbi-reactivation"
OFFICE_PAPERS = {10_001: HERE, 10_002: NEXT, 10_003: FAR}
"""The keys of what an office issued about no single case, with their areas."""
ACCESS = ("normal", "sensitive", "protected")


@cache
def shipped() -> Schema:
    """Returns the office as it is shipped."""
    loaded = load(Path(__file__).parent.parent / "schema")
    assert loaded.schema is not None
    return loaded.schema


@cache
def ground() -> Live:
    """Returns the shipped office ready to serve."""
    schema = shipped()
    return Live(release_id=1, schema=schema, models=build(schema), templates={}, sop_versions={})


def people() -> Mapping[str, Actor]:
    """Returns one officer for each shipped role, in the first village or in what that lies in."""
    return {
        key: Actor(
            account_id=number,
            label=f"Petugas {key}",
            grants=(Granted(role=key, area=AREA_OF[str(role.level)]),),
        )
        for number, (key, role) in enumerate(shipped().roles.items(), start=1)
    }


def sop() -> str:
    """Returns one of the SOPs."""
    return next(iter(shipped().sops))


def records(area: str | None, key: int) -> dict[str, dict[str, Any]]:
    """Returns a row of every record type in an area."""
    stamps = {"id": key, "created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1}
    schema = shipped()
    return {
        name: stamps | ({record.area.replace("-", "_"): area} if record.area else {})
        for name, record in schema.records.items()
    }


def case_row(key: int, area: str, access: str, opened_by: int) -> dict[str, Any]:
    """Returns a case as it stands in the table."""
    said = {"centre": "c", "channel": "c", "program": "p", "complaint": "c", "priority": "p"}
    return said | {
        "id": key,
        "number": f"ADU-{key}",
        "area": area,
        "access": access,
        "resident_id": 1,
        "description": "d",
        "sop": sop(),
        "sop_version_id": 1,
        "stage": "received",
        "status": "open",
        "opened_at": NOW,
        "opened_by": opened_by,
        "version": 1,
    }


def task_row(key: int, case: Mapping[str, Any], **said: Any) -> dict[str, Any]:
    """Returns a task as it stands in the table."""
    plain = {"step": "register", "role": "nobody", "status": "open", "why": ""}
    of_case = {"case_id": case["id"], "area": case["area"], "access": case["access"]}
    return {"id": key, "opened_at": NOW, "assigned_to": None, "completed_by": None} | plain | of_case | said


def population() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Returns cases and their tasks: each village and class, of each officer in each way."""
    cases, tasks, keys, task_keys = [], [], count(1), count(1)
    for area in (HERE, NEXT, FAR):
        for access in ACCESS:
            for name, actor in people().items():
                who = actor.account_id
                ways: tuple[tuple[int | None, dict[str, Any]], ...] = (
                    (who, {}),
                    (None, {"assigned_to": who}),
                    (None, {"completed_by": who, "status": "done"}),
                    (None, {"role": name}),
                    (None, {"role": name, "assigned_to": STRANGER}),
                )
                for opener, said in ways:
                    row = case_row(next(keys), area, access, opener or STRANGER)
                    cases.append(row)
                    tasks.append(task_row(next(task_keys), row, **said))
    return cases, tasks


def settle(engine: Engine) -> None:
    """Makes the tables of the shipped office and fills them."""
    create(engine, shipped())
    live, (cases, tasks) = ground(), population()
    with writing(engine) as session:
        session.add_all([*release(), *map(account, (*range(1, 12), STRANGER))])
        session.flush()
        for key, area in enumerate((HERE, NEXT, FAR, None), start=1):
            for name, row in records(area, key).items():
                session.execute(insert(live.models.records[name].__table__).values(row))
            said = {"id": key, "resident_id": key}
            session.add(Consent(**said, purpose="p", how="signed", given_at=NOW, taken_by=1))
            asked = {"wanted": "w", "evidence": "e", "asked_at": NOW, "asked_by": 1, "due_at": NOW}
            session.add(Correction(**said, **asked))
        session.execute(insert(Case.__table__), cases)  # type: ignore[arg-type]
        session.execute(insert(Task.__table__), tasks)  # type: ignore[arg-type]
        session.execute(
            insert(live.models.metadata.tables[answers_table(sop())]),
            [{"case_id": each["id"]} for each in cases],
        )
        for key, area in OFFICE_PAPERS.items():
            _of_office(session, key, area)
        for each in cases:
            _belongings(session, each)
        session.flush()
        for kind in (*shipped().records, "account", "release"):
            for key in range(1, 5):
                happened(session, kind, key)
    with writing(engine) as session:
        _twins(session)


def _twins(session: Session) -> None:
    """What is derived of residents, and a merge that was undone: one of each for each resident."""
    session.execute(delete(MatchKey))
    session.execute(delete(Twin))
    said = {"score": 90, "clauses": "0", "mark": "", "found_at": NOW, "status": "open"}
    undone = {"made_at": NOW, "made_by": 1, "undone_at": NOW, "undone_by": 1}
    for key in range(1, 5):
        session.execute(insert(MatchKey).values(id=key, resident_id=key, key=f"k{key}"))
        session.execute(insert(Twin).values(id=key, resident_id=key, other_id=key + 100, **said))
        session.execute(insert(Merge).values(id=key, stays_id=key, gone_id=key + 100, **undone))
        kept = {"reason": "r", "changed": {}, "moved": {}}
        session.execute(insert(MergeKept).values(merge_id=key, resident_id=key, **kept))


def happened(session: Session, subject: str, key: int) -> None:
    """Writes an event with nothing in it."""
    somebody = Actor(account_id=1, label="x")
    record(session, actor=somebody, now=NOW, kind="k", subject=subject, subject_id=key)


def _beside(session: Any, case: Mapping[str, Any]) -> None:
    """What stands beside the steps of a case: needs, offers, clocks, notes."""
    key, area = case["id"], case["area"]
    of_case = {"id": key, "case_id": key}
    session.add(CaseNeed(**of_case, complaint="c", added_at=NOW))
    offer = {"number": f"ADU-{key}", "program": "p", "complaint": "c", "access": case["access"]}
    offer |= {"from_area": area, "to_area": area, "status": "returned", "reason": "r"}
    session.add(CaseTransfer(**of_case, **offer, offered_at=NOW, offered_by=1))
    times = {"started_at": NOW, "due_at": NOW, "warn_at": NOW}
    session.add(Clock(**of_case, kind="total", subject_id=key, limits="3 days", **times))
    stands = {"reason": "r", "label": "l", "owner": "office", "stops": "total"}
    session.add(CasePause(**of_case, **stands, since=NOW))
    session.add(Note(**of_case, kind="note", text="t", audience="all", at=NOW, author=1))
    session.flush()
    session.add(ClockLevel(**of_case, clock_id=key, level=1, kind="warned", should_at=NOW, at=NOW))
    whom = {"slug": "s", "whom": "role:front-office", "role": "front-office", "area": area}
    session.add(Notice(**of_case, clock_id=key, level=1, **whom, at=NOW, made_at=NOW))
    session.add(Photo(**of_case, note_id=key, at=NOW, author=1, digest="0" * 64))


def _of_office(session: Any, key: int, area: str) -> None:
    """What an office issues about many cases or none."""
    session.add(_letter(key, None, area))
    session.flush()
    session.add(_file(key, None, area))
    session.add(LetterCheck(letter_id=key, case_id=None, area=area, count=1, last_at=NOW))
    said = {"letter": "receipt", "series": "s", "period": "2026", "sequence": key, "number": f"n-{key}"}
    session.add(ReservedNumber(id=key, area=area, **said, reserved_at=NOW, reserved_by=1, changed_at=NOW))
    job = {"letter": "receipt", "asked": {}, "packing": "zip", "total": 1}
    session.add(PrintJob(id=key, area=area, **job, created_at=NOW, created_by=1))


def _letter(key: int, case: int | None, area: str) -> IssuedLetter:
    said = {"letter": "receipt", "release_id": 1, "template_digest": "0" * 64, "data": {}}
    return IssuedLetter(id=key, case_id=case, area=area, **said, issued_at=NOW, issued_by=1)


def _file(key: int, case: int | None, area: str) -> LetterFile:
    said = {"kind": "scan", "media_type": "application/pdf", "digest": "0" * 64}
    return LetterFile(id=key, letter_id=key, case_id=case, area=area, **said, added_at=NOW, added_by=1)


def _on_paper(session: Any, case: Mapping[str, Any]) -> None:
    """The letters of a case, and what stands around them."""
    key, area = case["id"], case["area"]
    session.add(_letter(key, key, area))
    session.flush()
    session.add(_file(key, key, area))
    session.add(LetterCheck(letter_id=key, case_id=key, area=area, count=1, last_at=NOW))
    drafted = {"letter": "receipt", "wanted": {}, "drafted_at": NOW, "drafted_by": 1, "changed_at": NOW}
    session.add(LetterDraft(id=key, case_id=key, area=area, **drafted))
    session.add(PrintItem(id=key, job_id=10_001, case_id=key, place=key))
    session.flush()
    session.add(LetterMark(id=key, draft_id=key, case_id=key, stage=0, act="initial", account_id=1, at=NOW))


def _belongings(session: Any, case: Mapping[str, Any]) -> None:
    key = case["id"]
    _beside(session, case)
    session.add(CaseDocument(case_id=key, document="ktp", state="brought"))
    _on_paper(session, case)
    session.add(Referral(id=key, case_id=key, destination="d", letter_id=key, issued_at=NOW))
    session.add(
        Screening(
            case_id=key,
            release_id=1,
            made_at=NOW,
            made_by=1,
            day=NOW.date(),
            facts=[],
            answers={"p": "likely"},
        )
    )
    said = {"reason": "r", "asked_at": NOW, "until": NOW}
    session.add(Emergency(id=key, case_id=key, account_id=1, **said))
    phone = {"taken_at": NOW, "received_at": NOW, "received_by": 1, "release_id": 1}
    session.add(FieldRecord(id=key, case_id=key, key=f"phone-{key}", **phone))
    happened(session, "case", key)
