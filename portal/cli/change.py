"""`portal plan` and `portal apply`: what the YAML would change, and changing it."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from portal.access import SYSTEM
from portal.changes import Change
from portal.cli import exits
from portal.cli.database import is_missing, opened
from portal.cli.folder import Checked, checked
from portal.cli.output import complain, tell, working
from portal.cli.parser import Parser
from portal.cli.simulate import refuse_failing
from portal.plan import Plan, as_json, diff, text
from portal.settings import Settings
from portal.words import say

if TYPE_CHECKING:
    from portal.migrate import Applied


def add(tree: Parser) -> None:
    """Adds `plan` and `apply`."""
    plan = tree.command("plan", usage_exit=exits.PLAN_USAGE)
    plan.choices.add_argument("--json", action="store_true", help=say("help-json"))
    plan.set_defaults(run=_plan)
    apply = tree.command("apply")
    apply.arguments.add_argument("digest", metavar="DIGEST", nargs="?", help=say("help-apply-digest"))
    apply.choices.add_argument("--reason", metavar="TEXT", default="", help=say("help-apply-reason"))
    apply.set_defaults(run=_apply)


def _plan(typed: Namespace, settings: Settings) -> int:
    with working(say("command-planning")):
        plan = _planned(settings, checked(settings))
    tell(json.dumps(as_json(plan), ensure_ascii=False, indent=2) if typed.json else text(plan))
    if plan.refused:
        return exits.REFUSED
    return exits.OK if plan.empty else exits.CHANGES


def _planned(settings: Settings, folder: Checked) -> Plan:
    from portal.migrate import planned

    if is_missing(settings):
        return diff(None, folder.schema, templates_before={}, templates_after=folder.letters)
    with opened(settings) as engine:
        return planned(engine, folder.schema, folder.letters)


def _apply(typed: Namespace, settings: Settings) -> int:
    from portal.migrate import Refused

    folder = checked(settings)
    refuse_failing(folder)
    try:
        with working(say("command-applying")):
            done = _applied(typed, settings, folder)
    except Refused as error:
        complain(_lines(error.plan.refused))
        raise
    tell(_lines(done.plan.changes))
    slug = "apply-nothing" if done.plan.empty else "apply-done"
    tell(say(slug, release=done.release_id, changes=len(done.plan.changes)))
    return exits.OK


def _applied(typed: Namespace, settings: Settings, folder: Checked) -> Applied:
    from portal.migrate import apply

    with opened(settings) as engine:
        return apply(
            engine,
            folder.schema,
            folder.sources,
            folder.letters,
            actor=SYSTEM,
            now=datetime.now(UTC),
            reason=typed.reason,
            expected_digest=typed.digest,
        )


def _lines(changes: Iterable[Change]) -> str:
    return "\n".join(line for change in changes for line in change.lines())
