"""The calendars of a made-up district for the tables of due dates: each rule that moves one is in it once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from schemas import small_schema

from portal.schema import Schema
from portal.timetable import calendar
from portal.worktime import Calendar, Pause

WEEK = {
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "08:00-12:00 13:00-16:00"),
    "friday": "08:00-11:30 13:30-16:00",
}
RAMADAN = {
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "08:00-12:00 12:30-15:00"),
    "friday": "08:00-11:30 12:30-15:30",
}
SIX_DAYS = {
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "08:00-14:00"),
    "friday": "08:00-11:00",
    "saturday": "08:00-12:30",
}
OFFICE: dict[str, Any] = {
    "office/hours": WEEK,
    "office/holidays": {
        "2026-01-01": "Tahun Baru 2026",
        "2026-02-16": "Cuti bersama Imlek",
        "2026-02-17": "Imlek",
        "2026-03-18": "Cuti bersama Nyepi",
        "2026-03-19": "Nyepi",
        "2026-03-20": "Cuti bersama Idulfitri",
        "2026-03-21": "Idulfitri",
        "2026-03-22": "Idulfitri",
        "2026-03-23": "Cuti bersama Idulfitri",
        "2026-03-24": "Cuti bersama Idulfitri",
        "2026-05-01": "Hari Buruh",
        "2026-05-14": "Kenaikan Yesus Kristus",
        "2026-05-15": "Cuti bersama Kenaikan",
        "2026-05-27": "Iduladha",
        "2026-05-28": "Cuti bersama Iduladha",
        "2026-05-31": "Waisak",
        "2026-06-01": "Hari Lahir Pancasila",
        "2026-08-17": "Proklamasi Kemerdekaan",
        "2026-08-25": "Maulid Nabi",
        "2026-12-24": "Cuti bersama Natal",
        "2026-12-25": "Natal",
        "2027-01-01": "Tahun Baru 2027",
    },
    "office/holiday_years": ["2026"],
    "office/special_hours": {
        "ramadan": {"label": "Ramadan", "since": "2026-02-19", "until": "2026-03-20", "hours": RAMADAN}
    },
    "office/special_dates": {
        "2026-12-23": {"label": "Setengah hari", "hours": "08:00-12:00"},
        "2026-03-28": {"label": "Pelayanan pengganti", "hours": "08:00-12:00"},
    },
    "office/calendars": {
        "74.72": {"time_zone": "Asia/Makassar", "holidays": {"2026-10-20": "Hari jadi kota"}},
        "94": {"time_zone": "Asia/Jayapura"},
        "18.10.03.2008": {"hours": SIX_DAYS},
        "35.73": {"cut_off": "14:00"},
    },
}
MORNINGS = {"hours": {"monday": "09:00-12:00", "thursday": "09:00-12:00"}}


def district() -> Schema:
    """Returns the Schema with these calendars; its one office is open on two mornings a week."""
    schema = small_schema(OFFICE)
    centre = next(iter(schema.office.centres))
    return small_schema({**OFFICE, f"office/centres/{centre}/calendar": MORNINGS})


DISTRICT = district()


def calendar_of(place: str) -> Calendar:
    """Returns the calendar of an area, or of the office with two mornings a week."""
    if place == "mornings":
        return calendar(DISTRICT, "18.10", next(iter(DISTRICT.office.centres)))
    return calendar(DISTRICT, place)


def at(text: str, place: str = "") -> datetime:
    """Returns a moment as the clock on the wall of a place shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=calendar_of(place).zone)


def pauses(text: str, place: str = "") -> tuple[Pause, ...]:
    """Returns the pauses of a line such as `2026-11-03 10:00 > 2026-11-04 10:00, ...`."""
    pairs = [each.split(" > ") for each in text.split(", ")]
    return tuple(
        Pause(since=at(since, place), until=at(until, place), name="Menunggu warga") for since, until in pairs
    )
