"""The page of a referral letter: an agency answers with the code and PIN printed on it, without an account.

Before the PIN it says nothing and asks the database nothing; after it only what tells the letter from others.
What is sent from behind the PIN carries a mark in its place, which ends after half an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import reads
from portal.access import SYSTEM
from portal.admin.once import Reused, Stamp, new_key, once, sent_key
from portal.admin.publicpages import PublicPages, address_of
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.admin.threads import in_thread
from portal.cases import At
from portal.cases.answering import answered
from portal.fields.base import legible
from portal.referrals import Illegal, Lacking, Said, move, state_of
from portal.referrals.codes import Pair, typed_code, typed_pin
from portal.referrals.doors import VISITOR, Entered, enter_page, visited
from portal.referrals.papers import papers_of
from portal.referrals.states import ACTS, open_acts
from portal.releases import Live
from portal.tables import Case, IssuedLetter, Referral
from portal.wall import acting
from portal.words import say

if TYPE_CHECKING:
    pass


def several_papers(live: Live, said: object) -> tuple[str, ...]:
    """The name under which each missing paper comes."""
    return ("missing",)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The little that the page tells of a letter."""

    number: str
    help: str
    who: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was typed into a form that was refused."""

    reason: str = ""
    note: str = ""
    missing: tuple[str, ...] = ()


class AgencyPages(PublicPages):
    """The page of each referral letter."""

    def routes(self) -> tuple[Route, ...]:
        """Returns its routes."""
        return (
            Route("/rujukan/{code}", self.door, methods=["GET", "POST"], name="letter-page"),
            Route("/rujukan/{code}/jawab", self.answer, methods=["POST"], name="letter-answer"),
        )

    @needs("nothing")
    @takes(form=("pin",))
    async def door(self, request: Request) -> Response:
        """Asks for the PIN, and opens."""
        code = typed_code(request.path_params["code"])
        if request.method == "GET":
            return await self.page(request, "letter-pin", code=code)
        pin = typed_pin(str((await request.form()).get("pin", "")))
        engine, now = cast(Engine, self.site.engine), self.site.clock()
        entered = await in_thread(enter_page, engine, Pair(code=code, pin=pin), address_of(request), now)
        if not isinstance(entered, Entered):
            status, wrong = self.refused(entered)
            return await self.page(request, "letter-pin", status, code=code, wrong=wrong)
        return await self._show(request, code, entered.visit)

    @needs("nothing")
    @takes(form=("key", "visit", "act", "reason", "note"), entries=several_papers)
    async def answer(self, request: Request) -> Response:
        """Takes an answer; the same one sent again changes nothing."""
        code, data = typed_code(request.path_params["code"]), await request.form()
        mark, act = str(data.get("visit", "")), str(data.get("act", ""))
        typed = _typed(data)
        try:
            open_ = await in_thread(self._take, code, mark, act, typed, sent_key(data.get("key")))
        except Lacking as lacking:
            wrong = [say(slug) for slug in lacking.problems.values()]
            return await self._show(request, code, mark, wrong=wrong, tried=act, typed=typed, status=422)
        except (Illegal, Reused):
            wrong = [say("answer-overtaken")]
            return await self._show(request, code, mark, wrong=wrong, status=409)
        if not open_:
            return await self.page(request, "letter-pin", 400, code=code, wrong=say("answer-ended"))
        return await self._show(request, code, mark, done=say("answer-thanks"))

    def _take(self, code: str, mark: str, act: str, typed: Typed, key: str) -> bool:
        """Carries an answer out; False when it does not come from behind the PIN."""
        site, now = self.site, self.site.clock()
        name = next((each for each in ACTS if each == act and "agency" in ACTS[each].who), None)
        known = self.as_portal(lambda session: visited(session, code, mark, now))
        if known is None or name is None:
            return False
        said = Said(way="page", reason=typed.reason, note=typed.note, missing=typed.missing)

        def carry_out(session: Session) -> str:
            at = At(session=session, live=site.live, actor=VISITOR, now=now)
            if move(at, known.id, name, said, party="agency"):
                answered(at, known.case_id)
            return "/rujukan"

        stamp = Stamp(key=key, account=0, content=f"{known.id} {act}")
        with acting(SYSTEM):
            once(cast(Engine, site.engine), stamp, now, carry_out)
        return True

    async def _show(
        self,
        request: Request,
        code: str,
        mark: str,
        *,
        done: str = "",
        wrong: list[str] | None = None,
        tried: str = "",
        typed: Typed | None = None,
        status: int = 200,
    ) -> Response:
        found = await in_thread(self._read, code, mark)
        if found is None:
            return await self.page(request, "letter-pin", 400, code=code, wrong=say("answer-ended"))
        values = {"done": done, "wrong": wrong, "tried": tried, "typed": typed or Typed(), "key": new_key()}
        return await self.page(request, "letter", status, code=code, visit=mark, **values, **found)

    def _read(self, code: str, mark: str) -> dict[str, Any] | None:
        """What the page tells once the PIN was given: the letter, and what can be answered now."""
        now, schema = self.site.clock(), self.site.live.schema

        def ask(session: Session) -> dict[str, Any] | None:
            row = visited(session, code, mark, now)
            if row is None:
                return None
            reads.note("case", (row.case_id,), {"letters": "plain", "name": "masked"})
            case, issued = session.get_one(Case, row.case_id), session.get_one(IssuedLetter, row.letter_id)
            return {
                "letter": _letter(self.site.live, row, case, issued),
                "acts": open_acts(state_of(row.status), "agency"),
                "reasons": [(key, each.label) for key, each in schema.reasons.items()],
                "papers": papers_of(schema, row),
            }

        return self.as_portal(ask)


def _typed(data: FormData) -> Typed:
    missing = tuple(str(each) for each in data.getlist("missing"))[:40]
    note = legible(str(data.get("note", ""))).strip()[:500]
    return Typed(reason=str(data.get("reason", ""))[:40], note=note, missing=missing)


def _letter(live: Live, row: Referral, case: Case, issued: IssuedLetter) -> Letter:
    """A case that not everybody may see tells not even which help was asked for."""
    program = live.schema.known.programs.get(case.program)
    return Letter(
        number=issued.number or "",
        help=program.label if program and case.access == "normal" else "",
        who=initials(str((issued.data.get("resident") or {}).get("name") or "")),
        state=say(f"referral-state-{state_of(row.status)}"),
    )


def initials(name: str) -> str:
    """Returns the first letters of a name: whoever holds the letter knows whose they are."""
    return " ".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha()) or "–"
