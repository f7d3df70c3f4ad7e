"""`portal plan` and `portal apply`: what the YAML would change, and changing it."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import UTC, datetime

from portal.access import SYSTEM
from portal.cli import exits
from portal.cli.database import is_missing, opened
from portal.cli.failure import Failure
from portal.cli.folder import Checked, checked
from portal.cli.output import complain, tell, working
from portal.cli.parser import Parser
from portal.plan import Plan, as_json, diff, text
from portal.settings import Settings
from portal.words import say


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
    from portal.migrate import NotApplied, planned

    if is_missing(settings):
        return diff(None, folder.schema, templates_before={}, templates_after=folder.letters)
    with opened(settings) as engine:
        try:
            return planned(engine, folder.schema, folder.letters)
        except NotApplied as error:
            raise _failure(error) from error


def _apply(typed: Namespace, settings: Settings) -> int:
    from portal.migrate import NotApplied, apply

    now = datetime.now(UTC)
    with working(say("command-applying")):
        folder = checked(settings)
        with opened(settings) as engine:
            try:
                done = apply(
                    engine,
                    folder.schema,
                    folder.sources,
                    folder.letters,
                    actor=SYSTEM,
                    now=now,
                    reason=typed.reason,
                    expected_digest=typed.digest,
                )
            except NotApplied as error:
                raise _failure(error) from error
    for change in done.plan.changes:
        tell("\n".join(change.lines()))
    slug = "apply-nothing" if done.plan.empty else "apply-done"
    tell(say(slug, release=done.release_id, changes=len(done.plan.changes)))
    return exits.OK


def _failure(error: Exception) -> Failure:
    """Returns what keeps a plan from being applied, once the refused changes have been told."""
    from portal.migrate import NotApplied, Refused, Stale

    assert isinstance(error, NotApplied)
    plan = error.plan if isinstance(error, Refused | Stale) else None
    if isinstance(error, Refused):
        complain("\n".join(line for change in error.plan.refused for line in change.lines()))
    code = exits.REFUSED if isinstance(error, Refused) else exits.STALE
    return Failure(
        error.slug,
        code=code if plan else exits.ENVIRONMENT,
        refused=len(plan.refused) if plan else 0,
        format=getattr(error, "format", ""),
    )
