from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from small import SCHEMA

import portal.schema as language
from portal.scalars import AreaCode, Day, Definition, Flag, Id, Whole, Within
from portal.schema import FORMAT, Schema, Sop, Texts, canonical, digest, json_schema
from portal.worktime import Duration


def described(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields every attribute of every part of the JSON Schema but the tag of a union."""
    for name, part in schema["$defs"].items():
        for key, attribute in part.get("properties", {}).items():
            if "const" not in attribute:
                yield f"{name}.{key}", attribute


def test_every_attribute_of_the_language_is_described() -> None:
    schema: dict[str, Any] = json_schema()
    assert [path for path, attribute in described(schema) if not attribute.get("description")] == []
    assert all(attribute["description"] for attribute in schema["properties"].values())


def test_every_model_is_public() -> None:
    for name in language.__all__:
        assert getattr(language, name) is not None
    models = {part for part in json_schema()["$defs"] if hasattr(language, part)}  # type: ignore[attr-defined]
    assert models <= set(language.__all__)


def test_canonical_json_gives_the_same_schema() -> None:
    again = Schema.model_validate(json.loads(SCHEMA.canonical()))
    assert again == SCHEMA
    assert again.canonical() == SCHEMA.canonical()
    assert len(digest(SCHEMA.canonical())) == 64


def test_canonical_json_keeps_the_order_of_entries() -> None:
    records = json.loads(canonical(SCHEMA))["records"]
    assert list(records) == ["household", "resident"]
    assert list(records["resident"]["fields"])[:2] == ["name", "nik"]


def test_schema_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        SCHEMA.office.label = "Lain"  # type: ignore[misc]


def test_subject_is_who_cases_are_about() -> None:
    assert SCHEMA.subject() == "resident"
    assert FORMAT == 1


def sop(**steps: dict[str, Any]) -> Sop:
    raw = {key: {"label": key, "type": "form", **step} for key, step in steps.items()}
    return Sop.model_validate({"label": "SOP", "steps": raw})


def test_steps_follow_each_other_unless_they_say_otherwise() -> None:
    made = sop(a={}, b={"go": "d"}, c={"type": "approval", "returned": "a"}, d={"type": "outcome"})
    assert (made.first(), made.after("a"), made.after("d")) == ("a", "b", None)
    assert [made.ways(step) for step in made.steps] == [("b",), ("d",), ("a", "d"), ()]


def read(kind: Any, raw: object) -> object:
    adapter: TypeAdapter[object] = TypeAdapter(kind)
    return adapter.validate_python(raw)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Flag, "true", True),
        (Flag, False, False),
        (Whole, "-12", -12),
        (Whole, 7, 7),
        (Day, "2026-11-22", date(2026, 11, 22)),
        (AreaCode, "18.10", "18.10"),
        (Id, "pbi-jk", "pbi-jk"),
        (Texts, "satu", ("satu",)),
        (Texts, ["satu", "dua"], ("satu", "dua")),
        (Within, "3 working days", Duration(amount=3, unit="working days")),
    ],
)
def test_scalars_are_read_as_they_were_typed(kind: object, raw: object, value: object) -> None:
    assert read(kind, raw) == value


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        (Flag, "yes", "not-a-flag"),
        (Flag, "no", "not-a-flag"),
        (Whole, "010", "not-a-whole-number"),
        (Whole, "9" * 5000, "not-a-whole-number"),
        (Day, "22-11-2026", "not-a-date"),
        (Day, "2026-02-30", "not-a-date"),
        (AreaCode, "18.1", "area-malformed"),
        (AreaCode, "18.10\n", "area-malformed"),
        (AreaCode, "١٨", "area-malformed"),
        (Id, "PBI", "id-malformed"),
        (Id, "pbi\n", "id-malformed"),
        (Id, "a" * 41, "id-malformed"),
        (Texts, "  ", "text-empty"),
        (Within, "3 weeks", "duration-form"),
        (Within, "0 days", "duration-zero"),
    ],
)
def test_wrong_scalars_are_refused_by_code(kind: object, raw: object, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read(kind, raw)
    assert [error["type"] for error in caught.value.errors()] == [code]


def test_a_wrong_time_limit_brings_the_values_of_its_words() -> None:
    with pytest.raises(ValidationError) as caught:
        read(Within, "3 weeks")
    assert caught.value.errors()[0]["ctx"] == {"value": "3 weeks"}


def test_models_are_definitions() -> None:
    models = [getattr(language, name) for name in language.__all__]
    parts = [each for each in models if isinstance(each, type) and issubclass(each, BaseModel)]
    assert all(issubclass(each, Definition) for each in parts)
