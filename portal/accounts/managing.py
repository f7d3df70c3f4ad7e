"""Which accounts a person may manage, and which roles they may give: never beyond their own area and acts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import Session

from portal.access import Actor, Granted, may_in, within
from portal.schema import CaseAct, Schema
from portal.tables import Account, Grant

POWERS: tuple[CaseAct, ...] = ("accounts", "releases")
"""Acts that only those give who have them."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An account with its roles of today."""

    account: Account
    grants: tuple[Granted, ...]


def areas_of(schema: Schema, actor: Actor) -> tuple[str, ...]:
    """Returns the areas in which a person manages accounts."""
    if actor.everything:
        return ("",)
    roles = schema.roles
    held = (each for each in actor.grants if each.role in roles and "accounts" in roles[each.role].may)
    return tuple(dict.fromkeys(each.area for each in held))


def may_give(schema: Schema, actor: Actor, granted: Granted) -> bool:
    """Tells whether a person may give a role over an area."""
    role = schema.roles.get(granted.role)
    if role is None or (granted.area and granted.area not in schema.areas):
        return False
    asked: tuple[CaseAct, ...] = ("accounts", *(act for act in POWERS if act in role.may))
    return all(may_in(schema, actor, act, granted.area) for act in asked)


def manages(schema: Schema, actor: Actor, grants: Iterable[Granted]) -> bool:
    """Tells whether a person manages an account with such roles: all of them lie in their area."""
    areas = [Granted(role="", area=area) for area in areas_of(schema, actor)]
    held = tuple(grants)
    if not held:
        return any(not each.area for each in areas)
    return all(any(own.covers(each.area) for own in areas) for each in held)


def scope(schema: Schema, actor: Actor) -> ColumnElement[bool]:
    """Returns the condition on the accounts that a person manages."""
    areas = areas_of(schema, actor)
    if "" in areas:
        return true()
    mine = Grant.account_id == Account.id
    return exists().where(mine) & ~exists().where(mine, ~within(Grant.area, areas))


def listed(
    session: Session, schema: Schema, actor: Actor, words: str, *, most: int, skip: int = 0
) -> Sequence[Listed]:
    """Returns the accounts that a person manages and whose name or log-in contains some words."""
    query = select(Account).where(scope(schema, actor))
    if words:
        fits = (each.icontains(words, autoescape=True) for each in (Account.login, Account.label))
        query = query.where(or_(*fits))
    found = session.scalars(query.order_by(Account.label, Account.id).offset(skip).limit(most)).all()
    return [Listed(account=each, grants=all_grants(session, each.id)) for each in found]


def all_grants(session: Session, account_id: int) -> tuple[Granted, ...]:
    """Returns every role of an account, those of a deputy to come or over as well."""
    rows = session.scalars(select(Grant).where(Grant.account_id == account_id).order_by(Grant.id))
    return tuple(Granted(role=each.role, area=each.area, acting=each.acting) for each in rows)


def managed(session: Session, schema: Schema, actor: Actor, account_id: int) -> Account | None:
    """Returns an account that a person manages, locked; None for others and for none."""
    query = select(Account).where(Account.id == account_id, scope(schema, actor))
    return session.scalar(query.with_for_update(key_share=True))
