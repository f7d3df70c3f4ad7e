"""What a draft would change: the plan from the newest Release, weighed, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from portal.access import SYSTEM
from portal.diagnostics import Diagnostic
from portal.migrate import planned
from portal.plan import Plan
from portal.studio.workbench import Checked, checked
from portal.wall import acting


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What putting a draft in force would do."""

    checked: Checked
    plan: Plan | None
    """None while the draft has errors."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What has to be mended first."""
        return tuple(each for each in self.checked.diagnostics if each.severity == "error")

    @property
    def ready(self) -> bool:
        """Whether it can be put in force as it is."""
        return self.plan is not None and bool(self.plan.changes) and not self.plan.refused


def effect(engine: Engine, files: Mapping[str, str]) -> Effect:
    """Returns what files would change; figures count everything, whoever asks: they name nobody.

    Raises:
        Newer: a newer portal wrote the last Release.
    """
    found = checked(files)
    if found.schema is None:
        return Effect(checked=found, plan=None)
    with acting(SYSTEM):
        return Effect(checked=found, plan=planned(engine, found.schema, found.letters))
