"""Choosing many cases and a letter: what is chosen becomes a print job, which a worker carries out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import wall
from portal.access import Forbidden
from portal.admin.desk.base import Desk, Here, new_key, row_key
from portal.admin.desk.caseletters import letters_for, letters_to_issue
from portal.admin.desk.caselist import COLUMNS, TABLE, lines
from portal.admin.desk.casenames import letter_form
from portal.admin.forms import Form
from portal.admin.once import Reused, Stamp, stamp
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.bulk import MOST, Packing, ask
from portal.cases import Refused
from portal.releases import Live
from portal.words import say

SHOWN = 100
"""So many cases the page shows, the newest first; all that match may be chosen beyond them."""
STATUSES = ("", "open", "closed")
AGAIN = "ulang."
"""How the value of a letter begins that is to be printed again."""
OWN = ("key", "status", "surat", "bentuk", "semua", "terbitkan")


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a form asks for."""

    status: str
    letter: str
    again: bool
    packing: Packing
    everything: bool
    cases: tuple[int, ...]

    @property
    def any(self) -> bool:
        """Whether some case is chosen."""
        return self.everything or bool(self.cases)


def _entries(live: Live, said: Mapping[str, Any]) -> Iterator[str]:
    """The cases of a page, and what letters on request ask."""
    yield "kasus"
    yield from letter_form(live, said)


class PrintNewPage(Desk):
    """The page on which letters for many cases are asked for."""

    def is_accessible(self, request: Request) -> bool:
        return bool(letters_to_issue(self.site.live.schema, request.state.actor))

    @expose("/cetak/baru", methods=["GET"])
    @needs("work", "cases", "case")
    @takes(query=("status",))
    async def cases(self, request: Request) -> Response:
        """Shows the cases of a filter, each with a box."""
        return await self._list(request, _status(request.query_params.get("status", "")))

    @expose("/cetak/baru", methods=["POST"])
    @needs("work", "cases", "letter")
    @takes(form=OWN, entries=_entries, most=MOST)
    async def ask(self, request: Request) -> Response:
        """Asks once what the letter needs, then adds the job and leads to it."""
        here, data = self._permitted(request), await request.form()
        said, chosen = stamp(data, here.actor), _chosen(here, data)
        if chosen is None or not chosen.any:
            wrong = say("batch-letter-missing" if chosen is None else "batch-none")
            return await self._list(request, _status(str(data.get("status", ""))), wrong)
        definition = here.live.schema.letters.get(chosen.letter)
        fields = dict(definition.fields) if definition is not None and not chosen.again else {}
        asking = bool(fields) and "terbitkan" not in data
        form = Form.blank(fields) if asking else Form.submitted(fields, data)
        if asking or not form.valid:
            values = {"form": form, "chosen": chosen, "definition": definition, "key": new_key()}
            return await self.page(request, "desk/printasked.html", values, status=200 if asking else 422)
        return await self._add(request, here, said, chosen, form)

    async def _add(self, request: Request, here: Here, said: Stamp, chosen: Chosen, form: Form) -> Response:
        def act(session: Session) -> str:
            cases = _all(session, here, chosen.status) if chosen.everything else chosen.cases
            more: dict[str, Any] = {"packing": chosen.packing, "again": chosen.again}
            return f"/cetak/{ask(here.at(session), chosen.letter, cases, form.values, **more)}"

        try:
            led = await self.work(here.once, said, act)
        except Refused:
            return await self._list(request, chosen.status, say("batch-nothing"))
        except Reused:
            return await self._list(request, chosen.status, say("write-again"), 409)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    async def _list(self, request: Request, status: str, error: str = "", code: int = 422) -> Response:
        here = self._permitted(request)
        shown = await self.work(here.read, lambda session: _lines(session, here, status))
        schema, actor = here.live.schema, here.actor
        values = {
            "lines": shown[:SHOWN],
            "more": len(shown) > SHOWN,
            "status": status,
            "statuses": STATUSES,
            "issue": letters_to_issue(schema, actor),
            "again": [
                (f"{AGAIN}{key}", label)
                for key, label in letters_for(schema, actor, "print", on_request=False)
            ],
            "packings": get_args(Packing),
            "most": MOST,
            "error": error,
            "key": new_key(),
        }
        return await self.page(request, "desk/printnew.html", values, status=code if error else 200)

    def _permitted(self, request: Request) -> Here:
        if not self.is_accessible(request):
            raise HTTPException(403)
        return self.here(request)


def _status(said: str) -> str:
    """Returns which cases an address or a form names.

    Raises:
        HTTPException: 400, it names none.
    """
    if said not in STATUSES:
        raise HTTPException(400)
    return said


def _chosen(here: Here, data: FormData) -> Chosen | None:
    """What a form asks for, None without a letter that the person may print.

    Raises:
        HTTPException: 400, the form was not one of ours.
    """
    said, packing = str(data.get("surat", "")), str(data.get("bentuk", "merged"))
    letter, again = said.removeprefix(AGAIN), said.startswith(AGAIN)
    schema, actor = here.live.schema, here.actor
    known = (
        letters_for(schema, actor, "print", on_request=False) if again else letters_to_issue(schema, actor)
    )
    if letter not in dict(known):
        return None
    return Chosen(
        status=_status(str(data.get("status", ""))),
        letter=letter,
        again=again,
        packing="zip" if packing == "zip" else "merged",
        everything="semua" in data,
        cases=_keys(data.getlist("kasus")),
    )


def _keys(texts: Iterable[object]) -> tuple[int, ...]:
    keys = tuple(row_key(text) for text in texts)
    if None in keys:
        raise HTTPException(400)
    return tuple(key for key in keys if key is not None)


def _matching(here: Here, status: str) -> tuple[Any, ...]:
    own = (TABLE.c.status == status,) if status else ()
    return (*own, wall.cases(here.live.schema, here.actor))


def _all(session: Session, here: Here, status: str) -> tuple[int, ...]:
    query = select(TABLE.c.id).where(*_matching(here, status)).order_by(TABLE.c.id.desc()).limit(MOST)
    return tuple(session.scalars(query))


def _lines(session: Session, here: Here, status: str) -> tuple[Any, ...]:
    query = select(*COLUMNS).where(*_matching(here, status)).order_by(TABLE.c.id.desc()).limit(SHOWN + 1)
    return lines(session, here, session.execute(query).all())
