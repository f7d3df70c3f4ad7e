"""The printers: the same paper, an end to what takes too long, and no harm to other people's letters."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from letters.example import LETTERS, example_context

from portal import press, pressroom
from portal.press import Printed, PrintRefused
from portal.pressroom import Job, PrintStopped, crew
from portal.pressroom.jobs import Order
from portal.pressroom.room import Room
from portal.templating import environment, render

SHORT = "<!doctype html><html lang='id'><title>x</title><p>Halo"
BOMB = f"{SHORT}{'<div style=display:flex>' * 14}a"
"""Takes minutes to lay out."""


def letter() -> str:
    return render(environment(LETTERS), "referral.html", example_context("referral"))


def at_work() -> list[int]:
    """Returns the numbers of the processes that print for this one."""
    return [each.process for each in pressroom._rooms[0].printers]


@pytest.fixture
def one_printer() -> Iterator[Room]:
    """Gives a room with one printer, so that it is known who prints."""
    usual = pressroom.printers()
    pressroom.hire(1)
    yield pressroom._rooms[0]
    pressroom.hire(usual)


def test_paper_is_the_same_from_either_process() -> None:
    apart = pressroom.pdf(letter(), assets=LETTERS)
    assert apart == press.pdf(letter(), assets=LETTERS)


def test_data_travel_inside_from_either_process() -> None:
    apart = pressroom.pdf(SHORT, assets=LETTERS, attach=b"{}")
    assert apart == press.pdf(SHORT, assets=LETTERS, attach=b"{}")


def test_roll_is_the_same_from_either_process() -> None:
    html, style = SHORT.replace("<p>", "<body class=slip><p>"), "@page slip { margin: 4mm }"
    apart = pressroom.roll_pdf(html, assets=LETTERS, style=style, width=80)
    assert apart == press.roll_pdf(html, assets=LETTERS, style=style, width=80)


def test_what_a_letter_may_not_have_is_told_as_in_one_process() -> None:
    with pytest.raises(PrintRefused) as refused:
        pressroom.pdf(f"{SHORT}<img src='hilang.svg' alt=''>", assets=LETTERS)
    assert refused.value.asked[0].endswith("/hilang.svg")


def test_folder_without_a_style_sheet_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"letter\.css"):
        pressroom.pdf(SHORT, assets=tmp_path)


def test_batch_comes_in_order_and_a_broken_letter_stops_nothing(tmp_path: Path) -> None:
    htmls = [f"{SHORT} {number}" for number in range(20)]
    jobs = [Job(html=html, assets=LETTERS) for html in htmls]
    jobs[3] = Job(html=f"{SHORT}<img src='hilang.svg' alt=''>", assets=LETTERS)
    jobs[5] = Job(html=SHORT, assets=tmp_path)
    jobs[8] = Job(html=f"{SHORT}{'<div>' * 900}", assets=LETTERS)
    came = list(pressroom.pdf_many(jobs))
    assert [type(each) for each in (came[3], came[5], came[8])] == [PrintRefused, PrintRefused, PrintStopped]
    good = [number for number in range(20) if number not in (3, 5, 8)]
    assert [came[number] for number in good] == [press.pdf(htmls[number], assets=LETTERS) for number in good]


def test_batch_takes_its_letters_as_they_are_needed() -> None:
    asked: list[int] = []

    def jobs() -> Iterator[Job]:
        for number in range(1000):
            asked.append(number)
            yield Job(html=SHORT, assets=LETTERS)

    came = pressroom.pdf_many(jobs())
    assert isinstance(next(came), Printed)
    came.close()  # type: ignore[attr-defined]
    assert len(asked) <= pressroom.AHEAD * pressroom.printers()
    assert pressroom.pdf(SHORT, assets=LETTERS).pages == 1


def test_single_letter_overtakes_a_batch(one_printer: Room) -> None:
    came = pressroom.pdf_many(Job(html=letter(), assets=LETTERS) for _ in range(8))
    done: list[str] = []

    def ask() -> None:
        pressroom.pdf(SHORT, assets=LETTERS)
        done.append("single")

    clerk = Thread(target=ask)
    first = next(came)
    clerk.start()
    for _ in came:
        done.append("batch")
    clerk.join()
    assert isinstance(first, Printed)
    assert done.index("single") <= 3


def test_batch_is_not_kept_waiting_for_ever(one_printer: Room) -> None:
    room = Room(0)
    job = Job(html=SHORT, assets=LETTERS)
    for queue in (room.singles, room.batches):
        for _ in range(20):
            room.order(Order(job=job, seconds=1, limits=pressroom.LIMITS), queue)
    taken = [room._next() is not None and len(room.batches) for _ in range(10)]
    assert taken[-2:] == [19, 19]


def test_printer_that_was_killed_is_replaced(one_printer: Room) -> None:
    pressroom.pdf(SHORT, assets=LETTERS)
    (process,) = at_work()
    os.kill(process, signal.SIGKILL)
    time.sleep(0.05)
    assert pressroom.pdf(SHORT, assets=LETTERS).pages == 1
    assert at_work() != [process]


def test_first_process_that_was_killed_is_replaced(one_printer: Room) -> None:
    pressroom.pdf(SHORT, assets=LETTERS)
    zygote, (process,) = one_printer.zygote, at_work()
    assert zygote is not None
    zygote.process.kill()
    zygote.process.wait()
    assert pressroom.pdf(SHORT, assets=LETTERS).pages == 1
    os.kill(process, signal.SIGKILL)
    time.sleep(0.05)
    assert pressroom.pdf(SHORT, assets=LETTERS).pages == 1
    assert one_printer.zygote is not zygote


@pytest.mark.parametrize(("limit", "most"), [("LETTERS", 1), ("RESIDENT", 1)])
def test_printer_makes_room_after_many_letters_or_much_memory(
    limit: str, most: int, one_printer: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, limit, most)
    pressroom.pdf(SHORT, assets=LETTERS)
    first = at_work()
    pressroom.pdf(SHORT, assets=LETTERS)
    assert len(first) == len(at_work()) == 1
    assert at_work() != first
    assert not Path(f"/proc/{first[0]}").exists()


def test_printers_know_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_FILE", "/nowhere")
    zygote = crew.Zygote(LETTERS)
    try:
        printer = zygote.fork()
        known = Path(f"/proc/{printer.process}/environ").read_bytes()
        printer.room.close()
    finally:
        zygote.close()
    assert b"PATH=" in known
    assert b"PORTAL_" not in known


PORTAL = """
import os, sys, time
from pathlib import Path
from portal import pressroom
{act}
"""


def portal(act: str) -> subprocess.Popen[str]:
    """Starts another process that prints."""
    command = [sys.executable, "-c", PORTAL.format(act=act), str(LETTERS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def gone(process: int) -> bool:
    """Tells whether a process ends within five seconds."""
    for _ in range(100):
        state = Path(f"/proc/{process}/stat")
        if not state.exists() or ") Z " in state.read_text("ascii"):
            return True
        time.sleep(0.05)
    return False


def test_nothing_is_left_when_the_portal_is_killed() -> None:
    act = (
        "from threading import Thread\n"
        f"pressroom.pdf({SHORT!r}, assets=Path(sys.argv[1]))\n"
        "room = pressroom._rooms[0]\n"
        f"bomb = lambda: pressroom.pdf({BOMB!r}, assets=Path(sys.argv[1]))\n"
        "Thread(target=bomb, daemon=True).start()\n"
        "time.sleep(0.3)\n"
        "print(room.zygote.process.pid, *(each.process for each in room.printers), flush=True)\n"
        "time.sleep(60)"
    )
    with portal(act) as process:
        assert process.stdout is not None
        children = [int(each) for each in process.stdout.readline().split()]
        process.kill()
    assert len(children) >= 2
    assert [each for each in children if not gone(each)] == []


def test_process_that_was_forked_has_printers_of_its_own() -> None:
    act = (
        f"pressroom.pdf({SHORT!r}, assets=Path(sys.argv[1]))\n"
        "theirs = [each.process for each in pressroom._rooms[0].printers]\n"
        "child = os.fork()\n"
        f"pressroom.pdf({SHORT!r}, assets=Path(sys.argv[1]))\n"
        "mine = [each.process for each in pressroom._rooms[0].printers]\n"
        "print('child' if child == 0 else 'parent', mine == theirs, flush=True)\n"
        "child and os.waitpid(child, 0)"
    )
    with portal(act) as process:
        said, _ = process.communicate(timeout=60)
    assert sorted(said.splitlines()) == ["child False", "parent True"]
    assert process.returncode == 0


def test_letters_are_printed_by_as_many_as_are_hired() -> None:
    usual = pressroom.printers()
    try:
        pressroom.hire(3)
        assert pressroom.printers() == 3
        for each in pressroom.pdf_many([Job(html=letter(), assets=LETTERS)] * 6):
            assert isinstance(each, Printed)
        assert len(at_work()) == 3
    finally:
        pressroom.hire(usual)
