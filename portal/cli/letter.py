"""`portal letter`: an issued letter as it was printed, a draft of one to come, or a made-up example."""

from __future__ import annotations

import webbrowser
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from sqlalchemy import Engine, select

from portal import accesslog, letters, press, templating
from portal.cli import exits, proof
from portal.cli.database import released
from portal.cli.failure import Failure
from portal.cli.folder import checked
from portal.cli.known import refuse_unknown
from portal.cli.output import complain, hand_over, tell, working
from portal.cli.parser import Parser
from portal.database import reading, writing
from portal.letters.draft import draft
from portal.letters.example import Kind, example
from portal.releases import Live, live
from portal.settings import Settings
from portal.tables import Case, IssuedLetter
from portal.wall import standing
from portal.words import say

STANDARD_OUTPUT = "-"


def add(tree: Parser) -> None:
    """Adds `letter`."""
    letter = tree.command("letter")
    letter.arguments.add_argument("name", metavar="NAME", help=say("help-letter-name"))
    letter.arguments.add_argument("case", metavar="CASE", nargs="?", help=say("help-letter-case"))
    options = letter.choices
    for case in get_args(Kind):
        options.add_argument(
            f"--{case}", dest="example", action="store_const", const=case, help=say(f"help-letter-{case}")
        )
    options.add_argument("--open", action="store_true", help=say("help-letter-open"))
    options.add_argument("-o", dest="file", metavar="FILE", help=say("help-letter-file"))
    options.add_argument("--keys", metavar="FILE", help=say("help-letter-keys"))
    options.add_argument("--new", action="store_true", help=say("help-letter-new"))
    options.add_argument("--html", action="store_true", help=say("help-letter-html"))
    letter.set_defaults(run=_letter)


@dataclass(frozen=True, kw_only=True)
class _Made:
    """A letter as bytes, and what to say about it."""

    data: bytes
    slug: str
    notes: tuple[str, ...] = ()
    number: str = ""


def _letter(typed: Namespace, settings: Settings) -> int:
    if typed.name in proof.ACTS:
        return proof.ACTS[typed.name](typed, settings)
    if (typed.example is None) == (typed.case is None):
        typed.parser.error(say("usage-case-or-example"))
    with working(say("command-printing", letter=typed.name)):
        made = _of_folder(typed, settings) if typed.example else _of_case(typed, settings)
    for note in made.notes:
        complain(note)
    if typed.file == STANDARD_OUTPUT:
        hand_over(made.data)
        return exits.OK
    file = Path(typed.file or f"{typed.name}.{'html' if typed.html else 'pdf'}")
    file.write_bytes(made.data)
    tell(say(made.slug, letter=typed.name, case=typed.case or "", number=made.number, file=file.as_posix()))
    if typed.open and not webbrowser.open(file.resolve().as_uri()):
        complain(say("command-letter-not-opened", file=file.as_posix()))
    return exits.OK


def _of_folder(typed: Namespace, settings: Settings) -> _Made:
    schema = checked(settings).schema
    refuse_unknown("command-letter-unknown", typed.name, schema.letters)
    data = letters.restored(example(schema, typed.name, typed.example))
    env = templating.environment(settings.letters)
    html = templating.render(env, schema.letters[typed.name].template, data)
    if typed.html:
        return _Made(data=html.encode(), slug="command-letter-example")
    return _printed(press.pdf(html, assets=settings.letters), "command-letter-example")


def _of_case(typed: Namespace, settings: Settings) -> _Made:
    with released(settings) as (engine, newest):
        with reading(engine) as session:
            case = session.scalar(select(Case).where(Case.number == typed.case))
            if case is None:
                raise Failure("command-case-unknown", code=exits.USAGE, case=typed.case)
            issued = session.scalar(
                select(IssuedLetter)
                .where(IssuedLetter.case_id == case.id, IssuedLetter.letter == typed.name)
                .order_by(IssuedLetter.id.desc())
                .limit(1)
            )
            if issued is None:
                refuse_unknown("command-letter-unknown", typed.name, newest.schema.letters)
                data = draft(session, newest, case, typed.name, now=datetime.now(UTC))
        _note(engine, case, newest.schema.subject())
        if issued is not None:
            return _issued(engine, issued, html=typed.html)
        return _draft(newest, typed.name, data, html=typed.html)


def _note(engine: Engine, case: Case, subject: str) -> None:
    """Writes down that a letter of a case was read, before it is; the machine's operator has no account."""
    shown = {"case": (case.id,), subject: (case.resident_id,) if case.resident_id else ()}
    with writing(engine) as session:
        accesslog.note(
            session,
            actor=standing().actor,
            now=datetime.now(UTC),
            page="portal letter",
            shown=shown,
            fields={kind: {"letter": "plain"} for kind in shown},
        )


def _issued(engine: Engine, issued: IssuedLetter, *, html: bool) -> _Made:
    number = issued.number or ""
    slug = "command-letter-issued" if number else "command-letter-unnumbered"
    if not html:
        return _Made(data=letters.pdf_of(engine, issued.id), slug=slug, number=number)
    with reading(engine) as session:
        then = live(session, issued.release_id)
    text = letters.html(then.templates, then.schema.letters[issued.letter].template, issued.data)
    return _Made(data=text.encode(), slug=slug, number=number)


def _draft(newest: Live, name: str, data: Mapping[str, Any], *, html: bool) -> _Made:
    template = newest.schema.letters[name].template
    if html:
        text = letters.html(newest.templates, template, data)
        return _Made(data=text.encode(), slug="command-letter-draft")
    return _printed(letters.print_pdf(newest.templates, template, data), "command-letter-draft")


def _printed(printed: press.Printed, slug: str) -> _Made:
    notes = list(printed.warnings)
    if printed.missing:
        notes.append(say("letter-print-missing", characters=printed.missing))
    return _Made(data=printed.data, slug=slug, notes=tuple(notes))
