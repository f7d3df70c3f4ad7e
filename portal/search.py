"""Finding by any part of a name: a trigram index beside the table, kept by the database itself.

SQLite keeps an FTS5 table with the trigram tokenizer, filled by triggers; PostgreSQL a GIN index of pg_trgm.
Both are derived: they can be dropped and built again from the rows at any time.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    Connection,
    Table,
    and_,
    bindparam,
    column,
    literal_column,
    select,
    table,
    text,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import Select

from portal.fields.base import legible

SHORTEST = 3
"""A trigram index finds nothing shorter."""
LAST = "\U0010ffff"
"""The character after which no other comes."""


def _index(of: Table) -> str:
    return f"{of.name}_words"


def build(connection: Connection, of: Table, columns: Sequence[str]) -> None:
    """Builds the word index of a table over some of its text columns, anew when it exists."""
    drop(connection, of)
    if not columns:
        return
    statements = _sqlite(of, columns) if connection.dialect.name == "sqlite" else _postgresql(of, columns)
    for statement in statements:
        connection.execute(text(statement))


def drop(connection: Connection, of: Table) -> None:
    """Removes the word index of a table, if there is one."""
    name = _index(of)
    if connection.dialect.name == "sqlite":
        for part in ("ai", "ad", "au"):
            connection.execute(text(f'DROP TRIGGER IF EXISTS "{name}_{part}"'))
        connection.execute(text(f'DROP TABLE IF EXISTS "{name}"'))
    else:
        connection.execute(text(f'DROP INDEX IF EXISTS "{name}"'))


def _sqlite(of: Table, columns: Sequence[str]) -> list[str]:
    name, names = _index(of), ", ".join(f'"{each}"' for each in columns)
    new, old = (", ".join(f'{row}."{each}"' for each in columns) for row in ("new", "old"))
    # The names are column names that `models` made from ids: lower case letters, digits and underscores.
    forget = f"""INSERT INTO "{name}"("{name}", rowid, {names}) VALUES ('delete', old.id, {old});"""  # noqa: S608
    learn = f'INSERT INTO "{name}"(rowid, {names}) VALUES (new.id, {new});'  # noqa: S608
    return [
        f"""CREATE VIRTUAL TABLE "{name}" USING fts5({names}, content='{of.name}', content_rowid='id',"""
        " tokenize='trigram', detail='full')",
        f'CREATE TRIGGER "{name}_ai" AFTER INSERT ON "{of.name}" BEGIN {learn} END',
        f'CREATE TRIGGER "{name}_ad" AFTER DELETE ON "{of.name}" BEGIN {forget} END',
        f'CREATE TRIGGER "{name}_au" AFTER UPDATE OF {names} ON "{of.name}" BEGIN {forget} {learn} END',
        f"""INSERT INTO "{name}"("{name}") VALUES ('rebuild')""",  # noqa: S608
    ]


def _joined(of: Table, columns: Sequence[str]) -> str:
    return " || ' ' || ".join(f'coalesce("{of.name}"."{each}", \'\')' for each in columns)


def _postgresql(of: Table, columns: Sequence[str]) -> list[str]:
    return [
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        f'CREATE INDEX "{_index(of)}" ON "{of.name}"'
        f" USING gin ((lower({_joined(of, columns)})) gin_trgm_ops)",
    ]


def contains(of: Table, columns: Sequence[str], words: str, dialect: str) -> ColumnElement[bool]:
    """Returns the condition that a row holds every word of a search, in any part and order.

    Words shorter than three letters cannot be looked up and are left out; the caller sees to it that at least
    one is long enough (`can_find`).
    """
    if not can_find(words):
        return true()
    if dialect == "sqlite":
        return of.c.id.in_(rows_with(of, words))
    haystack: ColumnElement[str] = literal_column(f"lower({_joined(of, columns)})")
    return and_(*(haystack.like(f"%{_escaped(word.lower())}%", escape="\\") for word in _long(words)))


def _long(words: str) -> list[str]:
    return [word for word in legible(words).split() if len(word) >= SHORTEST]


def rows_with(of: Table, words: str) -> Select[tuple[int]]:
    """Returns the SQLite query for the keys of the rows that hold every word."""
    name = _index(of)
    quoted = " ".join('"' + word.replace('"', '""') + '"' for word in _long(words))
    index = table(name, column("rowid"))
    return select(index.c.rowid).where(text(f'"{name}" MATCH :words').bindparams(bindparam("words", quoted)))


def can_find(words: str) -> bool:
    """Tells whether at least one word is long enough to be looked up."""
    return bool(_long(words))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def starts_with(of: ColumnElement[str] | InstrumentedAttribute[str], text_: str) -> ColumnElement[bool]:
    """Returns the condition that a code begins with a text, as a range of its index, byte by byte."""
    return (of >= text_) & (of < f"{text_}{LAST}")


def tidy(connection: Connection, of: Table) -> None:
    """Merges the word index of a table into one part: older parts keep what was taken out of it."""
    if connection.dialect.name == "sqlite":
        name = _index(of)
        connection.execute(text(f"""INSERT INTO "{name}"("{name}") VALUES ('optimize')"""))  # noqa: S608
