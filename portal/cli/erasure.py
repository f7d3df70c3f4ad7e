"""`portal erasure`: the files after an erasure, its list for a restored database, and older backups."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from portal.cli import exits
from portal.cli.database import released
from portal.cli.failure import Failure
from portal.cli.output import tell
from portal.cli.parser import Parser
from portal.database import writing
from portal.settings import Settings
from portal.words import say


def add(tree: Parser) -> None:
    """Adds `erasure sweep`, `export`, `replay` and `backups`."""
    erasure = tree.command("erasure", branches=True)
    erasure.command("sweep").set_defaults(run=_sweep)
    for name, run in (("export", _export), ("replay", _replay)):
        command = erasure.command(name)
        command.arguments.add_argument("file", metavar="FILE", type=Path, help=say("help-erasure-file"))
        command.set_defaults(run=run)
    backups = erasure.command("backups")
    backups.choices.add_argument("--remake", action="store_true", help=say("help-erasure-remake"))
    backups.set_defaults(run=_backups)


def _sweep(typed: Namespace, settings: Settings) -> int:
    from portal.duties.erasure import note_checked
    from portal.duties.replay import write_list
    from portal.duties.sweeping import sweep

    with released(settings) as (engine, _):
        swept = sweep(engine)
        if swept.clean:
            with writing(engine) as session:
                note_checked(session, datetime.now(UTC))
        write_list(engine)
    if swept.busy:
        raise Failure("erasure-busy", code=exits.REFUSED)
    tell(say("erasure-swept") if swept.clean else "")
    tell(say(swept.note) if swept.note else "")
    return exits.OK if swept.clean else exits.REFUSED


def _export(typed: Namespace, settings: Settings) -> int:
    from portal.duties.replay import dump, lines

    with released(settings) as (engine, _):
        found = lines(engine)
    typed.file.write_text(dump(found), encoding="utf-8")
    tell(say("erasure-exported", count=len(found), file=typed.file.as_posix()))
    return exits.OK


def _replay(typed: Namespace, settings: Settings) -> int:
    from portal.duties.replay import NotAList, read_list, replay
    from portal.letters import pdf_of

    try:
        wanted = read_list(typed.file.read_text(encoding="utf-8"))
    except (OSError, NotAList, UnicodeDecodeError) as error:
        raise Failure("erasure-list-malformed", code=exits.USAGE, file=typed.file.as_posix()) from error
    with released(settings) as (engine, _):
        done = replay(engine, wanted)
        for letter in done.letters:
            pdf_of(engine, letter)
    tell(say("erasure-replayed", emptied=done.emptied, known=done.known, absent=done.absent))
    return exits.OK


def _backups(typed: Namespace, settings: Settings) -> int:
    from portal.duties.replay import old_backups, remake

    with released(settings) as (engine, _):
        found = old_backups(engine)
        for each in found:
            if typed.remake and each.remakable:
                remake(engine, each)
                tell(say("erasure-backup-remade", file=each.file.name))
            else:
                tell(say("erasure-backup", file=each.file.name, count=each.erased_since))
    tell(say("erasure-backups-none") if not found else "" if typed.remake else say("erasure-backups-how"))
    return exits.OK
