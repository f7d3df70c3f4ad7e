from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.words import LANGUAGES, speaking
from portal.worktime import (
    Calendar,
    Due,
    Duration,
    DurationError,
    Standing,
    Unit,
    WorktimeError,
    clock,
    due,
    explain,
    in_words,
    long_date,
    moment,
    parse_hours,
    standing,
    standing_in_words,
)

USUAL = parse_hours("08:00-12:00 13:00-16:00")
FRIDAY = parse_hours("08:00-11:30 13:00-16:30")
HOLIDAYS = {
    date(2026, 1, 1): "Tahun Baru 2026 Masehi",
    date(2026, 5, 1): "Hari Buruh Internasional",
    date(2026, 8, 17): "Proklamasi Kemerdekaan",
    date(2026, 12, 25): "Hari Raya Natal",
    date(2027, 1, 1): "Tahun Baru 2027 Masehi",
}


def office(zone: str = "Asia/Jakarta") -> Calendar:
    hours = {0: USUAL, 1: USUAL, 2: USUAL, 3: USUAL, 4: FRIDAY}
    return Calendar(time_zone=zone, hours=hours, holidays=HOLIDAYS)


def at(text: str, zone: str = "Asia/Jakarta") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


ROWS = (
    # working days: dates, from the day after receipt, to the closing time
    ("2026-11-02 09:12", "1 working day", "2026-11-03 16:00"),
    ("2026-11-02 09:12", "3 working days", "2026-11-05 16:00"),
    ("2026-11-02 00:00", "1 working day", "2026-11-03 16:00"),
    ("2026-11-02 07:59", "1 working day", "2026-11-03 16:00"),
    ("2026-11-02 15:59:59", "1 working day", "2026-11-03 16:00"),
    ("2026-11-02 16:00", "1 working day", "2026-11-03 16:00"),
    ("2026-11-02 23:59:59", "1 working day", "2026-11-03 16:00"),
    ("2026-11-05 09:00", "1 working day", "2026-11-06 16:30"),  # ends on a Friday
    ("2026-11-06 09:00", "1 working day", "2026-11-09 16:00"),  # from Friday to Monday
    ("2026-11-06 17:00", "1 working day", "2026-11-09 16:00"),
    ("2026-11-07 10:00", "1 working day", "2026-11-09 16:00"),  # received on Saturday
    ("2026-11-08 10:00", "2 working days", "2026-11-10 16:00"),  # received on Sunday
    ("2026-11-02 09:00", "5 working days", "2026-11-09 16:00"),
    ("2026-11-02 09:00", "10 working days", "2026-11-16 16:00"),
    ("2026-12-24 09:00", "1 working day", "2026-12-28 16:00"),  # holiday, then weekend
    ("2026-12-25 09:00", "1 working day", "2026-12-28 16:00"),  # received on a holiday
    ("2026-12-23 09:00", "2 working days", "2026-12-28 16:00"),  # day 2 falls on a holiday
    ("2026-12-31 09:00", "1 working day", "2027-01-04 16:00"),  # over the new year
    ("2026-12-30 09:00", "2 working days", "2027-01-04 16:00"),
    ("2026-08-14 09:00", "1 working day", "2026-08-18 16:00"),  # weekend, then holiday
    ("2026-04-30 09:00", "1 working day", "2026-05-04 16:00"),
    ("2028-02-28 09:00", "1 working day", "2028-02-29 16:00"),  # leap day
    ("2028-02-29 09:00", "1 working day", "2028-03-01 16:00"),
    # working hours: open minutes, from the moment of receipt
    ("2026-11-02 08:00", "4 working hours", "2026-11-02 12:00"),
    ("2026-11-02 09:12", "4 working hours", "2026-11-02 14:12"),  # over the break
    ("2026-11-02 12:30", "1 working hour", "2026-11-02 14:00"),  # received in the break
    ("2026-11-02 12:00", "1 working hour", "2026-11-02 14:00"),
    ("2026-11-02 07:00", "1 working hour", "2026-11-02 09:00"),  # before opening
    ("2026-11-02 15:00", "1 working hour", "2026-11-02 16:00"),  # just before closing
    ("2026-11-02 16:00", "1 working hour", "2026-11-03 09:00"),  # at closing
    ("2026-11-02 18:45", "1 working hour", "2026-11-03 09:00"),
    ("2026-11-02 15:30", "2 working hours", "2026-11-03 09:30"),
    ("2026-11-02 15:30:30", "1 working hour", "2026-11-03 08:30:30"),
    ("2026-11-06 11:00", "1 working hour", "2026-11-06 13:30"),  # Friday's longer break
    ("2026-11-06 16:00", "1 working hour", "2026-11-09 08:30"),  # from Friday to Monday
    ("2026-11-07 10:00", "4 working hours", "2026-11-09 12:00"),  # received on Saturday
    ("2026-12-24 15:00", "2 working hours", "2026-12-28 09:00"),  # over a holiday
    ("2026-12-31 14:00", "4 working hours", "2027-01-04 10:00"),
    ("2026-11-02 08:00", "14 working hours", "2026-11-03 16:00"),
    # calendar days and clock hours
    ("2026-11-02 09:12", "1 day", "2026-11-03 23:59:59"),
    ("2026-11-06 23:59:59", "2 days", "2026-11-08 23:59:59"),  # to a Sunday
    ("2026-12-24 09:00", "1 day", "2026-12-25 23:59:59"),  # to a holiday
    ("2026-12-31 09:00", "3 days", "2027-01-03 23:59:59"),
    ("2028-02-28 09:00", "1 day", "2028-02-29 23:59:59"),
    ("2026-11-02 09:12", "24 hours", "2026-11-03 09:12"),
    ("2026-02-07 23:10", "24 hours", "2026-02-08 23:10"),  # at night, at the weekend
    ("2026-12-31 23:30", "1 hour", "2027-01-01 00:30"),
)


@pytest.mark.parametrize(("start", "within", "expected"), ROWS)
def test_due_is_at(start: str, within: str, expected: str) -> None:
    assert due(at(start), Duration.parse(within), office()).at == at(expected)


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_due_is_counted_in_the_zone_of_the_office(zone: str) -> None:
    received = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)  # already 3 November in Indonesia
    assert due(received, Duration.parse("1 working day"), office(zone)).at == at("2026-11-04 16:00", zone)


def test_due_follows_a_change_of_clocks() -> None:
    calendar = Calendar(time_zone="Europe/Berlin", hours={6: parse_hours("00:00-24:00")}, holidays={})
    received = at("2026-03-29 00:00", "Europe/Berlin")  # a day of 23 hours
    assert due(received, Duration.parse("23 working hours"), calendar).at == at("2026-03-30", "Europe/Berlin")


def test_due_stays_on_its_day_when_the_office_never_closes() -> None:
    calendar = Calendar(
        time_zone="Asia/Jakarta", hours=dict.fromkeys(range(7), parse_hours("00:00-24:00")), holidays={}
    )
    assert due(at("2026-11-02 09:00"), Duration.parse("1 working day"), calendar).at == at(
        "2026-11-03 23:59:59"
    )


def test_due_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 11, 2), Duration.parse("1 day"), office())  # noqa: DTZ001


@pytest.mark.parametrize("unit", ["1 working day", "1 working hour"])
def test_due_refuses_an_office_that_never_opens(unit: str) -> None:
    closed = Calendar(time_zone="Asia/Jakarta", hours={0: ()}, holidays={})
    with pytest.raises(WorktimeError) as caught:
        due(at("2026-11-02 09:00"), Duration.parse(unit), closed)
    assert caught.value.code == "calendar-closed"


@pytest.mark.parametrize(
    "within", ["999999 working days", "99999 working hours", "2000 days", "999999 hours"]
)
def test_due_refuses_more_than_five_years(within: str) -> None:
    with pytest.raises(WorktimeError) as caught:
        due(at("2026-11-02 09:00"), Duration.parse(within), office())
    assert caught.value.code == "due-too-far"


def test_explain_names_holidays_and_weekends() -> None:
    assert explain(due(at("2026-12-23 09:12"), Duration.parse("2 working days"), office())) == (
        "Diterima Rabu, 23 Desember 2026 pukul 09.12 WIB",
        "hari 1: Kamis, 24 Desember 2026",
        "Jumat, 25 Desember 2026 dilewati: Hari Raya Natal",
        "Sabtu, 26 Desember 2026 dilewati: bukan hari kerja",
        "Minggu, 27 Desember 2026 dilewati: bukan hari kerja",
        "hari 2: Senin, 28 Desember 2026",
        "Batas waktu: Senin, 28 Desember 2026 pukul 16.00 WIB",
    )


def test_explain_counts_open_minutes() -> None:
    assert explain(due(at("2026-11-02 15:12"), Duration.parse("8 working hours"), office())) == (
        "Diterima Senin, 2 November 2026 pukul 15.12 WIB",
        "Senin, 2 November 2026: 48 menit kerja",
        "Selasa, 3 November 2026: 7 jam kerja",
        "Rabu, 4 November 2026: 12 menit kerja",
        "Batas waktu: Rabu, 4 November 2026 pukul 08.12 WIB",
    )


@pytest.mark.parametrize(
    ("start", "within", "note"),
    [
        (
            "2026-11-07 10:00",
            "1 working day",
            "diterima bukan pada hari kerja: hari 1 adalah hari kerja berikutnya",
        ),
        (
            "2026-11-02 16:00",
            "1 working day",
            "diterima setelah jam tutup: hari 1 tetap hari kerja berikutnya",
        ),
        (
            "2026-11-02 16:00",
            "1 working hour",
            "diterima setelah jam tutup: dihitung mulai jam buka berikutnya",
        ),
        ("2026-11-02 16:00", "2 hours", "2 jam sejak diterima"),
        ("2026-11-02 16:00", "3 days", "hari kalender ke-3: Kamis, 5 November 2026"),
    ],
)
def test_explain_says_what_the_receipt_means(start: str, within: str, note: str) -> None:
    assert explain(due(at(start), Duration.parse(within), office()))[1] == note


def test_explain_speaks_english() -> None:
    with speaking("en"):
        sentences = explain(due(at("2026-11-02 09:12"), Duration.parse("1 working day"), office()))
    assert sentences[0] == "Received Monday, 2 November 2026 at 09:12 WIB"


def test_due_is_restored_from_json() -> None:
    derived = due(at("2026-12-23 09:12"), Duration.parse("5 working days"), office("Asia/Makassar"))
    assert Due.restore(derived.dump()) == derived


@pytest.mark.parametrize(
    ("text", "canonical", "words"),
    [
        ("3 working days", "3 working days", "3 hari kerja"),
        ("1 working day", "1 working day", "1 hari kerja"),
        ("1 working days", "1 working day", "1 hari kerja"),
        ("4 working hours", "4 working hours", "4 jam kerja"),
        (" 3  days ", "3 days", "3 hari kalender"),
        ("24 hours", "24 hours", "24 jam"),
    ],
)
def test_duration_reads_its_text(text: str, canonical: str, words: str) -> None:
    duration = Duration.parse(text)
    assert (str(duration), in_words(duration)) == (canonical, words)


@pytest.mark.parametrize(
    "text",
    ["", "3", "days", "three days", "-1 days", "1.5 days", "3 weeks", "3 Days", "3 hari kerja", "٣ days"],
)
def test_duration_refuses_other_text(text: str) -> None:
    with pytest.raises(DurationError) as caught:
        Duration.parse(text)
    assert (caught.value.code, caught.value.values) == ("duration-form", {"value": text})


def test_duration_refuses_no_length() -> None:
    with pytest.raises(DurationError) as caught:
        Duration.parse("0 days")
    assert caught.value.code == "duration-zero"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "hours-form"),
        ("08:00", "hours-form"),
        ("08:00 - 12:00", "hours-form"),
        ("08:60-12:00", "hours-form"),
        ("25:00-26:00", "hours-form"),
        ("12:00-08:00", "hours-order"),
        ("08:00-08:00", "hours-order"),
        ("08:00-00:00", "hours-order"),
        ("08:00-12:00 11:59-16:00", "hours-overlap"),
        ("13:00-16:00 08:00-12:00", "hours-overlap"),
        ("08:00-24:00 08:00-12:00", "hours-overlap"),
    ],
)
def test_hours_are_refused(text: str, code: str) -> None:
    with pytest.raises(WorktimeError) as caught:
        parse_hours(text)
    assert caught.value.code == code


def test_hours_read_their_text() -> None:
    spans = parse_hours("8.00-12.00 13:00-24:00")
    assert " ".join(str(span) for span in spans) == "08:00-12:00 13:00-24:00"


@pytest.mark.parametrize(
    ("due_at", "now", "kind", "days", "words"),
    [
        ("2026-11-05 16:00", "2026-11-03 09:00", "ahead", 2, "Sisa 2 hari kerja"),
        ("2026-11-09 16:00", "2026-11-06 09:00", "ahead", 1, "Sisa 1 hari kerja"),
        ("2026-11-07 23:59", "2026-11-06 09:00", "ahead", 0, "Sisa kurang dari 1 hari kerja"),
        ("2026-11-05 16:00", "2026-11-05 16:00", "today", 0, "Hari ini"),
        ("2026-11-05 16:00", "2026-11-05 16:01", "late", 0, "Lewat batas waktu"),
        ("2026-11-06 16:30", "2026-11-08 09:00", "late", 0, "Lewat batas waktu"),
        ("2026-11-05 16:00", "2026-11-09 08:00", "late", 2, "Lewat 2 hari kerja"),
        ("2026-12-24 16:00", "2026-12-28 08:00", "late", 1, "Lewat 1 hari kerja"),
    ],
)
def test_standing_counts_working_days(due_at: str, now: str, kind: str, days: int, words: str) -> None:
    result = standing(at(due_at), at(now), office())
    assert (result.kind, result.days, standing_in_words(result)) == (kind, days, words)


def test_standing_has_an_english_singular() -> None:
    with speaking("en"):
        assert standing_in_words(Standing(kind="late", days=1)) == "1 working day late"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Asia/Jakarta", "WIB"),
        ("Asia/Pontianak", "WIB"),
        ("Asia/Makassar", "WITA"),
        ("Asia/Jayapura", "WIT"),
    ],
)
def test_moment_names_the_zone(zone: str, name: str) -> None:
    assert moment(at("2026-05-08 09:12", zone)) == f"Jumat, 8 Mei 2026 pukul 09.12 {name}"


def test_dates_follow_the_language() -> None:
    assert (long_date(date(2026, 8, 2)), clock(time(9, 5))) == ("2 Agustus 2026", "09.05")
    with speaking("en"):
        assert (long_date(date(2026, 8, 2)), clock(time(9, 5))) == ("2 August 2026", "09:05")


UNITS: tuple[Unit, ...] = ("working days", "working hours", "days", "hours")
MOMENTS = st.datetimes(
    min_value=datetime(2025, 1, 1),  # noqa: DTZ001 - the zone is given beside
    max_value=datetime(2029, 1, 1),  # noqa: DTZ001
    timezones=st.just(ZoneInfo("Asia/Jakarta")),
)


@given(start=MOMENTS, amount=st.integers(1, 60), unit=st.sampled_from(UNITS))
def test_due_grows_with_the_amount(start: datetime, amount: int, unit: Unit) -> None:
    sooner = due(start, Duration(amount=amount, unit=unit), office()).at
    later = due(start, Duration(amount=amount + 1, unit=unit), office()).at
    assert start < sooner < later


@given(start=MOMENTS, amount=st.integers(1, 60), unit=st.sampled_from(UNITS[:2]))
def test_due_of_a_working_limit_is_never_on_a_day_off(start: datetime, amount: int, unit: Unit) -> None:
    ends = due(start, Duration(amount=amount, unit=unit), office()).at
    assert ends.date() not in HOLIDAYS
    assert ends.weekday() < 5
    assert time(8) <= ends.time() <= time(16, 30)


@given(start=MOMENTS, amount=st.integers(1, 60), unit=st.sampled_from(UNITS))
def test_due_always_explains_itself(start: datetime, amount: int, unit: Unit) -> None:
    derived = due(start, Duration(amount=amount, unit=unit), office())
    for language in LANGUAGES:
        with speaking(language):
            assert len(explain(derived)) == len(derived.steps)


@given(start=MOMENTS, amount=st.integers(1, 30))
def test_standing_agrees_with_due(start: datetime, amount: int) -> None:
    ends = due(start, Duration(amount=amount, unit="working days"), office()).at
    assert standing(ends, start, office()) == Standing(kind="ahead", days=amount)
    assert standing(ends, ends + timedelta(seconds=1), office()) == Standing(kind="late", days=0)


@given(
    start=st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31)),
    days=st.integers(min_value=1, max_value=400),
)
def test_days_late_are_the_working_days_one_by_one(start: date, days: int) -> None:
    calendar, until = office(), start + timedelta(days=days)
    one_by_one = sum(calendar.works(start + timedelta(days=n)) for n in range(1, days + 1))
    due_at, now = (datetime.combine(day, time(12), calendar.zone) for day in (start, until))
    assert standing(due_at, now, calendar).days == one_by_one
