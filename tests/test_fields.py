from __future__ import annotations

import datetime
import string
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.dialects import postgresql

from portal import fields
from portal.database import engine_of
from portal.fields import AnyField, FieldType, Unreadable, Value, birth_of
from portal.fields.base import code_type
from portal.words import LANGUAGES, say, say_in, speaking

KINDS: tuple[type[FieldType], ...] = get_args(get_args(AnyField)[0])
ADAPTER: TypeAdapter[FieldType] = TypeAdapter(AnyField)


def kind_of(kind: type[FieldType]) -> str:
    return str(get_args(kind.model_fields["type"].annotation)[0])


def made(kind: type[FieldType]) -> FieldType:
    """Returns a field of a kind as YAML declares it, what is required from the examples of its attributes."""
    raw = {
        name: attribute.examples[0]
        for name, attribute in kind.model_fields.items()
        if attribute.is_required() and attribute.examples
    }
    return ADAPTER.validate_python({**raw, "type": kind_of(kind), "label": "Contoh"})


def field(**raw: object) -> FieldType:
    return ADAPTER.validate_python({"label": "Contoh", **raw})


ONE_OF_EACH = [pytest.param(made(kind), id=kind_of(kind)) for kind in KINDS]
each_kind = pytest.mark.parametrize("each", ONE_OF_EACH)


def test_types_are_unique() -> None:
    assert len({kind_of(kind) for kind in KINDS}) == len(KINDS)


def test_every_file_of_the_drawer_is_a_member() -> None:
    folder = Path(fields.__file__).parent
    files = {file.stem.replace("_", "-") for file in folder.glob("*.py")} - {"base", "--init--"}
    assert files == {kind_of(kind) for kind in KINDS}


@each_kind
def test_attributes_of_the_language_are_described(each: FieldType) -> None:
    assert [
        name for name, it in type(each).model_fields.items() if name != "type" and not it.description
    ] == []


@each_kind
def test_definition_survives_json(each: FieldType) -> None:
    assert ADAPTER.validate_json(each.model_dump_json(exclude_defaults=True)) == each


@each_kind
def test_sample_is_read_back_from_what_a_form_shows(each: FieldType) -> None:
    sample = each.sample()
    assert sample is not None
    assert each.read(each.write(sample)) == sample


@each_kind
def test_nothing_entered_is_none(each: FieldType) -> None:
    for raw in ((), ("",), ("  ",), ("", "\t", ""), ("\u200e",)):
        assert each.read(raw) is None
    assert each.write(None) == ()
    assert [each.show(None), each.mask(None), each.export(None)] == ["", "", ""]
    assert each.stored(None) is None


@each_kind
def test_json_gives_the_value_back(each: FieldType) -> None:
    assert each.stored(each.plain(each.sample())) == each.sample()


@each_kind
def test_column_gives_the_value_back(each: FieldType, tmp_path: Path) -> None:
    column = Column("value", each.column_type())
    table = Table("each", MetaData(), Column("id", Integer, primary_key=True), column)
    engine = engine_of(f"sqlite:///{tmp_path}/each.db")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"value": each.sample()}, {"value": None}])
        first, second = connection.scalars(select(table.c.value).order_by(table.c.id))
    engine.dispose()
    assert (each.stored(first), each.stored(second)) == (each.sample(), None)


@each_kind
@pytest.mark.parametrize("language", LANGUAGES)
def test_faces_are_text(each: FieldType, language: str) -> None:
    with speaking(language):
        shown = (each.show(each.sample()), each.mask(each.sample()), each.export(each.sample()))
    assert all(isinstance(face, str) and face for face in shown)


@each_kind
def test_mask_gives_the_value_away_to_nobody(each: FieldType) -> None:
    value = each.sample()
    for face in (each.show(value), each.export(value), *each.write(value)):
        assert face not in each.mask(value)
    kept = sum(character.isalnum() for character in each.mask(value))
    assert kept <= sum(character.isalnum() for character in each.show(value)) / 2


@each_kind
def test_html_attributes_are_text(each: FieldType) -> None:
    assert all(isinstance(part, str) for pair in each.attributes().items() for part in pair)


@each_kind
def test_options_are_what_can_be_read(each: FieldType) -> None:
    for option in each.options():
        assert option.label
        assert each.write(each.read((option.value,))) == (option.value,)
    assert each.options() or not each.filterable


@each_kind
def test_typed_text_fits_the_column(each: FieldType) -> None:
    kind = each.column_type().dialect_impl(postgresql.dialect())  # type: ignore[no-untyped-call]
    if isinstance(kind, String) and kind.length:
        for text in ("9" * 3000, "a" * 3000, "9" * kind.length, "0" + "8" * 40):
            assert len(str(readable(each, (text,)) or "")) <= kind.length


def readable(each: FieldType, raw: tuple[str, ...]) -> Value:
    try:
        return each.read(raw)
    except Unreadable:
        return None


def in_words(error: Unreadable) -> None:
    for language in LANGUAGES:
        assert say_in(language, error.slug, **error.values)


JUNK = st.lists(
    st.one_of(st.text(), st.text(string.digits + "+-.,/ Rp"), st.text("0123456789.", min_size=15)), max_size=4
)


@each_kind
@given(raw=JUNK)
def test_junk_is_read_or_refused_in_words(each: FieldType, raw: list[str]) -> None:
    try:
        value = each.read(raw)
    except Unreadable as error:
        in_words(error)
        return
    assert each.read(each.write(value)) == value
    assert each.stored(each.plain(value)) == value
    assert isinstance(each.show(value), str)
    assert isinstance(each.mask(value), str)
    assert "\0" not in str(value)


@each_kind
@given(text=st.text())
def test_search_text_becomes_a_beginning_or_nothing(each: FieldType, text: str) -> None:
    begins = each.sought(text)
    assert begins is None or each.search == "exact"


def test_what_a_search_box_may_hold_of_a_number() -> None:
    assert field(type="nik").sought("1810 0354-08") == "1810035408"
    assert field(type="nik").sought("Sumarni") is None
    for text in ("0812 0000", "62812-0000", "+62 8120000"):
        assert field(type="phone").sought(text) == "+628120000"


@pytest.mark.parametrize(
    ("text", "female", "born"),
    [
        ("1810035408949901", True, datetime.date(1994, 8, 14)),
        ("3202162902689902", False, datetime.date(1968, 2, 29)),
        ("3202166902009902", True, datetime.date(2000, 2, 29)),
        (" 3202 1669.0200-9902\u200e", True, datetime.date(2000, 2, 29)),
    ],
)
def test_nik_is_read(text: str, female: bool, born: datetime.date) -> None:
    nik = field(type="nik").read((text,))
    birth = birth_of(str(nik))
    assert birth.female == female
    assert born in birth.dates


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("1810033502949901", "field-nik-date"),
        ("1810037208949901", "field-nik-date"),
        ("1810030013949901", "field-nik-date"),
        ("3202162902699902", "field-nik-date"),
        ("1810035408940000", "field-nik-serial"),
        ("181003540894990", "field-nik-length"),
        ("18100354089499012", "field-nik-length"),
        ("1810O35408949901", "field-digits-other"),
        ("١٨١٠٠٣٥٤٠٨٩٤٩٩٠١", "field-digits-other"),
    ],
)
def test_what_no_nik_can_be_is_refused(text: str, slug: str) -> None:
    assert refusal(field(type="nik"), text) == slug


def refusal(each: FieldType, *raw: str) -> str:
    with pytest.raises(Unreadable) as caught:
        each.read(raw)
    assert str(caught.value) == say(caught.value.slug, **caught.value.values)
    return caught.value.slug


def test_nik_shows_its_ends_when_masked() -> None:
    assert field(type="nik").mask("1810035408949901") == "1810••••••••9901"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("18100312031899", "field-kk-length"),
        ("1810033203189901", "field-kk-date"),
        ("1810031213189901", "field-kk-date"),
        ("1810035203189901", "field-kk-date"),
    ],
)
def test_what_no_kk_can_be_is_refused(text: str, slug: str) -> None:
    assert refusal(field(type="kk"), text) == slug


@pytest.mark.parametrize(
    "text",
    ["081200009901", "0812-0000-9901", "6281200009901", "+62 812 0000 9901", "+62 0812.0000.9901"],
)
def test_phone_has_one_form(text: str) -> None:
    phone = field(type="phone")
    assert phone.read((text,)) == "+6281200009901"
    assert phone.show("+6281200009901") == "0812-0000-9901"
    assert phone.mask("+6281200009901") == "0812-••••-••••"


@pytest.mark.parametrize("text", ["12345", "0812", "081234567890123", "halo", "+60123456789", "0012345678"])
def test_what_no_phone_can_be_is_refused(text: str) -> None:
    assert refusal(field(type="phone"), text) == "field-phone-malformed"


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        (("2", "11", "2026"), datetime.date(2026, 11, 2)),
        ((" 29 ", "02", "2024"), datetime.date(2024, 2, 29)),
        (("2026-11-22",), datetime.date(2026, 11, 22)),
        (("22/11/2026",), datetime.date(2026, 11, 22)),
        (("29.2.2000",), datetime.date(2000, 2, 29)),
    ],
)
def test_date_is_read(raw: tuple[str, ...], date: datetime.date) -> None:
    assert field(type="date").read(raw) == date


@pytest.mark.parametrize(
    ("raw", "slug"),
    [
        (("29", "2", "2023"), "field-date-none"),
        (("29", "2", "1900"), "field-date-none"),
        (("31", "4", "2026"), "field-date-none"),
        (("1", "1", "26"), "field-date-year"),
        (("1", "1", "1066"), "field-date-year"),
        (("5", "", "2026"), "field-date-malformed"),
        (("besok",), "field-date-malformed"),
    ],
)
def test_what_no_date_can_be_is_refused(raw: tuple[str, ...], slug: str) -> None:
    assert refusal(field(type="date"), *raw) == slug


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("600000", 600_000),
        ("600.000", 600_000),
        ("Rp600.000", 600_000),
        ("rp. 600.000,00", 600_000),
        ("Rp 1.500.000,-", 1_500_000),
        ("0", 0),
    ],
)
def test_money_is_read(text: str, amount: int) -> None:
    assert field(type="money").read((text,)) == amount


@pytest.mark.parametrize("text", ["600,50", "6.00", "-5", "600 ribu", "1.000.00"])
def test_what_no_money_can_be_is_refused(text: str) -> None:
    assert refusal(field(type="money"), text) == "field-money-malformed"


@pytest.mark.parametrize("text", ["1000000000000001", "9" * 5000])
def test_more_money_than_there_is_is_refused(text: str) -> None:
    assert refusal(field(type="money"), text) == "field-money-large"


def test_money_is_shown_as_indonesians_write_it() -> None:
    assert field(type="money").show(1_500_000) == "Rp1.500.000"


@pytest.mark.parametrize(
    ("raw", "text", "value"),
    [
        ({}, "1.250", 1250),
        ({}, "-3", -3),
        ({}, "4,0", 4),
        ({"decimals": "2"}, "1.250,5", Decimal("1250.50")),
        ({"decimals": "4"}, "1999999999,9999", Decimal("1999999999.9999")),
    ],
)
def test_number_is_read(raw: dict[str, str], text: str, value: int | Decimal) -> None:
    assert field(type="number", **raw).read((text,)) == value


@pytest.mark.parametrize(
    ("raw", "text", "slug"),
    [
        ({}, "1.25", "field-number-malformed"),
        ({}, "tiga", "field-number-malformed"),
        ({}, "3,5", "field-number-whole"),
        ({}, "3000000000", "field-number-range"),
        ({"min": "1", "max": "10"}, "11", "field-number-range"),
        ({"decimals": "1"}, "3,25", "field-number-decimals"),
    ],
)
def test_what_no_number_can_be_is_refused(raw: dict[str, str], text: str, slug: str) -> None:
    assert refusal(field(type="number", **raw), text) == slug


@pytest.mark.parametrize("raw", [{"max": "0"}, {"max": "-5"}, {"min": "7"}, {"decimals": "2", "min": "1"}])
def test_number_sample_lies_in_its_range(raw: dict[str, str], tmp_path: Path) -> None:
    each = field(type="number", **raw)
    assert each.read(each.write(each.sample())) == each.sample()


def decimals() -> Iterator[Decimal]:
    yield from (Decimal("0.0001"), Decimal("1999999999.9999"), Decimal("-0.3000"), Decimal("1250.5000"))


def test_decimals_are_exact_in_sqlite(tmp_path: Path) -> None:
    column = Column("value", field(type="number", decimals="4").column_type(), primary_key=True)
    table = Table("each", MetaData(), column)
    engine = engine_of(f"sqlite:///{tmp_path}/each.db")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"value": value} for value in decimals()])
        assert set(connection.scalars(select(table.c.value))) == set(decimals())
    engine.dispose()


def test_text_loses_what_nobody_sees() -> None:
    assert field(type="text").read(("  Siti\u202a\0 \n Aminah ",)) == "Siti Aminah"
    assert field(type="long-text").read(("satu\r\ndua\0\rtiga  ",)) == "satu\ndua\ntiga"


def test_long_words_are_refused() -> None:
    assert refusal(field(type="text", max_length="3"), "abcd") == "field-text-long"
    assert refusal(field(type="long-text"), "a" * 10_001) == "field-text-long"


def test_choices_keep_their_declared_order() -> None:
    each = field(type="choices", choices={"b": "B", "a": "A"})
    assert each.read(("a", "b")) == ("b", "a")
    assert each.show(("b", "a")) == "B, A"
    assert refusal(each, "c") == "field-choice-unknown"


def test_area_is_read_from_its_name() -> None:
    assert field(type="area").read(("18.10.03.2007 Desa Margodadi",)) == "18.10.03.2007"
    for text in ("1810", "18.10.", "Margodadi", "١٨.10"):
        assert refusal(field(type="area"), text) == "field-area-malformed"


def test_codes_are_compared_byte_by_byte_in_postgresql() -> None:
    kind = code_type(16).compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
    assert kind == 'VARCHAR(16) COLLATE "C"'
