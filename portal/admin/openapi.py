"""Every route of a site as OpenAPI 3.1, from what routes declare: for tests, never for an office."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqladmin import expose
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.admin.desk.base import Desk
from portal.admin.site import Site
from portal.admin.takes import URLENCODED, Takes, taken_by, takes

_PARAMETER = re.compile(r"\{(?P<name>[a-z_]+)(?::(?P<kind>[a-z]+))?\}")
LONGEST = 2000
"""Characters of a value that a test tool may try."""


def described(site: Site) -> dict[str, Any]:
    """Returns the OpenAPI document of a site; the pages of each record type stand by their own names."""
    paths: dict[str, dict[str, Any]] = {}
    for route, path, said in routes(site):
        declared = taken_by(route.endpoint) or Takes()
        for method in sorted((route.methods or set()) - {"HEAD"}):
            address = _PARAMETER.sub(lambda found: f"{{{found['name']}}}", path)
            act = _act(site, declared, method, path, said)
            paths.setdefault(address, {})[method.lower()] = act
    return {
        "openapi": "3.1.0",
        "info": {"title": "Satu Pintu", "version": "1"},
        "paths": paths,
        "components": {
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "portal_session"}}
        },
        "security": [{"session": []}],
    }


def routes(site: Site) -> Iterator[tuple[Route, str, Mapping[str, str]]]:
    """Yields each route with its address, one for each generated view, and what that address says."""
    identities = [view.identity for view in site.views if getattr(view, "is_model", False)]
    for route in site.admin.router.routes:
        if not isinstance(route, Route):
            continue
        if "{identity}" not in route.path:
            yield route, route.path, {}
            continue
        for identity in identities:
            yield route, route.path.replace("{identity}", identity), {"identity": identity}


def _act(site: Site, declared: Takes, method: str, path: str, said: Mapping[str, str]) -> dict[str, Any]:
    given = [_in_path(found) for found in _PARAMETER.finditer(path)]
    asked = sorted(declared.query_names(site.live, said)) if method == "GET" else []
    given += [_parameter(name, "query") for name in asked]
    act: dict[str, Any] = {"responses": _answers(method)}
    if given:
        act["parameters"] = given
    if method == "POST":
        act["requestBody"] = {"content": {URLENCODED: {"schema": _form(site, declared, said)}}}
    return act


def _in_path(found: re.Match[str]) -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 1}
    schema: dict[str, Any] = whole if found["kind"] == "int" else {"type": "string", "minLength": 1}
    return {"name": found["name"], "in": "path", "required": True, "schema": schema}


def _parameter(name: str, where: str) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": LONGEST}
    return {"name": name.replace("*", "x"), "in": where, "required": False, "schema": schema}


def _form(site: Site, declared: Takes, said: Mapping[str, str]) -> dict[str, Any]:
    text = {"type": "string", "maxLength": LONGEST}
    names: Iterable[str] = sorted({*declared.form, *declared.entry_names(site.live, said)})
    properties = {name.replace("*", "x"): text for name in names}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _answers(method: str) -> dict[str, Any]:
    known = {"200": "a page", "303": "another page", "400": "not ours", "403": "may not", "404": "not found"}
    if method == "POST":
        known |= {"409": "it has changed", "413": "too large", "415": "no form", "422": "mistakes"}
    return {status: {"description": text} for status, text in known.items()}


class OpenapiPage(Desk):
    """The list of routes as JSON, served only when the settings say so."""

    @expose("/openapi.json", methods=["GET"])
    @takes()
    async def openapi(self, request: Request) -> Response:
        """Answers with the document."""
        text = json.dumps(described(self.site), indent=1, sort_keys=True)
        return Response(text, media_type="application/json")
