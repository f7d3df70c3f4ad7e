"""`portal who-can`: everybody who can see a case, with the reasons."""

from __future__ import annotations

from argparse import Namespace

from sqlalchemy import select

from portal.cli import exits
from portal.cli.database import released
from portal.cli.failure import Failure
from portal.cli.output import table, tell
from portal.cli.parser import Parser
from portal.database import reading
from portal.settings import Settings
from portal.tables import Case
from portal.whocan import Seer, who_can
from portal.words import say


def add(tree: Parser) -> None:
    """Adds `who-can`."""
    command = tree.command("who-can")
    command.arguments.add_argument("case", metavar="CASE", help=say("help-who-can-case"))
    command.set_defaults(run=_who_can)


def _who_can(typed: Namespace, settings: Settings) -> int:
    with released(settings) as (engine, live), reading(engine) as session:
        case = session.scalar(select(Case).where(Case.number == typed.case))
        if case is None:
            raise Failure("moving-case-unknown", code=exits.USAGE, name=typed.case)
        found = who_can(session, live, case)
        access = say(f"who-class-{case.access}")
    tell(say("who-title", number=typed.case, access=access))
    heads = tuple(say(f"who-{name}") for name in ("name", "role", "area", "why", "works"))
    tell(table((heads, *map(_row, found))) if found else say("who-nobody"))
    return exits.OK


def _row(seer: Seer) -> tuple[str, ...]:
    works = say("who-yes" if seer.works else "who-no")
    return seer.name, seer.role, seer.area or say("who-everywhere"), seer.reasons(), works
