"""The search box of every page: one box for numbers and names, nothing of it in an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import may
from portal.admin.desk.base import Desk, Here, new_key, typed_words
from portal.admin.desk.find import cases, holder, people
from portal.admin.desk.finding import EXACT, families, letters, similar, to_register
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.rights import opens


class Find(Desk):
    """The search box of every page."""

    def is_accessible(self, request: Request) -> bool:
        return opens(self.site.live.schema, request.state.actor, "search")

    @expose("/cari", methods=["GET", "POST"])
    @needs("account", "records", "record", screen="search")
    @takes(form=("words",))
    async def find(self, request: Request) -> Response:
        """Shows what fits; what was typed with its whole number opens at once."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        words = typed_words(await request.form()) if request.method == "POST" else ""
        found = await self.work(here.read, lambda session: _found(session, here, words))
        if isinstance(found, str):
            return RedirectResponse(found, status_code=303)
        return await self.page(request, "desk/find.html", {"words": words, "key": new_key(), **found})


def _found(session: Session, here: Here, words: str) -> str | Mapping[str, Any]:
    """Returns where the one leads whose number was typed in full, else everything that fits, by kind."""
    subject = here.live.schema.subject()
    nothing: dict[str, Any] = {"people": (), "similar": (), "cases": (), "families": (), "letters": ()}
    common = {
        "subject": subject,
        "may_register": may(here.live.schema, here.actor, "register"),
        "to_register": to_register(here, words),
    }
    if not words:
        return {**nothing, **common}
    one = holder(session, here, words)
    if one is not None:
        return f"/data/{subject}/details/{one}"
    known = people(session, here, words)
    of_cases = cases(session, here, words, [person.id for person in known])
    if len(of_cases) == 1 and of_cases[0].number == words.upper():
        return f"/kasus/{of_cases[0].id}"
    for exact in EXACT:
        if (led := exact(session, here, words)) is not None:
            return led
    kind, homes = families(session, here, words)
    return {
        **common,
        "people": known,
        "similar": similar(session, here, words, known),
        "cases": of_cases,
        "family": kind,
        "families": homes,
        "letters": letters(session, here, words),
    }
