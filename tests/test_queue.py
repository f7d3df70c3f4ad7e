"""The queue in PostgreSQL: keys of jobs that a worker elsewhere takes, once; its tables renew themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from printery import asked, job_of, letters, village
from sqlalchemy import Engine, text

from portal.bulk import work
from portal.cli.work import _now, printing
from portal.database import reading
from portal.queue import SCHEMA, Queue
from portal.settings import Settings

pytestmark = pytest.mark.postgres


def url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def tables(engine: Engine) -> set[tuple[str, str]]:
    query = "SELECT schemaname, tablename FROM pg_tables WHERE tablename LIKE 'procrastinate%'"
    with reading(engine) as session:
        return {(row[0], row[1]) for row in session.execute(text(query))}


def test_a_worker_carries_out_what_was_put_once(postgres_engine: Engine) -> None:
    queue, done = Queue(url(postgres_engine)), list[int]()
    for job in (3, 4, 3):
        queue.put(job)
    queue.work(done.append, wait=False)
    assert done == [3, 4]


def test_tables_stand_in_a_schema_of_their_own_and_are_renewed(postgres_engine: Engine) -> None:
    Queue(url(postgres_engine)).put(1)
    assert {schema for schema, _ in tables(postgres_engine)} == {SCHEMA}
    with postgres_engine.begin() as connection:
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS 'procrastinate 3.0.0'")
    done: list[int] = []
    Queue(url(postgres_engine)).work(done.append, wait=False)
    assert done == []


def test_a_job_goes_through_the_queue_to_a_worker_of_its_own(postgres_engine: Engine, tmp_path: Path) -> None:
    office, cases = village(postgres_engine, 6)
    job = asked(office, cases)
    settings = Settings(database=url(postgres_engine), print_queue=True)
    command = [sys.executable, "-m", "portal", "work", "--database", url(postgres_engine)]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": os.getcwd()}) as worker:
        with printing(settings):
            waited = time.monotonic() + 60
            while job_of(office, job).status != "done" and time.monotonic() < waited:
                time.sleep(0.2)
        worker.terminate()
        assert worker.wait(20) == 0
    assert (job_of(office, job).status, len(letters(office))) == ("done", 6)


def test_many_hands_at_one_queue_number_once(postgres_engine: Engine) -> None:
    office, cases = village(postgres_engine, 6)
    jobs = [asked(office, cases[:3]), asked(office, cases[3:])]
    queue = Queue(url(postgres_engine))
    for job in jobs:
        queue.put(job)
    hands = [threading.Thread(target=work, args=(postgres_engine, job, _now)) for job in jobs]
    for hand in hands:
        hand.start()
    queue.work(lambda job: work(postgres_engine, job, _now, rest=0), wait=False)
    for hand in hands:
        hand.join()
    assert sorted(str(each.number) for each in letters(office)) == [
        f"400/{place:03}/PKS/{each}" for place, each in zip(range(1, 7), [_month()] * 6, strict=True)
    ]


def _month() -> str:
    from portal.numbering import date_values

    values = date_values(_now().date())
    return f"{values['roman_month']}/{values['year']}"
