"""What every route needs: who may come, to which rows, and which fields it shows; declared beside the route.

A route without a declaration fails `tests/test_route_table.py`, and the permission test walks this table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from starlette.routing import BaseRoute, Mount, Route

from portal.schema import CaseAct, RecordAct, Screen

Scope = Literal["none", "records", "cases", "letters", "reference", "releases"]
"""Whose rows a route reads: nobody's, or those of a kind within the person's scope."""
Fields = Literal["none", "record", "case", "answers", "letter"]
"""Which fields a route shows, each as the person sees it."""

_MARK = "_needs"
Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a route needs of whoever asks."""

    act: CaseAct | RecordAct | Literal["nothing", "account"]
    """A right of roles.yaml; an account alone, where rows and fields decide; nothing, before log-in."""
    scope: Scope = "none"
    fields: Fields = "none"
    screen: Screen | None = None
    """The page of `screens` that it belongs to."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One line of the route table."""

    path: str
    methods: tuple[str, ...]
    needs: Needs | None


def needs(
    act: CaseAct | RecordAct | Literal["nothing", "account"],
    scope: Scope = "none",
    fields: Fields = "none",
    *,
    screen: Screen | None = None,
) -> Callable[[Endpoint], Endpoint]:
    """Declares what a page needs; it stands right above the page's method, below `expose`."""

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _MARK, Needs(act=act, scope=scope, fields=fields, screen=screen))
        return endpoint

    return declare


def route_table(routes: list[BaseRoute]) -> Iterator[Declared]:
    """Yields what each route declares, None for one that declares nothing."""
    for route in routes:
        if isinstance(route, Mount):
            # Style sheet, script and icon: the same for everybody, also before log-in.
            known = Needs(act="nothing") if route.name == "statics" else None
            yield Declared(path=route.path, methods=("GET",), needs=known)
        elif isinstance(route, Route):
            methods = tuple(sorted((route.methods or {"GET"}) - {"HEAD"}))
            yield Declared(path=route.path, methods=methods, needs=getattr(route.endpoint, _MARK, None))
        else:
            yield Declared(path=str(getattr(route, "path", route)), methods=(), needs=None)
