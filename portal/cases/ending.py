"""The end of an issued letter: void before it left, withdrawn, or replaced; its number stays for ever."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

from sqlalchemy import select

from portal.access import Forbidden
from portal.cases.base import At, event, locked_case
from portal.cases.signing import signatures
from portal.fields import Value
from portal.letters import issue
from portal.letters.context import Wanted
from portal.letters.draft import wanted_of
from portal.referrals import Illegal, Said, move, page_part, renew_page
from portal.rights import may_letter
from portal.schema import LETTER_NUMBER
from portal.tables import Case, IssuedLetter, LetterFile, Referral

End = Literal["void", "withdrawn"]


class EndRefused(Exception):
    """A letter cannot be ended so; `code` has words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def may_end(at: At, issued: IssuedLetter, area: str, how: End | Literal["replaced"]) -> bool:
    """Tells whether a person may end a letter: who issues it makes void or replaces, who signs withdraws."""
    act = "sign" if how == "withdrawn" else "issue"
    return may_letter(at.live.schema, at.actor, issued.letter, act, area)  # type: ignore[arg-type]


def end_letter(at: At, letter_id: int, how: End, reason: str) -> None:
    """Makes a letter void that never left the office, or withdraws one that did; its referral goes with it.

    Raises:
        Forbidden: the actor may not end such letters here.
        EndRefused: it has ended already, or it left the office and cannot be void.
    """
    issued, case = _locked(at, letter_id)
    if not may_end(at, issued, case.area, how):
        raise Forbidden(issued.letter)
    if how == "void" and has_left(at, issued, case):
        raise EndRefused("letter-end-left")
    issued.status, issued.ended_at = how, at.now
    _told(at, case, issued, f"letter-{how}", reason)
    for row in at.session.scalars(select(Referral).where(Referral.letter_id == issued.id)):
        with suppress(Illegal):  # it has its answer: what the agency did stays
            move(at, row.id, "withdraw", Said(way="letter", note=reason), party="office")


def replace_letter(at: At, letter_id: int, reason: str, typed: str | None = None) -> IssuedLetter:
    """Issues a letter anew with today's data and a number of its own; the old one says which took its place.

    What was asked when the old one was issued is taken over, as the steps of the case answer it now.

    Args:
        typed: the number of the new one where another agenda gives it.

    Raises:
        Forbidden: the actor may not issue such letters here.
        EndRefused: the old one has ended already, or its data were erased.
        NumberRefused: the typed number is not to be used.
    """
    old, case = _locked(at, letter_id)
    if not may_end(at, old, case.area, "replaced"):
        raise Forbidden(old.letter)
    if "letter" not in old.data or old.letter not in at.live.schema.letters:
        raise EndRefused("letter-end-erased")
    referral = at.session.scalar(select(Referral).where(Referral.letter_id == old.id))
    pair = renew_page(at, referral) if referral is not None else None
    made = issue(at.session, at.live, case, _again(at, case, old, typed, pair), actor=at.actor, now=at.now)
    if referral is not None:
        referral.letter_id = made.id
    old.status, old.ended_at, old.replaced_by = "superseded", at.now, made.id
    _told(at, case, old, "letter-superseded", reason, {"by": made.number})
    return made


def has_left(at: At, issued: IssuedLetter, case: Case) -> bool:
    """Tells whether a letter has left the office, as far as the portal knows: signed, or handed over."""
    signed = issued.id in signatures(at.session, case)
    files = select(LetterFile.id).where(LetterFile.letter_id == issued.id).limit(1)
    going = select(Referral.id).where(Referral.letter_id == issued.id, Referral.status != "issued").limit(1)
    return signed or at.session.scalar(files) is not None or at.session.scalar(going) is not None


def _again(at: At, case: Case, old: IssuedLetter, typed: str | None, pair: object) -> Wanted:
    base = wanted_of(at.session, at.live, case, old.letter)
    form: Mapping[str, Value] = {**base.form, LETTER_NUMBER: typed}
    return Wanted(
        letter=old.letter,
        destination=old.destination,
        form=form,
        form_fields=base.form_fields,
        printed={key: value for key, value in old.data.get("form", {}).items() if value is not None},
        reply=page_part(at.live.schema, pair) if pair is not None else {},  # type: ignore[arg-type]
    )


def _locked(at: At, letter_id: int) -> tuple[IssuedLetter, Case]:
    issued = at.session.get_one(IssuedLetter, letter_id)
    if issued.case_id is None:
        raise EndRefused("letter-end-office")
    case = locked_case(at.session, issued.case_id)
    at.session.refresh(issued, with_for_update=True)
    if issued.status != "issued":
        raise EndRefused("letter-end-already")
    return issued, case


def _told(
    at: At, case: Case, issued: IssuedLetter, kind: str, reason: str, more: Mapping[str, object] | None = None
) -> None:
    said = {"letter": issued.letter, "number": issued.number, "issued_letter": issued.id, **(more or {})}
    event(at, case, kind, said, reason=reason)
