"""Every command of the portal; to add one: copy a file of this folder, name it in the list below."""

from __future__ import annotations

from portal.cli import (
    archive,
    audit,
    change,
    check,
    deadline,
    doctor,
    eligible,
    erasure,
    history,
    letter,
    move,
    openapi,
    prune,
    publish,
    retention,
    rollback,
    seed,
    serve,
    sheet,
    simulate,
    sweep,
    user,
    whocan,
    work,
)
from portal.cli.parser import Parser
from portal.words import say

GROUPS = (
    check.add,
    change.add,
    history.add,
    rollback.add,
    publish.add,
    move.add,
    simulate.add,
    prune.add,
    retention.add,
    erasure.add,
    serve.add,
    archive.add,
    doctor.add,
    letter.add,
    sheet.add,
    user.add,
    whocan.add,
    seed.add,
    deadline.add,
    sweep.add,
    work.add,
    eligible.add,
    openapi.add,
    audit.add,
)
"""What each file adds, in the order of the help."""


def tree() -> Parser:
    """Returns the parser of the whole command line, in the reader's language."""
    made = Parser(prog="portal", description=say("help-portal"), branches=True)
    for add in GROUPS:
        add(made)
    return made
