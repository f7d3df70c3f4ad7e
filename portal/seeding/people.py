"""Made-up people: names that nobody has, numbers of the right form in the range kept for examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, repeat
from random import Random

FIRST_SERIAL, LAST_SERIAL = 9900, 9999
"""The serials of example numbers: NIK and KK of ordinary people end in low ones."""
OLDEST_DAYS = 90 * 365

_STEMS = (
    "Sumar", "Kas", "Nur", "Wid", "Har", "Sul", "Yul", "Mar", "Sur", "Tri", "Ret", "Dar", "Pur", "Mul", "Ras",
    "Sari", "Eka", "Dwi", "Put", "Wah", "Roh", "Jum", "Sun", "Tar", "War", "Ngad", "Lest", "Fit", "Ma'r",
)  # fmt: skip
_FEMALE = ("ni", "yati", "tini", "hayati", "wati", "sih", "anti", "iyah", "ningsih", "ani")
_MALE = ("di", "yanto", "man", "odo", "iyono", "sono", "jo", "min", "uf", "adi")
_INVENTED = ("Misal", "Umpama", "Reka", "Coba", "Andai", "Contoh", "Taksir", "Kira", "Model", "Peraga")
_ENDINGS = (
    "wana",
    "tama",
    "luna",
    "sera",
    "dika",
    "mara",
    "nusa",
    "bara",
    "jati",
    "lenta",
    "warsa",
    "kencana",
)


@dataclass(frozen=True, kw_only=True)
class Village:
    """Where made-up people live."""

    code: str
    name: str

    @property
    def digits(self) -> str:
        """The six digits with which numbers of its subdistrict begin."""
        return (self.code.replace(".", "") + "000000")[:6]


@dataclass(frozen=True, kw_only=True)
class Person:
    """A made-up resident."""

    name: str
    female: bool
    born: date
    nik: str
    head: bool
    village: Village
    household: int
    """The number of the household in the order of their making."""


@dataclass(frozen=True, kw_only=True)
class Household:
    """A made-up family, called after its head."""

    number: int
    kk: str
    village: Village
    head: str


@dataclass(kw_only=True)
class Numbers:
    """Gives sixteen-digit numbers that nobody has yet, one after another for each beginning."""

    used: dict[str, int] = field(default_factory=dict)
    """The last serial by the first twelve digits."""

    def take(self, digits: str, day: int, month: int, year: int) -> str | None:
        """Returns a free number, None when the serials of that day are used up."""
        begins = f"{digits}{day:02d}{month:02d}{year % 100:02d}"
        serial = self.used.get(begins, FIRST_SERIAL - 1) + 1
        if serial > LAST_SERIAL:
            return None
        self.used[begins] = serial
        return f"{begins}{serial}"

    def know(self, number: str) -> None:
        """Notes that a number exists."""
        begins, serial = number[:12], number[12:]
        if serial.isdigit() and int(serial) >= FIRST_SERIAL:
            self.used[begins] = max(self.used.get(begins, 0), int(serial))


@dataclass(kw_only=True)
class Population:
    """An endless row of families in turn through all villages, the same for the same random numbers."""

    random: Random
    villages: tuple[Village, ...]
    today: date
    niks: Numbers = field(default_factory=Numbers)
    kks: Numbers = field(default_factory=Numbers)

    def families(self) -> Iterator[tuple[Household, tuple[Person, ...]]]:
        """Yields families of one to six people."""
        for number, village in enumerate(chain.from_iterable(repeat(self.villages))):
            size = 1 + int(self.random.random() * self.random.random() * 6)
            people = tuple(self._person(village, number, head=not place) for place in range(size))
            yield self._household(village, number, people[0]), people

    def _household(self, village: Village, number: int, head: Person) -> Household:
        kk = None
        while kk is None:
            issued = self.today - timedelta(days=1 + int(self.random.random() * 7000))
            kk = self.kks.take(village.digits, issued.day, issued.month, issued.year)
        return Household(number=number, kk=kk, village=village, head=head.name)

    def _person(self, village: Village, household: int, *, head: bool) -> Person:
        female = self.random.random() < 0.5
        nik = None
        while nik is None:
            youngest = 20 * 365 if head else 1
            days = youngest + int(self.random.random() * (OLDEST_DAYS - youngest))
            born = self.today - timedelta(days=days)
            nik = self.niks.take(village.digits, born.day + 40 * female, born.month, born.year)
        return Person(
            name=name_of(self.random, female=female),
            female=female,
            born=born,
            nik=nik,
            head=head,
            village=village,
            household=household,
        )


def name_of(random: Random, *, female: bool) -> str:
    """Returns a name that sounds right and that nobody has: its last word says that it is an example."""
    first = _one(random, _STEMS) + _one(random, _FEMALE if female else _MALE)
    last = _one(random, _INVENTED) + _one(random, _ENDINGS)
    if random.random() < 0.3:
        return f"{first} {_one(random, _STEMS)}{_one(random, _MALE)} {last}"
    return f"{first} {last}"


def _one(random: Random, words: tuple[str, ...]) -> str:
    # Three times as fast as `choice`, which counts with a million people.
    return words[int(random.random() * len(words))]


def villages_of(areas: Mapping[str, str], offices: Iterator[str]) -> tuple[Village, ...]:
    """Returns the villages of the office's areas, the areas of its offices when it names none."""
    named = tuple(Village(code=code, name=name) for code, name in areas.items() if code.count(".") == 3)
    return named or tuple(Village(code=code, name=code) for code in dict.fromkeys(offices))
