"""Whether each programme can be served: a procedure, papers, complaints, and a destination that takes it."""

from __future__ import annotations

from collections.abc import Iterator

from portal.checks.base import Checked, Family
from portal.diagnostics import Diagnostic
from portal.document import Path
from portal.schema import Retention, Schema


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields programmes with something missing, and what no programme uses."""
    if checked.office is not None and checked.office.retention is not None:
        yield from _kept(checked, ("office",), checked.office.retention)
    for key, program in checked.schema.programs.items():
        path = ("programs", key)
        if program.retention is not None:
            yield from _kept(checked, path, program.retention)
        if program.status == "ended":
            if program.complaints:
                yield checked.warn("program-ended-complaints", (*path, "complaints"), program=key)
            continue
        if program.sop is None:
            yield checked.warn_key("program-without-sop", path, program=key)
        if not program.documents:
            yield checked.warn_key("program-without-documents", path, program=key)
        if not program.complaints:
            yield checked.warn_key("program-without-complaints", path, program=key)
        destination = checked.schema.destinations.get(program.destination or "")
        known = checked.knows("sectors", program.sector)
        if destination is not None and known and program.sector not in destination.takes:
            yield checked.warn(
                "destination-wrong-sector",
                (*path, "destination"),
                program=key,
                destination=str(program.destination),
                sector=program.sector,
            )
    if checked.whole:
        yield from _unused(checked)


def _kept(checked: Checked, path: Path, retention: Retention) -> Iterator[Diagnostic]:
    if not retention.legal_basis and not retention.to_verify:
        keep = str(retention.keep)
        yield checked.warn_key("retention-without-basis", (*path, "retention"), keep=keep)


def _unused(checked: Checked) -> Iterator[Diagnostic]:
    for section, code, used in (
        ("documents", "document-unused", _documents(checked.schema)),
        ("complaints", "complaint-unused", _complaints(checked.schema)),
        ("sops", "sop-unused", {program.sop for program in checked.schema.programs.values()}),
        ("letters", "letter-unused", _letters(checked.schema)),
    ):
        for key in checked.declared(section):
            if key not in used:
                yield checked.warn_key(code, (section, key), name=key)


def _documents(schema: Schema) -> set[str | None]:
    programs = {key for program in schema.programs.values() for key in program.documents}
    steps = {key for sop in schema.sops.values() for step in sop.steps.values() for key in step.documents}
    return {*programs, *steps, *(key for each in schema.destinations.values() for key in each.needs)}


def _complaints(schema: Schema) -> set[str | None]:
    return {key for program in schema.programs.values() for key in program.complaints}


def _letters(schema: Schema) -> set[str | None]:
    steps = [step for sop in schema.sops.values() for step in sop.steps.values()]
    used = {getattr(step, "letter", None) for step in steps}
    used |= {key for key, letter in schema.letters.items() if letter.on_request or letter.about_many}
    return used | {program.letter for program in schema.programs.values()}


FAMILY = Family(
    run=check,
    codes=(
        "complaint-unused",
        "destination-wrong-sector",
        "document-unused",
        "letter-unused",
        "program-ended-complaints",
        "program-without-complaints",
        "program-without-documents",
        "program-without-sop",
        "retention-without-basis",
        "sop-unused",
    ),
)
