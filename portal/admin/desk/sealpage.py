"""Signing an issued letter electronically: with the office's certificate, or by the service of BSrE.

The passphrase is typed for each act; it goes to the certificate or the service and is kept nowhere. Until a
signature is there the letter is issued and not signed, and whoever signs tries again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import Forbidden
from portal.admin.desk.base import Desk, Here, new_key, path_key, sent_key
from portal.admin.desk.lettercard import found_letter
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.admin.threads import in_turn
from portal.bsre import BsreRefused
from portal.cases.signing import SEALED, add_signed, is_signed, is_signer
from portal.certificates import CertificateRefused
from portal.letters.home import Home
from portal.letters.sealing import SealRefused, by_bsre, by_certificate, paper_of, trust_of
from portal.settings import from_environment
from portal.tables import LetterFile
from portal.words import say

PATH = "/surat/{letter_id:int}/segel"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The letter that is to be signed, and how."""

    id: int
    way: str
    label: str
    number: str
    signer: str


class SealPage(Desk):
    """Asks for the passphrase and signs."""

    @expose(PATH, methods=["GET"])
    @needs("sign", "letters", "letter")
    @takes()
    async def ask(self, request: Request) -> Response:
        """Asks for the passphrase."""
        return await self._ask(request)

    @expose(PATH, methods=["POST"])
    @needs("sign", "letters", "letter")
    @takes(form=("key", "nik", "passphrase"))
    async def seal(self, request: Request) -> Response:
        """Signs the letter and keeps the file."""
        here, data, key = self.here(request), await request.form(), path_key(request, "letter_id")
        nik = "".join(each for each in str(data.get("nik", "")) if each.isascii() and each.isdigit())
        passphrase = str(data.get("passphrase", ""))
        asked = await self.work(here.read, lambda session: _asked(session, here, key))
        if not passphrase or (asked.way == "bsre" and len(nik) != 16):
            slug = "seal-passphrase-missing" if not passphrase else "seal-nik-missing"
            return await self._ask(request, problem=say(slug), status=422)
        try:
            done = await in_turn(_made, here, asked, nik, passphrase)
        except (SealRefused, CertificateRefused, BsreRefused) as refused:
            return await self._ask(request, problem=say(refused.code), status=409)

        def act(session: Session) -> str:
            row, _ = found_letter(session, here, key, "sign")
            add_signed(here.at(session), row, done, asked.way)
            return f"/surat/{key}/rincian?notice=letter-sealed"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    async def _ask(self, request: Request, *, problem: str = "", status: int = 200) -> Response:
        here, key = self.here(request), path_key(request, "letter_id")
        asked = await self.work(here.read, lambda session: _asked(session, here, key))
        values: dict[str, Any] = {"asked": asked, "problem": problem, "key": new_key()}
        return await self.page(request, "desk/seal.html", values, status=status)


def _asked(session: Session, here: Here, key: int) -> Asked:
    """The letter that is to be signed.

    Raises:
        HTTPException: 404, there is none for this person; 403, another officer signs it; 409, it is signed,
            has ended, or is signed by pen.
    """
    row, home = found_letter(session, here, key, "sign")
    known = here.live.schema.known.letters.get(row.letter)
    if known is None or not sealable(session, here, home):
        raise HTTPException(409)
    if not is_signer(here.at(session), row.letter, home.case, home.area, row.issued_at):
        raise HTTPException(403)
    names = [str(each["name"]) for each in row.data.get("signers", ()) if each["role"] == "main"]
    return Asked(
        id=key, way=known.signing, label=known.label, number=row.number or "", signer=", ".join(names)
    )


def sealable(session: Session, here: Here, home: Home) -> bool:
    """Tells whether a letter waits for an electronic signature: one that was signed by pen does not."""
    row = home.issued
    known = here.live.schema.known.letters.get(row.letter)
    if known is None or known.signing == "pen" or row.status != "issued" or is_signed(session, home):
        return False
    done = select(LetterFile.id).where(LetterFile.letter_id == row.id, LetterFile.kind.in_(SEALED)).limit(1)
    return session.scalar(done) is None


def _made(here: Here, asked: Asked, nik: str, passphrase: str) -> bytes:
    signing = from_environment().signing
    paper = paper_of(here.engine, asked.id, asked.way)
    if asked.way == "bsre":
        return by_bsre(paper, signing, nik, passphrase)
    return by_certificate(paper, signing, passphrase, here.now, trust_of(signing))
