"""The text of an entry as it was written, kept with each version of an SOP."""

from __future__ import annotations

import pytest
from casework import SCHEMA
from small import NOW
from sqlalchemy import Engine, select

from portal.access import SYSTEM
from portal.database import reading
from portal.document import excerpts
from portal.migrate import apply
from portal.tables import SopVersion

TEXT = """# the office's procedures
sops:
  first:   # reviewed
    label: Pertama

    # a note
    steps: {a: {label: "A",
      type: form}}
  # about the second
  second:
    label: >
      Kedua
letters:
  first: {label: Surat}
"""
FIRST = """first:   # reviewed
  label: Pertama

  # a note
  steps: {a: {label: "A",
    type: form}}
"""


def test_entry_is_told_as_it_was_written() -> None:
    found = excerpts({"schema/a.yaml": "letters: {}\n", "schema/sop.yaml": TEXT}, "sops")
    assert found == {"first": FIRST, "second": "second:\n  label: >\n    Kedua\n"}


@pytest.mark.parametrize("text", ["", "letters: {}", "sops:", "sops: 1", "sops: [", "a: sops"])
def test_file_without_such_entries_tells_nothing(text: str) -> None:
    assert excerpts({"a.yaml": text}, "sops") == {}


def test_version_keeps_what_was_written(engine: Engine) -> None:
    sources = {"schema/sop.yaml": "sops:\n  pbi:\n    # why\n    label: PBI-JK\n"}
    apply(engine, SCHEMA, sources, {}, actor=SYSTEM, now=NOW)
    with reading(engine) as session:
        version = session.scalars(select(SopVersion).where(SopVersion.sop == "pbi")).one()
    assert version.source == "pbi:\n  # why\n  label: PBI-JK\n"
