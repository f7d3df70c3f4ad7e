"""The sqladmin view of a record type, built from its definition alone."""

from __future__ import annotations

import types
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import twins
from portal.admin.once import new_key
from portal.admin.records.asked import asked
from portal.admin.records.details import detail, find
from portal.admin.records.editing import EditPages
from portal.admin.records.exporting import ExportPages
from portal.admin.records.lens import Lens
from portal.admin.records.lists import listing
from portal.admin.records.pages import key_of, the_actor, with_identity
from portal.admin.records.searches import KEPT, words_of
from portal.admin.records.unmasking import UnmaskPages
from portal.database import reading
from portal.models import column_name
from portal.releases import Live

LONGEST_SEARCH = 80


class RecordView(EditPages, ExportPages, UnmaskPages):
    """List, page, forms and export of one record type."""

    async def list_page(self, request: Request) -> Response:
        """Returns the list; a POST keeps the words of a search and leads to its list."""
        lens = self.lens(the_actor(request))
        if request.method == "POST":
            return self._search(lens, await request.form())
        return await self.show(
            request, "records/list.html", await run_in_threadpool(self._list, lens, request)
        )

    def _search(self, lens: Lens, data: FormData) -> Response:
        words = " ".join(str(data.get("words", "")).split())[:LONGEST_SEARCH]
        query = {key: value for key, value in data.items() if isinstance(value, str)}
        token = KEPT.keep(lens.actor.account_id, words) if words else ""
        wish = asked(lens, ImmutableMultiDict({**query, "search": token, "sort": ""}))
        return RedirectResponse(wish.url(f"{self.path}/list"), status_code=303)

    def _list(self, lens: Lens, request: Request) -> dict[str, Any]:
        wish = asked(lens, request.query_params)
        with reading(self.engine) as session:
            return listing(lens, session, wish, words_of(lens.actor, wish.search))

    async def detail_page(self, request: Request, key: str) -> Response:
        """Returns the page of a record."""
        lens = self.lens(the_actor(request))
        values = await run_in_threadpool(self._detail, lens, key_of(key))
        if isinstance(values, str):
            return RedirectResponse(values, status_code=303)
        return await self.show(request, "records/detail.html", {**values, "submission": new_key()})

    def _detail(self, lens: Lens, key: int) -> dict[str, Any] | str:
        with reading(self.engine) as session:
            row = find(lens, session, key)
            if row is not None:
                return detail(lens, session, row)
            kept = twins.stays(session, key) if lens.record.subject else key
            if kept == key or find(lens, session, kept) is None:
                raise HTTPException(404)
            return f"{self.path}/details/{kept}?notice=twin-moved"


def record_view(live: Live, engine: Engine, key: str, clock: Callable[[], datetime]) -> type[RecordView]:
    """Returns a fresh view class for a record type; sqladmin changes the class that joins an Admin."""
    record, model = live.schema.records[key], live.models.records[key]

    def body(namespace: dict[str, Any]) -> None:
        namespace.update(
            name=record.label,
            name_plural=record.label_many or record.label,
            live=live,
            engine=engine,
            clock=staticmethod(clock),
            column_list=[column_name(name) for name in record.list],
            column_sortable_list=[column_name(name) for name in record.sort],
            column_searchable_list=[column_name(name) for name in record.search],
        )

    return with_identity(types.new_class(f"{model.__name__}View", (RecordView,), {"model": model}, body), key)
