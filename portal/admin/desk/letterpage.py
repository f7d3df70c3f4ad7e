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

from portal import reads, wall
from portal.access import may_in
from portal.admin.desk.base import Desk, Here, path_key, sent_key
from portal.admin.reasons import reason_in
from portal.admin.records.mine import case_is_mine
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.admin.threads import in_turn
from portal.cases.signing import sealed_file, sign
from portal.database import writing
from portal.events import record
from portal.letters import pdf_of, printed_before
from portal.letters.sight import Told, told
from portal.rights import may_letter
from portal.tables import Case, IssuedLetter
from portal.words import say


class LetterPage(Desk):
    """Gives out the archived bytes of a letter to who may print it."""

    @expose("/surat/{letter_id:int}", methods=["GET"])
    @needs("print", "letters", "letter")
    @takes()
    async def letter(self, request: Request) -> Response:
        """Answers with the PDF, or asks why it is to be opened."""
        here, key = self.here(request), path_key(request, "letter_id")
        name, case, says = await self.work(here.read, lambda session: _found(session, here, key))
        if says.masked:
            return await self._ask(request, here, case, says)
        return await self._pdf(here, key, name)

    @expose("/surat/{letter_id:int}/buka", methods=["POST"])
    @needs("unmask", "letters", "letter")
    @takes(form=("reason",))
    async def opened(self, request: Request) -> Response:
        """Writes down why a letter is opened that tells more than the screen, then answers with the PDF."""
        here, key = self.here(request), path_key(request, "letter_id")
        reason = reason_in(await request.form())
        name, case, says = await self.work(here.read, lambda session: _found(session, here, key))
        if not reason:
            return await self._ask(request, here, case, says, missing=True)
        if says.masked:
            await self.work(_note, here, case, key, says, reason, name.rpartition("-")[0])
        return await self._pdf(here, key, name)

    @expose("/surat/{letter_id:int}/tanda-tangan", methods=["POST"])
    @needs("sign", "letters")
    @takes(form=("key",))
    async def signed(self, request: Request) -> Response:
        """Notes that a letter has been signed by hand."""
        here, key = self.here(request), path_key(request, "letter_id")
        data = await request.form()

        def act(session: Session) -> str:
            issued = _issued(session, here, key)
            sign(here.at(session), issued)
            return f"/kasus/{issued.case_id}?notice=letter-signed"

        led = await self.work(here.once, sent_key(data.get("key")), act)
        return RedirectResponse(led, status_code=303)

    async def _pdf(self, here: Here, key: int, name: str) -> Response:
        signed = await self.work(here.read, lambda session: _signed(session, key))
        data = signed or await self.work(printed_before, here.engine, key)
        data = data or await in_turn(pdf_of, here.engine, key)
        shown = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
        return Response(data, media_type="application/pdf", headers=shown)

    async def _ask(
        self, request: Request, here: Here, case: Case, says: Told, *, missing: bool = False
    ) -> Response:
        """Asks for the reason, of who may give one.

        Raises:
            HTTPException: 403, the person may not see in full what the paper tells.
        """
        if not may_in(here.live.schema, here.actor, "unmask", case.area):
            raise HTTPException(403)
        values: Mapping[str, Any] = {
            "title": say("unmask-letter"),
            "about": say("unmask-letter-about", fields=", ".join(says.masked)),
            "action": f"/surat/{path_key(request, 'letter_id')}/buka",
            "back": f"/kasus/{case.id}",
            "missing": missing,
            "key": "",
        }
        return await self.page(request, "desk/reason.html", values, status=422 if missing else 200)


def _signed(session: Session, key: int) -> bytes | None:
    """The bytes with an electronic signature: where they are, they are the letter."""
    row = sealed_file(session, key)
    return row.data if row is not None else None


def _issued(session: Session, here: Here, key: int) -> IssuedLetter:
    """A letter of a case within the person's sight.

    Raises:
        HTTPException: 404, there is none, or the person may not know of it: the answer is the same.
    """
    found = session.execute(
        select(IssuedLetter, Case.area)
        .join(Case, Case.id == IssuedLetter.case_id)
        .where(IssuedLetter.id == key, wall.cases(here.live.schema, here.actor, "issued_letter"))
    ).one_or_none()
    if found is None or not may_letter(here.live.schema, here.actor, found[0].letter, "see", found.area):
        raise HTTPException(404)
    issued: IssuedLetter = found[0]
    return issued


def _found(session: Session, here: Here, key: int) -> tuple[str, Case, Told]:
    """The file name of a letter, its case, and what its paper tells beyond the screen.

    The name is the kind of letter and its key: a file name says nothing of the person.

    Raises:
        HTTPException: 404, there is no such letter that the person may open; 403, it tells what is hidden
            from them.
    """
    schema, actor = here.live.schema, here.actor
    issued = _issued(session, here, key)
    case = session.get_one(Case, issued.case_id)
    if not may_letter(schema, actor, issued.letter, "print", case.area):
        raise HTTPException(404)
    mine = case_is_mine(session, schema, actor, case)
    says = told(session, here.live, issued, case, actor, assigned=mine)
    if says.hidden:
        raise HTTPException(403)
    reads.note("case", (case.id,), {"letter": "plain"})
    if case.resident_id is not None:
        reads.note(schema.subject(), (case.resident_id,), {"letter": "plain"})
    return f"{issued.letter}-{key}", case, says


def _note(here: Here, case: Case, key: int, says: Told, reason: str, letter: str) -> None:
    said = {"letter": letter, "issued_letter": key, "fields": list(says.masked)}
    with writing(here.engine) as session:
        done = record(
            session,
            actor=here.actor,
            now=here.now,
            kind="letter-unmasked",
            subject="case",
            subject_id=case.id,
            data=said,
            reason=reason,
        )
        reads.because(done.id)
