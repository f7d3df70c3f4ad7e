"""Drafts on screen: kept as somebody types, offered when a form is opened again, restored by the server.

Every page with a form that is carried out once takes part by itself: it is recognised by the form's key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match, Route

from portal.accounts import drafts
from portal.accounts.drafts import Typed
from portal.admin.filled import filled
from portal.admin.once import KEYS, sent_key
from portal.admin.screen import actor_of, own_path
from portal.admin.threads import in_thread
from portal.database import reading, writing
from portal.schema import RecordType
from portal.words import say
from portal.worktime import clock

if TYPE_CHECKING:
    from portal.admin.site import Site

SAVE = "/draf"
FIRST_PAGE = "/tugas"
"""Where all drafts of a person are told, whichever page they belong to."""
MARK = "<!--draf-->"
"""Where a page tells of its drafts."""
KEYED = tuple(f'name="{each}"' for each in sorted(KEYS))
LONGEST_PATH = 200


async def saved(site: Site, request: Request) -> Response:
    """Keeps what was typed so far and says when."""
    secret, data, now = _secret(site), await request.form(), site.clock()
    if secret is None:
        raise HTTPException(404)
    form, page = _path(data, "form"), _path(data, "page")
    typed = Typed(
        key=sent_key(data.get("key")),
        page=_home(site, page) or _home(site, form) or page,
        form=form,
        at=now,
        title=str(data.get("title", "")),
        entries=tuple(_entries(str(data.get("fields", "")))),
    )
    was, account = str(data.get("was", "")), _account(request)

    def write() -> bool:
        with writing(site.gate.engine) as session:  # type: ignore[attr-defined]
            return drafts.save(session, account, typed, secret, was)

    try:
        kept = await in_thread(write)
    except drafts.TooLong:
        raise HTTPException(413) from None
    return JSONResponse({"at": _clock(site, typed) if kept else ""})


async def dropped(site: Site, request: Request) -> Response:
    """Removes a draft and leads back."""
    data = await request.form()
    key, account = sent_key(data.get("key")), _account(request)

    def write() -> None:
        with writing(site.gate.engine) as session:  # type: ignore[attr-defined]
            drafts.drop(session, account, (key,))

    if _secret(site) is not None:
        await in_thread(write)
    back = own_path(str(data.get("back", "/")))
    return RedirectResponse(f"{back}?notice=draft-dropped", status_code=303)


def _entries(text: str) -> Iterator[tuple[str, str]]:
    try:
        said = json.loads(text)
    except ValueError:
        raise HTTPException(400) from None
    for each in said if isinstance(said, list) else [None]:
        if not (isinstance(each, list) and len(each) == 2 and all(isinstance(part, str) for part in each)):
            raise HTTPException(400)
        if each[0] not in KEYS:
            yield each[0], each[1]


def _path(data: FormData, name: str) -> str:
    path = str(data.get(name, ""))
    if len(path) > LONGEST_PATH or own_path(path) != path:
        raise HTTPException(400)
    return path


def _home(site: Site, path: str) -> str | None:
    """Returns the nearest page at or above an address that can be opened: a form is sent below its page."""
    while path.strip("/"):
        scope = {"type": "http", "path": path, "method": "GET", "root_path": ""}
        for route in site.admin.router.routes:
            if isinstance(route, Route) and route.matches(scope)[0] is Match.FULL:
                return path
        path = path.rpartition("/")[0]
    return None


def _secret(site: Site) -> bytes | None:
    """The key that drafts are encrypted with; None where nobody logs in."""
    policy = getattr(site.gate, "policy", None)
    return policy.form_key if policy is not None else None


def _account(request: Request) -> int:
    actor = actor_of(request)
    if actor is None or not actor.account_id:
        raise HTTPException(403)
    return actor.account_id


def _clock(site: Site, typed: Typed) -> str:
    return clock(typed.at.astimezone(ZoneInfo(site.live.schema.office.time_zone)))


async def dressed(site: Site, request: Request, response: Any) -> Any:
    """Puts the drafts of a page that was just made into it, and into its form the one that was asked for."""
    body: bytes = response.body
    mark = MARK.encode()
    if mark not in body:
        return response
    page, actor, secret = body.decode(), actor_of(request), _secret(site)
    keyed = any(each in page for each in KEYED)
    parts: dict[str, Any] = {}
    if actor is not None and actor.account_id and secret is not None:
        parts["keeps"] = keyed
        if request.method == "GET" and (keyed or request.url.path == FIRST_PAGE):
            found = await in_thread(_found, site, request.url.path, actor.account_id, secret)
            page, parts["drafts"] = _restored(site, request, page, found)
    if request.method == "POST" and keyed:
        parts["was"] = _was(request)
    told = "" if not any(parts.values()) else await _told(site, request, parts)
    response.body = page.replace(MARK, told, 1).encode()
    response.headers["content-length"] = str(len(response.body))
    return response


def _found(site: Site, path: str, account: int, secret: bytes) -> tuple[Typed, ...]:
    page, most = (None, 5) if path == FIRST_PAGE else (path, 3)
    with reading(site.gate.engine) as session:  # type: ignore[attr-defined]
        return drafts.of_page(session, account, page, secret, site.clock(), most)


def _restored(
    site: Site, request: Request, page: str, found: tuple[Typed, ...]
) -> tuple[str, list[dict[str, Any]]]:
    wanted, lines = request.query_params.get("draf"), []
    for typed in found:
        here = typed.page == request.url.path
        there = not here or f'action="{typed.form}"' in page
        used = here and there and typed.key == wanted
        if used:
            page = filled(page, typed.form, typed.key, typed.entries)
        lines.append(
            {
                "typed": typed,
                "clock": _clock(site, typed),
                "used": used,
                "there": there,
                "here": here,
                "href": _href(site, typed),
            }
        )
    return page, lines


def _href(site: Site, typed: Typed) -> str:
    """Returns the address that restores a draft; who was chosen is named, as a fresh page offers nobody."""
    known: dict[str, str] = {"draf": typed.key}
    if typed.first("who").isdigit():
        known["warga"] = typed.first("who")
    parts = typed.page.split("/")
    if parts[1:2] == ["data"] and parts[3:4] == ["create"]:
        record: RecordType | None = site.live.schema.records.get(parts[2])
        for name, field in record.fields.items() if record else ():
            if field.type == "link" and typed.first(name).isdigit():
                known[name] = typed.first(name)
    return f"{typed.page}?{urlencode(known)}"


def _was(request: Request) -> str:
    """The key under which the form stood that was sent and has come back."""
    data: FormData | None = getattr(request, "_form", None)
    said = data.multi_items() if data is not None else ()
    return next((str(value) for name, value in said if name in KEYS), "")


async def _told(site: Site, request: Request, parts: dict[str, Any]) -> str:
    template = site.templates.env.get_template("drafts.html")
    values = {"say": say, "static": site.assets.path, "here": request.url.path, **parts}
    rendered: str = await template.render_async(**values)
    return rendered
