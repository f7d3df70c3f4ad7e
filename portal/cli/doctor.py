"""`portal doctor`: every wrong setting by name, with the remedy; `portal serve` asks it before it starts."""

from __future__ import annotations

import os
from argparse import Namespace
from contextlib import nullcontext
from datetime import UTC, datetime

from portal.cli import exits
from portal.cli.database import is_missing, opened
from portal.cli.failure import Failure
from portal.cli.output import complain, tell, working
from portal.cli.parser import Parser
from portal.settings import Settings
from portal.words import say

HOST = "127.0.0.1"


def add(tree: Parser) -> None:
    """Adds `doctor`."""
    doctor = tree.command("doctor")
    doctor.choices.add_argument(
        "--host", metavar="HOST", default=HOST, help=say("help-doctor-host", host=HOST)
    )
    doctor.set_defaults(run=_doctor)


def _doctor(typed: Namespace, settings: Settings) -> int:
    from portal.doctor import CHECKS, examine, gather

    place = nullcontext(None) if is_missing(settings) else opened(settings)
    with working(say("doctor-looking")), place as engine:
        facts = gather(engine, settings, os.environ, datetime.now(UTC), host=typed.host)
    found = examine(facts)
    tell("\n\n".join(each.sentence() for each in found))
    fatal = sum(each.weight == "fatal" for each in found)
    if not found:
        tell(say("doctor-well", count=len(CHECKS)))
        return exits.OK
    tell("\n" + say("doctor-sum", count=len(CHECKS), fatal=fatal, warn=len(found) - fatal))
    return exits.REFUSED if fatal else exits.MISTAKES


def refuse_fatal(settings: Settings, host: str) -> None:
    """Ends the command where something is wrong with which no office should be served.

    Raises:
        Failure: something is; each was named.
    """
    from portal.doctor import examine, gather

    if os.environ.get("PORTAL_DEMO") == "1":
        return
    with opened(settings) as engine:
        facts = gather(engine, settings, os.environ, datetime.now(UTC), host=host, thorough=False)
    fatal = [each for each in examine(facts) if each.weight == "fatal"]
    if fatal:
        complain("\n\n".join(each.sentence() for each in fatal))
        raise Failure("command-doctor-refused", code=exits.REFUSED, count=len(fatal))
