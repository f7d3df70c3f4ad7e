"""Due dates by calendar: each line was worked out by hand from the dates of `calendars.py`."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from calendars import DISTRICT, at, calendar_of, pauses
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.timetable import declared_years
from portal.words import speaking
from portal.worktime import Duration, Pause, Roll, Unit, due, explain, reached, standing, until_day, window

DATES = (
    # edges of a day
    ("", "2026-11-02 08:00", "1 working day", "2026-11-03 16:00"),
    ("", "2026-11-02 07:59:59", "1 working hour", "2026-11-02 09:00"),
    ("", "2026-11-02 08:00", "1 working hour", "2026-11-02 09:00"),
    ("", "2026-11-02 11:59", "1 working hour", "2026-11-02 13:59"),
    ("", "2026-11-02 12:00", "1 working hour", "2026-11-02 14:00"),
    ("", "2026-11-02 15:59", "1 working hour", "2026-11-03 08:59"),
    ("", "2026-11-02 16:00", "1 working hour", "2026-11-03 09:00"),
    ("", "2026-11-02 16:00", "1 working day", "2026-11-03 16:00"),
    ("", "2026-11-02 23:59:59", "1 working day", "2026-11-03 16:00"),
    ("", "2026-11-03 00:00", "1 working day", "2026-11-04 16:00"),
    # Friday: 08:00-11:30 and 13:30-16:00
    ("", "2026-11-05 10:00", "1 working day", "2026-11-06 16:00"),
    ("", "2026-11-06 11:29", "1 working hour", "2026-11-06 14:29"),
    ("", "2026-11-06 11:30", "1 working hour", "2026-11-06 14:30"),
    ("", "2026-11-06 12:45", "2 working hours", "2026-11-06 15:30"),
    ("", "2026-11-06 15:00", "4 working hours", "2026-11-09 11:00"),
    ("", "2026-11-06 08:00", "6 working hours", "2026-11-06 16:00"),
    ("", "2026-11-06 09:00", "1 working day", "2026-11-09 16:00"),
    ("", "2026-11-06 16:00", "2 working days", "2026-11-10 16:00"),
    ("", "2026-11-07 10:00", "1 working day", "2026-11-09 16:00"),
    ("", "2026-11-08 23:59", "4 working hours", "2026-11-09 12:00"),
    # a half day on Wednesday 23 December, then two holidays and a weekend
    ("", "2026-12-22 09:00", "1 working day", "2026-12-23 12:00"),
    ("", "2026-12-22 15:00", "5 working hours", "2026-12-23 12:00"),
    ("", "2026-12-22 15:00", "6 working hours", "2026-12-28 09:00"),
    ("", "2026-12-23 12:30", "1 working hour", "2026-12-28 09:00"),
    ("", "2026-12-23 09:00", "1 working day", "2026-12-28 16:00"),
    ("", "2026-12-22 09:00", "2 working days", "2026-12-28 16:00"),
    # holidays at the start and at the end
    ("", "2026-12-24 10:00", "1 working day", "2026-12-28 16:00"),
    ("", "2026-05-14 09:00", "2 working days", "2026-05-19 16:00"),
    ("", "2026-05-13 09:00", "1 working day", "2026-05-18 16:00"),
    ("", "2026-04-30 09:00", "2 working days", "2026-05-05 16:00"),
    ("", "2026-08-14 09:00", "1 working day", "2026-08-18 16:00"),
    ("", "2026-08-24 09:00", "2 working days", "2026-08-27 16:00"),
    ("", "2026-05-22 09:00", "3 working days", "2026-05-29 16:00"),
    ("", "2026-05-22 09:00", "4 working days", "2026-06-02 16:00"),
    # over the new year
    ("", "2026-12-30 09:00", "2 working days", "2027-01-04 16:00"),
    ("", "2026-12-31 15:00", "2 working hours", "2027-01-04 09:00"),
    ("", "2026-12-31 23:59", "1 day", "2027-01-01 23:59:59"),
    ("", "2026-12-31 23:30", "2 hours", "2027-01-01 01:30"),
    # a leap day, and a February without one
    ("", "2028-02-28 09:00", "1 working day", "2028-02-29 16:00"),
    ("", "2028-02-29 15:30", "1 working hour", "2028-03-01 08:30"),
    ("", "2028-02-28 10:00", "2 days", "2028-03-01 23:59:59"),
    ("", "2027-02-28 10:00", "1 day", "2027-03-01 23:59:59"),
    # Ramadan, 19 February to 20 March: until 15:00, on Friday until 15:30
    ("", "2026-02-18 15:30", "1 working hour", "2026-02-19 08:30"),
    ("", "2026-02-18 09:00", "1 working day", "2026-02-19 15:00"),
    ("", "2026-02-19 08:00", "6 working hours", "2026-02-19 14:30"),
    ("", "2026-02-19 14:30", "1 working hour", "2026-02-20 08:30"),
    ("", "2026-02-20 11:30", "1 working hour", "2026-02-20 13:30"),
    ("", "2026-02-19 09:00", "1 working day", "2026-02-20 15:30"),
    ("", "2026-03-17 15:40", "3 working days", "2026-03-27 16:00"),
    ("", "2026-03-17 14:00", "2 working hours", "2026-03-25 09:00"),
    # a Saturday that is worked, 28 March
    ("", "2026-03-27 09:00", "1 working day", "2026-03-28 12:00"),
    ("", "2026-03-27 15:00", "6 working hours", "2026-03-30 09:00"),
    ("", "2026-03-26 09:00", "3 working days", "2026-03-30 16:00"),
    # areas: another zone, a local holiday and below it, none of it next door, a third zone
    ("74.72", "2026-11-02 09:00", "1 working day", "2026-11-03 16:00"),
    ("74.72", "2026-10-19 09:00", "1 working day", "2026-10-21 16:00"),
    ("74.72.06.1008", "2026-10-19 09:00", "1 working day", "2026-10-21 16:00"),
    ("74.71", "2026-10-19 09:00", "1 working day", "2026-10-20 16:00"),
    ("94.71", "2026-11-02 09:00", "4 working hours", "2026-11-02 14:00"),
    # a village of six days, whose own hours also hold in Ramadan; an office of two mornings a week
    ("18.10.03.2008", "2026-11-06 09:00", "1 working day", "2026-11-07 12:30"),
    ("18.10.03.2008", "2026-11-07 12:00", "1 working hour", "2026-11-09 08:30"),
    ("18.10.03.2008", "2026-02-20 10:00", "1 working day", "2026-02-21 12:30"),
    ("18.10.03.2008", "2026-02-23 13:30", "1 working hour", "2026-02-24 08:30"),
    ("mornings", "2026-11-02 10:00", "1 working day", "2026-11-05 12:00"),
    ("mornings", "2026-11-02 11:00", "2 working hours", "2026-11-05 10:00"),
    ("mornings", "2026-02-19 11:00", "2 working hours", "2026-02-23 10:00"),
    # a cut-off at 14:00: later, on a day off or after a half day counts as received on the next working day
    ("35.73", "2026-11-02 14:00", "1 working day", "2026-11-03 16:00"),
    ("35.73", "2026-11-02 14:00:01", "1 working day", "2026-11-04 16:00"),
    ("35.73", "2026-11-02 14:30", "2 working hours", "2026-11-03 10:00"),
    ("35.73", "2026-11-06 14:30", "1 working day", "2026-11-10 16:00"),
    ("35.73", "2026-11-07 10:00", "1 working day", "2026-11-10 16:00"),
    ("35.73", "2026-12-23 13:00", "1 working day", "2026-12-29 16:00"),
    ("35.73", "2026-12-23 11:00", "1 working day", "2026-12-28 16:00"),
    ("35.73", "2026-11-02 20:00", "24 hours", "2026-11-03 20:00"),
)
PAUSED = (
    # a working day does not count when the clock stands still as the office closes
    ("", "2026-11-02 09:00", "3 working days", "2026-11-03 10:00 > 2026-11-04 10:00", "2026-11-06 16:00"),
    ("", "2026-11-02 09:00", "3 working days", "2026-11-03 10:00 > 2026-11-03 11:00", "2026-11-05 16:00"),
    ("", "2026-11-02 09:00", "3 working days", "2026-11-03 15:00 > 2026-11-03 16:00", "2026-11-06 16:00"),
    ("", "2026-11-02 09:00", "3 working days", "2026-11-03 16:00 > 2026-11-04 08:00", "2026-11-05 16:00"),
    # over a holiday: no day counts twice
    ("", "2026-05-13 09:00", "2 working days", "2026-05-13 12:00 > 2026-05-18 10:00", "2026-05-19 16:00"),
    ("", "2026-05-13 09:00", "2 working days", "2026-05-14 08:00 > 2026-05-18 17:00", "2026-05-20 16:00"),
    # one in another, and two that overlap
    (
        "",
        "2026-11-02 09:00",
        "1 working day",
        "2026-11-03 08:00 > 2026-11-05 12:00, 2026-11-04 09:00 > 2026-11-04 10:00",
        "2026-11-05 16:00",
    ),
    (
        "",
        "2026-11-02 09:00",
        "1 working day",
        "2026-11-03 08:00 > 2026-11-04 12:00, 2026-11-04 10:00 > 2026-11-05 18:00",
        "2026-11-06 16:00",
    ),
    # working hours: open minutes of a pause do not count
    ("", "2026-11-02 09:00", "4 working hours", "2026-11-02 10:00 > 2026-11-02 11:00", "2026-11-02 15:00"),
    ("", "2026-11-02 09:00", "4 working hours", "2026-11-02 12:00 > 2026-11-02 13:00", "2026-11-02 14:00"),
    ("", "2026-11-02 14:00", "3 working hours", "2026-11-02 15:00 > 2026-11-03 09:00", "2026-11-03 11:00"),
    ("", "2026-12-22 15:00", "3 working hours", "2026-12-23 08:00 > 2026-12-23 10:00", "2026-12-23 12:00"),
    ("", "2026-11-02 09:00", "2 working hours", "2026-11-01 10:00 > 2026-11-02 10:00", "2026-11-02 12:00"),
    # clock hours and calendar days
    ("", "2026-11-02 09:00", "24 hours", "2026-11-02 20:00 > 2026-11-03 02:00", "2026-11-03 15:00"),
    (
        "",
        "2026-11-02 09:00",
        "24 hours",
        "2026-11-02 20:00 > 2026-11-03 02:00, 2026-11-02 22:00 > 2026-11-03 04:00",
        "2026-11-03 17:00",
    ),
    ("", "2026-11-02 09:00", "24 hours", "2026-11-03 09:00 > 2026-11-04 09:00", "2026-11-03 09:00"),
    ("", "2026-11-02 09:00", "3 days", "2026-11-03 12:00 > 2026-11-04 12:00", "2026-11-06 23:59:59"),
    # before the start, after a cut-off, over the new year
    ("", "2026-11-02 09:00", "1 working day", "2026-10-30 09:00 > 2026-11-02 08:00", "2026-11-03 16:00"),
    ("35.73", "2026-11-02 14:30", "1 working day", "2026-11-04 10:00 > 2026-11-05 10:00", "2026-11-05 16:00"),
    ("", "2026-12-30 09:00", "2 working days", "2026-12-31 09:00 > 2027-01-04 09:00", "2027-01-05 16:00"),
)
WINDOWS: tuple[tuple[str, str, tuple[int, ...], Roll, str], ...] = (
    ("", "2026-11-02 09:00", (19, 24), "before", "2026-11-19 16:00"),
    ("", "2026-11-19 16:00", (19, 24), "before", "2026-11-19 16:00"),
    ("", "2026-11-19 16:00:01", (19, 24), "before", "2026-11-24 16:00"),
    ("", "2026-11-25 09:00", (19, 24), "before", "2026-12-18 16:00"),  # 19 December is a Saturday
    ("", "2026-11-25 09:00", (19, 24), "after", "2026-12-21 16:00"),
    ("", "2026-12-20 09:00", (19, 24), "before", "2026-12-23 12:00"),  # 24 is a holiday, 23 a half day
    ("", "2026-12-22 09:00", (19, 24), "after", "2026-12-28 16:00"),
    ("", "2026-12-18 16:30", (19, 24), "before", "2026-12-23 12:00"),
    ("", "2026-11-10 09:00", (31,), "before", "2026-11-30 16:00"),  # November has no 31
    ("", "2028-02-10 09:00", (30,), "before", "2028-02-29 16:00"),
    ("", "2026-12-29 09:00", (1,), "before", "2026-12-31 16:00"),  # 1 January is a holiday
    ("", "2026-12-29 09:00", (1,), "after", "2027-01-04 16:00"),
    ("", "2027-01-02 09:00", (1,), "after", "2027-01-04 16:00"),
    ("35.73", "2026-11-19 14:01", (19,), "before", "2026-12-18 14:00"),
    ("74.72", "2026-10-19 09:00", (20,), "before", "2026-10-19 16:00"),  # a holiday of that town only
    ("", "2026-11-25 09:00", (19, 24), "same", "2026-12-19 23:59:59"),  # the Saturday itself
    ("", "2026-11-19 16:00:01", (19, 24), "same", "2026-11-24 16:00"),
)
NAMED = (
    ("", "2026-12-23", "2026-12-23 12:00"),  # a half day
    ("", "2026-12-25", "2026-12-25 23:59:59"),  # a holiday
    ("mornings", "2026-11-05", "2026-11-05 12:00"),
    ("94.71", "2026-11-05", "2026-11-05 16:00"),
)
ZONES = (
    # one moment, 2 November 15:30 UTC: evening in the west, past midnight in the east
    ("", "2026-11-03 16:00"),
    ("74.72", "2026-11-03 16:00"),
    ("94.71", "2026-11-04 16:00"),
)


@pytest.mark.parametrize(("place", "received", "within", "expected"), DATES)
def test_due_date_of_the_table(place: str, received: str, within: str, expected: str) -> None:
    assert due(at(received, place), Duration.parse(within), calendar_of(place)).at == at(expected, place)


@pytest.mark.parametrize(("place", "received", "within", "stood", "expected"), PAUSED)
def test_due_date_with_pauses(place: str, received: str, within: str, stood: str, expected: str) -> None:
    found = due(at(received, place), Duration.parse(within), calendar_of(place), pauses(stood, place))
    assert found.at == at(expected, place)


@pytest.mark.parametrize(("place", "received", "days", "roll", "expected"), WINDOWS)
def test_window_of_the_table(
    place: str, received: str, days: tuple[int, ...], roll: Roll, expected: str
) -> None:
    assert window(at(received, place), days, calendar_of(place), roll).at == at(expected, place)


@pytest.mark.parametrize(("place", "day", "expected"), NAMED)
def test_named_day_ends_with_the_office(place: str, day: str, expected: str) -> None:
    found = until_day(at("2026-11-02 09:00", place), date.fromisoformat(day), calendar_of(place))
    assert found.at == at(expected, place)
    assert [each.slug for each in found.steps] == ["due-received", "due-until-day"]


@pytest.mark.parametrize(("place", "expected"), ZONES)
def test_one_moment_is_another_date_in_each_zone(place: str, expected: str) -> None:
    received = datetime.fromisoformat("2026-11-02T15:30+00:00")
    found = due(received, Duration.parse("1 working day"), calendar_of(place))
    assert found.at == at(expected, place)


def test_the_table_is_as_long_as_it_has_to_be() -> None:
    assert len(DATES) + len(PAUSED) + len(WINDOWS) + len(ZONES) >= 60


REACHED = (
    # 13 open hours from Monday 09:00 to Tuesday 16:00; 80 of a hundred are 10 h 24 min
    ("2026-11-02 09:00", "2026-11-03 16:00", "", True, "2026-11-03 13:24"),
    ("2026-11-02 09:00", "2026-11-03 09:00", "", False, "2026-11-03 04:12"),
    # Tuesday's first four hours stand still: 9 open hours are left, 7 h 12 min of them
    (
        "2026-11-02 09:00",
        "2026-11-03 16:00",
        "2026-11-03 08:00 > 2026-11-03 12:00",
        True,
        "2026-11-03 14:12",
    ),
    ("2026-11-07 09:00", "2026-11-07 12:00", "", True, "2026-11-07 12:00"),  # no open time at all
)


@pytest.mark.parametrize(("start", "until", "stood", "working", "expected"), REACHED)
def test_four_fifths_are_over(start: str, until: str, stood: str, working: bool, expected: str) -> None:
    stop = pauses(stood) if stood else ()
    assert reached(at(start), at(until), 80, calendar_of(""), stop, working=working) == at(expected)


def sentences(place: str, received: str, within: str, stood: tuple[Pause, ...] = ()) -> tuple[str, ...]:
    with speaking("id"):
        return explain(due(at(received, place), Duration.parse(within), calendar_of(place), stood))


def test_each_counted_and_skipped_date_is_told_with_its_reason() -> None:
    assert sentences("", "2026-03-17 15:40", "1 working day") == (
        "Diterima Selasa, 17 Maret 2026 pukul 15.40 WIB",
        "diterima setelah jam tutup: hari 1 tetap hari kerja berikutnya",
        "Rabu, 18 Maret 2026 dilewati: Cuti bersama Nyepi",
        "Kamis, 19 Maret 2026 dilewati: Nyepi",
        "Jumat, 20 Maret 2026 dilewati: Cuti bersama Idulfitri",
        "Sabtu, 21 Maret 2026 dilewati: Idulfitri",
        "Minggu, 22 Maret 2026 dilewati: Idulfitri",
        "Senin, 23 Maret 2026 dilewati: Cuti bersama Idulfitri",
        "Selasa, 24 Maret 2026 dilewati: Cuti bersama Idulfitri",
        "hari 1: Rabu, 25 Maret 2026",
        "Batas waktu: Rabu, 25 Maret 2026 pukul 16.00 WIB",
    )


def test_hours_of_ramadan_are_named() -> None:
    told = sentences("", "2026-02-19 14:30", "1 working hour")
    assert told[1:3] == (
        "Kamis, 19 Februari 2026: 30 menit kerja (Ramadan)",
        "Jumat, 20 Februari 2026: 30 menit kerja (Ramadan)",
    )


def test_a_half_day_is_named() -> None:
    assert sentences("", "2026-12-22 09:00", "1 working day")[1] == (
        "hari 1: Rabu, 23 Desember 2026 (Setengah hari)"
    )


def test_a_cut_off_is_told() -> None:
    told = sentences("35.73", "2026-11-02 14:30", "1 working day")
    assert told[1] == "diterima setelah pukul 14.00: dianggap diterima Selasa, 3 November 2026"
    told = sentences("35.73", "2026-11-07 10:00", "1 working day")
    assert told[1] == "diterima bukan pada hari kerja: dianggap diterima Senin, 9 November 2026"


def test_a_pause_is_told() -> None:
    stood = pauses("2026-11-03 10:00 > 2026-11-04 10:00")
    told = sentences("", "2026-11-02 09:00", "1 working day", stood)
    assert told[1] == "Selasa, 3 November 2026 dilewati: waktu dijeda (Menunggu warga)"
    told = sentences("", "2026-11-02 14:00", "3 working hours", pauses("2026-11-02 15:00 > 2026-11-03 09:00"))
    assert "Senin, 2 November 2026: 1 jam kerja tidak dihitung: waktu dijeda (Menunggu warga)" in told
    told = sentences("", "2026-11-02 09:00", "24 hours", pauses("2026-11-02 20:00 > 2026-11-03 02:00"))
    assert told[1] == (
        "sejak Senin, 2 November 2026 pukul 20.00 WIB: 360 menit tidak dihitung karena waktu dijeda "
        "(Menunggu warga)"
    )


def test_a_year_without_holidays_is_told() -> None:
    told = sentences("", "2026-12-30 09:00", "2 working days")
    assert told[-2] == "hari libur 2027 belum ditetapkan: tanggal ini dapat berubah"
    assert "belum ditetapkan" not in " ".join(sentences("", "2026-12-29 09:00", "2 working days"))


def test_a_window_is_told() -> None:
    with speaking("id"):
        told = explain(window(at("2026-12-20 09:00"), (19, 24), calendar_of("")))
    assert told == (
        "Diterima Minggu, 20 Desember 2026 pukul 09.00 WIB",
        "jendela tanggal 24: Kamis, 24 Desember 2026",
        "Kamis, 24 Desember 2026 dilewati: Cuti bersama Natal",
        "Batas waktu: Rabu, 23 Desember 2026 pukul 12.00 WIB",
    )


def test_office_says_which_years_are_complete() -> None:
    assert declared_years(DISTRICT.office) == {2026}


def test_standing_counts_a_worked_saturday_and_no_holiday() -> None:
    office = calendar_of("")
    assert standing(at("2026-03-31 16:00"), at("2026-03-27 09:00"), office).days == 3
    assert standing(at("2026-12-31 16:00"), at("2026-12-23 09:00"), office).days == 4


MOMENTS = st.integers(0, 60 * 24 * 500).map(lambda after: at("2026-01-01 00:00") + timedelta(minutes=after))
PLACES = st.sampled_from(["", "74.72", "94.71", "18.10.03.2008", "35.73", "mornings"])
LIMITS = st.tuples(st.integers(1, 30), st.sampled_from(["working days", "working hours", "days", "hours"]))
STOOD = st.lists(st.tuples(MOMENTS, st.integers(1, 60 * 24 * 20)), max_size=4)


def made(stood: list[tuple[datetime, int]]) -> tuple[Pause, ...]:
    return tuple(Pause(since=since, until=since + timedelta(minutes=length)) for since, length in stood)


@settings(max_examples=300, deadline=None)
@given(PLACES, LIMITS, MOMENTS, st.integers(0, 60 * 24 * 10), STOOD)
def test_later_receipt_is_never_due_earlier(
    place: str,
    limit: tuple[int, Unit],
    received: datetime,
    later: int,
    stood: list[tuple[datetime, int]],
) -> None:
    within, calendar = Duration(amount=limit[0], unit=limit[1]), calendar_of(place)
    first = due(received, within, calendar, made(stood))
    second = due(received + timedelta(minutes=later), within, calendar, made(stood))
    assert received < first.at <= second.at


@settings(max_examples=300, deadline=None)
@given(PLACES, LIMITS, MOMENTS, STOOD, MOMENTS, st.integers(1, 60 * 24 * 20))
def test_a_pause_never_makes_it_earlier(
    place: str,
    limit: tuple[int, Unit],
    received: datetime,
    stood: list[tuple[datetime, int]],
    since: datetime,
    length: int,
) -> None:
    within, calendar = Duration(amount=limit[0], unit=limit[1]), calendar_of(place)
    without = due(received, within, calendar, made(stood))
    with_it = due(received, within, calendar, made([*stood, (since, length)]))
    assert without.at <= with_it.at


@settings(max_examples=200, deadline=None)
@given(PLACES, MOMENTS, st.integers(0, 60 * 24 * 40), st.sets(st.integers(1, 31), min_size=1, max_size=3))
def test_windows_are_ahead_and_in_order(place: str, received: datetime, later: int, days: set[int]) -> None:
    rolls: tuple[Roll, Roll] = ("before", "after")
    for roll in rolls:
        first = window(received, tuple(days), calendar_of(place), roll)
        second = window(received + timedelta(minutes=later), tuple(days), calendar_of(place), roll)
        assert received <= first.at <= second.at


@settings(max_examples=200, deadline=None)
@given(PLACES, LIMITS, MOMENTS, STOOD, st.integers(1, 99))
def test_a_part_is_over_before_the_whole(
    place: str, limit: tuple[int, Unit], received: datetime, stood: list[tuple[datetime, int]], percent: int
) -> None:
    within, calendar, stop = Duration(amount=limit[0], unit=limit[1]), calendar_of(place), made(stood)
    end = due(received, within, calendar, stop).at
    working = within.unit.startswith("working")
    part = reached(received, end, percent, calendar, stop, working=working)
    assert received <= part <= end
    assert part <= reached(received, end, min(percent + 1, 99), calendar, stop, working=working)
