"""`portal simulate`: the scenarios tried on the folder as it is; `apply` does the same before it begins."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator

from portal.cli import exits
from portal.cli.failure import Failure
from portal.cli.folder import Checked, checked
from portal.cli.known import refuse_unknown
from portal.cli.output import complain, tell, working
from portal.cli.parser import Parser
from portal.diagnostics import render_json, render_text
from portal.schema import Schema
from portal.settings import Settings
from portal.simulate import Simulation, Tried, Way, simulate
from portal.words import say


def add(tree: Parser) -> None:
    """Adds `simulate`."""
    command = tree.command("simulate")
    command.arguments.add_argument("sop", metavar="SOP", nargs="?", help=say("help-simulate-sop"))
    command.choices.add_argument("--json", action="store_true", help=say("help-json"))
    command.set_defaults(run=_simulate)


def _simulate(typed: Namespace, settings: Settings) -> int:
    folder = checked(settings)
    if typed.sop is not None:
        refuse_unknown("command-sop-unknown", typed.sop, folder.schema.sops)
    done = _tried(folder, typed.sop)
    tell(_json(done, folder.schema) if typed.json else _text(done, folder.schema))
    return exits.MISTAKES if done.diagnostics else exits.OK


def refuse_failing(folder: Checked) -> None:
    """Does nothing when every scenario of a folder is as expected.

    Raises:
        Failure: one of them is not; all that differ have been told.
    """
    done = _tried(folder, None)
    if done.diagnostics:
        complain(render_text(done.diagnostics))
        failed = sum(1 for each in done.tried if each.diagnostics)
        raise Failure("command-scenarios-failed", code=exits.MISTAKES, failed=failed, count=len(done.tried))


def _tried(folder: Checked, only: str | None) -> Simulation:
    doing = say("command-simulating")
    with working(doing) as note:
        return simulate(
            folder.schema,
            folder.root,
            folder.letters,
            only=only,
            progress=lambda label: note(f"{doing} {label}"),
        )


def _text(done: Simulation, schema: Schema) -> str:
    return "\n".join([*_lines(done, schema), render_text(done.diagnostics) + _count(done)])


def _lines(done: Simulation, schema: Schema) -> Iterator[str]:
    for sop, ways in done.ways.items():
        tried = [each for each in done.tried if each.sop == sop]
        passed = sum(1 for each in tried if not each.diagnostics)
        taken = len(done.taken(sop))
        yield say("simulate-sop", sop=sop, passed=passed, count=len(tried), taken=taken, ways=len(ways))
        yield from (_line(each, schema) for each in tried)
        for way in done.never(sop):
            yield say("simulate-never", step=way.step, target=way.target, why=way.says or _named(way))


def _line(tried: Tried, schema: Schema) -> str:
    slug = "simulate-failed" if tried.diagnostics else "simulate-passed"
    return say(slug, key=tried.key, label=schema.scenarios[tried.key].label)


def _named(way: Way) -> str:
    return say("simulate-way", name=way.name) if way.name.isdigit() else say(f"simulate-way-{way.name}")


def _count(done: Simulation) -> str:
    return say(
        "simulate-count",
        count=len(done.tried),
        passed=sum(1 for each in done.tried if not each.diagnostics),
        ways=sum(map(len, done.ways.values())),
        taken=sum(len(done.taken(sop)) for sop in done.ways),
    )


def _json(done: Simulation, schema: Schema) -> str:
    said = {
        "scenarios": [
            {
                "id": each.key,
                "sop": each.sop,
                "label": schema.scenarios[each.key].label,
                "passed": not each.diagnostics,
            }
            for each in done.tried
        ],
        "sops": [
            {"sop": sop, "ways": len(ways), "never": [_way(way) for way in done.never(sop)]}
            for sop, ways in done.ways.items()
        ],
        "diagnostics": json.loads(render_json(done.diagnostics)),
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def _way(way: Way) -> dict[str, str]:
    return {"step": way.step, "way": way.name, "target": way.target, "says": way.says}
