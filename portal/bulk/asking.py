"""Cases and a letter -> a print job with its items in order, which a worker carries out; cancel and retry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import select, update

from portal import events
from portal.access import SYSTEM, Forbidden, may_in
from portal.bulk.base import MOST, OPEN, locked
from portal.cases import At, Refused
from portal.fields import Value
from portal.models import column_name
from portal.rights import may_letter
from portal.tables import Case, IssuedLetter, PrintItem, PrintJob
from portal.wall import acting
from portal.wall import cases as seen

Packing = Literal["merged", "zip"]
SUBJECT = "print-job"


def ask(
    at: At,
    letter: str,
    cases: Sequence[int],
    form: Mapping[str, Value],
    *,
    packing: Packing = "merged",
    again: bool = False,
) -> int:
    """Adds a job with an item for each letter, in order, and its event; returns its key, the caller commits.

    A case that the actor does not see is left out, as if there were none.

    Args:
        form: what the letter asks, once for all.
        again: print what these cases were issued of that letter, instead of issuing it.

    Raises:
        Forbidden: the actor works nowhere among these cases.
        Refused: nothing is left to print, or the letter is not given out on request.
    """
    events.hold(at.session)
    definition = at.live.schema.letters.get(letter)
    if not again and (definition is None or not definition.on_request):
        raise Refused({"letter": "letter-not-on-request"})
    found = _in_order(at, cases)
    wanted = _issued(at, letter, found) if again else [(case, None) for case in found]
    if not wanted:
        raise Refused({"cases": "print-nothing"})
    fields = definition.fields if definition is not None else {}
    said = {name: fields[name].plain(value) for name, value in form.items() if name in fields}
    job = PrintJob(
        area=_area(at, [case for case, _ in wanted]),
        letter=letter,
        asked={"again": again, "form": said},
        packing=packing,
        total=len(wanted[:MOST]),
        created_at=at.now,
        created_by=at.actor.account_id or 0,
    )
    at.session.add(job)
    at.session.flush()
    with acting(SYSTEM):  # each case was read through the wall just now; one question for all is enough
        at.session.add_all(_item(job, *each) for each in enumerate(wanted[:MOST], start=1))
        at.session.flush()
    _tell(at, job, "print-asked", {"letter": letter, "count": job.total, "again": again})
    return job.id


def _item(job: PrintJob, place: int, wanted: tuple[Case, int | None]) -> PrintItem:
    case, issued = wanted
    status = "waiting" if issued is None else "issued"
    return PrintItem(job_id=job.id, case_id=case.id, place=place, letter_id=issued, status=status)


def _in_order(at: At, keys: Sequence[int]) -> list[Case]:
    """The cases that the actor sees, by village, RW, RT and name as far as they may know them."""
    query = select(Case).where(Case.id.in_(keys), seen(at.live.schema, at.actor))
    found = list(at.session.scalars(query))
    persons = _persons(at, [each.resident_id for each in found if each.resident_id is not None])
    return sorted(found, key=lambda case: (case.area, *_place(persons.get(case.resident_id or 0)), case.id))


def _persons(at: At, keys: Sequence[int]) -> dict[int, Any]:
    schema = at.live.schema
    subject = schema.subject()
    table: Any = at.live.models.records[subject].__table__
    known = [
        table.c[column_name(name)] for name in ("rw", "rt", "name") if name in schema.records[subject].fields
    ]
    rows = at.session.execute(select(table.c.id, *known).where(table.c.id.in_(keys)))
    return {row.id: row for row in rows}


def _place(row: Any) -> tuple[tuple[int, str], tuple[int, str], str]:
    """Where somebody lives and what they are called, to sort by; what is unknown comes last."""
    rw, rt, name = (str(getattr(row, each, None) or "") for each in ("rw", "rt", "name"))
    return _numbered(rw), _numbered(rt), name.casefold() or "\uffff"


def _numbered(text: str) -> tuple[int, str]:
    digits = text if text.isascii() and text.isdigit() else ""
    return (int(digits) if digits else 10**9, text or "\uffff")


def _issued(at: At, letter: str, found: Sequence[Case]) -> list[tuple[Case, int | None]]:
    """The letters of that kind that the cases were issued and that still hold, with their cases in order."""
    by_case: dict[int, list[int]] = {}
    query = select(IssuedLetter.case_id, IssuedLetter.id).where(
        IssuedLetter.case_id.in_([each.id for each in found]),
        IssuedLetter.letter == letter,
        IssuedLetter.status == "issued",
    )
    for case, key in at.session.execute(query.order_by(IssuedLetter.id)):
        by_case.setdefault(case or 0, []).append(key)
    schema, actor = at.live.schema, at.actor
    mine = (case for case in found if may_letter(schema, actor, letter, "print", case.area))
    return [(case, key) for case in mine for key in by_case.get(case.id, ())]


def _area(at: At, found: Sequence[Case]) -> str:
    """The area of a job: the one that holds all its cases, or that of the first where this is too large.

    Raises:
        Forbidden: the actor works in neither.
    """
    parts = zip(*(case.area.split(".") for case in found), strict=False)
    shared: list[str] = []
    for each in parts:
        if len(set(each)) > 1:
            break
        shared.append(each[0])
    areas = (".".join(shared), *dict.fromkeys(case.area for case in found))
    for area in areas:
        if area and may_in(at.live.schema, at.actor, "work", area):
            return area
    raise Forbidden("print")


def cancel(at: At, job_id: int) -> None:
    """Stops a job of one's own; what is issued stays issued, and a job that has ended stays as it is."""
    events.hold(at.session)
    job = locked(at.session, job_id)
    if job is not None and job.status in OPEN:
        job.status, job.ended_at, job.worker = "cancelled", at.now, None
        _tell(at, job, "print-cancelled", {})


def retry(at: At, job_id: int) -> None:
    """Lets a job that has ended try again what failed; what is printed already is not printed again."""
    events.hold(at.session)
    job = locked(at.session, job_id)
    if job is None or job.status in OPEN:
        return
    with acting(SYSTEM):
        failed = (PrintItem.job_id == job.id, PrintItem.status == "failed")
        for status, numbered in (
            ("waiting", PrintItem.letter_id.is_(None)),
            ("issued", PrintItem.letter_id.is_not(None)),
        ):
            again = update(PrintItem).where(*failed, numbered).values(status=status, problem=None)
            at.session.execute(again)
    job.status, job.ended_at, job.worker, job.problem, job.result = "waiting", None, None, None, None
    _tell(at, job, "print-tried-again", {})


def _tell(at: At, job: PrintJob, kind: str, data: Mapping[str, object]) -> None:
    events.record(
        at.session, actor=at.actor, now=at.now, kind=kind, subject=SUBJECT, subject_id=job.id, data=data
    )
