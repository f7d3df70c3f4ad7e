"""One record type as one person sees it: its fields, columns, scope and titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, false, true
from sqlalchemy.orm import Session

from portal import reads, wall
from portal.access import Actor, sees, within
from portal.admin.records.planner import aside
from portal.fields import AreaField, FieldType, LinkField, Value
from portal.models import column_name
from portal.releases import Live, SessionNames
from portal.rights import asked_changes
from portal.schema import RecordAct, RecordType, Sight

VILLAGE = 3
"""How many dots the code of a village has."""
_GAP = re.compile(r"\{([^{}]*)\}")


class ShortNames(SessionNames):
    """Names for the cells of a table: an area without its district, which all rows share."""

    def area(self, code: str) -> str:
        """Returns "Desa Margodadi, Kec. Ambarawa" for the code of a village."""
        parts = self._live.places.parts(code)
        if not parts.village:
            return self._live.places.full_name(code)
        return f"{parts.village_kind} {parts.village}, Kec. {parts.subdistrict}"


@dataclass(frozen=True, kw_only=True)
class Lens:
    """A record type, the Release it belongs to, and the person who looks."""

    live: Live
    key: str
    actor: Actor
    place: str | None = None
    """The area of the row that is looked at; None for many rows: then the least of all areas counts."""
    assigned: bool = False
    """Whether the row belongs to a case in which the person has or had a task."""

    unmasked: bool = False
    """Whether the person has given a reason to see what is masked."""

    @property
    def record(self) -> RecordType:
        """The definition."""
        return self.live.schema.records[self.key]

    @property
    def table(self) -> Table:
        """The table of its rows."""
        table: Table = self.live.models.records[self.key].__table__
        return table

    @property
    def many(self) -> str:
        """The name of the list."""
        return self.record.label_many or self.record.label

    def column(self, field: str) -> Column[Any]:
        """Returns the column of a field."""
        return self.table.c[column_name(field)]

    @cached_property
    def sights(self) -> Mapping[str, Sight]:
        """How the person sees each field."""
        schema, here = self.live.schema, (self.place,)
        seen = {
            name: sees(schema, self.actor, field, self.key, name, *here, assigned=self.assigned)
            for name, field in self.record.fields.items()
        }
        return {
            name: "plain" if self.unmasked and sight == "masked" else sight for name, sight in seen.items()
        }

    @cached_property
    def changes(self) -> frozenset[str]:
        """The fields that the person may change."""
        return asked_changes(self.live.schema, self.actor, self.key, self.place, assigned=self.assigned)

    @cached_property
    def _near(self) -> dict[str, Lens]:
        return {}

    def at(self, row: Row[Any], *, assigned: bool = False) -> Lens:
        """Returns the record type as the person sees one row: their roles may differ from area to area."""
        if self.area is None:
            return replace(self, assigned=True) if assigned else self
        place = row._mapping[self.area] or ""
        if assigned:
            return replace(self, place=place, assigned=True)
        if place not in self._near:
            self._near[place] = replace(self, place=place)
        return self._near[place]

    def sight_of(self, field: FieldType, name: str) -> Sight:
        """Returns how the person sees a field, also one that is no longer of this record type."""
        schema, actor = self.live.schema, self.actor
        return sees(schema, actor, field, self.key, name, self.place, assigned=self.assigned)

    def plain(self, names: Iterable[str]) -> tuple[str, ...]:
        """Returns those of some fields that the person sees plainly."""
        return tuple(name for name in names if self.sights.get(name) == "plain")

    def visible(self, names: Iterable[str]) -> tuple[str, ...]:
        """Returns those of some fields that are not hidden from the person."""
        return tuple(name for name in names if self.sights.get(name, "hidden") != "hidden")

    @property
    def area(self) -> Column[Any] | None:
        """The column that decides who may see a row."""
        return self.column(self.record.area) if self.record.area else None

    @property
    def scope(self) -> ColumnElement[bool]:
        """The condition on the rows that the person may see."""
        return wall.rows(self.live.schema, self.actor, self.key, self.area, self.table.c.id)

    @property
    def scope_aside(self) -> ColumnElement[bool]:
        """The same condition for rows that another index finds."""
        area = None if self.area is None else aside(self.area)
        return wall.rows(self.live.schema, self.actor, self.key, area, self.table.c.id)

    def granted(self, act: RecordAct) -> tuple[str, ...]:
        """Returns the areas in which the person may do something; the empty one is everywhere."""
        if self.actor.everything:
            return ("",)
        roles = self.live.schema.roles
        held = (granted for granted in self.actor.grants if granted.role in roles)
        return tuple(each.area for each in held if act in roles[each.role].records.get(self.key, ()))

    def may_where(self, act: RecordAct) -> ColumnElement[bool]:
        """Returns the condition on the rows with which the person may do something."""
        granted = self.granted(act)
        if self.area is None:
            return true() if granted else false()
        return within(self.area, granted)

    def areas(self, act: RecordAct, inside: str = "") -> tuple[str, ...]:
        """Returns the codes of all areas in which the person may do something, or of those inside one."""
        granted = self.granted(act)
        return tuple(
            code
            for code in self.live.schema.areas
            if _lies_in(code, inside) and any(_lies_in(code, area) for area in granted)
        )

    def villages(self, field: str, act: RecordAct) -> tuple[str, ...]:
        """Returns the villages that a field of a form may name: the person's, for the field of the scope."""
        codes = self.areas(act) if field == self.record.area else tuple(self.live.schema.areas)
        return tuple(code for code in codes if code.count(".") == VILLAGE)

    def names(self, session: Session, *, short: bool = False) -> SessionNames:
        """Returns what codes and keys stand for, as the person may read it."""
        kind = ShortNames if short else SessionNames
        return kind(session, self.live, self.actor)

    def text(self, field: str, value: object, names: SessionNames) -> str:
        """Returns a value as the person reads it: in full, masked, or nothing."""
        definition, sight = self.record.fields[field], self.sights[field]
        stored = definition.stored(value)
        if sight == "plain":
            return definition.show(stored, names)
        return definition.mask(stored) if sight == "masked" else ""

    def cell(self, field: str, value: object, names: SessionNames) -> str:
        """Returns a value as a spreadsheet holds it, masked where the person sees it masked."""
        definition = self.record.fields[field]
        stored = definition.stored(value)
        return definition.export(stored, names) if self.sights[field] == "plain" else definition.mask(stored)

    def title(self, row: Row[Any], names: SessionNames) -> str:
        """Returns how a record is called."""
        values, here = row._mapping, self.at(row, assigned=self.assigned)
        parts = {name: here.text(name, values[self.column(name)], names) for name in self.title_fields}
        said = _GAP.sub(lambda gap: parts.get(gap[1], gap[0]), self.record.title)
        return " ".join(said.split()) or str(values[self.table.c.id])

    @cached_property
    def title_fields(self) -> tuple[str, ...]:
        """The fields that the title names."""
        named = dict.fromkeys(_GAP.findall(self.record.title))
        return tuple(name for name in named if name in self.record.fields)

    def values(self, row: Row[Any]) -> dict[str, Value]:
        """Returns the values of a whole row by field."""
        stored = row._mapping
        return {name: each.stored(stored[self.column(name)]) for name, each in self.record.fields.items()}

    def seen(self, rows: Iterable[Row[Any]], fields: Iterable[str]) -> None:
        """Notes for the access log that some fields of some rows are shown."""
        key = self.table.c.id
        names = dict.fromkeys((*self.title_fields, *fields))
        for row in rows:
            here = self.at(row, assigned=self.assigned).sights
            reads.note(self.key, (row._mapping[key],), {name: here.get(name, "hidden") for name in names})

    def preload(self, names: SessionNames, fields: Iterable[str], rows: Iterable[Row[Any]]) -> None:
        """Looks up the titles of all linked records of some rows, one query for each linked type."""
        rows = tuple(rows)
        for field in fields:
            definition = self.record.fields[field]
            if isinstance(definition, LinkField) and self.sights[field] == "plain":
                column = self.column(field)
                names.preload(definition.to, (row._mapping[column] for row in rows if row._mapping[column]))

    def other(self, key: str) -> Lens:
        """Returns another record type as the same person sees it."""
        return Lens(live=self.live, key=key, actor=self.actor)


def _lies_in(code: str, area: str) -> bool:
    return area in ("", code) or code.startswith(f"{area}.")


def is_filter(lens: Lens, field: str) -> bool:
    """Tells whether a list may be narrowed by a field: declared, or a link, or an area; and plainly seen."""
    definition: FieldType | None = lens.record.fields.get(field)
    if definition is None or lens.sights[field] != "plain":
        return False
    declared = field in lens.record.filters and (definition.filterable or isinstance(definition, AreaField))
    return declared or field == lens.record.area or isinstance(definition, LinkField)
