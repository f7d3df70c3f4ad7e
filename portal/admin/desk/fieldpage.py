"""Catat di lapangan: complaints taken on a phone without a line, sent later, and those to be checked."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from portal import reads
from portal.access import may, may_in
from portal.admin.desk.asked import complaint_fields, person_fields, starting, villages
from portal.admin.desk.base import Desk, Here, new_key, path_key
from portal.admin.desk.caselist import called
from portal.admin.desk.fieldtake import Outcome, field_form, received
from portal.admin.forms import Form
from portal.admin.once import stamp
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.events import record
from portal.fields import AreaField
from portal.rights import opens
from portal.tables import Case, FieldRecord
from portal.worktime import moment

OUTREACH = "outreach"
"""The channel of a complaint taken in the field, where the office has it under this id."""
MOST_LISTED = 100


class FieldPage(Desk):
    """The page that works without a line."""

    menu_url = "/lapangan"
    menu_slug = "field-page"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        return may(schema, actor, "register") and opens(schema, actor, "intake")

    @expose("/lapangan", methods=["GET"])
    @needs("register", screen="intake")
    @takes()
    async def page_of_field(self, request: Request) -> Response:
        """Shows the page; it holds nothing about anybody, as the phone keeps it."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        return await self.page(request, "desk/field.html", self._values(self.here(request)))

    def _values(self, here: Here) -> dict[str, Any]:
        schema, areas = here.live.schema, villages(here.live, here.actor)
        fields = complaint_fields(here.live, areas)
        first = starting(here.live, areas)
        if OUTREACH in schema.channels:
            first |= {"channel": OUTREACH}
        home = schema.records[schema.subject()].area
        lives = {home: areas[0].value} if home and len(areas) == 1 else {}
        person = Form.filled(person_fields(schema, here.actor), lives)
        complaint = Form.filled(fields, first)
        for form in (person, complaint):
            for name, entry in form.entries.items():
                if isinstance(entry.field, AreaField):
                    form.offer(name, areas)
        asked = {key for program in schema.programs.values() for key in program.documents}
        owner = sha256(f"field {here.actor.account_id}".encode()).hexdigest()[:16]
        papers = [(key, each.label) for key, each in schema.documents.items() if key in asked]
        return {
            "person": person,
            "complaint": complaint,
            "papers": papers,
            "release": here.live.release_id,
            "owner": owner,
        }

    @expose("/lapangan/kirim", methods=["POST"])
    @needs("register", "records", "record", screen="intake")
    @takes(form=("key",), entries=field_form)
    async def take(self, request: Request) -> Response:
        """Takes one record and says what became of it."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here, data = self.here(request), await request.form()
        outcome: Outcome = await self.work(received, here, data)
        return JSONResponse(asdict(outcome), status_code=422 if outcome.why else 200)


class FieldChecks(Desk):
    """What came in from the field for people whom the portal knew already."""

    menu_url = "/lapangan/periksa"
    menu_slug = "field-checks"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        return may(schema, actor, "work") and may(schema, actor, "register")

    @expose("/lapangan/periksa", methods=["GET"])
    @needs("work", "cases", "case")
    @takes()
    async def checks(self, request: Request) -> Response:
        """Lists what has to be checked, the oldest first."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        rows = await self.work(here.read, lambda session: _rows(session, here))
        return await self.page(request, "desk/fieldchecks.html", {"rows": rows, "key": new_key()})

    @expose("/lapangan/periksa/{record_id:int}", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=("key",))
    async def checked(self, request: Request) -> Response:
        """Notes that somebody has looked at a record."""
        here, key = self.here(request), path_key(request, "record_id")
        said = stamp(await request.form(), here.actor)

        def act(session: Session) -> str:
            row = session.get(FieldRecord, key)
            case = session.get(Case, row.case_id) if row is not None else None
            if row is None or case is None:
                raise HTTPException(404)
            if not may_in(here.live.schema, here.actor, "work", case.area):
                raise HTTPException(403)
            if row.checked_at is None:
                row.checked_at, row.checked_by = here.now, here.actor.account_id
                record(
                    session,
                    actor=here.actor,
                    now=here.now,
                    kind="field-checked",
                    subject="case",
                    subject_id=case.id,
                    data={},
                )
            return "/lapangan/periksa?notice=field-checked"

        return RedirectResponse(await self.work(here.once, said, act), status_code=303)


def _rows(session: Session, here: Here) -> list[dict[str, Any]]:
    schema = here.live.schema
    fields, zone = schema.records[schema.subject()].fields, ZoneInfo(schema.office.time_zone)
    query = select(FieldRecord, Case).join(Case, Case.id == FieldRecord.case_id)
    waiting = query.where(FieldRecord.known, FieldRecord.checked_at.is_(None)).order_by(FieldRecord.id)
    rows = []
    for row, case in session.execute(waiting.limit(MOST_LISTED)):
        reads.note("case", (case.id,), {"number": "plain", "program": "plain"})
        rows.append(
            {
                "id": row.id,
                "case": case.id,
                "number": case.number,
                "program": called(schema, case.program),
                "taken": moment(row.taken_at.astimezone(zone)),
                "differs": [fields[key].label for key in row.differs.split(",") if key in fields],
            }
        )
    return rows
