"""Limits, due dates and moments in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from babel.dates import format_date, format_time

from portal.words import language, say
from portal.worktime.counting import Due, Step
from portal.worktime.durations import Duration
from portal.worktime.standings import Standing

_LOCALES: Mapping[str, str] = {"id": "id", "en": "en_GB"}
_AT_A_TIME = ("due-cut-off", "due-cut-off-day-off")
"""The lines whose number is a time of day, in minutes."""


def standing_in_words(standing: Standing) -> str:
    """Returns a standing in the reader's language, such as `Sisa 2 hari kerja`."""
    return say(_counted(f"standing-{standing.kind}", standing.days), days=standing.days)


def in_words(duration: Duration) -> str:
    """Returns a limit in the reader's language, such as `3 hari kerja`."""
    slug = f"duration-{duration.unit.replace(' ', '-')}"
    return say(_counted(slug, duration.amount), amount=duration.amount)


def _counted(slug: str, number: int) -> str:
    """Returns the slug whose words suit a number: none, one, or the slug itself."""
    return {0: f"{slug}-none", 1: f"{slug}-one"}.get(number, slug)


def explain(due: Due) -> tuple[str, ...]:
    """Returns the derivation of a due date, a sentence a step, in the reader's language."""
    return tuple(_sentence(step) for step in due.steps)


def _sentence(step: Step) -> str:
    return say(
        step.slug,
        day=day_date(step.at),
        moment=moment(step.at),
        number=step.number,
        name=step.name,
        counted=_open_time(step.number),
        clock=clock(time(*divmod(step.number, 60))) if step.slug in _AT_A_TIME else "",
    )


def _open_time(counted: int) -> str:
    hours, minutes = divmod(counted, 60)
    slug = "due-counted-minutes" if not hours else "due-counted" if minutes else "due-counted-hours"
    return say(slug, hours=hours, minutes=minutes)


def long_date(day: date) -> str:
    """Returns a date in the reader's language, such as `2 November 2026`."""
    return str(format_date(day, "d MMMM y", locale=_LOCALES[language()]))


def day_date(day: date) -> str:
    """Returns a date with its weekday in the reader's language, such as `Senin, 2 November 2026`."""
    return str(format_date(day, "EEEE, d MMMM y", locale=_LOCALES[language()]))


def clock(at: time | datetime) -> str:
    """Returns a time of day as it stands, without conversion of zones: `09.12`, in English `09:12`."""
    return str(format_time(at.replace(tzinfo=None), "short", locale=_LOCALES[language()]))


def moment(at: datetime) -> str:
    """Returns an aware moment in its own zone: `Senin, 2 November 2026 pukul 09.12 WIB` (or WITA, WIT)."""
    return say("moment", day=day_date(at), clock=clock(at), zone=at.tzname() or "")
