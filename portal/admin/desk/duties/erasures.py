"""Erasures: what is past its time, proposals that wait for a second person, backups that still hold it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqladmin import expose
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import SYSTEM, Forbidden
from portal.admin.desk.base import Here, new_key, path_key, sent_key
from portal.admin.desk.duties.common import DutyPage, local, typed
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.database import writing
from portal.duties.erasure import Done, NotErasable, Wanted, approve, note_checked, propose, refuse
from portal.duties.replay import OldBackup, old_backups, remake, write_list
from portal.duties.retention import due_cases, due_programs, due_residents
from portal.duties.sweeping import sweep
from portal.letters import pdf_of
from portal.tables import Account, Case, Erasure
from portal.wall import acting, unscoped
from portal.words import say
from portal.worktime import long_date

NAMED = 20
"""How many cases and residents of a proposal the page names."""
SHOWN = 20
"""How many decided erasures the page shows."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One proposal as the page shows it."""

    id: int
    status: str
    ground: str
    reason: str
    cases: int
    residents: int
    who: str
    when: str
    own: bool
    decided: str
    checked: bool
    which: tuple[tuple[str, str], ...]
    """Number and address of the first cases and residents, while it waits."""
    more: int


class ErasurePage(DutyPage):
    """Erasing by two people."""

    menu_url = "/hapus"
    menu_slug = "duty-erasures"

    @expose("/hapus", methods=["GET"])
    @needs("erase", "records", "record")
    @takes()
    async def erasures(self, request: Request) -> Response:
        """Shows what may be erased, what is proposed and what was decided."""
        return await self._show(request)

    @expose("/hapus", methods=["POST"])
    @needs("erase", "records")
    @takes(form=("key", "program", "reason"))
    async def suggest(self, request: Request) -> Response:
        """Proposes to erase what is past its time: the cases of a programme, or residents nobody needs."""
        here, data = self.permitted(request), await request.form()
        program, reason = str(data.get("program", "")), typed(data, "reason")

        def act(session: Session) -> str:
            propose(
                session, here.live, _wanted(session, here, program, reason), actor=here.actor, now=here.now
            )
            return "/hapus?notice=erasure-proposed"

        return await self._done(request, sent_key(data.get("key")), act)

    @expose("/hapus/{erasure_id:int}", methods=["POST"])
    @needs("erase", "records")
    @takes(form=("key", "decision", "decide"))
    async def decide(self, request: Request) -> Response:
        """Approves a proposal of somebody else and carries it out, or refuses it with a reason."""
        here, data = self.permitted(request), await request.form()
        key, said = path_key(request, "erasure_id"), typed(data, "decision")
        approved = data.get("decide") == "approve"
        carried: list[Done] = []

        def act(session: Session) -> str:
            if not approved:
                refuse(session, here.live, key, said, actor=here.actor, now=here.now)
                return "/hapus?notice=erasure-refused"
            carried.append(approve(session, here.live, key, actor=here.actor, now=here.now))
            return "/hapus?notice=erasure-done"

        return await self._done(request, sent_key(data.get("key")), act, carried)

    @expose("/hapus/cadangan", methods=["POST"])
    @needs("erase")
    @takes(form=("file", "how"))
    async def backup(self, request: Request) -> Response:
        """Makes an older backup anew without what was erased, or removes it."""
        here, data = self.permitted(request), await request.form()
        name, how = str(data.get("file", "")), str(data.get("how", ""))

        def work() -> str:
            found = {each.file.name: each for each in old_backups(here.engine)}.get(name)
            if found is None:
                raise HTTPException(404)
            return _without(here, found, how)

        notice = await self.work(work)
        return RedirectResponse(f"/hapus?notice={notice}", status_code=303)

    async def _done(
        self, request: Request, key: str, act: Any, carried: list[Done] | None = None
    ) -> Response:
        here = self.here(request)
        try:
            led = await self.work(here.once, key, act)
        except NotErasable as why:
            return await self._show(request, problem=why.sentence(), status=422)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303, background=cleaning(here.engine, here.now, carried))

    async def _show(self, request: Request, *, problem: str = "", status: int = 200) -> Response:
        here = self.permitted(request)
        values = await self.work(here.read, lambda session: _page(session, here))
        backups = await self.work(old_backups, here.engine)
        shown = [(each, local(here, each.at)) for each in backups]
        values |= {"problem": problem, "key": new_key(), "backups": shown}
        values["archived"] = here.engine.dialect.name == "postgresql"
        return await self.page(request, "duties/erasures.html", values, status=status)


def _wanted(session: Session, here: Here, program: str, reason: str) -> Wanted:
    """What is past its time: of one programme, or the residents when none is named."""
    if not program:
        residents = due_residents(session, here.live, here.actor, here.now)
        return Wanted(ground="retention", reason=reason, residents=residents)
    cases = due_cases(session, here.live, here.actor, here.now, program)
    return Wanted(ground="retention", reason=reason, cases=cases)


def _page(session: Session, here: Here) -> dict[str, Any]:
    accounts = dict(session.execute(select(Account.id, Account.label)).all())
    proposed = select(Erasure).where(Erasure.status == "proposed").order_by(Erasure.id)
    decided = select(Erasure).where(Erasure.status != "proposed").order_by(Erasure.id.desc()).limit(SHOWN)
    return {
        "programs": [
            (each, long_date(each.oldest)) for each in due_programs(session, here.live, here.actor, here.now)
        ],
        "residents": _free_residents(session, here),
        "retention": here.live.schema.office.retention,
        "proposed": [_line(session, here, row, accounts) for row in session.scalars(proposed)],
        "decided": [_line(session, here, row, accounts) for row in session.scalars(decided)],
    }


def _free_residents(session: Session, here: Here) -> int:
    """How many residents may go now: those whose cases are due wait until these are erased."""
    due = due_residents(session, here.live, here.actor, here.now)
    cases = select(Case.resident_id).where(Case.resident_id.is_not(None)).distinct()
    with unscoped("residents are counted, and nobody is shown"):
        held = set(session.scalars(cases))
    return len([each for each in due if each not in held])


def _which(session: Session, row: Erasure) -> Iterator[tuple[str, str]]:
    """Yields the first cases that the person sees, and residents by number; the others are counted."""
    numbers = select(Case.id, Case.number).where(Case.id.in_(row.cases[:NAMED])).order_by(Case.id)
    yield from ((number, f"/kasus/{key}") for key, number in session.execute(numbers))
    for key in row.residents[:NAMED]:
        yield say("duty-which-person", number=key), f"/warga/{key}/data"


def _line(session: Session, here: Here, row: Erasure, accounts: Mapping[int, str]) -> Line:
    which = tuple(_which(session, row)) if row.status == "proposed" else ()
    decided = f"{accounts.get(row.decided_by or 0, '')}, {local(here, row.decided_at)}"
    return Line(
        id=row.id,
        status=row.status,
        ground=row.ground,
        reason=row.reason,
        cases=len(row.cases),
        residents=len(row.residents),
        who=accounts.get(row.proposed_by, ""),
        when=local(here, row.proposed_at),
        own=row.proposed_by == here.actor.account_id,
        decided=f"{decided}. {row.decision}" if row.decision else decided if row.decided_at else "",
        checked=row.checked_at is not None,
        which=which,
        more=max(len(row.cases) + min(len(row.residents), NAMED) - len(which), 0),
    )


def cleaning(engine: Engine, now: datetime, carried: list[Done] | None) -> BackgroundTask | None:
    """Returns what follows an erasure once the answer is out: stubs, files, the list beside the backups."""
    if not carried:
        return None

    def clean() -> None:
        with acting(SYSTEM):  # what two people decided is finished by the portal itself
            for done in carried:
                for letter in done.letters:
                    pdf_of(engine, letter)
                if sweep(engine, done.traces).clean:
                    with writing(engine) as session:
                        note_checked(session, now, done.erasure_id)
            write_list(engine)

    return BackgroundTask(clean)


def _without(here: Here, found: OldBackup, how: str) -> str:
    if how == "remove":
        found.file.unlink()
        return "backup-removed"
    if how != "remake" or not found.remakable:
        raise HTTPException(400)
    return "backup-remade" if remake(here.engine, found, here.now).clean else "backup-not-clean"
