"""Cases that follow words by themselves; moves of many cases, with others at work and cut short."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import threads
from casework import PAPERS, REGISTER, Office, copied, furnish, open_task
from moves import (
    LATER,
    any_office,
    at_verify,
    meant,
    moved,
    number_of,
    office,
    publish,
    sound,
    steps,
    take_back,
)
from small import NOW
from sqlalchemy import Engine

from portal.access import SYSTEM
from portal.cases import AlreadyMoved, At, complete
from portal.cases.moving import move_all
from portal.database import writing
from portal.tables import Case


def test_words_follow_by_themselves(any_office: Office) -> None:
    first, second = any_office.open(papers=PAPERS), at_verify(any_office)
    shown = any_office.case(first).sop_version_id
    publish(any_office, steps(register={"label": "Penerimaan"}), **{"sops/pbi/follow": "wording"})
    assert [number_of(any_office, case) for case in (first, second)] == [3, 3]
    assert any_office.kinds(first)[-1] == "case-moved"
    with writing(any_office.engine) as session:
        at = any_office.at(session, "clerk")
        complete(at, open_task(session, first).id, REGISTER, PAPERS, shown=shown)
    assert take_back(any_office, second) == 2
    assert sound(any_office)


@pytest.mark.parametrize(
    ("edit", "follow", "number"),
    [
        ({"register": {"label": "Penerimaan"}}, None, 2),
        ({"visit": {"role": "back-office"}}, "wording", 2),
        ({"register": {"label": "Penerimaan"}}, "wording", 3),
    ],
)
def test_only_words_follow_and_only_where_the_sop_says_so(
    office: Office, edit: dict[str, Any], follow: str | None, number: int
) -> None:
    case = office.open()
    publish(office, steps(**edit), **({"sops/pbi/follow": follow} if follow else {}))
    assert number_of(office, case) == number


def test_case_that_is_behind_follows_when_only_words_are_between(office: Office) -> None:
    case = office.open()
    publish(office, steps(register={"label": "Penerimaan"}))
    publish(office, steps(register={"label": "Pencatatan"}), **{"sops/pbi/follow": "wording"})
    assert number_of(office, case) == 4


def test_closed_case_never_moves(office: Office) -> None:
    case = office.open(papers=PAPERS)
    with writing(office.engine) as session:
        session.get_one(Case, case).status = "closed"
        open_task(session, case).status = "done"
    publish(office, steps(register={"label": "Lain"}), **{"sops/pbi/follow": "wording"})
    assert moved(office, meant(office)) == ()
    assert number_of(office, case) == 2


def test_completing_and_moving_at_once_do_both_or_one(any_office: Office) -> None:
    cases = [any_office.open(papers=PAPERS) for _ in range(6)]
    shown = any_office.case(cases[0]).sop_version_id
    publish(any_office, steps(visit={"role": "back-office"}))
    live, move, together = any_office.live, meant(any_office), Barrier(2)

    def work() -> list[str]:
        together.wait()
        done = []
        for case in cases:
            try:
                with writing(any_office.engine) as session:
                    at = At(session=session, live=live, actor=any_office.at(session, "clerk").actor, now=NOW)
                    complete(at, open_task(session, case).id, REGISTER, shown=shown)
                done.append("completed")
            except AlreadyMoved:
                done.append("rerouted")
        return done

    def carry() -> int:
        together.wait()
        return len(
            [each for each in move_all(any_office.engine, live, SYSTEM, lambda: LATER, move) if each.verdict]
        )

    with threads.pool(2) as pool:
        worked, carried = pool.submit(work), pool.submit(carry)
        done, judged = worked.result(), carried.result()
    assert judged == len(cases)
    assert {number_of(any_office, case) for case in cases} == {3}
    for case, how in zip(cases, done, strict=True):
        assert any_office.task(case).step == ("registry" if how == "completed" else "register")
    assert sound(any_office)


KILLED = """
import os, signal, sys
from sqlalchemy import event
from portal.access import SYSTEM
from portal.cases.moving import move_all, moving
from portal.wall import stand
from portal.database import engine_of, reading
from portal.releases import latest_id, live
from datetime import datetime, timezone

url, last = sys.argv[1], int(sys.argv[2])
engine, said = engine_of(url), [0]
stand(SYSTEM)
with reading(engine) as session:
    now, move = live(session, latest_id(session)), moving(session, "pbi", 2, 3, {})


def count(*_):
    said[0] += 1
    if said[0] == last:
        os.kill(os.getpid(), signal.SIGKILL)


event.listen(engine, "before_cursor_execute", count)
list(move_all(engine, now, SYSTEM, lambda: datetime.now(timezone.utc), move))
"""


def test_killed_in_the_middle_each_case_is_old_or_new(any_office: Office) -> None:
    cases = [any_office.open() for _ in range(8)]
    publish(any_office, steps(register={"within": "4 working days"}, visit={"role": "back-office"}))
    url = any_office.engine.url.render_as_string(hide_password=False)
    found = set()
    for last in (3, 9, 14, 22, 31, 40):
        ended = subprocess.run([sys.executable, "-c", KILLED, url, str(last)], check=False, timeout=60)
        assert ended.returncode in (0, -9)
        assert sound(any_office)
        for case in cases:
            told = any_office.kinds(case).count("case-moved")
            assert number_of(any_office, case) == 2 + told
            found.add(told)
    assert found == {0, 1}
    moved(any_office, meant(any_office))
    assert {number_of(any_office, case) for case in cases} == {3}
