"""`portal user invite`, `reset`, `totp-reset` `sessions`, `link`: help for who cannot get in."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts import factor, find, invitations, oidc, sessions
from portal.cli import exits
from portal.cli.database import released
from portal.cli.failure import Failure
from portal.cli.known import refuse_unknown
from portal.cli.output import table, tell
from portal.cli.parser import Parser
from portal.database import reading, writing
from portal.settings import Settings
from portal.tables import Account
from portal.wall import standing
from portal.words import say
from portal.worktime import moment


def add(user: Parser) -> None:
    """Adds the commands to `user`."""
    for name, run in (("invite", _invite), ("reset", _invite), ("totp-reset", _totp_reset)):
        command = user.command(name)
        command.arguments.add_argument("login", metavar="LOGIN", help=say("help-user-login"))
        command.set_defaults(run=run)
    linked = user.command("link")
    linked.arguments.add_argument("login", metavar="LOGIN", help=say("help-user-login"))
    linked.arguments.add_argument("subject", metavar="SUBJECT", help=say("help-user-link-subject"))
    linked.set_defaults(run=_link)
    listed = user.command("sessions")
    listed.arguments.add_argument("login", metavar="LOGIN", help=say("help-user-login"))
    listed.choices.add_argument("--end", action="store_true", help=say("help-user-sessions-end"))
    listed.set_defaults(run=_sessions)


def known(session: Session, login: str) -> Account:
    """Returns the account of a name.

    Raises:
        Failure: there is none; names those that are similar.
    """
    account = find(session, login)
    if account is None:
        refuse_unknown("command-login-unknown", login, logins(session))
    assert account is not None
    return account


def logins(session: Session) -> tuple[str, ...]:
    """Returns every log-in name."""
    return tuple(session.scalars(select(Account.login)))


def _invite(typed: Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    with released(settings) as (engine, live), writing(engine) as session:
        account = known(session, typed.login)
        if not account.active:
            raise Failure("command-user-is-closed", code=exits.USAGE, login=account.login)
        code, until = invitations.invite(session, account, actor=standing().actor, now=now)
    told = moment(until.astimezone(ZoneInfo(live.schema.office.time_zone)))
    tell(say("command-user-invited", login=account.login, code=code, until=told))
    return exits.OK


def _totp_reset(typed: Namespace, settings: Settings) -> int:
    with released(settings) as (engine, _), writing(engine) as session:
        factor.reset(session, known(session, typed.login), actor=standing().actor, now=datetime.now(UTC))
    tell(say("command-user-totp-reset", login=typed.login))
    return exits.OK


def _link(typed: Namespace, settings: Settings) -> int:
    provider = oidc.provider_of(settings)
    if provider is None:
        raise Failure("command-no-provider", code=exits.USAGE)
    with released(settings) as (engine, _):
        try:
            with writing(engine) as session:
                account = known(session, typed.login)
                oidc.link(
                    session, account, provider, typed.subject, actor=standing().actor, now=datetime.now(UTC)
                )
        except IntegrityError as error:
            raise Failure("command-subject-taken", code=exits.USAGE) from error
    tell(say("command-user-linked", login=typed.login, issuer=provider.issuer))
    return exits.OK


def _sessions(typed: Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    with released(settings) as (engine, live):
        with reading(engine) as session:
            open_ones = sessions.of_account(session, known(session, typed.login).id, now)
        if typed.end:
            with writing(engine) as session:
                account = known(session, typed.login)
                sessions.end_all(session, account.id, actor=standing().actor, now=now)
            tell(say("command-user-sessions-ended", login=typed.login, count=len(open_ones)))
            return exits.OK
    zone = ZoneInfo(live.schema.office.time_zone)
    if not open_ones:
        tell(say("command-user-no-sessions", login=typed.login))
        return exits.OK
    heads = tuple(say(f"command-user-session-{name}") for name in ("device", "began", "seen"))
    rows = [
        (each.device, *(moment(at.astimezone(zone)) for at in (each.started_at, each.seen_at)))
        for each in open_ones
    ]
    tell(table((heads, *rows)))
    return exits.OK
