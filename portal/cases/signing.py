"""The signature on a letter: given by hand on paper, noted once in the case's history."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Forbidden
from portal.cases.base import At, event, locked_case
from portal.rights import may_letter
from portal.tables import Case, Event, IssuedLetter

SIGNED = "letter-signed"


def sign(at: At, issued: IssuedLetter) -> None:
    """Notes that a letter has been signed; a second time changes nothing.

    Raises:
        Forbidden: the actor may not record signatures on such letters here.
    """
    if issued.case_id is None:
        raise Forbidden(issued.letter)
    case = locked_case(at.session, issued.case_id)
    if not may_letter(at.live.schema, at.actor, issued.letter, "sign", case.area):
        raise Forbidden(issued.letter)
    if issued.id not in signatures(at.session, case):
        said = {"letter": issued.letter, "number": issued.number, "issued_letter": issued.id}
        event(at, case, SIGNED, said)


def signatures(session: Session, case: Case) -> Mapping[int, Event]:
    """Returns the notes of the signatures on a case's letters, by the key of the letter."""
    query = select(Event).where(Event.subject == "case", Event.subject_id == case.id, Event.kind == SIGNED)
    return {int(each.data["issued_letter"]): each for each in session.scalars(query)}
