"""The export of a record type: what is filtered, ordered, searched and shown on screen is what leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request

from portal.admin.exports import BATCH, Sheet, chosen_rows
from portal.admin.records.asked import Asked, asked
from portal.admin.records.lens import Lens
from portal.admin.records.narrow import TooShort, rows_of
from portal.admin.records.pages import LensPages, the_actor
from portal.admin.records.rows import Rows, batches, count
from portal.admin.records.searches import words_of


class ExportPages(LensPages):
    """The export of a record type."""

    def sheet(self, request: Request, data: FormData) -> Sheet:
        """Returns the list as the person has it on screen, without its page.

        Raises:
            HTTPException: 404 when the words of its search are forgotten, 400 when they are too short.
        """
        lens = self.lens(the_actor(request))
        said = ImmutableMultiDict({key: value for key, value in data.items() if isinstance(value, str)})
        wish = replace(asked(lens, said), cursor=None)
        words = words_of(lens.actor, wish.search)
        if words is None:
            raise HTTPException(404)
        shown, chosen = lens.visible(lens.record.list), chosen_rows(data)

        def cells(session: Session, columns: Sequence[str]) -> Iterator[Sequence[str]]:
            return _cells(lens, session, _rows(lens, session, wish, words, chosen), tuple(columns))

        return Sheet(
            name=lens.key,
            title=lens.many,
            columns={name: lens.record.fields[name].label for name in shown},
            count=lambda session, most: count(session, _rows(lens, session, wish, words, chosen), most),
            rows=cells,
            back=wish.url(f"{self.path}/list"),
            path=f"{self.path}/export",
            pairs=[*wish.pairs(), *(("baris", str(key)) for key in chosen)],
            search=("number" if any(each.isdigit() for each in words) else "words") if words else "",
        )


def _cells(lens: Lens, session: Session, rows: Rows, columns: tuple[str, ...]) -> Iterator[Sequence[str]]:
    """Yields each row as text; linked titles are looked up for each batch and then forgotten."""
    for batch in batches(session, rows, _read(lens, columns), BATCH):
        names = lens.names(session)
        lens.preload(names, columns, batch)
        lens.seen(batch, columns)
        for row in batch:
            here = lens.at(row)
            yield [here.cell(name, row._mapping[lens.column(name)], names) for name in columns]


def _read(lens: Lens, columns: tuple[str, ...]) -> list[Column[Any]]:
    """The columns of a batch; the area of a row says how the person sees its fields."""
    asked = [lens.table.c.id, *map(lens.column, columns)]
    return asked if lens.area is None or lens.area in set(asked) else [*asked, lens.area]


def _rows(lens: Lens, session: Session, wish: Asked, words: str, chosen: tuple[int, ...]) -> Rows:
    """Returns the rows of the list, or the chosen ones of it, that the person may also export.

    Raises:
        HTTPException: 400 when the words of the search are too short.
    """
    try:
        rows = rows_of(lens, session, wish, words)
    except TooShort:
        raise HTTPException(400) from None
    picked = (rows.key.in_(chosen),) if chosen else ()
    return replace(rows, where=(*rows.where, lens.may_where("export"), *picked))
