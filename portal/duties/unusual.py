"""Who looked at whom -> what to ask about: very many people, closed hours, searches without a case.

Nothing here says that anybody did wrong; it says where to ask. Names, neighbours and relatives are no rule:
most people here have no family name, and an account does not know where its holder lives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import accesslog
from portal.releases import Live
from portal.tables import Account, Case, Event
from portal.words import say
from portal.worktime import Calendar, long_date

MANY = 30
"""People in one day that anybody may have to see."""
TIMES = 3
"""So many times a person's usual day is unusual."""
NIGHT = 5
"""People outside opening hours in one day; fewer is finishing one's work."""
SEARCHES = 10
"""Searched people in one day without any case of theirs; fewer is looking for the right one."""
Rule = Literal["many", "closed", "searches", "break-glass"]


@dataclass(frozen=True, kw_only=True)
class Look:
    """One access to people's data: what the access log has, or what an event tells of it."""

    at: datetime
    account: int
    """The account's id."""
    subjects: tuple[int, ...]
    """The ids of the residents who were seen."""
    page: str
    """Where: search, list, record, case, letter, export, edit or break-glass."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One account on one day, and why somebody should ask."""

    account: int
    day: date
    rule: Rule
    people: int
    usual: int = 0

    def sentence(self) -> str:
        """Returns it in the reader's language."""
        values = {"day": long_date(self.day), "people": self.people, "usual": self.usual}
        return say(f"unusual-{self.rule}", **values)


def looks(session: Session, live: Live, since: datetime) -> Iterator[Look]:
    """Yields the accesses since a moment: the one place that says where they are kept."""
    yield from looks_of_events(session, live, since)
    for row in accesslog.since(session, live.schema.subject(), since):
        if row.actor_id is not None:
            yield Look(at=row.at, account=row.actor_id, subjects=row.keys, page=_kind_of(row.page))


def _kind_of(page: str) -> str:
    """The kind of a page in the access log; a list shows many whom nobody has looked for."""
    address = page.partition(" ")[2]
    if address.startswith("/cari"):
        return "search"
    if address.endswith("/list") or address in ("/kasus", "/tugas"):
        return "list"
    return "case" if address.startswith("/kasus/") else "record"


def looks_of_events(session: Session, live: Live, since: datetime) -> Iterator[Look]:
    """Yields the accesses that events tell of: changed and opened records, acts on cases, exports.

    They are fewer than those of an access log, which yields the same `Look`s for every page that was read.
    """
    subject = live.schema.subject()
    residents = dict(session.execute(select(Case.id, Case.resident_id)).all())
    found = select(Event).where(Event.at >= since, Event.actor_id.is_not(None)).order_by(Event.id)
    for event in session.scalars(found.execution_options(yield_per=1000)):
        seen: tuple[int, ...] = ()
        if event.subject == subject and event.subject_id:
            seen, page = (event.subject_id,), "break-glass" if event.kind == "break-glass" else "edit"
        elif event.subject == "case":
            resident = residents.get(event.subject_id)
            seen, page = ((resident,) if resident else ()), "case"
        elif event.kind == "exported":
            seen, page = (), "export"
        if seen and event.actor_id is not None:
            yield Look(at=event.at, account=event.actor_id, subjects=seen, page=page)


def unusual(
    looks: Iterable[Look], calendar: Calendar, cases: Iterable[tuple[int, int]]
) -> tuple[Finding, ...]:
    """Returns what is unusual, the newest first.

    Args:
        looks: the accesses, of all accounts.
        calendar: the office's hours and holidays.
        cases: pairs of account and resident for whom that account has worked on a case.
    """
    days: dict[tuple[int, date], list[Look]] = {}
    for look in looks:
        day = look.at.astimezone(calendar.zone).date()
        days.setdefault((look.account, day), []).append(look)
    worked = set(cases)
    found = [each for key, some in days.items() for each in _of_day(key, some, days, calendar, worked)]
    return tuple(sorted(found, key=lambda each: (-each.day.toordinal(), each.account, each.rule)))


def _of_day(
    key: tuple[int, date],
    looks: list[Look],
    days: dict[tuple[int, date], list[Look]],
    calendar: Calendar,
    worked: set[tuple[int, int]],
) -> Iterator[Finding]:
    account, day = key
    others = [
        _people(each for each in some if each.page != "list")
        for (who, when), some in days.items()
        if who == account and when != day
    ]
    usual = int(median(others)) if others else 0
    opened = [look for look in looks if look.page != "list"]
    everyone = _people(opened)
    if everyone > max(MANY, TIMES * usual):
        yield Finding(account=account, day=day, rule="many", people=everyone, usual=usual)
    closed = _people(look for look in opened if not _is_open(look.at, calendar))
    if closed >= NIGHT:
        yield Finding(account=account, day=day, rule="closed", people=closed)
    sought = {each for look in looks if look.page == "search" for each in look.subjects}
    idle = sum((account, each) not in worked for each in sought)
    if idle >= SEARCHES:
        yield Finding(account=account, day=day, rule="searches", people=idle)
    broken = _people(look for look in looks if look.page == "break-glass")
    if broken:
        yield Finding(account=account, day=day, rule="break-glass", people=broken)


def _people(looks: Iterable[Look]) -> int:
    return len({each for look in looks for each in look.subjects})


def _is_open(at: datetime, calendar: Calendar) -> bool:
    """Tells whether a moment lies in opening hours or within the hour around them."""
    here = at.astimezone(calendar.zone)
    spans = [span.on(here.date(), calendar.zone) for span in calendar.spans(here.date())]
    if not spans:
        return False
    around = timedelta(hours=1)
    return min(opens for opens, _ in spans) - around <= at <= max(closes for _, closes in spans) + around


def worked_on(session: Session) -> set[tuple[int, int]]:
    """Returns pairs of account and resident for whom that account has done something in a case."""
    pairs = (
        select(Event.actor_id, Case.resident_id)
        .join(Case, Case.id == Event.subject_id)
        .where(Event.subject == "case", Event.actor_id.is_not(None), Case.resident_id.is_not(None))
        .distinct()
    )
    return {(account, resident) for account, resident in session.execute(pairs) if account and resident}


def labels(session: Session) -> dict[int, str]:
    """Returns the names of the accounts."""
    return dict(session.execute(select(Account.id, Account.label)).all())
