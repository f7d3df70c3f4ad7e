"""Two versions of one SOP -> what differs, each difference weighed, and whether a running case can move.

Pure: it reads no clock and no database. `cases.moving` carries out what it finds, `following` asks it whether
only words differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from portal.diagnostics import listed
from portal.schema import Schema, Sop, canonical
from portal.steps import ParallelStep, StepType
from portal.words import say
from portal.worktime import Duration, in_words

Weight = Literal["wording", "way", "rule", "added", "removed"]
"""What a difference is: other words, another way on, another rule, a step more, a step less."""
Kind = Literal["wording", "ahead", "touched", "removed"]
"""What the differences together mean to one case, the mildest first."""
Values = Mapping[str, str]

WORDS_OF_SOP = (
    "label",
    "description",
    "legal_basis",
    "valid_from",
    "valid_until",
    "standard",
    "sheet",
    "source",
)
SILENT_OF_SOP = ("to_verify", "follow", "was")
WORDS_OF_FIELD = ("label", "help", "example", "unit")
GOING = ("go", "otherwise", "returned")
"""The keys of a step that name another step."""
GOING_MANY = ("branches", "may_return")
"""The keys of a step that name several."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing in which two versions differ; `step` is its id in the older one, in the newer when added."""

    slug: str
    weight: Weight
    step: str = ""
    values: Values = field(default_factory=dict)
    named: Values = field(default_factory=dict)
    """Values that are ids, with the section that has their labels."""

    def sentence(self, schema: Schema) -> str:
        """Returns it in the reader's language, with the labels of a Schema."""
        said = {key: _label(schema, self.named.get(key), value) for key, value in self.values.items()}
        return say(self.slug, **said)


def _label(schema: Schema, section: str | None, value: str) -> str:
    entry = getattr(schema.known, section).get(value) if section else None
    return str(entry.label) if entry else value


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two versions of one SOP and what differs between them."""

    before: Sop
    after: Sop
    kept: Values
    """The ids of the older version's steps that the newer one still has, with their ids there."""
    differences: tuple[Difference, ...]

    @property
    def wording_only(self) -> bool:
        """Whether nothing but words differs, so that no running case would go another way."""
        return all(each.weight == "wording" for each in self.differences)

    def holds(self, step: str) -> str:
        """Returns where a task of a step stands in the newer version, empty where no task can."""
        there = self.kept.get(step, "")
        return "" if not there or self.after.steps[there].automatic else there

    def sentences(self, schema: Schema) -> tuple[str, ...]:
        """Returns the differences in the reader's language, each once."""
        return tuple(dict.fromkeys(each.sentence(schema) for each in self.differences))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a case is on its way: the steps of its open tasks, and those it has completed."""

    active: str
    done: frozenset[str] = frozenset()
    beside: tuple[str, ...] = ()
    """The steps of its other open tasks, in parallel branches."""
    branches: tuple[tuple[str, str], ...] = ()
    """Open steps that are in a branch, each with it."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether one case moves, to which step, and why."""

    kind: Kind
    step: str
    """The step of its open task in the newer version; empty when the case stays."""
    reasons: tuple[tuple[str, Values], ...]
    places: Values = field(default_factory=dict)
    """Where each of its open tasks goes on, by the older step's id."""

    @property
    def moves(self) -> bool:
        """Whether the case can follow the newer version."""
        return bool(self.step)

    def sentence(self) -> str:
        """Returns the reasons in the reader's language."""
        return " ".join(say(slug, **values) for slug, values in self.reasons)


def compare(before: Sop, after: Sop, renames: Values | None = None) -> Comparison:
    """Returns what differs between two versions of an SOP, in the order of the newer one's steps.

    Args:
        renames: new ids of steps by old id, where the definitions themselves do not say them.
    """
    known = {old: new for old, new in (renames or {}).items() if old in before.steps and new in after.steps}
    renamed = {old: new for old, new in known.items() if old != new} | _renamed(before.steps, after.steps)
    kept = {**{key: key for key in before.steps if key in after.steps}, **renamed}
    found = [*_whole(before, after), *_coming_and_going(before, after, kept)]
    for old, new in sorted(kept.items(), key=lambda pair: list(after.steps).index(pair[1])):
        found += _step(before, after, old, new, kept)
    if not found and canonical(before) != canonical(after):
        found.append(Difference(slug="moving-layout", weight="wording"))
    return Comparison(before=before, after=after, kept=kept, differences=tuple(found))


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Returns new ids by old id, for entries that declare one which is gone."""
    return {e.was: key for key, e in new.items() if e.was in old and e.was not in new and key not in old}


def _data(definition: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(canonical(definition))
    return data


def _whole(before: Sop, after: Sop) -> Iterator[Difference]:
    old, new = _data(before), _data(after)
    if any(old.get(key) != new.get(key) for key in WORDS_OF_SOP):
        yield Difference(slug="moving-sop-words", weight="wording")
    if any(old.get(key) != new.get(key) for key in SILENT_OF_SOP):
        yield Difference(slug="moving-sop-notes", weight="wording")
    if before.total_within != after.total_within:
        limits = {"before": _limit(before.total_within), "after": _limit(after.total_within)}
        yield Difference(slug="moving-total", weight="rule", values=limits)


def _limit(within: Duration | None) -> str:
    return in_words(within) if within else say("moving-no-limit")


def _coming_and_going(before: Sop, after: Sop, kept: Values) -> Iterator[Difference]:
    for key, step in before.steps.items():
        if key not in kept:
            yield Difference(
                slug="moving-step-removed", weight="removed", step=key, values={"step": step.label}
            )
    for key, step in after.steps.items():
        if key not in kept.values():
            yield Difference(slug="moving-step-added", weight="added", step=key, values={"step": step.label})


def _step(before: Sop, after: Sop, old: str, new: str, kept: Values) -> Iterator[Difference]:
    """Yields how one step differs; `values` always name it by its newer label."""
    was, now = before.steps[old], after.steps[new]
    told = {"step": now.label}
    if old != new:
        yield Difference(slug="moving-step-renamed", weight="rule", step=old, values=told)
    if was.label != now.label:
        names = {"before": was.label, "after": now.label}
        yield Difference(slug="moving-step-label", weight="wording", step=old, values=names)
    if was.instruction != now.instruction:
        yield Difference(slug="moving-step-instruction", weight="wording", step=old, values=told)
    if was.output != now.output:
        yield Difference(slug="moving-step-output", weight="wording", step=old, values=told)
    for found in (*_work(before, after, old, new), *_fields(was, now), *_documents(was, now)):
        yield Difference(
            slug=found.slug,
            weight=found.weight,
            step=old,
            values={**told, **found.values},
            named=found.named,
        )
    yield from _ways(before, after, old, new, kept)
    yield from _rest(was, now, old, kept)


def _work(before: Sop, after: Sop, old: str, new: str) -> Iterator[Difference]:
    """Yields who does a step, until when, and at which station, where that differs."""
    was, now = before.steps[old], after.steps[new]
    roles = before.role_of(old), after.role_of(new)
    if roles[0] != roles[1] and not now.automatic:
        yield Difference(
            slug="moving-step-role", weight="rule", values={"role": roles[1] or ""}, named={"role": "roles"}
        )
    if was.within != now.within:
        limits = {"before": _limit(was.within), "after": _limit(now.within)}
        yield Difference(slug="moving-step-within", weight="rule", values=limits)
    if was.stage != now.stage:
        yield Difference(slug="moving-step-stage", weight="rule")


def _fields(was: StepType, now: StepType) -> Iterator[Difference]:
    renamed = _renamed(was.fields, now.fields)
    for key, each in was.fields.items():
        if key not in now.fields and key not in renamed:
            yield Difference(slug="moving-field-removed", weight="rule", values={"field": each.label})
    for key, each in now.fields.items():
        label = {"field": each.label}
        if key in renamed.values():
            yield Difference(slug="moving-field-renamed", weight="rule", values=label)
        elif key not in was.fields:
            slug = "moving-field-must" if each.required else "moving-field-added"
            yield Difference(slug=slug, weight="rule", values=label)
        else:
            yield from _field(_data(was.fields[key]), _data(each), label)
    if list(was.fields) != list(now.fields) and set(was.fields) == set(now.fields):
        yield Difference(slug="moving-field-order", weight="wording")


def _field(old: dict[str, Any], new: dict[str, Any], label: Values) -> Iterator[Difference]:
    texts, rules = ([_split(side)[part] for side in (old, new)] for part in (0, 1))
    if rules[0] != rules[1]:
        yield Difference(slug="moving-field-rules", weight="rule", values=label)
    elif texts[0] != texts[1] or json.dumps(old) != json.dumps(new):
        yield Difference(slug="moving-field-words", weight="wording", values=label)


def _split(data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns the words of a field and its rules; the labels of its choices are words, their ids rules."""
    words = {key: value for key, value in data.items() if key in WORDS_OF_FIELD}
    rules = {key: value for key, value in data.items() if key not in (*WORDS_OF_FIELD, "was")}
    if isinstance(rules.get("choices"), dict):
        words["choices"], rules["choices"] = rules["choices"], sorted(rules["choices"])
    return words, rules


def _documents(was: StepType, now: StepType) -> Iterator[Difference]:
    for key in dict.fromkeys((*was.documents, *now.documents)):
        old, new = was.documents.get(key), now.documents.get(key)
        if old != new:
            slug = "added" if old is None else "removed" if new is None else "changed"
            yield Difference(
                slug=f"moving-document-{slug}",
                weight="rule",
                values={"document": key},
                named={"document": "documents"},
            )
    if list(was.documents) != list(now.documents) and set(was.documents) == set(now.documents):
        yield Difference(slug="moving-field-order", weight="wording")


def _ways(before: Sop, after: Sop, old: str, new: str, kept: Values) -> Iterator[Difference]:
    """Yields that another step follows in order."""
    if not (before.steps[old].falls_through() and after.steps[new].falls_through()):
        return
    was, now = before.after(old), after.after(new)
    if now is not None and kept.get(was or "") != now:
        values = {"step": after.steps[new].label, "next": after.steps[now].label}
        yield Difference(slug="moving-step-next", weight="way", step=old, values=values)


_OWN = ("label", "instruction", "output", "role", "within", "stage", "fields", "documents", "was")
"""The keys of a step that have a sentence of their own."""


def _rest(was: StepType, now: StepType, step: str, kept: Values) -> Iterator[Difference]:
    """Yields the other keys of a step, which depend on its kind, that differ."""
    old, new = ({k: v for k, v in _data(each).items() if k not in _OWN} for each in (was, now))
    for key in GOING:
        if key in old:
            old[key] = kept.get(old[key], old[key])
    for key in GOING_MANY:
        if key in old:
            old[key] = [kept.get(each, each) for each in old[key]]
    for branch in old.get("choose", ()):
        branch["go"] = kept.get(branch["go"], branch["go"])
    says = [[branch.pop("says", "") for branch in side.get("choose", ())] for side in (old, new)]
    if old.get("choose") == new.get("choose") and says[0] != says[1]:
        yield Difference(slug="moving-step-says", weight="wording", step=step, values={"step": now.label})
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            going = key in (*GOING, *GOING_MANY, "choose", "join")
            slug = "ways" if going else "kind" if key == "type" else "rule"
            weight: Weight = "way" if going else "rule"
            values = {"step": now.label, "key": key}
            yield Difference(slug=f"moving-step-{slug}", weight=weight, step=step, values=values)


def verdict(comparison: Comparison, standing: Standing, step_map: Values) -> Verdict:
    """Returns whether a case moves: it does unless its open step has no place in the newer version.

    Args:
        step_map: where the tasks of steps that are gone go on, by the older step's id.
    """
    opened = (standing.active, *standing.beside)
    places: dict[str, str] = {}
    mapped: list[tuple[str, Values]] = []
    for key in opened:
        was, there = comparison.before.steps[key].label, comparison.holds(key)
        places[key] = there or step_map.get(key, "")
        if not places[key]:
            slug = "moving-stays-automatic" if key in comparison.kept else "moving-stays-removed"
            return Verdict(kind="removed", step="", reasons=((slug, {"step": was, "id": key}),))
        if not there:
            mapped.append(("moving-goes-on", {"step": was, "to": comparison.after.steps[places[key]].label}))
    if apart := _apart(comparison, standing, places):
        return Verdict(kind="removed", step="", reasons=(("moving-stays-branches", {"step": apart}),))
    there = places[standing.active]
    if mapped:
        return Verdict(kind="removed", step=there, reasons=tuple(mapped), places=places)
    if comparison.wording_only:
        return Verdict(kind="wording", step=there, reasons=(("moving-only-words", {}),), places=places)
    found = (
        each for key in opened for each in _touching(comparison, replace(standing, active=key), places[key])
    )
    reasons = tuple({(slug, tuple(values.items())): (slug, values) for slug, values in found}.values())
    if not reasons:
        return Verdict(kind="ahead", step=there, reasons=(("moving-only-ahead", {}),), places=places)
    return Verdict(kind="touched", step=there, reasons=reasons, places=places)


def _apart(comparison: Comparison, standing: Standing, places: Values) -> str:
    """Returns the label of a parallel step whose open branches have no place in the newer version."""
    before, after = comparison.before, comparison.after
    for key, branch in standing.branches:
        group, _, first = branch.partition("/")
        old, new = before.steps.get(group), after.steps.get(comparison.kept.get(group, ""))
        if not isinstance(old, ParallelStep):
            return group
        same = isinstance(new, ParallelStep) and new.branches == tuple(
            comparison.kept.get(each, "") for each in old.branches
        )
        if not same or places[key] not in after.inside(comparison.kept[group], comparison.kept[first]):
            return old.label
    return "" if len(set(places.values())) == len(places) else before.steps[standing.active].label


def _touching(comparison: Comparison, standing: Standing, there: str) -> Iterator[tuple[str, Values]]:
    """Yields why a case is touched: its own step, a step behind it, or its whole limit differs."""
    ruled = {each.step for each in comparison.differences if each.weight == "rule"}
    if standing.active in ruled:
        yield "moving-touches-active", {"step": comparison.after.steps[there].label}
    if behind := [key for key in comparison.before.steps if key in standing.done & ruled - {standing.active}]:
        yield "moving-touches-done", {"steps": _labels(comparison.before, behind)}
    gone = {each.step for each in comparison.differences if each.weight == "removed"}
    if lost := [key for key in comparison.before.steps if key in standing.done & gone]:
        yield "moving-loses-done", {"steps": _labels(comparison.before, lost)}
    added = [each.step for each in comparison.differences if each.weight == "added"]
    ahead = reachable(comparison.after, there)
    if passed := [each for each in added if each not in ahead and there in reachable(comparison.after, each)]:
        yield "moving-skips", {"steps": _labels(comparison.after, passed)}
    if "" in ruled:
        yield "moving-touches-total", {}


def _labels(sop: Sop, steps: list[str]) -> str:
    return ", ".join(sop.steps[key].label for key in steps)


def reachable(sop: Sop, start: str) -> frozenset[str]:
    """Returns the steps that can still come after a step."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for key in sop.ways(waiting.pop()):
            if key not in found:
                found.add(key)
                waiting.append(key)
    return frozenset(found)


def objections(comparison: Comparison, step_map: Values) -> Iterator[tuple[str, Values]]:
    """Yields what is wrong with a step map, as slugs with values: `name`, and the ids `known` for it."""
    before, after = comparison.before.steps, comparison.after.steps
    homeless = [key for key in before if not comparison.holds(key) and not before[key].automatic]
    targets = [key for key, step in after.items() if not step.automatic]
    for old, new in step_map.items():
        if old not in homeless:
            slug = "moving-map-kept" if old in before else "moving-map-unknown"
            yield slug, {"name": old, "known": listed(homeless, 30) or "-"}
        if new not in targets:
            slug = "moving-map-automatic" if new in after else "moving-map-unknown"
            yield slug, {"name": new, "known": listed(targets, 30)}
