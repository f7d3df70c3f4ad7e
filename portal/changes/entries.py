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
class SopReworded(Change):
    """Only the words of a procedure differ, and it says that running cases follow those by themselves."""

    sign = "="
    slug = "change-sop-reworded"
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
    """An entry is gone: nothing new may name it, what names it keeps its label and goes on."""

    sign = "-"
    slug = "change-entry-removed"
    risks = ("destructive",)
    section: str
    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class EntryRestored(Change):
    """An entry is there again that was withdrawn."""

    sign = "+"
    slug = "change-entry-restored"
    section: str
    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class EntryInUse(Change):
    """An entry is gone without which running cases could not go on."""

    sign = "-"
    slug = "change-entry-in-use"
    refused = True
    section: str
    key: str
    label: str
    cases: int


@dataclass(frozen=True, kw_only=True)
class EntryRenamed(Change):
    """An entry has another id and says which it had: what named the old one names the new one."""

    sign = ">"
    slug = "change-entry-renamed"
    risks = ("incompatible",)
    section: str
    key: str
    was: str
    label: str


@dataclass(frozen=True, kw_only=True)
class LooksRenamed(Change):
    """Something is gone and something alike is new: the YAML has to say whether they are the same."""

    sign = "~"
    slug = "change-looks-renamed"
    refused = True
    section: str
    """The section of both; `fields` and `steps` for those."""
    owner: str
    """The record type or SOP of both, step included; empty for entries of a section."""
    key: str
    was: str
    label: str


@dataclass(frozen=True, kw_only=True)
class StepRenamed(Change):
    """A step has another id: new cases answer under it, what was answered stays under the old one."""

    sign = ">"
    slug = "change-step-renamed"
    risks = ("pinned", "incompatible")
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
    """Areas are gone from the list; rows that name them keep the name."""

    sign = "-"
    slug = "change-areas-removed"
    risks = ("destructive",)
    count: int
    example: str
