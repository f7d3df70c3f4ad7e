"""`portal sheet`: an SOP of the newest Release on paper: its form, the service standard, a role's job aid."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import get_args

from portal import sheets
from portal.access import SYSTEM
from portal.cli import exits
from portal.cli.database import released
from portal.cli.failure import Failure
from portal.cli.known import refuse_unknown
from portal.cli.output import hand_over, tell, working
from portal.cli.parser import Parser
from portal.database import reading
from portal.schema import Sop
from portal.settings import Settings
from portal.words import say

STANDARD_OUTPUT = "-"


def add(tree: Parser) -> None:
    """Adds `sheet`."""
    sheet = tree.command("sheet")
    sheet.arguments.add_argument("sop", metavar="SOP", help=say("help-sheet-sop"))
    sheet.arguments.add_argument("kind", metavar="KIND", help=say("help-sheet-kind"))
    sheet.choices.add_argument("--role", metavar="ROLE", default="", help=say("help-sheet-role"))
    sheet.choices.add_argument("--out", metavar="FILE", required=True, help=say("help-sheet-out"))
    sheet.set_defaults(run=_sheet)


def _sheet(typed: Namespace, settings: Settings) -> int:
    with released(settings) as (engine, live):
        refuse_unknown("sheet-sop-unknown", typed.sop, live.schema.sops)
        refuse_unknown("sheet-kind-unknown", typed.kind, get_args(sheets.Kind))
        role = _role(typed, live.schema.sops[typed.sop])
        with reading(engine) as session:
            facts = sheets.facts_of(session, live, typed.sop, sheets.office_of(live.schema, SYSTEM))
    with working(say("command-printing", letter=typed.sop)):
        printed = sheets.sheet_pdf(facts, typed.kind, role)
    if typed.out == STANDARD_OUTPUT:
        hand_over(printed.data)
        return exits.OK
    file = Path(typed.out)
    file.write_bytes(printed.data)
    tell(say("sheet-written", kind=say(f"sheet-{typed.kind}"), sop=typed.sop, file=file.as_posix()))
    return exits.OK


def _role(typed: Namespace, sop: Sop) -> str:
    """Returns whose job aid is wanted; the other sheets are nobody's alone.

    Raises:
        Failure: it is missing, or does not work by the SOP.
    """
    roles = sheets.executors(sop)
    if typed.kind != "aid":
        return ""
    if not typed.role:
        raise Failure("sheet-role-missing", code=exits.USAGE, known=", ".join(roles))
    refuse_unknown("sheet-role-unknown", typed.role, roles)
    return str(typed.role)
