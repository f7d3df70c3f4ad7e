"""Which backups stay: the newest of each of the last days, weeks and months; the rest goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.settings import Backups

_NAME = re.compile(r"(?P<stem>.+)-(?P<at>\d{8}T\d{6}Z)\.age")
_FORMAT = "%Y%m%dT%H%M%SZ"


def name_of(stem: str, now: datetime) -> str:
    """Returns the name of a backup: the database's and the moment in UTC, and nothing of a person."""
    return f"{stem}-{now.astimezone(UTC).strftime(_FORMAT)}.age"


def archives(folder: Path, stem: str) -> Mapping[datetime, Path]:
    """Returns the backups of a database in a folder by their moment, the oldest first."""
    found = {}
    for path in folder.glob("*.age") if folder.is_dir() else ():
        named = _NAME.fullmatch(path.name)
        if named and named["stem"] == stem:
            found[datetime.strptime(named["at"], _FORMAT).replace(tzinfo=UTC)] = path
    return dict(sorted(found.items()))


def surplus(moments: Iterable[datetime], keep: Backups) -> tuple[datetime, ...]:
    """Returns the moments whose backups may go; days, weeks and months are those of UTC.

    Of each of the last days, ISO weeks and months that have a backup, the newest stays, and so does every one
    of the day before the newest: who backs up before something risky wants the one before that as well.
    """
    newest_first = sorted(moments, reverse=True)
    spans: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (keep.daily, lambda at: at.date()),
        (keep.weekly, lambda at: at.isocalendar()[:2]),
        (keep.monthly, lambda at: (at.year, at.month)),
    )
    stays = {at for at in newest_first if newest_first[0] - at < timedelta(days=1)}
    for most, span in spans:
        newest: dict[object, datetime] = {}
        for at in newest_first:
            newest.setdefault(span(at), at)
        stays.update(list(newest.values())[:most])
    return tuple(sorted(set(newest_first) - stays))


def tidy(folder: Path, stem: str, keep: Backups) -> tuple[Path, ...]:
    """Removes the backups that may go and returns their paths."""
    known = archives(folder, stem)
    gone = tuple(known[at] for at in surplus(known, keep))
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
