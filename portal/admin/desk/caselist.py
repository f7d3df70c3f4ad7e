"""All cases that a person may see, newest first, page by page at any depth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import reads, wall
from portal.access import CLASSES, roles_of
from portal.admin.desk.base import Desk, Here
from portal.admin.desk.caseletters import letters_to_issue
from portal.admin.exports import may_export
from portal.admin.records.narrow import MOST_PARTS
from portal.admin.records.rows import COUNTED, Cursor, Page, Rows, count, page
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.facts import calendar
from portal.releases import SessionNames
from portal.rights import opens
from portal.schema import Schema
from portal.tables import Case
from portal.words import say
from portal.worktime import long_date

SIZE = 25
TABLE: Any = Case.__table__
COLUMNS = tuple(
    TABLE.c[name]
    for name in (
        "id",
        "number",
        "resident_id",
        "program",
        "complaint",
        "status",
        "stage",
        "area",
        "opened_at",
        "flags",
    )
)

SHOWN = ("number", "program", "complaint", "status", "area")


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """One case in a list."""

    id: int
    number: str
    person: str
    program: str
    complaint: str
    status: str
    closed: bool
    area: str
    opened: str
    flags: tuple[str, ...] = ()


def called(schema: Schema, program: str) -> str:
    """Returns what people call a programme: its abbreviation, if it has one."""
    known = schema.known.programs.get(program)
    return (known.short or known.label) if known else program


def _complaint(schema: Schema, complaint: str) -> str:
    known = schema.known.complaints.get(complaint)
    return known.label if known else ""


def _flags(schema: Schema, flags: Sequence[str] | None) -> Iterator[str]:
    """What is flagged on a case, by label."""
    for key in flags or ():
        yield schema.known.flags[key].label if key in schema.known.flags else key


def lines(session: Session, here: Here, found: Sequence[Any]) -> tuple[CaseLine, ...]:
    """Returns rows of cases as lists show them, their residents looked up in one query."""
    schema, subject = here.live.schema, here.live.schema.subject()
    names = SessionNames(session, here.live, here.actor)
    names.preload(subject, [row.resident_id for row in found if row.resident_id is not None])
    zone = calendar(schema).zone
    reads.note("case", (row.id for row in found), dict.fromkeys(SHOWN, "plain"))
    return tuple(
        CaseLine(
            id=row.id,
            number=row.number,
            person=names.record(subject, row.resident_id) if row.resident_id else say("desk-anonymous"),
            program=called(schema, row.program),
            complaint=_complaint(schema, row.complaint),
            status=say(f"stage-{row.stage}"),
            closed=row.status == "closed",
            area=names.area(row.area).split(",")[0],
            opened=long_date(row.opened_at.astimezone(zone).date()),
            flags=tuple(_flags(schema, getattr(row, "flags", None))),
        )
        for row in found
    )


def _listed(session: Session, here: Here, rows: Rows, cursor: Cursor | None) -> tuple[Page, int, Any]:
    found = page(session, rows, COLUMNS, cursor, SIZE)
    return found, count(session, rows), lines(session, here, found.rows)


def guarded_count(session: Session, here: Here) -> int | None:
    """Returns how many cases there are of which the person may know no more than that, None where it is none.

    It is one number for all their areas, whatever the list is narrowed to: a filter would tell more of each.
    """
    schema, actor = here.live.schema, here.actor
    held = [role.cases for _, role in roles_of(schema, actor)]
    if not any(getattr(each, access) == "count" for each in held for access in CLASSES):
        return None
    counted = wall.counted_cases(schema, actor)
    return session.scalar(select(func.count()).select_from(Case).where(counted)) or 0


def _villages(here: Here) -> tuple[ColumnElement[bool], ...]:
    """A condition for each village of a person's areas, where they are few enough to be read in turn."""
    held = [granted for granted in here.actor.grants if granted.role in here.live.schema.roles]
    codes = [code for code in here.live.schema.areas if any(each.covers(code) for each in held)]
    everywhere = any(not each.area for each in held)
    return () if everywhere or len(codes) > MOST_PARTS else tuple(TABLE.c.area == code for code in codes)


def cursor_of(request: Request) -> Cursor | None:
    """Returns where the address says that a page starts, None for the first."""
    for name, back in (("after", False), ("before", True)):
        key = request.query_params.get(name, "")
        if key.isascii() and key.isdigit() and len(key) < 19:
            return Cursor(key=int(key), back=back)
    return None


class CaseList(Desk):
    """The list of cases, to be narrowed to the open or the closed ones."""

    menu_url = "/kasus"
    menu_slug = "desk-cases"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        held = [role.cases for _, role in roles_of(schema, actor)]
        sees = any(getattr(each, access) != "none" for each in held for access in CLASSES)
        return sees and opens(schema, actor, "cases")

    @expose("/kasus", methods=["GET"])
    @needs("account", "cases", "case", screen="cases")
    @takes(query=("status", "after", "before"))
    async def cases(self, request: Request) -> Response:
        """Shows a page of cases."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here, status = self.here(request), request.query_params.get("status", "")
        chosen = status if status in ("open", "closed") else ""
        where = (TABLE.c.status == chosen,) if chosen else ()
        scope = wall.cases(here.live.schema, here.actor)
        rows = Rows(source=TABLE, key=TABLE.c.id, where=(*where, scope), parts=_villages(here))
        found, number, shown = await self.work(
            here.read, lambda session: _listed(session, here, rows, cursor_of(request))
        )
        kept = f"&status={chosen}" if chosen else ""
        guarded = await self.work(here.read, lambda session: guarded_count(session, here))
        values = {
            "lines": shown,
            "status": chosen,
            "guarded": guarded,
            "may_export": may_export(here.live, here.actor),
            "may_batch": bool(letters_to_issue(here.live.schema, here.actor)),
            "count": say("desk-more-than", count="1.000") if number > COUNTED else str(number),
            "before": f"/kasus?before={shown[0].id}{kept}" if found.before and shown else None,
            "after": f"/kasus?after={shown[-1].id}{kept}" if found.after and shown else None,
        }
        return await self.page(request, "desk/cases.html", values)
