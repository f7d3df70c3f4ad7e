"""The answers of a step, kept in the row of the case's answers."""

from __future__ import annotations

from collections.abc import Mapping

from portal.cases.base import At
from portal.facts import answers_of
from portal.fields import Value
from portal.models import answer_column, lists_of
from portal.steps import StepType
from portal.tables import Case


def keep(
    at: At, case: Case, step_id: str, step: StepType, answers: Mapping[str, Value]
) -> Mapping[str, object]:
    """Keeps the answers of a step and returns those that it had from an earlier time, as JSON holds them."""
    row, before = answers_of(at.session, at.live, case), {}
    for key, field in step.answer_fields(lists_of(at.live.schema)).items():
        column = answer_column(step_id, key)
        before[key] = field.plain(field.stored(getattr(row, column)))
        setattr(row, column, answers.get(key))
    at.session.flush()
    return before
