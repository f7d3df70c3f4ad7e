"""Dates, numbers and identities as official Indonesian letters write them; stands beside the words.

The spelling follows the general practice of `tata naskah dinas`: no leading zero in a date, thousands with a
dot, decimals with a comma. A missing value is a hyphen, because a letter never says "None".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

MISSING = "-"
"""What stands where a value is missing."""

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

_UNITS = (
    "nol", "satu", "dua", "tiga", "empat", "lima",
    "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
)  # fmt: skip
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"), (100, "ratus"))
_LIMIT = 10**15
_GROWN_UP, _ELDER = 17, 30
"""The ages from which somebody has a card of their own, and from which they are Bapak or Ibu."""
_YOUNG, _OLD = ("Sdr.", "Sdri.", "Sdr./Sdri."), ("Bapak", "Ibu", "Bapak/Ibu")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def tanggal(value: object) -> str:
    """Returns a date as "22 November 2026"; ISO text counts as a date, any other text stays as it is."""
    day = _day(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else isi(value)


def hari(value: object) -> str:
    """Returns the Indonesian name of a date's day of the week."""
    day = _day(value)
    return DAYS[day.weekday()] if day else isi(value)


def tanggal_terbilang(value: object) -> str:
    """Returns a date in words, as in minutes: "Dua bulan Mei tahun Dua Ribu Dua Puluh Enam"."""
    day = _day(value)
    if not day:
        return isi(value)
    number, year = terbilang(day.day).title(), terbilang(day.year).title()
    return f"{number} bulan {MONTHS[day.month - 1]} tahun {year}"


def terbilang(value: object) -> str:
    """Returns a whole number in words: 1100 is "seribu seratus"; text that is no number stays as it is.

    Raises:
        ValueError: the number is negative, has a fraction, or is 10^15 or more.
    """
    number = _number(value)
    if number is None:
        return isi(value)
    if not 0 <= number < _LIMIT or number != int(number):
        raise ValueError(f"no words for {number}")
    return _words(int(number))


def rupiah(value: object) -> str:
    """Returns an amount in rupiah as "Rp600.000,00", also one written "Rp600.000"; other text stays."""
    number = _amount(value)
    if number is None:
        return isi(value)
    return f"Rp{number:,.2f}".translate({ord(","): ".", ord("."): ","})


def rupiah_terbilang(value: object) -> str:
    """Returns an amount with its words: "Rp600.000,00 (enam ratus ribu rupiah)"; other text stays as it is.

    Raises:
        ValueError: the amount is negative or 10^15 or more.
    """
    number = _amount(value)
    if number is None:
        return isi(value)
    cents = int(number * 100 % 100)
    said = f"{terbilang(int(number))} rupiah" + (f" {terbilang(cents)} sen" if cents else "")
    return f"{rupiah(number)} ({said})"


def bulan_romawi(value: object) -> str:
    """Returns the month of a date in Roman numerals: "XI" for November."""
    day = _day(value)
    return romawi(day.month) if day else isi(value)


def sapaan(value: object, years: int | None = None) -> str:
    """Returns how a letter addresses a person of a sex, as the family card writes it.

    A child is `Anak`, a young adult `Sdr.` or `Sdri.`, everybody else `Bapak` or `Ibu`. Without an age a
    person counts as grown up; without a sex both forms stand there.
    """
    sex = str(value or "").casefold()
    place = 0 if sex.startswith("laki") else 1 if sex.startswith("perempuan") else 2
    if years is not None and years < _GROWN_UP:
        return "Anak"
    return (_YOUNG if years is not None and years < _ELDER else _OLD)[place]


def romawi(value: object) -> str:
    """Returns a whole number from 1 to 3999 in Roman numerals, as letter numbers write the month.

    Raises:
        ValueError: the number is outside that range.
    """
    number = _number(value)
    if number is None:
        return isi(value)
    rest = int(number)
    if not 1 <= rest <= 3999:
        raise ValueError(f"no Roman numeral for {number}")
    text = ""
    for size, sign in _ROMAN:
        text += sign * (rest // size)
        rest %= size
    return text


def nik_samar(value: object) -> str:
    """Returns a national id with only its first and last four digits; a short text is hidden whole."""
    text = isi(value)
    if text == MISSING:
        return text
    return f"{text[:4]}{'•' * (len(text) - 8)}{text[-4:]}" if len(text) > 11 else "•" * len(text)


def nama_samar(value: object) -> str:
    """Returns a name with only the first letter of each word: "S••• C•••"; its length is not told."""
    text = isi(value)
    return text if text == MISSING else " ".join(f"{word[0]}•••" for word in text.split())


def kapital(value: object) -> str:
    """Returns the text in capitals."""
    return isi(value).upper()


def isi(value: object) -> str:
    """Returns the value as text, a date in its long form, and a hyphen for nothing or blanks."""
    if value is None:
        return MISSING
    if isinstance(value, date):
        return tanggal(value)
    return str(value) if str(value).strip() else MISSING


FILTERS: Mapping[str, Callable[[object], str]] = {
    "bulan_romawi": bulan_romawi,
    "hari": hari,
    "isi": isi,
    "kapital": kapital,
    "nama_samar": nama_samar,
    "nik_samar": nik_samar,
    "romawi": romawi,
    "rupiah": rupiah,
    "rupiah_terbilang": rupiah_terbilang,
    "tanggal": tanggal,
    "tanggal_terbilang": tanggal_terbilang,
    "terbilang": terbilang,
}
"""What a letter template may call, by the name it uses."""


def _words(number: int) -> str:
    if number < 12:
        return _UNITS[number]
    if number < 20:
        return f"{_UNITS[number - 10]} belas"
    if number < 100:
        return _joined(f"{_UNITS[number // 10]} puluh", number % 10)
    size, name = next((size, name) for size, name in _SCALES if number >= size)
    count, rest = divmod(number, size)
    # One hundred and one thousand are a prefix in Indonesian; one million is not.
    head = f"se{name}" if count == 1 and size <= 1000 else f"{_words(count)} {name}"
    return _joined(head, rest)


def _joined(head: str, rest: int) -> str:
    return f"{head} {_words(rest)}" if rest else head


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _number(value: object) -> Decimal | None:
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    text = str(value)
    return Decimal(text) if text.isascii() and text.isdigit() else None


def _amount(value: object) -> Decimal | None:
    """Returns an amount of money, as number or as a form shows it."""
    shown = re.fullmatch(r"Rp([\d.]+)(?:,(\d\d))?", str(value))
    return Decimal(f"{shown[1].replace('.', '')}.{shown[2] or 0}") if shown else _number(value)
