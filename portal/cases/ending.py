"""The end of an issued letter: void before it left, withdrawn, or replaced; its number stays for ever."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

from sqlalchemy import select

from portal.access import Forbidden
from portal.cases.base import At
from portal.cases.signing import is_signed, locked_home, tell
from portal.fields import Value
from portal.letters import issue
from portal.letters.context import Wanted
from portal.letters.draft import wanted_of
from portal.letters.home import Home
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
    home = _locked(at, letter_id)
    issued = home.issued
    if not may_end(at, issued, home.area, how):
        raise Forbidden(issued.letter)
    if how == "void" and has_left(at, home):
        raise EndRefused("letter-end-left")
    issued.status, issued.ended_at = how, at.now
    tell(at, home, f"letter-{how}", reason=reason)
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
        EndRefused: the old one has ended already, its data were erased, or it is about many cases.
        NumberRefused: the typed number is not to be used.
    """
    home = _locked(at, letter_id)
    old, case = home.issued, home.case
    if case is None:
        raise EndRefused("letter-end-office")
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
    tell(at, home, "letter-superseded", {"by": made.number}, reason=reason)
    return made


def has_left(at: At, home: Home) -> bool:
    """Tells whether a letter has left the office, as far as the portal knows: signed, or handed over."""
    issued, signed = home.issued, is_signed(at.session, home)
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


def _locked(at: At, letter_id: int) -> Home:
    home = locked_home(at.session, at.session.get_one(IssuedLetter, letter_id))
    at.session.refresh(home.issued, with_for_update=True)
    if home.issued.status != "issued":
        raise EndRefused("letter-end-already")
    return home
