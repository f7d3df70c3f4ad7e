"""The kinds of change to entries, to the office, its areas and its letter files."""

from __future__ import annotations

from dataclasses import dataclass

from portal.changes.base import Change, Detail


@dataclass(frozen=True, kw_only=True)
class EntryAdded(Change):
    """A new entry of a section: a record type, an SOP, a programme, a role, a channel, an office."""

    sign = "+"
    slug = "change-entry-added"
    section: str
    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class EntryChanged(Change):
    """An entry reads differently: words, references, rules."""

    sign = "~"
    slug = "change-entry-changed"
    section: str
    key: str
    label: str
    details: tuple[Detail, ...]


@dataclass(frozen=True, kw_only=True)
class SopChanged(Change):
    """A procedure differs: new cases follow a new version, running cases stay on theirs."""

    sign = "="
    slug = "change-sop-changed"
    risks = ("pinned",)
    key: str
    label: str
    details: tuple[Detail, ...]


@dataclass(frozen=True, kw_only=True)
class EntriesReordered(Change):
    """The entries of a section stand in another order."""

    sign = "~"
    slug = "change-entries-reordered"
    section: str


@dataclass(frozen=True, kw_only=True)
class OfficeChanged(Change):
    """The office itself differs: name, hours, holidays, case number."""

    sign = "~"
    slug = "change-office-changed"
    label: str
    details: tuple[Detail, ...]


@dataclass(frozen=True, kw_only=True)
class AreasAdded(Change):
    """Areas that were unknown have a name."""

    sign = "+"
    slug = "change-areas-added"
    count: int
    example: str


@dataclass(frozen=True, kw_only=True)
class AreasChanged(Change):
    """Areas have another name."""

    sign = "~"
    slug = "change-areas-changed"
    count: int
    example: str


@dataclass(frozen=True, kw_only=True)
class TemplateAdded(Change):
    """A new file of the letters' folder."""

    sign = "+"
    slug = "change-template-added"
    name: str


@dataclass(frozen=True, kw_only=True)
class TemplateChanged(Change):
    """A file of the letters' folder differs; letters already issued stay as they were printed."""

    sign = "~"
    slug = "change-template-changed"
    name: str


@dataclass(frozen=True, kw_only=True)
class TemplateRemoved(Change):
    """A file of the letters' folder is gone; earlier Releases keep it."""

    sign = "-"
    slug = "change-template-removed"
    risks = ("destructive",)
    name: str


@dataclass(frozen=True, kw_only=True)
class EntryRemoved(Change):
    """An entry is gone that rows may name."""

    sign = "-"
    slug = "change-entry-removed"
    risks = ("destructive",)
    refused = True
    section: str
    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ProgramRemoved(EntryRemoved):
    """A programme is gone; it can be ended instead."""

    slug = "change-program-removed"


@dataclass(frozen=True, kw_only=True)
class EntryRenamed(Change):
    """An entry has another id and says which it had."""

    sign = ">"
    slug = "change-entry-renamed"
    risks = ("incompatible",)
    refused = True
    section: str
    key: str
    was: str
    label: str


@dataclass(frozen=True, kw_only=True)
class StepRenamed(Change):
    """A step has another id and says which it had."""

    sign = ">"
    slug = "change-step-renamed"
    risks = ("pinned", "incompatible")
    refused = True
    sop: str
    key: str
    was: str
    label: str


@dataclass(frozen=True, kw_only=True)
class SubjectMoved(Change):
    """Cases would be about another record type, while their keys are those of the old one."""

    sign = "~"
    slug = "change-subject-moved"
    risks = ("incompatible",)
    refused = True
    key: str
    was: str


@dataclass(frozen=True, kw_only=True)
class AreasRemoved(Change):
    """Areas are gone that rows may name."""

    sign = "-"
    slug = "change-areas-removed"
    risks = ("destructive",)
    refused = True
    count: int
    example: str
