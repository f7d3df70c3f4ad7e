"""The list of what was erased, carried out again on a restored database or on an older backup.

The list names rows by number and a digest of when they were made; it holds nothing of a person. It is written
beside the backups after each erasure, so that whoever has them has the list as well.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from portal import private
from portal.archive import Since
from portal.backup import FOLDER
from portal.database import engine_of, reading, writing
from portal.duties.emptying import (
    PHOTO,
    Emptying,
    empty_photo,
    empty_record,
    forget_emptied,
    is_emptied,
    made_at,
    mark_of,
)
from portal.duties.erasure import carry_out
from portal.duties.sweeping import Swept, sweep
from portal.events import hold, record
from portal.migrate import prepare
from portal.releases import latest_id, live
from portal.settings import from_environment
from portal.tables import Erased
from portal.wall import acting, standing

LIST = "erasures.json"
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row that was erased."""

    subject: str
    subject_id: int
    mark: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What carrying out a list came to."""

    emptied: int
    known: int
    """Rows that were emptied before."""
    absent: int
    """Rows that this database does not have, or has of another origin."""
    letters: tuple[int, ...]


class NotAList(ValueError):
    """A text is not a list of erasures."""


def lines(engine: Engine) -> tuple[Line, ...]:
    """Returns the list of what was erased in a database."""
    with reading(engine) as session:
        rows = session.scalars(select(Erased).order_by(Erased.id))
        return tuple(Line(subject=r.subject, subject_id=r.subject_id, mark=r.mark, at=r.at) for r in rows)


def dump(of: Iterable[Line]) -> str:
    """Returns a list as JSON text."""
    rows = [
        {"subject": each.subject, "id": each.subject_id, "mark": each.mark, "at": each.at.isoformat()}
        for each in of
    ]
    return json.dumps({"format": FORMAT, "erased": rows}, indent=1)


def read_list(said: str) -> tuple[Line, ...]:
    """Returns the list that a text holds.

    Raises:
        NotAList: it is none, or of a format that this version does not know.
    """
    try:
        found = json.loads(said)
        if found["format"] != FORMAT:
            raise NotAList(str(found["format"]))
        return tuple(
            Line(
                subject=str(row["subject"]),
                subject_id=int(row["id"]),
                mark=str(row["mark"]),
                at=datetime.fromisoformat(row["at"]),
            )
            for row in found["erased"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotAList(str(error)) from error


def write_list(engine: Engine, *also: Path) -> Path | None:
    """Writes the list beside the backups, readable by its owner only; None without a folder to write it to.

    Args:
        also: further folders in which backups of the database are.
    """
    written = None
    for folder in dict.fromkeys((*_folders(engine), *also)):
        with private.whole(private.folder(folder) / LIST) as part:
            part.write_text(dump(lines(engine)), "utf-8")
        written = written or folder / LIST
    return written


def _folders(engine: Engine) -> Iterator[Path]:
    """The folder beside a SQLite database, and the one that backups go to, which is to be another disk."""
    database = engine.url.database if engine.dialect.name == "sqlite" else None
    if database and database != ":memory:":
        yield Path(database).parent / FOLDER
    kept = from_environment().backups.folder
    if kept is not None and kept.is_dir():
        yield kept


def replay(engine: Engine, of: Iterable[Line], now: datetime | None = None) -> Replayed:
    """Empties in a restored database what the list names, in one transaction, then sweeps its files.

    A row of the same number that was made at another moment is left alone.
    """
    moment, actor = now or datetime.now(UTC), standing().actor
    known = absent = 0
    with writing(engine) as session:
        number = latest_id(session)
        if number is None:
            return Replayed(emptied=0, known=0, absent=len(tuple(of)), letters=())
        hold(session)
        current = live(session, number)
        emptying = Emptying(session=session, live=current, actor=actor, now=moment, erasure_id=None)
        subject = current.schema.subject()
        renamed = current.schema.past.renamed.get("records", {})
        wanted: list[tuple[str, int]] = []
        for line in of:
            called = renamed.get(line.subject, line.subject)
            made = made_at(emptying, called, line.subject_id)
            if is_emptied(session, called, line.subject_id):
                known += 1
            elif made is None or line.mark not in (
                mark_of(called, line.subject_id, made),
                mark_of(line.subject, line.subject_id, made),
            ):
                absent += 1
            else:
                wanted.append((called, line.subject_id))
        cases = [key for each, key in wanted if each == "case"]
        carry_out(emptying, cases, [key for each, key in wanted if each == subject])
        _rest(emptying, wanted)
        forget_emptied(emptying)
        if emptying.emptied:
            said = {"rows": len(emptying.emptied)}
            record(
                session, actor=actor, now=moment, kind="erasures-replayed", subject="erasure",
                subject_id=0, data=said,
            )  # fmt: skip
    sweep(engine, frozenset(emptying.traces))
    return Replayed(
        emptied=len(emptying.emptied), known=known, absent=absent, letters=tuple(emptying.letters)
    )


def after_restore(engine: Engine, since: Since) -> int:
    """Empties in a restored database what was erased after its backup was made; returns how many rows.

    What was erased is known from the list beside the backup, and from the database before while it is there.
    """
    known = dict.fromkeys((*_listed(since.backups / LIST), *_before(engine, since.before)))
    return replay(engine, known, since.now).emptied if known else 0


def _listed(file: Path) -> tuple[Line, ...]:
    return read_list(file.read_text("utf-8")) if file.is_file() else ()


def _before(engine: Engine, before: str) -> tuple[Line, ...]:
    """The list of the database before: a file, or a schema of the restored one."""
    if not before:
        return ()
    if engine.dialect.name == "sqlite":
        source = engine_of(f"sqlite:///{before}")
    else:
        source = engine.execution_options(schema_translate_map={None: before})
    try:
        return lines(source)
    except DBAPIError:
        return ()  # what is put aside may be broken, or older than erasures
    finally:
        if source.dialect.name == "sqlite":
            source.dispose()


def _rest(emptying: Emptying, wanted: Iterable[tuple[str, int]]) -> None:
    """Records that were emptied with a case or resident then, and are not reached from it now."""
    for subject, key in wanted:
        if subject == PHOTO:
            empty_photo(emptying.session, key, emptying.now, None, "consent")
        elif subject != "case" and not is_emptied(emptying.session, subject, key):
            empty_record(emptying, subject, key)


@dataclass(frozen=True, kw_only=True)
class OldBackup:
    """A backup made before the newest erasure: it holds what was erased."""

    file: Path
    at: datetime
    erased_since: int
    """How many rows were erased after it was made."""
    remakable: bool
    """True for a plain copy of a SQLite database; an encrypted one can only be removed and made anew."""


def old_backups(engine: Engine) -> tuple[OldBackup, ...]:
    """Returns the backups beside a SQLite database that were made before something was erased."""
    return tuple(_old_backups(engine))


def _old_backups(engine: Engine) -> Iterator[OldBackup]:
    database = engine.url.database if engine.dialect.name == "sqlite" else None
    if not database or database == ":memory:":
        return
    moments = [line.at for line in lines(engine)]
    folder = Path(database).parent / FOLDER
    for file in sorted(folder.glob(f"{Path(database).stem}-release-*")):
        at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        since = sum(each > at for each in moments)
        if since and file.suffix != ".part":
            yield OldBackup(file=file, at=at, erased_since=since, remakable=file.suffix == ".db")


def remake(engine: Engine, backup: OldBackup, now: datetime | None = None) -> Swept:
    """Carries out the list on a backup and puts the result in its place.

    Raises:
        OSError: it cannot be written.
        SQLAlchemyError: it cannot be read.
    """
    work = backup.file.with_name(f"{backup.file.name}.remake")
    work.unlink(missing_ok=True)
    # Nobody writes to a backup, so a plain copy of it is one state.
    shutil.copyfile(backup.file, work)
    work.chmod(0o600)
    made = engine_of(f"sqlite:///{work}")
    try:
        # Whoever asked for it is told as its doer; nothing of the backup is shown to them.
        with acting(replace(standing().actor, everything=True)):
            prepare(made)
            replay(made, lines(engine), now)
            swept = sweep(made)
    finally:
        made.dispose()
    for end in ("-wal", "-shm"):
        work.with_name(f"{work.name}{end}").unlink(missing_ok=True)
        backup.file.with_name(f"{backup.file.name}{end}").unlink(missing_ok=True)
    work.rename(backup.file)
    last = max(line.at for line in lines(engine)).timestamp() + 1
    os.utime(backup.file, (last, last))
    return swept
