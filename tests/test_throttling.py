"""Guessing is slowed down per account and address, never for ever, alike for names that nobody has."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from small import NOW
from sqlalchemy import Engine, select

from portal import accounts
from portal.access import SYSTEM, Granted
from portal.accounts import Attempt, Entered, Policy, Wait, enter
from portal.accounts.throttling import FORGOTTEN, FREE, LONGEST_WAIT, network, wait_after
from portal.database import reading, writing
from portal.tables import Attempts, Base, Event

PASSWORD = "pintu-terbuka-2026"
POLICY = Policy.passing()
Outcome = Entered | Wait | None


@pytest.fixture
def office(any_engine: Engine) -> Engine:
    grants = (Granted(role="front-office", area="18.10.03.2007"),)
    with writing(any_engine) as session:
        Base.metadata.create_all(session.connection())
        for login in ("sekar", "damar"):
            accounts.create(
                session, login=login, label="X", password=PASSWORD, grants=grants, actor=SYSTEM, now=NOW
            )
    return any_engine


def tried(
    engine: Engine,
    login: str = "sekar",
    password: str = "salah",
    *,
    at: datetime = NOW,
    address: str = "10.0.0.1",
    browser: str = "",
) -> Outcome:
    attempt = Attempt(login=login, password=password, address=address, browser=browser)
    return enter(engine, attempt, POLICY, at)


def test_waits_double_up_to_a_limit() -> None:
    waits = [wait_after("account", failures).total_seconds() for failures in range(13)]
    assert waits == [0, 0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900]
    assert wait_after("account", 10**6) == LONGEST_WAIT


@pytest.mark.parametrize("login", ["sekar", "nobody"])
def test_guessing_has_to_wait_whether_the_account_exists_or_not(office: Engine, login: str) -> None:
    assert [tried(office, login) for _ in range(FREE["account"])] == [None] * FREE["account"]
    assert tried(office, login) == Wait(until=NOW + timedelta(seconds=15))
    later = NOW + timedelta(seconds=16)
    assert tried(office, login, at=later) is None
    assert tried(office, login, at=later) == Wait(until=later + timedelta(seconds=30))


def test_right_passphrase_gets_in_once_the_wait_is_over(office: Engine) -> None:
    for _ in range(FREE["account"]):
        tried(office)
    assert isinstance(tried(office, password=PASSWORD), Wait)
    assert isinstance(tried(office, password=PASSWORD, at=NOW + LONGEST_WAIT), Entered)
    assert tried(office, at=NOW + LONGEST_WAIT) is None


def test_known_browser_is_not_kept_waiting_by_strangers(office: Engine) -> None:
    entered = tried(office, password=PASSWORD)
    assert isinstance(entered, Entered)
    for _ in range(FREE["account"] + 1):
        tried(office, address="10.9.9.9")
    assert isinstance(tried(office, password=PASSWORD), Wait)
    assert isinstance(tried(office, password=PASSWORD, browser=entered.browser), Entered)
    forged = entered.browser[:-1] + ("0" if entered.browser[-1] != "0" else "1")
    for _ in range(FREE["account"] + 1):
        tried(office, address="10.9.9.9")
    assert isinstance(tried(office, password=PASSWORD, browser=forged), Wait)


def test_mark_of_one_account_is_none_of_another(office: Engine) -> None:
    entered = tried(office, password=PASSWORD)
    assert isinstance(entered, Entered)
    for _ in range(FREE["account"] + 1):
        tried(office, "damar")
    assert isinstance(tried(office, "damar", PASSWORD, browser=entered.browser), Wait)


def test_one_address_cannot_try_many_names(office: Engine) -> None:
    for number in range(FREE["address"]):
        assert tried(office, f"nama-{number}") is None
    assert isinstance(tried(office, password=PASSWORD), Wait)
    assert isinstance(tried(office, password=PASSWORD, address="10.0.0.2"), Entered)


def test_success_does_not_wash_an_address_clean(office: Engine) -> None:
    for number in range(FREE["address"] - 1):
        tried(office, f"nama-{number}")
    assert isinstance(tried(office, password=PASSWORD), Entered)
    assert tried(office, "lain") is None
    assert isinstance(tried(office, "damar", PASSWORD), Wait)


def test_old_failures_are_forgotten(office: Engine) -> None:
    for _ in range(FREE["account"] - 1):
        tried(office)
    later = NOW + FORGOTTEN + timedelta(seconds=1)
    assert [tried(office, at=later) for _ in range(3)] == [None] * 3


def test_clock_that_steps_back_keeps_nobody_out(office: Engine) -> None:
    for _ in range(FREE["account"]):
        tried(office, at=NOW + timedelta(days=1))
    assert isinstance(tried(office, password=PASSWORD), Entered)


def test_waiting_is_an_event_without_what_was_typed(office: Engine) -> None:
    for login in ("sekar", "rahasia-salah-ketik"):
        for _ in range(FREE["account"] + 2):
            tried(office, login)
    with reading(office) as session:
        slowed = session.scalars(select(Event).where(Event.kind == "log-in-slowed")).all()
        counted = session.scalars(select(Attempts.key)).all()
    assert [each.subject_id for each in slowed] == [1]
    told = [*counted, *(str(each.data) for each in slowed)]
    assert not any(text in each for each in told for text in ("sekar", "rahasia", "10.0"))


def test_ipv6_is_counted_by_its_network() -> None:
    assert network("2001:db8::1") == network("2001:db8::ffff:1") != network("2001:db8:0:1::1")
    assert network("10.0.0.1") == "10.0.0.1"
