"""Dividing work: the open tasks of one's areas, given to somebody or set free many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import wall
from portal.access import may
from portal.admin.desk.base import Desk, Here, new_key, path_key, row_key
from portal.admin.once import Reused, stamp
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases import able
from portal.cases.dividing import DIVIDED, MOST, Holder, Wanted, divide, divisible
from portal.facts import calendar
from portal.releases import Live, SessionNames, sop_version
from portal.tables import Account, Case, Event, Task
from portal.words import say
from portal.worktime import standing, standing_in_words

SHOWN = 100
"""So many tasks a page shows; the most urgent come first."""
HOLDERS: tuple[Holder, ...] = ("", "free", "held")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One task as the page shows it."""

    value: str
    case_id: int
    number: str
    person: str
    step: str
    role: str
    holder: str
    due: str


def _ticked(live: Live, said: Mapping[str, Any]) -> tuple[str, ...]:
    """The tasks of a page, one entry for each."""
    return ("tugas",)


class DividePage(Desk):
    """The tasks that a supervisor divides."""

    menu_url = "/tugas/bagi"
    menu_slug = "bulk-menu"

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "assign")

    @expose("/tugas/bagi", methods=["GET"])
    @needs("assign", "cases", "case")
    @takes(query=("pemegang",))
    async def tasks(self, request: Request) -> Response:
        """Shows the open tasks, each with a box."""
        here = self._permitted(request)
        return await self._list(request, _holder(here, request.query_params.get("pemegang", "")))

    @expose("/tugas/bagi", methods=["POST"])
    @needs("assign", "cases", "case")
    @takes(form=("key", "semua", "pemegang", "account"), entries=_ticked, most=MOST)
    async def give(self, request: Request) -> Response:
        """Gives the chosen tasks, or all that match, and leads to the report."""
        here, data = self._permitted(request), await request.form()
        said, holder = stamp(data, here.actor), _holder(here, str(data.get("pemegang", "")))
        chosen, account = wanted(data.getlist("tugas")), str(data.get("account", "-"))
        to = here.actor.account_id if account == "me" else row_key(account)
        if account and to is None:
            return await self._list(request, holder, say("bulk-to-missing"))
        if not chosen and "semua" not in data:
            return await self._list(request, holder, say("bulk-none"))

        def act(session: Session) -> str:
            wanted = _all(session, here, holder) if "semua" in data else chosen
            return f"/tugas/bagi/{divide(here.at(session), wanted, to)}"

        try:
            led = await self.work(here.once, said, act)
        except Reused:
            return await self._list(request, holder, say("write-again"), 409)
        return RedirectResponse(led, status_code=303)

    @expose("/tugas/bagi/{event_id:int}", methods=["GET"])
    @needs("assign", "cases")
    @takes()
    async def report(self, request: Request) -> Response:
        """Shows what became of each task of an act of one's own."""
        here = self._permitted(request)
        key = path_key(request, "event_id")
        values = await self.work(here.read, lambda session: _report(session, here, key))
        return await self.page(request, "desk/divided.html", values)

    async def _list(self, request: Request, holder: Held, error: str = "", status: int = 422) -> Response:
        here = self._permitted(request)
        values = await self.work(here.read, lambda session: _lines(session, here, holder))
        more = {"holder": holder.said, "holders": HOLDERS, "error": error, "key": new_key(), "most": MOST}
        return await self.page(request, "desk/divide.html", {**values, **more}, status if error else 200)

    def _permitted(self, request: Request) -> Here:
        if not self.is_accessible(request):
            raise HTTPException(403)
        return self.here(request)


PERSON, QUEUE = "akun-", "antrean-"
"""How `pemegang` begins when it names somebody, or the role whose tasks nobody has taken."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """Whose tasks are looked at: everybody's, those that are free or held, one person's, one role's."""

    said: str = ""
    holder: Holder = ""
    person: int | None = None
    role: str | None = None

    def tasks(self, here: Here) -> Select[Task, Case]:
        """Returns the query of them."""
        return divisible(here.live, here.actor, self.holder, person=self.person, role=self.role)


def _holder(here: Here, said: str) -> Held:
    """Returns whose tasks an address or a form names.

    Raises:
        HTTPException: 400, nobody is called so.
    """
    for each in HOLDERS:
        if said == each:
            return Held(said=said, holder=each)
    person, role = row_key(said.removeprefix(PERSON)), said.removeprefix(QUEUE)
    if said.startswith(PERSON) and person is not None:
        return Held(said=said, person=person)
    if said.startswith(QUEUE) and role in here.live.schema.roles:
        return Held(said=said, role=role)
    raise HTTPException(400)


def wanted(texts: Iterable[object]) -> tuple[Wanted, ...]:
    """The boxes that were ticked, each a task with the version that was shown.

    Raises:
        HTTPException: 400, one is not a box of ours.
    """
    found = []
    for text in texts:
        task, version = (row_key(part) for part in f"{text}.".split(".")[:2])
        if task is None or version is None:
            raise HTTPException(400)
        found.append(Wanted(task=task, version=version))
    return tuple(found)


def _all(session: Session, here: Here, holder: Held) -> tuple[Wanted, ...]:
    rows = session.execute(holder.tasks(here).limit(MOST))
    return tuple(Wanted(task=task.id) for task, _ in rows)


def _lines(session: Session, here: Here, holder: Held) -> dict[str, Any]:
    found = session.execute(holder.tasks(here).limit(SHOWN + 1)).all()
    rows = [(task, case) for task, case in found[:SHOWN]]
    people: dict[int, str] = {}
    for task, case in {(task.role, case.area, case.access): (task, case) for task, case in rows}.values():
        people |= {key: each.label for key, each in able(here.at(session), task, case).items()}
    return {
        "lines": _told(session, here, rows),
        "more": len(found) > SHOWN,
        "people": sorted(people.items(), key=lambda pair: pair[1]),
    }


def _told(session: Session, here: Here, rows: Sequence[tuple[Task, Case]]) -> tuple[Line, ...]:
    schema, subject = here.live.schema, here.live.schema.subject()
    names = SessionNames(session, here.live, here.actor)
    names.preload(subject, [case.resident_id for _, case in rows if case.resident_id is not None])
    held = {task.assigned_to for task, _ in rows if task.assigned_to is not None}
    holders = dict(session.execute(select(Account.id, Account.label).where(Account.id.in_(held))).all())
    return tuple(
        Line(
            value=f"{task.id}.{task.version}",
            case_id=case.id,
            number=case.number,
            person=names.record(subject, case.resident_id) if case.resident_id else say("desk-anonymous"),
            step=sop_version(session, case.sop_version_id).steps[task.step].label,
            role=schema.roles[task.role].label if task.role in schema.roles else task.role,
            holder=holders.get(task.assigned_to or 0, ""),
            due=standing_in_words(standing(task.due_at, here.now, calendar(schema, case.area, case.centre)))
            if task.due_at and task.paused_at is None
            else "",
        )
        for task, case in rows
    )


def _report(session: Session, here: Here, key: int) -> dict[str, Any]:
    event = session.get(Event, key)
    if event is None or event.kind != DIVIDED or event.actor_id != here.actor.account_id:
        raise HTTPException(404)
    verdicts = dict(event.data["tasks"])
    query = select(Task.id, Case.id, Case.number).join(Case, Case.id == Task.case_id)
    seen = session.execute(
        query.where(Task.id.in_(verdicts), wall.cases(here.live.schema, here.actor, "task"))
    ).all()
    cases = {task: (case, number) for task, case, number in seen}
    to = event.data["account"]
    holder = session.get(Account, to) if to is not None else None
    return {
        "to": holder.label if holder else "",
        "done": sum(verdict == "done" for verdict in verdicts.values()),
        "count": len(verdicts),
        "lines": [(*cases.get(task, (None, "")), verdict) for task, verdict in verdicts.items()],
    }
