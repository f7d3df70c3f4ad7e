"""The page of a ticket: the resident follows the case with the code and PIN of the slip, without an account.

There is no search, by name or by any number: whoever has lost the slip asks at the office.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import reads
from portal.admin.publicpages import PublicPages, address_of
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.admin.threads import in_thread
from portal.facts import today
from portal.referrals import Spot
from portal.referrals.codes import Pair, typed_code, typed_pin
from portal.referrals.doors import RESIDENT, Entered, enter_ticket
from portal.referrals.tickets import Followed, followed
from portal.tables import Case


class TicketPages(PublicPages):
    """Following a case."""

    def routes(self) -> tuple[Route, ...]:
        """Returns its route."""
        return (Route("/lacak", self.ticket, methods=["GET", "POST"], name="ticket"),)

    @needs("nothing")
    @takes(form=("code", "pin"))
    async def ticket(self, request: Request) -> Response:
        """Asks for code and PIN, and tells how the case stands."""
        if request.method == "GET":
            return await self.page(request, "ticket")
        data, now = await request.form(), self.site.clock()
        pair = Pair(code=typed_code(str(data.get("code", ""))), pin=typed_pin(str(data.get("pin", ""))))
        engine = cast(Engine, self.site.engine)
        entered = await in_thread(enter_ticket, engine, pair, address_of(request), now)
        if not isinstance(entered, Entered):
            status, wrong = self.refused(entered)
            return await self.page(request, "ticket", status, wrong=wrong, typed=pair.code)
        case = await in_thread(self._read, entered.key, now)
        reads.note("case", (entered.key,), {"number": "plain", "stage": "plain"})
        late = case.promised is not None and case.promised < today(self.site.live.schema, now)
        return await self.page(request, "case", case=case, late=late)

    def _read(self, key: int, now: datetime) -> Followed:
        def ask(session: Session) -> Followed:
            at = Spot(session=session, live=self.site.live, actor=RESIDENT, now=now)
            return followed(at, session.get_one(Case, key))

        return self.as_portal(ask)
