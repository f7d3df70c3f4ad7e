"""What every page knows: the words, who looks at it, the menu, the office, and what just happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from sqladmin import BaseView
from starlette.requests import Request

from portal.access import Actor, Granted
from portal.releases import Live
from portal.schema import Schema
from portal.words import LANGUAGES, language, say

SEARCH_URL = "/cari"
"""Where the search box of the header goes."""


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """One line of the menu."""

    label: str
    url: str
    active: bool = False
    group: str = ""
    """The slug of the heading it stands under, empty for the first lines."""


class Page(BaseView):
    """A page of our own; with a `menu_url` and a `menu_slug` it has a line in the menu."""

    menu_url: ClassVar[str] = ""
    menu_slug: ClassVar[str] = ""
    menu_group: ClassVar[str] = ""

    def menu_item(self, request: Request) -> MenuItem | None:
        """Returns its line of the menu, None for a page that is reached from elsewhere."""
        if not self.menu_url:
            return None
        return MenuItem(
            label=say(self.menu_slug),
            url=self.menu_url,
            active=_under(request, self.menu_url),
            group=self.menu_group,
        )


def _under(request: Request, url: str) -> bool:
    path = request.url.path.rstrip("/")
    return path == url or path.startswith(f"{url}/")


def actor_of(request: Request) -> Actor | None:
    """Returns who is logged in, None before log-in."""
    return getattr(request.state, "actor", None)


def menu(request: Request, views: Iterable[object]) -> tuple[MenuItem, ...]:
    """Returns the menu of the person who looks: the pages that they may open."""
    if actor_of(request) is None:
        return ()
    found = []
    for view in views:
        item = getattr(view, "menu_item", None)
        if item and view.is_visible(request) and view.is_accessible(request):  # type: ignore[attr-defined]
            found.append(item(request))
    items = tuple(item for item in found if item)
    here = max((item.url for item in items if item.active), key=len, default="")
    return tuple(replace(item, active=item.url == here) for item in items)


@dataclass(frozen=True, kw_only=True)
class MenuGroup:
    """Lines of the menu under one heading."""

    slug: str
    items: tuple[MenuItem, ...]

    @property
    def active(self) -> bool:
        """Whether the page that is shown is one of them."""
        return any(item.active for item in self.items)


def grouped(items: Iterable[MenuItem]) -> tuple[MenuGroup, ...]:
    """Returns the lines of the menu by their headings, in the order in which they first stand."""
    groups: dict[str, list[MenuItem]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(item)
    return tuple(MenuGroup(slug=slug, items=tuple(some)) for slug, some in groups.items())


def notices(request: Request) -> tuple[str, ...]:
    """Returns what just happened: the sentences of the slugs `notice-...` that the URL names."""
    known = LANGUAGES[language()]
    slugs = (f"notice-{each}" for each in request.query_params.getlist("notice"))
    return tuple(say(slug) for slug in slugs if slug in known)


def office_of(schema: Schema, actor: Actor | None) -> str:
    """Returns the name at the top of the page: the person's own office, or the whole organisation."""
    areas = {granted.area for granted in actor.grants} if actor else set()
    if len(areas) == 1:
        for centre in schema.office.centres.values():
            if centre.area in areas:
                return centre.label
    return schema.office.label


def own_path(path: str) -> str:
    """Returns a path of this site, else `/`: browsers take `//host` and `/\\host` for another."""
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if own else "/"


def roles_of(schema: Schema, actor: Actor | None) -> str:
    """Returns the names of a person's roles."""
    held = (granted for granted in actor.grants if granted.role in schema.roles) if actor else ()
    return ", ".join(dict.fromkeys(role_label(schema, granted) for granted in held))


def role_label(schema: Schema, granted: Granted) -> str:
    """Returns the name of a role, a deputy's with Plt. or Plh. before it."""
    label = schema.roles[granted.role].label
    return f"{granted.acting.capitalize()}. {label}" if granted.acting else label


def context(request: Request, live: Live, views: Iterable[object]) -> dict[str, object]:
    """Returns what every template may use beside its own values."""
    actor, items = actor_of(request), menu(request, views)
    return {
        "say": say,
        "schema": live.schema,
        "actor": actor,
        "roles": roles_of(live.schema, actor),
        "language": language(),
        "languages": tuple(LANGUAGES),
        "menu": items,
        "menu_groups": grouped(items),
        "office": office_of(live.schema, actor),
        "notices": notices(request),
        "search_url": SEARCH_URL,
        "here": request.url.path,
    }
