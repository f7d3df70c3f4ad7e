"""Last Release, YAML now -> Plan: what would change, in sentences, and what cannot be applied yet.

Pure: it reads no file, no clock and no database, and gives the same bytes for the same input.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal import changes
from portal.changes import Change
from portal.plan.carry import carried, kept_templates
from portal.plan.compare import SECTIONS, everything, schemas, templates
from portal.schema import Schema
from portal.words import say

__all__ = [
    "SECTIONS",
    "Plan",
    "as_json",
    "carried",
    "diff",
    "fingerprint",
    "from_json",
    "kept_templates",
    "text",
]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What applying the YAML would do."""

    changes: tuple[Change, ...]
    refused: tuple[Change, ...]
    digest: str
    """Bound to both states, to what changes and to what the caller names: when any moves, the digest does."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to apply and nothing to refuse."""
        return not self.changes and not self.refused


def fingerprint(schema: Schema | None, templates: Mapping[str, str]) -> str:
    """Returns the SHA-256 of one whole state: schema and letter files."""
    state = [schema.canonical() if schema else None, sorted(templates.items())]
    return hashlib.sha256(json.dumps(state, ensure_ascii=False).encode()).hexdigest()


def diff(
    before: Schema | None,
    after: Schema,
    *,
    templates_before: Mapping[str, str],
    templates_after: Mapping[str, str],
    bound: tuple[str, ...] = (),
) -> Plan:
    """Returns the plan from one state to another; `before` is None where nothing was ever applied.

    Args:
        bound: what else the digest is bound to, such as the last Release and the version of the program.
    """
    after = carried(before, after)
    found = list(schemas(before, after)) if before else list(everything(after))
    found += templates(templates_before, templates_after)
    told = json.dumps([changes.as_json(change) for change in found], ensure_ascii=False)
    states = (fingerprint(before, templates_before), fingerprint(after, templates_after), told, *bound)
    return Plan(
        changes=tuple(change for change in found if not change.refused),
        refused=tuple(change for change in found if change.refused),
        digest=hashlib.sha256("\n".join(states).encode()).hexdigest(),
    )


def text(plan: Plan) -> str:
    """Returns the plan as lines in the reader's language, ending with its digest."""
    lines = [line for change in plan.changes for line in change.lines()]
    if plan.refused:
        lines += [say("plan-refused"), *(line for change in plan.refused for line in change.lines())]
    if plan.empty:
        return say("plan-nothing") + "\n"
    lines.append(say("plan-count", changes=len(plan.changes), refused=len(plan.refused)))
    lines.append(say("plan-digest", digest=plan.digest))
    return "\n".join(lines) + "\n"


def as_json(plan: Plan) -> dict[str, Any]:
    """Returns the plan as JSON data without words, so that any reader's language can say it."""
    return {
        "digest": plan.digest,
        "changes": [changes.as_json(change) for change in plan.changes],
        "refused": [changes.as_json(change) for change in plan.refused],
    }


def from_json(data: Mapping[str, Any]) -> Plan:
    """Returns the plan of what `as_json` gave, such as a Release keeps."""
    return Plan(
        changes=tuple(changes.from_json(each) for each in data["changes"]),
        refused=tuple(changes.from_json(each) for each in data["refused"]),
        digest=data["digest"],
    )
