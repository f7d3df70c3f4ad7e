"""A person's own trail: what is stored of them, who changed it, who looked at it, on one page and on paper.

It is what somebody may ask for under UU PDP 27/2022 (articles 5 to 7), as far as its printer may read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import accesslog, letters, pressroom
from portal.accesslog import Seen
from portal.admin.desk.base import Desk, Here, path_key
from portal.admin.desk.cards import Eyes
from portal.admin.desk.casefile import visible
from portal.admin.desk.casehistory import Told, history
from portal.admin.desk.caseversions import followed_by
from portal.admin.records.details import detail, find
from portal.admin.records.details import history as record_history
from portal.admin.records.lens import Lens
from portal.admin.records.mine import case_is_mine
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.events import reason_of, values_of
from portal.facts import calendar
from portal.releases import Live, sop_version
from portal.tables import Case
from portal.words import language, say
from portal.worktime import long_date, moment

MOST = 500
"""So many changes of a record the trail tells, and so many times that it was shown."""
CASES = 50


@dataclass(frozen=True, kw_only=True)
class Look:
    """How often somebody saw a person on one kind of page on one day."""

    day: str
    who: str
    page: str
    times: int
    fields: tuple[str, ...]
    """The labels of the fields, those shown masked with a note."""
    why: str = ""
    """The reason that was typed for it."""


@dataclass(frozen=True, kw_only=True)
class CaseTrail:
    """One case of the person and what happened to it."""

    number: str
    program: str
    url: str
    told: tuple[Told, ...]


class TrailPage(Desk):
    """The trail of a resident, for who may read that resident."""

    @expose("/data/{identity}/{key:int}/jejak", methods=["GET"])
    @needs("read", "records", "record")
    @takes()
    async def trail(self, request: Request) -> Response:
        """Shows the trail."""
        return await self.page(request, "desk/trail.html", await self._values(request))

    @expose("/data/{identity}/{key:int}/jejak.pdf", methods=["GET"])
    @needs("read", "records", "record")
    @takes()
    async def paper(self, request: Request) -> Response:
        """Answers with the trail as PDF; the name of the file tells nothing of the person."""
        values = await self._values(request)
        here = self.here(request)
        template = self.templates.env.get_template("desk/trail-paper.html")
        html = await template.render_async(
            **values, say=say, language=language(), office=here.live.schema.office.label
        )
        printed = await self.work(_printed, here.live, html)
        name = f"jejak-{path_key(request, 'key')}.pdf"
        shown = {"Content-Disposition": f'inline; filename="{name}"'}
        return Response(printed, media_type="application/pdf", headers=shown)

    async def _values(self, request: Request) -> Mapping[str, Any]:
        here, key = self.here(request), path_key(request, "key")
        if request.path_params["identity"] != here.live.schema.subject():
            raise HTTPException(404)
        return await self.work(here.read, lambda session: _trail(session, here, key))


def _printed(live: Live, html: str) -> bytes:
    return pressroom.pdf(html, assets=letters.template_folder(live.templates)).data


def _trail(session: Session, here: Here, key: int) -> Mapping[str, Any]:
    """Returns what the page and the paper say.

    Raises:
        HTTPException: 404, there is no such person within the reader's sight.
    """
    live, actor = here.live, here.actor
    lens = Lens(live=live, key=live.schema.subject(), actor=actor)
    row = find(lens, session, key)
    if row is None:
        raise HTTPException(404)
    names = lens.names(session)
    known = detail(lens, session, row)
    seen = accesslog.of(session, lens.key, key, MOST)
    return {
        "key": key,
        "title": known["title"],
        "facts": known["facts"],
        "linked": [each for each in known["linked"] if each.lines],
        "cases": _cases(session, here, key),
        "changes": record_history(lens, session, key, names, MOST),
        "looks": _looks(lens, seen, _reasons(session, seen)),
        "made": _local(live, here.now),
        "by": actor.label,
        "path": f"/data/{lens.key}",
    }


def _local(live: Live, at: datetime) -> str:
    return moment(at.astimezone(calendar(live.schema).zone))


def _cases(session: Session, here: Here, resident: int) -> list[CaseTrail]:
    """The cases of a person that the reader may see, each with its history."""
    live, actor = here.live, here.actor
    keys = session.scalars(select(Case.id).where(Case.resident_id == resident).order_by(Case.id.desc()))
    found = []
    names = Lens(live=live, key=live.schema.subject(), actor=actor).names(session)
    for key in keys.fetchmany(CASES):
        case = visible(session, live, actor, key)
        if case is None:
            continue
        followed = followed_by(session, case, sop_version(session, case.sop_version_id))
        program = live.schema.known.programs.get(case.program)
        mine = case_is_mine(session, live.schema, actor, case)
        eyes = Eyes(live=live, actor=actor, names=names, area=case.area, assigned=mine)
        found.append(
            CaseTrail(
                number=case.number,
                program=program.label if program else case.program,
                url=f"/kasus/{case.id}",
                told=tuple(history(session, eyes, followed, case)),
            )
        )
    return found


def _reasons(session: Session, seen: tuple[Seen, ...]) -> Mapping[int, str]:
    """The reasons by their event; what was erased, or the reader may not read, is said to be kept."""
    numbers = {number for each in seen for number in each.because}
    said = values_of(session, numbers)
    return {number: reason_of(said.get(number, {})) or say("trail-why-unread") for number in numbers}


def _looks(lens: Lens, seen: tuple[Seen, ...], reasons: Mapping[int, str]) -> list[Look]:
    """The times that a person was shown; one line for a day, a reader, a kind of page and a reason."""
    zone = calendar(lens.live.schema).zone
    grouped: dict[tuple[str, str, str, str], list[Seen]] = {}
    for each in seen:
        day = long_date(each.at.astimezone(zone).date())
        why = "; ".join(dict.fromkeys(reasons[number] for number in each.because))
        grouped.setdefault((day, each.actor, page_in_words(each.page), why), []).append(each)
    return [
        Look(day=day, who=who, page=page, times=len(times), fields=_labels(lens, times), why=why)
        for (day, who, page, why), times in grouped.items()
    ]


def _labels(lens: Lens, times: list[Seen]) -> tuple[str, ...]:
    sights: dict[str, str] = {}
    for each in times:
        for name, sight in each.fields.items():
            sights[name] = "plain" if "plain" in (sight, sights.get(name)) else sight
    said = []
    for name, sight in sights.items():
        field = lens.record.fields.get(name)
        label = field.label if field else say("trail-field-letter") if name == "letter" else name
        said.append(say("trail-field-masked", label=label) if sight == "masked" else label)
    return tuple(said)


PAGES = (
    ("/buka/", "trail-page-unmask"),
    ("/export/", "trail-page-export"),
    ("/details/", "trail-page-details"),
    ("/edit/", "trail-page-edit"),
    ("/create", "trail-page-create"),
    ("/jejak", "trail-page-trail"),
    ("/list", "trail-page-list"),
    ("portal letter", "trail-page-letter"),
    ("/kasus/{id}", "trail-page-case"),
    ("/kasus", "trail-page-cases"),
    ("/surat/", "trail-page-letter"),
    ("/cari", "trail-page-search"),
    ("/aduan/baru", "trail-page-new"),
    ("/tugas", "trail-page-tasks"),
)
"""What a page is called, by the first part of its pattern that fits."""


def page_in_words(pattern: str) -> str:
    """Returns what the page of an access is called; one that has no words is named by its pattern."""
    slug = next((slug for part, slug in PAGES if part in pattern), "")
    return say(slug) if slug else pattern
