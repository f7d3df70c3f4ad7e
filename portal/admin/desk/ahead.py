"""The steps that may still come in a case, each with the condition under which it comes, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from portal.conditions import sentence
from portal.fields import FieldType, Unreadable
from portal.models import lists_of
from portal.releases import Live
from portal.schema import Sop
from portal.steps import CheckStep, DecisionStep, StepType
from portal.words import say


class Labelled(Protocol):
    """Whatever the YAML gives a label."""

    @property
    def label(self) -> str:
        """What people call it."""


CASE_LABELS = {
    "program": "desk-program",
    "complaint": "desk-complaint",
    "channel": "desk-channel",
    "priority": "desk-priority",
    "area": "desk-area",
}


@dataclass(frozen=True, kw_only=True)
class Coming:
    """One step that may come."""

    label: str
    when: tuple[str, ...]
    """Under which conditions, one of which must hold; empty when it comes in any case."""


def reachable(sop: Sop, start: str) -> tuple[str, ...]:
    """Returns the steps that can still come after one, in the order of the SOP."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for key in sop.ways(waiting.pop()):
            if key not in found:
                found.add(key)
                waiting.append(key)
    return tuple(key for key in sop.steps if key in found)


def coming(live: Live, sop: Sop, start: str, seen: set[str]) -> tuple[Coming, ...]:
    """Returns the steps that may still come and were not there before."""
    ahead = reachable(sop, start)
    reasons: dict[str, list[str]] = {key: [] for key in ahead}
    certain: set[str] = set()
    for key in dict.fromkeys((start, *ahead)):
        for to, why in _ways(live, sop, key):
            if why:
                reasons[to].append(why)
            else:
                certain.add(to)
    return tuple(
        Coming(label=sop.steps[key].label, when=() if key in certain else tuple(dict.fromkeys(reasons[key])))
        for key in ahead
        if key not in seen and not sop.steps[key].automatic
    )


def _ways(live: Live, sop: Sop, key: str) -> Iterator[tuple[str, str]]:
    """Each way on from a step, and in words when it is taken; no words when it is the only one."""
    step = sop.steps[key]
    if isinstance(step, DecisionStep):
        for branch in step.choose:
            yield branch.go, sentence(branch.when, _Label(live, sop), _Show(live, sop))
        yield step.otherwise, say("ahead-otherwise")
        return
    ways = sop.ways(key)
    for to in ways:
        yield to, say("ahead-depends", step=step.label) if len(ways) > 1 else ""


def field_at(live: Live, sop: Sop, path: str) -> FieldType | None:
    """Returns the field that a condition's path names, None for what is no field."""
    root, _, name = path.partition(".")
    if root == "resident":
        return live.schema.records[live.schema.subject()].fields.get(name)
    steps: list[StepType]
    if root == "registry":
        steps = [step for step in sop.steps.values() if isinstance(step, CheckStep)]
    else:
        steps = [sop.steps[root]] if root in sop.steps else []
    lists = lists_of(live.schema)
    return next((found for step in steps if (found := step.answer_fields(lists).get(name))), None)


class _Label:
    """What people call a path."""

    def __init__(self, live: Live, sop: Sop) -> None:
        self.live, self.sop = live, sop

    def __call__(self, path: str) -> str:
        field = field_at(self.live, self.sop, path)
        root, _, name = path.partition(".")
        if field is not None:
            return field.label
        if root == "documents":
            known = self.live.schema.known.documents.get(name)
            return known.label if known else name
        if path == "resident.age":
            return say("ahead-age")
        return say(CASE_LABELS[name]) if root == "case" and name in CASE_LABELS else name.replace("_", " ")


class _Show:
    """A value of a condition as people know it."""

    def __init__(self, live: Live, sop: Sop) -> None:
        self.live, self.sop = live, sop

    def __call__(self, path: str, raw: str) -> str:
        field = field_at(self.live, self.sop, path)
        root, _, name = path.partition(".")
        if field is not None:
            try:
                return field.show(field.parse(raw))
            except Unreadable:
                return raw
        if root == "documents":
            return say(f"paper-{raw}").lower() if raw in ("brought", "to-follow", "not-needed") else raw
        known = self.live.schema.known
        lists: dict[str, Mapping[str, Labelled]] = {
            "program": known.programs,
            "complaint": known.complaints,
            "channel": known.channels,
            "priority": known.priorities,
        }
        named = lists.get(name, {}).get(raw) if root == "case" else None
        return named.label if named is not None else raw
