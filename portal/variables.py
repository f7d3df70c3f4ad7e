"""What a letter template may use: the dotted names of its context, known before any letter is printed.

`letters` builds the context with exactly these names; `checks` compares the templates with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from portal.fields import LinkField
from portal.models import answer_fields, column_name, lists_of
from portal.schema import Schema

FIXED = {
    "letter": "number date place urgency attachments subject title valid_until draft paper check_code "
    "signing check_address qr qr_size statement statement_qr statement_size",
    "office": "label name_line address phone email website emblem_left emblem_right "
    "village village_kind subdistrict regency province",
    "to": "addressee office place",
    "case": "number opened channel sector program complaint description priority needs",
    "registry": "registered decile checked_on checked_by",
    "resident": "kk age honorific full_address",
    "reply": "code pin address qr qr_size",
    "ticket": "code pin address",
    "period": "label since until",
}
ROWS = {
    "signers": "role prefix post own_post name rank nip",
    "family": "name nik relation birth_date occupation",
    "documents": "label status",
    "cases": "number opened name nik address program complaint channel status outcome settled",
    "totals": "label received settled open late",
}
LISTS = ("letter.copies", "office.lines", "to.lines", "reply.reasons")


PLACE_WORDS = ("village", "subdistrict", "regency", "regency_name", "province")
"""What an addressee, a place or a copy may say of where the case is, such as `Camat {subdistrict}`."""


def foreign_place_words(text: str) -> tuple[str, ...]:
    """Returns what stands in braces and is no place word; a brace without its other half counts as one."""
    try:
        named = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        return ("{}",)
    return tuple(name or "{}" for name in named if name not in PLACE_WORDS)


def letter_variables(schema: Schema, letter: str) -> frozenset[str]:
    """Returns every name that the template of a letter may use, such as `resident.name` or `family[].nik`."""
    return common_variables(schema) | own_variables(schema, letter)


def common_variables(schema: Schema) -> frozenset[str]:
    """Returns the names that every letter may use."""
    return frozenset(_names(schema))


def own_variables(schema: Schema, letter: str) -> frozenset[str]:
    """Returns the names of what is asked when one letter is issued."""
    return frozenset(("form", *(f"form.{column_name(name)}" for name in form_names(schema, letter))))


def _names(schema: Schema) -> Iterator[str]:
    yield "reply_by"
    for root, names in FIXED.items():
        yield root
        yield from (f"{root}.{name}" for name in names.split())
    for root, names in ROWS.items():
        yield root
        yield from (f"{root}[].{name}" for name in names.split())
    for name in LISTS:
        yield name
        yield f"{name}[]"
    subject = schema.records[schema.subject()]
    yield from (
        f"resident.{column_name(key)}"
        for key, field in subject.fields.items()
        if not isinstance(field, LinkField)
    )
    yield "answers"
    for sop in schema.sops.values():
        for step, name, _ in answer_fields(schema, sop):
            yield f"answers.{column_name(step)}"
            yield f"answers.{column_name(step)}.{column_name(name)}"


def form_names(schema: Schema, letter: str) -> Iterator[str]:
    """Yields what is asked when a letter is issued: its own fields and those of the steps that issue it."""
    yield from schema.letters[letter].fields
    lists = lists_of(schema)
    for sop in schema.sops.values():
        for step in sop.steps.values():
            if getattr(step, "letter", None) == letter:
                yield from step.answer_fields(lists)
