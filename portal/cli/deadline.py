"""`portal deadline`: when a limit that starts at a moment ends, or the clocks of a case, and why."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator
from datetime import datetime

from portal.cli import exits
from portal.cli.database import released
from portal.cli.failure import Failure
from portal.cli.output import tell
from portal.cli.parser import Parser
from portal.fields.date import EARLIEST, LATEST
from portal.load import load
from portal.schema import Schema
from portal.settings import Settings
from portal.tables import Clock
from portal.timetable import calendar
from portal.words import say
from portal.worktime import Due, Duration, DurationError, WorktimeError, due, explain, moment, window


def add(tree: Parser) -> None:
    """Adds `deadline`."""
    deadline = tree.command("deadline")
    options = deadline.choices
    options.add_argument("--from", dest="start", metavar="ISO", type=_moment, help=say("help-deadline-from"))
    options.add_argument("--within", metavar="TEXT", type=_within, help=say("help-deadline-within"))
    options.add_argument("--window", metavar="DAYS", type=_days, help=say("help-deadline-window"))
    options.add_argument("--area", metavar="CODE", default="", help=say("help-deadline-area"))
    options.add_argument("--explain", nargs="?", const="", metavar="CASE", help=say("help-deadline-explain"))
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


def _days(text: str) -> tuple[int, ...]:
    parts = [each.strip() for each in text.split(",")]
    if not all(each.isascii() and each.isdigit() and 0 < int(each[:3]) <= 31 for each in parts):
        raise ArgumentTypeError(say("usage-not-days", value=text))
    return tuple(map(int, parts))


def _said(error: WorktimeError) -> str:
    return f"{say(error.code, **error.values)}; {say(f'{error.code}-hint', **error.values)}"


def _deadline(typed: Namespace, settings: Settings) -> int:
    if typed.explain:
        return _of_case(typed.explain, settings)
    if typed.start is None or (typed.within is None) == (typed.window is None):
        typed.parser.error(say("usage-deadline"))
    try:
        days = calendar(_office(settings), typed.area, _centre(settings, typed.area))
        start = typed.start if typed.start.tzinfo else typed.start.replace(tzinfo=days.zone)
        found = due(start, typed.within, days) if typed.within else window(start, typed.window, days)
    except WorktimeError as error:
        raise Failure(error.code, code=exits.MISTAKES, **error.values) from error
    tell("\n".join(explain(found) if typed.explain is not None else (moment(found.at),)))
    return exits.OK


def _office(settings: Settings) -> Schema:
    """Returns what has the right shape in the folder; only its office is used, so the rest may be wrong."""
    parts = load(settings.schema, settings.letters).parts
    if getattr(parts, "office", None) is None:
        raise Failure("command-office", code=exits.MISTAKES, folder=settings.schema.as_posix())
    return parts


def _centre(settings: Settings, area: str) -> str:
    """Returns the office that lies in exactly this area, whose own hours hold there."""
    centres = _office(settings).office.centres if area else {}
    return next((key for key, each in centres.items() if each.area == area), "")


def _of_case(number: str, settings: Settings) -> int:
    """Tells every clock of a case with its derivation and its pauses."""
    from sqlalchemy import select

    from portal.access import SYSTEM
    from portal.cases.clocks import clocks_of, pauses_of
    from portal.database import reading
    from portal.tables import Case
    from portal.wall import acting

    with released(settings) as (engine, newest), acting(SYSTEM), reading(engine) as session:
        case = session.scalars(select(Case).where(Case.number == number)).one_or_none()
        if case is None:
            raise Failure("deadline-case-missing", code=exits.MISTAKES, number=number)
        zone = calendar(newest.schema, case.area, case.centre).zone
        lines = [line for each in clocks_of(session, case.id) for line in clock_lines(each)]
        for each in pauses_of(session, case.id):
            until = moment(each.until.astimezone(zone)) if each.until else say("clock-still-paused")
            since = moment(each.since.astimezone(zone))
            lines.append(say("clock-pause-line", label=each.label, since=since, until=until))
    tell("\n".join(lines) or say("clock-none"))
    return exits.OK


def clock_lines(clock: Clock) -> Iterator[str]:
    """Yields what a clock measures and how it stands, and below it each counted and skipped date."""
    what = say(f"clock-{clock.kind}")
    yield say(
        "clock-line", clock=what, step=clock.step, limits=clock.limits, state=say(f"clock-{clock.state}")
    )
    yield from (f"  {line}" for line in (explain(Due.restore(clock.derivation)) if clock.derivation else ()))
