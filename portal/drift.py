"""Release, database -> differences: what somebody changed by hand, or a program update has left to do.

What a Release calls for is made empty in a scratch place of the same kind of database, and both are looked
at with the same eyes. Columns and tables that an earlier Release has left behind are kept data and no drift.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.orm import Session

from portal.database import engine_of, reading
from portal.models import build, record_table
from portal.releases import latest_id, schema_of, sop_of, word_columns
from portal.schema import Schema, canonical, digest
from portal.tables import Base, Release, SopVersion
from portal.words import say

VERSIONS = "alembic_version"
_WORDS = "_words"
"""How the tables and indexes of a word search are named; they are compared by what they index."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that the database has otherwise than the Release says."""

    slug: str
    """The words of the sentence."""
    values: Mapping[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        """Returns what differs, in the reader's language."""
        return say(self.slug, **self.values)


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """What a database looks like without its rows."""

    columns: Mapping[str, Mapping[str, tuple[str, bool]]]
    """By table and column: the SQL type, and whether it may be empty."""
    indexes: Mapping[str, Mapping[str, tuple[str, bool]]]
    """By table and name: the columns, and whether it is unique."""
    links: Mapping[str, frozenset[str]]
    """By table: each foreign key as `column -> table`."""
    words: frozenset[str]
    """The tables that have a word search."""


def drift(engine: Engine) -> tuple[Difference, ...]:
    """Returns every difference between a database and its newest Release; the database stays as it is.

    Raises:
        NoResultFound: nothing was applied yet.
        UnknownFormat: a newer program wrote the Release.
    """
    with reading(engine) as session:
        release = session.get_one(Release, latest_id(session) or 0)
        schema = schema_of(release.format, release.definition)
        found, kept = _shape(session.connection()), _kept(session, schema)
        # The word search of a withdrawn record type stays with its table.
        found = replace(found, words=found.words & {record_table(key) for key in schema.records})
        rows = tuple(_rows(session, schema, kept))
    return (*_differences(_wanted(engine, schema), found, kept), *rows)


def _wanted(engine: Engine, schema: Schema) -> _Shape:
    """Returns the shape that a Schema gives in an empty database of the same kind."""
    if engine.dialect.name == "sqlite":
        scratch = engine_of("sqlite://")
        with scratch.connect() as connection:
            made = _made(connection, schema)
        scratch.dispose()
        return made
    with engine.connect() as connection, connection.begin() as transaction:
        # Rolled back: nobody else ever sees it, and no table that is in use is touched.
        name = f"drift_{uuid4().hex}"
        connection.execute(text(f'CREATE SCHEMA "{name}"'))
        connection.execute(text(f'SET LOCAL search_path TO "{name}"'))
        made = _made(connection, schema, name)
        transaction.rollback()
    return made


def _made(connection: Connection, schema: Schema, name: str | None = None) -> _Shape:
    Base.metadata.create_all(connection, checkfirst=False)
    build(schema).metadata.create_all(connection, checkfirst=False)
    searched = (record_table(key) for key, record in schema.records.items() if word_columns(record))
    # The word searches themselves are not made: on PostgreSQL they need an extension from another place.
    return replace(_shape(connection, name), words=frozenset(searched))


def _shape(connection: Connection, name: str | None = None) -> _Shape:
    inspector = inspect(connection)
    every = inspector.get_table_names(schema=name)
    tables = [table for table in every if _WORDS not in table and table != VERSIONS]
    named = {table: list(inspector.get_indexes(table, schema=name)) for table in tables}
    uniques = {table: inspector.get_unique_constraints(table, schema=name) for table in tables}
    return _Shape(
        columns={
            table: {
                each["name"]: (str(each["type"]), bool(each["nullable"]))
                for each in inspector.get_columns(table, schema=name)
            }
            for table in tables
        },
        indexes={
            table: {
                str(each["name"]): (", ".join(map(str, each["column_names"])), bool(each["unique"]))
                for each in named[table]
                if not str(each["name"]).endswith(_WORDS)
            }
            | {f"uq ({key})": (key, True) for key in (", ".join(u["column_names"]) for u in uniques[table])}
            for table in tables
        },
        links={
            table: frozenset(
                f"{', '.join(each['constrained_columns'])} -> {each['referred_table']}"
                for each in inspector.get_foreign_keys(table, schema=name)
            )
            for table in tables
        },
        words=frozenset(
            table
            for table in tables
            if f"{table}{_WORDS}" in every or any(str(each["name"]).endswith(_WORDS) for each in named[table])
        ),
    )


def _kept(session: Session, now: Schema) -> Mapping[str, frozenset[str]]:
    """Returns what earlier Releases had and the newest has not, as that is kept data: names by table.

    They are columns of generated tables, and keys of the reference rows.
    """
    kept: dict[str, set[str]] = {}
    today = _names(now)
    for number, definition in session.execute(select(Release.format, Release.definition)):
        for table, names in _names(schema_of(number, definition)).items():
            gone = names - today.get(table, set())
            if gone:
                kept.setdefault(table, set()).update(gone)
    return {table: frozenset(names) for table, names in kept.items()}


def _names(schema: Schema) -> dict[str, set[str]]:
    models = build(schema)
    return {name: {*table.columns.keys()} for name, table in models.metadata.tables.items()} | {
        models.programs.__table__.name: set(schema.programs),
        models.destinations.__table__.name: set(schema.destinations),
    }


def _differences(wanted: _Shape, found: _Shape, kept: Mapping[str, frozenset[str]]) -> Iterator[Difference]:
    for table in sorted({*wanted.columns, *found.columns}):
        if table not in found.columns:
            yield Difference(slug="drift-table-missing", values={"table": table})
        elif table in wanted.columns:
            yield from _in_table(table, wanted, found, kept.get(table, frozenset()))
        elif table not in kept:
            yield Difference(slug="drift-table-extra", values={"table": table})


def _in_table(table: str, wanted: _Shape, found: _Shape, kept: frozenset[str]) -> Iterator[Difference]:
    yield from _columns(table, wanted.columns[table], found.columns[table], kept)
    old, new = wanted.indexes[table], found.indexes[table]
    for name in sorted({*old, *new}):
        about = {"table": table, "index": name}
        if name not in new:
            yield Difference(slug="drift-index-missing", values=about)
        elif name not in old:
            if not kept.intersection(new[name][0].split(", ")):
                yield Difference(slug="drift-index-extra", values=about)
        elif old[name] != new[name]:
            yield Difference(slug="drift-index-differs", values=about)
    for link in sorted(wanted.links[table] ^ found.links[table]):
        slug = "drift-link-missing" if link in wanted.links[table] else "drift-link-extra"
        if slug == "drift-link-missing" or link.split(" -> ")[0] not in kept:
            yield Difference(slug=slug, values={"table": table, "link": link})
    if (table in wanted.words) != (table in found.words):
        slug = "drift-words-missing" if table in wanted.words else "drift-words-extra"
        yield Difference(slug=slug, values={"table": table})


def _columns(
    table: str,
    wanted: Mapping[str, tuple[str, bool]],
    found: Mapping[str, tuple[str, bool]],
    kept: frozenset[str],
) -> Iterator[Difference]:
    for column in sorted({*wanted, *found} - (kept - set(wanted))):
        about = {"table": table, "column": column}
        if column not in found:
            yield Difference(slug="drift-column-missing", values={**about, "type": wanted[column][0]})
        elif column not in wanted:
            yield Difference(slug="drift-column-extra", values={**about, "type": found[column][0]})
        elif wanted[column][0] != found[column][0]:
            types = {"before": wanted[column][0], "after": found[column][0]}
            yield Difference(slug="drift-column-type", values={**about, **types})
        elif wanted[column][1] != found[column][1]:
            slug = "drift-column-required" if wanted[column][1] else "drift-column-optional"
            yield Difference(slug=slug, values=about)


def _rows(session: Session, schema: Schema, kept: Mapping[str, frozenset[str]]) -> Iterator[Difference]:
    """Yields what is wrong in the rows that a Release writes itself."""
    for what, entries in (("program", schema.programs), ("destination", schema.destinations)):
        table = f"reference_{what}"
        yield from _references(session, table, entries, kept.get(table, frozenset()))
    for version in session.scalars(select(SopVersion).order_by(SopVersion.sop, SopVersion.number)):
        if digest(version.definition) != version.digest:
            about = {"sop": version.sop, "number": str(version.number)}
            yield Difference(slug="drift-version", values=about)
    for key, sop in schema.sops.items():
        newest = select(SopVersion).where(SopVersion.sop == key).order_by(SopVersion.number.desc()).limit(1)
        last = session.scalar(newest)
        if last is None or canonical(sop_of(last.format, last.definition)) != canonical(sop):
            yield Difference(slug="drift-sop", values={"sop": key})


def _references(
    session: Session, table: str, entries: Mapping[str, Any], kept: frozenset[str]
) -> Iterator[Difference]:
    if not inspect(session.connection()).has_table(table):
        return  # said already: the table is missing
    rows = session.execute(text(f"SELECT id, definition FROM {table}"))  # noqa: S608 - a name of ours
    found: dict[str, str] = dict(rows.all())
    for key in sorted({*entries, *found}):
        about = {"table": table, "key": key}
        if key not in found:
            yield Difference(slug="drift-row-missing", values=about)
        elif key not in entries:
            if key not in kept:
                yield Difference(slug="drift-row-extra", values=about)
        elif found[key] != canonical(entries[key]):
            yield Difference(slug="drift-row-differs", values=about)
