"""Schema -> Diagnostics: what has the right shape and yet cannot work. To add one: copy a file, name it."""

from __future__ import annotations

from portal.checks import (
    clocks,
    conditions,
    flow,
    letters,
    names,
    office,
    parallel,
    programs,
    records,
    references,
    rights,
    roles,
    scenarios,
    sense,
    times,
    work,
)
from portal.checks.base import Checked, Family, Reading
from portal.diagnostics import Diagnostic, in_order
from portal.memory import uncollected

CHECKS: tuple[Family, ...] = (
    references.FAMILY,
    records.FAMILY,
    names.FAMILY,
    roles.FAMILY,
    rights.FAMILY,
    office.FAMILY,
    programs.FAMILY,
    flow.FAMILY,
    work.FAMILY,
    parallel.FAMILY,
    conditions.FAMILY,
    sense.FAMILY,
    times.FAMILY,
    clocks.FAMILY,
    letters.FAMILY,
    scenarios.FAMILY,
)
"""Every check."""

CODES = tuple(sorted(code for family in CHECKS for code in family.codes))
"""The codes of every diagnostic that a check can give."""


def check(reading: Reading) -> tuple[Diagnostic, ...]:
    """Returns everything that is wrong in a schema folder beyond its shape, sorted by place."""
    checked = Checked(reading=reading)
    with uncollected():
        found = [diagnostic for family in CHECKS for diagnostic in family.run(checked)]
    codes = {diagnostic.code for diagnostic in found}
    # What is misspelt in one place is "used nowhere" in another: that is said once.
    return in_order(d for d in found if d.code.replace("-unused", "-unknown") not in codes - {d.code})


__all__ = ["CHECKS", "CODES", "Checked", "Family", "Reading", "check"]
