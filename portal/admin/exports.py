"""Taking rows out of the portal: what is asked before, what is refused, what is written down, and the file.

The file is made on disk, nameless, a batch of rows at a time; then the event is written; only then the first
byte leaves. So memory stays small, a slow line holds no database connection, and the event knows the rows.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO, Any
from zoneinfo import ZoneInfo

from sqladmin import BaseView
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from portal import reads
from portal.access import Actor, may_record
from portal.admin.spreadsheet import KINDS, Kind
from portal.database import reading, writing
from portal.events import hold, record
from portal.fields.base import legible
from portal.releases import Live
from portal.tables import Event
from portal.words import say

ASKING = "tanya"
"""What stands in an address instead of a format: first the page that asks."""
BATCH = 1_000
CHUNK = 64 * 1024
MOST_XLSX = 1_000_000
"""More rows a sheet cannot hold."""
MOST_CHOSEN = 500
SHORTEST_REASON, LONGEST_REASON = 5, 200
_NUMBER = re.compile(r"(?:\d[\s.-]?){10}")
"""A NIK, a KK or a phone number, which a reason must not hold: it stays in the log."""
KIND = SUBJECT = "exported"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much may leave the portal."""

    rows: int = 100_000
    """At most so many rows in one file."""
    day: int = 20
    """At most so many files for each person on one day of the office."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A list as it can be taken out: what its screen shows to one person."""

    name: str
    """Its id in events and file names; no personal data."""
    title: str
    columns: Mapping[str, str]
    """The heads of the columns on screen by their ids."""
    count: Callable[[Session, int], int]
    """How many rows there are, or one more than the number given."""
    rows: Callable[[Session, Sequence[str]], Iterator[Sequence[str]]]
    """The cells of some columns, row by row."""
    back: str
    path: str
    """The address of the page that asks; each format stands behind it."""
    pairs: Sequence[tuple[str, str]] = ()
    """What narrows and orders the list, as its page names it."""
    search: str = ""
    """What kind of words it is searched for: number or words, never the words."""


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """Who takes rows out, of which Release, where and when."""

    engine: Engine
    live: Live
    actor: Actor
    now: datetime
    limits: Limits = field(default_factory=Limits)
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    """The formats that there are."""

    @property
    def _midnight(self) -> datetime:
        here = self.now.astimezone(ZoneInfo(self.live.schema.office.time_zone))
        return here.replace(hour=0, minute=0, second=0, microsecond=0)

    def used(self, session: Session) -> int:
        """Returns how many files the person has taken today."""
        mine = (Event.subject == SUBJECT, Event.subject_id == (self.actor.account_id or 0))
        query = select(func.count()).select_from(Event).where(*mine, Event.at >= self._midnight)
        return session.scalar(query) or 0

    def asking(self, sheet: Sheet, data: FormData, error: str = "") -> dict[str, Any]:
        """Returns what the page that asks shows."""
        with reading(self.engine) as session:
            count, used = sheet.count(session, self.limits.rows), self.used(session)
        chosen = _columns(sheet, data) if "kolom" in data else tuple(sheet.columns)
        return {
            "sheet": sheet,
            "count": count,
            "limits": self.limits,
            "too_many": count > self.limits.rows,
            "left": max(0, self.limits.day - used),
            "chosen": chosen,
            "reason": _reason(data),
            "error": error,
            "formats": tuple(self.kinds),
        }

    def take(self, sheet: Sheet, kind: str, data: FormData) -> StreamingResponse | str:
        """Returns the file, or the sentence that says why there is none."""
        columns, reason = _columns(sheet, data), _reason(data)
        if len(reason) < SHORTEST_REASON:
            return say("export-reason-missing")
        if _NUMBER.search(reason):
            return say("export-reason-number")
        if not columns:
            return say("export-columns-missing")
        most = min(self.limits.rows, MOST_XLSX)
        with reading(self.engine) as session:
            if sheet.count(session, most) > most:
                return say("export-too-many", most=number(most))
            if self.used(session) >= self.limits.day:
                return say("export-day", most=self.limits.day)
        file, rows = self._made(sheet, kind, columns, most)
        chosen = sum(name == "baris" for name, _ in sheet.pairs)
        said = {"list": sheet.name, "format": kind, "rows": rows, "columns": list(columns)}
        narrowed = {"narrowed": [list(pair) for pair in sheet.pairs if pair[0] not in ("search", "baris")]}
        try:
            noted = self._noted({**said, **narrowed, "search": sheet.search, "chosen": chosen}, reason)
        except BaseException:
            file.close()
            raise
        if not noted:
            file.close()
            return say("export-day", most=self.limits.day)
        day = self._midnight.date().isoformat()
        return _sent(file, f"{sheet.name}-{day}.{kind}", self.kinds[kind].media)

    def _made(self, sheet: Sheet, kind: str, columns: Sequence[str], most: int) -> tuple[IO[bytes], int]:
        made, heads = self.kinds[kind], [sheet.columns[each] for each in columns]
        file = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed when it has been sent
        try:
            with reading(self.engine) as session:
                rows = islice(sheet.rows(session, columns), most)
                if made.whole:
                    kept = list(rows)
                else:
                    count = made.write(file, heads, rows)
            if made.whole:
                count = made.write(file, heads, kept)
        except BaseException:
            file.close()
            raise
        return file, count

    def _noted(self, said: Mapping[str, object], reason: str) -> bool:
        """Writes down who takes what, unless the person has had their files of the day by now."""
        with writing(self.engine) as session:
            hold(session)
            if self.used(session) >= self.limits.day:
                return False
            account = self.actor.account_id or 0
            told = record(
                session,
                actor=self.actor,
                now=self.now,
                kind=KIND,
                subject=SUBJECT,
                subject_id=account,
                data=said,
                reason=reason,
            )
            reads.because(told.id)
        return True


def _columns(sheet: Sheet, data: FormData) -> tuple[str, ...]:
    """Returns the chosen columns in their order on screen.

    Raises:
        HTTPException: 400, one is not on this person's screen.
    """
    asked = {value for value in data.getlist("kolom") if isinstance(value, str) and value}
    if asked - set(sheet.columns):
        raise HTTPException(400)
    return tuple(each for each in sheet.columns if each in asked)


def _reason(data: FormData) -> str:
    return " ".join(legible(str(data.get("alasan", ""))).split())[:LONGEST_REASON]


def chosen_rows(data: FormData) -> tuple[int, ...]:
    """Returns the keys of the rows that were ticked on the page of a list, none for the whole list.

    Raises:
        HTTPException: 400, one is no key, or there are more than a page has.
    """
    texts = [str(text) for text in data.getlist("baris")]
    if len(texts) > MOST_CHOSEN or not all(t.isascii() and t.isdigit() and len(t) < 19 for t in texts):
        raise HTTPException(400)
    return tuple(sorted({int(text) for text in texts}))


def may_export(live: Live, actor: Actor) -> bool:
    """Tells whether a person may take lists about people out: cases, tasks, letters."""
    return may_record(live.schema, actor, live.schema.subject(), "export")


def limits_of(view: BaseView) -> Limits:
    """Returns the limits of the site that a view belongs to."""
    limits: Limits = getattr(view._admin_ref, "exports", None) or Limits()
    return limits


def number(count: int) -> str:
    """Returns a count with dots between the thousands."""
    return f"{count:,}".replace(",", ".")


def _sent(file: IO[bytes], name: str, media: str) -> StreamingResponse:
    size = file.seek(0, 2)
    file.seek(0)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    return StreamingResponse(_chunks(file), media_type=media, headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
