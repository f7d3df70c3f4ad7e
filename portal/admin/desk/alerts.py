"""What the desk tells a person of late cases: those for them, and those for their roles over their areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqladmin import expose
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import reads, wall
from portal.access import Actor, may, roles_of, within
from portal.admin.desk.base import Desk, Here, path_key, sent_key
from portal.admin.desk.clocknames import measured
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.events import record
from portal.releases import Live
from portal.tables import Case, Clock, Notice
from portal.timetable import calendar
from portal.words import say
from portal.worktime import moment

MOST = 20
"""So many are shown; those that are read make room for the next."""


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One notice as the desk shows it."""

    id: int
    case_id: int
    number: str
    program: str
    sentence: str
    whose: str
    late: bool


def alerts(session: Session, live: Live, actor: Actor, now: datetime) -> Sequence[Alert]:
    """Returns what a person has not read yet, what is latest first."""
    query = (
        select(Notice, Clock, Case)
        .join(Clock, Clock.id == Notice.clock_id)
        .join(Case, Case.id == Notice.case_id)
        .where(Notice.done_at.is_(None), _for(live, actor), wall.cases(live.schema, actor, "notice"))
        .order_by(Notice.level.desc(), Notice.at, Notice.id)
    )
    rows = session.execute(query.limit(MOST)).all()
    reads.note("case", (case.id for _, _, case in rows), {"number": "plain", "program": "plain"})
    # Of several about one clock, such as for two roles that a person has, the last says it all.
    shown = {clock.id: (notice, clock, case) for notice, clock, case in reversed(rows)}
    return [_alert(session, live, *row) for row in reversed(shown.values())]


def _for(live: Live, actor: Actor) -> ColumnElement[bool]:
    """What is for an account, or for a role that it has over the area."""
    parts: list[ColumnElement[bool]] = [Notice.account_id == actor.account_id]
    for granted, role in roles_of(live.schema, actor):
        names = (granted.role, *role.acts_as)
        parts.append(and_(Notice.role.in_(names), within(Notice.area, [granted.area])))
    return or_(*parts)


def _alert(session: Session, live: Live, notice: Notice, clock: Clock, case: Case) -> Alert:
    program = live.schema.known.programs.get(case.program)
    zone = calendar(live.schema, case.area, case.centre).zone
    role = live.schema.roles.get(notice.role or "")
    return Alert(
        id=notice.id,
        case_id=case.id,
        number=case.number,
        program=(program.short or program.label) if program else case.program,
        sentence=say(
            notice.slug, what=measured(session, live, case, clock), due=moment(clock.due_at.astimezone(zone))
        ),
        whose=say("alert-for-role", role=role.label if role else notice.role) if notice.role else "",
        late=notice.level > 1,
    )


class AlertPage(Desk):
    """Marking what was read."""

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "work")

    @expose("/pemberitahuan/{notice_id:int}/dibaca", methods=["POST"])
    @needs("account", "cases")
    @takes(form=("key",))
    async def read(self, request: Request) -> Response:
        """Notes that somebody has read a notice, for everybody it was for."""
        here, key, data = self.here(request), path_key(request, "notice_id"), await request.form()

        def act(session: Session) -> str:
            _mark(session, here, key)
            return "/tugas"

        return RedirectResponse(await self.work(here.once, sent_key(data.get("key")), act), status_code=303)


def _mark(session: Session, here: Here, key: int) -> None:
    mine = (Notice.id == key, _for(here.live, here.actor))
    query = select(Notice).join(Case, Case.id == Notice.case_id)
    seen = wall.cases(here.live.schema, here.actor, "notice")
    notice = session.scalars(query.where(*mine, seen).with_for_update(of=Notice)).one_or_none()
    if notice is None:
        raise HTTPException(404)
    if notice.done_at is not None:
        return
    notice.done_at, notice.done_by = here.now, here.actor.account_id
    record(
        session,
        actor=here.actor,
        now=here.now,
        kind="notice-read",
        subject="case",
        subject_id=notice.case_id,
        data={"notice": notice.id, "level": notice.level},
    )
