"""What roles say of single things, answered for a person: changing a field, letters, steps, pages.

It stands on `access`, which answers for whole rows; both read the same roles and the same grants.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.access import CLASSES, SEEING, Actor, reads, right_of, roles_of, sees
from portal.fields import FieldType, LongTextField, TextField
from portal.schema import CASE, CaseField, LetterAct, Role, Schema, Screen, Sight

CASE_FIELDS: Mapping[CaseField, FieldType] = {
    "answers": LongTextField(type="long-text", label="answers"),
    "description": LongTextField(type="long-text", label="description"),
    "reporter_name": TextField(type="text", label="reporter_name"),
}
"""What a complaint says of people, as fields that roles see plain, masked or not at all."""


def writes(
    schema: Schema,
    actor: Actor,
    field: FieldType,
    record: str,
    name: str,
    area: str | None,
    *,
    assigned: bool = False,
) -> bool:
    """Tells whether a person may change a field of a record: one role over it sees it so and may edit."""
    held = (role for _, role in roles_of(schema, actor, area) if "edit" in role.records.get(record, ()))
    wanted = {"edit", "assigned"} if assigned else {"edit"}
    return actor.everything or any(right_of(role, field, record, name) in wanted for role in held)


def fills(schema: Schema, actor: Actor, field: FieldType, record: str, name: str) -> bool:
    """Tells whether a person fills in a field of a new record; who types a value may know it.

    What a role sees masked it may enter, such as the NIK on a card that somebody brings along; what is hidden
    from it or not to be changed by it is not asked.
    """
    held = (role for _, role in roles_of(schema, actor) if "create" in role.records.get(record, ()))
    rights = {right_of(role, field, record, name) for role in held}
    return actor.everything or bool(rights & {"edit", "assigned", "masked"})


def asked(schema: Schema, actor: Actor, record: str) -> dict[str, FieldType]:
    """Returns the fields that a new record of a type asks of a person."""
    fields = schema.records[record].fields
    return {name: each for name, each in fields.items() if fills(schema, actor, each, record, name)}


def asked_changes(
    schema: Schema, actor: Actor, record: str, area: str | None, *, assigned: bool = False
) -> frozenset[str]:
    """Returns the fields of a record of an area that a person may change."""
    fields = schema.records[record].fields.items()
    return frozenset(
        name for name, each in fields if writes(schema, actor, each, record, name, area, assigned=assigned)
    )


def case_text(schema: Schema, actor: Actor, name: CaseField, value: str | None, area: str) -> str:
    """Returns what a complaint says, as a person reads it: in full, masked, or nothing."""
    field = CASE_FIELDS[name]
    sight: Sight = sees(schema, actor, field, CASE, name, area)
    if sight == "hidden" or not value:
        return ""
    return value if sight == "plain" else field.mask(value)


def letter_acts(role: Role, letter: str) -> frozenset[LetterAct]:
    """Returns what a role may do with a kind of letter: what it says of it, else what its acts amount to."""
    if letter in role.letters:
        named = role.letters[letter]
        return frozenset((*named, *(("see",) if named else ())))
    acts: list[LetterAct] = ["see"] if any(getattr(role.cases, each) in SEEING for each in CLASSES) else []
    acts += ["print"] if "print" in role.may else []
    acts += ["issue"] if "work" in role.may else []
    acts += ["sign"] if "sign" in role.may else []
    return frozenset(acts)


def may_letter(schema: Schema, actor: Actor, letter: str, act: LetterAct, area: str) -> bool:
    """Tells whether a person may do something with a kind of letter about cases of an area."""
    held = roles_of(schema, actor, area)
    return actor.everything or any(act in letter_acts(role, letter) for _, role in held)


def reads_all(schema: Schema, actor: Actor, area: str) -> bool:
    """Tells whether a person sees every ordinary case of an area, and so the papers that list them."""
    held = roles_of(schema, actor, area)
    return actor.everything or any(role.cases.normal == "area" for _, role in held)


def reads_step(schema: Schema, actor: Actor, sop: str, step: str, area: str | None = None) -> bool:
    """Tells whether a person may read the answers of a step; without an area, wherever they see cases."""
    held = [pair for pair in roles_of(schema, actor, area) if reads(pair[1], CASE)]
    if actor.everything:
        return True
    places = {granted.area for granted, _ in held}
    return bool(held) and all(
        any(
            role.steps.get(sop, {}).get(step) != "hidden" and _answers(role)
            for granted, role in held
            if area is not None or granted.covers(place)
        )
        for place in places
    )


def _answers(role: Role) -> bool:
    return role.fields.get(CASE, {}).get("answers", "plain") in ("plain", "edit")


def opens(schema: Schema, actor: Actor, screen: Screen) -> bool:
    """Tells whether some role of a person opens a page; what is on it, its other rights say."""
    held = roles_of(schema, actor)
    return actor.everything or any(role.screens is None or screen in role.screens for _, role in held)
