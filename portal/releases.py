"""What runs: the newest Release as Schema, classes and templates, and the names that codes stand for.

The portal serves a Release and never reads YAML; a case reads the SopVersion it was opened with. Both are
immutable, so each process keeps the last few it has read.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, null, select
from sqlalchemy.orm import Session

from portal import reads, wall
from portal.access import SYSTEM, Actor, sees
from portal.fields import Names
from portal.models import Models, build, column_name
from portal.places import Parts, Places, centre_for, district_centre_for
from portal.renames import translated
from portal.schema import RecordType, Schema, Sop
from portal.tables import Release, SopVersion

__all__ = [
    "Live",
    "Parts",
    "Places",
    "SessionNames",
    "UnknownFormat",
    "centre_for",
    "district_centre_for",
    "latest_id",
    "live",
    "newest_version",
    "schema_of",
    "sop_of",
    "sop_version",
    "word_columns",
]

READERS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: lambda data: data}
"""By the number of a stored format: how its data become what today's models take."""

_GAP = re.compile(r"\{([^{}]*)\}")
_Made = TypeVar("_Made")


class UnknownFormat(Exception):
    """The database holds a Release in a format that this program cannot read: a newer one wrote it."""


@dataclass(frozen=True, kw_only=True)
class Live:
    """One Release, ready to serve."""

    release_id: int
    schema: Schema
    models: Models
    templates: Mapping[str, str]
    """Letter templates, style sheets and emblems by their name in the letters' folder."""
    sop_versions: Mapping[str, int]
    """The id of the SopVersion that new cases follow, by SOP."""

    @cached_property
    def places(self) -> Places:
        """The areas of this Release by name."""
        return Places(self.schema)


def schema_of(number: int, definition: str) -> Schema:
    """Returns the Schema of a stored definition in a numbered format.

    Raises:
        UnknownFormat: no reader knows the number.
    """
    return Schema.model_validate(_data(number, definition))


def sop_of(number: int, definition: str) -> Sop:
    """Returns the Sop of a stored definition in a numbered format.

    Raises:
        UnknownFormat: no reader knows the number.
    """
    return Sop.model_validate(_data(number, definition))


def _data(number: int, definition: str) -> dict[str, Any]:
    if number not in READERS:
        raise UnknownFormat(number)
    return READERS[number](json.loads(definition))


@dataclass(kw_only=True)
class _Kept(Generic[_Made]):
    """The last few immutable things read from each database, for all threads of a process."""

    most: int
    of: WeakKeyDictionary[Engine, OrderedDict[Hashable, _Made]] = field(default_factory=WeakKeyDictionary)
    lock: Lock = field(default_factory=Lock)

    def get(self, session: Session, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Returns what is kept, or makes it: outside the lock, as making it waits for the database."""
        engine = session.get_bind().engine
        with self.lock:
            kept = self.of.setdefault(engine, OrderedDict())
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
        made = make()
        with self.lock:
            first = kept.setdefault(key, made)
            while len(kept) > self.most:
                kept.popitem(last=False)
        return first


NEWEST = "newest-release"
"""Where a session keeps the number of the newest Release; whoever adds one takes it away."""
_lives: _Kept[Live] = _Kept(most=4)
_sops: _Kept[Sop] = _Kept(most=256)


def latest_id(session: Session) -> int | None:
    """Returns the number of the newest Release, None before the first apply; one look at a key."""
    return session.scalar(select(func.max(Release.id)))


def live(session: Session, release_id: int) -> Live:
    """Returns a Release ready to serve; the same object for every caller of a process.

    Raises:
        NoResultFound: there is no such Release.
        UnknownFormat: it was written by a newer program.
    """
    return _lives.get(session, release_id, lambda: _read(session, release_id))


def _read(session: Session, release_id: int) -> Live:
    columns = (Release.format, Release.definition, Release.templates)
    number, definition, templates = session.execute(select(*columns).where(Release.id == release_id)).one()
    schema = schema_of(number, definition)
    newest = {sop: newest_version(session, sop, release_id=release_id).id for sop in schema.sops}
    return Live(
        release_id=release_id,
        schema=schema,
        models=build(schema),
        templates=templates,
        sop_versions=newest,
    )


def sop_version(session: Session, version_id: int) -> Sop:
    """Returns the procedure of a SopVersion by its id; the same object for every caller of a process.

    Its own steps and fields are as they were written; what it names outside itself (a role, a letter, a
    resident's field) is named as the newest Release calls it.

    Raises:
        NoResultFound: there is no such version.
    """
    newest = _newest(session)
    return _sops.get(session, (version_id, newest), lambda: _read_sop(session, version_id, newest))


def _newest(session: Session) -> int:
    """Returns the number of the newest Release as of the session's first look: every case asks for it."""
    if NEWEST not in session.info:
        session.info[NEWEST] = latest_id(session) or 0
    return int(session.info[NEWEST])


def _read_sop(session: Session, version_id: int, newest: int) -> Sop:
    columns = select(SopVersion.format, SopVersion.definition, SopVersion.release_id)
    number, definition, written = session.execute(columns.where(SopVersion.id == version_id)).one()
    sop = sop_of(number, definition)
    if written == newest:
        return sop
    schema = live(session, newest).schema
    return translated(sop, schema.past.renamed, schema.subject())


def newest_version(session: Session, sop: str, *, release_id: int | None = None) -> SopVersion:
    """Returns the version of an SOP that new cases follow: the newest, or the newest as of a Release.

    Raises:
        NoResultFound: the SOP was never applied.
    """
    versions = select(SopVersion).where(SopVersion.sop == sop).order_by(SopVersion.number.desc()).limit(1)
    if release_id is not None:
        versions = versions.where(SopVersion.release_id <= release_id)
    return session.scalars(versions).one()


def word_columns(record: RecordType) -> tuple[str, ...]:
    """Returns the columns of a record type's word index, in the order in which `search` wants them."""
    return tuple(column_name(name) for name in record.search if record.fields[name].search == "words")


class SessionNames(Names):
    """What codes and keys stand for, as one person may read it, looked up once for each page.

    A record outside the person's scope is shown by its key, as one that is gone; a field of its title that
    the person may not see is masked or left out.
    """

    def __init__(self, session: Session, live: Live, actor: Actor = SYSTEM) -> None:
        self._session = session
        self._live = live
        self._actor = actor
        self._titles: dict[tuple[str, int], str] = {}

    def area(self, code: str) -> str:
        """Returns "Desa Margodadi, Kec. Ambarawa, ..." for an area code, or the code when unknown."""
        return self._live.places.full_name(code)

    def record(self, record: str, key: int) -> str:
        """Returns the title of a record of a type, or its key when it is gone."""
        if (record, key) not in self._titles:
            self.preload(record, (key,))
        return self._titles[record, key]

    def preload(self, record: str, keys: Iterable[int]) -> None:
        """Looks up the titles of several records of a type in one query."""
        missing = sorted({key for key in keys if (record, key) not in self._titles})
        if not missing:
            return
        self._titles |= {(record, key): str(key) for key in missing}
        definition = self._live.schema.records.get(record)
        if definition is None:
            return
        table = self._live.models.records[record].__table__
        named = [name for name in dict.fromkeys(_GAP.findall(definition.title)) if name in definition.fields]
        area = table.c[column_name(definition.area)] if definition.area else None
        place = null() if area is None else area
        # Without a person of its own it names what whoever acts may see: the wall adds that by itself.
        own = self._actor is not SYSTEM
        scope = (wall.rows(self._live.schema, self._actor, record, area),) if own else ()
        rows = self._session.execute(
            select(table.c.id, place, *(table.c[column_name(name)] for name in named)).where(
                table.c.id.in_(missing), *scope
            )
        )
        schema, actor = self._live.schema, self._actor
        for key, where, *values in rows:
            fields = definition.fields
            reads.note(record, (key,), {n: sees(schema, actor, fields[n], record, n, where) for n in named})
            texts = {n: self._text(record, n, v, where) for n, v in zip(named, values, strict=True)}
            title = _GAP.sub(lambda gap: texts.get(gap[1], gap[0]), definition.title).strip()  # noqa: B023
            self._titles[record, key] = title or str(key)

    def _text(self, record: str, name: str, value: object, area: str | None) -> str:
        definition = self._live.schema.records[record].fields[name]
        sight = sees(self._live.schema, self._actor, definition, record, name, area)
        stored = definition.stored(value)
        if sight == "hidden":
            return ""
        return definition.mask(stored) if sight == "masked" else definition.show(stored, self)
