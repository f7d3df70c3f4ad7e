"""What print jobs put together, dropped after a week, and the jobs after a quarter; the letters stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, delete, select

from portal.bulk.base import KEPT, REMEMBERED
from portal.database import reading, writing
from portal.tables import PrintItem, PrintJob


def drop_old(engine: Engine, now: datetime) -> int:
    """Drops the files of jobs that ended long ago with what was typed for them; returns of how many.

    Whoever acts must be the portal itself.
    """
    ended = (PrintJob.ended_at <= now - KEPT, PrintJob.ended_at > now - REMEMBERED)
    with reading(engine) as session:
        known = session.execute(select(PrintJob.id, PrintJob.asked).where(*ended)).all()
        gone = session.scalars(select(PrintJob.id).where(PrintJob.ended_at <= now - REMEMBERED)).all()
    old = [key for key, asked in known if "form" in asked]
    if not old and not gone:
        return 0
    with writing(engine) as session:
        for job in session.scalars(select(PrintJob).where(PrintJob.id.in_(old), *ended).with_for_update()):
            job.result, job.asked = None, {"again": bool(job.asked.get("again"))}
        session.execute(delete(PrintItem).where(PrintItem.job_id.in_(gone)))
        session.execute(delete(PrintJob).where(PrintJob.id.in_(gone)))
    return len(old)
