"""A referral beside the current step: another agency is asked while the case goes on."""

from __future__ import annotations

from collections.abc import Mapping

from portal.access import Forbidden
from portal.cases.base import At, Refused, form_fields, wrong_number
from portal.cases.clocks import settle
from portal.cases.closing import working
from portal.cases.effects import carry_out
from portal.duties.consent import may_share
from portal.duties.emptying import is_emptied
from portal.fields import FieldType, Value
from portal.releases import sop_version
from portal.rights import may_letter
from portal.steps import ReferralStep
from portal.tables import Case, IssuedLetter


def referral_letters(at: At, case: Case) -> dict[str, ReferralStep]:
    """Returns by letter the referrals that a person may make beside the steps, those of its SOP first."""
    sop, schema = sop_version(at.session, case.sop_version_id), at.live.schema
    steps = [*sop.steps.values(), *(step for each in schema.sops.values() for step in each.steps.values())]
    found: dict[str, ReferralStep] = {}
    for step in steps:
        known = isinstance(step, ReferralStep) and step.letter in schema.letters
        if isinstance(step, ReferralStep) and known and step.letter not in found:
            found[step.letter] = step
    return {
        key: step
        for key, step in found.items()
        # A letter with a chain is asked for by its own step: nobody waits beside the steps.
        if may_letter(schema, at.actor, key, "issue", case.area) and not schema.letters[key].chain
    }


def referral_fields(at: At, step: ReferralStep) -> Mapping[str, FieldType]:
    """Returns what a referral beside the steps asks: what every referral does, and what its letter needs."""
    bare = step.model_copy(update={"fields": {}})
    return form_fields(at.live, bare)


def refer_beside(
    at: At, case_id: int, letter: str, answers: Mapping[str, Value], *, version: int | None = None
) -> tuple[IssuedLetter, ...]:
    """Issues a referral letter beside the current step and opens its referral.

    Raises:
        Forbidden: the actor may not work here, or not issue such a letter.
        Refused: the case is closed or erased, something is missing, or the resident did not consent.
        Changed: the case went on since the form was shown.
    """
    case = working(at, case_id, version)
    step = referral_letters(at, case).get(letter)
    if step is None:
        raise Forbidden(letter)
    fields = referral_fields(at, step)
    problems = {k: "field-required" for k, f in fields.items() if f.required and answers.get(k) is None}
    if is_emptied(at.session, "case", case.id):
        problems["letter"] = "case-erased"
    problems |= _without_consent(at, case, answers)
    problems |= wrong_number(at, case, letter, answers)
    if problems:
        raise Refused(problems)
    destination = at.live.schema.destinations.get(str(answers["destination"]))
    usual = destination.reply_within if destination else None
    made = step.model_copy(update={"fields": {}, "reply_within": usual or step.reply_within})
    case.version += 1
    letters = carry_out(at, case, made, answers, made.effects(answers))
    settle(at, case)
    return letters


def _without_consent(at: At, case: Case, answers: Mapping[str, Value]) -> dict[str, str]:
    destination = at.live.schema.destinations.get(str(answers.get("destination")))
    if destination is None or not destination.consent:
        return {}
    if answers.get("consent") is not True:
        return {"consent": "referral-consent-missing"}
    shared = may_share(at.session, at.live, case.resident_id, str(answers["destination"]))
    return {"consent": "referral-consent-withdrawn"} if shared == "withdrawn" else {}
