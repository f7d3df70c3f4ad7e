"""Dates, numbers and identities in official Indonesian."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from portal.indonesian import (
    FILTERS,
    bulan_romawi,
    hari,
    isi,
    kapital,
    nik_samar,
    romawi,
    rupiah,
    rupiah_terbilang,
    sapaan,
    tanggal,
    tanggal_terbilang,
    terbilang,
)

WORDS = {
    0: "nol",
    1: "satu",
    10: "sepuluh",
    11: "sebelas",
    12: "dua belas",
    19: "sembilan belas",
    20: "dua puluh",
    21: "dua puluh satu",
    100: "seratus",
    101: "seratus satu",
    111: "seratus sebelas",
    200: "dua ratus",
    1000: "seribu",
    1001: "seribu satu",
    1100: "seribu seratus",
    1999: "seribu sembilan ratus sembilan puluh sembilan",
    2026: "dua ribu dua puluh enam",
    11_000: "sebelas ribu",
    100_000: "seratus ribu",
    101_000: "seratus satu ribu",
    600_000: "enam ratus ribu",
    1_000_000: "satu juta",
    1_001_000: "satu juta seribu",
    1_000_000_000: "satu miliar",
    1_000_000_000_000: "satu triliun",
    999_000_000_000_001: "sembilan ratus sembilan puluh sembilan triliun satu",
}


@pytest.mark.parametrize(("number", "words"), WORDS.items())
def test_terbilang_says_a_number(number: int, words: str) -> None:
    assert terbilang(number) == words


@pytest.mark.parametrize("number", [-1, 10**15, 1.5])
def test_terbilang_refuses_what_it_has_no_words_for(number: float) -> None:
    with pytest.raises(ValueError, match="no words"):
        terbilang(number)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 11, 22), "22 November 2026"),
        (date(2026, 5, 2), "2 Mei 2026"),
        (datetime(2026, 8, 17, 23, 59), "17 Agustus 2026"),  # noqa: DTZ001
        ("2026-01-09", "9 Januari 2026"),
        ("awal tahun 2026", "awal tahun 2026"),
    ],
)
def test_tanggal_has_no_leading_zero(value: object, text: str) -> None:
    assert tanggal(value) == text


def test_hari_names_the_seven_days() -> None:
    days = [hari(date(2026, 11, day)) for day in range(16, 23)]
    assert days == ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


def test_tanggal_terbilang_reads_as_minutes_do() -> None:
    assert tanggal_terbilang(date(2026, 11, 22)) == (
        "Dua Puluh Dua bulan November tahun Dua Ribu Dua Puluh Enam"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (600000, "Rp600.000,00"),
        ("600000", "Rp600.000,00"),
        (Decimal("1234567.5"), "Rp1.234.567,50"),
        (0, "Rp0,00"),
        ("Rp600.000,00", "Rp600.000,00"),
    ],
)
def test_rupiah_has_dots_and_a_comma(value: object, text: str) -> None:
    assert rupiah(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (600000, "Rp600.000,00 (enam ratus ribu rupiah)"),
        ("10000", "Rp10.000,00 (sepuluh ribu rupiah)"),
        (1000, "Rp1.000,00 (seribu rupiah)"),
        (0, "Rp0,00 (nol rupiah)"),
        (Decimal("1200000.5"), "Rp1.200.000,50 (satu juta dua ratus ribu rupiah lima puluh sen)"),
        ("Rp600.000", "Rp600.000,00 (enam ratus ribu rupiah)"),
        ("Rp1.200.000,50", "Rp1.200.000,50 (satu juta dua ratus ribu rupiah lima puluh sen)"),
        ("secukupnya", "secukupnya"),
    ],
)
def test_rupiah_terbilang_says_the_amount_twice(value: object, text: str) -> None:
    assert rupiah_terbilang(value) == text


@pytest.mark.parametrize(
    ("sex", "years", "text"),
    [
        ("Laki-laki", 52, "Bapak"),
        ("Perempuan", 32, "Ibu"),
        ("laki-laki", 30, "Bapak"),
        ("Laki-laki", 29, "Sdr."),
        ("Perempuan", 17, "Sdri."),
        ("Perempuan", 16, "Anak"),
        ("Laki-laki", 0, "Anak"),
        ("Perempuan", None, "Ibu"),
        (None, None, "Bapak/Ibu"),
        (None, 20, "Sdr./Sdri."),
    ],
)
def test_sapaan_follows_sex_and_age(sex: str | None, years: int | None, text: str) -> None:
    assert sapaan(sex, years) == text


@pytest.mark.parametrize(
    ("value", "text"), [(date(2026, 11, 3), "XI"), ("2026-01-31", "I"), ("akhir tahun", "akhir tahun")]
)
def test_bulan_romawi_is_that_of_a_date(value: object, text: str) -> None:
    assert bulan_romawi(value) == text


@pytest.mark.parametrize(
    ("number", "text"), [(1, "I"), (4, "IV"), (9, "IX"), (11, "XI"), (12, "XII"), (2026, "MMXXVI")]
)
def test_romawi_writes_months_and_years(number: int, text: str) -> None:
    assert romawi(number) == text


@pytest.mark.parametrize("number", [0, 4000])
def test_romawi_refuses_what_has_no_numeral(number: int) -> None:
    with pytest.raises(ValueError, match="Roman"):
        romawi(number)


@pytest.mark.parametrize(
    ("value", "text"), [("1810035408949901", "1810••••••••9901"), ("12345678", "••••••••"), ("", "-")]
)
def test_nik_samar_hides_the_middle(value: str, text: str) -> None:
    assert nik_samar(value) == text


def test_kapital_and_isi_keep_text() -> None:
    assert kapital("Surat Rujukan") == "SURAT RUJUKAN"
    assert (isi("ada"), isi(0), isi("  "), isi(date(2026, 11, 3))) == ("ada", "0", "-", "3 November 2026")


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_filter_writes_a_hyphen_for_nothing(name: str) -> None:
    assert FILTERS[name](None) == "-"
