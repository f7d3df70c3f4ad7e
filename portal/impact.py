"""A plan and the database -> the same plan with how much each change touches; it only reads.

`plan` stays pure: whoever wants figures weighs its plan here, against the tables of the last Release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal import changes
from portal.changes import Change, Count, Counted
from portal.models import Models, build
from portal.plan import Plan
from portal.renames import Rename, columns_before
from portal.schema import Schema
from portal.tables import Case, CaseDocument, Grant, IssuedLetter, Referral, Task

_OPEN = Case.status == "open"
_BY_ENTRY: Mapping[str, tuple[tuple[Counted, Callable[[str], Select[int]]], ...]] = {
    "programs": (("cases", lambda key: _count(Case.id, Case.program == key, _OPEN)),),
    "complaints": (("cases", lambda key: _count(Case.id, Case.complaint == key, _OPEN)),),
    "channels": (("cases", lambda key: _count(Case.id, Case.channel == key, _OPEN)),),
    "priorities": (("cases", lambda key: _count(Case.id, Case.priority == key, _OPEN)),),
    "centres": (("cases", lambda key: _count(Case.id, Case.centre == key, _OPEN)),),
    "sops": (("cases", lambda key: _count(Case.id, Case.sop == key, _OPEN)),),
    "outcomes": (("cases", lambda key: _count(Case.id, Case.outcome == key)),),
    "roles": (
        ("accounts", lambda key: _count(Grant.account_id.distinct(), Grant.role == key)),
        ("tasks", lambda key: _count(Task.id, Task.role == key, Task.status == "open")),
    ),
    "letters": (("letters", lambda key: _count(IssuedLetter.id, IssuedLetter.letter == key)),),
    "destinations": (("referrals", lambda key: _count(Referral.id, Referral.destination == key)),),
    "documents": (("papers", lambda key: _count(CaseDocument.id, CaseDocument.document == key)),),
}
"""What an entry of a section touches, in the order of the sentence."""


def weigh(session: Session, plan: Plan, before: Schema, renames: tuple[Rename, ...]) -> Plan:
    """Returns a plan with its figures.

    Args:
        before: the Schema of the last Release, whose tables the database has.
        renames: what the plan renames.
    """
    scale = _Scale(session, build(before), columns_before(before, renames))
    return replace(
        plan,
        changes=tuple(scale.weighed(change) for change in plan.changes),
        refused=tuple(scale.weighed(change) for change in plan.refused),
    )


def _count(what: ColumnElement[Any] | InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> Select[int]:
    return select(func.count(what)).where(*where)


class _Scale:
    """Counts in one database; the rows of a table once."""

    def __init__(
        self, session: Session, models: Models, columns: Mapping[tuple[str, str], Column[Any]]
    ) -> None:
        self._session = session
        self._models = models
        self._columns = columns
        self._rows: dict[str, int] = {}

    def weighed(self, change: Change) -> Change:
        """Returns a change with its figures."""
        return replace(change, counts=tuple(self._of(change)))

    def _of(self, change: Change) -> Iterator[Count]:
        if isinstance(change, changes.FieldChange):
            yield from self._of_field(change)
        elif isinstance(change, changes.SopChanged | changes.SopReworded):
            yield from self._of_entry("sops", change.key)
        elif isinstance(change, changes.StepRenamed):
            yield from self._of_entry("sops", change.sop)
        elif isinstance(change, changes.EntryChanged | changes.EntryRemoved):
            yield from self._of_entry(change.section, change.key)
        elif isinstance(change, changes.EntryRenamed):
            yield from self._of_entry(change.section, change.was)

    def _of_entry(self, section: str, key: str) -> Iterator[Count]:
        if section == "records" and key in self._models.records:
            yield Count(what="rows", number=self._size(self._models.records[key].__table__))
        for what, query in _BY_ENTRY.get(section, ()):
            yield Count(what=what, number=self._session.scalar(query(key)) or 0)

    def _of_field(self, change: changes.FieldChange) -> Iterator[Count]:
        table = next((each.table for key, each in self._columns.items() if key[0] == change.table), None)
        if table is None:
            return
        yield Count(what="rows", number=self._size(table))
        column = self._columns.get((change.table, change.column))
        if isinstance(change, changes.AnswerRenamed):
            column = self._columns.get((change.table, replace(change, path=_beside(change)).column))
        if column is None:
            return
        holding: ColumnElement[bool] = column.is_not(None)
        if isinstance(change, changes.ChoiceRemoved):
            holding = column == change.choice
        filled = self._session.scalar(_count(table.c[0], holding)) or 0
        if isinstance(change, changes.FieldMadeRequired):
            yield Count(what="empty", number=self._size(table) - filled)
        else:
            yield Count(what="filled", number=filled)

    def _size(self, table: Table) -> int:
        if table.name not in self._rows:
            self._rows[table.name] = self._session.scalar(select(func.count()).select_from(table)) or 0
        return self._rows[table.name]


def _beside(change: changes.AnswerRenamed) -> str:
    return f"{change.path.rpartition('.')[0]}.{change.was.rpartition('.')[2]}"
