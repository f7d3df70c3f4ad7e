"""Letters that wait for their chain: the list of those that are mine to look at, and the page of each.

The draft on paper may tell what a person sees masked on screen; then it opens for a reason, as a letter does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import letters, reads, wall
from portal.access import Forbidden, may_in, roles_of
from portal.admin.desk.base import Desk, Here, new_key, path_key, printing, sent_key
from portal.admin.forms import Form
from portal.admin.once import sent_version
from portal.admin.reasons import reason_in
from portal.admin.records.mine import case_is_mine
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.admin.threads import in_turn
from portal.cases import AlreadyMoved, Changed, Refused, mark_draft
from portal.cases.base import form_fields
from portal.cases.drafting import (
    WAITING,
    answers_of_draft,
    chain_of,
    marks,
    send_back,
    step_of_draft,
    take_back,
    why_not,
)
from portal.database import writing
from portal.events import reason_of, record, values_of
from portal.facts import calendar
from portal.letters.context import context
from portal.letters.draft import wanted_of
from portal.letters.sight import Told, told
from portal.releases import SessionNames
from portal.tables import Account, Case, Event, IssuedLetter, LetterDraft, Task
from portal.words import say, speaking
from portal.worktime import moment

PATH = "/konsep/{draft_id:int}"
RETURNED = "returned"
REMEMBERED = timedelta(days=30)
"""So long the list of drafts shows what came back."""


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """One draft in the list."""

    id: int
    label: str
    person: str
    number: str
    act: str
    by: str
    at: str
    returned: bool = False


@dataclass(frozen=True, kw_only=True)
class DraftCard:
    """A draft as its page shows it."""

    id: int
    version: int
    case: Case
    kind: str
    label: str
    status: str
    chain: Sequence[tuple[str, str, str]]
    """Act, role, and who did it when; empty while nobody has."""
    next: str
    """The act that is next, empty when none is."""
    why_not: str
    mine: bool
    """Whether the person drafted it."""
    by: str
    facts: Sequence[tuple[str, str]]
    letter: int | None
    why_returned: str = ""
    again: Sequence[tuple[str, str]] | None = None
    """What was typed, for whoever drafts anew what came back; None where that is not to be done here."""


class DraftPages(Desk):
    """Letters on their way through their chain."""

    menu_url = "/konsep"
    menu_slug = "draft-list"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        chained = {each.role for letter in schema.letters.values() for each in letter.chain}
        held = [(granted.role, role) for granted, role in roles_of(schema, actor)]
        mine = {name for name, _ in held} | {each for _, role in held for each in role.acts_as}
        works = actor.everything or bool(chained & mine) or any("work" in role.may for _, role in held)
        return works and (bool(chained) or actor.everything)

    @expose("/konsep", methods=["GET"])
    @needs("account", "cases", "case")
    @takes()
    async def drafts(self, request: Request) -> Response:
        """Shows the drafts that wait for this person, and those that they drafted."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        found = await self.work(here.read, lambda session: _listed(session, here))
        return await self.page(request, "desk/drafts.html", {"mine": found[0], "drafted": found[1]})

    @expose(PATH, methods=["GET"])
    @needs("account", "cases", "case")
    @takes()
    async def draft(self, request: Request) -> Response:
        """Shows one draft."""
        return await self._show(request)

    @expose(PATH, methods=["POST"])
    @needs("account", "cases", "case")
    @takes(form=("key", "version", "act", "reason"))
    async def act(self, request: Request) -> Response:
        """Does the next act of the chain, sends the draft back, or takes it back."""
        here, data, key = self.here(request), await request.form(), path_key(request, "draft_id")
        doing, reason, version = str(data.get("act", "")), reason_in(data), sent_version(data)
        if doing == "return" and not reason:
            return await self._show(request, problem=say("unmask-reason-missing"), status=422)
        issued: list[int] = []

        def act(session: Session) -> str:
            row, case = _found(session, here, key)
            at = here.at(session)
            if doing == "return":
                send_back(at, key, reason, version)
                return f"/kasus/{case.id}?notice=draft-returned"
            if doing == "drop":
                take_back(at, key, version)
                return f"/kasus/{case.id}?notice=draft-taken-back"
            issued[:] = [each.id for each in mark_draft(at, row.id, version=version)]
            return (
                f"/surat/{issued[-1]}/rincian?notice=letter-issued"
                if issued
                else "/konsep?notice=draft-marked"
            )

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except (Changed, AlreadyMoved):
            return await self._show(request, problem=say("draft-overtaken"), status=409)
        except Refused as refused:
            problem = " ".join(say(slug, label="") for slug in refused.problems.values())
            return await self._show(request, problem=problem, status=409)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303, background=printing(here, issued))

    @expose(f"{PATH}/pdf", methods=["GET"])
    @needs("account", "letters", "letter")
    @takes()
    async def paper(self, request: Request) -> Response:
        """Answers with the draft as PDF, or asks why it is to be opened."""
        return await self._paper(request, self.here(request))

    @expose(f"{PATH}/buka", methods=["POST"])
    @needs("unmask", "letters", "letter")
    @takes(form=("reason",))
    async def opened(self, request: Request) -> Response:
        """Writes down why a draft is opened that tells more than the screen, then answers with it."""
        here, key = self.here(request), path_key(request, "draft_id")
        reason = reason_in(await request.form())
        if not reason:
            return await self._paper(request, here, missing=True)
        row, case, says, _ = await self.work(here.read, lambda session: _paper_of(session, here, key))
        if says.masked:
            await self.work(_note, here, case, row, says, reason)
        return await self._paper(request, here, opened=True)

    async def _paper(
        self, request: Request, here: Here, *, missing: bool = False, opened: bool = False
    ) -> Response:
        key = path_key(request, "draft_id")
        row, case, says, data = await self.work(here.read, lambda session: _paper_of(session, here, key))
        if says.hidden:
            raise HTTPException(403)
        if says.masked and not opened:
            return await self._ask(request, here, case, key, says, missing=missing)
        letter = here.live.schema.known.letters[row.letter]
        made = await in_turn(letters.print_pdf, here.live.templates, letter.template, data)
        shown = {"Content-Disposition": f'inline; filename="konsep-{key}.pdf"'}
        return Response(made.data, media_type="application/pdf", headers=shown)

    async def _ask(
        self, request: Request, here: Here, case: Case, key: int, says: Told, *, missing: bool
    ) -> Response:
        if not may_in(here.live.schema, here.actor, "unmask", case.area):
            raise HTTPException(403)
        values: Mapping[str, Any] = {
            "title": say("unmask-letter"),
            "about": say("unmask-letter-about", fields=", ".join(says.masked)),
            "action": f"/konsep/{key}/buka",
            "back": f"/konsep/{key}",
            "missing": missing,
            "key": "",
        }
        return await self.page(request, "desk/reason.html", values, status=422 if missing else 200)

    async def _show(self, request: Request, *, problem: str = "", status: int = 200) -> Response:
        here, key = self.here(request), path_key(request, "draft_id")
        shown = await self.work(here.read, lambda session: _card(session, here, key))
        values = {"draft": shown, "problem": problem, "key": new_key()}
        return await self.page(request, "desk/draft.html", values, status=status)


def _found(session: Session, here: Here, key: int) -> tuple[LetterDraft, Case]:
    """A draft of a case within the person's sight.

    Raises:
        HTTPException: 404, there is none.
    """
    scope = wall.cases(here.live.schema, here.actor)
    query = select(LetterDraft, Case).join(Case, Case.id == LetterDraft.case_id)
    found = session.execute(query.where(LetterDraft.id == key, scope)).one_or_none()
    if found is None:
        raise HTTPException(404)
    return found[0], found[1]


def _listed(session: Session, here: Here) -> tuple[Sequence[DraftLine], Sequence[DraftLine]]:
    scope = wall.cases(here.live.schema, here.actor)
    query = (
        select(LetterDraft, Case)
        .join(Case, Case.id == LetterDraft.case_id)
        .where(scope, LetterDraft.status == WAITING)
        .order_by(LetterDraft.id)
    )
    found = session.execute(query).all()
    asked = {row.task_id for row, _ in found if row.task_id is not None}
    going = set(session.scalars(select(Task.id).where(Task.id.in_(asked), Task.status == "open")))
    rows = [pair for pair in found if pair[0].task_id is None or pair[0].task_id in going]
    mine = [pair for pair in rows if not why_not(here.at(session), pair[0], pair[1])]
    drafted = [pair for pair in rows if pair[0].drafted_by == here.actor.account_id]
    drafted += _returned(session, here)
    return tuple(_lines(session, here, mine)), tuple(_lines(session, here, drafted))


def _returned(session: Session, here: Here) -> Sequence[Any]:
    """Drafts beside the steps that came back to this person and were not drafted anew."""
    newest = (
        select(LetterDraft, Case)
        .join(Case, Case.id == LetterDraft.case_id)
        .where(wall.cases(here.live.schema, here.actor), LetterDraft.drafted_by == here.actor.account_id)
        .where(LetterDraft.task_id.is_(None), LetterDraft.changed_at > here.now - REMEMBERED)
        .order_by(LetterDraft.id)
    )
    last = {(row.case_id, row.letter): (row, case) for row, case in session.execute(newest)}
    return [pair for pair in last.values() if pair[0].status == RETURNED]


def _lines(session: Session, here: Here, rows: Sequence[Any]) -> Iterator[DraftLine]:
    schema, zone = here.live.schema, calendar(here.live.schema).zone
    names, subject = SessionNames(session, here.live, here.actor), here.live.schema.subject()
    reads.note("case", (case.id for _, case in rows), {"letters": "plain"})
    for row, case in rows:
        chain, back = chain_of(here.live, row.letter), row.status == RETURNED
        if not back and row.stage >= len(chain):
            continue  # the chain has become shorter since
        yield DraftLine(
            id=row.id,
            label=schema.known.letters[row.letter].label,
            person=names.record(subject, case.resident_id) if case.resident_id else say("desk-anonymous"),
            number=case.number,
            act=say("draft-status-returned" if back else f"draft-act-{chain[row.stage].act}"),
            returned=back,
            by=_who(session, row.drafted_by),
            at=moment(row.drafted_at.astimezone(zone)),
        )


def _who(session: Session, account: int) -> str:
    return session.scalar(select(Account.label).where(Account.id == account)) or ""


def _card(session: Session, here: Here, key: int) -> DraftCard:
    row, case = _found(session, here, key)
    schema, at, zone = here.live.schema, here.at(session), calendar(here.live.schema).zone
    chain, reason = chain_of(here.live, row.letter), why_not(at, row, case)
    done = {each.stage: each for each in marks(session, row) if each.act != "return"}
    names, subject = SessionNames(session, here.live, here.actor), schema.subject()
    reads.note("case", (case.id,), {"letters": "plain"})
    facts = [
        (say("desk-person"), names.record(subject, case.resident_id) if case.resident_id else ""),
        (say("letter-case-number"), case.number),
        (say("draft-by"), f"{_who(session, row.drafted_by)}, {moment(row.drafted_at.astimezone(zone))}"),
    ]
    return DraftCard(
        id=key,
        version=row.version,
        case=case,
        kind=row.letter,
        label=schema.known.letters[row.letter].label,
        status=row.status,
        chain=[
            (
                say(f"draft-act-{each.act}"),
                schema.known.roles[each.role].label if each.role in schema.known.roles else each.role,
                _done(session, done.get(place), zone),
            )
            for place, each in enumerate(chain)
        ],
        next=chain[row.stage].act if row.status == WAITING and row.stage < len(chain) else "",
        why_not=say(reason) if reason else "",
        mine=row.drafted_by == here.actor.account_id,
        by=_who(session, row.drafted_by),
        facts=[pair for pair in facts if pair[1]],
        letter=row.letter_id,
        why_returned=_reason(session, case, row) if row.status == RETURNED else "",
        again=_again(here, row) if row.status == RETURNED else None,
    )


def _reason(session: Session, case: Case, row: LetterDraft) -> str:
    """Why a draft came back, in the words of whoever sent it."""
    mine = (Event.subject == "case", Event.subject_id == case.id, Event.kind == "letter-draft-return")
    found = [e.id for e in session.scalars(select(Event).where(*mine)) if e.data.get("draft") == row.id]
    said = values_of(session, found)
    return " ".join(reason_of(said.get(each, {})) for each in found)


def _again(here: Here, row: LetterDraft) -> Sequence[tuple[str, str]] | None:
    """The entries of the form with which whoever drafted a letter on request drafts it anew."""
    known = here.live.schema.letters.get(row.letter)
    mine = row.task_id is None and row.drafted_by == here.actor.account_id
    if not mine or known is None or not known.on_request:
        return None
    form = Form.filled(dict(known.asked()), answers_of_draft(here.live, None, row))
    return [(name, each) for name, entry in form.entries.items() for each in entry.raw]


def _done(session: Session, mark: Any, zone: Any) -> str:
    return f"{_who(session, mark.account_id)}, {moment(mark.at.astimezone(zone))}" if mark else ""


def _paper_of(session: Session, here: Here, key: int) -> tuple[LetterDraft, Case, Told, dict[str, Any]]:
    """A draft with what its paper says, and what that tells beyond the screen."""
    row, case = _found(session, here, key)
    _, step = step_of_draft(session, row, case)
    answers = answers_of_draft(here.live, step, row)
    base = wanted_of(session, here.live, case, row.letter)
    fields = {**base.form_fields, **(form_fields(here.live, step) if step else {})}
    chosen = answers.get("destination")
    wanted = replace(
        base,
        form={**base.form, **answers},
        form_fields=fields,
        destination=chosen if isinstance(chosen, str) else base.destination,
    )
    with speaking("id"):
        data = context(
            session, here.live, case, wanted, now=here.now, number=None, valid_until=None, draft=True
        )
    said = json.loads(json.dumps(data, default=str))
    # Not a letter: it is only asked what a letter of this kind with these data would tell.
    paper = IssuedLetter(letter=row.letter, release_id=here.live.release_id, data=said)
    mine = case_is_mine(session, here.live.schema, here.actor, case)
    says = told(session, here.live, paper, case, here.actor, assigned=mine)
    if not says.hidden:
        reads.note("case", (case.id,), {"letter": "plain"})
        if case.resident_id is not None and not says.masked:
            reads.note(here.live.schema.subject(), (case.resident_id,), {"letter": "plain"})
    return row, case, says, said


def _note(here: Here, case: Case, row: LetterDraft, says: Told, reason: str) -> None:
    said = {"letter": row.letter, "draft": row.id, "fields": list(says.masked)}
    done = {"kind": "letter-unmasked", "subject": "case", "subject_id": case.id, "data": said}
    with writing(here.engine) as session:
        made = record(session, actor=here.actor, now=here.now, reason=reason, **done)  # type: ignore[arg-type]
        reads.because(made.id)
