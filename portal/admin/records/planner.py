"""Which index a query takes where the planner has no figures, as SQLite's mostly has not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Aside(FunctionElement[Any]):
    """A column whose indexes SQLite leaves aside; PostgreSQL knows its figures and decides by itself."""

    name = "aside"
    inherit_cache = True


@compiles(_Aside)
def _as_it_is(element: _Aside, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_Aside, "sqlite")
def _with_a_plus(element: _Aside, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


def aside(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Returns a column that is compared row by row and not looked up."""
    made = _Aside(column)
    made.type = column.type
    return made
