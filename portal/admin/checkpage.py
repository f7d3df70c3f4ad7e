"""The public page that tells whether a letter is genuine, by its code, its QR or its file.

A file is only compared by its bytes: it is neither kept nor opened.
"""

from __future__ import annotations

from hashlib import sha256
from typing import cast

from sqlalchemy import Engine
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import reads
from portal.accounts import Wait
from portal.admin.entrance import waiting_words
from portal.admin.publicpages import PublicPages, address_of
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.admin.threads import in_thread
from portal.letters.checked import check
from portal.letters.proof import CODE, PAGE, SHORT
from portal.words import say

LARGEST = 10_000_000
"""The bytes that a file may have; letters are far smaller, scans may come close."""


class CheckPages(PublicPages):
    """Checking a letter."""

    def routes(self) -> tuple[Route, ...]:
        """Returns its routes; a QR code has the short one in capitals."""
        return (
            Route(PAGE, self.check, methods=["GET", "POST"], name="check"),
            Route(f"{SHORT}/{{code}}", self.scanned, methods=["GET"], name="check-scanned"),
            Route(f"{SHORT.upper()}/{{code}}", self.scanned, methods=["GET"], name="check-capitals"),
        )

    @needs("nothing")
    @takes(form=("code", "file"), files=True)
    async def check(self, request: Request) -> Response:
        """Asks for a code or a file, and tells how the letter stands."""
        if request.method == "GET":
            return await self.page(request, "check")
        data = await request.form()
        sent, code = data.get("file"), str(data.get("code", "")).strip()
        read = await sent.read(LARGEST + 1) if isinstance(sent, UploadFile) else b""
        if len(read) > LARGEST:
            return await self.page(request, "check", 413, wrong=say("check-file-large"), typed=code)
        if not code and not read:
            return await self.page(request, "check", 422, wrong=say("check-nothing"))
        return await self._answer(request, code, sha256(read).hexdigest() if read else None)

    @needs("nothing")
    @takes()
    async def scanned(self, request: Request) -> Response:
        """Tells how the letter of a QR code stands."""
        return await self._answer(request, request.path_params["code"], None)

    async def _answer(self, request: Request, code: str, file: str | None) -> Response:
        site = self.site
        engine, now = cast(Engine, site.engine), site.clock()
        found = await in_thread(check, engine, site.live.schema, code, file, address_of(request), now)
        typed = CODE.typed(code)
        if isinstance(found, Wait):
            return await self.page(request, "check", 429, wrong=waiting_words(site, found), typed=typed)
        if found is None:
            slug = "check-unknown" if code else "check-file-unknown"
            return await self.page(request, "check", 404, wrong=say(slug), typed=typed)
        if found.case is not None:
            reads.note("case", (found.case,), {"letter": "masked"})
        return await self.page(request, "check", letter=found)
