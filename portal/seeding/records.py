"""Rows of a record type for made-up people: each field is filled by what its kind and its id mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random
from typing import TypeAlias

from portal.fields import (
    AreaField,
    ChoiceField,
    ChoicesField,
    DateField,
    FieldType,
    FlagField,
    KkField,
    LinkField,
    MoneyField,
    NikField,
    NumberField,
    PhoneField,
    TextField,
    Value,
)
from portal.models import column_name
from portal.schema import RecordType
from portal.seeding.people import Household, Person

Maker: TypeAlias = Callable[[Random, Person, Household], Value]
Row: TypeAlias = dict[str, object]

_WORK = ("Petani", "Buruh harian", "Pedagang kecil", "Nelayan", "Mengurus rumah tangga", "Belum bekerja")


def makers(record: RecordType) -> Mapping[str, Maker]:
    """Returns what fills each column of a record type; a field about which nothing is known stays empty.

    Only what the form would accept is made: each kind of value is tried on the field first.
    """
    named = _title_field(record)
    return {
        column_name(key): maker
        for key, field in record.fields.items()
        if (maker := _maker(key, field, is_title=key == named)) is not None
    }


def _title_field(record: RecordType) -> str | None:
    """Returns the text field that names a record: the first that its title mentions."""
    texts = [key for key, field in record.fields.items() if isinstance(field, TextField)]
    return next((key for key in texts if f"{{{key}}}" in record.title), next(iter(texts), None))


def _maker(key: str, field: FieldType, *, is_title: bool) -> Maker | None:
    match field:
        case NikField():
            return lambda random, person, household: person.nik
        case KkField():
            return lambda random, person, household: household.kk
        case AreaField():
            return lambda random, person, household: person.village.code
        case DateField():
            return (lambda random, person, household: person.born) if "birth" in key else None
        case PhoneField():
            return lambda random, person, household: f"+628120000{int(random.random() * 10_000):04d}"
        case ChoiceField():
            return _choice(key, tuple(field.choices))
        case ChoicesField():
            keys = tuple(field.choices)
            return lambda random, person, household: (keys[int(random.random() * len(keys))],)
        case FlagField():
            return lambda random, person, household: random.random() < 0.5
        case MoneyField():
            return lambda random, person, household: 50_000 * int(1 + random.random() * 60)
        case NumberField():
            return _number(field)
        case TextField():
            return _text(key, field, is_title=is_title)
        case _:
            return None


def _choice(key: str, keys: tuple[str, ...]) -> Maker:
    if {"male", "female"} <= set(keys):
        return lambda random, person, household: "female" if person.female else "male"
    if "head" in keys:
        others = tuple(each for each in keys if each != "head") or keys
        return lambda random, person, household: (
            "head" if person.head else others[int(random.random() * len(others))]
        )
    return lambda random, person, household: keys[int(random.random() * len(keys))]


def _number(field: NumberField) -> Maker:
    low = 1 if field.min is None else field.min
    high = max(low, 10 if field.max is None else min(field.max, low + 5))
    step = Decimal(1).scaleb(-field.decimals) if field.decimals else None

    def make(random: Random, person: Person, household: Household) -> Value:
        number = low + int(random.random() * (high - low + 1))
        return number if step is None else Decimal(number).quantize(step)

    return make


def _text(key: str, field: TextField, *, is_title: bool) -> Maker | None:
    maker = _words(key, is_title=is_title)
    if maker is None or key in ("rt", "rw"):
        return maker if maker and field.max_length >= 3 else None
    most = field.max_length
    return lambda random, person, household: str(maker(random, person, household))[:most].rstrip()


def _words(key: str, *, is_title: bool) -> Maker | None:
    if is_title:
        return lambda random, person, household: person.name
    if key in ("rt", "rw"):
        return lambda random, person, household: f"{1 + int(random.random() * 9):03d}"
    if "birth_place" in key or key == "village":
        return lambda random, person, household: person.village.name
    if "occupation" in key:
        return lambda random, person, household: _WORK[int(random.random() * len(_WORK))]
    if key == "address":
        return lambda random, person, household: f"Dusun {1 + int(random.random() * 6)}"
    return None


def filled(
    making: Mapping[str, Maker],
    random: Random,
    person: Person,
    household: Household,
    kept: Mapping[str, object],
) -> Row:
    """Returns one row: what the makers give, and what every row has."""
    row: Row = {column: maker(random, person, household) for column, maker in making.items()}
    row.update(kept)
    return row


def link_to(record: RecordType, target: str) -> str | None:
    """Returns the column of a record type that points to another one."""
    for key, field in record.fields.items():
        if isinstance(field, LinkField) and field.to == target:
            return column_name(key)
    return None


def linked_type(record: RecordType, among: Mapping[str, RecordType]) -> str | None:
    """Returns the record type of families: linked from the subject, with a KK number."""
    for field in record.fields.values():
        if isinstance(field, LinkField) and field.to in among:
            fields = among[field.to].fields.values()
            if any(isinstance(each, KkField) for each in fields):
                return field.to
    return None


def number_columns(record: RecordType) -> tuple[str, ...]:
    """Returns the columns of a record type that hold NIK or KK numbers."""
    return tuple(
        column_name(key) for key, field in record.fields.items() if isinstance(field, NikField | KkField)
    )
