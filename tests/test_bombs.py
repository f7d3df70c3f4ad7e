"""Letters that would take all time or memory are stopped with their reason; others go on meanwhile."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from threading import Thread

import pytest
from letters.example import LETTERS

from portal import pressroom
from portal.pressroom import Job, Limits, PrintStopped
from portal.pressroom.crew import stopped
from portal.pressroom.wire import NO_MEMORY
from portal.words import LANGUAGES

HEAD = "<!doctype html><html lang='id'><title>Surat</title>"
SHORT = f"{HEAD}<p>Halo"
GRADIENT = (
    "<linearGradient id='g{0}'><stop offset='0' stop-color='red'/></linearGradient><rect fill='url(#g{0})'/>"
)
BOMBS: Mapping[str, str] = {
    "colspan": f"{HEAD}<table><tr><td colspan=1000000>a<td>b</table>",
    "tiny page": f"{HEAD}<style>@page {{ size: 2mm; margin: 0 }}</style><p>{'kata ' * 3000}",
    "page breaks": f"{HEAD}{'<p style=break-after:page>a' * 5000}",
    "nested flex": f"{HEAD}{'<div style=display:flex>' * 14}a",
    "gradients": f"{HEAD}<svg>{''.join(GRADIENT.format(number) for number in range(10_000))}</svg>",
    "deep nesting": f"{HEAD}{'<div>' * 2000}a",
    "many cells": f"{HEAD}<table>{('<tr>' + '<td>a' * 100) * 1000}</table>",
}
SMALL = Limits(processor=1, memory=400 * 1024**2, pages=20, size=100_000)


@pytest.mark.parametrize("bomb", BOMBS)
def test_bomb_is_stopped_with_its_reason(bomb: str) -> None:
    with pytest.raises(PrintStopped) as stopped:
        pressroom.pdf(BOMBS[bomb], assets=LETTERS, seconds=4, limits=SMALL)
    assert stopped.value.code in LANGUAGES["id"]
    assert stopped.value.code != "letter-print-broken"
    assert pressroom.pdf(SHORT, assets=LETTERS).pages == 1


@pytest.mark.parametrize(
    ("html", "seconds", "limits", "code"),
    [
        (BOMBS["nested flex"], 0.5, Limits(), "letter-print-slow"),
        (BOMBS["nested flex"], 30, Limits(processor=1), "letter-print-slow"),
        (BOMBS["many cells"], 30, Limits(memory=240 * 1024**2), "letter-print-memory"),
        (f"{HEAD}{'<p style=break-after:page>a' * 12}", 30, Limits(pages=10), "letter-print-pages"),
        (SHORT, 30, Limits(size=1000), "letter-print-large"),
        (BOMBS["deep nesting"], 30, Limits(), "letter-print-deep"),
    ],
)
def test_each_limit_has_its_own_code(html: str, seconds: float, limits: Limits, code: str) -> None:
    with pytest.raises(PrintStopped) as stopped:
        pressroom.pdf(html, assets=LETTERS, seconds=seconds, limits=limits)
    assert stopped.value.code == code


def test_letters_of_others_are_printed_while_a_bomb_burns() -> None:
    usual, burnt = pressroom.printers(), []
    pressroom.hire(2)

    def burn() -> None:
        try:
            pressroom.pdf(BOMBS["nested flex"], assets=LETTERS, seconds=2)
        except PrintStopped as stopped:
            burnt.append(stopped.code)

    bomb = Thread(target=burn)
    bomb.start()
    try:
        for _ in range(3):
            assert pressroom.pdf(SHORT, assets=LETTERS).pages == 1
        assert burnt == []
    finally:
        bomb.join()
        pressroom.hire(usual)
    assert burnt == ["letter-print-slow"]


def test_bomb_in_a_batch_costs_one_letter() -> None:
    jobs = [Job(html=SHORT, assets=LETTERS) for _ in range(5)]
    jobs[1] = Job(html=BOMBS["nested flex"], assets=LETTERS)
    came = list(pressroom.pdf_many(jobs, seconds=1))
    assert [getattr(each, "code", "printed") for each in came] == [
        "printed", "letter-print-slow", "printed", "printed", "printed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (NO_MEMORY << 8, "letter-print-memory"),
        (signal.SIGABRT, "letter-print-memory"),
        (signal.SIGXCPU, "letter-print-slow"),
        (signal.SIGSEGV, "letter-print-broken"),
        (0, "letter-print-broken"),
    ],
)
def test_how_a_printer_ended_says_why(status: int, code: str) -> None:
    assert stopped(status).code == code
