"""Values pass from one kind of field to another as the table says; rows that object are named beforehand."""

from __future__ import annotations

from typing import Any

import pytest
from schemas import small_schema
from shapes import create, emptied, rows, shape
from sqlalchemy import Engine, insert, select, text
from test_migrate import FIELDS, STAMPS, add_residents, applied, hits

from portal.changes import RowsObject
from portal.conversions import KINDS, between, convert, passage
from portal.database import reading, writing
from portal.fields import FieldType, Unreadable, Value
from portal.migrate import Refused, planned
from portal.models import build
from portal.schema import Schema

CHOICES = {"own": "Milik", "rent": "Sewa"}


def field(kind: str, **more: Any) -> FieldType:
    own: dict[str, Any] = {"choices": CHOICES} if kind in ("choice", "choices") else {}
    own |= {"to": "household"} if kind == "link" else {}
    data = {"label": "Isian", "type": kind, **own, **more}
    schema = small_schema({f"{FIELDS}/probe": data})
    return schema.records["resident"].fields["probe"]


def with_probe(kind: str, **more: Any) -> Schema:
    return small_schema(
        {f"{FIELDS}/probe": field(kind, **more).model_dump(mode="json", exclude_defaults=True)}
    )


def fill(engine: Engine, schema: Schema, *values: object) -> None:
    table = build(schema).records["resident"].__table__
    with writing(engine) as session:
        session.execute(insert(table), [{"name": "Siti", "probe": value, **STAMPS} for value in values])


def kept(engine: Engine, schema: Schema) -> list[Value]:
    table, probe = build(schema).records["resident"].__table__, schema.records["resident"].fields["probe"]
    with reading(engine) as session:
        return [probe.stored(each) for each in session.scalars(select(table.c.probe).order_by(table.c.id))]


@pytest.mark.parametrize("old", KINDS)
@pytest.mark.parametrize("new", KINDS)
def test_the_table_keeps_its_promise(old: str, new: str) -> None:
    """What always passes does so for a sample; what never passes is never tried."""
    if old == new:
        return
    one, other = field(old), field(new)
    assert passage(one, other) == between(old, new)
    if between(old, new) == "always":
        assert convert(one.sample(), one, other) is not None


@pytest.mark.parametrize(
    ("old", "value", "new", "expected"),
    [
        ("text", "3", "number", 3),
        ("text", "600000", "money", 600000),
        ("number", 7, "money", 7),
        ("money", 600000, "text", "600000"),
        ("choice", "own", "choices", ("own",)),
        ("choices", ("own",), "choice", "own"),
        ("flag", True, "text", "true"),
        ("long-text", "a\nb", "text", "a\nb"),
        ("phone", "+6281200009901", "text", "081200009901"),
    ],
)
def test_a_value_passes(old: str, value: Value, new: str, expected: Value) -> None:
    assert convert(value, field(old), field(new)) == expected


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [("text", "tiga", "number"), ("choices", ("own", "rent"), "choice"), ("long-text", "a" * 300, "text")],
)
def test_a_value_that_does_not_fit_is_unreadable(old: str, value: Value, new: str) -> None:
    with pytest.raises(Unreadable):
        convert(value, field(old), field(new))


@pytest.mark.parametrize(
    ("old", "values", "new", "expected"),
    [
        ("text", ("3", None, "12"), "number", [3, None, 12]),
        ("number", (3, None), "text", ["3", None]),
        ("choice", ("own", None), "choices", [("own",), None]),
        ("date", (None,), "text", [None]),
    ],
)
def test_rows_pass_when_the_type_changes(
    any_engine: Engine, old: str, values: tuple[object, ...], new: str, expected: list[Value], tmp_path: Any
) -> None:
    applied(any_engine, with_probe(old), templates={})
    fill(any_engine, with_probe(old), *values)
    applied(any_engine, with_probe(new), templates={})
    assert kept(any_engine, with_probe(new)) == expected
    made = shape(any_engine)
    fresh = emptied(any_engine, tmp_path)
    create(fresh, with_probe(new))
    assert made == shape(fresh)


def test_rows_that_object_are_named_and_nothing_changes(any_engine: Engine) -> None:
    applied(any_engine, with_probe("text"), templates={})
    fill(any_engine, with_probe("text"), "3", "tiga", "empat")
    before = rows(any_engine)
    with pytest.raises(Refused) as refused:
        applied(any_engine, with_probe("number"), templates={})
    (told,) = refused.value.plan.refused
    assert isinstance(told, RowsObject)
    assert [(row.key, row.value) for row in told.rows] == [(2, "tiga"), (3, "empat")]
    assert rows(any_engine) == before


def test_sensitive_values_are_named_by_their_mask(engine: Engine) -> None:
    applied(engine, with_probe("text", sensitive="true"), templates={})
    fill(engine, with_probe("text", sensitive="true"), "rahasia")
    (told,) = planned(engine, with_probe("number"), {}).refused
    assert "rahasia" not in "\n".join(told.lines())


def test_equal_values_object_to_unique(any_engine: Engine) -> None:
    applied(any_engine, with_probe("text"), templates={})
    fill(any_engine, with_probe("text"), "a", "b", "a", None, None)
    (told,) = planned(any_engine, with_probe("text", unique="true"), {}).refused
    assert isinstance(told, RowsObject)
    assert [row.key for row in told.rows] == [1, 3]


def test_values_that_become_equal_object_to_unique(any_engine: Engine) -> None:
    applied(any_engine, with_probe("text"), templates={})
    fill(any_engine, with_probe("text"), "3", "3,0")
    (told,) = planned(any_engine, with_probe("number", unique="true"), {}).refused
    assert isinstance(told, RowsObject)
    assert told.count == 1


def test_unique_is_given_where_no_row_objects(any_engine: Engine) -> None:
    applied(any_engine, with_probe("text"), templates={})
    fill(any_engine, with_probe("text"), "a", "b", None, None)
    applied(any_engine, with_probe("text", unique="true"), templates={})
    assert kept(any_engine, with_probe("text")) == ["a", "b", None, None]


def test_required_counts_the_rows_without_a_value(any_engine: Engine) -> None:
    applied(any_engine, with_probe("text"), templates={})
    fill(any_engine, with_probe("text"), "a", None)
    (told,) = planned(any_engine, with_probe("text", required="true"), {}).changes
    assert {each.what: each.number for each in told.counts} == {"rows": 2, "empty": 1}


def test_the_word_index_follows_a_type_change(any_engine: Engine) -> None:
    long = small_schema(
        {f"{FIELDS}/name": {"label": "Nama", "type": "long-text"}, "records/resident/search": []}
    )
    applied(any_engine, small_schema(), templates={})
    add_residents(any_engine, small_schema(), "Siti Contoh")
    applied(any_engine, long, templates={})
    applied(any_engine, small_schema(), templates={})
    assert hits(any_engine, small_schema(), "siti") == [1]


def test_a_step_field_keeps_its_type(engine: Engine) -> None:
    step = "sops/pbi/steps/register/fields"
    first = small_schema({step: {"rooms": {"label": "Kamar", "type": "text"}}})
    applied(engine, first, templates={})
    after = small_schema({step: {"rooms": {"label": "Kamar", "type": "number"}}})
    assert [type(each).__name__ for each in planned(engine, after, {}).refused] == ["AnswerRetyped"]
    with reading(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM release")) == 1
