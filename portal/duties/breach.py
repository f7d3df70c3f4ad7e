"""A breach of personal data -> its report, whose data it touched, the 72 hours, the notices as PDFs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from portal import press, pressroom, templating
from portal.access import Actor, Forbidden, may
from portal.duties.unusual import Look
from portal.events import record
from portal.facts import calendar
from portal.models import column_name
from portal.releases import Live
from portal.tables import Breach
from portal.words import say, speaking
from portal.worktime import moment

LIMIT = timedelta(hours=72)
"""UU 27/2022 art. 46: 3 x 24 hours, to the person and to the authority."""
FOLDER = Path(__file__).parent / "notice"
Notice = Literal["authority", "person"]
PARTS = ("what", "how", "measures", "contact")


class BreachRefused(Exception):
    """The report lacks something; `fields` names what."""

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = tuple(fields)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A breach as somebody reports it."""

    noticed_at: datetime
    what: str
    how: str
    measures: str
    contact: str
    since: datetime | None = None
    until: datetime | None = None
    account: int | None = None
    whose: Mapping[str, int] | None = None
    """How many people of each area, when it is known otherwise than from the account's accesses."""


def report(
    session: Session, live: Live, told: Told, looks: Iterable[Look], *, actor: Actor, now: datetime
) -> Breach:
    """Keeps a report; whose data it touched is counted from the accesses of the account that it names.

    Raises:
        Forbidden: the person does not answer for data.
        BreachRefused: something of art. 46 is missing, or it was noticed in the future.
    """
    if not may(live.schema, actor, "erase"):
        raise Forbidden("erase")
    missing = [part for part in PARTS if not str(getattr(told, part)).strip()]
    if told.noticed_at > now:
        missing.append("noticed_at")
    if missing:
        raise BreachRefused(missing)
    whose = told.whose if told.whose is not None else whose_data(session, live, seen_by(told, looks))
    row = Breach(
        noticed_at=told.noticed_at,
        due_at=told.noticed_at + LIMIT,
        reported_by=actor.account_id,
        what=told.what.strip(),
        how=told.how.strip(),
        measures=told.measures.strip(),
        contact=told.contact.strip(),
        since=told.since,
        until=told.until,
        account_id=told.account,
        whose=dict(whose),
    )
    session.add(row)
    session.flush()
    _noted(session, row, "breach-reported", actor, now)
    return row


def told_to(
    session: Session, live: Live, breach: int, whom: Notice, *, actor: Actor, now: datetime
) -> Breach:
    """Keeps that the authority or the people were told; once both were, the report is closed."""
    if not may(live.schema, actor, "erase"):
        raise Forbidden("erase")
    row = session.get_one(Breach, breach, with_for_update=True)
    if whom == "authority":
        row.authority_told_at = row.authority_told_at or now
    else:
        row.people_told_at = row.people_told_at or now
    if row.authority_told_at and row.people_told_at:
        row.status = "closed"
    _noted(session, row, f"breach-told-{whom}", actor, now)
    return row


def _noted(session: Session, row: Breach, kind: str, actor: Actor, now: datetime) -> None:
    record(session, actor=actor, now=now, kind=kind, subject="breach", subject_id=row.id)


def seen_by(told: Told, looks: Iterable[Look]) -> frozenset[int]:
    """Returns the residents whom the suspected account saw in the time of the breach."""
    if told.account is None:
        return frozenset()
    return frozenset(
        resident
        for look in looks
        if look.account == told.account
        and (told.since is None or look.at >= told.since)
        and (told.until is None or look.at <= told.until)
        for resident in look.subjects
    )


def whose_data(session: Session, live: Live, residents: Iterable[int]) -> dict[str, int]:
    """Returns how many of some residents live in each area, by code."""
    subject = live.schema.subject()
    area = live.schema.records[subject].area
    table: Table = live.models.records[subject].__table__
    keys = sorted(set(residents))
    counted: Counter[str] = Counter()
    for start in range(0, len(keys), 500):
        column = table.c[column_name(area)] if area else table.c.id
        found = select(column).where(table.c.id.in_(keys[start : start + 500]))
        counted.update(str(each or "") if area else "" for each in session.scalars(found))
    return dict(sorted(counted.items()))


def time_left(row: Breach, now: datetime) -> str:
    """Returns the 72 hours in words: how long is left, or by how much they have passed."""
    left = row.due_at - now
    hours, minutes = divmod(int(abs(left).total_seconds()) // 60, 60)
    days, hours = divmod(hours, 24)
    slug = "clock-left" if left >= timedelta() else "clock-passed"
    return say(slug, days=days, hours=hours, minutes=minutes)


def notice(live: Live, row: Breach, whom: Notice) -> press.Printed:
    """Prints the draft of the notice to the authority or the people; its official form is to be verified."""
    with speaking("id"):
        zone = calendar(live.schema).zone
        said = {
            "office": live.schema.office.label,
            "what": row.what,
            "how": row.how,
            "measures": row.measures,
            "contact": row.contact,
            "noticed": moment(row.noticed_at.astimezone(zone)),
            "since": moment(row.since.astimezone(zone)) if row.since else "",
            "until": moment(row.until.astimezone(zone)) if row.until else "",
            "due": moment(row.due_at.astimezone(zone)),
            "number": str(row.id),
            "people": sum(row.whose.values()),
            "areas": [
                {"label": live.places.full_name(code) if code else "-", "people": people}
                for code, people in row.whose.items()
            ],
        }
        html = templating.render(templating.environment(FOLDER), f"{whom}.html", said)
    return pressroom.pdf(html, assets=press.SHEET)
