"""The receipt of a complaint as PDF: A6, or as long as needed on the 80 mm roll of a counter printer.

It is printed from the office's own slip and its letterhead. It has no number and proves nothing, so that it
is made anew each time; who needs it in the archive issues it as a letter from the page of the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import reads
from portal.admin.desk.base import Desk, Here, path_key
from portal.admin.desk.casefile import visible
from portal.admin.records.mine import case_is_mine
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.letters import html, template_folder
from portal.letters.context import Wanted, context
from portal.letters.sight import told
from portal.pressroom import pdf, roll_pdf
from portal.releases import Live
from portal.rights import may_letter
from portal.schema import Schema
from portal.tables import Case, IssuedLetter
from portal.words import speaking

Size = Literal["a6", "80mm"]
SIZES: tuple[Size, ...] = ("a6", "80mm")
"""What counter printers take: a quarter of A4, and the roll of a till."""
COOKIE = "receipt_size"
YEAR = 365 * 24 * 3600
ROLL = Path(__file__).parent.parent.parent / "assets" / "receipt" / "roll.css"
ROLL_MM = 80


def last_size(request: Request) -> Size:
    """Returns the size that was printed last in this browser."""
    kept = request.cookies.get(COOKIE)
    return next((size for size in SIZES if size == kept), SIZES[0])


def receipt_of(schema: Schema) -> str | None:
    """Returns the id of the letter that is the receipt: the first slip that is made on request."""
    return next(
        (key for key, each in schema.letters.items() if each.form == "slip" and each.on_request), None
    )


class ReceiptPage(Desk):
    """Prints the receipt of a case."""

    @expose("/kasus/{case_id:int}/tanda-terima/{size}", methods=["GET"])
    @needs("print", "letters", "letter")
    @takes()
    async def receipt(self, request: Request) -> Response:
        """Answers with the PDF and keeps the size for the next one."""
        here, key, size = self.here(request), path_key(request, "case_id"), request.path_params["size"]
        letter = receipt_of(here.live.schema)
        if size not in SIZES or letter is None:
            raise HTTPException(404)
        data = await self.work(here.read, lambda session: receipt_data(session, here, key, letter))
        printed = await self.work(printed_receipt, here.live, letter, data, cast("Size", size))
        shown = {"Content-Disposition": f'inline; filename="{letter}-{key}.pdf"'}
        answer = Response(printed, media_type="application/pdf", headers=shown)
        answer.set_cookie(COOKIE, size, max_age=YEAR, httponly=True, samesite="lax")
        return answer


def receipt_data(session: Session, here: Here, key: int, letter: str) -> dict[str, Any]:
    """Returns what the receipt of a case says, without what the person sees masked.

    Raises:
        HTTPException: 404, there is no such case that the person may see and print for; 403, the receipt
            tells what is hidden from them.
    """
    schema, actor = here.live.schema, here.actor
    case = visible(session, here.live, actor, key)
    if case is None or not may_letter(schema, actor, letter, "print", case.area):
        raise HTTPException(404)
    with speaking("id"):
        data = context(
            session, here.live, case, Wanted(letter=letter), now=here.now, number=None, valid_until=None
        )
    _without_masked(session, here, case, letter, data)
    reads.note("case", (case.id,), {"letter": "plain"})
    if case.resident_id is not None:
        reads.note(schema.subject(), (case.resident_id,), {"letter": "plain"})
    return data


def _without_masked(session: Session, here: Here, case: Case, letter: str, data: dict[str, Any]) -> None:
    made = IssuedLetter(letter=letter, release_id=here.live.release_id, data=data)
    mine = case_is_mine(session, here.live.schema, here.actor, case)
    says = told(session, here.live, made, case, here.actor, assigned=mine)
    if says.hidden:
        raise HTTPException(403)
    if says.masked:
        data["resident"] = {
            name: value if name == "name" else None for name, value in data["resident"].items()
        }


def printed_receipt(live: Live, letter: str, data: Mapping[str, Any], size: Size) -> bytes:
    """Returns the receipt as PDF: one page of A6, or a strip of the roll just as long as it needs."""
    text = html(live.templates, live.schema.letters[letter].template, data)
    folder = template_folder(live.templates)
    if size == "a6":
        return pdf(text, assets=folder).data
    return roll_pdf(text, assets=folder, style=ROLL.read_text("utf-8"), width=ROLL_MM).data
