"""Reports and registers: papers about many cases, looked at on screen, issued, and opened again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import reads
from portal.access import Forbidden, within
from portal.admin.desk.base import Desk, Here, new_key, printing, sent_key
from portal.admin.forms import Form
from portal.admin.records.names import entries_of
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.facts import calendar, today
from portal.letters.listed import MOST, Ask, Month, TooMany, issue_listed, listed
from portal.letters.numbers import NumberRefused
from portal.releases import Live
from portal.rights import may_letter, reads_all
from portal.schema import LetterAct
from portal.tables import Case, IssuedLetter
from portal.words import say
from portal.worktime import long_date

SHOWN = 30
"""So many issued papers the page shows."""


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """One issued paper."""

    id: int
    label: str
    number: str
    period: str
    office: str
    day: str


def listed_form(live: Live, said: Mapping[str, Any]) -> Iterator[str]:
    """Yields the names of the entries that papers about many cases ask for."""
    for letter in live.schema.letters.values():
        if letter.about_many:
            yield from entries_of(letter.asked())


class ListedPage(Desk):
    """Reports and registers."""

    menu_url = "/laporan"
    menu_slug = "listed-menu"

    def is_accessible(self, request: Request) -> bool:
        here = self.here(request)
        return here.actor.everything or bool(tuple(_offered(here)))

    @expose("/laporan", methods=["GET"])
    @needs("account", "letters", "letter", screen="cases")
    @takes(query=("surat", "kantor", "bulan"))
    async def papers(self, request: Request) -> Response:
        """Asks which paper, and shows what it would list."""
        return await self._show(request)

    @expose("/laporan", methods=["POST"])
    @needs("work", "letters", "letter")
    @takes(query=("surat", "kantor", "bulan"), form=("key",), entries=listed_form)
    async def issue(self, request: Request) -> Response:
        """Issues the paper."""
        here, data = self.here(request), await request.form()
        letter, centre, month = _chosen(here, request)
        fields = dict(here.live.schema.letters[letter].asked())
        form = Form.submitted(fields, data)
        if not form.valid:
            return await self._show(request, form=form, status=422)
        ask = Ask(letter=letter, centre=centre, month=month, form=form.values)
        issued: list[int] = []

        def act(session: Session) -> str:
            made = issue_listed(session, here.live, here.actor, ask, now=here.now)
            issued[:] = [made.id]
            return f"/surat/{made.id}/rincian?notice=letter-issued"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except TooMany:
            return await self._show(request, form=form, problem=say("listed-many", most=MOST), status=409)
        except NumberRefused as refused:
            return await self._show(request, form=form, problem=say(refused.code), status=409)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303, background=printing(here, issued))

    async def _show(
        self, request: Request, *, form: Form | None = None, problem: str = "", status: int = 200
    ) -> Response:
        here = self.here(request)
        offered = tuple(_offered(here))
        if not offered and here.actor.everything:
            return await self.page(request, "desk/listed.html", {"kinds": ()})
        letter, centre, month = _chosen(here, request)
        fields = dict(here.live.schema.letters[letter].asked())
        shown = form or Form.blank(fields)
        ask = Ask(letter=letter, centre=centre, month=month, form={})
        try:
            found = await self.work(here.read, lambda session: _preview(session, here, ask))
        except TooMany:
            found, problem = {"cases": [], "totals": []}, say("listed-many", most=MOST)
        known = here.live.schema
        offices = dict.fromkeys(office for _, office in offered)
        values: Mapping[str, Any] = {
            "letter": letter,
            "centre": centre,
            "month": str(month),
            "monthly": known.letters[letter].lists != "open",
            "kinds": [(key, known.letters[key].label) for key in dict.fromkeys(k for k, _ in offered)],
            "offices": [(key, known.known.centres[key].label) for key in offices],
            "months": _months(Month.of(today(known, here.now))),
            "found": found,
            "form": shown,
            "problem": problem,
            "issued": await self.work(here.read, lambda session: tuple(_issued(session, here))),
            "key": new_key(),
            "query": f"surat={letter}&kantor={centre}&bulan={month}",
        }
        return await self.page(request, "desk/listed.html", values, status=status)


def _offered(here: Here) -> Iterator[tuple[str, str]]:
    """Yields kind and office of the papers that the person may issue."""
    schema = here.live.schema
    for key, letter in schema.letters.items():
        for centre_id, centre in schema.office.centres.items():
            own = letter.about_many and (letter.issuer == "district") == (centre.level == "district")
            if own and _may(here, key, "issue", centre.area):
                yield key, centre_id


def _may(here: Here, letter: str, act: LetterAct, area: str) -> bool:
    schema, actor = here.live.schema, here.actor
    return may_letter(schema, actor, letter, act, area) and reads_all(schema, actor, area)


def _chosen(here: Here, request: Request) -> tuple[str, str, Month]:
    """What the address names, else the first paper, its first office, and this month.

    Raises:
        HTTPException: 403, the person may issue none; 404, the address names none of theirs.
    """
    asked, offered = request.query_params, tuple(_offered(here))
    if not offered:
        raise HTTPException(403)
    letter = asked.get("surat") or offered[0][0]
    centres = [centre for key, centre in offered if key == letter]
    wanted = asked.get("kantor") or ""
    # Another kind of paper may be of other offices: then its first one is shown.
    centre = wanted if wanted in centres else next(iter(centres), "")
    month = Month.parse(asked["bulan"]) if asked.get("bulan") else Month.of(today(here.live.schema, here.now))
    if not centre or month is None or wanted not in ("", *(each for _, each in offered)):
        raise HTTPException(404)
    return letter, centre, month


def _preview(session: Session, here: Here, ask: Ask) -> Mapping[str, Any]:
    data = listed(session, here.live, here.actor, ask, now=here.now)
    keys = session.scalars(select(Case.id).where(Case.number.in_([each["number"] for each in data["cases"]])))
    reads.note("case", keys, {"number": "plain", "program": "plain"})
    return data


def _months(now: Month) -> Sequence[tuple[str, str]]:
    found = []
    for back in range(13):
        place = now.year * 12 + now.month - 1 - back
        month = Month(year=place // 12, month=place % 12 + 1)
        found.append((str(month), month.label))
    return found


def _issued(session: Session, here: Here) -> Iterator[PaperLine]:
    """The newest papers about many cases, of the areas in which the person knows of such letters."""
    schema, zone = here.live.schema, calendar(here.live.schema).zone
    areas = [granted.area for granted in here.actor.grants]
    query = (
        select(IssuedLetter)
        .where(IssuedLetter.case_id.is_(None), within(IssuedLetter.area, areas))
        .order_by(IssuedLetter.id.desc())
        .limit(SHOWN)
    )
    for row in session.scalars(query):
        if not _may(here, row.letter, "see", row.area):
            continue
        known, data = schema.known.letters.get(row.letter), row.data
        yield PaperLine(
            id=row.id,
            label=known.label if known else row.letter,
            number=row.number or say("letter-unnumbered"),
            period=str((data.get("period") or {}).get("label") or ""),
            office=str((data.get("office") or {}).get("label") or ""),
            day=long_date(row.issued_at.astimezone(zone).date()),
        )
