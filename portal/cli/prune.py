"""`portal prune`: the columns of withdrawn fields, and dropping one for good."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from portal.cli import exits
from portal.cli.database import released
from portal.cli.failure import Failure
from portal.cli.output import tell, working
from portal.cli.parser import Parser
from portal.settings import Settings
from portal.wall import standing
from portal.words import say

if TYPE_CHECKING:
    from portal.prune import Prunable


def add(tree: Parser) -> None:
    """Adds `prune`."""
    prune = tree.command("prune")
    prune.choices.add_argument("--confirm", metavar="NAME", help=say("help-prune-confirm"))
    prune.choices.add_argument("--reason", metavar="TEXT", default="", help=say("help-apply-reason"))
    prune.set_defaults(run=_prune)


def _prune(typed: Namespace, settings: Settings) -> int:
    from portal.prune import NotPrunable, prunable, prune

    with released(settings) as (engine, _):
        if typed.confirm is None:
            found = prunable(engine)
            tell("\n".join(map(_line, found)) or say("prune-nothing"))
            return exits.OK
        try:
            with working(say("command-applying")):
                done = prune(
                    engine, typed.confirm, actor=standing().actor, now=datetime.now(UTC), reason=typed.reason
                )
        except NotPrunable as error:
            raise Failure("prune-refused", code=exits.REFUSED, name=error.name) from error
    applied = done.applied
    tell("\n".join(line for change in applied.plan.changes for line in change.lines()))
    tell(say("apply-done", release=applied.release_id, changes=len(applied.plan.changes)))
    if done.backup is not None:
        tell(done.backup.sentence())
    return exits.OK


def _line(found: Prunable) -> str:
    values = {"name": found.name, "label": found.label, "rows": found.rows, "size": found.size}
    line = say("prune-column", **values)
    if found.cases:
        line += say("prune-in-use", cases=found.cases)
    return line + (say("prune-fixed") if found.fixed else "")
