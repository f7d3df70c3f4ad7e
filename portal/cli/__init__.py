"""The command line: words typed by a person become one call, and every ending a sentence and an exit code.

One file for each group of commands; `tree` puts them together. Nothing else in the portal prints.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from portal.cli import exits
from portal.cli.failure import Failure, failure_of
from portal.cli.operator import operator
from portal.cli.output import complain, discard_output, tolerate_any_encoding
from portal.cli.settings import language_of, settings_of
from portal.cli.tree import tree
from portal.wall import acting
from portal.words import LANGUAGES, speaking


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; never raises and never shows a traceback unasked."""
    words = tuple(sys.argv[1:] if argv is None else argv)
    tolerate_any_encoding()
    with speaking(language_of(words, os.environ)):
        try:
            code = _run(words)
            sys.stdout.flush()
        except SystemExit as ended:
            return ended.code if isinstance(ended.code, int) else exits.USAGE
        except BrokenPipeError:
            discard_output()
            return exits.PIPE
        except BaseException as error:
            return _ended_by(error)
    return code


def _run(words: Sequence[str]) -> int:
    known, unknown = tree().parse_known_args(words)
    if unknown:
        known.parser.refuse_unknown(unknown)
    if not hasattr(known, "run"):
        return int(known.parser.ask_for_command())
    settings = settings_of(known, os.environ)
    if settings.language not in LANGUAGES:
        raise Failure(
            "command-language-unknown",
            name=settings.language,
            known=", ".join(LANGUAGES),
            code=exits.USAGE,
        )
    with acting(operator(known)):
        return int(known.run(known, settings))


def _ended_by(error: BaseException) -> int:
    failure = failure_of(error)
    if os.environ.get("PORTAL_DEBUG") == "1" and failure is not error:
        complain(failure.trace())
    complain(failure.text())
    return failure.code


__all__ = ["main"]
