"""The documents of a case: what a step asks for, where each stands."""

from __future__ import annotations

from collections.abc import Mapping

from portal.cases.base import At, Needed, Paper, event
from portal.conditions import evaluate
from portal.facts import documents_of, lookup
from portal.releases import sop_version
from portal.steps import DocumentRule, Lookup, StepType
from portal.tables import Case, CaseDocument


def needed(at: At, case: Case, step: StepType) -> tuple[Needed, ...]:
    """Returns the documents that a step asks for: its own, and the programme's where it has a checklist."""
    sop = sop_version(at.session, case.sop_version_id)
    noted = documents_of(at.session, case)
    find = lookup(at.session, at.live, case, sop, at.now)
    return tuple(
        Needed(
            document=key,
            required=rule.required or _is_required(rule, find),
            may_follow=rule.may_follow or case.priority == "emergency",
            paper=noted.get(key),
        )
        for key, rule in step.documents.items()
    )


def _is_required(rule: DocumentRule, find: Lookup) -> bool:
    return rule.required_when is not None and evaluate(rule.required_when, find).answer == "yes"


def note_papers(at: At, case: Case, papers: Mapping[str, Paper]) -> None:
    """Notes where documents stand; one not named stays as it was, one that nobody knows is left out."""
    noted = documents_of(at.session, case)
    steps = sop_version(at.session, case.sop_version_id).steps.values()
    known = set(at.live.schema.documents).union(*(step.documents for step in steps))
    changed = {}
    for key, paper in papers.items():
        if key not in known:
            continue
        row = noted.get(key)
        if row is None:
            row = CaseDocument(case_id=case.id, document=key, state=paper.state)
            at.session.add(row)
        elif (row.state, row.follow_by, row.note) == (paper.state, paper.follow_by, paper.note):
            continue
        row.state, row.follow_by, row.note = paper.state, paper.follow_by, paper.note
        changed[key] = paper.state
    if changed:
        at.session.flush()
        event(at, case, "documents-noted", {"documents": changed})
