"""Finding the record or area that a form points to: a few candidates, never a list of all rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from portal.admin.forms import Entry, Form
from portal.admin.records.asked import Asked
from portal.admin.records.lens import Lens
from portal.admin.records.narrow import TooShort, rows_of
from portal.admin.records.rows import page
from portal.fields import AreaField, LinkField, Option, Value
from portal.releases import Live, SessionNames
from portal.schema import RecordAct
from portal.words import say

CANDIDATES = 10
BARE = 4
"""A text of so many characters, such as an RT, says nothing without its label."""
MOST_AREAS = 200
"""So many villages still fit a select."""


def prepare(form: Form, session: Session, lens: Lens, act: RecordAct, data: FormData | None = None) -> None:
    """Gives links and areas of a form what they offer: titles, areas, and the candidates of a look-up.

    Args:
        lens: the record type of the form as the person sees it.
        act: what the form is for; it decides which areas are offered.
        data: what was submitted, with the words of a look-up in `cari-<field>`.
    """
    names = lens.names(session)
    for name, entry in list(form.entries.items()):
        if not entry.asks:
            continue
        words = str(data.get(f"cari-{name}", "")).strip()[:80] if data is not None else ""
        if isinstance(entry.field, LinkField):
            _link(form, entry, session, lens.other(entry.field.to), names, words)
        elif isinstance(entry.field, AreaField):
            _area(form, entry, lens.live, lens.villages(name, act), words)


def _link(form: Form, entry: Entry, session: Session, lens: Lens, names: SessionNames, words: str) -> None:
    chosen = names.record(lens.key, int(entry.text)) if entry.text.isdigit() else ""
    offered = candidates(session, lens, words) if words else ()
    form.offer(entry.name, offered, query=words, chosen=chosen)


def candidates(session: Session, lens: Lens, words: str) -> tuple[Option, ...]:
    """Returns the records in the person's scope that fit some words, with what tells them apart."""
    try:
        rows = rows_of(lens, session, Asked(), words)
    except TooShort:
        return ()
    shown = lens.visible(name for name in lens.record.list if name not in lens.title_fields)
    found = page(session, rows, [*lens.table.c], None, CANDIDATES).rows
    names = lens.names(session, short=True)
    lens.preload(names, shown, found)
    lens.seen(found, shown)
    return tuple(
        Option(
            value=str(row._mapping[lens.table.c.id]),
            label=" · ".join((lens.title(row, names), *_said(lens, row, shown, names))),
        )
        for row in found
    )


def _said(lens: Lens, row: Row[Any], shown: tuple[str, ...], names: SessionNames) -> Iterator[str]:
    """Yields what tells a candidate apart; what is too short to speak for itself gets its label."""
    for name in shown:
        text = lens.at(row).text(name, row._mapping[lens.column(name)], names)
        if text:
            yield f"{lens.record.fields[name].label} {text}" if len(text) <= BARE else text


def _area(form: Form, entry: Entry, live: Live, areas: tuple[str, ...], words: str) -> None:
    chosen = live.places.full_name(entry.text) if entry.text else ""
    if len(areas) <= MOST_AREAS:
        form.offer(entry.name, _options(live, _with(areas, entry.text)))
        return
    wanted = words.lower()
    fitting = (code for code in areas if wanted and (code.startswith(wanted) or wanted in _name(live, code)))
    found = [code for code, _ in zip(fitting, range(CANDIDATES), strict=False)]
    form.offer(entry.name, _options(live, found), query=words, chosen=chosen)


def _name(live: Live, code: str) -> str:
    return live.schema.areas[code].lower()


def _with(areas: tuple[str, ...], code: str) -> tuple[str, ...]:
    """The areas with the present one, which may lie outside when somebody else chose it."""
    return areas if not code or code in areas else (code, *areas)


def _options(live: Live, codes: tuple[str, ...] | list[str]) -> tuple[Option, ...]:
    return tuple(Option(value=code, label=live.places.full_name(code)) for code in codes)


def check_links(form: Form, session: Session, lens: Lens, before: Mapping[str, Value]) -> None:
    """Marks links to records that the person may not see, as if they did not exist."""
    for name, value in list(form.values.items()):
        field = form.entries[name].field
        if not isinstance(field, LinkField) or not isinstance(value, int) or value == before.get(name):
            continue
        target = lens.other(field.to)
        known = select(target.table.c.id).where(target.table.c.id == value, target.scope)
        if session.scalar(known) is None:
            form.add_error(name, say("list-link-missing", label=field.label))


def check_areas(form: Form, lens: Lens, act: RecordAct, before: Mapping[str, Value]) -> None:
    """Marks areas that are none of those the person may choose."""
    for name, value in list(form.values.items()):
        if not isinstance(form.entries[name].field, AreaField) or value in (None, before.get(name)):
            continue
        if value not in lens.villages(name, act):
            form.add_error(name, say("list-area-outside"))


def wanted(data: FormData) -> bool:
    """Tells whether a submission looks something up, by its button or by words left in a look-up box."""
    return "look-up" in data or any(
        key.startswith("cari-") and str(value).strip() for key, value in data.multi_items()
    )
