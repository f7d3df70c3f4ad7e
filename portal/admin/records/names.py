"""The names that the pages of a record type take in addresses and forms, from its definition alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.admin.records.asked import FILTER
from portal.fields import AreaField, FieldType, LinkField
from portal.releases import Live
from portal.schema import RecordType

LOOK_UP = "cari-"
"""How the names of the boxes begin in which a link or an area is looked up."""


def filters_of(live: Live, said: Mapping[str, Any]) -> Iterator[str]:
    """Yields the query keys of a list: what it is sorted, searched and narrowed by.

    They are the same for everybody, so that they tell nobody what others may see; what a person may not
    narrow by has no effect.
    """
    record = _record(live, said)
    if record is None:
        return
    yield from ("sort", "search")
    links = (key for key, field in record.fields.items() if isinstance(field, LinkField | AreaField))
    yield from (FILTER + key for key in {*record.filters, *links})


def links_of(live: Live, said: Mapping[str, Any]) -> Iterator[str]:
    """Yields the query keys of a new record: the records that it already belongs to."""
    record = _record(live, said)
    if record is not None:
        yield from (key for key, field in record.fields.items() if isinstance(field, LinkField))


def record_form(live: Live, said: Mapping[str, Any]) -> Iterator[str]:
    """Yields the names of the entries of a record's form."""
    record = _record(live, said)
    if record is not None:
        yield from entries_of(record.fields)


def entries_of(fields: Mapping[str, FieldType]) -> Iterator[str]:
    """Yields the names under which a form sends some fields: their own, and those of look-up boxes."""
    for key, field in fields.items():
        yield key
        if isinstance(field, LinkField | AreaField):
            yield LOOK_UP + key


def _record(live: Live, said: Mapping[str, Any]) -> RecordType | None:
    return live.schema.records.get(str(said.get("identity", "")))
