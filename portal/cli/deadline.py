"""`portal deadline`: when a limit that starts at a moment ends by the office's calendar, and why."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from datetime import datetime

from portal.cli import exits
from portal.cli.failure import Failure
from portal.cli.output import tell
from portal.cli.parser import Parser
from portal.facts import calendar
from portal.fields.date import EARLIEST, LATEST
from portal.load import load
from portal.schema import Schema
from portal.settings import Settings
from portal.words import say
from portal.worktime import Duration, DurationError, WorktimeError, due, explain, moment


def add(tree: Parser) -> None:
    """Adds `deadline`."""
    deadline = tree.command("deadline")
    options = deadline.choices
    options.add_argument(
        "--from", dest="start", metavar="ISO", type=_moment, required=True, help=say("help-deadline-from")
    )
    options.add_argument(
        "--within", metavar="TEXT", type=_within, required=True, help=say("help-deadline-within")
    )
    options.add_argument("--explain", action="store_true", help=say("help-deadline-explain"))
    deadline.set_defaults(run=_deadline)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(say("usage-not-moment", value=text)) from error
    if not EARLIEST.year <= found.year <= LATEST.year:
        raise ArgumentTypeError(say("usage-not-moment", value=text))
    return found


def _within(text: str) -> Duration:
    try:
        return Duration.parse(text)
    except DurationError as error:
        raise ArgumentTypeError(_said(error)) from error


def _said(error: WorktimeError) -> str:
    return f"{say(error.code, **error.values)}; {say(f'{error.code}-hint', **error.values)}"


def _deadline(typed: Namespace, settings: Settings) -> int:
    try:
        hours = calendar(_office(settings))
        start = typed.start if typed.start.tzinfo else typed.start.replace(tzinfo=hours.zone)
        found = due(start, typed.within, hours)
    except WorktimeError as error:
        raise Failure(error.code, code=exits.MISTAKES, **error.values) from error
    tell("\n".join(explain(found) if typed.explain else (moment(found.at),)))
    return exits.OK


def _office(settings: Settings) -> Schema:
    """Returns what has the right shape in the folder; only its office is used, so the rest may be wrong."""
    parts = load(settings.schema, settings.letters).parts
    if getattr(parts, "office", None) is None:
        raise Failure("command-office", code=exits.MISTAKES, folder=settings.schema.as_posix())
    return parts
