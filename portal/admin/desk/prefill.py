"""What the page fills in for somebody new: the NIK or name that was searched for, and what a NIK tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from portal.admin.forms import Entry, Form
from portal.fields import ChoiceField, DateField, FieldType, NikField, TextField, Unreadable
from portal.fields.nik import Birth, birth_of
from portal.schema import Schema

MALE, FEMALE = "male", "female"
"""The choices of a field that asks the sex."""


def prefill(schema: Schema, person: Form, words: str, today: date) -> bool:
    """Fills empty entries of somebody new; tells whether birth date or sex came from the NIK.

    An officially wrong NIK stays valid for life, so what it tells is proposed and never enforced.
    """
    _searched(schema, person, words)
    birth = _birth(person)
    if birth is None:
        return False
    told = [_told(entry, birth, today) for entry in person.entries.values()]
    for name, raw in zip(person.entries, told, strict=True):
        if raw and not any(person.entries[name].raw):
            person.entries[name] = replace(person.entries[name], raw=raw)
    return any(told)


def _searched(schema: Schema, person: Form, words: str) -> None:
    """What was searched for in vain is the NIK or the name of somebody new."""
    digits = "".join(words.split())
    wanted: type[FieldType] = NikField if digits.isdigit() else TextField
    title = schema.records[schema.subject()].title
    for name, entry in person.entries.items():
        fits = isinstance(entry.field, wanted) and (wanted is NikField or f"{{{name}}}" in title)
        if words and fits and not entry.text:
            person.entries[name] = replace(entry, raw=(words,))
            return


def _birth(person: Form) -> Birth | None:
    for entry in person.entries.values():
        if isinstance(entry.field, NikField) and entry.text:
            try:
                return birth_of(str(entry.field.read(entry.raw)))
            except Unreadable:
                return None
    return None


def _told(entry: Entry, birth: Birth, today: date) -> tuple[str, ...]:
    """What a NIK says of an entry, as its boxes show it: the latest possible birth date, or the sex."""
    field = entry.field
    if isinstance(field, DateField) and "birth" in entry.name:
        return next((field.write(day) for day in birth.dates if day <= today), ())
    if isinstance(field, ChoiceField) and {MALE, FEMALE} <= set(field.choices):
        return (FEMALE if birth.female else MALE,)
    return ()
