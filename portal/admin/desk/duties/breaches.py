"""Breaches: reporting one, its 72 hours, whose data it touched, and the drafts of both notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from sqladmin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.admin.desk.base import Here, new_key, path_key, row_key, sent_key
from portal.admin.desk.duties.common import DutyPage, local, typed
from portal.admin.forms import Form
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.duties.breach import BreachRefused, Notice, Told, notice, report, time_left, told_to
from portal.duties.unusual import looks
from portal.facts import calendar
from portal.fields import ChoiceField, DateField, FieldType, LongTextField, TextField
from portal.releases import Live
from portal.tables import Account, Breach
from portal.wall import unscoped
from portal.words import say
from portal.worktime import clock

EARLIEST = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
WHOM: Mapping[str, Notice] = {"lembaga": "authority", "warga": "person"}


REPORT = ("noticed", "what", "how", "since", "until", "account", "measures", "contact")
"""The entries of a report."""


def _report_names(live: Live, said: Mapping[str, Any]) -> Iterator[str]:
    for name in REPORT:
        yield from (name, f"{name}-jam")


class BreachPage(DutyPage):
    """The breaches of this office."""

    menu_url = "/insiden"
    menu_slug = "duty-breaches"

    @expose("/insiden", methods=["GET"])
    @needs("erase", "records")
    @takes()
    async def breaches(self, request: Request) -> Response:
        """Shows the reports and the form of a new one."""
        return await self._show(request)

    @expose("/insiden", methods=["POST"])
    @needs("erase", "records")
    @takes(form=("key",), entries=_report_names)
    async def report(self, request: Request) -> Response:
        """Keeps a report, or shows what is missing with everything that was typed."""
        here, data = self.permitted(request), await request.form()
        fields = await self.work(here.read, lambda session: _fields(session))
        form = Form.submitted(fields, data)
        times = {name: _moment(here, form, data, name) for name in ("noticed", "since", "until")}
        if not form.valid or times["noticed"] is None:
            return await self._show(request, form=form, data=data, status=422)

        def act(session: Session) -> str:
            said = Told(
                noticed_at=times["noticed"] or here.now,
                what=str(form.values["what"]),
                how=str(form.values["how"]),
                measures=str(form.values["measures"]),
                contact=str(form.values["contact"]),
                since=times["since"],
                until=times["until"],
                account=row_key(str(form.values.get("account") or "")[1:]),
            )
            with unscoped("whose data was touched is counted by area, and nobody is shown"):
                seen = looks(session, here.live, said.since or EARLIEST)
                row = report(session, here.live, said, seen, actor=here.actor, now=here.now)
            return f"/insiden/{row.id}"

        try:
            led = await self.work(here.once, sent_key(data.get("key")), act)
        except BreachRefused as why:
            for name in why.fields:
                form.add_error("noticed" if name == "noticed_at" else name, say("breach-future"))
            return await self._show(request, form=form, data=data, status=422)
        return RedirectResponse(led, status_code=303)

    @expose("/insiden/{breach_id:int}", methods=["GET"])
    @needs("erase", "records")
    @takes()
    async def breach(self, request: Request) -> Response:
        """Shows one report with its clock."""
        here = self.permitted(request)
        values = await self.work(here.read, lambda session: _one(session, here, request))
        return await self.page(request, "duties/breach.html", {**values, "key": new_key()})

    @expose("/insiden/{breach_id:int}", methods=["POST"])
    @needs("erase", "records")
    @takes(form=("key", "whom"))
    async def told(self, request: Request) -> Response:
        """Keeps that the authority or the people were told."""
        here, data = self.permitted(request), await request.form()
        whom = WHOM.get(str(data.get("whom", "")))
        if whom is None:
            raise HTTPException(400)

        def act(session: Session) -> str:
            row = _found(session, request)
            told_to(session, here.live, row.id, whom, actor=here.actor, now=here.now)
            return f"/insiden/{row.id}?notice=breach-told"

        led = await self.work(here.once, sent_key(data.get("key")), act)
        return RedirectResponse(led, status_code=303)

    @expose("/insiden/{breach_id:int}/{whom}.pdf", methods=["GET"])
    @needs("erase", "records")
    @takes()
    async def pdf(self, request: Request) -> Response:
        """Returns the draft of a notice."""
        here, whom = self.permitted(request), WHOM.get(request.path_params["whom"])
        if whom is None:
            raise HTTPException(404)
        row = await self.work(here.read, lambda session: _found(session, request))
        printed = await self.work(notice, here.live, row, whom)
        headers = {"Content-Disposition": f'inline; filename="pemberitahuan-{row.id}.pdf"'}
        return Response(printed.data, media_type="application/pdf", headers=headers)

    async def _show(
        self, request: Request, *, form: Form | None = None, data: FormData | None = None, status: int = 200
    ) -> Response:
        here = self.permitted(request)
        day = here.now.astimezone(calendar(here.live.schema).zone)

        def read(session: Session) -> dict[str, Any]:
            rows = session.scalars(select(Breach).order_by(Breach.id.desc()).limit(50))
            blank = Form.filled(_fields(session), {"noticed": day.date()})
            return {"lines": [_line(here, row) for row in rows], "form": form or blank}

        values = await self.work(here.read, read)
        hours = (
            {name: str(data.get(f"{name}-jam", "")) for name in ("noticed", "since", "until")} if data else {}
        )
        values |= {"hours": hours or {"noticed": clock(day).replace(".", ":")}, "key": new_key()}
        return await self.page(request, "duties/breaches.html", values, status=status)


def _fields(session: Session) -> dict[str, FieldType]:
    """What a report asks for, in the reader's language."""

    def said(name: str) -> dict[str, object]:
        return {"label": say(f"breach-{name}"), "help": say(f"breach-{name}-help")}

    accounts = dict(session.execute(select(Account.id, Account.label).order_by(Account.label)).all())
    choices = {f"a{key}": label for key, label in accounts.items()}
    return {
        "noticed": DateField(type="date", required=True, **said("noticed")),
        "what": LongTextField(type="long-text", required=True, **said("what")),
        "how": LongTextField(type="long-text", required=True, **said("how")),
        "since": DateField(type="date", **said("since")),
        "until": DateField(type="date", **said("until")),
        "account": ChoiceField(type="choice", choices=choices, **said("account")),
        "measures": LongTextField(type="long-text", required=True, **said("measures")),
        "contact": TextField(type="text", required=True, max_length=200, **said("contact")),
    }


def _moment(here: Here, form: Form, data: FormData, name: str) -> datetime | None:
    """The moment of a date and an hour such as 14:30; an hour that is none marks its field."""
    day = form.values.get(name)
    if not isinstance(day, date):
        return None
    said = typed(data, f"{name}-jam", 5).replace(".", ":") or "00:00"
    try:
        at = time.fromisoformat(said if len(said) == 5 else f"0{said}")
    except ValueError:
        form.add_error(name, say("breach-hour"))
        return None
    return datetime.combine(day, at, calendar(here.live.schema).zone)


def _line(here: Here, row: Breach) -> dict[str, Any]:
    return {
        "row": row,
        "noticed": local(here, row.noticed_at),
        "clock": time_left(row, here.now),
        "late": row.due_at < here.now,
        "people": sum(row.whose.values()),
    }


def _found(session: Session, request: Request) -> Breach:
    row = session.get(Breach, path_key(request, "breach_id"))
    if row is None:
        raise HTTPException(404)
    return row


def _one(session: Session, here: Here, request: Request) -> dict[str, Any]:
    row = _found(session, request)
    account = session.get(Account, row.account_id) if row.account_id else None
    pairs = (
        ("breach-noticed", local(here, row.noticed_at)),
        ("breach-what", row.what),
        ("breach-how", row.how),
        ("breach-since", local(here, row.since)),
        ("breach-until", local(here, row.until)),
        ("breach-account", account.label if account else ""),
        ("breach-measures", row.measures),
        ("breach-contact", row.contact),
    )
    places = here.live.places
    return {
        **_line(here, row),
        "facts": [(say(slug), text) for slug, text in pairs],
        "due": local(here, row.due_at),
        "areas": [(places.full_name(code) if code else "–", count) for code, count in row.whose.items()],
        "told": {
            "lembaga": local(here, row.authority_told_at),
            "warga": local(here, row.people_told_at),
        },
    }
