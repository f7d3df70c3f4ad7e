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
    "section-flags": "flag of cases",
    "section-registers": "register",
    "section-documents": "document",
    "section-programs": "programme",
    "section-sops": "SOP",
    "section-destinations": "destination",
    "section-letters": "letter",
    "section-fields": "field",
    "section-steps": "step",
    "change-detail": "{path}: {before} becomes {after}",
    "change-detail-order": "the order of {path} is changed",
    "change-entry-added": '{what} "{label}" ({key}) is added',
    "change-entry-changed": '{what} "{label}" ({key}) is changed',
    "change-sop-reworded": 'the words of SOP "{label}" ({key}) change; running cases follow the new version',
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
        '{what} "{label}" ({key}) is withdrawn: nothing new can name it, what names it keeps its label'
    ),
    "change-entry-renamed": '{what} "{label}" is renamed from {was} to {key}; what named {was} names {key}',
    "change-step-renamed": (
        'step "{label}" of SOP {sop} is renamed from {was} to {key}; earlier answers stay under {was}'
    ),
    "change-subject-moved": (
        "cases cannot be about {key} instead of {was} yet: the cases there are point to {was}; write "
        '"subject: true" at {was} again'
    ),
    "change-areas-removed": (
        "areas withdrawn: {count}, among them {example}; rows that name them keep the name"
    ),
    "change-field-removed": (
        'field "{label}" ({owner}.{path}) is withdrawn: no longer asked or shown; its values stay'
    ),
    "change-field-renamed": 'field "{label}" ({owner}.{path}) is renamed from {was}; all values stay',
    "change-field-retyped": (
        'the type of field "{label}" ({owner}.{path}) changes from {before} to {after}; every value passes'
    ),
    "change-field-made-unique": (
        'field "{label}" ({owner}.{path}) becomes unique; no two rows hold the same value'
    ),
    "change-choice-removed": (
        'choice "{choice}" of field "{label}" ({owner}.{path}) is no longer offered; rows that hold '
        "it keep its label"
    ),
    "change-entry-restored": '{what} "{label}" ({key}) is there again',
    "change-entry-in-use": (
        '{what} "{label}" ({key}) cannot be withdrawn: {cases} running cases need it; put "{key}" '
        "back until they are closed"
    ),
    "change-field-restored": 'field "{label}" ({owner}.{path}) is there again, with the values it had',
    "change-answer-renamed": (
        'field "{label}" ({owner}.{path}) is renamed from {was}; earlier answers stay under {was}'
    ),
    "change-looks-renamed": (
        '{what} "{was}" is gone and "{key}" ("{label}") is new and looks alike; write "was: {was}" '
        'at "{key}" when it is the same, "new: true" when it is not'
    ),
    "change-field-unconvertible": (
        'the type of field "{label}" ({owner}.{path}) cannot change from {before} to {after}: no '
        "value would pass; put {before} back, or add a new field and withdraw this one"
    ),
    "change-answer-retyped": (
        'the type of field "{label}" ({owner}.{path}) cannot change from {before} to {after}: cases '
        "hold answers of the old type; put {before} back, or give the field another id"
    ),
    "change-field-made-required": (
        'field "{label}" ({owner}.{path}) becomes required; rows without a value stay until they are edited'
    ),
    "change-rows-object": (
        'field "{label}" ({owner}.{path}) cannot change so: rows that object: {count}; mend them or '
        "change the YAML"
    ),
    "change-column-dropped": 'the column of "{label}" ({name}) is dropped with {held} values',
    "count-rows": "rows: {number}",
    "count-filled": "with a value: {number}",
    "count-cases": "cases: {number}",
    "count-tasks": "open tasks: {number}",
    "count-accounts": "accounts: {number}",
    "count-letters": "letters issued: {number}",
    "count-referrals": "referrals: {number}",
    "count-papers": "documents noted: {number}",
    "count-empty": "without a value: {number}",
    "risk-destructive": "something is no longer seen or offered",
    "risk-data-dependent": "depends on the data there is",
    "risk-pinned": "running cases stay on their version",
    "risk-incompatible": "the old name or form is no longer understood",
    "plan-nothing": "No changes.",
    "plan-refused": "Cannot be applied yet:",
    "plan-count": "Changes: {changes}; cannot be applied yet: {refused}.",
    "plan-digest": "Plan digest: {digest}",
    "apply-stale": (
        "The plan is stale: the YAML, the letter files or the database changed since its review."
    ),
    "apply-stale-hint": 'run "portal plan" again and review what it says',
    "apply-refused": "Nothing is applied: changes not supported yet: {refused}.",
    "apply-refused-hint": "follow the advice in each line, then run it again",
    "apply-busy": "Nothing is applied: the database is busy with a long piece of work.",
    "apply-busy-hint": "try again in a moment",
    "apply-newer": "The release in this database was written by a newer portal (format {format}).",
    "apply-newer-hint": "update the portal, then run it again",
    "apply-done": "Release {release} is applied; changes: {changes}.",
    "apply-nothing": "No changes; the release stays {release}.",
    "prune-nothing": "No withdrawn columns.",
    "prune-column": '{name} "{label}": rows with a value: {rows}, bytes: {size}',
    "prune-in-use": "; used by running cases: {cases}",
    "prune-fixed": "; SQLite cannot drop a link",
    "prune-refused": (
        'Nothing is dropped: "{name}" is no withdrawn column, a running case uses it, or the '
        "database cannot drop it."
    ),
    "prune-refused-hint": '"portal prune" lists what can be dropped',
}
