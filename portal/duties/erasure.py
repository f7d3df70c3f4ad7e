"""Two people and a reason -> personal data erased in one transaction, with events and a list to repeat it.

One person proposes, another approves. What the law tells to keep, and what is still being worked on, is
refused with its reason. The rows are emptied in the caller's transaction; `sweep` looks after the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from portal.access import Actor, Forbidden, may
from portal.duties.emptying import Emptying, empty_case, empty_record, forget_emptied, is_emptied
from portal.duties.retention import erase_scope, retention_of
from portal.events import hold, record
from portal.facts import today
from portal.models import column_name
from portal.releases import Live
from portal.tables import Case, Erasure
from portal.wall import unscoped
from portal.words import say

ERASING = "what is erased is emptied wherever it is, and not shown"
UNSEEN = "–"
"""Stands for the number of a case that the person does not see."""


class NotErasable(Exception):
    """It may not be erased; `slug` has words and `values` fill them."""

    def __init__(self, slug: str, **values: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.values = values

    def sentence(self) -> str:
        """Returns why, in the reader's language."""
        return say(self.slug, **self.values)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be erased, on which ground, and why."""

    ground: str
    """retention or request."""
    reason: str
    cases: tuple[int, ...] = ()
    residents: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Done:
    """What an erasure emptied, and what its files are to be searched for."""

    erasure_id: int
    rows: int
    events: int
    letters: tuple[int, ...]
    traces: frozenset[str]


def person(session: Session, live: Live, resident: int, reason: str) -> Wanted:
    """Returns the erasure of a person: the record and every case about it that was not erased before."""
    with unscoped(ERASING):
        cases = session.scalars(select(Case.id).where(Case.resident_id == resident).order_by(Case.id)).all()
    open_ones = tuple(key for key in cases if not is_emptied(session, "case", key))
    return Wanted(ground="request", reason=reason, cases=open_ones, residents=(resident,))


def propose(session: Session, live: Live, wanted: Wanted, *, actor: Actor, now: datetime) -> Erasure:
    """Adds the proposal of one person, for another one to decide on.

    Raises:
        Forbidden: the person does not answer for data there.
        NotErasable: there is nothing to erase, a case is running, or a law tells to keep it.
    """
    _refuse_foreign(session, live, wanted, actor)
    _refuse_needed(session, live, wanted, now)
    row = Erasure(
        ground=wanted.ground,
        reason=wanted.reason,
        cases=list(wanted.cases),
        residents=list(wanted.residents),
        proposed_at=now,
        proposed_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    _told(session, row, "erasure-proposed", actor, now)
    return row


def refuse(
    session: Session, live: Live, erasure_id: int, decision: str, *, actor: Actor, now: datetime
) -> None:
    """Ends a proposal with a reason; also the one who made it may take it back.

    Raises:
        Forbidden: the person does not answer for data.
        NotErasable: it was decided already, or there is no reason.
    """
    row = _open(session, live, erasure_id, actor)
    if not decision.strip():
        raise NotErasable("erasure-reason-missing")
    row.status, row.decision = "refused", decision.strip()
    row.decided_at, row.decided_by = now, actor.account_id
    _told(session, row, "erasure-refused", actor, now)


def refuse_request(
    session: Session, live: Live, resident: int, why: NotErasable, *, actor: Actor, now: datetime
) -> Erasure:
    """Keeps that a person asked to be erased and was refused, with the reason that a law or a case gives."""
    if not may(live.schema, actor, "erase"):
        raise Forbidden("erase")
    row = Erasure(
        status="refused",
        ground="request",
        reason=say("erasure-asked"),
        cases=[],
        residents=[resident],
        proposed_at=now,
        proposed_by=actor.account_id,
        decided_at=now,
        decided_by=actor.account_id,
        decision=why.sentence()[:200],
    )
    session.add(row)
    session.flush()
    _told(session, row, "erasure-refused", actor, now)
    return row


def approve(session: Session, live: Live, erasure_id: int, *, actor: Actor, now: datetime) -> Done:
    """Carries out a proposal that another person made; the caller commits and then calls `sweep`.

    Raises:
        Forbidden: the person does not answer for data there.
        NotErasable: it is the person's own proposal, was decided already, or is needed by now.
    """
    hold(session)
    row = _open(session, live, erasure_id, actor)
    if row.proposed_by == actor.account_id or actor.account_id is None:
        raise NotErasable("erasure-own")
    wanted = Wanted(
        ground=row.ground, reason=row.reason, cases=tuple(row.cases), residents=tuple(row.residents)
    )
    _refuse_foreign(session, live, wanted, actor)
    _refuse_needed(session, live, wanted, now)
    row.status, row.decided_at, row.decided_by = "done", now, actor.account_id
    emptying = Emptying(session=session, live=live, actor=actor, now=now, erasure_id=row.id)
    with unscoped(ERASING):
        carry_out(emptying, row.cases, row.residents)
        events = forget_emptied(emptying)
        _told(session, row, "erasure-done", actor, now)
        session.flush()
    return Done(
        erasure_id=row.id,
        rows=len(emptying.emptied),
        events=events,
        letters=tuple(emptying.letters),
        traces=frozenset(emptying.traces),
    )


def carry_out(emptying: Emptying, cases: Sequence[int], residents: Sequence[int]) -> None:
    """Empties cases and residents, and says so in the history of each."""
    for key in cases:
        empty_case(emptying, key)
    for key in residents:
        empty_record(emptying, emptying.live.schema.subject(), key)
    for subject, key in emptying.emptied:
        kind = "case-erased" if subject == "case" else "record-erased"
        record(
            emptying.session,
            actor=emptying.actor,
            now=emptying.now,
            kind=kind,
            subject=subject,
            subject_id=key,
        )


def note_checked(session: Session, now: datetime, erasure_id: int | None = None) -> None:
    """Keeps that a database's files were found clean: after one erasure, or after all that were done."""
    done = select(Erasure).where(Erasure.status == "done", Erasure.checked_at.is_(None))
    for row in session.scalars(done if erasure_id is None else done.where(Erasure.id == erasure_id)):
        row.checked_at = now


def _open(session: Session, live: Live, erasure_id: int, actor: Actor) -> Erasure:
    if not may(live.schema, actor, "erase"):
        raise Forbidden("erase")
    row = session.get(Erasure, erasure_id, with_for_update=True)
    if row is None or row.status != "proposed":
        raise NotErasable("erasure-decided")
    return row


def _told(session: Session, row: Erasure, kind: str, actor: Actor, now: datetime) -> None:
    said = {"ground": row.ground, "cases": len(row.cases), "residents": len(row.residents)}
    record(session, actor=actor, now=now, kind=kind, subject="erasure", subject_id=row.id, data=said)


def _refuse_foreign(session: Session, live: Live, wanted: Wanted, actor: Actor) -> None:
    """Everything must lie where the person answers for the data."""
    if not may(live.schema, actor, "erase"):
        raise Forbidden("erase")
    with unscoped(ERASING):
        _refuse_elsewhere(session, live, wanted, actor)


def _refuse_elsewhere(session: Session, live: Live, wanted: Wanted, actor: Actor) -> None:
    subject = live.schema.subject()
    table: Table = live.models.records[subject].__table__
    area = live.schema.records[subject].area
    for key in wanted.cases:
        mine = erase_scope(live.schema, actor, Case.__table__.c.area)
        if session.scalar(select(Case.id).where(Case.id == key, mine)) is None:
            raise Forbidden("case")
    for key in wanted.residents:
        here = select(table.c.id).where(table.c.id == key)
        if area:
            here = here.where(erase_scope(live.schema, actor, table.c[column_name(area)]))
        if session.scalar(here) is None:
            raise Forbidden(subject)


def _refuse_needed(session: Session, live: Live, wanted: Wanted, now: datetime) -> None:
    if not wanted.cases and not wanted.residents:
        raise NotErasable("erasure-nothing")
    if not wanted.reason.strip():
        raise NotErasable("erasure-reason-missing")
    with unscoped(ERASING):
        why = next(_needed(session, live, wanted, now), None)
    if why is None:
        return
    slug, case, values = why
    if case is not None:
        values["number"] = session.scalar(select(Case.number).where(Case.id == case)) or UNSEEN
    raise NotErasable(slug, **values)


_Why: TypeAlias = tuple[str, int | None, dict[str, object]]
"""Slug, the case that it is about, and more values."""


def _needed(session: Session, live: Live, wanted: Wanted, now: datetime) -> Iterator[_Why]:
    """Yields why something is still needed."""
    for key in wanted.cases:
        case = session.get_one(Case, key)
        if case.status != "closed" or case.closed_at is None:
            yield "erasure-running", key, {}
        yield from _kept(live, case, wanted, now)
    for resident in wanted.residents:
        left = select(Case.id).where(Case.resident_id == resident, Case.id.not_in(wanted.cases))
        other = session.scalar(left.order_by(Case.id).limit(1))
        if other is not None:
            yield "erasure-case-left", other, {}


def _kept(live: Live, case: Case, wanted: Wanted, now: datetime) -> Iterator[_Why]:
    """A person's wish ends where a law tells to keep; without a legal basis it comes first."""
    retention = retention_of(live.schema, case.program)
    if retention is None or case.closed_at is None:
        if wanted.ground == "retention":
            yield "erasure-unset", None, {}
        return
    until = retention.keep.after(_local_day(live, case.closed_at))
    if until > today(live.schema, now) and (wanted.ground == "retention" or retention.legal_basis):
        basis = retention.legal_basis or str(retention.keep)
        yield "erasure-kept", case.id, {"until": until.isoformat(), "basis": basis}


def _local_day(live: Live, at: datetime) -> date:
    return at.astimezone(ZoneInfo(live.schema.office.time_zone)).date()
