"""The steps of an SOP in the words of a sheet: papers, results, time limits, where each one leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.conditions import sentence
from portal.fields import FieldType, Unreadable
from portal.models import lists_of
from portal.schema import Schema, Sop
from portal.sheets.base import role_label
from portal.steps import (
    AnyStep,
    ApprovalStep,
    CheckStep,
    DecisionStep,
    DocumentNeed,
    LetterStep,
    ParallelStep,
    ReferralStep,
    VisitStep,
    WaitStep,
)
from portal.words import say
from portal.worktime import in_words

MOST_FIELDS = 4
"""So many answers of a form are named as its result."""


def numbers(sop: Sop) -> Mapping[str, int]:
    """Returns the number of each step on paper."""
    return {key: number for number, key in enumerate(sop.steps, 1)}


def needed(schema: Schema, step: AnyStep) -> tuple[str, ...]:
    """Returns what has to be at hand for a step: its papers and the register that it looks into."""
    register = schema.known.registers.get(step.source) if isinstance(step, CheckStep) else None
    found = [paper(schema, key, rule) for key, rule in step.documents.items()]
    return (*found, *((register.label,) if register else ()))


def paper(schema: Schema, key: str, rule: DocumentNeed) -> str:
    """Returns the name of a document, with when it need not be there."""
    known = schema.known.documents.get(key)
    label = known.label if known else key
    notes = (
        [] if rule.required else [say("sheet-paper-when" if rule.required_when else "sheet-paper-optional")]
    )
    notes += [say("sheet-paper-follows")] if rule.may_follow else []
    return f"{label} ({', '.join(notes)})" if notes else label


def limit(step: AnyStep) -> str:
    """Returns the time of a step."""
    if step.automatic:
        return say("sheet-automatic")
    return in_words(step.within) if step.within else ""


def output(schema: Schema, sop: Sop, key: str) -> str:
    """Returns what comes of a step: as the YAML says, else what its kind leaves behind."""
    step, known = sop.steps[key], schema.known
    if step.output:
        return step.output
    if isinstance(step, LetterStep | ReferralStep):
        return known.letters[step.letter].label if step.letter in known.letters else step.letter
    if isinstance(step, VisitStep) and step.record in known.records:
        return known.records[str(step.record)].label
    if isinstance(step, WaitStep):
        return say(f"sheet-result-wait-{step.waits_for}")
    if step.type in ("check", "approval", "decision", "documents", "outcome", "visit"):
        return say(f"sheet-result-{step.type}")
    said = [say("sheet-result-first")] if key == sop.first() else []
    return "; ".join((*said, *_answers(step)))


def _answers(step: AnyStep) -> Iterator[str]:
    labels = [each.label.rstrip("?") for each in step.fields.values()]
    if labels:
        more = say("sheet-and-more") if len(labels) > MOST_FIELDS else ""
        yield say("sheet-result-form", fields=", ".join(labels[:MOST_FIELDS]) + more)


def notes(schema: Schema, sop: Sop, key: str) -> tuple[str, ...]:
    """Returns what else the form says of a step: where it leads, what it waits for, who is told."""
    return (*ways(schema, sop, key), *_times(sop.steps[key]), *_told(schema, sop.steps[key]))


def ways(schema: Schema, sop: Sop, key: str) -> tuple[str, ...]:
    """Returns where a step leads, in words; nothing when the next in order simply follows."""
    step, at = sop.steps[key], numbers(sop)
    if isinstance(step, DecisionStep):
        return (*_branches(schema, sop, step), say("sheet-otherwise", number=at[step.otherwise]))
    if isinstance(step, ParallelStep):
        first = ", ".join(str(at[each]) for each in step.branches)
        return (say(f"sheet-parallel-{step.join}", steps=first, number=at[step.go]),)
    back = (say("sheet-returned", number=at[step.returned]),) if isinstance(step, ApprovalStep) else ()
    on = (say("sheet-goes", number=at[step.go]),) if step.go and step.go != sop.after(key) else ()
    return (*back, *on, *((say("sheet-ends"),) if step.final else ()))


def _branches(schema: Schema, sop: Sop, step: DecisionStep) -> Iterator[str]:
    """Yields the branches of a decision; those that lead to one step stand together."""
    at, why = numbers(sop), dict[str, list[str]]()
    for each in step.choose:
        said = each.says or sentence(each.when, _Labels(schema, sop).label, _Labels(schema, sop).show)
        why.setdefault(each.go, []).append(said.rstrip("."))
    for to, reasons in why.items():
        yield say("sheet-branch", why="; ".join(dict.fromkeys(reasons)), number=at[to])


def _times(step: AnyStep) -> Iterator[str]:
    if isinstance(step, ReferralStep) and step.reply_within:
        yield say("sheet-reply", within=in_words(step.reply_within))
    if isinstance(step, CheckStep) and step.stale_after:
        yield say("sheet-stale", within=in_words(step.stale_after))


def _told(schema: Schema, step: AnyStep) -> Iterator[str]:
    if step.escalate:
        yield say("sheet-late", roles=", ".join(role_label(schema, each) for each in step.escalate))


class _Labels:
    """What people call the paths and values of a condition."""

    def __init__(self, schema: Schema, sop: Sop) -> None:
        self.schema, self.sop, self.lists = schema, sop, lists_of(schema)

    def _field(self, path: str) -> FieldType | None:
        root, _, name = path.partition(".")
        if root == "resident":
            return self.schema.records[self.schema.subject()].fields.get(name)
        checks = [each for each in self.sop.steps.values() if isinstance(each, CheckStep)]
        steps = checks if root == "registry" else [self.sop.steps[root]] if root in self.sop.steps else []
        return next((found for each in steps if (found := each.answer_fields(self.lists).get(name))), None)

    def label(self, path: str) -> str:
        """Returns the name of what a path names."""
        field = self._field(path)
        return field.label if field else path.partition(".")[2].replace("_", " ")

    def show(self, path: str, raw: str) -> str:
        """Returns a value as people read it."""
        field = self._field(path)
        try:
            return field.show(field.parse(raw)) if field else raw
        except Unreadable:
            return raw
