"""The page of one issued letter: how it stands, its files and history; void, withdrawn, replaced, copied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import reads
from portal.access import Forbidden
from portal.admin.desk.base import Desk, Here, new_key, path_key, printing, sent_key
from portal.admin.desk.lettercard import COPIED, LetterCard, card, found_letter, standing_of
from portal.admin.reasons import reason_in
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.admin.threads import in_turn
from portal.cases.ending import EndRefused, end_letter, replace_letter
from portal.cases.signing import LARGEST, ScanRefused, add_scan, media_of, tell
from portal.facts import calendar
from portal.indonesian import tanggal
from portal.letters.numbers import NumberRefused
from portal.letters.sheets import copy_slip
from portal.pictures import PictureRefused, small
from portal.schema import LETTER_NUMBER
from portal.tables import Event, IssuedLetter, LetterFile
from portal.words import say, say_in
from portal.worktime import moment

PATH = "/surat/{letter_id:int}"
ENDS = {"batal": "void", "cabut": "withdrawn", "ganti": "replaced"}
"""What stands in the address, and what it does."""


class LetterCardPage(Desk):
    """One issued letter."""

    @expose(f"{PATH}/rincian", methods=["GET"])
    @needs("account", "letters", "letter")
    @takes()
    async def card(self, request: Request) -> Response:
        """Shows the letter's page."""
        return await self._show(request)

    @expose(f"{PATH}/akhiri/{{act}}", methods=["GET"])
    @needs("account", "letters", "letter")
    @takes()
    async def ask(self, request: Request) -> Response:
        """Asks for the reason of an end."""
        return await self._ask(request)

    @expose(f"{PATH}/akhiri/{{act}}", methods=["POST"])
    @needs("account", "letters", "letter")
    @takes(form=("key", "reason", "number"))
    async def end(self, request: Request) -> Response:
        """Makes a letter void, withdraws or replaces it."""
        here, data, how = self.here(request), await request.form(), _how(request)
        reason, key = reason_in(data), path_key(request, "letter_id")
        number = str(data.get("number", "")).strip()
        if not reason:
            return await self._ask(request, missing=True, number=number)
        issued: list[int] = []

        def act(session: Session) -> str:
            found_letter(session, here, key)
            at = here.at(session)
            if how == "replaced":
                made = replace_letter(at, key, reason, number or None)
                issued[:] = [made.id]
                return f"/surat/{made.id}/rincian?notice=letter-replaced"
            end_letter(at, key, "void" if how == "void" else "withdrawn", reason)
            return f"/surat/{key}/rincian?notice=letter-{how}"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except EndRefused as refused:
            return await self._show(request, problem=say(refused.code), status=409)
        except NumberRefused as refused:
            return await self._ask(request, number=number, wrong=say(refused.code))
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303, background=printing(here, issued))

    @expose(f"{PATH}/salinan", methods=["POST"])
    @needs("print", "letters", "letter")
    @takes(form=("key",))
    async def copy(self, request: Request) -> Response:
        """Writes down that a copy is printed, and returns the slip that goes with it."""
        here, data, key = self.here(request), await request.form(), path_key(request, "letter_id")

        def act(session: Session) -> str:
            _, home = found_letter(session, here, key, "print")
            tell(here.at(session), home, COPIED)
            return f"/surat/{key}/rincian"

        await self.work(here.once, sent_key(data.get("key")), act)
        values = await self.work(here.read, lambda session: _slip(session, here, key))
        made = await in_turn(copy_slip, values)
        shown = {"Content-Disposition": f'inline; filename="salinan-{key}.pdf"'}
        return Response(made, media_type="application/pdf", headers=shown)

    @expose(f"{PATH}/pindaian", methods=["POST"])
    @needs("sign", "letters", "letter")
    @takes(form=("key", "file"), files=True)
    async def scan(self, request: Request) -> Response:
        """Keeps the scan of a letter that was signed by pen."""
        here, data, key = self.here(request), await request.form(), path_key(request, "letter_id")
        sent = data.get("file")
        read = await sent.read(LARGEST + 1) if isinstance(sent, UploadFile) else b""
        await self.work(here.read, lambda session: found_letter(session, here, key, "sign"))
        try:
            media = media_of(read)
            kept = read if media == "application/pdf" else await self.work(small, read)
        except (ScanRefused, PictureRefused) as refused:
            code = refused.code if isinstance(refused, ScanRefused) else f"photo-{refused.why}"
            return await self._show(request, problem=say(code), status=422)

        def act(session: Session) -> str:
            row, _ = found_letter(session, here, key, "sign")
            add_scan(here.at(session), row, kept, media)
            return f"/surat/{key}/rincian?notice=letter-scanned"

        led = await self.work(here.once, sent_key(data.get("key")), act)
        return RedirectResponse(led, status_code=303)

    @expose("/surat/berkas/{kept_id:int}", methods=["GET"])
    @needs("print", "letters", "letter")
    @takes()
    async def file(self, request: Request) -> Response:
        """Gives out a file of a letter as it was kept; a browser must not run what is in it."""
        here, key = self.here(request), path_key(request, "kept_id")
        name, media, data = await self.work(here.read, lambda session: _file(session, here, key))
        return Response(
            data,
            media_type=media,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    async def _show(self, request: Request, *, problem: str = "", status: int = 200) -> Response:
        here, key = self.here(request), path_key(request, "letter_id")
        shown = await self.work(here.read, lambda session: card(session, here, key))
        values = {"letter": shown, "key": new_key(), "problem": problem, "ends": ENDS}
        return await self.page(request, "desk/letterrecord.html", values, status=status)

    async def _ask(
        self, request: Request, *, missing: bool = False, number: str = "", wrong: str = ""
    ) -> Response:
        here, key, how = self.here(request), path_key(request, "letter_id"), _how(request)
        shown: LetterCard = await self.work(here.read, lambda session: card(session, here, key))
        if how not in shown.acts:
            return await self._show(request, problem=say("letter-end-not-now"), status=409)
        values: Mapping[str, Any] = {
            "title": say(f"letter-do-{how}"),
            "about": say(f"letter-about-{how}", number=shown.number or shown.label),
            "action": f"/surat/{key}/akhiri/{request.path_params['act']}",
            "back": f"/surat/{key}/rincian",
            "missing": missing,
            "key": new_key(),
            "do": say(f"letter-do-{how}"),
            "number": _asks_number(here, shown, how, number, wrong),
        }
        return await self.page(request, "desk/reason.html", values, status=422 if missing or wrong else 200)


def _how(request: Request) -> str:
    how = ENDS.get(request.path_params["act"])
    if how is None:
        raise HTTPException(404)
    return how


def _asks_number(here: Here, shown: LetterCard, how: str, typed: str, wrong: str) -> Mapping[str, str] | None:
    """Whether the letter that takes the place may have, or needs, a number of another agenda."""
    known = {each.label: each for each in here.live.schema.letters.values()}
    letter = known.get(shown.label)
    if how != "replaced" or letter is None or not letter.asks_number:
        return None
    field = letter.asked()[LETTER_NUMBER]
    return {"label": field.label, "help": field.help or "", "value": typed, "wrong": wrong}


def _slip(session: Session, here: Here, key: int) -> Mapping[str, Any]:
    row, home = found_letter(session, here, key, "print")
    subject, about = home.subject
    zone = calendar(here.live.schema).zone
    known = here.live.schema.known.letters.get(row.letter)
    mine = (Event.subject == subject, Event.subject_id == about, Event.kind == COPIED)
    told = session.scalars(select(Event).where(*mine)).all()
    office = row.data.get("office")
    return {
        "office": office.get("label") if isinstance(office, dict) else here.live.schema.office.label,
        "count": sum(1 for each in told if each.data.get("issued_letter") == key),
        "label": known.label if known else row.letter,
        "number": row.number or "",
        "issued": tanggal(row.issued_at.astimezone(zone).date()),
        "standing": say_in("id", f"letter-standing-{standing_of(here, row)}"),
        "printed": moment(here.now.astimezone(zone)),
        "who": here.actor.label,
        "digest": row.pdf_digest or "",
    }


def _file(session: Session, here: Here, key: int) -> tuple[str, str, bytes]:
    row = session.scalar(select(LetterFile).where(LetterFile.id == key))
    if row is None or row.data is None:
        raise HTTPException(404)
    issued, home = found_letter(session, here, row.letter_id, "print")
    if home.case is not None:
        reads.note("case", (home.case.id,), {"letter": "plain"})
    return _name(issued, row), row.media_type, row.data


def _name(issued: IssuedLetter, row: LetterFile) -> str:
    ending = "pdf" if row.media_type == "application/pdf" else "jpg"
    return f"{issued.letter}-{issued.id}-{row.kind}-{row.id}.{ending}"
