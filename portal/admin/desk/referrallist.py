"""The referrals that wait, of open cases within sight: by state, by destination, the most urgent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import reads, wall
from portal.access import CLASSES, SEEING, roles_of
from portal.admin.desk.base import Desk, Here
from portal.admin.desk.referralcards import KINDS, is_overdue, named, next_words
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.facts import calendar
from portal.referrals import state_of
from portal.referrals.states import NEXT, OPEN, State
from portal.releases import SessionNames
from portal.rights import opens
from portal.tables import Case, IssuedLetter, Referral
from portal.words import say
from portal.worktime import long_date

MOST = 200
"""How many lines the page has at most; the most urgent come first."""
LATE = "late"


@dataclass(frozen=True, kw_only=True)
class ReferralLine:
    """One referral in the list."""

    case: int
    id: int
    person: str
    number: str
    destination: str
    state: str
    kind: str
    next: str
    due: str
    overdue: bool


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The referrals of a person's cases: counts for each filter, and the lines of the chosen one."""

    counts: Mapping[str, int]
    destinations: Sequence[tuple[str, str]]
    lines: Sequence[ReferralLine]
    count: int


def waiting(session: Session, here: Here, state: str, destination: str) -> Waiting:
    """Returns what the page shows; a count is the number of lines that its filter gives."""
    rows = session.execute(_query(here)).all()
    names = sorted({(row.destination, named(here.live, row.destination)) for row in rows}, key=_name)
    mine = [row for row in rows if not destination or row.destination == destination]
    counts = Counter[str]()
    for row in mine:
        now = state_of(row.status)
        counts.update([now, *(["all"] if now in NEXT else ())])
        counts.update([LATE] if is_overdue(row.act_by, now, here.now) else ())
    chosen = [row for row in mine if _fits(row, state, here)]
    lines = tuple(_lines(session, here, chosen[:MOST]))
    return Waiting(counts=counts, destinations=names, lines=lines, count=len(chosen))


def _query(here: Here) -> Select[*tuple[Any, ...]]:
    scope = wall.cases(here.live.schema, here.actor)
    columns = (Referral.id, Referral.case_id, Referral.destination, Referral.status, Referral.act_by)
    return (
        select(*columns, Referral.letter_id, Case.resident_id)
        .join(Case, Case.id == Referral.case_id)
        .where(scope, Case.status == "open")
        .order_by(Referral.act_by.is_(None), Referral.act_by, Referral.id)
    )


def _name(pair: tuple[str, str]) -> str:
    return pair[1]


def _fits(row: Any, state: str, here: Here) -> bool:
    now: State = state_of(row.status)
    if state == LATE:
        return is_overdue(row.act_by, now, here.now)
    return now in NEXT if not state else now == state


def _lines(session: Session, here: Here, rows: Sequence[Any]) -> Iterator[ReferralLine]:
    subject = here.live.schema.subject()
    names = SessionNames(session, here.live, here.actor)
    zone = calendar(here.live.schema).zone
    names.preload(subject, [row.resident_id for row in rows if row.resident_id is not None])
    letters = select(IssuedLetter.id, IssuedLetter.number).where(
        IssuedLetter.id.in_([row.letter_id for row in rows])
    )
    numbers = dict(session.execute(letters).all())
    reads.note("case", (row.case_id for row in rows), {"referrals": "plain", "letters": "plain"})
    for row in rows:
        state = state_of(row.status)
        overdue = is_overdue(row.act_by, state, here.now)
        due = long_date(row.act_by.astimezone(zone).date()) if row.act_by and state in NEXT else ""
        yield ReferralLine(
            case=row.case_id,
            id=row.id,
            person=names.record(subject, row.resident_id) if row.resident_id else say("desk-anonymous"),
            number=numbers.get(row.letter_id) or "",
            destination=named(here.live, row.destination),
            state=say(f"referral-state-{state}"),
            kind=KINDS.get(state, "plain"),
            next=next_words(state),
            due=say("referral-overdue" if overdue else "referral-due", at=due) if due else "",
            overdue=overdue,
        )


class ReferralList(Desk):
    """The referrals that wait for somebody."""

    menu_url = "/rujukan"
    menu_slug = "referral-list"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        held = [role.cases for _, role in roles_of(schema, actor)]
        sees = any(getattr(each, access) in SEEING for each in held for access in CLASSES)
        return sees and opens(schema, actor, "cases")

    @expose("/rujukan", methods=["GET"])
    @needs("account", "cases", "case", screen="cases")
    @takes(query=("status", "tujuan"))
    async def referrals(self, request: Request) -> Response:
        """Shows the referrals of a filter."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here, asked = self.here(request), request.query_params
        state = next((each for each in (LATE, *OPEN) if each == asked.get("status")), "")
        known = here.live.schema.known.destinations
        destination = next((each for each in known if each == asked.get("tujuan")), "")
        found = await self.work(here.read, lambda session: waiting(session, here, state, destination))
        values = {
            "found": found,
            "state": state,
            "states": OPEN,
            "destination": destination,
            "most": MOST if found.count > MOST else 0,
        }
        return await self.page(request, "desk/waiting.html", values)
