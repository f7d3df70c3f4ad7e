"""Programmes and destinations as pages to read: what a clerk looks up while somebody waits."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Engine, Row, Table, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.admin.exports import Sheet
from portal.admin.records.lists import Heading, Line
from portal.admin.records.pages import RecordPages, with_identity
from portal.admin.rules import REFERENCE
from portal.admin.screen import actor_of
from portal.database import reading
from portal.releases import Live
from portal.schema import Destination, Program, Schema
from portal.sheets import roles_open
from portal.steps import DocumentNeed
from portal.words import say

Facts = Iterator[tuple[str, str]]
MOST = 500
"""More rows than any district has programmes or destinations; the list reads no more."""


class ReferenceView(RecordPages):
    """List, page and export of reference rows."""

    what: ClassVar[str]
    table: ClassVar[Table]
    menu_group = "list-menu-reference"

    def menu_label(self) -> str:
        """Returns its name in the menu, in the reader's language."""
        return say(f"list-{self.what}")

    async def list_page(self, request: Request) -> Response:
        """Returns the whole list: it is short."""
        rows = await run_in_threadpool(self._rows)
        values = {
            "title": self.menu_label(),
            "headings": tuple(Heading(label=say(slug)) for slug in self._heads()),
            "lines": tuple(Line(url=f"{self.path}/details/{row.id}", cells=self._cells(row)) for row in rows),
            "count": str(len(rows)),
            "path": f"{self.path}/list",
            "may_export": True,
        }
        return await self.show(request, "records/list.html", values)

    def _rows(self) -> tuple[Row[Any], ...]:
        with reading(self.engine) as session:
            return tuple(session.execute(select(self.table).order_by(self.table.c.position).limit(MOST)))

    def _heads(self) -> tuple[str, ...]:
        return "list-name", "list-sectors", "list-state"

    def _cells(self, row: Row[Any]) -> tuple[str, ...]:
        sectors = self.live.schema.known.sectors
        named = (sectors[each].label if each in sectors else each for each in row.sectors.split())
        return row.label, ", ".join(named), say(f"list-status-{row.status}")

    async def detail_page(self, request: Request, key: str) -> Response:
        """Returns everything that the Release says of one entry."""
        entries = (
            self.live.schema.known.programs
            if self.what == "programs"
            else self.live.schema.known.destinations
        )
        if key not in entries:
            raise HTTPException(404)
        entry: Program | Destination = entries[key]
        facts = _of_program if isinstance(entry, Program) else _of_destination
        said = facts(self.live.schema, entry)  # type: ignore[arg-type]
        values = {
            "title": entry.label,
            "many": self.menu_label(),
            "path": self.path,
            "facts": [pair for pair in said if pair[1]],
            "sheets": _sheets(self.live.schema, request, entry),
        }
        return await self.show(request, "records/reference.html", values)

    def sheet(self, request: Request, data: FormData) -> Sheet:
        """Returns the whole list."""
        rows = self._rows()

        def cells(session: Session, columns: Sequence[str]) -> Iterator[Sequence[str]]:
            for row in rows:
                said = dict(zip(self._heads(), self._cells(row), strict=True))
                yield [said[column] for column in columns]

        return Sheet(
            name=self.what,
            title=self.menu_label(),
            columns={slug: say(slug) for slug in self._heads()},
            count=lambda session, most: len(rows),
            rows=cells,
            back=f"{self.path}/list",
            path=f"{self.path}/export",
        )


def _of_program(schema: Schema, program: Program) -> Facts:
    yield say("list-short"), program.short or ""
    yield say("list-owner"), program.owner
    yield say("list-sectors"), schema.known.sectors[program.sector].label
    yield say("list-state"), say(f"list-status-{program.status}")
    yield say("list-description"), program.description or ""
    if program.benefit:
        yield say("list-benefit"), program.benefit.amount
    yield say("list-eligibility"), "\n".join(rule.says for rule in program.eligibility.values())
    yield say("list-documents"), _documents(schema, program.documents)
    yield say("list-complaints"), "\n".join(schema.known.complaints[key].label for key in program.complaints)
    yield say("list-sop"), schema.known.sops[program.sop].label if program.sop else ""
    yield (
        say("list-destination"),
        schema.known.destinations[program.destination].label if program.destination else "",
    )
    yield say("list-legal-basis"), "\n".join(program.legal_basis)
    yield say("list-to-verify"), program.to_verify or ""


def _of_destination(schema: Schema, place: Destination) -> Facts:
    yield say("list-addressee"), place.addressee
    yield say("list-address"), ", ".join(filter(None, (place.address, place.place)))
    yield say("list-phone"), place.phone or ""
    yield say("list-hours"), place.hours or ""
    yield say("list-sectors"), ", ".join(schema.known.sectors[key].label for key in place.takes)
    yield say("list-documents"), "\n".join(filter(None, (_documents(schema, place.needs), place.needs_note)))
    yield say("list-to-verify"), place.to_verify or ""


def _sheets(schema: Schema, request: Request, entry: Program | Destination) -> str:
    """Returns the page of an SOP's sheets, where whoever asks may print one; else nothing."""
    sop, actor = entry.sop if isinstance(entry, Program) else None, actor_of(request)
    if sop not in schema.sops or actor is None or not roles_open(schema, actor, str(sop)):
        return ""
    return f"/sop/{sop}/lembar"


def _documents(schema: Schema, needs: dict[str, DocumentNeed]) -> str:
    return "\n".join(schema.known.documents[key].label for key in needs if key in schema.known.documents)


def _view(
    live: Live, engine: Engine, clock: Callable[[], datetime], what: str, model: type[Any]
) -> type[ReferenceView]:
    def body(namespace: dict[str, Any]) -> None:
        namespace.update(
            name=what,
            name_plural=what,
            live=live,
            engine=engine,
            clock=staticmethod(clock),
            what=what,
            table=model.__table__,
        )

    return with_identity(
        types.new_class(f"{model.__name__}View", (ReferenceView,), {"model": model}, body),
        f"{REFERENCE}{what}",
    )


def programs_view(live: Live, engine: Engine, clock: Callable[[], datetime]) -> type[ReferenceView]:
    """Returns a fresh view class of the programmes."""
    return _view(live, engine, clock, "programs", live.models.programs)


def destinations_view(live: Live, engine: Engine, clock: Callable[[], datetime]) -> type[ReferenceView]:
    """Returns a fresh view class of the destinations."""
    return _view(live, engine, clock, "destinations", live.models.destinations)
