"""What the pages of accounts show: lines of the list, one account, the roles and areas that may be given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from portal.access import Granted
from portal.accounts import deputies, factor, invitations, managing, sessions
from portal.accounts.managing import Listed
from portal.admin.desk.base import Here
from portal.admin.screen import role_label
from portal.facts import calendar
from portal.places import Places
from portal.tables import Account
from portal.words import say
from portal.worktime import long_date, moment

UNCHOSEN = "?"
"""The area of a form in which none was chosen; the empty one is everywhere, which nobody gets by mistake."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One account in the list."""

    id: int
    label: str
    login: str
    roles: tuple[str, ...]
    state: str
    """The slug of how it stands."""


def line(session: Session, here: Here, listed: Listed) -> Line:
    """Returns an account as the list shows it."""
    account = listed.account
    return Line(
        id=account.id,
        label=account.label,
        login=account.login,
        roles=tuple(told(here, each) for each in listed.grants),
        state=state_of(session, here, account),
    )


def state_of(session: Session, here: Here, account: Account) -> str:
    """Returns the slug of how an account stands."""
    if not account.active:
        return "account-state-closed"
    if account.password:
        return "account-state-active"
    invited = invitations.waiting(session, account.id, here.now)
    return "account-state-invited" if invited else "account-state-uninvited"


def told(here: Here, granted: Granted) -> str:
    """Returns a role with its area in words."""
    schema = here.live.schema
    role = role_label(schema, granted) if granted.role in schema.roles else granted.role
    where = Places(schema).full_name(granted.area) if granted.area else say("account-everywhere")
    return f"{role} · {where}"


def offered(here: Here) -> dict[str, Any]:
    """Returns the roles and areas that the person may give."""
    schema, actor = here.live.schema, here.actor
    own = [Granted(role="", area=area) for area in managing.areas_of(schema, actor)]
    places = Places(schema)
    areas = [
        (code, places.full_name(code))
        for code in sorted(schema.areas)
        if any(each.covers(code) for each in own)
    ]
    everywhere = [("", say("account-everywhere"))] if any(not each.area for each in own) else []
    roles = [
        (key, role.label)
        for key, role in schema.roles.items()
        if any(managing.may_give(schema, actor, Granted(role=key, area=each.area)) for each in own)
    ]
    return {"areas": [(UNCHOSEN, say("screen-choose")), *everywhere, *areas], "roles_offered": roles}


def account_values(session: Session, here: Here, account: Account) -> dict[str, Any]:
    """Returns what the page of one account shows."""
    zone = calendar(here.live.schema).zone
    lasting = [each for each in managing.all_grants(session, account.id) if not each.acting]
    invited = invitations.waiting(session, account.id, here.now)
    return {
        "account": account,
        "own": account.id == here.actor.account_id,
        "state": state_of(session, here, account),
        "invited": moment(invited.astimezone(zone)) if invited else "",
        "held": [(f"{each.role}@{each.area}", told(here, each)) for each in lasting],
        "acting": [
            (
                grant.id,
                told(here, Granted(role=grant.role, area=grant.area, acting=grant.acting)),
                long_date(grant.since.astimezone(zone).date()) if grant.since else "",
                long_date((grant.until - timedelta(days=1)).astimezone(zone).date()) if grant.until else "",
                session.get_one(Account, grant.for_id).label if grant.for_id else "",
            )
            for grant in deputies.of_account(session, account.id, here.now)
        ],
        "open_sessions": len(sessions.of_account(session, account.id, here.now)),
        "factor": factor.since(session, account.id) is not None,
        **offered(here),
    }


def chosen_grants(form: FormData) -> tuple[Granted, ...]:
    """Returns the roles of a form: those that stay ticked, and one that was added."""
    kept = [str(each).partition("@") for each in form.getlist("held")]
    grants = [Granted(role=role, area=area) for role, _, area in kept if role]
    if form.get("role"):
        grants.append(Granted(role=str(form.get("role")), area=str(form.get("area", ""))))
    return tuple(dict.fromkeys(grants))
