"""The printing process: the same paper, an end to what takes too long, and no harm to the next letter."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from letters.example import LETTERS, example_context

from portal import press, pressroom
from portal.pressroom import PrintStopped
from portal.templating import environment, render

SHORT = "<!doctype html><html lang='id'><title>x</title><p>Halo"
BOMB = f"{SHORT}{'<div style=float:left>x' * 4000}"


def letter() -> str:
    return render(environment(LETTERS), "referral.html", example_context("referral"))


def test_paper_is_the_same_from_either_process() -> None:
    apart = pressroom.pdf(letter(), assets=LETTERS)
    assert apart == press.pdf(letter(), assets=LETTERS)


def test_what_a_letter_may_not_have_is_told_as_in_one_process() -> None:
    with pytest.raises(press.PrintRefused) as refused:
        pressroom.pdf(f"{SHORT}<img src='hilang.svg' alt=''>", assets=LETTERS)
    assert refused.value.asked[0].endswith("/hilang.svg")


def test_folder_without_a_style_sheet_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"letter\.css"):
        pressroom.pdf(SHORT, assets=tmp_path)


def test_letter_that_takes_too_long_is_stopped_and_the_next_is_printed() -> None:
    with pytest.raises(PrintStopped, match="TimeoutError"):
        pressroom.pdf(BOMB, assets=LETTERS, seconds=1)
    assert pressroom.pdf(SHORT, assets=LETTERS).pages == 1


def test_child_that_was_killed_is_replaced() -> None:
    pressroom.pdf(SHORT, assets=LETTERS)
    child = pressroom._ROOM.child
    assert child is not None
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()
    assert pressroom.pdf(SHORT, assets=LETTERS).pages == 1


def test_child_makes_room_after_many_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressroom, "LETTERS", 1)
    pressroom.pdf(SHORT, assets=LETTERS)
    first = pressroom._ROOM.child
    pressroom.pdf(SHORT, assets=LETTERS)
    assert first is not None
    assert pressroom._ROOM.child is not first
    assert first.process.poll() is not None


def test_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_FILE", "/nowhere")
    started = pressroom._started()
    try:
        known = Path(f"/proc/{started.pid}/environ").read_bytes()
    finally:
        started.kill()
        started.communicate()
    assert b"PORTAL_" not in known
