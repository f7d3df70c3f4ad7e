"""A print job on its way: taken by one worker, numbered in short transactions, printed outside any, packed.

Whoever dies in the middle leaves rows that say how far it came: the next one goes on from there. An item's
letter is set in the transaction that draws its number, so no letter is numbered twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, func, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.access import SYSTEM
from portal.bulk.base import BEAT, LEASE, NUMBERED, OPEN, REST_SECONDS, Hold, Lost, locked
from portal.bulk.numbering import number
from portal.bulk.packing import packed
from portal.bulk.printing import printed
from portal.database import reading, writing
from portal.tables import IssuedLetter, PrintItem, PrintJob
from portal.wall import acting
from portal.words import speaking

_log = logging.getLogger("portal.bulk")


def waiting(engine: Engine, now: datetime) -> Sequence[int]:
    """Returns the keys of the jobs that no living worker has, the oldest first."""
    with acting(SYSTEM), reading(engine) as session:
        query = select(PrintJob.id).where(PrintJob.status.in_(OPEN), _free(now)).order_by(PrintJob.id)
        return session.scalars(query).all()


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(PrintJob.worker.is_(None), PrintJob.seen_at.is_(None), PrintJob.seen_at <= now - LEASE)


def work(engine: Engine, job_id: int, clock: Callable[[], datetime], *, rest: float = REST_SECONDS) -> bool:
    """Carries a job out as far as it goes; returns False when another worker has it, or it has ended.

    Raises:
        OperationalError: the database is away; the job is taken over when its lease is over.
    """
    hold = Hold(engine=engine, job_id=job_id, clock=clock, rest=rest)
    if not _taken(hold):
        return False
    try:
        with speaking("id"):
            _number_all(hold)
            _print_all(hold)
            _finish(hold)
    except Lost:
        _log.info("job %d: not this worker's any more", job_id)
    except OperationalError:
        raise
    except Exception as error:  # whatever it is, the job says so and can be tried again
        _log.error("job %d: %s", job_id, type(error).__name__)
        _give_up(hold, type(error).__name__)
    return True


def _taken(hold: Hold) -> bool:
    now = hold.clock()
    with acting(SYSTEM), writing(hold.engine) as session:
        job = locked(session, hold.job_id)
        free = job is not None and (job.worker is None or job.seen_at is None or job.seen_at <= now - LEASE)
        if job is None or job.status not in OPEN or not free:
            return False
        job.status, job.worker, job.seen_at = "running", hold.worker, now
    return True


def _number_all(hold: Hold) -> None:
    """Issues what has no number yet, in order; a letter that breaks its transaction is tried by itself."""
    while keys := _without_number(hold):
        try:
            _number(hold, keys)
        except (Lost, OperationalError):
            raise
        except Exception:
            for key in keys:
                _number_alone(hold, key)
        time.sleep(hold.rest)


def _without_number(hold: Hold) -> Sequence[int]:
    mine = (PrintItem.job_id == hold.job_id, PrintItem.status == "waiting")
    with acting(SYSTEM), reading(hold.engine) as session:
        query = select(PrintItem.id).where(*mine).order_by(PrintItem.place).limit(NUMBERED)
        return session.scalars(query).all()


def _number(hold: Hold, keys: Sequence[int]) -> None:
    with hold.writing(told=True) as (session, job):
        wanted = (PrintItem.id.in_(keys), PrintItem.status == "waiting")
        items = session.scalars(select(PrintItem).where(*wanted).order_by(PrintItem.place)).all()
        number(session, job, items, hold.clock())
        _count(session, job)


def _number_alone(hold: Hold, key: int) -> None:
    try:
        _number(hold, (key,))
    except (Lost, OperationalError):
        raise
    except Exception as error:  # one bad case never stops the others
        _log.error("job %d: item %d: %s", hold.job_id, key, type(error).__name__)
        with hold.writing() as (session, job):
            _fail(session, (key,), "broken")
            _count(session, job)


def _print_all(hold: Hold) -> None:
    """Prints what is issued; no connection is held while the press works."""
    with acting(SYSTEM), reading(hold.engine) as session:
        mine = (PrintItem.job_id == hold.job_id, PrintItem.status == "issued")
        query = select(PrintItem.letter_id, PrintItem.id).where(*mine).order_by(PrintItem.place)
        items = {letter: item for letter, item in session.execute(query).all() if letter is not None}
    done: dict[int, str] = {}
    said = hold.clock()
    for letter, problem in printed(hold.engine, tuple(items)):
        done[items[letter]] = problem
        if hold.clock() - said >= BEAT or len(done) >= NUMBERED:
            _note(hold, done)
            said = hold.clock()
    _note(hold, done)


def _note(hold: Hold, done: dict[int, str]) -> None:
    """Writes down what was printed since the last time, and that this worker is alive."""
    with hold.writing() as (session, job):
        good = [item for item, problem in done.items() if not problem]
        session.execute(update(PrintItem).where(PrintItem.id.in_(good)).values(status="printed"))
        for item, problem in done.items():
            if problem:
                _fail(session, (item,), problem)
        _count(session, job)
    done.clear()


def _fail(session: Session, items: Sequence[int], problem: str) -> None:
    session.execute(update(PrintItem).where(PrintItem.id.in_(items)).values(status="failed", problem=problem))


def _count(session: Session, job: PrintJob) -> None:
    session.flush()
    ended = (PrintItem.job_id == job.id, PrintItem.status.in_(("printed", "failed")))
    job.done = session.scalar(select(func.count()).select_from(PrintItem).where(*ended)) or 0


def _finish(hold: Hold) -> None:
    """Puts together what was printed; what was erased while that went on is left out by doing it again."""
    while not _packed(hold):
        pass


def _packed(hold: Hold) -> bool:
    with acting(SYSTEM), reading(hold.engine) as session:
        packing, letters = session.get_one(PrintJob, hold.job_id).packing, _sizes(session, hold.job_id)
    data = packed(hold.engine, packing, tuple(letters)) if letters else None
    with hold.writing() as (session, job):
        if _sizes(session, hold.job_id) != letters:
            return False
        job.result, job.status, job.ended_at, job.worker = data, "done", hold.clock(), None
    return True


def _sizes(session: Session, job_id: int) -> dict[int, int]:
    """The letters of a job that are printed, in order, with the length of their bytes."""
    query = (
        select(IssuedLetter.id, func.length(IssuedLetter.pdf))
        .join(PrintItem, PrintItem.letter_id == IssuedLetter.id)
        .where(PrintItem.job_id == job_id, PrintItem.status == "printed", IssuedLetter.pdf.is_not(None))
    )
    return dict(session.execute(query.order_by(PrintItem.place)).all())


def _give_up(hold: Hold, problem: str) -> None:
    try:
        with hold.writing() as (_, job):
            job.status, job.ended_at, job.worker, job.problem = "failed", hold.clock(), None, problem
    except Lost:
        return
