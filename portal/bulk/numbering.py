"""Items of a print job -> issued letters: each number, letter and event in the transaction of its item."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import wall
from portal.access import Actor, Forbidden
from portal.accounts import grants_of
from portal.cases import At, Changed, Refused, issue_on_request
from portal.fields import Value
from portal.releases import Live, latest_id, live
from portal.tables import Account, Case, IssuedLetter, PrintItem, PrintJob


def number(session: Session, job: PrintJob, items: Sequence[PrintItem], now: datetime) -> None:
    """Issues the letters of items in their order; one that may not be issued says why and stops no other.

    They are issued by who asked for them, with the rights of this moment.
    """
    newest = latest_id(session)
    current = live(session, newest or 0)
    creator = creator_of(session, job, now)
    for item in items:
        try:
            with wall.acting(creator, current):
                at = At(session=session, live=current, actor=creator, now=now)
                item.letter_id = _issued(at, job, item.case_id).id
        except Forbidden:
            _fail(item, "forbidden")
        except Refused as refused:
            _fail(item, next(iter(refused.problems.values())))
        except Changed:
            _fail(item, "changed")
        except LookupError:
            _fail(item, "missing")
        else:
            item.status = "issued"


def _fail(item: PrintItem, problem: str) -> None:
    item.status, item.problem = "failed", problem[:60]


def creator_of(session: Session, job: PrintJob, now: datetime) -> Actor:
    """Returns who asked for a job, with the roles of this moment; none once the account is closed."""
    account = session.get_one(Account, job.created_by)
    grants = grants_of(session, account.id, now) if account.active else ()
    return Actor(account_id=account.id, label=account.label, grants=grants)


def _issued(at: At, job: PrintJob, case_id: int) -> IssuedLetter:
    """Issues the letter of one case.

    Raises:
        LookupError: the case, or the letter, is not there for who asked.
    """
    schema = at.live.schema
    case = at.session.scalar(select(Case).where(Case.id == case_id, wall.cases(schema, at.actor)))
    if case is None or job.letter not in schema.letters:
        raise LookupError(case_id)
    program = schema.known.programs.get(case.program)
    destination = program.destination if program else None
    return issue_on_request(at, case, job.letter, form_of(at.live, job), destination)


def form_of(current: Live, job: PrintJob) -> dict[str, Value]:
    """Returns what was asked once for all letters of a job, as values again."""
    fields = current.schema.letters[job.letter].fields
    said = job.asked.get("form", {})
    return {name: fields[name].stored(value) for name, value in said.items() if name in fields}
