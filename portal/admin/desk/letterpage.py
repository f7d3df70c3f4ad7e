"""An issued letter as PDF: printed once, the same bytes ever after; and its signature, noted once.

Its paper may tell what the person sees masked on screen. Then it opens for a reason, which is written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import reads
from portal.access import may_in
from portal.admin.desk.base import Desk, Here, path_key, sent_key
from portal.admin.desk.lettercard import found_letter
from portal.admin.reasons import reason_in
from portal.admin.records.mine import case_is_mine
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.admin.threads import in_turn
from portal.cases.signing import sealed_file, sign, tell
from portal.database import writing
from portal.letters import pdf_of, printed_before
from portal.letters.home import Home
from portal.letters.sight import Told, told, told_of_many
from portal.tables import Case
from portal.words import say

TELLS = {"letter": "plain"}
"""What the log of reads says of those whom a letter names."""


class LetterPage(Desk):
    """Gives out the archived bytes of a letter to who may print it."""

    @expose("/surat/{letter_id:int}", methods=["GET"])
    @needs("print", "letters", "letter")
    @takes()
    async def letter(self, request: Request) -> Response:
        """Answers with the PDF, or asks why it is to be opened."""
        here, key = self.here(request), path_key(request, "letter_id")
        name, home, says = await self.work(here.read, lambda session: _found(session, here, key))
        if says.masked:
            return await self._ask(request, here, home, says)
        return await self._pdf(here, key, name)

    @expose("/surat/{letter_id:int}/buka", methods=["POST"])
    @needs("unmask", "letters", "letter")
    @takes(form=("reason",))
    async def opened(self, request: Request) -> Response:
        """Writes down why a letter is opened that tells more than the screen, then answers with the PDF."""
        here, key = self.here(request), path_key(request, "letter_id")
        reason = reason_in(await request.form())
        name, home, says = await self.work(here.read, lambda session: _found(session, here, key))
        if not reason:
            return await self._ask(request, here, home, says, missing=True)
        if says.masked:
            await self.work(_note, here, home, says, reason)
        return await self._pdf(here, key, name)

    @expose("/surat/{letter_id:int}/tanda-tangan", methods=["POST"])
    @needs("sign", "letters")
    @takes(form=("key",))
    async def signed(self, request: Request) -> Response:
        """Notes that a letter has been signed by hand."""
        here, key = self.here(request), path_key(request, "letter_id")
        data = await request.form()

        def act(session: Session) -> str:
            issued, home = found_letter(session, here, key)
            sign(here.at(session), issued)
            return f"{home.page}?notice=letter-signed"

        led = await self.work(here.once, sent_key(data.get("key")), act)
        return RedirectResponse(led, status_code=303)

    async def _pdf(self, here: Here, key: int, name: str) -> Response:
        signed = await self.work(here.read, lambda session: _signed(session, key))
        data = signed or await self.work(printed_before, here.engine, key)
        data = data or await in_turn(pdf_of, here.engine, key)
        shown = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
        return Response(data, media_type="application/pdf", headers=shown)

    async def _ask(
        self, request: Request, here: Here, home: Home, says: Told, *, missing: bool = False
    ) -> Response:
        """Asks for the reason, of who may give one.

        Raises:
            HTTPException: 403, the person may not see in full what the paper tells.
        """
        if not may_in(here.live.schema, here.actor, "unmask", home.area):
            raise HTTPException(403)
        values: Mapping[str, Any] = {
            "title": say("unmask-letter"),
            "about": say("unmask-letter-about", fields=", ".join(says.masked)),
            "action": f"/surat/{path_key(request, 'letter_id')}/buka",
            "back": home.page,
            "missing": missing,
            "key": "",
        }
        return await self.page(request, "desk/reason.html", values, status=422 if missing else 200)


def _signed(session: Session, key: int) -> bytes | None:
    """The bytes with an electronic signature: where they are, they are the letter."""
    row = sealed_file(session, key)
    return row.data if row is not None else None


def _found(session: Session, here: Here, key: int) -> tuple[str, Home, Told]:
    """The file name of a letter, what it belongs to, and what its paper tells beyond the screen.

    The name is the kind of letter and its key: a file name says nothing of the person.

    Raises:
        HTTPException: 404, there is no such letter that the person may open; 403, it tells what is hidden
            from them.
    """
    schema, actor = here.live.schema, here.actor
    issued, home = found_letter(session, here, key, "print")
    case = home.case
    if case is None:
        says = told_of_many(here.live, issued, actor)
        numbers = [str(each["number"]) for each in issued.data.get("cases", ())]
        reads.note("case", session.scalars(select(Case.id).where(Case.number.in_(numbers))), TELLS)
    else:
        mine = case_is_mine(session, schema, actor, case)
        says = told(session, here.live, issued, case, actor, assigned=mine)
        reads.note("case", (case.id,), TELLS)
        if case.resident_id is not None:
            reads.note(schema.subject(), (case.resident_id,), TELLS)
    if says.hidden:
        raise HTTPException(403)
    return f"{issued.letter}-{key}", home, says


def _note(here: Here, home: Home, says: Told, reason: str) -> None:
    with writing(here.engine) as session:
        done = tell(here.at(session), home, "letter-unmasked", {"fields": list(says.masked)}, reason=reason)
        reads.because(done.id)
