"""Many clerks issue letters over New Year while processes are killed: no number twice, none missing.

`PORTAL_NUMBERS=50x200` is the long run: fifty processes with two hundred letters each.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from casework import furnish
from sqlalchemy import Engine, func, select

from portal.database import reading
from portal.tables import Event, IssuedLetter

CLIENTS, LETTERS = (int(each) for each in os.environ.get("PORTAL_NUMBERS", "4x6").split("x"))
HERE = Path(__file__).parent


def started(url: str, case: int, place: int, seed: int, folder: Path) -> subprocess.Popen[bytes]:
    known = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE.parent), str(HERE)))}
    said = [url, str(case), str(LETTERS), str(seed), str(folder / f"{place}.txt")]
    return subprocess.Popen([sys.executable, str(HERE / "underfire.py"), *said], env=known)


def test_no_number_is_given_twice_and_none_is_missing(any_engine: Engine, tmp_path: Path) -> None:
    office, dice = furnish(any_engine), random.Random(2026)
    url = any_engine.url.render_as_string(hide_password=False)
    cases = [office.open() for _ in range(CLIENTS)]
    running = [started(url, case, place, place, tmp_path) for place, case in enumerate(cases)]
    kills = 0
    while any(each.poll() is None for each in running):
        time.sleep(0.5)
        place = dice.randrange(CLIENTS)
        if kills < CLIENTS and running[place].poll() is None and (tmp_path / f"{place}.txt").exists():
            running[place].send_signal(signal.SIGKILL)
            running[place].wait()
            kills += 1
            running[place] = started(url, cases[place], place, 1000 + kills, tmp_path)
    assert {each.returncode for each in running} == {0}
    with reading(any_engine) as session:
        letters = session.execute(
            select(IssuedLetter.number, IssuedLetter.period, IssuedLetter.sequence, IssuedLetter.data)
        ).all()
        events = session.scalar(select(func.count()).where(Event.kind == "letter-issued"))
    told = {line for file in tmp_path.glob("*.txt") for line in file.read_text().split()}
    numbers = [str(row.number) for row in letters]
    assert len(numbers) == len(set(numbers)) == events
    assert told <= set(numbers)  # what a clerk was told is there; a killed one may not have heard of its last
    assert len(told) == CLIENTS * LETTERS
    for period in ("2026", "2027"):
        mine = sorted(row.sequence for row in letters if row.period == period)
        assert mine == list(range(1, len(mine) + 1)), period
        assert len(mine) >= CLIENTS * (LETTERS // 2)
    for row in letters:
        found = re.fullmatch(r"400/\d{3,}/PKS/(XII/2026|I/2027)", str(row.number))
        assert found, row.number
        assert found[1].endswith(row.period)
        assert row.data["letter"]["date"][:4] == row.period
