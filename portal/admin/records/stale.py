"""A stale save: what one typed beside what others saved meanwhile, who that was, and the choice by field.

Nothing typed is lost: the form comes back with it. For each field that differs the clerk says whose value
counts; a field whose stored value is kept is taken out of what was sent, and so stays as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from portal.admin.forms import Form
from portal.admin.records.details import called, label_of, moment_of
from portal.admin.records.lens import Lens
from portal.fields import Value
from portal.tables import Event

CHOICE, OPENED, SHOWN = "pilih-", "semula-", "terlihat-"
"""How the names begin that say whose value of a field counts, what it was when the form was opened, and what
the clerk had typed when both values were shown."""
THEIRS = "theirs"
MOST = 5
"""So many changes of others a page tells."""


@dataclass(frozen=True, kw_only=True)
class Differing:
    """A field that two people filled in differently."""

    name: str
    label: str
    mine: str
    theirs: str
    shown: str
    """A digest of what was typed."""
    changed: bool
    """Whether the clerk changed it; a field that only the others changed keeps their value by default."""


@dataclass(frozen=True, kw_only=True)
class Meanwhile:
    """What others did to a record since the form was opened."""

    others: tuple[tuple[str, str, str], ...]
    """Who, when and which fields, the newest first."""
    fields: tuple[Differing, ...]


def opened(lens: Lens, values: Mapping[str, Value]) -> dict[str, str]:
    """Returns a short digest of each field that a form shows, to know later which ones were changed in it."""
    return {
        name: _digest(lens.record.fields[name].write(values.get(name)))
        for name in lens.plain(lens.record.fields)
    }


def _digest(texts: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def chosen(data: FormData) -> FormData:
    """Returns what counts of a form: without the fields whose stored value the clerk keeps.

    A field that was typed on after both values were shown counts as it was typed.
    """
    names = (name.removeprefix(CHOICE) for name, value in data.multi_items() if value == THEIRS)
    left = {name for name in names if data.get(SHOWN + name) == _sent(data, name)}
    if "all" in data:
        left = set()
    return FormData([pair for pair in data.multi_items() if pair[0] not in left])


def _sent(data: FormData, name: str) -> str:
    return _digest(tuple("\n".join(str(text).splitlines()) for text in data.getlist(name)))


def meanwhile(
    lens: Lens, session: Session, key: int, since: int, form: Form, data: FormData, now: Mapping[str, Value]
) -> Meanwhile:
    """Returns what stands against a save.

    Args:
        since: how many changes the record has had that the form does not know.
        now: the values that are stored.
    """
    names = lens.names(session)
    found = []
    for name, value in form.values.items():
        if value != now[name]:
            field = lens.record.fields[name]
            found.append(
                Differing(
                    name=name,
                    label=field.label,
                    mine=lens.text(name, field.plain(value), names),
                    theirs=lens.text(name, field.plain(now[name]), names),
                    shown=_sent(data, name),
                    changed=data.get(OPENED + name) != _digest(field.write(value)),
                )
            )
    return Meanwhile(others=tuple(_others(lens, session, key, since)), fields=tuple(found))


def _others(lens: Lens, session: Session, key: int, since: int) -> Iterator[tuple[str, str, str]]:
    """Yields the changes since a version: each change writes one event."""
    query = (
        select(Event.at, Event.actor, Event.data)
        .where(Event.subject.in_(called(lens)), Event.subject_id == key, Event.kind == "record-changed")
        .order_by(Event.id.desc())
        .limit(max(1, min(since, MOST)))
    )
    for at, who, data in session.execute(query):
        labels = (label_of(lens, name) for name in _named(data))
        yield who, moment_of(lens, at), ", ".join(label for label in labels if label)


def _named(data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(name) for name in data.get("fields", ()))
