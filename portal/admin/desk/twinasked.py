"""Whether somebody who is being recorded with a complaint is known already: asked once, before the save.

A page that records people does three things: it sends what was typed to `likely`, shows the page again with
`twins` when there is something to show, and saves when the form says that it was shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import wall
from portal.admin.desk.asked import household_of
from portal.admin.desk.base import Here
from portal.admin.records.twincards import SEEN, Cards, cards
from portal.models import column_name

__all__ = ["SEEN", "likely"]

ONE_CARD = "a family card is the same in every village; only whether somebody of it is known is told"


def likely(session: Session, here: Here, typed: Mapping[str, object]) -> Cards:
    """Returns who somebody may be, by what was typed of them; the family card stands for its household."""
    values = dict(typed)
    card, household = values.pop("household-kk", None), household_of(here.live.schema)
    if card and household is not None:
        link, other, number = household
        model = here.live.models.records[other]
        with wall.unscoped(ONE_CARD):
            known = select(model.id).where(getattr(model, column_name(number)) == card)
            values[link] = session.scalar(known)
    return cards(session, here.live, here.actor, values)
