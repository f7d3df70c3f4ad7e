"""`portal retention`: whose time to be kept is over, as numbers; erases nothing."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime

from portal.cli import exits
from portal.cli.database import released
from portal.cli.output import table, tell
from portal.cli.parser import Parser
from portal.database import reading
from portal.settings import Settings
from portal.wall import standing
from portal.words import say
from portal.worktime import long_date


def add(tree: Parser) -> None:
    """Adds `retention`."""
    tree.command("retention").set_defaults(run=_retention)


def _retention(typed: Namespace, settings: Settings) -> int:
    from portal.duties.retention import due_programs, due_residents

    now = datetime.now(UTC)
    with released(settings) as (engine, newest), reading(engine) as session:
        found = due_programs(session, newest, standing().actor, now)
        residents = len(due_residents(session, newest, standing().actor, now))
        kept = newest.schema.office.retention
    if kept is None:
        tell(say("retention-unset"))
    if not found and not residents:
        tell(say("retention-none"))
        return exits.OK
    if found:
        heads = tuple(say(f"retention-{name}") for name in ("program", "keep", "cases", "letters", "since"))
        rows = [(e.label, e.keep, str(e.cases), str(e.letters), long_date(e.oldest)) for e in found]
        tell(table((heads, *rows)))
    tell(say("retention-residents", count=residents))
    tell(say("retention-how"))
    return exits.OK
