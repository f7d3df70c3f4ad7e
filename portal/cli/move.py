"""`portal move`: running cases to a newer version of their SOP, or one of them back."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Engine, select

from portal.cases import At
from portal.cases.moving import MoveRefused, Moving, Running, judge_all, move_all, moving, undo, versions
from portal.cli import exits
from portal.cli.database import released
from portal.cli.failure import Failure
from portal.cli.known import refuse_unknown
from portal.cli.output import table, tell, working
from portal.cli.parser import Parser
from portal.database import reading, writing
from portal.releases import Live
from portal.settings import Settings
from portal.tables import Case
from portal.wall import standing
from portal.words import say


def add(tree: Parser) -> None:
    """Adds `move`."""
    move = tree.command("move")
    move.arguments.add_argument("sop", metavar="SOP", nargs="?", help=say("help-move-sop"))
    options = move.choices
    options.add_argument("--from", dest="before", metavar="N", type=int, help=say("help-move-from"))
    options.add_argument("--to", dest="after", metavar="N", type=int, help=say("help-move-to"))
    options.add_argument("--dry-run", action="store_true", help=say("help-move-dry-run"))
    options.add_argument(
        "--map", metavar="OLD=NEW", type=_pair, action="append", default=[], help=say("help-move-map")
    )
    options.add_argument("--reason", metavar="TEXT", default="", help=say("help-move-reason"))
    options.add_argument("--undo", metavar="CASE", help=say("help-move-undo"))
    move.set_defaults(run=_move)


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        raise ArgumentTypeError(say("moving-map-malformed", value=text))
    return old.strip(), new.strip()


def _move(typed: Namespace, settings: Settings) -> int:
    if typed.undo is None and (typed.sop is None or typed.before is None):
        raise Failure("moving-asks", code=exits.USAGE)
    try:
        with released(settings) as (engine, live):
            return _undo(engine, live, typed) if typed.undo is not None else _all(engine, live, typed)
    except MoveRefused as refused:
        raise Failure(refused.slug, code=exits.REFUSED, **refused.values) from refused


def _undo(engine: Engine, live: Live, typed: Namespace) -> int:
    with reading(engine) as session:
        case = session.scalar(select(Case.id).where(Case.number == typed.undo))
    if case is None:
        raise Failure("moving-case-unknown", code=exits.USAGE, name=typed.undo)
    with writing(engine) as session:
        at = At(session=session, live=live, actor=standing().actor, now=_now())
        version = undo(at, case, typed.reason)
    tell(say("moving-undone", number=typed.undo, to=version))
    return exits.OK


def _all(engine: Engine, live: Live, typed: Namespace) -> int:
    with reading(engine) as session:
        refuse_unknown("moving-sop-unknown", typed.sop, live.schema.sops)
        after = typed.after or versions(session, typed.sop)[-1].number
        move = moving(session, typed.sop, typed.before, after, dict(typed.map), typed.reason)
    tell("\n".join(_head(live, move)))
    with working(say("moving-working")):
        done = judge_all if typed.dry_run else move_all
        cases = tuple(done(engine, live, standing().actor, _now, move))
    moves = [each for each in cases if each.verdict and each.verdict.moves]
    tell(
        table([_line(move, each) for each in cases])
        if cases
        else say("moving-none-running", before=move.before)
    )
    counts = {"moves": len(moves), "stays": len(cases) - len(moves)}
    tell(say("moving-would", **counts) if typed.dry_run else say("moving-done", after=move.after, **counts))
    return exits.OK if len(moves) == len(cases) else exits.REFUSED


def _head(live: Live, move: Moving) -> Iterator[str]:
    label = move.comparison.after.label
    yield say("moving-title", label=label, sop=move.sop, before=move.before, after=move.after)
    differences = move.comparison.sentences(live.schema)
    yield from (f"  {each}" for each in differences or (say("moving-same"),))
    yield say("moving-running", before=move.before)


def _line(move: Moving, case: Running) -> tuple[str, str, str, str]:
    """Verdict, number, step and reason of one case."""
    before, after = move.comparison.before.steps, move.comparison.after.steps
    label = before[case.step].label if case.step in before else case.step
    if case.verdict is None:
        return f"  {say('moving-acted')}", case.number, label, say("moving-acted-why")
    to = after[case.verdict.step].label if case.verdict.moves else label
    place = label if to == label else say("moving-to-step", step=label, to=to)
    verdict = say("moving-moves" if case.verdict.moves else "moving-stays")
    kind = say(f"moving-kind-{case.verdict.kind}")
    return f"  {verdict}", case.number, place, f"[{kind}] {case.verdict.sentence()}"


def _now() -> datetime:
    return datetime.now(UTC)
