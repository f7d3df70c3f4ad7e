"""`portal eligible`: what a programme's rules say of made-up or real data in a file; nothing is stored."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from portal.cli import exits
from portal.cli.failure import Failure
from portal.cli.folder import checked
from portal.cli.known import refuse_unknown
from portal.cli.output import complain, tell
from portal.cli.parser import Parser
from portal.diagnostics import render_text, summary
from portal.document import plain, read
from portal.eligibility import as_json, screen, text
from portal.facts import today
from portal.settings import Settings
from portal.words import say


def add(tree: Parser) -> None:
    """Adds `eligible`."""
    eligible = tree.command("eligible")
    eligible.arguments.add_argument("program", metavar="PROGRAM", help=say("help-eligible-program"))
    options = eligible.choices
    options.add_argument("--data", metavar="FILE", type=Path, required=True, help=say("help-eligible-data"))
    options.add_argument("--json", action="store_true", help=say("help-json"))
    eligible.set_defaults(run=_eligible)


def _eligible(typed: Namespace, settings: Settings) -> int:
    values = values_of(typed.data)
    schema = checked(settings).schema
    refuse_unknown("command-program-unknown", typed.program, schema.programs)
    screening = screen(schema, typed.program, values, today(schema, datetime.now(UTC)))
    tell(as_json(screening, schema) if typed.json else text(screening, schema))
    return exits.OK


def values_of(file: Path) -> Mapping[str, object]:
    """Returns the nested values of a JSON or YAML file.

    Raises:
        Failure: the file is neither, or holds no values by name.
        OSError: it cannot be read.
    """
    values = _json(file) if file.suffix == ".json" else _yaml(file)
    if not isinstance(values, Mapping):
        raise Failure("command-data-not-mapping", code=exits.USAGE, file=file.as_posix())
    return values


def _json(file: Path) -> object:
    try:
        return json.loads(file.read_bytes())
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise Failure("command-data-json", code=exits.USAGE, file=file.as_posix(), **place) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise Failure("command-file-not-text", code=exits.USAGE, file=file.as_posix()) from error


def _yaml(file: Path) -> object:
    document = read(file.as_posix(), file.read_bytes())
    if document.root is None or any(each.severity == "error" for each in document.diagnostics):
        complain(render_text(document.diagnostics))
        complain(summary(document.diagnostics))
        raise Failure("command-data-yaml", code=exits.USAGE, file=file.as_posix())
    return plain(document.root)
