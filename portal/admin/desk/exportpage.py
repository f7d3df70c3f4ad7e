"""Downloads of the desk: asks for the purpose and the columns of a list, then hands out the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqladmin import expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.admin.desk.base import Desk
from portal.admin.desk.sheets import SHEETS, STATUSES
from portal.admin.exports import ASKING, MOST_CHOSEN, Exporter, may_export
from portal.admin.routes import needs
from portal.admin.spreadsheet import KINDS
from portal.admin.takes import takes
from portal.releases import Live


def _several(live: Live, said: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that come for each column and each chosen row."""
    return ("kolom", "baris")


class ExportPage(Desk):
    """Cases, tasks and letters as files, for who may take people's data out."""

    def is_accessible(self, request: Request) -> bool:
        return may_export(self.site.live, request.state.actor)

    @expose("/unduh/{what}/{kind}", methods=["POST"])
    @needs("export", "cases", "case")
    @takes(form=("alasan", "sort", "search", "status", "filter-*"), entries=_several, most=MOST_CHOSEN)
    async def download(self, request: Request) -> Response:
        """Asks, or returns the file."""
        if not self.is_accessible(request):
            raise HTTPException(403)
        what, kind = request.path_params["what"], request.path_params["kind"]
        if what not in SHEETS or kind not in (ASKING, *KINDS):
            raise HTTPException(404)
        here, data = self.here(request), await request.form()
        status = str(data.get("status", ""))
        sheet = SHEETS[what](here, status if status in STATUSES else "")
        exporter = Exporter(
            engine=here.engine, live=here.live, actor=here.actor, now=here.now, limits=self.site.exports
        )
        error = ""
        if kind != ASKING:
            taken = await self.work(exporter.take, sheet, kind, data)
            if isinstance(taken, Response):
                return taken
            error = str(taken)
        values = await self.work(exporter.asking, sheet, data, error)
        return await self.page(request, "export.html", values, 422 if error else 200)
