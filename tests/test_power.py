"""A served portal ended by SIGKILL under load keeps everything that it has acknowledged, once.

A few crashes here; PORTAL_CRASHES=N makes as many on each kind of database that is there.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest
from casework import furnish
from clerk import Clerk
from crashes import CASE, LETTER, Machine, Worker, machine
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal import accounts, events
from portal.access import SYSTEM
from portal.database import reading, writing
from portal.tables import Case, Event, IssuedLetter, Task
from portal.tables import Counter as Numbers
from portal.twins.keeping import SERIES

CRASHES = int(os.environ.get("PORTAL_CRASHES", "3"))
CLERKS = ("account-2", "account-7", "account-2", "account-7")
"""Two officers of one village at two browsers each."""
PASSWORD = "kata-sandi-uji-2026"
OFTEN = 25
"""After so many crashes the whole chain is walked."""


@pytest.fixture
def crashing(any_engine: Engine, tmp_path: Path) -> Iterator[tuple[Machine, Engine]]:
    """Gives an office that is served, with its clerks logged in."""
    furnish(any_engine)
    with writing(any_engine) as session:
        for login in set(CLERKS):
            account = accounts.find(session, login)
            assert account is not None
            accounts.set_password(session, account, PASSWORD, actor=SYSTEM, now=datetime.now(UTC))
    with machine(any_engine.url.render_as_string(hide_password=False), tmp_path) as made:
        made.start()
        made.workers = tuple(worker(made.port, login, place) for place, login in enumerate(CLERKS))
        made.kill()
        yield made, any_engine


def worker(port: int, login: str, place: int) -> Worker:
    clerk = Clerk(port=port)
    clerk.log_in(login, PASSWORD)
    clerk.leave()
    return Worker(name=f"petugas{place}", clerk=clerk, chance=random.Random(place))


def test_nothing_acknowledged_is_lost(crashing: tuple[Machine, Engine]) -> None:
    made, engine = crashing
    chance, began = random.Random(7), monotonic()
    looked: Counter[str] = Counter()
    for turn in range(1, CRASHES + 1):
        made.crash(chance.uniform(0.0, 0.5), at_work=turn % 5 != 0)
        judge(made, engine, looked, whole=turn % OFTEN == 0)
        engine.dispose()
        if turn % OFTEN == 0:
            sys.stderr.write(f"{turn} crashes in {monotonic() - began:.0f} s: {dict(looked)}\n")
            sys.stderr.flush()
    made.finish()
    judge(made, engine, looked, whole=True)
    retried = sum(each.retried for each in made.workers)
    sys.stderr.write(
        f"{engine.dialect.name}: {CRASHES} crashes in {monotonic() - began:.0f} s: {dict(looked)}, "
        f"{retried} sent again\n"
    )
    assert min(looked[kind] for kind in ("case", "step", "letter")) >= CRASHES // 4


def judge(made: Machine, engine: Engine, looked: Counter[str], *, whole: bool) -> None:
    """Compares what the clerks were told since the last crash, or ever, with what the database holds."""
    assert [each.odd for each in made.workers if each.odd] == []
    with reading(engine) as session:
        for each in made.workers:
            told = each.done if whole else each.done[each.looked :]
            for kind, subject, led in told:
                there(session, kind, subject, led)
            looked.update(kind for kind, _, _ in each.done[each.looked :])
            each.looked = len(each.done)
        numbered = select(func.count(), func.max(IssuedLetter.sequence)).where(
            IssuedLetter.number.is_not(None)
        )
        count, last = session.execute(numbered).one()
        issued = session.scalar(select(func.count()).where(Event.kind == "letter-issued"))
        assert (last or 0, issued) == (count, count)
        if whole:
            everything(session, count)


def there(session: Session, kind: str, subject: int | str, led: str) -> None:
    """Fails unless what was acknowledged is in the database, once."""
    if kind == "case":
        found = session.scalars(select(Case.id).where(Case.description == subject)).all()
        assert found == [int(CASE.findall(led)[0])]
    elif kind == "step":
        assert session.scalar(select(Task.status).where(Task.id == subject)) == "done"
    else:
        assert session.get_one(IssuedLetter, int(LETTER.findall(led)[0])).number


def everything(session: Session, letters: int) -> None:
    """Fails unless the chain holds and what is counted, numbered and told of is the same."""
    assert events.broken(session) is None
    cases, described = session.execute(
        select(func.count(), func.count(func.distinct(Case.description))).select_from(Case)
    ).one()
    opened = select(func.count()).where(Event.kind == "case-opened")
    counted = select(func.sum(Numbers.value)).where(Numbers.series != SERIES)
    assert (described, session.scalar(opened)) == (cases, cases)
    assert int(session.scalar(counted) or 0) == cases + letters
    done = select(func.count()).where(Task.status == "done")
    assert session.scalar(done) == session.scalar(select(func.count()).where(Event.kind == "step-completed"))
