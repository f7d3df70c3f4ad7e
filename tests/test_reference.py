"""The reference pages are what the code says today."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal import reference
from portal.reference.language import kind
from portal.schema import json_schema

CHECKOUT = Path(__file__).resolve().parents[1]
PAGES = reference.pages(CHECKOUT)


@pytest.mark.parametrize("name", PAGES)
def test_reference_page_is_up_to_date(name: str) -> None:
    stored = (CHECKOUT / "docs" / "reference" / name).read_text("utf-8")
    if stored != PAGES[name]:
        pytest.fail(f"docs/reference/{name} is stale: run script/docs and commit what it writes")


def test_reference_holds_no_page_that_is_not_made() -> None:
    assert sorted(path.name for path in (CHECKOUT / "docs" / "reference").iterdir()) == sorted(
        name for name in PAGES if "/" not in name
    )


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ({"type": ["string", "number"]}, "text"),
        ({"type": "boolean"}, "true or false"),
        ({"type": "integer", "minimum": 1, "maximum": 10}, "whole number from 1 to 10"),
        ({"enum": ["a", "b"], "type": "string"}, "`a`, `b`"),
        ({"items": {"$ref": "#/$defs/Signer"}, "type": "array"}, "list of [Signer](#signer)"),
        ({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}, "date"),
    ],
)
def test_kind_is_said_in_words(described: dict[str, object], expected: str) -> None:
    assert kind(described) == expected


def test_schema_of_the_editor_is_up_to_date() -> None:
    stored = (CHECKOUT / "schema" / "satu-pintu.schema.json").read_text("utf-8")
    if json.loads(stored) != json_schema():
        pytest.fail("schema/satu-pintu.schema.json is stale: run script/docs and commit what it writes")
