"""Notes, visits and accompaniments of a case: writing one, its page, its photos, withdrawing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import reads
from portal.access import Forbidden
from portal.admin.desk.base import Desk, Here, new_key, path_key
from portal.admin.desk.casefile import visible
from portal.admin.desk.notes import audience_in, day_in, kind_in, note_fields, notes_of
from portal.admin.forms import Form
from portal.admin.once import Reused, Stamp, stamp
from portal.admin.reasons import reason_in
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases.notes import (
    MOST_PHOTOS,
    NoteRefused,
    Written,
    add_photo,
    reads_notes,
    why_no_photo,
    withdraw,
    write,
)
from portal.facts import today
from portal.fields import Value
from portal.pictures import LARGEST, PictureRefused, small
from portal.releases import Live
from portal.tables import Case, Note, Photo
from portal.words import say

PATH = "/kasus/{case_id:int}/catatan"


def _entries(live: Live, said: Mapping[str, Any]) -> Iterator[str]:
    """Yields the names of the entries that any kind of note asks for."""
    yield from note_fields("visit")


class NotePage(Desk):
    """What is written beside the steps of a case."""

    @expose(PATH, methods=["GET"])
    @needs("work", "cases", "case")
    @takes(query=("jenis",))
    async def ask(self, request: Request) -> Response:
        """Shows the form of a note, a visit or an accompaniment."""
        here, kind = self.here(request), kind_in(request.query_params.get("jenis"))
        values: dict[str, Value] = {"day": today(here.live.schema, here.now), "audience": "internal"}
        return await self._ask(request, Form.filled(note_fields(kind), values), kind)

    @expose(PATH, methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=("key", "kind"), entries=_entries)
    async def add(self, request: Request) -> Response:
        """Adds what was written, or shows what is missing with everything that was typed."""
        here, data = self.here(request), await request.form()
        kind, key = kind_in(data.get("kind")), path_key(request, "case_id")
        form = Form.submitted(note_fields(kind), data)
        day = day_in(form.values.get("day"))
        if day is not None and day > today(here.live.schema, here.now):
            form.add_error("day", say("note-day-ahead"))
        if form.errors:
            return await self._ask(request, form, kind, 422)
        said = form.values
        written = Written(
            kind=kind,
            text=str(said["text"]),
            audience=audience_in(said["audience"]),
            day=day,
            place=_text(said.get("place")),
            company=_text(said.get("company")),
        )

        def act(session: Session) -> str:
            note = write(here.at(session), _case(session, here, key), written)
            shown = f"/kasus/{key}?notice=note-written#catatan"
            return shown if kind == "note" else f"/kasus/{key}/catatan/{note.id}?notice=note-written"

        return await self._carry_out(request, stamp(data, here.actor), act, f"/kasus/{key}")

    @expose(PATH + "/{note_id:int}", methods=["GET"])
    @needs("account", "cases", "case")
    @takes()
    async def note(self, request: Request) -> Response:
        """Shows one note with its photos."""
        return await self._show(request)

    @expose(PATH + "/{note_id:int}/tarik", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=("key", "reason"))
    async def withdraw(self, request: Request) -> Response:
        """Withdraws a note for a reason."""
        here, data = self.here(request), await request.form()
        reason, key = reason_in(data), path_key(request, "case_id")
        if not reason:
            return await self._show(request, problem=say("unmask-reason-missing"), at="alasan")

        def act(session: Session) -> str:
            case, note = _note(session, here, request)
            withdraw(here.at(session), case, note, reason)
            return f"/kasus/{key}?notice=note-withdrawn#catatan"

        return await self._carry_out(request, stamp(data, here.actor), act, f"/kasus/{key}")

    @expose(PATH + "/{note_id:int}/foto", methods=["POST"])
    @needs("work", "cases", "case")
    @takes(form=("key", "photo"), files=True)
    async def photo(self, request: Request) -> Response:
        """Keeps a photo, made small and without what the camera wrote into it."""
        here, data = self.here(request), await request.form()
        sent = data.get("photo")
        read = await sent.read(LARGEST + 1) if isinstance(sent, UploadFile) else b""
        said = _stamp(data, here, read)
        why = await self.work(here.read, lambda session: _why_not(session, here, request))
        if why or not read:
            return await self._show(request, problem=say(why or "photo-missing", most=MOST_PHOTOS))
        try:
            image = await self.work(small, read)
        except PictureRefused as refused:
            return await self._show(request, problem=say(f"photo-{refused.why}"))
        where = f"/kasus/{path_key(request, 'case_id')}/catatan/{path_key(request, 'note_id')}"

        def act(session: Session) -> str:
            add_photo(here.at(session), *_note(session, here, request), image)
            return f"{where}?notice=photo-added"

        return await self._carry_out(request, said, act, where)

    @expose("/kasus/{case_id:int}/foto/{photo_id:int}", methods=["GET"])
    @needs("account", "cases", "case")
    @takes()
    async def image(self, request: Request) -> Response:
        """Hands out a photo to who reads the note that it belongs to; nobody keeps it on the way."""
        here = self.here(request)
        found = await self.work(here.read, lambda session: _image(session, here, request))
        shown = {"Cache-Control": "no-store", "Content-Disposition": 'inline; filename="foto.jpg"'}
        return Response(found, media_type="image/jpeg", headers=shown)

    async def _carry_out(self, request: Request, said: Stamp, act: Any, back: str) -> Response:
        here = self.here(request)
        try:
            led = await self.work(here.once, said, act)
        except Reused as known:
            led = known.led_to
        except NoteRefused as refused:
            if "note_id" not in request.path_params:
                raise HTTPException(409) from None
            return await self._show(request, problem=say(refused.slug, **refused.values), status=409)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led or back, status_code=303)

    async def _ask(self, request: Request, form: Form, kind: str, status: int = 200) -> Response:
        here, key = self.here(request), path_key(request, "case_id")

        def read(session: Session) -> tuple[str, bool]:
            case = _case(session, here, key)
            return case.number, notes_of(session, here, case).may_write

        number, may_write = await self.work(here.read, read)
        if not may_write:
            raise HTTPException(403)
        values = {"form": form, "kind": kind, "number": number, "case_id": key, "key": new_key()}
        return await self.page(request, "desk/note.html", values, status)

    async def _show(
        self, request: Request, *, problem: str = "", at: str = "foto", status: int = 422
    ) -> Response:
        here = self.here(request)

        def read(session: Session) -> dict[str, Any]:
            case, note = _note(session, here, request)
            found = notes_of(session, here, case, note.id)
            why = why_no_photo(here.at(session), case)
            return {"case": case, "notes": found, "line": found.lines[0], "why_no_photo": why}

        values = await self.work(here.read, read)
        values |= {"problem": problem, "at": at, "most": MOST_PHOTOS, "key": new_key()}
        return await self.page(request, "desk/noteshown.html", values, status if problem else 200)


def _text(value: object) -> str | None:
    return str(value) if value else None


def _stamp(data: FormData, here: Here, read: bytes) -> Stamp:
    """What an upload is known by: its key and the bytes of the photo."""
    said = stamp(FormData([("key", str(data.get("key", "")))]), here.actor)
    return replace(said, content=sha256(read).hexdigest())


def _case(session: Session, here: Here, key: int) -> Case:
    case = visible(session, here.live, here.actor, key)
    if case is None:
        raise HTTPException(404)
    return case


def _note(session: Session, here: Here, request: Request) -> tuple[Case, Note]:
    """The note of the address, if the person may read it.

    Raises:
        HTTPException: 404, missing, foreign, or not for them: the answer is the same.
    """
    case = _case(session, here, path_key(request, "case_id"))
    note = session.get(Note, path_key(request, "note_id"))
    seen = reads_notes(here.live, here.actor, case)
    if note is None or note.case_id != case.id or note.audience not in seen:
        raise HTTPException(404)
    return case, note


def _why_not(session: Session, here: Here, request: Request) -> str:
    case, _ = _note(session, here, request)
    return why_no_photo(here.at(session), case)


def _image(session: Session, here: Here, request: Request) -> bytes:
    case = _case(session, here, path_key(request, "case_id"))
    mine = (Photo.id == path_key(request, "photo_id"), Photo.case_id == case.id, Photo.removed_at.is_(None))
    photo = session.scalars(select(Photo).where(*mine).options(undefer(Photo.image))).first()
    note = session.get(Note, photo.note_id) if photo is not None else None
    seen = reads_notes(here.live, here.actor, case)
    if photo is None or photo.image is None or note is None or note.audience not in seen:
        raise HTTPException(404)
    reads.note("case", (case.id,), {"photo": "plain"})
    return photo.image
