"""Accounts: passwords are kept as hashes, guessing is slowed down, sessions end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from small import NOW
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal import accounts
from portal.access import SYSTEM, Granted
from portal.accounts import (
    IDLE,
    LOCK_AFTER,
    LONGEST,
    SEEN_EVERY,
    LoginTaken,
    Visitor,
    WeakPassword,
    passwords,
    sessions,
)
from portal.accounts.sessions import STEP_BACK
from portal.database import engine_of, reading, writing
from portal.events import broken
from portal.tables import Account, Base, Event, WebSession

PASSWORD = "pintu-terbuka-2026"
MINUTE = timedelta(minutes=1)
CLERK = (Granted(role="front-office", area="18.10.03.2007"),)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = engine_of(f"sqlite:///{tmp_path / 'accounts.db'}")
    with writing(engine) as session:
        Base.metadata.create_all(session.connection())
        made(session, "sekar")
    return engine


def made(session: Session, login: str, password: str = PASSWORD) -> Account:
    return accounts.create(
        session, login=login, label="Sekar Contoh", password=password, grants=CLERK, actor=SYSTEM, now=NOW
    )


def enter(engine: Engine, password: str = PASSWORD, after: timedelta = timedelta(0)) -> str | None:
    with writing(engine) as session:
        return accounts.log_in(session, "sekar", password, NOW + after)


def entered(engine: Engine) -> str:
    token = enter(engine)
    assert token is not None
    return token


def inside(engine: Engine, token: str, after: timedelta = timedelta(0)) -> bool:
    with reading(engine) as session:
        return accounts.visitor(session, token, NOW + after) is not None


def events(engine: Engine) -> list[str]:
    with reading(engine) as session:
        assert broken(session) is None
        return list(session.scalars(select(Event.kind).order_by(Event.id)))


def test_password_is_kept_as_an_argon2id_hash(engine: Engine) -> None:
    with reading(engine) as session:
        account = accounts.find(session, " Sekar ")
    assert account is not None
    assert account.password.startswith("$argon2id$")
    assert PASSWORD not in account.password


def test_token_is_known_by_its_hash_only(engine: Engine) -> None:
    token = entered(engine)
    with reading(engine) as session:
        kept = session.scalars(select(WebSession.token)).one()
    assert token not in kept
    assert len(kept) == 64


def test_visitor_is_who_logged_in_with_their_grants(engine: Engine) -> None:
    token = entered(engine)
    with reading(engine) as session:
        found = accounts.visitor(session, token, NOW)
    assert found is not None
    assert (found[0].login, found[0].actor.label, found[0].actor.grants) == ("sekar", "Sekar Contoh", CLERK)
    assert events(engine) == ["account-created", "logged-in"]


@pytest.mark.parametrize("login", ["sekar", "SEKAR", " sekar "])
def test_login_is_taken_whatever_its_case(engine: Engine, login: str) -> None:
    with pytest.raises(LoginTaken), writing(engine) as session:
        made(session, login)


@pytest.mark.parametrize("password", ["", "pendek", "123456789"])
def test_weak_password_is_refused_and_nothing_written(engine: Engine, password: str) -> None:
    with pytest.raises(WeakPassword), writing(engine) as session:
        made(session, "damar", password)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_wrong_password_lets_nobody_in(engine: Engine) -> None:
    assert enter(engine, "salah-salah-salah") is None
    assert events(engine) == ["account-created"]


def test_unknown_login_is_verified_all_the_same(engine: Engine) -> None:
    # The hash that stands for nobody is a real one, so that verifying it takes as long as any other.
    assert passwords._hasher.check_needs_rehash(passwords._nobody) is False
    with writing(engine) as session:
        assert accounts.log_in(session, "tidak-ada", PASSWORD, NOW) is None
        assert accounts.log_in(session, "a\0b", PASSWORD, NOW) is None


def test_session_ends_when_it_is_not_used(engine: Engine) -> None:
    token = entered(engine)
    assert inside(engine, token, IDLE)
    assert not inside(engine, token, IDLE + MINUTE)


def test_session_in_use_ends_after_a_working_day(engine: Engine) -> None:
    token, passed = entered(engine), timedelta(0)
    while passed + LOCK_AFTER < LONGEST:
        passed += LOCK_AFTER
        with writing(engine) as session:
            accounts.note_use(session, token, NOW + passed)
    assert inside(engine, token, LONGEST)
    assert not inside(engine, token, LONGEST + MINUTE)


def seen(engine: Engine, token: str, after: timedelta) -> Visitor | None:
    with reading(engine) as session:
        found = accounts.visitor(session, token, NOW + after)
    return found[0] if found else None


def test_screen_locks_when_it_is_not_used(engine: Engine) -> None:
    token = entered(engine)
    for after, locked in ((LOCK_AFTER, False), (LOCK_AFTER + MINUTE, True)):
        found = seen(engine, token, after)
        assert found is not None
        assert found.locked is locked


def test_unlocking_gives_a_new_token(engine: Engine) -> None:
    token = entered(engine)
    with writing(engine) as session:
        sessions.lock(session, token, NOW)
    with writing(engine) as session:
        fresh, kept = sessions.unlock(session, token, NOW)
    assert (inside(engine, token), inside(engine, fresh), kept) == (False, True, None)


def test_clock_that_steps_back_a_little_ends_nothing(engine: Engine) -> None:
    token = entered(engine)
    assert inside(engine, token, -STEP_BACK)
    assert not inside(engine, token, -STEP_BACK - MINUTE)


def test_note_of_use_never_goes_back_with_the_clock(engine: Engine) -> None:
    token = entered(engine)
    with writing(engine) as session:
        accounts.note_use(session, token, NOW - MINUTE)
    with reading(engine) as session:
        assert session.scalars(select(WebSession.seen_at)).one() == NOW


def test_own_session_can_be_ended_alone_or_all_others(engine: Engine) -> None:
    one, other, third = entered(engine), entered(engine), entered(engine)
    with writing(engine) as session:
        mine = sessions.of_token(session, one)
        assert mine is not None
        assert [each.id for each in sessions.of_account(session, 1, NOW)] == [3, 2, 1]
        assert sessions.end(session, 1, NOW, only=3) == 1
        assert sessions.end(session, 1, NOW, but=mine.id) == 1
    assert [inside(engine, token) for token in (one, other, third)] == [True, False, False]


def test_device_is_told_in_words_that_its_owner_knows() -> None:
    phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"
    assert sessions.device_of(phone) == "Chrome, Android"
    assert sessions.device_of("curl/8") == ""


@pytest.mark.parametrize(("after", "noted"), [(SEEN_EVERY, False), (SEEN_EVERY * 2, True)])
def test_use_is_noted_once_in_a_while(engine: Engine, after: timedelta, noted: bool) -> None:
    token = entered(engine)
    with reading(engine) as session:
        found = accounts.visitor(session, token, NOW + after)
    assert found is not None
    assert found[1] is noted


def test_logging_out_ends_the_session(engine: Engine) -> None:
    token, other = entered(engine), entered(engine)
    with writing(engine) as session:
        accounts.log_out(session, token, NOW)
    assert (inside(engine, token), inside(engine, other)) == (False, True)


def test_new_password_ends_every_session(engine: Engine) -> None:
    tokens = [entered(engine), entered(engine)]
    with writing(engine) as session:
        account = session.scalars(select(Account)).one()
        accounts.set_password(session, account, "kata-sandi-baru", actor=SYSTEM, now=NOW)
    assert not any(inside(engine, token) for token in tokens)
    assert enter(engine) is None
    assert enter(engine, "kata-sandi-baru") is not None
    assert "password-changed" in events(engine)


def test_weak_new_password_leaves_the_old_one(engine: Engine) -> None:
    with writing(engine) as session:
        account = session.scalars(select(Account)).one()
        with pytest.raises(WeakPassword):
            accounts.set_password(session, account, "pendek", actor=SYSTEM, now=NOW)
    assert enter(engine) is not None


def test_disabled_account_is_out_at_once(engine: Engine) -> None:
    token = entered(engine)
    with writing(engine) as session:
        accounts.disable(session, session.scalars(select(Account)).one(), actor=SYSTEM, now=NOW)
    assert not inside(engine, token)
    assert enter(engine) is None
    assert events(engine)[-1] == "account-disabled"


def test_foreign_token_belongs_to_nobody(engine: Engine) -> None:
    entered(engine)
    assert not inside(engine, "x" * 43)
