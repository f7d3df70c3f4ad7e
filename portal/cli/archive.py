"""`portal backup` and `portal restore`: one encrypted file of everything, and the way back from it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from portal.cli import exits
from portal.cli.database import address_of, is_missing, opened, shown
from portal.cli.failure import Failure
from portal.cli.output import complain, tell, working
from portal.cli.parser import Parser
from portal.settings import Settings
from portal.words import say

if TYPE_CHECKING:
    from portal.archive import Manifest


def add(tree: Parser) -> None:
    """Adds `backup`, `backup keygen` and `restore`."""
    backup = tree.command("backup", branches=True)
    backup.choices.add_argument("--to", metavar="DIR", type=Path, help=say("help-backup-to"))
    backup.choices.add_argument("--recipient", metavar="KEY", default="", help=say("help-backup-recipient"))
    backup.set_defaults(run=_backup)
    keygen = backup.command("keygen")
    keygen.arguments.add_argument("file", metavar="FILE", type=Path, help=say("help-backup-keygen-file"))
    keygen.set_defaults(run=_keygen)
    restore = tree.command("restore")
    restore.arguments.add_argument("file", metavar="FILE", type=Path, help=say("help-restore-file"))
    restore.choices.add_argument(
        "--key", metavar="FILE", type=Path, required=True, help=say("help-restore-key")
    )
    restore.choices.add_argument("--drill", action="store_true", help=say("help-restore-drill"))
    restore.choices.add_argument("--confirm", metavar="NAME", default="", help=say("help-restore-confirm"))
    restore.set_defaults(run=_restore)


@contextmanager
def _told() -> Iterator[None]:
    """Ends the command with the words of what cannot be backed up or restored."""
    from portal.archive import NotArchived
    from portal.duties.replay import LIST, NotAList

    try:
        yield
    except NotAList as error:
        raise Failure("erasure-list-malformed", code=exits.USAGE, file=LIST) from error
    except NotArchived as error:
        raise Failure(error.slug, code=exits.ENVIRONMENT, **error.values) from error


def _backup(typed: Namespace, settings: Settings) -> int:
    from sqlalchemy.exc import DBAPIError

    from portal.archive import make
    from portal.duties.replay import lines, write_list

    if is_missing(settings):
        raise Failure("command-no-release", database=shown(settings))
    with _told(), opened(settings) as engine, working(say("backup-making")):
        made = make(engine, settings.backups, datetime.now(UTC), folder=typed.to, recipient=typed.recipient)
        with suppress(DBAPIError):  # tables that wait for `portal apply` may be older than erasures
            if lines(engine):
                write_list(engine, made.file.parent)
    tell(say("backup-made", file=made.file.as_posix(), size=_size(made.file.stat().st_size)))
    tell(_holds(made.manifest))
    if made.removed:
        tell(say("backup-removed", files=", ".join(path.name for path in made.removed)))
    if made.manifest.broken_at is not None:
        complain(say("backup-chain-broken", event=made.manifest.broken_at))
    return exits.OK


def _holds(manifest: Manifest) -> str:
    tables = sum(1 for rows in manifest.counts.values() if rows)
    return say(
        "backup-holds",
        release=manifest.release,
        rows=manifest.rows,
        tables=tables,
        at=manifest.made_at.astimezone().isoformat(timespec="seconds"),
        program=manifest.program,
    )


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MB"


def _keygen(typed: Namespace, settings: Settings) -> int:
    from portal.archive import generate

    with _told():
        made = generate(typed.file, datetime.now(UTC))
    tell(say("backup-keygen-made", file=made.file.as_posix(), recipient=made.recipient))
    tell(say("backup-keygen-keep", recipient=made.recipient))
    return exits.OK


def _restore(typed: Namespace, settings: Settings) -> int:
    from portal.archive import identity_of

    address, now = address_of(settings), datetime.now(UTC)
    with _told():
        identity = identity_of(typed.key)
        if typed.drill:
            return _drill(typed.file, identity, settings, now)
        from portal.archive import restore
        from portal.duties.replay import after_restore

        with working(say("restore-going")):
            done = restore(
                typed.file,
                identity,
                address,
                now,
                confirmed=typed.confirm,
                replays=(after_restore,),
                secret=settings.secret_file,
            )
    tell(say("restore-done", database=shown(settings)))
    tell(_holds(done.manifest))
    if done.aside:
        tell(say("restore-aside", aside=done.aside))
    for before, place in done.beside:
        tell(say("restore-beside", before=before, place=place.as_posix()))
    if done.replayed:
        tell(say("restore-replayed", count=done.replayed))
    tell(say("restore-next"))
    if done.manifest.broken_at is not None:
        complain(say("backup-chain-broken", event=done.manifest.broken_at))
    return exits.OK


def _drill(file: Path, identity: object, settings: Settings, now: datetime) -> int:
    from portal import drill

    with working(say("drill-going")):
        done = drill.drill(file, identity, address_of(settings), now)
    drill.note(file.parent, file, done, now)
    tell(_holds(done.manifest))
    tell("\n".join(fault.sentence() for fault in done.faults))
    slug = "drill-failed" if done.faults else "drill-done"
    tell(say(slug, faults=len(done.faults), pages=done.pages, seconds=f"{done.seconds:.0f}"))
    return exits.MISTAKES if done.faults else exits.OK
