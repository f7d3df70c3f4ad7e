"""What the pages of the duties share: who may open them, moments in words, short texts of forms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from portal.access import may
from portal.admin.desk.base import Desk, Here
from portal.admin.records.details import find
from portal.admin.records.lens import Lens
from portal.facts import calendar
from portal.fields.base import legible
from portal.worktime import moment


class DutyPage(Desk):
    """A page for those who answer for people's data."""

    menu_group = "duty-group"

    def is_accessible(self, request: Request) -> bool:
        return may(self.site.live.schema, request.state.actor, "erase")

    def permitted(self, request: Request) -> Here:
        """Returns the request as the desk sees it.

        Raises:
            HTTPException: 403, the page is not for this person.
        """
        if not self.is_accessible(request):
            raise HTTPException(403)
        return self.here(request)


def local(here: Here, at: datetime | None) -> str:
    """Returns a moment in words in the office's time zone, empty for none."""
    return moment(at.astimezone(calendar(here.live.schema).zone)) if at else ""


def typed(data: FormData, name: str, most: int = 200) -> str:
    """Returns one text of a form without what nobody sees."""
    return legible(str(data.get(name, ""))).strip()[:most]


def person_title(session: Session, here: Here, resident: int) -> str:
    """Returns how a resident is called, as the person who looks may read it.

    Raises:
        HTTPException: 404, missing or outside the person's scope: the answer is the same.
    """
    lens = Lens(live=here.live, key=here.live.schema.subject(), actor=here.actor)
    row = find(lens, session, resident)
    if row is None:
        raise HTTPException(404)
    return lens.title(row, lens.names(session))
