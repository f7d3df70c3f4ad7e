"""Seeded mistakes in the shipped office: what is told stands where the mistake is, or where it dangles.

`PORTAL_MUTATIONS=500` tries that many edits. An edit is harmless, and not counted, when the folder still has
no mistake: its Schema is the same, or another one that can work, such as a label with a typo.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import mutations
from mutations import Edit

from portal.checks import check
from portal.diagnostics import Diagnostic, in_order
from portal.load import Loaded, load

CHECKOUT = Path(__file__).resolve().parents[1]
FILES = {path.name: path.read_text("utf-8") for path in (CHECKOUT / "schema").glob("*.yaml")}
COUNT = int(os.environ.get("PORTAL_MUTATIONS", "120"))
SEED = 2026
LEAST = 0.95


def found_in(folder: Path, edit: Edit | None) -> tuple[Loaded, tuple[Diagnostic, ...]]:
    loaded = load(mutations.folder_of(FILES, edit, folder), CHECKOUT / "templates" / "letters")
    return loaded, in_order([*loaded.diagnostics, *check(loaded)])


def stands_right(edit: Edit, first: Diagnostic) -> bool:
    text = FILES[edit.file]
    fits = mutations.places(edit, text.split("\n"), edit.applied(text).split("\n"))
    return fits(Path(first.mark.file).name, first.mark.line, first.mark.quoted)


def test_first_message_stands_where_the_mistake_is(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    shutil.copyfile(CHECKOUT / "schema" / "areas.csv", tmp_path / "areas.csv")
    good, nothing = found_in(tmp_path, None)
    assert nothing == ()
    counts: Counter[str] = Counter()
    elsewhere = []
    for edit in mutations.edits(FILES, COUNT, SEED):
        loaded, found = found_in(tmp_path, edit)
        if not found:
            counts["same" if loaded.schema == good.schema else "another that works"] += 1
        elif stands_right(edit, found[0]):
            counts["told where it is"] += 1
        else:
            counts["told elsewhere"] += 1
            elsewhere.append((edit, found[0].code, found[0].mark))
    record_property("edits", dict(counts))
    told = counts["told where it is"] + counts["told elsewhere"]
    assert counts["told where it is"] >= LEAST * told, elsewhere
    assert told >= COUNT * 0.6


def test_edits_are_the_same_at_every_run() -> None:
    assert list(mutations.edits(FILES, 20, 7)) == list(mutations.edits(FILES, 20, 7))
