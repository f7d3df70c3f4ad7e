"""The rights of one person over the data kept: consents, corrections, and being erased."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.access import Forbidden, may, may_record
from portal.admin.desk.base import Desk, Here, new_key, path_key, row_key, sent_key
from portal.admin.desk.duties.common import local, person_title, typed
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.database import writing
from portal.duties.consent import ConsentRefused, consents_of, give, withdraw
from portal.duties.correction import CorrectionRefused, answer, ask
from portal.duties.emptying import is_emptied
from portal.duties.erasure import NotErasable, person, propose, refuse_request
from portal.tables import Consent, Correction
from portal.words import say

Act = Callable[[Session], object]


class PersonPage(Desk):
    """What a person may ask of the office about their data."""

    @expose("/warga/{resident:int}/data", methods=["GET"])
    @needs("edit", "records", "record")
    @takes()
    async def person(self, request: Request) -> Response:
        """Shows consents, requests for correction and what erasing would need."""
        return await self._show(request)

    @expose("/warga/{resident:int}/persetujuan", methods=["POST"])
    @needs("edit", "records")
    @takes(form=("key", "withdraw", "said", "purpose", "recipient", "how", "witness"))
    async def consent(self, request: Request) -> Response:
        """Keeps a consent, or the withdrawal of one."""
        here, data = self.here(request), await request.form()
        key, withdrawn = path_key(request, "resident"), row_key(data.get("withdraw", ""))

        def act(session: Session) -> object:
            if withdrawn is not None:
                row = session.get(Consent, withdrawn)
                if row is None or row.resident_id != key:
                    raise HTTPException(404)
                said = typed(data, "said")
                withdraw(session, here.live, withdrawn, said, actor=here.actor, now=here.now)
                return None
            return give(
                session,
                here.live,
                resident=key,
                purpose=str(data.get("purpose", "")),
                how="oral" if data.get("how") == "oral" else "signed",
                witness=typed(data, "witness", 120),
                recipient=str(data.get("recipient", "")) or None,
                actor=here.actor,
                now=here.now,
            )

        notice = "consent-withdrawn" if withdrawn else "consent-given"
        return await self._carry_out(request, sent_key(data.get("key")), act, notice)

    @expose("/warga/{resident:int}/perbaikan", methods=["POST"])
    @needs("edit", "records")
    @takes(form=("key", "correction", "answer", "decide", "wanted", "evidence"))
    async def correction(self, request: Request) -> Response:
        """Keeps a request for correction, or its answer."""
        here, data = self.here(request), await request.form()
        key, answered = path_key(request, "resident"), row_key(data.get("correction", ""))
        done = data.get("decide") == "done"

        def act(session: Session) -> object:
            if answered is not None:
                row = session.get(Correction, answered)
                if row is None or row.resident_id != key:
                    raise HTTPException(404)
                said = typed(data, "answer", 500)
                return answer(
                    session, here.live, answered, done=done, said=said, actor=here.actor, now=here.now
                )
            wanted, evidence = typed(data, "wanted", 500), typed(data, "evidence")
            return ask(
                session, here.live, resident=key, wanted=wanted, evidence=evidence, actor=here.actor,
                now=here.now,
            )  # fmt: skip

        notice = "correction-answered" if answered else "correction-asked"
        return await self._carry_out(request, sent_key(data.get("key")), act, notice)

    @expose("/warga/{resident:int}/hapus", methods=["POST"])
    @needs("erase", "records")
    @takes(form=("key", "reason"))
    async def erasure(self, request: Request) -> Response:
        """Proposes the erasure that the person asks for; what a law forbids is kept as refused."""
        here, data = self.here(request), await request.form()
        key, reason = path_key(request, "resident"), typed(data, "reason")
        if not may(here.live.schema, here.actor, "erase"):
            raise HTTPException(403)

        def act(session: Session) -> object:
            wanted = person(session, here.live, key, reason)
            return propose(session, here.live, wanted, actor=here.actor, now=here.now)

        try:
            return await self._carry_out(request, sent_key(data.get("key")), act, "erasure-proposed")
        except NotErasable as why:
            if why.slug in ("erasure-kept", "erasure-running"):
                await self.work(_keep_refusal, here, key, why)
            return await self._show(request, problem=why.sentence(), status=422)

    async def _carry_out(self, request: Request, key: str, act: Act, notice: str) -> Response:
        here, resident = self.here(request), path_key(request, "resident")

        def once(session: Session) -> str:
            person_title(session, here, resident)
            if not _may_note(here) or is_emptied(session, here.live.schema.subject(), resident):
                raise Forbidden("resident")
            act(session)
            return f"/warga/{resident}/data?notice={notice}"

        try:
            led = await self.work(here.once, key, once)
        except (ConsentRefused, CorrectionRefused) as why:
            return await self._show(request, problem=say(why.slug), status=422)
        except Forbidden:
            raise HTTPException(403) from None
        return RedirectResponse(led, status_code=303)

    async def _show(self, request: Request, *, problem: str = "", status: int = 200) -> Response:
        here, resident = self.here(request), path_key(request, "resident")
        values = await self.work(here.read, lambda session: _page(session, here, resident))
        values |= {"problem": problem, "key": new_key()}
        return await self.page(request, "duties/person.html", values, status=status)


def _may_note(here: Here) -> bool:
    """Whoever may change residents' data keeps what they say about it, and whoever answers for data."""
    schema = here.live.schema
    return may_record(schema, here.actor, schema.subject(), "edit") or may(schema, here.actor, "erase")


def _keep_refusal(here: Here, resident: int, why: NotErasable) -> None:
    with writing(here.engine) as session:
        refuse_request(session, here.live, resident, why, actor=here.actor, now=here.now)


def _page(session: Session, here: Here, resident: int) -> dict[str, Any]:
    title, schema = person_title(session, here, resident), here.live.schema
    asked = select(Correction).where(Correction.resident_id == resident).order_by(Correction.id.desc())
    partners = {key: each.label for key, each in schema.destinations.items() if each.consent}
    return {
        "title": title,
        "resident": resident,
        "subject": schema.subject(),
        "consents": consent_lines(session, here, resident),
        "corrections": [
            (row, local(here, row.due_at), row.due_at < here.now) for row in session.scalars(asked)
        ],
        "purposes": schema.office.purposes,
        "partners": partners,
        "may_note": _may_note(here),
        "may_edit": may_record(schema, here.actor, schema.subject(), "edit"),
        "may_erase": may(schema, here.actor, "erase"),
        "erased": is_emptied(session, schema.subject(), resident),
    }


def consent_lines(session: Session, here: Here, resident: int) -> list[dict[str, Any]]:
    """Returns a person's consents as pages show them, the newest first."""
    schema = here.live.schema
    lines = []
    for row in consents_of(session, resident):
        purpose = schema.office.purposes.get(row.purpose)
        known = schema.known.destinations.get(row.recipient or "")
        label = purpose.label if purpose else row.purpose
        how = say("consent-how-oral", witness=row.witness or "-") if row.how == "oral" else ""
        lines.append(
            {
                "id": row.id,
                "label": label,
                "recipient": known.label if known else "",
                "how": how or say(f"consent-how-{row.how}"),
                "given": local(here, row.given_at),
                "withdrawn": "" if row.how == "refused" else local(here, row.withdrawn_at),
                "refused": row.how == "refused",
                "consequence": purpose.withdrawal if purpose else "",
            }
        )
    return lines
