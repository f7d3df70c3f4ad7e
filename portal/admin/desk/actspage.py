"""The acts beside the steps of a case: sending back, undoing, flags, needs, closing, passing it on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import Forbidden
from portal.admin.desk.base import Desk, Here, new_key, path_key, row_key
from portal.admin.desk.casefile import visible
from portal.admin.once import Reused, sent_version, stamp
from portal.admin.reasons import reason_in
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases import AlreadyMoved, At, Changed, Refused, take_over
from portal.cases.back import send_back, undo_step
from portal.cases.closing import add_need, allow_closing, settle_need
from portal.cases.flags import clear_flag, set_flag
from portal.cases.transfer import offer, take_back
from portal.fields.base import legible
from portal.releases import Live
from portal.tables import Case, Task
from portal.words import LANGUAGES, language, say

OWN = ("key", "version")
LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A form of an act as it was sent."""

    here: Here
    case: int
    data: FormData
    version: int

    def text(self, name: str) -> str:
        """Returns a short text of the form."""
        return legible(str(self.data.get(name, ""))).strip()[:LONGEST]

    @property
    def reason(self) -> str:
        """Why it is done, empty when nothing to speak of was typed."""
        return reason_in(self.data)

    def task(self, session: Session) -> int:
        """Returns the task that the form names; it must be of the case in the address.

        Raises:
            HTTPException: 404, it is not.
        """
        task = session.get(Task, row_key(self.data.get("task", "")) or 0)
        if task is None or task.case_id != self.case:
            raise HTTPException(404)
        return task.id


Doing = Callable[[At, Asked], object]


class ActsPage(Desk):
    """What is done with a case beside its steps, each a small form on its page."""

    @expose("/kasus/{case_id:int}/kembalikan", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=(*OWN, "task", "to", "reason"))
    async def back(self, request: Request) -> Response:
        """Sends a task back to an earlier step."""

        def act(at: At, asked: Asked) -> None:
            task = asked.task(at.session)
            send_back(at, task, asked.text("to"), asked.reason, version=asked.version)

        return await self._carry(request, "acts-back", "step-returned", act)

    @expose("/kasus/{case_id:int}/batalkan", methods=["POST"])
    @needs("account", "cases", "case")
    @takes(form=(*OWN, "task", "reason"))
    async def undo(self, request: Request) -> Response:
        """Takes a completed step back."""

        def act(at: At, asked: Asked) -> None:
            undo_step(at, asked.task(at.session), asked.reason, version=asked.version)

        return await self._carry(request, "acts-undo", "step-undone", act)

    @expose("/kasus/{case_id:int}/penanda", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=(*OWN, "flag", "reason"))
    async def flag(self, request: Request) -> Response:
        """Sets a flag."""

        def act(at: At, asked: Asked) -> None:
            set_flag(at, asked.case, asked.text("flag"), asked.reason, version=asked.version)

        return await self._carry(request, "acts-flag-set", "flag-set", act)

    @expose("/kasus/{case_id:int}/penanda/lepas", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=(*OWN, "flag", "reason"))
    async def unflag(self, request: Request) -> Response:
        """Clears a flag."""

        def act(at: At, asked: Asked) -> None:
            clear_flag(at, asked.case, asked.text("flag"), asked.reason, version=asked.version)

        return await self._carry(request, "acts-flags", "flag-cleared", act)

    @expose("/kasus/{case_id:int}/kebutuhan", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=(*OWN, "complaint"))
    async def need(self, request: Request) -> Response:
        """Notes another need."""

        def act(at: At, asked: Asked) -> None:
            add_need(at, asked.case, asked.text("complaint"), version=asked.version)

        return await self._carry(request, "acts-need-add", "need-added", act)

    @expose("/kasus/{case_id:int}/kebutuhan/{need_id:int}", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=(*OWN, "outcome"))
    async def settle(self, request: Request) -> Response:
        """Notes what came of a need."""
        need = path_key(request, "need_id")

        def act(at: At, asked: Asked) -> None:
            settle_need(at, asked.case, need, asked.text("outcome"), version=asked.version)

        return await self._carry(request, "acts-need-settle", "need-settled", act)

    @expose("/kasus/{case_id:int}/izin-tutup", methods=["POST"])
    @needs("approve", "cases", "case")
    @takes(form=(*OWN, "reason"))
    async def allow(self, request: Request) -> Response:
        """Allows the case to be closed although something is open."""

        def act(at: At, asked: Asked) -> None:
            allow_closing(at, asked.case, asked.reason, version=asked.version)

        return await self._carry(request, "acts-close", "closing-allowed", act)

    @expose("/kasus/{case_id:int}/limpahkan", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=(*OWN, "area", "reason"))
    async def pass_on(self, request: Request) -> Response:
        """Offers the case to the office of another area."""

        def act(at: At, asked: Asked) -> None:
            area = area_of(asked.here.live, asked.text("area"))
            offer(at, asked.case, area, asked.reason, version=asked.version)

        return await self._carry(request, "acts-transfer", "transfer-offered", act)

    @expose("/kasus/{case_id:int}/limpahkan/tarik", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=OWN)
    async def keep(self, request: Request) -> Response:
        """Withdraws the offer."""

        def act(at: At, asked: Asked) -> None:
            take_back(at, asked.case, version=asked.version)

        return await self._carry(request, "acts-transfer-take-back", "transfer-withdrawn", act)

    @expose("/kasus/{case_id:int}/ambil-cek", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=(*OWN, "task", "from"))
    async def take(self, request: Request) -> Response:
        """Completes a check with the result of another case."""

        def act(at: At, asked: Asked) -> None:
            other = row_key(asked.data.get("from", "")) or 0
            take_over(at, asked.task(at.session), other, version=asked.version)

        return await self._carry(request, "acts-take-over", "step-completed", act)

    async def _carry(self, request: Request, title: str, notice: str, doing: Doing) -> Response:
        """Carries out an act once; what is refused is said in words, with everything that was typed."""
        here, data = self.here(request), await request.form()
        asked = Asked(here=here, case=path_key(request, "case_id"), data=data, version=sent_version(data))
        said = stamp(data, here.actor)
        try:
            led = await self.work(here.answered, said)
        except Reused:
            said, led = said.renewed(), None
        if led:
            return RedirectResponse(led, status_code=303)

        def act(session: Session) -> str:
            case_of(session, here, asked.case)
            doing(here.at(session), asked)
            session.flush()
            seen = visible(session, here.live, here.actor, asked.case) is not None
            return f"/kasus/{asked.case}?notice={notice}" if seen else f"/tugas?notice={notice}"

        try:
            led = await self.work(here.once, said, act)
        except Refused as refused:
            return await self._again(request, asked, title, sentences(refused), 422)
        except (Changed, AlreadyMoved):
            return await self._again(request, asked, title, (say("acts-changed"),), 409)
        except Forbidden:
            return await self._again(request, asked, title, (say("acts-forbidden"),), 403)
        return RedirectResponse(led, status_code=303)

    async def _again(
        self, request: Request, asked: Asked, title: str, problems: tuple[str, ...], status: int
    ) -> Response:
        """Shows the form of an act once more, with why it was refused."""

        def read(session: Session) -> tuple[Case, int]:
            case = case_of(session, asked.here, asked.case)
            task = session.get(Task, row_key(asked.data.get("task", "")) or 0)
            return case, task.version if task and title in BY_TASK else case.version

        case, version = await self.work(asked.here.read, read)
        kept = [(name, str(value)) for name, value in asked.data.multi_items() if name not in (*OWN, *TYPED)]
        values = {
            "title": say(title),
            "case": case,
            "problems": problems,
            "action": request.url.path,
            "kept": kept,
            "typed": [
                (name, TYPED[name], str(asked.data.get(name, ""))) for name in TYPED if name in asked.data
            ],
            "version": version,
            "key": new_key(),
            "ended": status == 403,
        }
        return await self.page(request, "desk/act.html", values, status=status)


TYPED = {"reason": "acts-reason", "area": "acts-transfer-area"}
"""What people type into these forms, and the slug of its label; the rest is chosen."""
BY_TASK = ("acts-back", "acts-take-over")
"""The acts whose form was shown for a task and not for the case."""


def case_of(session: Session, here: Here, key: int) -> Case:
    """Returns a case within the person's sight.

    Raises:
        HTTPException: 404, missing or foreign.
    """
    case = visible(session, here.live, here.actor, key)
    if case is None:
        raise HTTPException(404)
    return case


def sentences(refused: Refused) -> tuple[str, ...]:
    """Returns in words why an act was refused, each reason once."""
    known = LANGUAGES[language()]
    said = [
        say("unmask-reason-missing")
        if (name, slug) == ("reason", "field-required")
        else _sentence(slug, known)
        for name, slug in refused.problems.items()
    ]
    return tuple(dict.fromkeys(said))


def _sentence(slug: str, known: object) -> str:
    words = LANGUAGES[language()].get(slug)
    return slug if words is None else words.replace("{label}", say("acts-reason"))


def area_of(live: Live, typed: str) -> str:
    """Returns the code of an area that somebody typed by code or by name.

    Raises:
        Refused: there is none, or several have the name.
    """
    areas = live.schema.areas
    if typed in areas:
        return typed
    found = [
        key for key in areas if live.places.name(key).casefold() == typed.casefold() and key.count(".") == 3
    ]
    if len(found) > 1:
        names = "; ".join(f"{live.places.full_name(key)} ({key})" for key in found[:5])
        raise Refused({"area": say("transfer-area-several", names=names)})
    if not found or not typed:
        raise Refused({"area": "transfer-area-unknown"})
    return found[0]
