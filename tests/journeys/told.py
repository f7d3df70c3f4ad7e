"""Worked cases as journeys: who does what, in the words of the YAML; the stories are the demonstration's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from portal import demo
from portal.cases import form_fields
from portal.document import plain, read
from portal.fields import FieldType
from portal.letters.files import letter_files
from portal.load import load
from portal.models import build
from portal.releases import Live

CHECKOUT = Path(__file__).parent.parent.parent
CASES = tuple(str(number) for number in range(1, 14))
HERE = demo.HOME


@dataclass(frozen=True, kw_only=True)
class Act:
    """One step: who does it, how it is called, what they answer by label, which papers they have."""

    by: str
    step: str
    answers: Sequence[tuple[str, str | tuple[str, ...]]]
    papers: Mapping[str, tuple[str, str]]
    """The state of each paper, and the note beside it."""


@dataclass(frozen=True, kw_only=True)
class Journey:
    """A case from complaint to close."""

    id: str
    by: str
    anonymous: bool
    nik: str
    person: Sequence[tuple[str, str | tuple[str, ...]]]
    complaint: Sequence[tuple[str, str | tuple[str, ...]]]
    reporter: Sequence[tuple[str, str | tuple[str, ...]]]
    papers: Sequence[str]
    acts: Sequence[Act]


@cache
def live() -> Live:
    """Returns the shipped office, for its labels."""
    schema = load(CHECKOUT / "schema").schema
    assert schema is not None
    templates = letter_files(CHECKOUT / "templates" / "letters")
    return Live(release_id=1, schema=schema, models=build(schema), templates=templates, sop_versions={})


def journey(case: str) -> Journey:
    """Returns a worked case as it is carried in the village of the demonstration, under a NIK of its own."""
    story = next(each for each in demo.stories() if str(each["id"]) in (case, f"{case}-01"))
    schema = live().schema
    fields = schema.records[schema.subject()].fields
    resident = story.get("resident")
    nik = f"{str(resident['nik'])[:12]}7{case:0>3}" if resident else ""
    person = dict(resident or {}) | {"nik": nik}
    program, sop = schema.programs[story["program"]], schema.programs[story["program"]].sop
    acts = list(_lately([*(story.get("steps") or ()), *_endings().get(case, ())]))
    # What is not there yet is said where the first step asks: the complaint only ticks what was brought.
    missing = {key: each for key, each in (story.get("documents") or {}).items() if each != "brought"}
    acts[0] = {**acts[0], "documents": {**missing, **(acts[0].get("documents") or {})}}
    return Journey(
        id=case,
        by=story["by"],
        anonymous=resident is None,
        nik=nik,
        person=[
            (fields[key].label, _said(fields[key], value)) for key, value in person.items() if key in fields
        ],
        complaint=[
            ("program", f"{program.short} - {program.label}" if program.short else program.label),
            ("complaint", schema.complaints[story["complaint"]].label),
            ("description", " ".join(str(story["description"]).split())),
            ("priority", schema.priorities[story["priority"]].label),
            ("channel", schema.channels[story["channel"]].label),
        ],
        reporter=[(key, str(value)) for key, value in (story.get("reporter") or {}).items()],
        papers=[
            schema.documents[key].label
            for key, state in (story.get("documents") or {}).items()
            if state == "brought"
        ],
        acts=[_act(str(sop), each) for each in acts],
    )


def _act(sop: str, said: Mapping[str, Any]) -> Act:
    step = live().schema.sops[sop].steps[said["step"]]
    fields = form_fields(live(), step)
    answers = said.get("answers") or {}
    documents = live().schema.documents
    return Act(
        by=said["by"],
        step=step.label,
        answers=[(fields[key].label, _said(fields[key], value)) for key, value in answers.items()],
        papers={documents[key].label: _paper(each) for key, each in (said.get("documents") or {}).items()},
    )


def _paper(said: Any) -> tuple[str, str]:
    return (said, "") if isinstance(said, str) else (said["state"], said.get("note") or "")


def _said(field: FieldType, value: Any) -> str | tuple[str, ...]:
    """Returns an answer as it reads: of a choice its label, of text itself."""
    labels = {option.value: option.label for option in field.options()}
    if isinstance(value, list):
        return tuple(labels.get(str(each), str(each)) for each in value)
    return labels.get(str(value), " ".join(str(value).split()))


@cache
def _endings() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What closes the cases that the demonstration leaves open."""
    file = Path(__file__).parent / "endings.yaml"
    document = read(file.name, file.read_text(encoding="utf-8"))
    assert document.root is not None, document.diagnostics
    found: Mapping[str, Any] = plain(document.root)  # type: ignore[assignment]
    return {str(key): value for key, value in found["endings"].items()}


def _lately(acts: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Moves what was done on a day to the last days before this one, in the same order.

    A story of long ago would find that its check of the register has become too old.
    """
    told = [value for act in acts for value in (act.get("answers") or {}).values() if _is_day(value)]
    newest = datetime.now(ZoneInfo(live().schema.office.time_zone)).date()
    days = {
        day: newest - timedelta(days=place)
        for place, day in enumerate(sorted(map(str, set(told)), reverse=True))
    }
    return [
        {
            **act,
            "answers": {
                key: days.get(str(value), value) for key, value in (act.get("answers") or {}).items()
            },
        }
        for act in acts
    ]


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False
