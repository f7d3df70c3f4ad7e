"""A worker ended by SIGKILL in the middle of a job: numbers, letters, events and items agree."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from casework import Office
from printery import asked, done, events, items, job_of, letters, village
from sqlalchemy import Engine

from portal.bulk import LEASE
from portal.cli.work import printing
from portal.database import reading
from portal.events import broken
from portal.settings import Settings

CASES = 40
"""Two transactions of numbers, and long enough at the press to be met there."""
WORKER = """
import sys
from datetime import UTC, datetime
from portal.bulk import work
from portal.database import engine_of
work(engine_of(sys.argv[1]), int(sys.argv[2]), lambda: datetime.now(UTC))
"""


def killed(office: Office, job: int, reached: Callable[[int, int], bool]) -> None:
    """Works on a job in a process of its own and kills it at a point: so many are issued, so many printed."""
    url = office.engine.url.render_as_string(hide_password=False)
    known = os.environ | {"PYTHONPATH": os.getcwd()}
    with subprocess.Popen([sys.executable, "-c", WORKER, url, str(job)], env=known) as worker:
        until = time.monotonic() + 60
        while worker.poll() is None and time.monotonic() < until:
            said = [each.status for each in items(office, job)]
            if reached(len(said) - said.count("waiting"), said.count("printed")):
                break
            time.sleep(0.005)
        worker.send_signal(signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL


def agree(office: Office, job: int) -> None:
    """Checks that what is issued has its item, its number and its event, and that the chain holds."""
    made = letters(office)
    assert [each.letter_id for each in items(office, job) if each.letter_id] == [each.id for each in made]
    assert [each.sequence for each in made] == list(range(1, len(made) + 1))
    assert events(office, "letter-issued") == len(made)
    with reading(office.engine) as session:
        assert broken(session) is None


@pytest.mark.parametrize("point", [(1, 0), (26, 0), (40, 25)], ids=["first", "second", "press"])
def test_killed_job_goes_on_without_a_second_number(any_engine: Engine, point: tuple[int, int]) -> None:
    office, cases = village(any_engine, CASES)
    job = asked(office, cases)
    killed(office, job, lambda issued, printed: issued >= point[0] and printed >= point[1])
    assert job_of(office, job).status == "running"
    agree(office, job)
    found = done(office, job, now=datetime.now(UTC) + LEASE)
    assert (found.status, found.done) == ("done", CASES)
    agree(office, job)
    assert len(letters(office)) == CASES


def test_restarted_portal_takes_the_job_up(engine: Engine) -> None:
    office, cases = village(engine, CASES)
    job = asked(office, cases)
    killed(office, job, lambda issued, printed: printed >= 1)
    late = datetime.now(UTC) + LEASE
    with printing(Settings(database=str(engine.url)), clock=lambda: late):
        until = time.monotonic() + 60
        while job_of(office, job).status != "done" and time.monotonic() < until:
            time.sleep(0.1)
    assert job_of(office, job).status == "done"
    agree(office, job)
