"""Two states of a role -> the rights that it gained, lost or has otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.changes import RightsChanged
from portal.schema import Role

TOPICS = ("may", "records", "cases", "sensitive_fields", "fields", "letters", "steps", "screens")
"""What of a role is told in sentences; the rest (label, description) is told as any entry's."""


def rights(key: str, old: Role, new: Role) -> Iterator[RightsChanged]:
    """Yields a change for each right that differs."""
    before, after = _said(old), _said(new)
    for place in sorted({*before, *after}, key=lambda each: (TOPICS.index(each[0]), each[1])):
        if before.get(place) != after.get(place):
            topic, thing = place
            was, now = before.get(place, ()), after.get(place, ())
            yield RightsChanged(key=key, label=new.label, topic=topic, thing=thing, before=was, after=now)


def _said(role: Role) -> Mapping[tuple[str, str], tuple[str, ...]]:
    said: dict[tuple[str, str], tuple[str, ...]] = {("may", ""): tuple(role.may)}
    said |= {("records", record): tuple(acts) for record, acts in role.records.items()}
    for name in ("normal", "sensitive", "protected", "closed"):
        said["cases", name] = (getattr(role.cases, name),) if getattr(role.cases, name) else ()
    said["sensitive_fields", ""] = (role.sensitive_fields,)
    for topic, nested in (("fields", role.fields), ("steps", role.steps)):
        said |= {
            (topic, f"{owner}.{name}"): (str(right),)
            for owner, rights in nested.items()
            for name, right in rights.items()
        }
    said |= {("letters", letter): tuple(acts) or ("none",) for letter, acts in role.letters.items()}
    return said | {("screens", ""): tuple(role.screens or ())}
