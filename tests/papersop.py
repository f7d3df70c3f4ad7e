"""SOPs for their printed sheets: what an office with a branched SOP prints, and what is shipped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from casework import SCHEMA
from schemas import small_schema

from portal.letters.files import letter_files
from portal.load import load
from portal.schema import Schema
from portal.sheets import Facts, InForce

CHECKOUT = Path(__file__).resolve().parents[1]
LETTERS = CHECKOUT / "templates" / "letters"
IN_FORCE = InForce(version=2, release=7, since=date(2026, 11, 2))


def small_facts(edits: Mapping[str, Any] | None = None, in_force: InForce = IN_FORCE) -> Facts:
    """Returns the SOP of the small office after edits by path."""
    schema = small_schema(edits, of=SCHEMA)
    return Facts(schema=schema, sop_id="pbi", centre_id="madani", in_force=in_force, emblems={})


def shipped() -> Schema:
    """Returns the shipped office."""
    schema = load(CHECKOUT / "schema").schema
    assert schema is not None
    return schema


def shipped_facts(schema: Schema, sop: str) -> Facts:
    """Returns a shipped SOP as the district's office prints it."""
    emblems = {name: text for name, text in letter_files(LETTERS).items() if name.endswith(".svg")}
    return Facts(schema=schema, sop_id=sop, centre_id="slrt", in_force=IN_FORCE, emblems=emblems)
