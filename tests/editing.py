"""A page with the text editor alone, served on a port behind the portal's own filter and headers."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

import portal
from portal.admin.assets import Assets
from portal.admin.shield import Shield
from portal.editor import completions, found_in, problems
from portal.load import Loaded, load

FOLDER = Path(__file__).parent.parent / "schema"
ASSETS = Assets(Path(portal.__file__).parent / "admin" / "static")
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30">
<title>Alur</title><a href="#baris-12"><rect class="step" width="90" height="30" fill="none"/>
<text y="20">Langkah</text></a></svg>"""
HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30" onload="document.title='bad'">
<script>document.title='bad'</script><foreignObject><p>bad</p></foreignObject><use href="//evil.example/x"/>
<a href="javascript:void 0"><text y="20" style="fill:red">Langkah</text></a></svg>"""
PAGE = """<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Naskah</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{css}"><link rel="stylesheet" href="{own}">
<script type="module" src="{js}"></script></head><body class="alone"><main>
<h1>Naskah</h1><form method="post" action="/kirim"><input type="hidden" name="version" value="1">
<label for="naskah">Naskah SOP</label>
<textarea id="naskah" name="text" rows="20" data-editor data-file="sop.yaml" data-draft="7" data-version="1"
 data-check="/atur/periksa" data-problems="masalah" data-picture="gambar" data-save="/atur/simpan"
 data-saved="tersimpan" data-words="kata" data-help="arti"{more}>{text}</textarea>
<p id="arti"></p><p id="tersimpan" role="status"></p><button>Simpan</button></form>
<div id="masalah" class="problems"></div><figure id="gambar"></figure>
<p><a href="#baris-20">Ke baris 20</a></p></main>
<script type="application/json" id="kata">{words}</script></body></html>"""


@dataclass(kw_only=True)
class Desk:
    """What the page shows, and what it has asked for."""

    text: str
    read_only: bool = False
    address: str = ""
    asked: list[dict[str, object]] = field(default_factory=list)
    kept: list[dict[str, object]] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    conflict: bool = False
    delay: float = 0
    """Seconds that the next check takes, and only that one."""
    picture: str | None = PICTURE

    def load(self, text: str) -> Loaded:
        """Returns the office's folder with a text for the procedures."""
        return load(FOLDER, instead={"sop.yaml": text})

    def page(self, _request: Request) -> Response:
        """Shows the editor."""
        model = json.dumps(completions(self.load(self.text).parts, "id"), ensure_ascii=False)
        shown = PAGE.format(
            css=ASSETS.path("portal.css"),
            own=ASSETS.path("editor.css"),
            js=ASSETS.path("editor.js"),
            text="\n" + escape(self.text),
            words=model.replace("<", "\\u003c"),
            more=" readonly" if self.read_only else "",
        )
        return HTMLResponse(shown)

    async def check(self, request: Request) -> Response:
        """Answers what is wrong."""
        said = await _said(request)
        self.asked.append({**said})
        delay, self.delay = self.delay, 0
        await asyncio.sleep(delay)
        found = found_in(self.load, said["file"], said["text"])
        told = problems(found, said["file"], "id")
        return JSONResponse({"problems": told, "picture": self.picture, "summary": f"{len(told)} galat"})

    async def keep(self, request: Request) -> Response:
        """Keeps the draft, or says that somebody else has."""
        said = await _said(request)
        if self.conflict:
            return JSONResponse({"message": "Sudah diubah oleh Dewi."}, 409)
        version = int(said["version"])
        self.kept.append({**said, "version": version})
        return JSONResponse({"version": version + 1, "saved": "Tersimpan 14.05"})

    async def post(self, request: Request) -> Response:
        """Takes the form."""
        async with request.form() as form:
            self.posted.append(str(form["text"]))
        return HTMLResponse("<p id=sent>terkirim</p>")


async def _said(request: Request) -> dict[str, str]:
    """Returns what a question says."""
    async with request.form() as form:
        return {name: str(value) for name, value in form.items()}


@contextmanager
def editing(desk: Desk) -> Iterator[Desk]:
    """Serves the page on a free port."""
    routes = [
        Route("/", desk.page),
        Route("/atur/periksa", desk.check, methods=["POST"]),
        Route("/atur/simpan", desk.keep, methods=["POST"]),
        Route("/kirim", desk.post, methods=["POST"]),
        Mount(ASSETS.url, ASSETS.app),
    ]
    config = uvicorn.Config(
        Shield(Starlette(routes=routes)), ws="none", lifespan="off", log_config=None, log_level="critical"
    )
    server, door = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    desk.address = f"http://127.0.0.1:{door.getsockname()[1]}"
    try:
        yield desk
    finally:
        server.should_exit = True
        thread.join(10)
        door.close()
