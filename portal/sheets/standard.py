"""The service standard of an SOP in the 14 components of Permenpan 15/2014, delivery and management apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from portal.schema import ServiceStandard
from portal.sheets.base import Facts, head, role_label
from portal.sheets.spoken import paper
from portal.steps import LetterStep, ReferralStep
from portal.words import say
from portal.worktime import in_words

DELIVERY = ("requirements", "procedure", "time", "fee", "product", "complaints")
"""The components of service delivery, which are to be made public."""
MANAGEMENT = (
    "basis",
    "facilities",
    "competence",
    "supervision",
    "staff",
    "guarantee",
    "safety",
    "evaluation",
)
"""The components of how the service is managed inside."""
NOTHING = ServiceStandard()


def standard_values(facts: Facts) -> dict[str, Any]:
    """Returns what the template of the standard prints; an absent fact is empty and filled in by hand."""
    said = {**_declared(facts), **_known(facts)}
    parts = {"delivery": DELIVERY, "management": MANAGEMENT}
    return {
        **head(facts),
        "parts": [
            {
                "label": say(f"sheet-part-{part}"),
                "rows": [
                    {"label": say(f"sheet-component-{each}"), "lines": list(said[each])} for each in names
                ],
            }
            for part, names in parts.items()
        ],
    }


def _declared(facts: Facts) -> dict[str, Sequence[str]]:
    standard = facts.sop.standard or NOTHING
    return {
        name: (text,) if (text := getattr(standard, name)) else () for name in ServiceStandard.model_fields
    }


def _known(facts: Facts) -> dict[str, Sequence[str]]:
    """Returns the components that the SOP itself says."""
    sop = facts.sop
    total = (in_words(sop.total_within),) if sop.total_within else ()
    product = sop.standard.product if sop.standard else None
    return {
        "basis": sop.legal_basis,
        "requirements": tuple(_requirements(facts)),
        "procedure": tuple(_procedure(facts)),
        "time": total,
        "product": (product,) if product else tuple(_letters(facts)),
    }


def _requirements(facts: Facts) -> Iterator[str]:
    """Yields the papers that any step asks for, each once; the first to ask says how."""
    seen: set[str] = set()
    for step in facts.sop.steps.values():
        for key, rule in step.documents.items():
            if key not in seen:
                seen.add(key)
                yield paper(facts.schema, key, rule)


def _procedure(facts: Facts) -> Iterator[str]:
    sop = facts.sop
    for key, step in sop.steps.items():
        if not step.automatic:
            role = sop.role_of(key)
            who = role_label(facts.schema, role) if role else ""
            within = in_words(step.within) if step.within else ""
            about = ", ".join(filter(None, (who, within)))
            yield f"{step.label} ({about})" if about else step.label


def _letters(facts: Facts) -> Iterator[str]:
    """Yields the letters that it issues: what a resident goes home with where nothing else is said."""
    steps = [each for each in facts.sop.steps.values() if isinstance(each, LetterStep | ReferralStep)]
    for key in dict.fromkeys(each.letter for each in steps):
        if key in facts.schema.known.letters:
            yield facts.schema.known.letters[key].label
