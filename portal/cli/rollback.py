"""`portal rollback`: the files of an earlier release, applied as the next one like any other."""

from __future__ import annotations

import tempfile
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from portal import history
from portal.cli import exits
from portal.cli.change import carried_out, planned_for, told
from portal.cli.database import released
from portal.cli.folder import checked
from portal.cli.history import unknown
from portal.cli.output import working
from portal.cli.parser import Parser
from portal.database import reading
from portal.history import UnknownRelease
from portal.settings import Settings
from portal.words import say


def add(tree: Parser) -> None:
    """Adds `rollback`."""
    rollback = tree.command("rollback", usage_exit=exits.PLAN_USAGE)
    rollback.arguments.add_argument("number", metavar="N", type=int, help=say("help-rollback-number"))
    options = rollback.choices
    options.add_argument("--reason", metavar="TEXT", required=True, help=say("help-rollback-reason"))
    options.add_argument("--dry-run", action="store_true", help=say("help-rollback-dry-run"))
    rollback.set_defaults(run=_rollback)


def _rollback(typed: Namespace, settings: Settings) -> int:
    with tempfile.TemporaryDirectory(prefix="portal-") as place:
        then = replace(settings, schema=_laid_out(typed.number, settings, Path(place)))
        if typed.dry_run:
            with working(say("command-planning")):
                return told(planned_for(settings, checked(then)))
        return carried_out(settings, then, reason=typed.reason)


def _laid_out(number: int, settings: Settings, place: Path) -> Path:
    """Writes the files of a release into a folder and returns the folder of its YAML."""
    with released(settings) as (engine, _), reading(engine) as session:
        try:
            found = history.files(session, number)
        except UnknownRelease as error:
            raise unknown(error) from error
    history.write(found, place)
    return place / history.SCHEMA
