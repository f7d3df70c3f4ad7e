"""Releases: which state of the YAML is served, since when and why, what changed, and any two compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqladmin import expose
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal import history
from portal.access import may
from portal.admin.desk.base import Desk, Here, new_key, row_key
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.changes import Change
from portal.facts import calendar
from portal.history import Entry, FileChange, UnknownRelease
from portal.releases import latest_id
from portal.rights import opens
from portal.worktime import moment

SHOWN = 20
"""How many releases stand on a page."""
TOLD = 3
"""How many changes of each release the list tells."""
CHOICES = 100
"""How many releases can be chosen to be compared."""


@dataclass(frozen=True, kw_only=True)
class _Line:
    """One release as pages show it."""

    number: int
    at: str
    who: str
    why: str
    backup: str
    changes: tuple[Change, ...]

    @property
    def first(self) -> tuple[Change, ...]:
        """The changes that a list tells."""
        return self.changes[:TOLD]

    @property
    def more(self) -> int:
        """How many it leaves out."""
        return len(self.changes) - len(self.first)


class ReleasePage(Desk):
    """The releases, for those who answer for the rules."""

    menu_url = "/rilis"
    menu_slug = "desk-releases"
    menu_group = "desk-rules"

    def is_accessible(self, request: Request) -> bool:
        schema, actor = self.site.live.schema, request.state.actor
        return may(schema, actor, "releases") and opens(schema, actor, "releases")

    @expose("/rilis", methods=["GET"])
    @needs("releases", "releases", screen="releases")
    @takes(query=("sebelum",))
    async def releases(self, request: Request) -> Response:
        """Shows the releases, the newest first."""
        below = row_key(request.query_params.get("sebelum", ""))
        return await self._page(
            request, "desk/releases.html", lambda session, here: _list(session, here, below)
        )

    @expose("/rilis/{number:int}", methods=["GET"])
    @needs("releases", "releases", screen="releases")
    @takes()
    async def release(self, request: Request) -> Response:
        """Shows one release: everything that it changed, and its files as they were written."""
        number = _number(request.path_params["number"])
        return await self._page(
            request, "desk/release.html", lambda session, here: _one(session, here, number)
        )

    @expose("/rilis/banding", methods=["GET"])
    @needs("releases", "releases", screen="releases")
    @takes(query=("dari", "ke"))
    async def compare(self, request: Request) -> Response:
        """Shows what differs between two releases, in sentences and line by line."""
        one, other = (_number(request.query_params.get(name, "")) for name in ("dari", "ke"))
        return await self._page(
            request, "desk/compared.html", lambda session, here: _compared(session, one, other)
        )

    async def _page(self, request: Request, template: str, values: Any) -> Response:
        if not self.is_accessible(request):
            raise HTTPException(403)
        here = self.here(request)
        try:
            found = await self.work(here.read, lambda session: values(session, here))
        except UnknownRelease:
            raise HTTPException(404) from None
        return await self.page(request, template, found)


def _number(said: object) -> int:
    """Returns the number of a release that an address names.

    Raises:
        HTTPException: 404, no release can have it.
    """
    number = row_key(said)
    if number is None or number >= 2**31:
        raise HTTPException(404)
    return number


def _line(entry: Entry, here: Here) -> _Line:
    return _Line(
        number=entry.number,
        at=moment(entry.applied_at.astimezone(calendar(here.live.schema).zone)),
        who=entry.applied_by,
        why=entry.reason,
        backup=entry.backup,
        changes=entry.plan.changes,
    )


def _list(session: Session, here: Here, below: int | None) -> Mapping[str, Any]:
    found = history.entries(session, most=SHOWN, below=below)
    after = found[-1].number if found and found[-1].number > 1 else None
    return {
        "lines": [_line(each, here) for each in found],
        "after": f"/rilis?sebelum={after}" if after else "",
        "before": "/rilis" if below else "",
        "numbers": _numbers(session),
    }


def _numbers(session: Session) -> list[int]:
    newest = latest_id(session) or 0
    return list(range(newest, max(newest - CHOICES, 0), -1))


def _one(session: Session, here: Here, number: int) -> Mapping[str, Any]:
    return {
        "line": _line(history.entry(session, number), here),
        "files": history.files(session, number),
        "newest": latest_id(session),
        "changes_rules": here.actor.account_id is not None and may(here.live.schema, here.actor, "rules"),
        "key": new_key(),
    }


def _compared(session: Session, one: int, other: int) -> Mapping[str, Any]:
    sides = [history.files(session, number) for number in (one, other)]
    plan = history.between(session, one, other)
    return {
        "one": one,
        "other": other,
        "changes": (*plan.changes, *plan.refused),
        "files": [marked(each) for each in history.differing(*sides)],
        "numbers": _numbers(session),
    }


def marked(change: FileChange) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Returns a file's name and the lines of its diff, each with how it is to be shown."""
    kinds = {"+": "added", "-": "gone", "@": "place"}
    return change.name, tuple((kinds.get(line[:1], ""), line) for line in change.lines[2:])
