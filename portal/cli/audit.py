"""`portal audit`: whether the evidence still holds, and the code of its newest event for the agenda book."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime

from portal import audit
from portal.audit import NoCode
from portal.chain import Finding
from portal.cli import exits
from portal.cli.database import released
from portal.cli.failure import Failure
from portal.cli.output import tell, working
from portal.cli.parser import Parser
from portal.database import reading
from portal.facts import calendar
from portal.releases import Live
from portal.settings import Settings
from portal.words import say
from portal.worktime import moment


def add(tree: Parser) -> None:
    """Adds `audit`."""
    group = tree.command("audit", branches=True)
    verify = group.command("verify")
    verify.choices.add_argument("--anchor", metavar="CODE", default="", help=say("help-audit-verify-anchor"))
    verify.set_defaults(run=_verify)
    group.command("anchor").set_defaults(run=_anchor)


def _verify(typed: Namespace, settings: Settings) -> int:
    with released(settings) as (engine, live), reading(engine) as session, working(say("audit-working")):
        try:
            found = audit.verify(session, code_typed=typed.anchor)
        except NoCode as error:
            raise Failure("audit-no-code", code=exits.USAGE, code_typed=typed.anchor) from error
        made = None if found.findings else audit.anchor(session)
        if made is not None:
            audit.keep(engine, made)
    tell("\n".join(f"! {_sentence(each, live)}" for each in found.findings))
    if found.findings:
        tell(say("audit-some", count=len(found.findings)))
        return exits.MISTAKES
    tell(say("audit-none", events=found.events, reads=found.reads, anchors=found.anchors))
    return exits.OK


def _anchor(typed: Namespace, settings: Settings) -> int:
    with released(settings) as (engine, live), reading(engine) as session:
        made = audit.anchor(session)
        if made is None:
            raise Failure("audit-empty")
        file = audit.keep(engine, made)
    tell(say("audit-anchor", number=made.number, at=_when(made.at, live), code=made.code))
    tell(say("audit-anchor-kept", file=file.as_posix()) if file else "")
    return exits.OK


def _sentence(found: Finding, live: Live) -> str:
    """Names a place and what was done there."""
    slug = f"audit-{found.chain}-{found.kind}"
    at = _when(found.at, live) if found.at else say("audit-unknown-time")
    place = str(found.number) if found.until == found.number else f"{found.number}-{found.until}"
    return say(slug, place=place, at=at)


def _when(at: datetime, live: Live) -> str:
    return moment(at.astimezone(calendar(live.schema).zone))
