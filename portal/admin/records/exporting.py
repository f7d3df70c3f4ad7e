"""The rows of a list as a file: what is filtered and searched on screen is what is exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import reads
from portal.admin.records.asked import Asked, asked
from portal.admin.records.export import BATCH, csv_file
from portal.admin.records.lens import Lens
from portal.admin.records.narrow import TooShort, rows_of
from portal.admin.records.pages import LensPages, note_export, the_actor
from portal.admin.records.rows import Rows, batches, count
from portal.admin.records.searches import words_of
from portal.database import reading

EVERY_ROW = 10**9


class ExportPages(LensPages):
    """The export of a record type."""

    async def export_file(self, request: Request, kind: str) -> Response:
        """Returns all rows of the list as a file; who takes how many is written down first."""
        lens = self.lens(the_actor(request))
        return await run_in_threadpool(self._export, lens, await request.form())

    def _export(self, lens: Lens, data: FormData) -> Response:
        wish = asked(lens, ImmutableMultiDict({k: v for k, v in data.items() if isinstance(v, str)}))
        wish = replace(wish, cursor=None)
        words = words_of(lens.actor, wish.search)
        if words is None:
            raise HTTPException(404)
        names = lens.visible(lens.record.fields)
        with reading(self.engine) as session:
            every = _rows(lens, session, wish, words)
            rows = count(session, every, EVERY_ROW)
            keys = session.scalars(every.select(every.key).where(*every.any_part))
            reads.note(lens.key, keys, {name: lens.sights[name] for name in names})
        note_export(self, lens.actor, {"rows": rows, "fields": list(names), "filters": sorted(wish.filters)})
        header = [lens.record.fields[name].label for name in names]
        return csv_file(lens.key, header, self._cells(lens, wish, words, names))

    def _cells(self, lens: Lens, wish: Asked, words: str, names: tuple[str, ...]) -> Iterator[list[str]]:
        """Yields each row as text, linked titles looked up once for each batch."""
        with reading(self.engine) as session:
            rows = _rows(lens, session, wish, words)
            titles = lens.names(session)
            for batch in batches(session, rows, [lens.table.c.id, *map(lens.column, names)], BATCH):
                lens.preload(titles, names, batch)
                for row in batch:
                    yield [lens.cell(name, row._mapping[lens.column(name)], titles) for name in names]


def _rows(lens: Lens, session: Session, wish: Asked, words: str) -> Rows:
    """Returns the rows of the list that the person may also export.

    Raises:
        HTTPException: 400 when the words of the search are too short.
    """
    try:
        rows = rows_of(lens, session, wish, words)
    except TooShort:
        raise HTTPException(400) from None
    return replace(rows, where=(*rows.where, lens.may_where("export")))
