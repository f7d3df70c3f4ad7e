"""The referrals of a case as its page shows them, and how the resident hears of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.admin.desk.cards import Eyes
from portal.cases import At
from portal.cases.answering import offered
from portal.facts import calendar, field_value, resident_of
from portal.fields import PhoneField
from portal.models import column_name
from portal.referrals import state_of, web_of
from portal.referrals.codes import SHUT_AFTER
from portal.referrals.states import NEXT, Name, Party, State, open_acts
from portal.releases import Live, sop_version
from portal.rights import case_text
from portal.steps import ReferralStep, WaitStep
from portal.tables import Case, Event, IssuedLetter, Referral, Task
from portal.words import LANGUAGES, language, say
from portal.worktime import moment

Line = tuple[str, str, str]
"""When, who, what."""
KINDS: Mapping[State, str] = {
    "confirmed": "good",
    "served": "good",
    "accepted": "good",
    "declined": "late",
    "expired": "late",
    "returned": "soon",
}
"""The badges of states."""


@dataclass(frozen=True, kw_only=True)
class ReferralCard:
    """One referral in words."""

    id: int
    version: int
    destination: str
    number: str
    letter: int
    state: State
    words: str
    kind: str
    next: str
    due: str
    overdue: bool
    said: str
    """The reason, the missing papers, the note: what came with the newest word."""
    evidence: str
    acts: tuple[Name, ...]
    history: Sequence[Line]
    shut: int
    """How many wrong PINs have shut its page; 0 while it is open."""
    has_page: bool


@dataclass(frozen=True, kw_only=True)
class TicketCard:
    """How the resident follows the case, and a text for staff to send."""

    code: str
    link: str
    """A wa.me address with the text; empty where no telephone number is known or seen."""
    shut: int


@dataclass(frozen=True, kw_only=True)
class Loop:
    """The referrals of a case, its ticket, and the answer that waits for a step."""

    cards: Sequence[ReferralCard]
    preparing: bool
    arrived: str
    ticket: TicketCard
    may: bool


def loop_of(at: At, eyes: Eyes, case: Case, tasks: Sequence[Task], *, may: bool) -> Loop:
    """Returns what a case's page says of its referrals."""
    rows = at.session.scalars(select(Referral).where(Referral.case_id == case.id).order_by(Referral.id)).all()
    told = _events(at.session, case) if rows else ()
    steps = sop_version(at.session, case.sop_version_id).steps
    open_steps = [steps[task.step] for task in tasks if task.status == "open" and task.step in steps]
    return Loop(
        cards=[card(at, row, told) for row in rows],
        preparing=any(isinstance(each, ReferralStep) for each in open_steps),
        arrived=next(filter(None, (_arrived(at, case, each) for each in open_steps)), ""),
        ticket=_ticket(at, eyes, case),
        may=may,
    )


def _arrived(at: At, case: Case, step: object) -> str:
    found = offered(at, case, step) if isinstance(step, WaitStep) else None
    if found is None:
        return ""
    row, said = found
    return say(
        "referral-arrived", destination=named(at.live, row.destination), reply=say(f"reply-{said['reply']}")
    )


def _events(session: Session, case: Case) -> Sequence[Event]:
    mine = (Event.subject == "case", Event.subject_id == case.id, Event.kind.like("referral-%"))
    return session.scalars(select(Event).where(*mine).order_by(Event.id)).all()


def named(live: Live, destination: str) -> str:
    """Returns the name of a destination."""
    known = live.schema.known.destinations.get(destination)
    return known.label if known else destination


def card(at: At, row: Referral, told: Sequence[Event]) -> ReferralCard:
    """Returns a referral in words."""
    state, issued = state_of(row.status), at.session.get_one(IssuedLetter, row.letter_id)
    waits = at.session.get_one(Case, row.case_id).status == "open"
    return ReferralCard(
        id=row.id,
        version=row.version,
        destination=named(at.live, row.destination),
        number=issued.number or "",
        letter=issued.id,
        state=state,
        words=say(f"referral-state-{state}"),
        kind=KINDS.get(state, "plain"),
        next=next_words(state) if waits else "",
        due=_due(at, row, state) if waits else "",
        overdue=waits and is_overdue(row.act_by, state, at.now),
        said="; ".join(_said(at, row, state)),
        evidence=_evidence(row),
        acts=open_acts(state, "office"),
        history=[
            _line(at, each)
            for each in told
            if each.data.get("referral") == row.id or each.data.get("number") == (issued.number or "?")
        ],
        shut=row.page_failures if row.page_failures >= SHUT_AFTER else 0,
        has_page=row.page_code is not None,
    )


def next_words(state: State) -> str:
    """Returns who has to act in a state, in words; empty where it has ended."""
    party: Party | None = NEXT.get(state)
    return say(f"referral-next-{party}") if party else ""


def is_overdue(act_by: datetime | None, state: State, now: datetime) -> bool:
    """Tells whether whoever has to act is late."""
    return state in NEXT and act_by is not None and act_by < now


def _due(at: At, row: Referral, state: State) -> str:
    if state not in NEXT or row.act_by is None:
        return ""
    slug = "referral-overdue" if is_overdue(row.act_by, state, at.now) else "referral-due"
    return say(slug, at=local(at.live, row.act_by))


def local(live: Live, at: datetime) -> str:
    """Returns a moment in the office's time zone."""
    return moment(at.astimezone(calendar(live.schema).zone))


def _said(at: At, row: Referral, state: State) -> Iterator[str]:
    known = at.live.schema.known
    if state == "declined" and row.reason:
        yield known.reasons[row.reason].label if row.reason in known.reasons else row.reason
    if state == "returned":
        yield from (known.documents[key].label for key in row.missing or () if key in known.documents)
    if row.note:
        yield row.note


def _evidence(row: Referral) -> str:
    if not row.confirmed_by:
        return ""
    return f"{say(f'referral-by-{row.confirmed_by}')}: {row.evidence or '–'}"


def _line(at: At, event: Event) -> Line:
    data = event.data
    slug = f"event-{event.kind}"
    number, reply = data.get("number") or "-", data.get("reply")
    text = event.kind
    if slug in LANGUAGES[language()]:
        destination = named(at.live, str(data.get("destination", "")))
        text = say(slug, destination=destination, number=number, reply=say(f"reply-{reply}") if reply else "")
    way = data.get("way")
    how = f" ({say(f'referral-way-{way}')})" if way else ""
    return local(at.live, event.at), event.actor, f"{text}{how}"


def _ticket(at: At, eyes: Eyes, case: Case) -> TicketCard:
    shut = case.ticket_failures if case.ticket_failures >= SHUT_AFTER else 0
    code = case.ticket_code or ""
    link = _link(at, eyes, case, code) if code and case.access == "normal" else ""
    return TicketCard(code=code, link=link, shut=shut)


def _link(at: At, eyes: Eyes, case: Case, code: str) -> str:
    """The address of WhatsApp with a text that tells nothing of the person; only who clicks it sends."""
    phone = _phone(at, eyes, case)
    if not phone:
        return ""
    web = web_of(at.live.schema)
    slug = "ticket-message" if web else "ticket-message-bare"
    text = say(slug, code=code, address=f"{web}/lacak")
    return f"https://wa.me/{phone}?text={quote(text)}"


def _phone(at: At, eyes: Eyes, case: Case) -> str:
    """The telephone number of the resident, if the person sees it in full; of who came for nobody known."""
    kind, row = eyes.live.schema.subject(), resident_of(at.session, at.live, case)
    subject = at.live.schema.records[kind]
    if row is not None:
        here: Any = replace(eyes, area=getattr(row, column_name(subject.area), "") if subject.area else "")
        for key, field in subject.fields.items():
            seen = isinstance(field, PhoneField) and here.sight(field, kind, key) == "plain"
            value = field_value(row, key, field) if seen else None
            if isinstance(value, str) and value:
                return abroad(value)
        return ""
    # Nobody is known to be the resident: whoever brought the complaint hears of it.
    name, phone = case.reporter_name or "-", case.reporter_phone or ""
    return (
        abroad(phone)
        if case_text(at.live.schema, eyes.actor, "reporter_name", name, case.area) == name
        else ""
    )


def abroad(phone: str) -> str:
    """Returns an Indonesian number as wa.me wants it: digits with the code of the country."""
    digits = "".join(each for each in phone if each.isascii() and each.isdigit())
    if digits.startswith("0"):
        return f"62{digits[1:]}"
    return digits if digits.startswith("62") else f"62{digits}" if digits.startswith("8") else ""
