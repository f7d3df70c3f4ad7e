"""The letters of a case that a person may know of, and what they may do with each."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, roles_of
from portal.admin.desk.cards import Eyes
from portal.rights import letter_acts, may_letter
from portal.schema import LetterAct, Schema
from portal.tables import Case, IssuedLetter


def may_with(eyes: Eyes, letter: str, act: LetterAct) -> bool:
    """Tells whether a person may do something with a kind of letter about the case they look at."""
    return may_letter(eyes.live.schema, eyes.actor, letter, act, eyes.area or "")


def known_letters(session: Session, eyes: Eyes, case: Case) -> list[IssuedLetter]:
    """Returns the letters of a case that the person may know of."""
    query = select(IssuedLetter).where(IssuedLetter.case_id == case.id).order_by(IssuedLetter.id)
    return [each for each in session.scalars(query) if may_with(eyes, each.letter, "see")]


def signable(eyes: Eyes, issued: IssuedLetter) -> bool:
    """Tells whether a letter is signed by somebody, and the person may note that."""
    letter = eyes.live.schema.known.letters.get(issued.letter)
    return bool(letter and letter.signers) and may_with(eyes, issued.letter, "sign")


def letters_to_issue(schema: Schema, actor: Actor) -> list[tuple[str, str]]:
    """Returns the letters on request that a person issues at once somewhere, with their labels."""
    works = any("work" in role.may for _, role in roles_of(schema, actor))
    found = letters_for(schema, actor, "issue", on_request=True) if works else []
    return [(key, label) for key, label in found if not schema.letters[key].chain]


def letters_for(schema: Schema, actor: Actor, act: LetterAct, *, on_request: bool) -> list[tuple[str, str]]:
    """Returns the letters with which a person may do something somewhere, with their labels."""
    held = [role for _, role in roles_of(schema, actor)]
    return [
        (key, each.label)
        for key, each in schema.letters.items()
        if (each.on_request or not on_request) and any(act in letter_acts(role, key) for role in held)
    ]
