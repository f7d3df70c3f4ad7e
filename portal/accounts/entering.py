"""Getting in: a name and passphrase, or a second factor, become a session; argon2 runs outside any lock."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import keys
from portal.accounts import factor, passwords, sessions, throttling
from portal.accounts.base import find, login_of, named, note, oneself
from portal.accounts.oidc import Provider, provider_of
from portal.accounts.passwords import NIST, PROFILES, Rules
from portal.database import reading, writing
from portal.settings import Settings
from portal.tables import Account, SecondFactor


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How people get in here: the rules of passphrases, and the keys that the database does not hold."""

    rules: Rules = NIST
    factor_key: bytes
    browser_key: bytes
    form_key: bytes
    provider: Provider | None = None

    @classmethod
    def passing(cls) -> Policy:
        """Returns a policy whose keys end with the process: for a portal that nobody logs in to."""
        factor_key, browser_key, form_key = (secrets.token_bytes(keys.LENGTH) for _ in range(3))
        return cls(factor_key=factor_key, browser_key=browser_key, form_key=form_key)


def rules_of(settings: Settings) -> Rules:
    """Returns the rules of passphrases that the settings ask for."""
    return replace(PROFILES.get(settings.password_rules, NIST), leaked=settings.breached_file)


def policy_of(settings: Settings, engine: Engine) -> Policy:
    """Returns the policy of the settings, with the keys of a database; makes their secret at the first start.

    Raises:
        KeyMissing: nothing says where the secret is kept, or it is gone and only it opens what is stored.
    """
    file = keys.file_of(engine)
    if file is not None and not file.exists() and _holds_secrets(engine):
        raise keys.KeyMissing(file)
    keys.make(engine)
    return Policy(
        rules=rules_of(settings),
        factor_key=keys.derive(engine, "second-factor"),
        browser_key=keys.derive(engine, "known-browser"),
        form_key=keys.derive(engine, "kept-form"),
        provider=provider_of(settings),
    )


def _holds_secrets(engine: Engine) -> bool:
    with reading(engine) as session:
        return session.scalar(select(SecondFactor.account_id).limit(1)) is not None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What a browser sent to get in."""

    login: str
    password: str
    address: str = ""
    browser: str = ""
    """The mark of a browser from which somebody got in before."""
    agent: str = ""


@dataclass(frozen=True, kw_only=True)
class Entered:
    """Somebody is in."""

    token: str
    browser: str
    """The mark for their browser."""


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Too many failures: until then nothing is looked at, whoever asks."""

    until: datetime


def enter(engine: Engine, attempt: Attempt, policy: Policy, now: datetime) -> Entered | Wait | None:
    """Opens a session; None when name or passphrase are wrong, the account closed or not yet accepted.

    Unknown names are counted and verified like known ones, so that neither answer nor time tells them apart.
    """
    counted = _counted(attempt, policy)
    with writing(engine) as session:
        until, begins = throttling.begin(session, counted, now)
        account = find(session, attempt.login)
        if begins and account is not None:
            note(session, account.id, "log-in-slowed", oneself(account), now)
        known = account.password if account is not None and account.active else None
    if until is not None:
        return Wait(until=until)
    if not passwords.matches_hash(known, attempt.password):
        return None
    assert known is not None
    kept = passwords.rehashed(known, attempt.password)
    with writing(engine) as session:
        return _admitted(session, attempt, policy, counted, (known, kept), now)


def _admitted(
    session: Session,
    attempt: Attempt,
    policy: Policy,
    counted: tuple[str, ...],
    hashes: tuple[str, str],
    now: datetime,
) -> Entered | None:
    account = session.scalar(named(attempt.login).with_for_update(key_share=True))
    if account is None or not account.active or account.password != hashes[0]:
        return None  # closed or changed while the passphrase was verified
    account.password = hashes[1]
    throttling.succeed(session, counted)
    throttling.sweep(session, now)
    token = sessions.begin(session, account, now, agent=attempt.agent)
    return Entered(token=token, browser=browser_mark(policy, account.login))


def _counted(attempt: Attempt, policy: Policy) -> tuple[str, ...]:
    login = login_of(attempt.login)
    if is_known_browser(policy, login, attempt.browser):
        who = throttling.counted_by("browser", attempt.browser)
    else:
        who = throttling.counted_by("account", login)
    return who, throttling.counted_by("address", throttling.network(attempt.address))


def browser_mark(policy: Policy, login: str) -> str:
    """Returns a mark by which a browser is known as one from which this account got in."""
    nonce = secrets.token_urlsafe(12)
    return f"{nonce}.{_signed(policy, login, nonce)}"


def is_known_browser(policy: Policy, login: str, mark: str) -> bool:
    """Tells whether a browser's mark is one of this account."""
    nonce, _, signature = mark.partition(".")
    return hmac.compare_digest(_signed(policy, login, nonce).encode(), signature.encode())


def _signed(policy: Policy, login: str, nonce: str) -> str:
    return hmac.new(policy.browser_key, f"{login}\n{nonce}".encode(), hashlib.sha256).hexdigest()


def log_in(session: Session, login: str, password: str, now: datetime) -> str | None:
    """Returns a new session's token in one transaction, uncounted: for programs, not for a log-in page."""
    account = find(session, login)
    known = account.password if account is not None and account.active else None
    if not passwords.matches_hash(known, password) or account is None:
        return None
    return sessions.begin(session, account, now)


def proved(
    engine: Engine, account_id: int, typed: str, policy: Policy, now: datetime, *, code_only: bool = False
) -> bool | Wait:
    """Tells whether somebody who has a session is still the same: by passphrase, or by second factor.

    Args:
        code_only: a passphrase is not enough; it was shown already.
    """
    counted = (throttling.counted_by("code", str(account_id)),)
    with writing(engine) as session:
        until, begins = throttling.begin(session, counted, now)
        account = session.get_one(Account, account_id)
        if begins:
            note(session, account_id, "log-in-slowed", oneself(account), now)
        right = until is None and factor.accepted(session, account, typed, policy.factor_key, now)
        if right:
            throttling.succeed(session, counted)
    if until is not None:
        return Wait(until=until)
    if right or code_only:
        return right
    if not passwords.matches_hash(account.password, typed):
        return False
    with writing(engine) as session:
        throttling.succeed(session, counted)
    return True


def is_overdue(policy: Policy, password_at: datetime | None, now: datetime) -> bool:
    """Tells whether a passphrase is older than the rules allow."""
    oldest = policy.rules.oldest
    return oldest is not None and password_at is not None and now - password_at > oldest
