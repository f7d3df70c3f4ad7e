"""The second factor: who needs one, codes that count once, recovery, secrets that the database hides."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from small import NOW
from sqlalchemy import Engine, select

from portal import accounts
from portal.access import SYSTEM, Actor, Granted
from portal.accounts import Policy, Wait, entering, factor, policy_of
from portal.accounts.throttling import FREE
from portal.database import reading, writing
from portal.keys import KeyMissing
from portal.load import load
from portal.settings import Settings
from portal.tables import Account, Base, RecoveryCode, SecondFactor

PASSWORD = "pintu-terbuka-2026"
POLICY = Policy.passing()
KEY = POLICY.factor_key
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def office(any_engine: Engine) -> Engine:
    with writing(any_engine) as session:
        Base.metadata.create_all(session.connection())
        accounts.create(
            session, login="laras", label="L", password=PASSWORD, grants=(), actor=SYSTEM, now=NOW
        )
    return any_engine


def secret_of(engine: Engine) -> str:
    """Starts to set up the app and returns what its QR code holds."""
    with writing(engine) as session:
        factor.start(session, session.get_one(Account, 1), KEY)
    with reading(engine) as session:
        secret = factor.pending(session, 1, KEY)
    assert secret is not None
    return secret


def confirmed(engine: Engine, secret: str, at: datetime = NOW) -> tuple[str, ...]:
    with writing(engine) as session:
        codes = factor.confirm(session, session.get_one(Account, 1), pyotp.TOTP(secret).at(at), KEY, at)
    assert codes is not None
    return codes


def shown(engine: Engine, code: str, at: datetime, key: bytes = KEY) -> bool:
    with writing(engine) as session:
        return factor.accepted(session, session.get_one(Account, 1), code, key, at)


def test_roles_that_publish_export_or_manage_accounts_need_one() -> None:
    schema = load(Path("schema")).schema
    assert schema is not None
    needed = {
        role
        for role in schema.roles
        if factor.needed(schema, Actor(account_id=1, label="X", grants=(Granted(role=role),)))
    }
    assert needed == {"secretariat", "manager", "district-staff"}


def test_code_counts_once_and_for_its_half_minutes(office: Engine) -> None:
    secret = secret_of(office)
    confirmed(office, secret)
    made, at = pyotp.TOTP(secret), NOW + 10 * HALF_MINUTE
    assert shown(office, f" {made.at(at)[:3]} {made.at(at)[3:]} ", at)
    assert not shown(office, made.at(at), at)
    assert not shown(office, made.at(at - HALF_MINUTE), at)
    assert shown(office, made.at(at + HALF_MINUTE), at)
    later = at + 10 * HALF_MINUTE
    assert not shown(office, made.at(later + 2 * HALF_MINUTE), later)


def test_code_of_the_setting_up_is_not_taken_again(office: Engine) -> None:
    secret = secret_of(office)
    confirmed(office, secret)
    assert not shown(office, pyotp.TOTP(secret).at(NOW), NOW)


def test_recovery_code_counts_once(office: Engine) -> None:
    codes = confirmed(office, secret_of(office))
    assert len(set(codes)) == 10
    assert shown(office, codes[0].upper().replace("-", " "), NOW)
    assert not shown(office, codes[0], NOW)
    with reading(office) as session:
        assert factor.codes_left(session, 1) == 9
        kept = session.scalars(select(RecoveryCode.code)).all()
    assert not any(code.replace("-", "") in each for code in codes for each in kept)


def test_secret_is_worth_nothing_without_the_key(office: Engine) -> None:
    secret = secret_of(office)
    with reading(office) as session:
        kept = session.scalars(select(SecondFactor.secret)).one()
    assert secret not in kept
    assert factor.unsealed(b"x" * 32, kept, "second-factor 1") is None
    assert factor.unsealed(KEY, kept, "second-factor 2") is None
    confirmed(office, secret)
    later = NOW + 4 * HALF_MINUTE
    assert not shown(office, pyotp.TOTP(secret).at(later), later, key=b"x" * 32)


def test_wrong_code_does_not_turn_it_on(office: Engine) -> None:
    secret_of(office)
    with writing(office) as session:
        assert factor.confirm(session, session.get_one(Account, 1), "000000x", KEY, NOW) is None
    assert not shown(office, "000000", NOW)


def test_starting_again_does_not_replace_what_is_on(office: Engine) -> None:
    secret = secret_of(office)
    confirmed(office, secret)
    with writing(office) as session:
        factor.start(session, session.get_one(Account, 1), KEY)
    later = NOW + 4 * HALF_MINUTE
    assert shown(office, pyotp.TOTP(secret).at(later), later)


def test_guessing_codes_has_to_wait(office: Engine) -> None:
    confirmed(office, secret_of(office))
    tried = [entering.proved(office, 1, "000000", POLICY, NOW, code_only=True) for _ in range(FREE["code"])]
    assert tried == [False] * FREE["code"]
    assert isinstance(entering.proved(office, 1, "000000", POLICY, NOW, code_only=True), Wait)


def test_passphrase_proves_who_has_a_session_but_is_no_second_factor(office: Engine) -> None:
    confirmed(office, secret_of(office))
    assert entering.proved(office, 1, PASSWORD, POLICY, NOW) is True
    assert entering.proved(office, 1, PASSWORD, POLICY, NOW, code_only=True) is False


def test_picture_is_a_drawing_without_scripts_or_styles() -> None:
    drawn = factor.picture("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "laras", "SLRT Contoh").decode()
    assert drawn.startswith("<?xml")
    assert "<script" not in drawn
    assert "style=" not in drawn


def test_lost_secret_file_is_not_replaced_unnoticed(
    office: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "portal.secret"
    secret_of(office)
    monkeypatch.setenv("PORTAL_SECRET_FILE", str(file))
    with pytest.raises(KeyMissing):
        policy_of(Settings(), office)
    assert not file.exists()
