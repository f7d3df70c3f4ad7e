"""A letter outside the steps, such as the receipt of a complaint: issued at once, or drafted for a chain."""

from __future__ import annotations

from collections.abc import Mapping

from portal.access import Forbidden, may_in
from portal.cases.base import At, Refused, locked_case, unchanged, wrong_number
from portal.cases.drafting import begin_on_request, chain_of
from portal.cases.effects import ticket_for
from portal.duties.emptying import is_emptied
from portal.fields import Value
from portal.letters import issue
from portal.letters.context import Wanted
from portal.rights import may_letter
from portal.tables import Case, IssuedLetter, LetterDraft


def issue_on_request(
    at: At,
    case: Case,
    letter: str,
    form: Mapping[str, Value],
    destination: str | None,
    *,
    version: int | None = None,
) -> IssuedLetter:
    """Issues a letter outside the steps.

    Raises:
        Forbidden: the actor may not work on cases of this area.
        Refused: the letter is not given out on request, has a chain, or a field is missing.
        Changed: the case went on since the form was shown, such as by the same letter of a colleague.
    """
    if chain_of(at.live, letter):
        raise Refused({"letter": "letter-has-chain"})
    found = _asked(at, case, letter, form, version)
    return issue_requested(at, found, letter, form, destination)


def draft_on_request(
    at: At,
    case: Case,
    letter: str,
    form: Mapping[str, Value],
    destination: str | None,
    *,
    version: int | None = None,
) -> LetterDraft:
    """Drafts a letter outside the steps that its chain has to look at first.

    Raises:
        Forbidden, Refused, Changed: as `issue_on_request`.
    """
    found = _asked(at, case, letter, form, version)
    return begin_on_request(at, found, letter, form, destination)


def issue_requested(
    at: At, case: Case, letter: str, form: Mapping[str, Value], destination: str | None
) -> IssuedLetter:
    """Issues a letter outside the steps whose form was looked at; the caller holds the case."""
    wanted = Wanted(
        letter=letter,
        destination=destination,
        form=form,
        form_fields=at.live.schema.known.letters[letter].asked(),
        ticket=ticket_for(at, case, letter),
    )
    return issue(at.session, at.live, case, wanted, actor=at.actor, now=at.now)


def _asked(at: At, case: Case, letter: str, form: Mapping[str, Value], version: int | None) -> Case:
    definition, schema = at.live.schema.letters[letter], at.live.schema
    issues = may_letter(schema, at.actor, letter, "issue", case.area)
    if not (may_in(schema, at.actor, "work", case.area) and issues):
        raise Forbidden(letter)
    found = locked_case(at.session, case.id)  # a number is waited for behind it
    problems = {
        k: "field-required" for k, f in definition.asked().items() if f.required and form.get(k) is None
    }
    problems |= wrong_number(at, case, letter, form)
    if not definition.on_request:
        problems["letter"] = "letter-not-on-request"
    if is_emptied(at.session, "case", case.id):
        problems["letter"] = "case-erased"
    if problems:
        raise Refused(problems)
    unchanged(found, version)
    found.version += 1
    return found
