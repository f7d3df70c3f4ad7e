"""`portal check` and `portal schema`: what is wrong in the YAML, and what it may say."""

from __future__ import annotations

import json
from argparse import Namespace

from portal.cli import exits
from portal.cli.folder import UNREADABLE, diagnose
from portal.cli.output import tell, working
from portal.cli.parser import Parser
from portal.diagnostics import Diagnostic, render_json, render_text, summary
from portal.schema import json_schema
from portal.settings import Settings
from portal.words import say


def add(tree: Parser) -> None:
    """Adds `check` and `schema json`."""
    check = tree.command("check")
    check.choices.add_argument("--json", action="store_true", help=say("help-json"))
    check.set_defaults(run=_check)
    schema = tree.command("schema", branches=True)
    schema.command("json").set_defaults(run=_schema)


def _check(typed: Namespace, settings: Settings) -> int:
    with working(say("command-checking")):
        _, found = diagnose(settings)
    tell(render_json(found) if typed.json else f"{render_text(found)}{summary(found)}")
    return _exit(found)


def _exit(found: tuple[Diagnostic, ...]) -> int:
    errors = {each.code for each in found if each.severity == "error"}
    if errors.intersection(UNREADABLE):
        return exits.USAGE
    return exits.MISTAKES if errors else exits.OK


def _schema(typed: Namespace, settings: Settings) -> int:
    tell(json.dumps(json_schema(), ensure_ascii=False, indent=2))
    return exits.OK
