"""`portal plan` and `portal apply`: what the YAML would change, and changing it."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from portal.changes import Change
from portal.cli import exits
from portal.cli.database import is_missing, opened
from portal.cli.folder import Checked, checked
from portal.cli.output import complain, tell, working
from portal.cli.parser import Parser
from portal.cli.simulate import refuse_failing
from portal.plan import Plan, as_json, diff, text
from portal.settings import Settings
from portal.wall import standing
from portal.words import say

if TYPE_CHECKING:
    from portal.publish import Published


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
        plan = planned_for(settings, checked(settings))
    return told(plan, json_wanted=typed.json)


def told(plan: Plan, *, json_wanted: bool = False) -> int:
    """Prints a plan and returns its exit code."""
    tell(json.dumps(as_json(plan), ensure_ascii=False, indent=2) if json_wanted else text(plan))
    if plan.refused:
        return exits.REFUSED
    return exits.OK if plan.empty else exits.CHANGES


def planned_for(settings: Settings, folder: Checked) -> Plan:
    """Returns the plan from the last release of a database to a folder."""
    from portal.migrate import fresh_bound, planned

    if is_missing(settings):
        nothing: dict[str, str] = {}
        return diff(
            None,
            folder.schema,
            templates_before=nothing,
            templates_after=folder.letters,
            bound=fresh_bound(),
        )
    with opened(settings) as engine:
        return planned(engine, folder.schema, folder.letters)


def _apply(typed: Namespace, settings: Settings) -> int:
    return carried_out(settings, settings, reason=typed.reason, digest=typed.digest)


def carried_out(settings: Settings, of: Settings, *, reason: str, digest: str | None = None) -> int:
    """Applies a folder as the next release, prints what changed and returns the exit code.

    Args:
        of: the settings that name the folder; its database is not looked at.
        digest: the digest of the plan that was reviewed.
    """
    from portal.migrate import Refused
    from portal.rehearsal import Poison

    folder = checked(of)
    refuse_failing(folder)
    applying = say("command-applying")
    try:
        with working(applying) as note:
            done = _published(settings, folder, reason, digest, note=lambda text: note(f"{applying} {text}"))
    except Refused as error:
        complain(_lines(error.plan.refused))
        raise
    except Poison as error:
        complain("\n".join(f"! {each.sentence()}" for each in error.faults))
        raise
    plan = done.applied.plan
    tell(_lines(plan.changes))
    slug = "apply-nothing" if plan.empty else "apply-done"
    tell(say(slug, release=done.applied.release_id, changes=len(plan.changes)))
    if done.rehearsed is not None:
        tell(say("rehearsal-done", pages=done.rehearsed.pages, letters=done.rehearsed.letters))
    if done.backup is not None:
        tell(done.backup.sentence())
    return exits.OK


def _published(
    settings: Settings, folder: Checked, reason: str, digest: str | None, *, note: Callable[[str], None]
) -> Published:
    from portal.publish import Draft, publish

    draft = Draft(schema=folder.schema, sources=folder.sources, templates=folder.letters)
    with opened(settings) as engine:
        return publish(
            engine,
            draft,
            actor=standing().actor,
            now=datetime.now(UTC),
            reason=reason,
            expected_digest=digest,
            language=settings.language,
            note=note,
        )


def _lines(changes: Iterable[Change]) -> str:
    return "\n".join(line for change in changes for line in change.lines())
