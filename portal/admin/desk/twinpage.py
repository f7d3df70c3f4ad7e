"""Who may be one person: the list, two records side by side, and what is decided of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import reads, twins, wall
from portal.access import Forbidden, may, may_record
from portal.admin.desk.base import Desk, Here, new_key, path_key, row_key
from portal.admin.desk.caselist import called
from portal.admin.once import Reused, stamp
from portal.admin.reasons import reason_in
from portal.admin.records.lens import Lens
from portal.admin.records.twincards import detail, reasons, rows_of
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.facts import calendar
from portal.fields import LinkField
from portal.tables import Case, Twin
from portal.worktime import long_date

SHOWN = 50
LAST = 1_000_000
"""Further on no list begins."""
PICK = "pilih-"
"""How a form names the choice between the values of a field."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One pair of the list."""

    id: int
    one: str
    other: str
    about: str
    score: int
    why: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One field of two records: its texts, and which is taken unless somebody says otherwise."""

    name: str
    label: str
    stays: str
    gone: str
    taken: bool

    @property
    def differs(self) -> bool:
        """Whether there is something to choose: what only one of them knows is kept."""
        return bool(self.stays and self.gone) and self.stays != self.gone


class TwinPages(Desk):
    """Possible duplicates, for who may decide on them."""

    menu_url = "/warga/ganda"
    menu_slug = "twin-menu"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        return may(schema, actor, "merge") and may_record(schema, actor, schema.subject(), "read")

    @expose("/warga/ganda", methods=["GET"])
    @needs("merge", "records", "record")
    @takes(query=("mulai",))
    async def listed(self, request: Request) -> Response:
        """Shows the pairs that wait for a decision, page by page."""
        here = self._permitted(request)
        start = min(row_key(request.query_params.get("mulai", "")) or 0, LAST)
        values = await self.work(here.read, lambda session: _list(session, here, start))
        return await self.page(request, "desk/twins.html", values)

    @expose("/warga/ganda/{twin:int}", methods=["GET"])
    @needs("merge", "records", "record")
    @takes(query=("tetap",))
    async def compare(self, request: Request) -> Response:
        """Shows two records side by side."""
        stays = row_key(request.query_params.get("tetap", "")) or 0
        return await self._compare(request, stays)

    @expose("/warga/ganda/{twin:int}/putuskan", methods=["POST"])
    @needs("merge", "records")
    @takes(form=("key", "mark", "verdict", "reason"))
    async def decide(self, request: Request) -> Response:
        """Remembers that two records are related, or not one person."""
        here, data, twin = self._permitted(request), await request.form(), path_key(request, "twin")
        verdict, reason = str(data.get("verdict", "")), reason_in(data)
        if verdict not in (twins.RELATED, twins.DIFFERENT) or not reason:
            missing = "verdict" if verdict not in (twins.RELATED, twins.DIFFERENT) else "reason"
            return await self._compare(request, 0, data=data, missing=missing)

        def act(session: Session) -> str:
            twins.decide(
                session,
                here.live,
                actor=here.actor,
                now=here.now,
                twin=twin,
                mark=str(data.get("mark", "")),
                status=verdict,
                reason=reason,
            )
            return "/warga/ganda?notice=twin-decided"

        return await self._carried_out(request, data, act)

    @expose("/warga/ganda/{twin:int}/gabung", methods=["POST"])
    @needs("merge", "records")
    @takes(form=("key", "stays", "version-stays", "version-gone", "reason", f"{PICK}*"))
    async def merge(self, request: Request) -> Response:
        """Merges two records."""
        here, data, twin = self._permitted(request), await request.form(), path_key(request, "twin")
        stays, reason = row_key(data.get("stays", "")) or 0, reason_in(data)
        if not reason:
            return await self._compare(request, stays, data=data, missing="merge-reason")

        def act(session: Session) -> str:
            pair = twins.pair(session, here.live, here.actor, twin)
            if stays not in (pair.resident_id, pair.other_id):
                raise HTTPException(400)
            gone = pair.other_id if stays == pair.resident_id else pair.resident_id
            seen = _versions(data, stays, gone)
            twins.merge(
                session,
                here.live,
                actor=here.actor,
                now=here.now,
                stays=stays,
                gone=gone,
                versions=seen,
                taken=_taken(here, data),
                reason=reason,
            )
            return f"/data/{here.live.schema.subject()}/details/{stays}?notice=twin-merged"

        return await self._carried_out(request, data, act, stays)

    @expose("/warga/gabungan/{merge:int}/pisah", methods=["POST"])
    @needs("merge", "records")
    @takes(form=("key",))
    async def undo(self, request: Request) -> Response:
        """Takes a merge apart."""
        here, data, key = self._permitted(request), await request.form(), path_key(request, "merge")

        def act(session: Session) -> str:
            made = twins.undo(session, here.live, actor=here.actor, now=here.now, key=key)
            return f"/data/{here.live.schema.subject()}/details/{made.stays_id}?notice=twin-unmerged"

        return await self._carried_out(request, data, act)

    async def _carried_out(
        self, request: Request, data: FormData, act: Callable[[Session], str], stays: int = 0
    ) -> Response:
        """Carries a form out once and leads on; what came too late is shown beside what stands there now."""
        here = self.here(request)
        said = stamp(data, here.actor)
        try:
            return RedirectResponse(await self.work(here.once, said, act), status_code=303)
        except twins.Stale:
            return await self._compare(request, stays, data=data, error="twin-stale")
        except Reused as other:
            return RedirectResponse(other.led_to, status_code=303)
        except twins.NotThere:
            raise HTTPException(404) from None
        except Forbidden:
            raise HTTPException(403) from None
        except twins.Impossible as why:
            raise HTTPException(409, why.slug) from None

    async def _compare(
        self,
        request: Request,
        stays: int,
        *,
        data: FormData | None = None,
        missing: str = "",
        error: str = "",
    ) -> Response:
        here, twin = self._permitted(request), path_key(request, "twin")
        values = await self.work(here.read, lambda session: _pair(session, here, twin, stays))
        said = {name: str(each) for name, each in data.items()} if data is not None else {}
        more = {"missing": missing, "error": error, "said": said, "key": new_key(), "other_key": new_key()}
        return await self.page(
            request, "desk/twin.html", {**values, **more}, 409 if error else 422 if missing else 200
        )

    def _permitted(self, request: Request) -> Here:
        if not self.is_accessible(request):
            raise HTTPException(403)
        return self.here(request)


def _versions(data: FormData, stays: int, gone: int) -> dict[int, int]:
    said = (str(data.get(f"version-{which}", "")) for which in ("stays", "gone"))
    stay, go = (int(each) if each.isascii() and each.isdigit() and len(each) < 10 else 0 for each in said)
    return {stays: stay, gone: go}


def _taken(here: Here, data: FormData) -> tuple[str, ...]:
    """Returns the fields whose value comes from the record that goes; only such as the person is shown."""
    lens = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    return tuple(name for name in lens.visible(lens.record.fields) if data.get(f"{PICK}{name}") == "gone")


def _list(session: Session, here: Here, start: int) -> Mapping[str, Any]:
    found = twins.open_pairs(session, here.live, here.actor, SHOWN, start)
    lens = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    rows = rows_of(session, lens, (key for each in found for key in (each.resident_id, each.other_id)))
    names, listed = lens.names(session), _listed(lens)
    lens.preload(names, listed, rows.values())
    lens.seen(rows.values(), listed)
    lines = []
    for each in found:
        one, other = rows[each.resident_id], rows[each.other_id]
        lines.append(
            Line(
                id=each.id,
                one=lens.title(one, names),
                other=lens.title(other, names),
                about=detail(lens, one, listed, names),
                score=each.score,
                why=tuple(_why(lens, each, one, other)),
            )
        )
    count = twins.count_open(session, here.live, here.actor)
    after = start + len(lines)
    return {"lines": lines, "count": count, "before": start, "after": after if after < count else 0}


def _listed(lens: Lens) -> list[str]:
    return [name for name in lens.visible(lens.record.list) if name not in lens.title_fields]


def _why(lens: Lens, twin: Twin, one: Any, other: Any) -> list[str]:
    clauses = tuple(int(each) for each in twin.clauses.split(",") if each)
    like = twins.Likeness(score=twin.score, clauses=clauses)
    return list(reasons(lens.at(one), like, lens.values(one), lens.values(other)))


def _pair(session: Session, here: Here, twin: int, stays: int) -> Mapping[str, Any]:
    """Returns what the page of a pair shows.

    Raises:
        HTTPException: 404, there is no such pair within the person's sight.
    """
    try:
        found = twins.pair(session, here.live, here.actor, twin)
    except twins.NotThere:
        raise HTTPException(404) from None
    keys = (found.resident_id, found.other_id)
    stay, go = keys if stays != keys[1] else (keys[1], keys[0])
    lens = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    rows = rows_of(session, lens, keys)
    lens.seen(rows.values(), lens.record.fields)
    cases = {key: _cases(session, here, key) for key in keys}
    return {
        "twin": found,
        "stays": stay,
        "gone": go,
        "subject": lens.key,
        "titles": {key: lens.title(row, lens.names(session)) for key, row in rows.items()},
        "versions": {key: row._mapping[lens.table.c.version] for key, row in rows.items()},
        "made": {key: _day(here, row._mapping[lens.table.c.created_at]) for key, row in rows.items()},
        "choices": [*_choices(session, lens, rows[stay], rows[go])],
        "cases": cases,
        "double": sorted({c[1] for c in cases[stay] if c[3]} & {c[1] for c in cases[go] if c[3]}),
        "alike": _why(lens, found, rows[stay], rows[go]),
        "may_decide": twins.may_decide(session, here.live, here.actor, *keys),
    }


def _day(here: Here, at: Any) -> str:
    return long_date(at.astimezone(calendar(here.live.schema).zone).date())


def _choices(session: Session, lens: Lens, stays: Any, gone: Any) -> list[Choice]:
    """The fields that at least one of two records fills, as the person may read them."""
    names, found = lens.names(session), []
    links = [n for n, f in lens.record.fields.items() if isinstance(f, LinkField)]
    lens.preload(names, [n for n in links if n in lens.visible(links)], (stays, gone))
    for name in lens.visible(lens.record.fields):
        values = [row._mapping[lens.column(name)] for row in (stays, gone)]
        if values[0] is None and values[1] is None:
            continue
        one, other = (lens.at(row).text(name, v, names) for row, v in zip((stays, gone), values, strict=True))
        label = lens.record.fields[name].label
        taken = values[0] is None
        found.append(Choice(name=name, label=label, stays=one, gone=other, taken=taken))
    return found


def _cases(session: Session, here: Here, key: int) -> list[tuple[int, str, str, bool]]:
    """Key, programme, number and whether it is open, of the cases of a person that are in sight."""
    query = select(Case.id, Case.number, Case.program, Case.status).where(
        Case.resident_id == key, wall.cases(here.live.schema, here.actor)
    )
    found = session.execute(query.order_by(Case.id.desc()).limit(20)).all()
    reads.note("case", (row.id for row in found), {"number": "plain", "program": "plain"})
    return [
        (row.id, called(here.live.schema, row.program), row.number, row.status == "open") for row in found
    ]
