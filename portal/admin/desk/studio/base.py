"""What the pages of the studio share: who may, the draft that somebody works on, and how it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request

from portal import studio
from portal.access import may
from portal.admin.desk.base import Desk, Here
from portal.database import writing
from portal.facts import calendar
from portal.studio import Work
from portal.worktime import moment

HOME, PLAN = "/atur", "/atur/rencana"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The draft that somebody works on, or the newest Release where they have changed nothing yet."""

    base: int
    """The Release that it changes."""
    newest: int
    version: int
    """0 while there is none."""
    files: dict[str, str]
    changed: tuple[str, ...]
    saved: str
    problem: str
    key: int = 0

    @property
    def behind(self) -> bool:
        """Whether the rules have changed since it was begun."""
        return self.base != self.newest


class StudioPage(Desk):
    """A page for those who change the rules."""

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "rules")

    def permitted(self, request: Request) -> Here:
        """Returns the request of somebody who may be here.

        Raises:
            HTTPException: 403.
        """
        here = self.here(request)
        if not self.is_accessible(request):
            raise HTTPException(403)
        return here


def draft_of(session: Session, here: Here) -> Draft:
    """Returns what somebody works on, without beginning anything."""
    mine = studio.mine(session, here.actor)
    newest = here.live.release_id
    if mine is None:
        files = dict(studio.released(session, newest))
        return Draft(base=newest, newest=newest, version=0, files=files, changed=(), saved="", problem="")
    work = studio.work(session, mine)
    return Draft(
        base=mine.release_id,
        newest=newest,
        version=mine.version,
        files=dict(work.files),
        changed=work.changed,
        saved=local(here, mine.saved_at),
        problem=mine.problem,
        key=mine.id,
    )


def local(here: Here, at: datetime) -> str:
    """Returns a moment as the office's clock shows it."""
    return moment(at.astimezone(calendar(here.live.schema).zone))


def saving(here: Here, act: Callable[[Session], int]) -> int:
    """Carries out something that saves a draft, and returns what it says."""
    with writing(here.engine) as session:
        return act(session)


__all__ = ["HOME", "PLAN", "Draft", "StudioPage", "Work", "draft_of", "local", "saving"]
