"""Reading what is masked of one record: for a reason, which is written down before anything is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import reads
from portal.access import may_in
from portal.admin.reasons import reason_in
from portal.admin.records.details import area_of, detail, find
from portal.admin.records.lens import Lens
from portal.admin.records.mine import seen_as
from portal.admin.records.pages import LensPages, key_of, the_actor
from portal.database import reading, writing
from portal.events import record
from portal.words import say


class UnmaskPages(LensPages):
    """The page that asks why, and then shows the record in full once."""

    async def unmask_page(self, request: Request, key: str) -> Response:
        """Returns the form for a reason, or the record without its masks."""
        lens = self.lens(the_actor(request))
        reason = reason_in(await request.form()) if request.method == "POST" else ""
        values = await run_in_threadpool(self._unmask, lens, key_of(key), reason)
        if reason:
            return await self.show(request, "records/detail.html", values)
        missing = request.method == "POST"
        return await self.show(
            request, "desk/reason.html", {**values, "missing": missing}, 422 if missing else 200
        )

    def _unmask(self, lens: Lens, key: int, reason: str) -> dict[str, Any]:
        masked = _masked(self.engine, lens, key)
        labels = ", ".join(lens.record.fields[name].label for name in masked)
        if not reason:
            page = f"/data/{lens.key}"
            return {
                "title": say("unmask-record"),
                "about": say("unmask-record-about", fields=labels),
                "action": f"{page}/buka/{key}",
                "back": f"{page}/details/{key}",
                "key": "",
            }
        said: dict[str, object] = {"fields": list(masked)}
        with writing(self.engine) as session:
            now = type(self).clock()
            actor = lens.actor
            told = record(
                session, actor=actor, now=now, kind="unmasked", subject=lens.key, subject_id=key,
                data=said, reason=reason,
            )  # fmt: skip
            reads.because(told.id)
        full = replace(lens, unmasked=True)
        with reading(self.engine) as session:
            row = find(full, session, key)
            if row is None:
                raise HTTPException(404)
            return detail(full, session, row)


def _masked(engine: Engine, lens: Lens, key: int) -> tuple[str, ...]:
    """Returns the masked fields of a row that hold something.

    Raises:
        HTTPException: 404, there is no such row; 403, the person may not unmask there or nothing is masked.
    """
    with reading(engine) as session:
        row = find(lens, session, key)
        if row is None:
            raise HTTPException(404)
        here = seen_as(lens, session, row)
        found = maskable(here, row._mapping)
    if not found or not may_in(lens.live.schema, lens.actor, "unmask", area_of(lens, row) or ""):
        raise HTTPException(403)
    return found


def maskable(lens: Lens, values: Any) -> tuple[str, ...]:
    """Returns the fields of a row that hold something which the person sees masked."""
    fields = lens.record.fields
    return tuple(
        name for name in fields if lens.sights[name] == "masked" and values[lens.column(name)] is not None
    )
