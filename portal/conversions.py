"""One kind of field, another kind -> how values pass from one to the other, or that they do not.

The table below is the whole of it; docs/explanation/type-changes.md is made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from portal.fields import AnyField, FieldType, NumberField, Unreadable, Value

Passage = Literal["always", "checked", "never"]
"""Whether every value passes, each value is looked at before anything changes, or none does."""

_ALWAYS: Mapping[str, tuple[str, ...]] = {
    "text": ("long-text",),
    "money": ("text", "long-text"),
    "number": ("text", "long-text"),
    "date": ("text", "long-text"),
    "flag": ("text",),
    "choice": ("text", "long-text"),
    "nik": ("text", "long-text"),
    "kk": ("text", "long-text"),
    "phone": ("text", "long-text"),
    "area": ("text", "long-text"),
}
_CHECKED: Mapping[str, tuple[str, ...]] = {
    "text": ("number", "money", "date", "choice", "choices", "nik", "kk", "phone", "area", "flag"),
    "long-text": ("text",),
    "money": ("number",),
    "number": ("money", "number"),
    "choice": ("choice", "choices", "flag"),
    "choices": ("choice", "text", "long-text"),
    "flag": ("choice",),
    "nik": ("kk",),
    "kk": ("nik",),
}


KINDS: tuple[str, ...] = tuple(
    get_args(kind.model_fields["type"].annotation)[0] for kind in get_args(get_args(AnyField)[0])
)
"""Every kind of field by the name that the YAML writes."""


def kind_of(field: FieldType) -> str:
    """Returns the name of a field's kind as the YAML writes it."""
    return str(getattr(field, "type", ""))


def shape_of(field: FieldType) -> tuple[str, str, str]:
    """Returns what decides a column: the kind, its SQL type, and the table it points to."""
    return kind_of(field), repr(field.column_type()), str(getattr(field, "to", ""))


def passage(old: FieldType, new: FieldType) -> Passage:
    """Returns whether values pass from one field to another."""
    if shape_of(old) == shape_of(new):
        return "always"
    if isinstance(old, NumberField) and isinstance(new, NumberField):
        return "always" if new.decimals >= old.decimals else "checked"
    return between(kind_of(old), kind_of(new))


def between(old: str, new: str) -> Passage:
    """Returns whether values pass from one kind to another; two kinds of number differ by their decimals."""
    if new in _ALWAYS.get(old, ()):
        return "always"
    return "checked" if new in _CHECKED.get(old, ()) else "never"


def convert(value: Value, old: FieldType, new: FieldType) -> Value:
    """Returns a value of one field as one of another.

    Raises:
        Unreadable: the other field cannot hold it.
    """
    if value is None:
        return None
    if kind_of(new) in ("text", "long-text"):
        return _as_text(value, old, new)
    if kind_of(old) in ("choice", "choices", "flag") or kind_of(new) in ("choice", "choices"):
        parts = old.write(value)
        if len(parts) > 1 and kind_of(new) != "choices":
            raise Unreadable("field-choice-unknown", text=", ".join(parts))
        return new.read(parts)
    texts = old.write(value)
    if kind_of(new) == "money":
        # Decimals that are none: money is typed without them.
        texts = tuple(text.removesuffix(",00").removesuffix(",0") for text in texts)
    return new.read(texts)


def _as_text(value: Value, old: FieldType, new: FieldType) -> Value:
    if kind_of(old) == "date":
        return old.export(value)
    text = ", ".join(old.write(value))
    limit = getattr(new, "max_length", None)
    if limit is not None and len(text) > limit:
        raise Unreadable("field-text-long", most=limit, length=len(text))
    return text
