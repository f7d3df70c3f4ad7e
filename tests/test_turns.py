"""Turns: in the order of asking, one at a time, and not for ever."""

from __future__ import annotations

from threading import Thread
from time import sleep

from portal.turns import Turns


def test_turns_come_in_the_order_of_asking() -> None:
    turns, came = Turns(), list[int]()

    def ask(number: int) -> None:
        with turns.turn(5):
            came.append(number)

    with turns.turn(5):
        threads = [Thread(target=ask, args=(number,)) for number in range(20)]
        for count, thread in enumerate(threads, start=1):
            thread.start()
            while len(turns._waiting) < count:
                sleep(0.001)
    for thread in threads:
        thread.join()
    assert came == list(range(20))


def test_turn_that_does_not_come_is_told_and_no_longer_waited_for() -> None:
    turns = Turns()
    with turns.turn(1):
        with turns.turn(0.01) as mine:
            assert not mine
        assert not turns._waiting
    with turns.turn(0.01) as mine:
        assert mine


def test_never_two_at_once() -> None:
    turns, inside, most = Turns(), list[int](), list[int]()

    def work() -> None:
        for _ in range(50):
            with turns.turn(5):
                inside.append(1)
                most.append(len(inside))
                sleep(0)
                inside.pop()

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
