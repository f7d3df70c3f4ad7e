"""Whether time limits and periods of validity can be kept all at once."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import date

from portal.checks.base import Checked, Family, repeated
from portal.checks.flow import ways
from portal.diagnostics import Diagnostic
from portal.document import Path
from portal.schema import Program, Sop
from portal.steps import ReferralStep
from portal.worktime import Duration, in_words


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields limits that contradict each other and periods that end before they start."""
    for key, sop in checked.schema.sops.items():
        if sop.total_within is not None:
            yield from _total(checked, key, sop, sop.total_within)
        yield from _replies(checked, key, sop)
    yield from _validity(checked)
    yield from _priorities(checked)


def _priorities(checked: Checked) -> Iterator[Diagnostic]:
    limits = [(key, str(each.within)) for key, each in checked.schema.priorities.items() if each.within]
    for key, _, first in repeated(limits):
        within = checked.schema.priorities[key].within
        assert within is not None
        path: Path = ("priorities", key, "within")
        yield checked.warn("deadline-duplicate", path, name=key, first=first, within=in_words(within))


def _total(checked: Checked, key: str, sop: Sop, total: Duration) -> Iterator[Diagnostic]:
    longer = False
    for step_id, step in sop.steps.items():
        if step.within is not None and step.within.unit == total.unit and step.within.amount > total.amount:
            longer = True
            path = ("sops", key, "steps", step_id, "within")
            yield checked.wrong(
                "step-longer-than-total",
                path,
                step=step_id,
                within=in_words(step.within),
                total=in_words(total),
            )
    shortest = _shortest(sop, total)
    if not longer and shortest is not None and shortest > total.amount:
        needed = in_words(Duration(amount=shortest, unit=total.unit))
        yield checked.wrong(
            "total-too-short", ("sops", key, "total_within"), total=in_words(total), needed=needed
        )


def _shortest(sop: Sop, total: Duration) -> int | None:
    """Returns the least time from the first step to an outcome, of the limits in the total's unit."""
    forward, cost = ways(sop), {}
    for key, step in sop.steps.items():
        same = step.within is not None and step.within.unit == total.unit
        cost[key] = step.within.amount if same and step.within is not None else 0
    waiting, done = [(cost[sop.first()], sop.first())], set()
    while waiting:
        spent, key = heapq.heappop(waiting)
        if sop.steps[key].final:
            return spent
        if key not in done:
            done.add(key)
            for way in forward[key]:
                heapq.heappush(waiting, (spent + cost[way], way))
    return None


def _replies(checked: Checked, key: str, sop: Sop) -> Iterator[Diagnostic]:
    for step_id, step in sop.steps.items():
        if not isinstance(step, ReferralStep) or step.reply_within is None or step.destination is None:
            continue
        destination = checked.schema.destinations.get(step.destination)
        usual = destination.reply_within if destination else None
        if usual and usual.unit == step.reply_within.unit and usual.amount > step.reply_within.amount:
            yield checked.warn(
                "reply-sooner-than-usual",
                ("sops", key, "steps", step_id, "reply_within"),
                destination=step.destination,
                within=in_words(step.reply_within),
                usual=in_words(usual),
            )


def _validity(checked: Checked) -> Iterator[Diagnostic]:
    for key, program in checked.schema.programs.items():
        path: Path = ("programs", key)
        yield from _backwards(checked, path, program.valid_from, program.valid_until)
        yield from _gap(checked, path, program, checked.schema.sops.get(program.sop or ""))
        for rule_id, rule in program.eligibility.items():
            place = (*path, "eligibility", rule_id)
            yield from _backwards(checked, place, rule.valid_from, rule.valid_until)
            if rule.valid_from and program.valid_until and rule.valid_from > program.valid_until:
                yield checked.wrong(
                    "validity-outside", (*place, "valid_from"), rule=rule_id, until=str(program.valid_until)
                )
    for key, sop in checked.schema.sops.items():
        yield from _backwards(checked, ("sops", key), sop.valid_from, sop.valid_until)


def _gap(checked: Checked, path: Path, program: Program, sop: Sop | None) -> Iterator[Diagnostic]:
    """Yields days on which a programme is in force and its SOP is not."""
    if sop is None:
        return
    late = sop.valid_from and (program.valid_from is None or program.valid_from < sop.valid_from)
    early = sop.valid_until and (program.valid_until is None or program.valid_until > sop.valid_until)
    if late or early:
        since, until = str(sop.valid_from or "-"), str(sop.valid_until or "-")
        yield checked.warn("validity-gap", (*path, "sop"), sop=str(program.sop), since=since, until=until)


def _backwards(
    checked: Checked, path: Path, valid_from: date | None, valid_until: date | None
) -> Iterator[Diagnostic]:
    if valid_from and valid_until and valid_from > valid_until:
        yield checked.wrong(
            "validity-backwards", (*path, "valid_until"), since=str(valid_from), until=str(valid_until)
        )


FAMILY = Family(
    run=check,
    codes=(
        "deadline-duplicate",
        "reply-sooner-than-usual",
        "step-longer-than-total",
        "total-too-short",
        "validity-backwards",
        "validity-gap",
        "validity-outside",
    ),
)
