"""A Release -> the version of an SOP in force, the office that prints a sheet, and who may print which."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, may, works_as
from portal.facts import today
from portal.places import centre_for
from portal.releases import Live, newest_version
from portal.rights import opens
from portal.schema import Schema
from portal.sheets.base import Facts, InForce, executors
from portal.tables import Release


def facts_of(session: Session, live: Live, sop: str, centre: str) -> Facts:
    """Returns what the sheets of an SOP are made from, as one office prints them."""
    emblems = {name: text for name, text in live.templates.items() if name.endswith(".svg")}
    return Facts(
        schema=live.schema,
        sop_id=sop,
        centre_id=centre,
        in_force=in_force(session, live, sop),
        emblems=emblems,
    )


def in_force(session: Session, live: Live, sop: str) -> InForce:
    """Returns the version of an SOP that new cases follow."""
    version = newest_version(session, sop, release_id=live.release_id)
    applied = session.scalars(select(Release.applied_at).where(Release.id == version.release_id)).one()
    return InForce(version=version.number, release=version.release_id, since=today(live.schema, applied))


def office_of(schema: Schema, actor: Actor) -> str:
    """Returns the office of a person's first area, the first of the district where they have none."""
    areas = (granted.area for granted in actor.grants if granted.area)
    own = next((found for area in areas if (found := centre_for(schema, area))), None)
    centres = schema.office.centres
    return own or next(
        (key for key, each in centres.items() if each.level == "district"), next(iter(centres))
    )


def roles_open(schema: Schema, actor: Actor, sop: str) -> tuple[str, ...]:
    """Returns the roles of an SOP whose job aid a person may print: their own, or all for who sees the rules.

    Who works by no role of it, and sees no rules, prints none of its sheets.
    """
    roles = executors(schema.sops[sop])
    if actor.everything or (may(schema, actor, "releases") and opens(schema, actor, "releases")):
        return roles
    mine = {granted.role for granted in works_as(schema, actor)}
    return tuple(role for role in roles if role in mine)
