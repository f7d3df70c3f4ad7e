"""Old and new values of an event in sentences, one for each field, masked as the reader sees the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.admin.records.lens import Lens
from portal.events import Pair
from portal.fields import FieldType
from portal.releases import SessionNames
from portal.schema import Sight
from portal.words import say

LONGEST = 120
"""So many characters of a value a sentence quotes."""


def sentences(lens: Lens, said: Mapping[str, Pair], names: SessionNames) -> tuple[str, ...]:
    """Returns what changed in a record: `Alamat: Jalan Mawar → Jalan Melati`; hidden fields are left out."""
    return tuple(_of_record(lens, said, names))


def _of_record(lens: Lens, said: Mapping[str, Pair], names: SessionNames) -> Iterator[str]:
    for name, pair in said.items():
        field = field_of(lens, name)
        if field is not None:
            yield from sentence(field, lens.sight_of(field, name), pair, names)


def field_of(lens: Lens, name: str) -> FieldType | None:
    """Returns the field that an event names, also a renamed or withdrawn one."""
    past = lens.live.schema.past
    name = past.renamed.get(f"fields.{lens.key}", {}).get(name, name)
    return lens.record.fields.get(name) or past.fields.get(lens.key, {}).get(name)


def sentence(field: FieldType, sight: Sight, pair: Pair, names: SessionNames) -> Iterator[str]:
    """Yields the sentence of one field, none when it is hidden from the reader."""
    if sight == "hidden":
        return
    old, new = (text_of(field, sight, each, names) for each in pair)
    if pair[0] is None:
        yield say("history-filled", label=field.label, new=new)
    else:
        yield say("history-changed", label=field.label, old=old, new=new or say("history-empty"))


def text_of(field: FieldType, sight: Sight, value: object, names: SessionNames) -> str:
    """Returns a value that an event holds as the reader may read it, as far as the field understands it."""
    if value is None:
        return ""
    try:
        stored = field.stored(value)
        text = field.mask(stored) if sight == "masked" else field.show(stored, names)
    except (TypeError, ValueError, AttributeError):
        # The field has another type by now; what is written in the event stays readable, but not to a mask.
        text = str(value) if sight == "plain" else "…"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
