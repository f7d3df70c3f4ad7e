"""The SOP in the form of Permenpan 35/2012: the box of its head, and the table of activities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from portal.schema import Schema, Sop, SopSheet
from portal.sheets.base import Facts, executors, head, role_label
from portal.sheets.flow import drawn
from portal.sheets.spoken import limit, needed, notes, output
from portal.steps import CheckStep, LetterStep, ReferralStep, VisitStep
from portal.words import say
from portal.worktime import in_words

EMPTY = SopSheet()


def form_values(facts: Facts) -> dict[str, Any]:
    """Returns what the template of the form prints; an absent fact is empty and filled in by hand."""
    schema, sop = facts.schema, facts.sop
    cells = drawn(sop)
    roles = [role_label(schema, role) for role in executors(sop)] or [say("sheet-executor")]
    return {
        **head(facts),
        "boxes": [{"label": say(f"sheet-{slug}"), "lines": list(lines)} for slug, lines in _boxes(facts)],
        "executors": roles,
        "width": round(min(20, 85 / len(roles)), 1),
        "rows": [_row(schema, sop, key, cells[index]) for index, key in enumerate(sop.steps)],
        "total": in_words(sop.total_within) if sop.total_within else "",
    }


def _boxes(facts: Facts) -> Iterator[tuple[str, Sequence[str]]]:
    """Yields the six boxes of the head, in pairs of left and right."""
    sop, sheet, standard = facts.sop, facts.sop.sheet or EMPTY, facts.sop.standard
    competence = standard.competence if standard else None
    yield "basis", sop.legal_basis
    yield "qualifications", sheet.qualifications or ((competence,) if competence else ())
    yield "related", [_label(facts.schema, each) for each in sheet.related]
    yield "equipment", _equipment(facts, sheet)
    yield "warnings", sheet.warnings
    yield "records", sheet.records or tuple(_kept(facts.schema, sop))


def _label(schema: Schema, sop: str) -> str:
    known = schema.known.sops.get(sop)
    return say("sheet-sop", label=known.label if known else sop)


def _equipment(facts: Facts, sheet: SopSheet) -> Sequence[str]:
    """Returns what is declared, else what the standard has, and the registers that are looked up."""
    facilities = facts.sop.standard.facilities if facts.sop.standard else None
    sources = [each.source for each in facts.sop.steps.values() if isinstance(each, CheckStep)]
    known = facts.schema.known.registers
    labels = [say("sheet-access", register=known[key].label) for key in sources if key in known]
    return tuple(dict.fromkeys((*(sheet.equipment or filter(None, (facilities,))), *labels)))


def _kept(schema: Schema, sop: Sop) -> Iterator[str]:
    """Yields what the steps leave behind in books: the case, records, letters with a number."""
    yield say("sheet-kept-case")
    known, steps = schema.known, sop.steps.values()
    records = [each.record for each in steps if isinstance(each, VisitStep) and each.record in known.records]
    for key in dict.fromkeys(records):
        yield known.records[str(key)].label
    letters = [each.letter for each in steps if isinstance(each, LetterStep | ReferralStep)]
    for key in dict.fromkeys(letters):
        if key in known.letters and known.letters[key].number:
            yield say("sheet-kept-letter", letter=known.letters[key].label)


def _row(schema: Schema, sop: Sop, key: str, cells: list[dict[str, Any]]) -> dict[str, Any]:
    step = sop.steps[key]
    return {
        "label": step.label,
        "instruction": step.instruction or "",
        "cells": cells,
        "needed": list(needed(schema, step)),
        "within": limit(step),
        "output": output(schema, sop, key),
        "notes": list(notes(schema, sop, key)),
    }
