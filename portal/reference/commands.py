"""The page of commands: what the command line says of itself in English."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from portal.cli.parser import Parser
from portal.cli.tree import tree
from portal.reference.page import NOTE
from portal.words import speaking

_INTRODUCTION = """\
# Commands

What `portal --help` says, and each command after it; `--language id` says it in Indonesian.
"""
_WIDTH = "100"


def commands() -> str:
    """Returns the page of every command."""
    with speaking("en"), _screen(_WIDTH):
        return NOTE + _INTRODUCTION + "".join(_sections(tree()))


def _sections(parser: Parser) -> Iterator[str]:
    yield f"\n## {parser.prog}\n\n```text\n{parser.format_help().rstrip()}\n```\n"
    for inner in parser.commands.choices.values() if hasattr(parser, "commands") else ():
        assert isinstance(inner, Parser)
        yield from _sections(inner)


@contextmanager
def _screen(width: str) -> Iterator[None]:
    """Makes argparse wrap at a width, whatever terminal the page is made in."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = width
    try:
        yield
    finally:
        del os.environ["COLUMNS"]
        if before is not None:
            os.environ["COLUMNS"] = before
