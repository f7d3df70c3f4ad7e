"""Access in an emergency: asking for one case with a reason, and a manager who judges what was taken."""

from __future__ import annotations

from typing import Any

from sqladmin import expose
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import wall
from portal.access import Forbidden, may
from portal.accounts import emergency
from portal.accounts.emergency import LEAST_REASON, ReasonTooShort
from portal.admin.desk.base import Desk, Here, new_key, path_key, sent_key
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.database import writing
from portal.facts import calendar
from portal.fields.base import legible
from portal.tables import Account, Case, Emergency
from portal.words import say
from portal.worktime import moment

SHOWN = 100


class EmergencyPage(Desk):
    """The emergencies of a manager's area."""

    menu_url = "/akun/darurat"
    menu_slug = "emergency-menu"
    menu_group = "desk-rules"

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "accounts")

    @expose("/akun/darurat", methods=["GET"])
    @needs("accounts")
    @takes()
    async def taken(self, request: Request) -> Response:
        """Lists what was taken, that to be judged first."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        values = await self.work(here.read, lambda session: _list(session, here))
        return await self.page(request, "accounts/emergencies.html", values)

    @expose("/akun/darurat/{emergency_id:int}", methods=["POST"])
    @needs("accounts")
    @takes(form=("justified", "note"))
    async def judge(self, request: Request) -> Response:
        """Confirms one, or refutes it and ends it at once."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here, key, form = self.here(request), path_key(request, "emergency_id"), await request.form()
        verdict = {"yes": True, "no": False}.get(str(form.get("justified", "")))
        if verdict is None:
            raise HTTPException(400)

        def act() -> None:
            with writing(here.engine) as session:
                found = session.scalar(_mine(here).where(Emergency.id == key).with_for_update(of=Emergency))
                if found is None:
                    raise HTTPException(404)
                note = legible(str(form.get("note", "")))
                emergency.judge(session, found, justified=verdict, note=note, actor=here.actor, now=here.now)

        await self.work(act)
        return RedirectResponse("/akun/darurat?notice=emergency-judged", status_code=303)


class AskEmergency(Desk):
    """Asking for a case, for everybody who works with residents."""

    def is_accessible(self, request: Request) -> bool:
        return emergency.may_ask(self.site.live.schema, request.state.actor)

    @expose("/akses-darurat", methods=["GET", "POST"])
    @needs("break-glass")
    @takes(form=("key", "number", "reason"))
    async def ask(self, request: Request) -> Response:
        """Opens one case for four hours to who gives a reason."""
        here = self.here(request)
        if not self.is_accessible(request):
            raise HTTPException(403)
        wrong, typed = "", {"number": "", "reason": ""}
        if request.method == "POST":
            form = await request.form()
            typed = {name: legible(str(form.get(name, "")))[:500] for name in typed}
            done = await self.work(_taken, here, typed, sent_key(form.get("key")))
            if done.startswith("/"):
                return RedirectResponse(done, status_code=303)
            wrong = done
        values = {"typed": typed, "wrong": wrong, "key": new_key(), "least": LEAST_REASON}
        return await self.page(request, "accounts/ask.html", values, 422 if wrong else 200)


def _taken(here: Here, typed: dict[str, str], key: str) -> str:
    """Returns the address of the case, or the sentence that says why not."""

    def act(session: Session) -> str:
        case = emergency.take(
            session, here.live.schema, typed["number"], typed["reason"], here.actor, here.now
        )
        return f"/kasus/{case}?notice=emergency-taken"

    try:
        return here.once(key, act)
    except ReasonTooShort:
        return say("emergency-reason-short", least=LEAST_REASON)
    except Forbidden:
        return say("emergency-refused")


def _mine(here: Here) -> Select[Emergency, str]:
    """Returns the query of the emergencies whose cases lie in the manager's area, with their numbers."""
    query = select(Emergency, Case.number).join(Case, Case.id == Emergency.case_id)
    return query.where(wall.managed_cases(here.live.schema, here.actor, "emergency"))


def _list(session: Session, here: Here) -> dict[str, Any]:
    zone = calendar(here.live.schema).zone
    newest = _mine(here).order_by(Emergency.judged_at.is_not(None), Emergency.id.desc()).limit(SHOWN)
    return {
        "lines": [
            {
                "id": each.id,
                "who": session.get_one(Account, each.account_id).label,
                "own": each.account_id == here.actor.account_id,
                "number": number,
                "reason": each.reason,
                "asked": moment(each.asked_at.astimezone(zone)),
                "until": moment(each.until.astimezone(zone)),
                "judged": each.judged_at is not None,
                "justified": each.justified,
                "note": each.note,
            }
            for each, number in session.execute(newest).all()
        ]
    }
