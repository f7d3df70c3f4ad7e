"""The site of one Release: sqladmin's Admin with our routes, templates and rules, as an ASGI app.

sqladmin keeps its part: it holds the views, asks who is logged in and what they may do, finds the view of a
page and handles errors. Its file, import, action, delete and ajax routes are not served.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqladmin import Admin
from sqladmin.authentication import AuthenticationBackend, login_required
from sqladmin.models import BaseView
from sqladmin.templating import Jinja2Templates
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from portal.access import Forbidden
from portal.admin import catalogue, drafts, failing, screen
from portal.admin.agencypage import AgencyPages
from portal.admin.assets import Assets
from portal.admin.auth import Door, Gate, Nobody
from portal.admin.checkpage import CheckPages
from portal.admin.entrance import Entrance
from portal.admin.exports import MOST_CHOSEN, Limits, number
from portal.admin.failing import RefusalPages, status_of
from portal.admin.fieldfiles import FieldFiles
from portal.admin.noting import AccessLogged
from portal.admin.patience import TooLarge, TooSlow
from portal.admin.provider import ProviderPages
from portal.admin.quietly import Quietly
from portal.admin.reader import LANGUAGE_COOKIE, ReaderMiddleware
from portal.admin.records import RecordPages, views_of
from portal.admin.records.names import filters_of, links_of, record_form
from portal.admin.routes import needs
from portal.admin.rules import RoleRules
from portal.admin.screen import own_path
from portal.admin.takes import takes
from portal.admin.ticketpage import TicketPages
from portal.releases import Live
from portal.words import LANGUAGES
from portal.worktime import clock, day_date

HERE = Path(__file__).parent
YEAR = 365 * 24 * 60 * 60
PLACE = ("after", "before")
"""Query keys of a place in a list."""
RECORD_FORM = (
    "submission",
    "version",
    "look-up",
    "keep",
    "all",
    "kembar",
    "pilih-*",
    "semula-*",
    "terlihat-*",
)
"""What the form of a record sends beside its entries; a stale one, whose value of each field counts."""
EXPORT_FORM = ("alasan", "sort", "search", "status", "filter-*")
"""What the page of an export sends once."""


def several_of_export(live: Live, said: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that an export sends for each column and each chosen row."""
    return ("kolom", "baris")


def utc_now() -> datetime:
    """Returns the present moment."""
    return datetime.now(UTC)


class PortalTemplates(Jinja2Templates):
    """Our templates alone; each gets what `screen.context` knows beside its own values."""

    site: Site

    async def TemplateResponse(  # noqa: N802 - sqladmin's name
        self,
        request: Request,
        name: str,
        context: dict[str, Any] | None = None,
        status_code: int = 200,
    ) -> Any:
        """Renders a template as a page."""
        known = screen.context(request, self.site.live, self.site.views)
        made = await super().TemplateResponse(request, name, {**known, **(context or {})}, status_code)
        return await drafts.dressed(self.site, request, made)


class Site(Admin):
    """sqladmin's Admin over one Release."""

    def __init__(
        self,
        app: Starlette,
        live: Live,
        engine: Engine,
        auth_backend: AuthenticationBackend,
        clock: Callable[[], datetime] = utc_now,
        exports: Limits | None = None,
    ) -> None:
        self.live = live
        self.clock = clock
        self.gate = auth_backend
        self.exports = exports or Limits()
        self.assets = Assets(HERE / "static")
        super().__init__(
            app,
            engine,
            base_url="",
            title=live.schema.office.label,
            templates_dir=str(HERE / "templates"),
            authentication_backend=Door(auth_backend, live),
            authorization_backend=RoleRules(live.schema),
            middlewares=[
                Middleware(Nobody),
                Middleware(ReaderMiddleware, live=live),
                Middleware(Quietly),
                Middleware(RefusalPages, site=self),
                Middleware(AccessLogged, engine=engine, clock=clock, refuse=self._unlogged),
            ],
        )
        self.admin.router.routes[:] = self._routes()
        known = (HTTPException, Forbidden, TooLarge, TooSlow)
        self.admin.exception_handlers |= dict.fromkeys(known, self._failed)
        self.admin.exception_handlers[Exception] = self._broken

    def _routes(self) -> list[BaseRoute]:
        unsafe = ["POST"]
        return [
            Mount(self.assets.url, app=self.assets.app, name="statics"),
            Route("/", self.index, name="index"),
            Route("/masuk", self.login, methods=["GET", "POST"], name="login"),
            Route("/keluar", self.logout, methods=unsafe, name="logout"),
            *Entrance(self).routes(),
            *ProviderPages(self).routes(),
            *AgencyPages(self).routes(),
            *TicketPages(self).routes(),
            *CheckPages(self).routes(),
            *FieldFiles(self).routes(),
            Route("/bahasa", self.switch_language, methods=unsafe, name="language"),
            Route(drafts.SAVE, self.keep_draft, methods=unsafe, name="draft"),
            Route(f"{drafts.SAVE}/buang", self.drop_draft, methods=unsafe, name="drop-draft"),
            Route("/data/{identity}/list", self.list, methods=["GET", "POST"], name="list"),
            Route("/data/{identity}/details/{pk}", self.details, name="details"),
            Route("/data/{identity}/create", self.create, methods=["GET", "POST"], name="create"),
            Route("/data/{identity}/edit/{pk}", self.edit, methods=["GET", "POST"], name="edit"),
            Route("/data/{identity}/buka/{pk}", self.unmask, methods=["GET", "POST"], name="unmask"),
            Route("/data/{identity}/export/{export_type}", self.export, methods=unsafe, name="export"),
        ]

    def init_templating_engine(self) -> Jinja2Templates:
        """Builds sqladmin's environment with our templates as the only ones."""
        theirs = super().init_templating_engine()
        ours = PortalTemplates(self.templates_dir)
        ours.env.globals.update(theirs.env.globals, static=self.assets.path)
        ours.env.filters |= {"thousands": number, "hari": day_date}
        ours.env.trim_blocks = ours.env.lstrip_blocks = True
        ours.env.auto_reload = False  # they come with the program: nobody edits them while it runs
        ours.site = self
        return ours

    async def _failed(self, request: Request, error: Exception) -> Response:
        return await failing.refused(self, request, status_of(error), getattr(error, "headers", None))

    async def _broken(self, request: Request, error: Exception) -> Response:
        return await failing.broken(self, request, error)

    async def _unlogged(self, request: Request) -> Response:
        """Says that a page cannot be shown, as nobody could tell later who saw it."""
        response: Response = await self.templates.TemplateResponse(
            request, "error.html", {"words": "unlogged", "status": 503}, status_code=503
        )
        return response

    def _pages(self, request: Request) -> RecordPages:
        view = self._find_model_view(request.path_params["identity"])
        if not isinstance(view, RecordPages):
            raise HTTPException(404)
        return view

    @login_required
    @needs("account")
    @takes()
    async def index(self, request: Request) -> Response:
        """Leads to the first page of the person's menu."""
        items = screen.menu(request, self.views)
        if not items:
            raise HTTPException(403)
        return RedirectResponse(items[0].url, status_code=303)

    @login_required
    @needs("read", "records", "record")
    @takes(query=PLACE, queried=filters_of, form=("words", "search", "sort", "filter-*"))
    async def list(self, request: Request) -> Response:
        """The list of a view, or the search that its POST asks for."""
        if not await self._list(request):
            raise HTTPException(403)
        return await self._pages(request).list_page(request)

    @login_required
    @needs("read", "records", "record")
    @takes()
    async def details(self, request: Request) -> Response:
        """One record."""
        self._permit(request, "details")
        return await self._pages(request).detail_page(request, request.path_params["pk"])

    @login_required
    @needs("create", "records", "record")
    @takes(queried=links_of, form=RECORD_FORM, entries=record_form)
    async def create(self, request: Request) -> Response:
        """A new record."""
        await self._create(request)
        return await self._pages(request).create_page(request)

    @login_required
    @needs("edit", "records", "record")
    @takes(form=RECORD_FORM, entries=record_form)
    async def edit(self, request: Request) -> Response:
        """Changing a record."""
        self._permit(request, "edit")
        return await self._pages(request).edit_page(request, request.path_params["pk"])

    @login_required
    @needs("unmask", "records", "record")
    @takes(form=("reason",))
    async def unmask(self, request: Request) -> Response:
        """One record without its masks, for a reason."""
        self._permit(request, "details")
        return await self._pages(request).unmask_page(request, request.path_params["pk"])

    @login_required
    @needs("export", "records", "record")
    @takes(form=EXPORT_FORM, entries=several_of_export, most=MOST_CHOSEN)
    async def export(self, request: Request) -> Response:
        """The rows of a list as a file."""
        await self._export(request)
        return await self._pages(request).export_file(request, request.path_params["export_type"])

    @login_required
    @needs("account")
    @takes(form=("page", "form", "key", "was", "title", "fields"))
    async def keep_draft(self, request: Request) -> Response:
        """Keeps a form as it is typed."""
        return await drafts.saved(self, request)

    @login_required
    @needs("account")
    @takes(form=("key", "back"))
    async def drop_draft(self, request: Request) -> Response:
        """Removes a draft."""
        return await drafts.dropped(self, request)

    def _permit(self, request: Request, action: str) -> None:
        """Asks the rules about the view; the row is asked about by the view itself, which knows its area."""
        view = self._pages(request)
        allowed = {"details": view.can_view_details, "edit": view.can_edit}[action]
        if not allowed or not view.has_permission(request, action):
            raise HTTPException(403)

    @needs("nothing")
    @takes(form=("username", "password"))
    async def login(self, request: Request) -> Response:
        """The log-in page."""
        if request.method == "GET":
            return await self._login_page(request)
        backend = self.authentication_backend
        answer = await backend.login(request) if backend else False
        if isinstance(answer, Response):
            return await self._kept(request, answer)
        return (
            RedirectResponse("/", status_code=303) if answer else await self._login_page(request, failed=True)
        )

    async def _kept(self, request: Request, answer: Response) -> Response:
        """Shows the form of a session that ended while somebody typed, to that person, once they are in."""
        gate, token = self.gate, getattr(request.state, "token", None)
        if not isinstance(gate, Gate) or token is None:
            return answer
        if await run_in_threadpool(gate.owes, token, self.live.schema):
            return answer
        form = await run_in_threadpool(gate.waiting, token)
        if form is None:
            return answer
        page: Response = await self.templates.TemplateResponse(request, "entrance/kept.html", {"form": form})
        page.raw_headers += [each for each in answer.raw_headers if each[0] == b"set-cookie"]
        return page

    async def _login_page(self, request: Request, *, failed: bool = False) -> Response:
        wait = getattr(request.state, "wait", None)
        status = 429 if wait else 400 if failed else 200
        zone = ZoneInfo(self.live.schema.office.time_zone)
        values = {"failed": failed, "wait": clock(wait.until.astimezone(zone)) if wait else ""}
        policy = getattr(self.gate, "policy", None)
        values["provider"] = policy is not None and policy.provider is not None
        response: Response = await self.templates.TemplateResponse(
            request, "login.html", values, status_code=status
        )
        return response

    @needs("nothing")
    @takes()
    async def logout(self, request: Request) -> Response:
        """Ends the session."""
        backend = self.authentication_backend
        answer = await backend.logout(request) if backend else True
        return answer if isinstance(answer, Response) else RedirectResponse("/masuk", status_code=303)

    @needs("nothing")
    @takes(form=("language", "back"))
    async def switch_language(self, request: Request) -> Response:
        """Keeps the chosen language in a cookie and leads back."""
        data = await request.form()
        language, back = str(data.get("language", "")), str(data.get("back", "/"))
        response = RedirectResponse(own_path(back), status_code=303)
        if language in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, httponly=True, samesite="lax")
        return response


def _fresh(view: type[BaseView]) -> type[BaseView]:
    """Returns a class of its own for one site: joining an Admin changes the class, which others share."""
    return type(view.__name__, (view,), {"__doc__": view.__doc__, "__module__": view.__module__})


def build_site(
    live: Live,
    engine: Engine,
    auth_backend: AuthenticationBackend,
    extra_views: Sequence[type[BaseView]] = (),
    clock: Callable[[], datetime] = utc_now,
    exports: Limits | None = None,
) -> Starlette:
    """Returns the ASGI app of a Release: the extra views first, then a view for each record type."""
    catalogue.install()
    app = Starlette()
    site = Site(app, live, engine, auth_backend, clock, exports)
    for view in (*(_fresh(each) for each in extra_views), *views_of(live, engine, clock)):
        site.add_view(view)
    app.state.site = site
    return app
