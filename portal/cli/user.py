"""`portal user`: who may log in, as what and where; passwords are typed, never given as an argument."""

from __future__ import annotations

import getpass
import re
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import accounts
from portal.access import Granted
from portal.accounts import rules_of
from portal.accounts.passwords import Fault, faults_of
from portal.accounts.people import names_of
from portal.cli import exits, usercodes
from portal.cli.database import released
from portal.cli.failure import Failure
from portal.cli.known import refuse_unknown
from portal.cli.output import table, tell
from portal.cli.parser import Parser
from portal.database import reading, writing
from portal.schema import Schema
from portal.settings import Settings
from portal.tables import Account, Grant
from portal.wall import standing
from portal.words import say

_LOGIN = re.compile(r"[^\s:@][^\s]{0,79}")


def add(tree: Parser) -> None:
    """Adds `user add`, `list`, `passwd`, `disable` and what helps who cannot get in."""
    user = tree.command("user", branches=True)
    added = user.command("add")
    added.arguments.add_argument("login", metavar="LOGIN", type=_login, help=say("help-user-login"))
    options = added.choices
    options.add_argument("--label", metavar="TEXT", required=True, type=_label, help=say("help-user-label"))
    options.add_argument(
        "--role",
        metavar="ROLE[@AREA]",
        dest="grants",
        type=_granted,
        action="append",
        required=True,
        help=say("help-user-role"),
    )
    added.set_defaults(run=_add)
    user.command("list").set_defaults(run=_list)
    for name, run in (("passwd", _passwd), ("disable", _disable)):
        command = user.command(name)
        command.arguments.add_argument("login", metavar="LOGIN", help=say("help-user-login"))
        command.set_defaults(run=run)
    usercodes.add(user)


def _login(text: str) -> str:
    if not _LOGIN.fullmatch(text):
        raise ArgumentTypeError(say("usage-login", value=text))
    return text


def _label(text: str) -> str:
    label = " ".join(text.split())
    if not 0 < len(label) <= 120:
        raise ArgumentTypeError(say("usage-label"))
    return label


def _granted(text: str) -> Granted:
    role, at, area = text.partition("@")
    if not role or (at and not area):
        raise ArgumentTypeError(say("usage-grant", value=text))
    return Granted(role=role, area=area)


def _add(typed: Namespace, settings: Settings) -> int:
    with released(settings) as (engine, newest):
        _refuse_unknown(newest.schema, typed.grants)
        with reading(engine) as session:
            if accounts.find(session, typed.login) is not None:
                raise _taken(typed.login)
        password = _password(settings, (typed.login, typed.label))
        with writing(engine) as session:
            login = _created(session, typed, password).login
    tell(say("command-user-added", login=login))
    return exits.OK


def _created(session: Session, typed: Namespace, password: str) -> Account:
    try:
        return accounts.create(
            session,
            login=typed.login,
            label=typed.label,
            password=password,
            grants=tuple(dict.fromkeys(typed.grants)),
            actor=standing().actor,
            now=datetime.now(UTC),
        )
    except accounts.LoginTaken as error:
        raise _taken(typed.login) from error


def _taken(login: str) -> Failure:
    return Failure("command-login-taken", code=exits.USAGE, login=login)


def _refuse_unknown(schema: Schema, grants: Sequence[Granted]) -> None:
    for each in grants:
        refuse_unknown("command-role-unknown", each.role, schema.roles)
        if each.area:
            refuse_unknown("command-area-unknown", each.area, schema.areas)


def _password(settings: Settings, names: tuple[str, ...]) -> str:
    """Returns the password that was typed twice without echo, or the first line of standard input.

    Raises:
        Failure: there is none, it is not accepted, or the two differ.
    """
    if sys.stdin.isatty():
        password = getpass.getpass(say("command-password") + " ")
        if password != getpass.getpass(say("command-password-again") + " "):
            raise Failure("command-password-differs", code=exits.USAGE)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    faults = faults_of(password, rules_of(settings), names)
    if faults:
        raise Failure("command-password-weak", code=exits.USAGE, why=reasons(faults))
    return password


def reasons(faults: Sequence[Fault]) -> str:
    """Returns why a passphrase is refused, in words."""
    return "; ".join(say(each.slug, least=each.least) for each in faults)


def _list(typed: Namespace, settings: Settings) -> int:
    with released(settings) as (engine, _), reading(engine) as session:
        rows = [_row(session, each) for each in session.scalars(select(Account).order_by(Account.login))]
    if not rows:
        tell(say("command-user-none"))
        return exits.OK
    heads = tuple(say(f"command-user-{name}") for name in ("login", "label", "roles", "state"))
    tell(table((heads, *rows)))
    return exits.OK


def _row(session: Session, account: Account) -> tuple[str, ...]:
    grants = session.scalars(select(Grant).where(Grant.account_id == account.id).order_by(Grant.id))
    roles = ", ".join(f"{each.role}@{each.area}" if each.area else each.role for each in grants)
    state = "command-user-active" if account.active else "command-user-disabled"
    return account.login, account.label, roles, say(state)


def _passwd(typed: Namespace, settings: Settings) -> int:
    with released(settings) as (engine, _):
        with reading(engine) as session:
            names = names_of(usercodes.known(session, typed.login))
        password = _password(settings, names)
        with writing(engine) as session:
            account = usercodes.known(session, typed.login)
            accounts.set_password(session, account, password, actor=standing().actor, now=datetime.now(UTC))
    tell(say("command-user-password-set", login=typed.login))
    return exits.OK


def _disable(typed: Namespace, settings: Settings) -> int:
    with released(settings) as (engine, _), writing(engine) as session:
        accounts.disable(
            session, usercodes.known(session, typed.login), actor=standing().actor, now=datetime.now(UTC)
        )
    tell(say("command-user-closed", login=typed.login))
    return exits.OK
