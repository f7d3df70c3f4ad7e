"""Two Schemas -> the changes between them, in the order of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from portal import changes
from portal.changes import Change
from portal.conversions import kind_of, passage, shape_of
from portal.fields import ChoiceField, ChoicesField, FieldType
from portal.models import answer_fields
from portal.moving import compare
from portal.plan.carry import known_answers, known_fields, section
from portal.plan.details import data, details
from portal.plan.likeness import alike
from portal.plan.rights import TOPICS, rights
from portal.renames import Rename, declared, renamed
from portal.schema import Schema, Sop, canonical

SECTIONS = (
    "records",
    "sops",
    "programs",
    "destinations",
    "letters",
    "roles",
    "centres",
    "sectors",
    "complaints",
    "channels",
    "priorities",
    "outcomes",
    "flags",
    "registers",
    "documents",
    "reasons",
)
"""The sections that are entries by id, in the order of a plan; `centres` stands inside `office`."""


def everything(after: Schema) -> Iterator[Change]:
    """Yields the changes of a first plan: everything is new."""
    yield changes.EntryAdded(section="office", key="office", label=after.office.label)
    for name in SECTIONS:
        for key, entry in sorted(section(after, name).items()):
            yield changes.EntryAdded(section=name, key=key, label=entry.label)
    yield from _areas({}, after.areas)


def schemas(before: Schema, after: Schema) -> Iterator[Change]:
    """Yields what differs between two Schemas, of which the second is `carried` from the first."""
    renames = declared(before, after)
    before = renamed(before, renames)
    for each in renames:
        yield _rename(after, each)
    yield from alike(before, after)
    old, new = (data(schema.office) for schema in (before, after))
    if found := tuple(details({**old, "centres": {}}, {**new, "centres": {}})):
        yield changes.OfficeChanged(label=after.office.label, details=found)
    if before.subject() != after.subject() and before.subject() in after.records:
        yield changes.SubjectMoved(key=after.subject(), was=before.subject())
    for name in SECTIONS:
        yield from _entries(before, after, name)
    yield from _areas(before.areas, after.areas)


def _entries(before: Schema, after: Schema, name: str) -> Iterator[Change]:
    old, new = section(before, name), section(after, name)
    for key in sorted({*old, *new}):
        if key not in old:
            yield from _appeared(before, after, name, key)
        elif key not in new:
            yield changes.EntryRemoved(section=name, key=key, label=old[key].label)
        elif canonical(old[key]) != canonical(new[key]):
            yield from _entry(before, after, name, key)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield changes.EntriesReordered(section=name)


def _appeared(before: Schema, after: Schema, name: str, key: str) -> Iterator[Change]:
    """Yields that an entry is new, or there again with the rows and columns that it had."""
    label = section(after, name)[key].label
    if key not in getattr(before.past, name):
        yield changes.EntryAdded(section=name, key=key, label=label)
        return
    yield changes.EntryRestored(section=name, key=key, label=label)
    if name == "records":
        yield from _record_fields(before, after, key)
    elif name == "sops":
        yield from _answers(before, after, key)


def _rename(after: Schema, each: Rename) -> Change:
    section, _, record = each.kind.partition(".")
    if record:
        label = after.records[record].fields[each.key].label
        return changes.FieldRenamed(section="records", owner=record, path=each.key, label=label, was=each.was)
    label = getattr(after, section)[each.key].label
    return changes.EntryRenamed(section=section, key=each.key, was=each.was, label=label)


def _moved(old: Iterable[str], new: Mapping[str, Any]) -> dict[str, str]:
    """Returns old ids by new id, for steps that declare one which is gone."""
    gone = set(old) - set(new)
    return {key: was for key, entry in new.items() if (was := getattr(entry, "was", None)) in gone}


def _entry(before: Schema, after: Schema, name: str, key: str) -> Iterator[Change]:
    old, new = section(before, name)[key], section(after, name)[key]
    own: tuple[Change, ...] = ()
    if name == "records":
        own = tuple(_record_fields(before, after, key))
    elif name == "sops":
        own = (*_steps(key, old, new), *_answers(before, after, key))
    elif name == "roles":
        own = tuple(rights(key, old, new))
    told = tuple(place for each in own if isinstance(each, changes.FieldChange) for place in _places(each))
    told = TOPICS if name == "roles" else told
    covered = name in ("records", "roles")
    found = tuple(
        each for each in details(data(old), data(new)) if not covered or not _under(each.path, told)
    )
    if name == "sops":
        kind = changes.SopReworded if _followed(old, new) else changes.SopChanged
        yield kind(key=key, label=new.label, details=found)
    elif found:
        yield changes.EntryChanged(section=name, key=key, label=new.label, details=found)
    yield from own


def _followed(old: Sop, new: Sop) -> bool:
    """Tells whether running cases take over a new version by themselves, as `following` lets them."""
    return new.follow == "wording" and compare(old, new).wording_only


def _places(change: changes.FieldChange) -> Iterator[str]:
    yield f"fields.{change.path}"


def _under(path: str, told: tuple[str, ...]) -> bool:
    """Tells whether a change of the field itself says what happens at a place."""
    return any(path == each or path.startswith(f"{each}.") for each in told)


def _steps(sop: str, old: Sop, new: Sop) -> Iterator[Change]:
    for key, was in sorted(_moved(old.steps, new.steps).items()):
        yield changes.StepRenamed(sop=sop, key=key, was=was, label=new.steps[key].label)


def _record_fields(before: Schema, after: Schema, key: str) -> Iterator[Change]:
    known, past = known_fields(before, key), before.past.fields.get(key, {})
    now = after.records[key].fields
    yield from _fields(
        "records", key, {k: f for k, f in known.items() if k in now or k not in past}, now, past
    )


def _answers(before: Schema, after: Schema, key: str) -> Iterator[Change]:
    """Compares the columns of an SOP's answers; a renamed step has told its story already.

    The choices that a kind of step brings along are entries of other sections, which are compared there.
    """
    steps = before.kept.sops[key].steps
    moved = _moved(steps, after.sops[key].steps)
    skip = {*moved, *moved.values()}
    past = before.past.answers.get(key, {})
    old, new = (
        {path: each for path, each in known.items() if path.partition(".")[0] not in skip}
        for known in (known_answers(before, key), _asked(after, key))
    )
    old = {path: each for path, each in old.items() if path in new or path not in past}
    declared = {f"{step}.{field}" for step, each in after.sops[key].steps.items() for field in each.fields}
    for change in _fields("sops", key, old, new, past):
        if not isinstance(change, changes.ChoiceRemoved) or change.path in declared:
            yield change


def _asked(schema: Schema, sop: str) -> dict[str, FieldType]:
    return {f"{step}.{field}": each for step, field, each in answer_fields(schema, schema.sops[sop])}


def _fields(
    section: Literal["records", "sops"],
    owner: str,
    old: Mapping[str, FieldType],
    new: Mapping[str, FieldType],
    past: Mapping[str, FieldType],
) -> Iterator[Change]:
    """Yields what happens to the fields of one table.

    Args:
        old: the fields of before, withdrawn ones only where they are there again.
        past: the withdrawn fields of before.
    """
    told = {
        path: was
        for path, field in new.items()
        if path not in old and field.was and (was := _beside(path, field.was)) in old and was not in new
    }
    for path in sorted({*old, *new} - set(told.values())):
        field = new.get(path) or old[path]
        label = field.label
        if path in told:
            yield changes.AnswerRenamed(section=section, owner=owner, path=path, label=label, was=told[path])
        elif path not in old:
            kind = kind_of(field)
            yield changes.FieldAdded(section=section, owner=owner, path=path, label=label, type=kind)
        elif path not in new:
            yield changes.FieldRemoved(section=section, owner=owner, path=path, label=label)
        else:
            if path in past:
                yield changes.FieldRestored(section=section, owner=owner, path=path, label=label)
            yield from _field(section, owner, path, old[path], new[path])


def _beside(path: str, field: str) -> str:
    step, dot, _ = path.rpartition(".")
    return f"{step}{dot}{field}"


def _field(
    section: Literal["records", "sops"], owner: str, path: str, old: FieldType, new: FieldType
) -> Iterator[Change]:
    where: dict[str, Any] = {"owner": owner, "path": path, "label": new.label}
    if shape_of(old) != shape_of(new):
        yield from _retyped(section, where, old, new)
    if new.unique and not old.unique and section == "records":
        yield changes.FieldMadeUnique(section=section, **where)
    if new.required and not old.required and section == "records":
        yield changes.FieldMadeRequired(section=section, **where)
    for choice in sorted(_choices(old) - _choices(new)) if _choices(new) else ():
        yield changes.ChoiceRemoved(section=section, **where, choice=choice)


def _retyped(
    section: Literal["records", "sops"], where: Mapping[str, Any], old: FieldType, new: FieldType
) -> Iterator[Change]:
    """Yields what a change of kind means; answers of running cases keep the form they were given in."""
    before, after = _named(old, new)
    if section == "sops":
        if repr(old.column_type()) != repr(new.column_type()):
            yield changes.AnswerRetyped(section=section, **where, before=before, after=after)
    elif passage(old, new) == "never":
        yield changes.FieldUnconvertible(section=section, **where, before=before, after=after)
    else:
        yield changes.FieldRetyped(section=section, **where, before=before, after=after)


def _named(old: FieldType, new: FieldType) -> tuple[str, str]:
    """Returns two kinds as people tell them apart: by name, or by SQL type or target."""
    for before, after in zip(shape_of(old), shape_of(new), strict=True):
        if before != after:
            return before, after
    raise AssertionError("two fields of one shape")


def _choices(field: FieldType) -> set[str]:
    return set(field.choices) if isinstance(field, ChoiceField | ChoicesField) else set()


def _areas(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    added, gone = sorted(set(new) - set(old)), sorted(set(old) - set(new))
    other = sorted(code for code in old if code in new and old[code] != new[code])
    if added:
        yield changes.AreasAdded(count=len(added), example=f"{added[0]} {new[added[0]]}")
    if other:
        yield changes.AreasChanged(count=len(other), example=f"{other[0]} {new[other[0]]}")
    if gone:
        yield changes.AreasRemoved(count=len(gone), example=f"{gone[0]} {old[gone[0]]}")


def templates(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """Yields what differs between two states of the letters' folder."""
    for name in sorted({*old, *new}):
        if name not in old:
            yield changes.TemplateAdded(name=name)
        elif name not in new:
            yield changes.TemplateRemoved(name=name)
        elif old[name] != new[name]:
            yield changes.TemplateChanged(name=name)
