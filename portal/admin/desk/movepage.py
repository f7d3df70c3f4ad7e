"""Moving running cases to a newer version of their SOP: what differs, each case's verdict, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from sqladmin import expose
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import reads, wall
from portal.access import Forbidden, may
from portal.admin.desk.base import Desk, Here, new_key, row_key
from portal.admin.once import Reused, stamp
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.cases.moving import MoveRefused, Moving, Running, judge_all, move_all, moving
from portal.fields.base import legible
from portal.tables import Case, SopVersion
from portal.words import say

MOST = 200
"""How many cases one press of the button moves, so that the answer comes soon."""
JUDGED = 2000
"""How many cases are looked at for the page."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One case as the page shows it."""

    case_id: int
    number: str
    step: str
    moves: bool
    kind: str
    why: str


class MovePage(Desk):
    """The running cases on older versions, for those who answer for the rules."""

    menu_url = "/rilis/pindah"
    menu_slug = "desk-moving"
    menu_group = "desk-rules"

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "releases")

    @expose("/rilis/pindah", methods=["GET"])
    @needs("releases", "cases")
    @takes(query=("sop", "dari", "map-*"))
    async def cases(self, request: Request) -> Response:
        """Shows which cases are behind, or what moving those of one version would do."""
        here = self._permitted(request)
        asked = request.query_params
        if "sop" not in asked:
            behind = await self.work(here.read, lambda session: _behind(session, here))
            return await self.page(request, "desk/moving.html", {"behind": behind})
        move, chosen = await self.work(here.read, lambda session: _asked(session, here, asked))
        values = await self.work(self._preview, here, move)
        return await self.page(request, "desk/moving.html", {**values, "chosen": chosen})

    @expose("/rilis/pindah", methods=["POST"])
    @needs("publish", "cases")
    @takes(form=("key", "sop", "dari", "ke", "alasan", "map-*"))
    async def move(self, request: Request) -> Response:
        """Moves the cases that can move; done twice, it finds nothing left to do."""
        here, data = self._permitted(request), await request.form()
        if not may(here.live.schema, here.actor, "publish"):
            raise HTTPException(403)
        said, mark = {key: str(value) for key, value in data.items()}, stamp(data, here.actor)

        def act() -> str:
            if led := here.answered(mark):
                return led
            move, _ = here.read(lambda session: _asked(session, here, said))
            if said.get("ke") != str(move.after):
                raise HTTPException(409)
            cases = move_all(here.engine, here.live, here.actor, self.site.clock, move)
            tuple(islice((each for each in cases if each.verdict and each.verdict.moves), MOST))
            back = {"sop": move.sop, "dari": move.before, "notice": "cases-moved"}
            led = f"/rilis/pindah?{urlencode(back)}"
            # Each case moves in a transaction of its own, so the key follows them; a retry finds none left.
            return here.once(mark, lambda _: led)

        try:
            led = await self.work(act)
        except Forbidden:
            raise HTTPException(403) from None
        except Reused:
            raise HTTPException(409) from None
        return RedirectResponse(led, status_code=303)

    def _preview(self, here: Here, move: Moving) -> dict[str, Any]:
        """What moving would do to the first cases; those that move stand first, as one press moves them."""
        every = judge_all(here.engine, here.live, here.actor, self.site.clock, move)
        found = sorted(islice(every, JUDGED), key=lambda each: not (each.verdict and each.verdict.moves))
        lines = [_line(move, each) for each in found[:MOST]]
        reads.note("case", (line.case_id for line in lines), {"number": "plain", "step": "plain"})
        before, after = move.comparison.before.steps, move.comparison.after.steps
        return {
            "move": move,
            "label": move.comparison.after.label,
            "differences": move.comparison.sentences(here.live.schema),
            "lines": lines,
            "stuck": {each.step: before[each.step].label for each in found if _homeless(each)},
            "targets": {key: step.label for key, step in after.items() if not step.automatic},
            "key": new_key(),
            "count": sum(each.moves for each in lines) if may(here.live.schema, here.actor, "publish") else 0,
            "most": MOST if len(found) > MOST else None,
        }

    def _permitted(self, request: Request) -> Here:
        if not self.is_accessible(request):
            raise HTTPException(403)
        return self.here(request)


def _behind(session: Session, here: Here) -> list[tuple[str, str, int, int, int]]:
    """SOP, its name, the older version, the newest, and how many cases run on the older one."""
    newest = here.live.sop_versions
    rows = session.execute(
        select(SopVersion.sop, SopVersion.number, func.count())
        .join(Case, Case.sop_version_id == SopVersion.id)
        .where(Case.status == "open", SopVersion.id.not_in(newest.values()), SopVersion.sop.in_(newest))
        .where(wall.cases(here.live.schema, here.actor))
        .group_by(SopVersion.sop, SopVersion.number)
        .order_by(SopVersion.sop, SopVersion.number)
    )
    sops = here.live.schema.sops
    return [
        (sop, sops[sop].label, before, session.get_one(SopVersion, newest[sop]).number, count)
        for sop, before, count in rows
    ]


def _asked(session: Session, here: Here, said: Mapping[str, str]) -> tuple[Moving, Mapping[str, str]]:
    """The move that an address or a form names, to the newest version, and its map of steps.

    Raises:
        HTTPException: 404, there is no such SOP or version; 400, the map names what it may not.
    """
    sop, before = said.get("sop", ""), row_key(said.get("dari", ""))
    if sop not in here.live.sop_versions or before is None:
        raise HTTPException(404)
    after = session.get_one(SopVersion, here.live.sop_versions[sop]).number
    step_map = {key[4:]: value for key, value in said.items() if key.startswith("map-") and value}
    reason = legible(said.get("alasan", "")).strip()[:200]
    try:
        return moving(session, sop, before, after, step_map, reason), step_map
    except MoveRefused as refused:
        raise HTTPException(400 if refused.slug.startswith("moving-map") else 404) from None


def _homeless(case: Running) -> bool:
    return case.verdict is not None and case.verdict.kind == "removed"


def _line(move: Moving, case: Running) -> Line:
    assert case.verdict is not None
    judged, before, after = case.verdict, move.comparison.before.steps, move.comparison.after.steps
    label = before[case.step].label
    to = after[judged.step].label if judged.moves else label
    return Line(
        case_id=case.case_id,
        number=case.number,
        step=label if to == label else say("moving-to-step", step=label, to=to),
        moves=judged.moves,
        kind=say(f"moving-kind-{judged.kind}"),
        why=judged.sentence(),
    )
