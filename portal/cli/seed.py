"""`portal seed`: made-up residents and cases by the thousand, for measuring speed."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from datetime import UTC, datetime

from portal.cli import exits
from portal.cli.database import released
from portal.cli.output import tell, working
from portal.cli.parser import Parser
from portal.settings import Settings
from portal.words import say

MOST = 10_000_000
NOW = datetime(2026, 11, 22, tzinfo=UTC)
"""The end of the year in which the cases were opened: always the same, as everything seeded is."""


def add(tree: Parser) -> None:
    """Adds `seed`."""
    seed = tree.command("seed")
    seed.choices.add_argument("--cases", metavar="N", type=_count, required=True, help=say("help-seed-cases"))
    seed.set_defaults(run=_seed)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 0 < int(text) <= MOST):
        raise ArgumentTypeError(say("usage-count", value=text, most=MOST))
    return int(text)


def _seed(typed: Namespace, settings: Settings) -> int:
    from portal.seeding import seed

    making = say("command-seeding")
    with released(settings) as (engine, newest), working(making) as note:

        def tell_share(done: int, total: int) -> None:
            note(f"{making} {done * 100 // total} %")

        added = seed(engine, newest, typed.cases, now=NOW, progress=tell_share)
    tell(say("command-seeded", cases=added.cases, residents=added.residents))
    return exits.OK
