"""`portal releases`, `pull` and `drift`: what was applied, its files, and whether it still holds."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path

from portal import drift as drifting
from portal import history
from portal.changes import Change
from portal.cli import exits
from portal.cli.database import has_release, opened, released, shown
from portal.cli.failure import Failure
from portal.cli.output import tell, working
from portal.cli.parser import Parser
from portal.database import reading
from portal.facts import calendar
from portal.history import Entry, UnknownRelease
from portal.releases import Live
from portal.settings import Settings
from portal.words import say
from portal.worktime import moment

LISTED = 20
"""How many releases a list shows."""
TOLD = 5
"""How many changes of each release a list tells."""


def add(tree: Parser) -> None:
    """Adds `releases`, `pull` and `drift`."""
    releases = tree.command("releases")
    numbers = releases.arguments.add_argument
    numbers("number", metavar="N", type=int, nargs="?", help=say("help-releases-number"))
    numbers("other", metavar="M", type=int, nargs="?", help=say("help-releases-other"))
    releases.set_defaults(run=_releases)
    pull = tree.command("pull")
    pull.arguments.add_argument("folder", metavar="DIR", help=say("help-pull-folder"))
    pull.choices.add_argument("--release", metavar="N", type=int, help=say("help-pull-release"))
    pull.choices.add_argument("--force", action="store_true", help=say("help-pull-force"))
    pull.set_defaults(run=_pull)
    tree.command("drift", usage_exit=exits.PLAN_USAGE).set_defaults(run=_drift)


def _releases(typed: Namespace, settings: Settings) -> int:
    with released(settings) as (engine, newest), reading(engine) as session:
        try:
            if typed.number is None:
                tell("\n".join(_listed(history.entries(session, most=LISTED), newest)))
            elif typed.other is None:
                tell("\n".join(_shown(history.entry(session, typed.number), newest)))
                tell("\n".join(_yaml(history.files(session, typed.number))))
            else:
                plan = history.between(session, typed.number, typed.other)
                sides = [history.files(session, number) for number in (typed.number, typed.other)]
                tell("\n".join(_lines((*plan.changes, *plan.refused))) or say("plan-nothing"))
                tell("\n".join(line for each in history.differing(*sides) for line in ("", *each.lines)))
        except UnknownRelease as error:
            raise unknown(error) from error
    return exits.OK


def unknown(error: UnknownRelease) -> Failure:
    """Returns the failure of a number that no release has."""
    return Failure("command-release-unknown", code=exits.USAGE, number=error.number, newest=error.newest)


def _listed(found: tuple[Entry, ...], newest: Live) -> Iterator[str]:
    for entry in found:
        yield from _shown(entry, newest, TOLD)
    if found and found[-1].number > 1:
        yield say("releases-earlier", count=found[-1].number - 1)


def _shown(entry: Entry, newest: Live, most: int | None = None) -> Iterator[str]:
    """Yields the head of a release and its changes; with a limit only the sentences, as many as that."""
    at = moment(entry.applied_at.astimezone(calendar(newest.schema).zone))
    yield say("releases-head", number=entry.number, at=at, who=entry.applied_by)
    if entry.reason:
        yield f"  {say('releases-reason', reason=entry.reason)}"
    changes = entry.plan.changes
    if most is None:
        if entry.backup:
            yield f"  {say('releases-backup', place=entry.backup)}"
        yield from (f"  {line}" for line in _lines(changes))
        return
    yield from (f"  {change.sign} {change.sentence()}" for change in changes[:most])
    if len(changes) > most:
        yield f"  {say('releases-more', count=len(changes) - most, number=entry.number)}"


def _lines(changes: tuple[Change, ...]) -> Iterator[str]:
    for change in changes:
        yield from change.lines()


def _yaml(found: Mapping[str, str]) -> Iterator[str]:
    for name, text in found.items():
        if name.startswith(f"{history.SCHEMA}/"):
            yield f"\n# --- {name}"
            yield text.rstrip("\n")


def _pull(typed: Namespace, settings: Settings) -> int:
    folder = Path(typed.folder)
    with released(settings) as (engine, newest), reading(engine) as session:
        number = newest.release_id if typed.release is None else typed.release
        try:
            found = history.files(session, number)
        except UnknownRelease as error:
            raise unknown(error) from error
    try:
        history.write(found, folder, force=typed.force)
    except history.NotEmpty as error:
        raise Failure("command-folder-not-empty", folder=folder.as_posix()) from error
    tell(say("pull-done", number=number, files=len(found), folder=folder.as_posix()))
    return exits.OK


def _drift(typed: Namespace, settings: Settings) -> int:
    # Not `released`: what it reads to serve a release may be just what is missing.
    if not has_release(settings):
        raise Failure("command-no-release", database=shown(settings))
    with opened(settings) as engine, working(say("command-drift")):
        found = drifting.drift(engine)
    tell("\n".join(f"! {each.sentence()}" for each in found))
    tell(say("drift-some", count=len(found)) if found else say("drift-none"))
    return exits.CHANGES if found else exits.OK
