"""Every command of the portal; to add one: copy a file of this folder, name it in the list below."""

from __future__ import annotations

from portal.cli import (
    change,
    check,
    deadline,
    eligible,
    erasure,
    history,
    letter,
    move,
    prune,
    retention,
    rollback,
    seed,
    serve,
    simulate,
    user,
)
from portal.cli.parser import Parser
from portal.words import say

GROUPS = (
    check.add,
    change.add,
    history.add,
    rollback.add,
    move.add,
    simulate.add,
    prune.add,
    retention.add,
    erasure.add,
    serve.add,
    letter.add,
    user.add,
    seed.add,
    deadline.add,
    eligible.add,
)
"""What each file adds, in the order of the help."""


def tree() -> Parser:
    """Returns the parser of the whole command line, in the reader's language."""
    made = Parser(prog="portal", description=say("help-portal"), branches=True)
    for add in GROUPS:
        add(made)
    return made
