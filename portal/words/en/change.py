"""English sentences of one part of the portal: change."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "section-office": "office",
    "section-centres": "centre",
    "section-roles": "role",
    "section-records": "record type",
    "section-sectors": "sector",
    "section-complaints": "kind of complaint",
    "section-channels": "channel",
    "section-priorities": "priority",
    "section-outcomes": "outcome",
    "section-registers": "register",
    "section-documents": "document",
    "section-programs": "programme",
    "section-sops": "SOP",
    "section-destinations": "destination",
    "section-letters": "letter",
    "change-detail": "{path}: {before} becomes {after}",
    "change-detail-order": "the order of {path} is changed",
    "change-entry-added": '{what} "{label}" ({key}) is added',
    "change-entry-changed": '{what} "{label}" ({key}) is changed',
    "change-sop-changed": 'SOP "{label}" ({key}) gets a new version; running cases stay on theirs',
    "change-entries-reordered": "the order is changed: {what}",
    "change-office-changed": 'the description of the office "{label}" is changed',
    "change-areas-added": "areas added: {count}, among them {example}",
    "change-areas-changed": "areas with a new name: {count}, among them {example}",
    "change-template-added": "letter file {name} is added",
    "change-template-changed": "letter file {name} is changed; letters already issued stay as they are",
    "change-template-removed": "letter file {name} is removed; earlier releases keep it",
    "change-field-added": 'field "{label}" ({owner}.{path}) is added, type {type}',
    "change-entry-removed": (
        '{what} "{label}" ({key}) cannot be removed yet: stored data may name it; put "{key}" back'
    ),
    "change-program-removed": (
        '{what} "{label}" ({key}) cannot be removed yet: stored data may name it; '
        'put "{key}" back with "status: ended", so that it takes no new cases'
    ),
    "change-entry-renamed": (
        '{what} "{label}" cannot be renamed from {was} to {key} yet: stored data has the old name; '
        'use "{was}" again and drop the line "was" (its label may change)'
    ),
    "change-step-renamed": (
        'step "{label}" of SOP {sop} cannot be renamed from {was} to {key} yet: answers are stored under the '
        'old name; use "{was}" again and drop the line "was" (its label may change)'
    ),
    "change-subject-moved": (
        "cases cannot be about {key} instead of {was} yet: the cases there are point to {was}; "
        'write "subject: true" at {was} again'
    ),
    "change-areas-removed": (
        "areas cannot be removed yet: {count}, among them {example}; stored data may name them; "
        "put their lines in areas.csv back"
    ),
    "change-field-removed": (
        'field "{label}" ({owner}.{path}) cannot be removed yet: its column holds data; '
        "put the field back, or change its label when it is no longer used"
    ),
    "change-field-renamed": (
        'field "{label}" ({owner}.{path}) cannot be renamed from {was} yet: data is stored under the old '
        'name; use "{was}" again and drop the line "was" (its label may change)'
    ),
    "change-field-retyped": (
        'the type of field "{label}" ({owner}.{path}) cannot change from {before} to {after} yet: '
        "stored values may not fit; put {before} back, or add a new field"
    ),
    "change-field-made-unique": (
        'field "{label}" ({owner}.{path}) cannot be made unique yet: rows there are may hold the same value; '
        'drop "unique: true"'
    ),
    "change-choice-removed": (
        'choice "{choice}" of field "{label}" ({owner}.{path}) cannot be removed yet: rows there are may '
        'hold it; put "{choice}" back (its label may change)'
    ),
    "plan-nothing": "No changes.",
    "plan-refused": "Cannot be applied yet:",
    "plan-count": "Changes: {changes}; cannot be applied yet: {refused}.",
    "plan-digest": "Plan digest: {digest}",
    "apply-stale": "The plan is stale: the YAML, the letter files or the database changed since its review.",
    "apply-stale-hint": 'run "portal plan" again and review what it says',
    "apply-refused": "Nothing is applied: changes not supported yet: {refused}.",
    "apply-refused-hint": "follow the advice in each line, then run it again",
    "apply-busy": "Nothing is applied: the database is busy with a long piece of work.",
    "apply-busy-hint": "try again in a moment",
    "apply-newer": "The release in this database was written by a newer portal (format {format}).",
    "apply-newer-hint": "update the portal, then run it again",
    "apply-done": "Release {release} is applied; changes: {changes}.",
    "apply-nothing": "No changes; the release stays {release}.",
}
