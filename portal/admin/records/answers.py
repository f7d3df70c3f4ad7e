"""The answers of an SOP as rows, one for each case that followed it: to read, never to edit."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from sqlalchemy import Column, Engine, Row, Table
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import reads, wall
from portal.access import Actor, sees
from portal.admin.exports import BATCH, Sheet
from portal.admin.records.asked import Asked, cursor_of
from portal.admin.records.lists import PAGE_SIZE, Heading, Line, counted
from portal.admin.records.pages import RecordPages, key_of, the_actor, with_identity
from portal.admin.records.rows import Rows, batches, count, page
from portal.admin.rules import ANSWERS
from portal.database import reading
from portal.fields import FieldType
from portal.models import answer_column, answer_fields
from portal.releases import Live, SessionNames
from portal.rights import reads_step
from portal.schema import CASE
from portal.tables import Case
from portal.words import say
from portal.worktime import long_date

FIRST = 4
"""So many answers stand in the list; the page of a case has all of them."""
OF_CASE = ("case-number", "case-opened", "case-state")
"""The ids of the columns that tell the case."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One step field as one person sees it."""

    step: str
    name: str
    field: FieldType
    column: Column[Any]
    plain: bool

    def text(self, row: Row[Any], names: SessionNames) -> str:
        """Returns what was answered, as people read it."""
        value = self.field.stored(row._mapping[self.column])
        return self.field.show(value, names) if self.plain else self.field.mask(value)

    def cell(self, row: Row[Any], names: SessionNames) -> str:
        """Returns what was answered, as a spreadsheet holds it."""
        value = self.field.stored(row._mapping[self.column])
        return self.field.export(value, names) if self.plain else self.field.mask(value)


@dataclass(frozen=True, kw_only=True)
class AnswersLens:
    """The answers of an SOP as one person sees them."""

    live: Live
    sop: str
    actor: Actor

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """The fields that the person may see, in the order of the steps."""
        schema, table = self.live.schema, self.table
        fields = answer_fields(schema, schema.sops[self.sop])
        sighted = (
            (step, name, field, sees(schema, self.actor, field, CASE))
            for step, name, field in fields
            if reads_step(schema, self.actor, self.sop, step)
        )
        return tuple(
            Answer(
                step=step,
                name=name,
                field=field,
                column=table.c[answer_column(step, name)],
                plain=sight == "plain",
            )
            for step, name, field, sight in sighted
            if sight != "hidden"
        )

    @property
    def table(self) -> Table:
        """The table of the answers."""
        table: Table = self.live.models.answers[self.sop].__table__
        return table

    @property
    def columns(self) -> list[Any]:
        """What is read of a row."""
        return [*CASE_COLUMNS, *(answer.column for answer in self.answers)]

    def seen(self, cases: Iterable[int], answers: Iterable[Answer]) -> None:
        """Notes for the access log that some answers of some cases are shown."""
        sights = {f"{each.step}.{each.name}": "plain" if each.plain else "masked" for each in answers}
        reads.note("case", cases, {"number": "plain", **sights})

    def rows(self) -> Rows:
        """Returns the answers of the cases that the person sees."""
        source = self.table.join(CASES, CASES.c.id == self.table.c.case_id)
        return Rows(
            source=source,
            key=self.table.c.case_id,
            where=(wall.cases(self.live.schema, self.actor, self.table.name),),
        )


CASES: Table = Case.__table__  # type: ignore[assignment]
CASE_COLUMNS: tuple[Column[Any], ...] = (CASES.c.id, CASES.c.number, CASES.c.opened_at, CASES.c.status)


class AnswersView(RecordPages):
    """List, page and export of an SOP's answers."""

    sop: ClassVar[str]
    menu_group = "list-menu-answers"

    def _lens(self, request: Request) -> AnswersLens:
        return AnswersLens(live=self.live, sop=self.sop, actor=the_actor(request))

    async def list_page(self, request: Request) -> Response:
        """Returns the list, newest case first."""
        lens, wish = self._lens(request), Asked(cursor=cursor_of(request.query_params))
        values = await run_in_threadpool(self._list, lens, wish)
        export = self.has_permission(request, "export")
        return await self.show(request, "records/list.html", {**values, "may_export": export})

    def _list(self, lens: AnswersLens, wish: Asked) -> dict[str, Any]:
        path = f"{self.path}/list"
        with reading(self.engine) as session:
            names = SessionNames(session, lens.live, lens.actor)
            found = page(session, lens.rows(), lens.columns, wish.cursor, PAGE_SIZE)
            total = count(session, lens.rows())
            lens.seen((row.id for row in found.rows), lens.answers[:FIRST])
            lines = tuple(self._line(lens, row, names) for row in found.rows)
        heads = (*_case_heads(), *(answer.field.label for answer in lens.answers[:FIRST]))
        return {
            "title": self.menu_label(),
            "headings": tuple(Heading(label=head) for head in heads),
            "lines": lines,
            "count": counted(total),
            "path": path,
            "before": wish.url(path, before=found.rows[0].id) if found.before and found.rows else "",
            "after": wish.url(path, after=found.rows[-1].id) if found.after and found.rows else "",
        }

    def _line(self, lens: AnswersLens, row: Row[Any], names: SessionNames) -> Line:
        said = (answer.text(row, names) for answer in lens.answers[:FIRST])
        return Line(url=f"{self.path}/details/{row.id}", cells=(*_case_cells(row), *said))

    async def detail_page(self, request: Request, key: str) -> Response:
        """Returns all answers of a case, step by step."""
        values = await run_in_threadpool(self._detail, self._lens(request), key_of(key))
        return await self.show(request, "records/answers.html", values)

    def _detail(self, lens: AnswersLens, key: int) -> dict[str, Any]:
        rows = lens.rows()
        with reading(self.engine) as session:
            row = session.execute(rows.select(*lens.columns).where(rows.key == key)).one_or_none()
            if row is None:
                raise HTTPException(404)
            lens.seen((key,), lens.answers)
            return {
                "title": f"{self.menu_label()}: {row.number}",
                "case": zip(_case_heads(), _case_cells(row), strict=True),
                "case_url": f"/kasus/{key}",
                "many": self.menu_label(),
                "path": self.path,
                "steps": tuple(_steps(lens, row, SessionNames(session, lens.live, lens.actor))),
            }

    def sheet(self, request: Request, data: FormData) -> Sheet:
        """Returns the answers of all cases that the person sees, in the columns of the list."""
        lens = self._lens(request)
        asked = {f"answer-{place}": answer for place, answer in enumerate(lens.answers[:FIRST])}
        steps = lens.live.schema.sops[lens.sop].steps
        heads = {key: f"{steps[each.step].label}: {each.field.label}" for key, each in asked.items()}

        def cells(session: Session, columns: Sequence[str]) -> Iterator[Sequence[str]]:
            for batch in _batches(lens, session):
                names = SessionNames(session, lens.live, lens.actor)
                for row in batch:
                    own = dict(zip(OF_CASE, _case_cells(row), strict=True))
                    yield [own[c] if c in own else asked[c].cell(row, names) for c in columns]

        return Sheet(
            name=f"sop-{lens.sop}",
            title=self.menu_label(),
            columns={**dict(zip(OF_CASE, _case_heads(), strict=True)), **heads},
            count=lambda session, most: count(session, lens.rows(), most),
            rows=cells,
            back=f"{self.path}/list",
            path=f"{self.path}/export",
        )


def _batches(lens: AnswersLens, session: Session) -> Iterator[tuple[Row[Any], ...]]:
    # The cursor is read back from the row by the key's column, which therefore must be among what is read.
    yield from batches(session, lens.rows(), [lens.table.c.case_id, *lens.columns], BATCH)


def _case_heads() -> tuple[str, ...]:
    return say("list-case-number"), say("list-case-opened"), say("list-case-state")


def _case_cells(row: Row[Any]) -> tuple[str, ...]:
    return row.number, long_date(row.opened_at.date()), say(f"list-case-{row.status}")


def _steps(
    lens: AnswersLens, row: Row[Any], names: SessionNames
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    for step_id, step in lens.live.schema.sops[lens.sop].steps.items():
        said = [(each.field.label, each.text(row, names)) for each in lens.answers if each.step == step_id]
        if said:
            yield step.label, tuple(said)


def answers_view(live: Live, engine: Engine, sop: str, clock: Callable[[], datetime]) -> type[AnswersView]:
    """Returns a fresh view class for the answers of an SOP."""
    model, label = live.models.answers[sop], live.schema.sops[sop].label

    def body(namespace: dict[str, Any]) -> None:
        namespace.update(
            name=label, name_plural=label, live=live, engine=engine, clock=staticmethod(clock), sop=sop
        )

    return with_identity(
        types.new_class(f"{model.__name__}View", (AnswersView,), {"model": model}, body), f"{ANSWERS}{sop}"
    )
