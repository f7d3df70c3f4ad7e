"""What every generated view has: its line in the menu, and pages that answer 404 until a kind has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from sqladmin import ModelView
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.access import Actor, Forbidden
from portal.admin.exports import ASKING, Exporter, Sheet, limits_of
from portal.admin.records.lens import Lens
from portal.admin.screen import MenuItem, actor_of
from portal.admin.spreadsheet import KINDS
from portal.releases import Live


class RecordPages(ModelView):
    """A view of sqladmin whose pages are ours."""

    live: ClassVar[Live]
    engine: ClassVar[Engine]
    clock: ClassVar[Callable[[], datetime]]
    menu_group: ClassVar[str] = "list-menu-data"
    can_create = False
    can_edit = False
    can_delete = False
    can_import = False
    can_export = True
    export_types = [ASKING, *KINDS]

    @property
    def path(self) -> str:
        """The address under which its pages stand."""
        return f"/data/{self.identity}"

    def menu_label(self) -> str:
        """Returns its name in the menu."""
        return self.name_plural

    def menu_item(self, request: Request) -> MenuItem | None:
        """Returns its line of the menu."""
        active = request.path_params.get("identity") == self.identity
        return MenuItem(
            label=self.menu_label(), url=f"{self.path}/list", active=active, group=self.menu_group
        )

    async def show(
        self, request: Request, template: str, values: dict[str, Any], status: int = 200
    ) -> Response:
        """Returns a page."""
        page: Response = await self.templates.TemplateResponse(
            request, template, {"view": self, **values}, status_code=status
        )
        return page

    async def list_page(self, request: Request) -> Response:
        """Returns the list."""
        raise HTTPException(404)

    async def detail_page(self, request: Request, key: str) -> Response:
        """Returns the page of one row."""
        raise HTTPException(404)

    async def create_page(self, request: Request) -> Response:
        """Returns the form of a new row, or carries it out."""
        raise HTTPException(404)

    async def edit_page(self, request: Request, key: str) -> Response:
        """Returns the form of a row, or carries it out."""
        raise HTTPException(404)

    async def unmask_page(self, request: Request, key: str) -> Response:
        """Returns a row in full to who says why."""
        raise HTTPException(404)

    async def export_file(self, request: Request, kind: str) -> Response:
        """Asks for what and which columns of the list, then returns them as a file."""
        data = await request.form()
        exporter = Exporter(
            engine=self.engine,
            live=self.live,
            actor=the_actor(request),
            now=type(self).clock(),
            limits=limits_of(self),
        )
        sheet = await run_in_threadpool(self.sheet, request, data)
        error = ""
        if kind != ASKING:
            taken = await run_in_threadpool(exporter.take, sheet, kind, data)
            if isinstance(taken, Response):
                return taken
            error = taken
        values = await run_in_threadpool(exporter.asking, sheet, data, error)
        return await self.show(request, "export.html", values, 422 if error else 200)

    def sheet(self, request: Request, data: FormData) -> Sheet:
        """Returns the list of the screen as it can be taken out."""
        raise HTTPException(404)


class LensPages(RecordPages):
    """The pages of a record type, seen through a lens."""

    def lens(self, actor: Actor) -> Lens:
        """Returns the record type as a person sees it."""
        return Lens(live=self.live, key=self.identity, actor=actor)


def the_actor(request: Request) -> Actor:
    """Returns who is logged in.

    Raises:
        Forbidden: nobody is; the log-in page comes before any of these pages.
    """
    actor = actor_of(request)
    if actor is None:
        raise Forbidden
    return actor


def key_of(text: str) -> int:
    """Returns the key that an address names.

    Raises:
        HTTPException: 404 when it is none; a malformed key answers like a missing row.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise HTTPException(404)
    return int(text)


View = TypeVar("View", bound=RecordPages)


def with_identity(view: type[View] | type, identity: str) -> type[View]:
    """Returns a view class under another name in addresses than sqladmin derives from its model."""
    made: type[View] = view
    made.identity = identity
    return made
