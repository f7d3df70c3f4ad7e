"""What makes the page of the field installable: its service worker and manifest, the same for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.words import language, say

if TYPE_CHECKING:
    from portal.admin.site import Site

PAGE, WORKER, MANIFEST = "/lapangan", "/lapangan/pekerja.js", "/lapangan/manifest.json"


class FieldFiles:
    """Both files; the worker may look after the page alone, and no other answer allows one."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> tuple[Route, ...]:
        """Returns their routes."""
        return (
            Route(WORKER, self.worker, name="field-worker"),
            Route(MANIFEST, self.manifest, name="field-manifest"),
        )

    @needs("nothing")
    @takes()
    async def worker(self, request: Request) -> Response:
        """The service worker."""
        text = (self.site.assets.folder / "field-worker.js").read_text("utf-8")
        headers = {"Service-Worker-Allowed": PAGE, "Cache-Control": "no-cache"}
        return Response(text, media_type="text/javascript", headers=headers)

    @needs("nothing")
    @takes()
    async def manifest(self, request: Request) -> Response:
        """How the page is called and looks on the screen of a phone."""
        icon = {"src": self.site.assets.path("icon.svg"), "sizes": "any", "type": "image/svg+xml"}
        said = {
            "name": say("field-page"),
            "short_name": say("field-short"),
            "lang": language(),
            "id": PAGE,
            "start_url": PAGE,
            "scope": PAGE,
            "display": "standalone",
            "background_color": "#f4f5f9",
            "theme_color": "#0b3764",
            "icons": [icon],
        }
        return JSONResponse(said, media_type="application/manifest+json")
