"""Looking at every clock: what is due is rung once, whoever was to be told is told, what fails is passed by.

Clocks say themselves when there is something to ring (`next_at`, an index), so that a sweep over a hundred
thousand of them that has nothing to do is one look at that index. It works in small transactions, and one
process at a time does it: the row of `sweep` is a lease. What was not rung while nobody looked is rung then,
and says when it should have been.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, ScalarResult, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.access import SYSTEM
from portal.bulk import drop_old
from portal.cases.base import At
from portal.cases.clocks import settle
from portal.cases.ladder import ring
from portal.database import reading, writing
from portal.releases import Live, latest_id, live
from portal.tables import Case, Clock, Sweep, Task
from portal.wall import acting

BATCH = 10
"""So many clocks a transaction rings; whoever writes meanwhile waits for it, some 4 ms each."""
REST_SECONDS = 0.12
"""How long a sweep lets others write between two transactions: SQLite asks again every tenth second."""
LEASE = timedelta(minutes=5)
AGAIN = timedelta(hours=1)
"""When a clock that failed is tried again."""
RUNNING = ("running", "paused")
_log = logging.getLogger("portal.sweep")


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What a sweep came to."""

    rung: int = 0
    """How many levels were rung."""
    settled: int = 0
    """How many cases had clocks that were not in line with them."""
    failed: tuple[int, ...] = ()
    """The keys of the cases that could not be done."""
    busy: bool = False
    """True when another process is at it."""


def sweep(engine: Engine, clock: Callable[[], datetime], *, rest: float = REST_SECONDS) -> Swept:
    """Rings what is due by now and returns what came of it; nothing when another process is at it."""
    with acting(SYSTEM):
        with reading(engine) as session:
            number = latest_id(session)
            current = live(session, number) if number is not None else None
        if current is None or not _leased(engine, clock()):
            return Swept(busy=current is not None)
        work = _Work(engine=engine, live=current, clock=clock, rest=rest)
        try:
            work.settle_all()
            work.ring_all()
            drop_old(engine, clock())
        finally:
            _finish(engine, clock(), work)
        return Swept(rung=work.rung, settled=work.settled, failed=tuple(sorted(work.failed)))


def _leased(engine: Engine, now: datetime) -> bool:
    with writing(engine) as session:
        row = session.scalars(select(Sweep).where(Sweep.id == 1).with_for_update()).one_or_none()
        if row is not None and row.finished_at is None and row.lease_until > now:
            return False
        if row is None:
            row = Sweep(id=1, lease_until=now + LEASE, started_at=now)
            session.add(row)
        row.lease_until, row.started_at, row.finished_at = now + LEASE, now, None
    return True


def _finish(engine: Engine, now: datetime, work: _Work) -> None:
    with writing(engine) as session:
        done = {"finished_at": now, "rung": work.rung, "failed": len(work.failed)}
        session.execute(update(Sweep).where(Sweep.id == 1).values(done))


@dataclass(kw_only=True)
class _Work:
    """One sweep on its way."""

    engine: Engine
    live: Live
    clock: Callable[[], datetime]
    rest: float
    rung: int = 0
    settled: int = 0
    seen: int = 0

    def __post_init__(self) -> None:
        """Nothing has failed yet."""
        self.failed: set[int] = set()

    def at(self, session: Session) -> At:
        return At(session=session, live=self.live, actor=SYSTEM, now=self.clock())

    def settle_all(self) -> None:
        """Gives clocks to what has none yet, such as cases from before there were any, and stops others."""
        after = 0
        while keys := self._unsettled(after):
            after = keys[-1]
            self._guarded(keys, self._settle)

    def _unsettled(self, after: int) -> Sequence[int]:
        """Returns cases with an open task without a clock, or with a running clock of a task that is done."""
        own = (Clock.kind == "step") & (Clock.subject_id == Task.id)
        bare = (
            select(Task.case_id)
            .outerjoin(Clock, own)
            .where(Task.status == "open", Task.due_at.is_not(None), Clock.id.is_(None), Task.case_id > after)
        )
        stale = (
            select(Task.case_id)
            .join(Clock, own)
            .where(Task.status != "open", Clock.stopped_at.is_(None), Task.case_id > after)
        )
        found: set[int] = set()
        with reading(self.engine) as session:
            for query in (bare, stale):
                found |= set(session.scalars(query.order_by(Task.case_id).limit(BATCH)))
        return sorted(found)[:BATCH]

    def _settle(self, session: Session, keys: Sequence[int]) -> None:
        for case in _locked(session, keys):
            settle(self.at(session), case)
            self.settled += 1

    def ring_all(self) -> None:
        """Rings everything that is due, the longest overdue first."""
        while keys := self._due():
            if not self._guarded(keys, self._ring):
                return  # whoever is at these cases now leaves them to the next sweep

    def _due(self) -> Sequence[int]:
        query = select(Clock.id).where(Clock.next_at <= self.clock()).order_by(Clock.next_at, Clock.id)
        with reading(self.engine) as session:
            return session.scalars(query.limit(BATCH)).all()

    def _ring(self, session: Session, keys: Sequence[int]) -> None:
        at = self.at(session)
        of = session.scalars(select(Clock.case_id).where(Clock.id.in_(keys)).distinct())
        cases = {case.id: case for case in _locked(session, of.all())}
        query = select(Clock).where(Clock.id.in_(keys), Clock.case_id.in_(cases)).order_by(Clock.id)
        for clock in session.scalars(query.execution_options(populate_existing=True)).all():
            if clock.next_at is not None and clock.next_at <= at.now:
                self.rung += ring(at, cases[clock.case_id], clock)
                self.seen += 1

    def _guarded(self, keys: Sequence[int], act: Callable[[Session, Sequence[int]], None]) -> bool:
        """Does a batch, each by itself when one of it fails; tells whether anything was done or given up."""
        before = (self.rung, self.settled, self.seen, len(self.failed))
        try:
            self._once(keys, act)
        except OperationalError:
            raise
        except Exception:
            self.rung, self.settled = before[:2]
            for key in keys:
                self._alone(key, act)
        time.sleep(self.rest)
        return (self.rung, self.settled, self.seen, len(self.failed)) != before

    def _once(self, keys: Sequence[int], act: Callable[[Session, Sequence[int]], None]) -> None:
        with writing(self.engine) as session:
            act(session, keys)
            lease = {"lease_until": self.clock() + LEASE}
            session.execute(update(Sweep).where(Sweep.id == 1).values(lease))

    def _alone(self, key: int, act: Callable[[Session, Sequence[int]], None]) -> None:
        before = (self.rung, self.settled)
        try:
            self._once((key,), act)
        except OperationalError:
            raise
        except Exception as error:  # one bad case never stops the others
            self.rung, self.settled = before
            self._give_up(key, type(error).__name__, of_clock=act == self._ring)

    def _give_up(self, key: int, error: str, *, of_clock: bool) -> None:
        """Notes a failure by the name of its error alone; the clock is tried again later."""
        case = key
        if of_clock:
            with writing(self.engine) as session:
                clock = session.get_one(Clock, key)
                clock.failure, clock.next_at, case = error[:80], self.clock() + AGAIN, clock.case_id
        self.failed.add(case)
        _log.error("sweep: case %d: %s", case, error)


def _locked(session: Session, keys: Sequence[int]) -> ScalarResult[Case]:
    """Locks cases in their order, as every act does first; those that somebody is at are passed by."""
    query = select(Case).where(Case.id.in_(keys)).order_by(Case.id)
    locking = query.with_for_update(skip_locked=True, key_share=True)
    return session.scalars(locking.execution_options(populate_existing=True))
