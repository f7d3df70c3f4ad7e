"""The times of a case: its clocks and how their dates came about; letting them stand still and run again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import Forbidden
from portal.admin.desk.base import Desk, Here, new_key, path_key, row_key, sent_key
from portal.admin.desk.casefile import visible
from portal.admin.desk.clocknames import measured
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases import AlreadyMoved, Changed, Refused
from portal.cases.clocks import clocks_of, pauses_of
from portal.cases.pausing import LONGEST_NOTE, may_pause, pause, resume
from portal.fields.base import legible
from portal.releases import sop_version
from portal.tables import Case, CasePause, Clock, Task
from portal.timetable import calendar
from portal.words import say
from portal.worktime import Due, explain, moment

STATES: Mapping[str, str] = {"running": "plain", "paused": "soon", "met": "good", "breached": "late"}
"""How the badge of a state looks."""
Typed = Mapping[str, str]


class ClockPage(Desk):
    """The times of one case."""

    @expose("/kasus/{case_id:int}/waktu", methods=["GET"])
    @needs("account", "cases", "case")
    @takes()
    async def times(self, request: Request) -> Response:
        """Shows the clocks and pauses."""
        return await self._show(request, self.here(request), {}, {})

    @expose("/kasus/{case_id:int}/waktu/jeda", methods=["POST"])
    @needs("account", "cases", "case")
    @takes(form=("key", "version", "reason", "task", "note"))
    async def pause(self, request: Request) -> Response:
        """Lets clocks stand still from now on."""
        here, data, key = self.here(request), await request.form(), path_key(request, "case_id")
        typed = {name: legible(str(data.get(name, "")))[:LONGEST_NOTE] for name in ("reason", "task", "note")}

        def act(session: Session) -> str:
            case = _seen(session, here, key)
            reason, note = typed["reason"], typed["note"]
            task, version = row_key(typed["task"]), row_key(data.get("version"))
            pause(here.at(session), case.id, reason, note, task_id=task, version=version)
            return f"/kasus/{key}/waktu"

        return await self._done(request, here, act, sent_key(data.get("key")), typed)

    @expose("/kasus/{case_id:int}/waktu/jeda/{pause_id:int}/selesai", methods=["POST"])
    @needs("account", "cases", "case")
    @takes(form=("key", "version"))
    async def resume(self, request: Request) -> Response:
        """Lets clocks run again."""
        here, data, key = self.here(request), await request.form(), path_key(request, "case_id")
        pause_id = path_key(request, "pause_id")

        def act(session: Session) -> str:
            case = _seen(session, here, key)
            found = session.scalars(
                select(CasePause).where(CasePause.id == pause_id, CasePause.case_id == case.id)
            ).one_or_none()
            if found is None:
                raise HTTPException(404)
            resume(here.at(session), found.id, version=row_key(data.get("version")))
            return f"/kasus/{key}/waktu"

        return await self._done(request, here, act, sent_key(data.get("key")), {})

    async def _done(self, request: Request, here: Here, act: Any, key: str, typed: Typed) -> Response:
        try:
            led = await self.work(here.once, key, act)
        except Forbidden:
            raise HTTPException(403) from None
        except Refused as refusal:
            return await self._show(request, here, typed, refusal.problems, 422)
        except (Changed, AlreadyMoved):
            return await self._show(request, here, typed, {"case": "pause-changed"}, 409)
        return RedirectResponse(led, status_code=303)

    async def _show(
        self, request: Request, here: Here, typed: Typed, problems: Mapping[str, str], status: int = 200
    ) -> Response:
        key = path_key(request, "case_id")
        values = await self.work(here.read, lambda session: _values(session, here, key))
        more = {"typed": typed, "problems": problems, "key": new_key(), "states": STATES}
        return await self.page(request, "desk/clocks.html", {**values, **more}, status)


def _seen(session: Session, here: Here, key: int) -> Case:
    case = visible(session, here.live, here.actor, key)
    if case is None:
        raise HTTPException(404)
    return case


def _values(session: Session, here: Here, key: int) -> dict[str, Any]:
    case = _seen(session, here, key)
    zone = calendar(here.live.schema, case.area, case.centre).zone
    steps = sop_version(session, case.sop_version_id).steps
    tasks = session.scalars(select(Task).where(Task.case_id == key, Task.status == "open")).all()
    return {
        "case": case,
        "clocks": [_clock(session, here, case, each, zone) for each in clocks_of(session, key)],
        "pauses": [_pause(each, zone) for each in pauses_of(session, key)],
        "reasons": here.live.schema.office.pauses,
        "tasks": [(each.id, steps[each.step].label if each.step in steps else each.step) for each in tasks],
        "may_pause": may_pause(here.at(session), case),
        "most": LONGEST_NOTE,
    }


def _clock(session: Session, here: Here, case: Case, clock: Clock, zone: ZoneInfo) -> dict[str, Any]:
    due = Due.restore(clock.derivation) if clock.derivation else None
    facts = [(say("clock-due"), moment(clock.due_at.astimezone(zone)))]
    if clock.paused_at is not None:
        facts.append((say("clock-paused-since"), moment(clock.paused_at.astimezone(zone))))
    if clock.stopped_at is not None:
        facts.append((say("clock-stopped"), moment(clock.stopped_at.astimezone(zone))))
    late = clock.breached_at is not None
    return {
        "what": measured(session, here.live, case, clock),
        "state": say("clock-late" if late and clock.stopped_at is None else f"clock-{clock.state}"),
        "kind": "late" if late else STATES.get(clock.state, "plain"),
        "facts": facts,
        "lines": explain(due) if due else (),
    }


def _pause(each: CasePause, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": each.id,
        "label": each.label,
        "owner": say(f"pause-owner-{each.owner}"),
        "note": each.note or "",
        "since": moment(each.since.astimezone(zone)),
        "until": moment(each.until.astimezone(zone)) if each.until else "",
    }
