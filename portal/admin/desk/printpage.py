"""A print job of one's own: how far it is, what came of each letter, cancel, try again, and its file.

Its file opens as a single letter does: under the same masks, for a reason where it tells more than they do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqladmin import expose
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import reads, wall
from portal.access import may_in
from portal.admin.desk.base import Desk, Here, new_key, path_key
from portal.admin.desk.caseletters import letters_to_issue
from portal.admin.once import Reused, stamp
from portal.admin.reasons import reason_in
from portal.admin.records.mine import case_is_mine
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.bulk import KEPT, OPEN, cancel, retry
from portal.cases import At
from portal.database import writing
from portal.events import record
from portal.facts import calendar
from portal.letters.sight import Told, told
from portal.rights import may_letter
from portal.tables import Case, IssuedLetter, PrintItem, PrintJob
from portal.words import LANGUAGES, language, say
from portal.worktime import moment

LATEST = 20
"""So many jobs the list shows."""
TOLD = 200
"""So many letters a report names one by one."""


class PrintPage(Desk):
    """The print jobs of the person who asks."""

    @expose("/cetak", methods=["GET"])
    @needs("account", "letters")
    @takes()
    async def jobs(self, request: Request) -> Response:
        """Lists the newest jobs."""
        here = self.here(request)
        jobs = await self.work(here.read, lambda session: _latest(session, here))
        may = bool(letters_to_issue(here.live.schema, here.actor))
        return await self.page(request, "desk/prints.html", {"jobs": jobs, "may": may})

    @expose("/cetak/{job_id:int}", methods=["GET"])
    @needs("account", "letters", "case")
    @takes()
    async def job(self, request: Request) -> Response:
        """Shows how far a job is, or what came of it."""
        here, key = self.here(request), path_key(request, "job_id")
        values = await self.work(here.read, lambda session: _report(session, here, key))
        return await self.page(request, "desk/print.html", {**values, "key": new_key()})

    @expose("/cetak/{job_id:int}/batal", methods=["POST"])
    @needs("account", "letters")
    @takes(form=("key",))
    async def stop(self, request: Request) -> Response:
        """Stops a job."""
        return await self._act(request, cancel)

    @expose("/cetak/{job_id:int}/ulangi", methods=["POST"])
    @needs("account", "letters")
    @takes(form=("key",))
    async def again(self, request: Request) -> Response:
        """Lets a job try again what failed."""
        return await self._act(request, retry)

    async def _act(self, request: Request, doing: Callable[[At, int], None]) -> Response:
        here, key, data = self.here(request), path_key(request, "job_id"), await request.form()

        def act(session: Session) -> str:
            doing(here.at(session), _own(session, here, key).id)
            return f"/cetak/{key}"

        try:
            led = await self.work(here.once, stamp(data, here.actor), act)
        except Reused as reused:
            led = reused.led_to
        return RedirectResponse(led, status_code=303)

    @expose("/cetak/{job_id:int}/hasil", methods=["GET"])
    @needs("print", "letters", "letter")
    @takes()
    async def result(self, request: Request) -> Response:
        """Answers with the file, or asks why it is to be opened."""
        here, key = self.here(request), path_key(request, "job_id")
        job, says = await self.work(here.read, lambda session: _openable(session, here, key))
        if says.masked:
            return await self._ask(request, here, job, says)
        return await self._file(here, job)

    @expose("/cetak/{job_id:int}/hasil/buka", methods=["POST"])
    @needs("unmask", "letters", "letter")
    @takes(form=("reason",))
    async def opened(self, request: Request) -> Response:
        """Writes down why a file is opened that tells more than the screen, then answers with it."""
        here, key = self.here(request), path_key(request, "job_id")
        reason = reason_in(await request.form())
        job, says = await self.work(here.read, lambda session: _openable(session, here, key))
        if not reason:
            return await self._ask(request, here, job, says, missing=True)
        if says.masked:
            await self.work(_note, here, job, says, reason)
        return await self._file(here, job)

    async def _file(self, here: Here, job: PrintJob) -> Response:
        data = await self.work(here.read, lambda session: session.scalar(_bytes(job.id)))
        if data is None:
            raise HTTPException(404)
        kind, end, how = _KINDS[job.packing]
        shown = {"Content-Disposition": f'{how}; filename="cetak-{job.id}.{end}"'}
        return Response(data, media_type=kind, headers=shown)

    async def _ask(
        self, request: Request, here: Here, job: PrintJob, says: Told, *, missing: bool = False
    ) -> Response:
        """Asks for the reason, of who may give one.

        Raises:
            HTTPException: 403, the person may not see in full what the paper tells.
        """
        if not may_in(here.live.schema, here.actor, "unmask", job.area):
            raise HTTPException(403)
        values = {
            "title": say("batch-unmask"),
            "about": say("batch-unmask-about", fields=", ".join(says.masked)),
            "action": f"/cetak/{job.id}/hasil/buka",
            "back": f"/cetak/{job.id}",
            "missing": missing,
            "key": "",
        }
        return await self.page(request, "desk/reason.html", values, status=422 if missing else 200)


_KINDS = {"merged": ("application/pdf", "pdf", "inline"), "zip": ("application/zip", "zip", "attachment")}


def _bytes(key: int) -> Any:
    return select(PrintJob.result).where(PrintJob.id == key)


def _own(session: Session, here: Here, key: int) -> PrintJob:
    """A job that the person asked for.

    Raises:
        HTTPException: 404, there is none, or it is somebody else's: the answer is the same.
    """
    mine = (PrintJob.id == key, PrintJob.created_by == here.actor.account_id)
    job = session.scalar(select(PrintJob).where(*mine))
    if job is None:
        raise HTTPException(404)
    return job


def _latest(session: Session, here: Here) -> list[dict[str, Any]]:
    mine = select(PrintJob).where(PrintJob.created_by == here.actor.account_id)
    return [_told(here, job) for job in session.scalars(mine.order_by(PrintJob.id.desc()).limit(LATEST))]


def _told(here: Here, job: PrintJob) -> dict[str, Any]:
    known = here.live.schema.known.letters
    label = known[job.letter].label if job.letter in known else job.letter
    return {
        "job": job,
        "title": say("batch-again-of", letter=label) if job.asked.get("again") else label,
        "at": moment(job.created_at.astimezone(calendar(here.live.schema).zone)),
        "open": job.status in OPEN,
    }


def _report(session: Session, here: Here, key: int) -> dict[str, Any]:
    job = _own(session, here, key)
    count = select(PrintItem.status, func.count()).where(PrintItem.job_id == key).group_by(PrintItem.status)
    counts: dict[str, int] = dict(session.execute(count).all())
    said = {
        **_told(here, job),
        "counts": counts,
        "issued": counts.get("issued", 0) + counts.get("printed", 0),
    }
    if job.status in OPEN:
        return said
    zone = calendar(here.live.schema).zone
    until = moment((job.ended_at + KEPT).astimezone(zone)) if job.ended_at else ""
    held = session.scalar(select(PrintJob.result.is_not(None)).where(PrintJob.id == key))
    left = ("issued", "printed") if job.status == "cancelled" else ()
    return {
        **said,
        "until": until,
        "file": bool(held),
        "failed": _named(session, here, key, ("failed",)),
        "left": _named(session, here, key, left),
        "seen": sum(counts.values()) == job.total,
    }


def _named(session: Session, here: Here, key: int, statuses: tuple[str, ...]) -> list[dict[str, Any]]:
    """The letters of a job that are named one by one, with their cases as the person sees them."""
    query = (
        select(PrintItem, Case.number, IssuedLetter.number)
        .join(Case, Case.id == PrintItem.case_id)
        .outerjoin(IssuedLetter, IssuedLetter.id == PrintItem.letter_id)
        .where(PrintItem.job_id == key, PrintItem.status.in_(statuses))
        .where(wall.cases(here.live.schema, here.actor, "print_item", "issued_letter"))
    )
    found = session.execute(query.order_by(PrintItem.place).limit(TOLD)).all() if statuses else []
    reads.note("case", (item.case_id for item, _, _ in found), {"number": "plain", "letters": "plain"})
    return [
        {"case": item.case_id, "number": number, "letter": letter, "key": item.letter_id, "why": _why(item)}
        for item, number, letter in found
    ]


def _why(item: PrintItem) -> str:
    """Why a letter failed, in words."""
    slug = f"batch-why-{item.problem}"
    return "" if item.problem is None else say(slug if slug in LANGUAGES[language()] else "batch-why-broken")


def _openable(session: Session, here: Here, key: int) -> tuple[PrintJob, Told]:
    """A job with a file, and what its papers tell beyond the screen, all letters together.

    Raises:
        HTTPException: 404, there is no such job or file; 403, some case or field is hidden from the person.
    """
    schema, actor, job = here.live.schema, here.actor, _own(session, here, key)
    if not session.scalar(select(PrintJob.result.is_not(None)).where(PrintJob.id == key)):
        raise HTTPException(404)
    query = (
        select(IssuedLetter, Case)
        .join(PrintItem, PrintItem.letter_id == IssuedLetter.id)
        .join(Case, Case.id == PrintItem.case_id)
        .where(PrintItem.job_id == key, PrintItem.status == "printed")
        .where(wall.cases(schema, actor, "print_item", "issued_letter"))
    )
    found = session.execute(query).all()
    allowed = all(may_letter(schema, actor, issued.letter, "print", case.area) for issued, case in found)
    if len(found) < job.total - _unprinted(session, key) or not allowed:
        raise HTTPException(403)
    masked: set[str] = set()
    for issued, case in found:
        mine = case_is_mine(session, schema, actor, case)
        says = told(session, here.live, issued, case, actor, assigned=mine)
        if says.hidden:
            raise HTTPException(403)
        masked.update(says.masked)
    reads.note("case", (case.id for _, case in found), {"letter": "plain"})
    persons = (case.resident_id for _, case in found if case.resident_id is not None)
    reads.note(schema.subject(), persons, {"letter": "plain"})
    return job, Told(masked=tuple(sorted(masked)))


def _unprinted(session: Session, key: int) -> int:
    """How many letters of a job have no paper in its file, whoever may see their cases."""
    with wall.unscoped("counting the letters that a file does not hold"):
        query = select(func.count()).select_from(PrintItem)
        return session.scalar(query.where(PrintItem.job_id == key, PrintItem.status != "printed")) or 0


def _note(here: Here, job: PrintJob, says: Told, reason: str) -> None:
    said = {"letter": job.letter, "count": job.total, "fields": list(says.masked)}
    with writing(here.engine) as session:
        done = record(
            session,
            actor=here.actor,
            now=here.now,
            kind="print-unmasked",
            subject="print-job",
            subject_id=job.id,
            data=said,
            reason=reason,
        )
        reads.because(done.id)
