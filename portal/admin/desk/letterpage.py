"""An issued letter as PDF: printed once, the same bytes ever after."""

from __future__ import annotations

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import reads
from portal.access import case_scope, may_in
from portal.admin.desk.base import Desk, Here, path_key
from portal.letters import pdf_of
from portal.tables import Case, IssuedLetter


class LetterPage(Desk):
    """Gives out the archived bytes of a letter to who may print it."""

    @expose("/surat/{letter_id:int}", methods=["GET"])
    async def letter(self, request: Request) -> Response:
        """Answers with the PDF."""
        here, key = self.here(request), path_key(request, "letter_id")
        name = await self.work(here.read, lambda session: _file_name(session, here, key))
        data = await self.work(pdf_of, here.engine, key)
        shown = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
        return Response(data, media_type="application/pdf", headers=shown)


def _file_name(session: Session, here: Here, key: int) -> str:
    """The kind of letter and its key: a file name says nothing of the person.

    Raises:
        HTTPException: 404, there is no such letter within the person's sight.
    """
    schema = here.live.schema
    found = session.execute(
        select(IssuedLetter.letter, IssuedLetter.case_id, Case.area, Case.resident_id)
        .join(Case, Case.id == IssuedLetter.case_id)
        .where(IssuedLetter.id == key, case_scope(schema, here.actor))
    ).one_or_none()
    if found is None or not may_in(schema, here.actor, "print", found.area):
        raise HTTPException(404)
    reads.note("case", (found.case_id,), {"letter": "plain"})
    if found.resident_id is not None:
        reads.note(schema.subject(), (found.resident_id,), {"letter": "plain"})
    return f"{found.letter}-{key}"
