"""What a database looks like, for comparing two of them: its tables without data, or everything in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, inspect, select, text

from portal import search
from portal.database import engine_of, writing
from portal.models import build
from portal.releases import word_columns
from portal.schema import Schema
from portal.tables import Base


def create(engine: Engine, schema: Schema) -> None:
    """Makes all tables of a Schema in an empty database, without any plan."""
    models = build(schema)
    with writing(engine) as session:
        Base.metadata.create_all(session.connection())
        models.metadata.create_all(session.connection())
        tables = {**models.records, **models.withdrawn}
        for key, record in schema.kept.records.items():
            search.build(session.connection(), tables[key].__table__, word_columns(record))


def emptied(engine: Engine, folder: Path) -> Engine:
    """Returns an empty database of the same kind: another SQLite file, or the PostgreSQL one made empty."""
    if engine.dialect.name == "sqlite":
        return engine_of(f"sqlite:///{folder / f'{len(list(folder.iterdir()))}.db'}")
    with writing(engine) as session:
        session.execute(text("DROP SCHEMA public CASCADE"))
        session.execute(text("CREATE SCHEMA public"))
    return engine


def shape(engine: Engine) -> dict[str, Any]:
    """Returns tables, columns, keys, indexes, triggers and word indexes; the order of columns is no shape."""
    inspector = inspect(engine)
    names = [
        name for name in inspector.get_table_names() if "_words" not in name and name != "alembic_version"
    ]
    return {**{name: _table(inspector, name) for name in names}, "words": _words(engine)}


def _table(inspector: Any, name: str) -> dict[str, Any]:
    named = inspector.dialect.name != "sqlite"  # where no foreign key is ever dropped by its name
    return {
        "columns": {
            each["name"]: (str(each["type"]), each["nullable"], each["default"])
            for each in inspector.get_columns(name)
        },
        "primary": inspector.get_pk_constraint(name)["constrained_columns"],
        "unique": sorted(sorted(each["column_names"]) for each in inspector.get_unique_constraints(name)),
        "foreign": sorted(
            (each["constrained_columns"], each["referred_table"], each["name"] if named else "")
            for each in inspector.get_foreign_keys(name)
        ),
        "indexes": sorted(
            (each["name"], each["column_names"], bool(each["unique"])) for each in inspector.get_indexes(name)
        ),
    }


def _words(engine: Engine) -> list[str]:
    """Returns the statements that make the word indexes, as the database keeps them."""
    on_sqlite = engine.dialect.name == "sqlite"
    master = "SELECT sql FROM sqlite_master WHERE name LIKE '%_words%' AND sql IS NOT NULL"
    catalogue = (
        "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname LIKE '%_words'"
    )
    with engine.connect() as connection:
        return sorted(connection.scalars(text(master if on_sqlite else catalogue)))


def rows(engine: Engine) -> dict[str, list[Any]]:
    """Returns every row of every table, derived ones left out."""
    found = MetaData()
    names = [name for name in inspect(engine).get_table_names() if "_words" not in name]
    found.reflect(engine, only=names)
    with engine.connect() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(found.tables[name]))), key=repr)
            for name in names
        }
