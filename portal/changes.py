"""The kinds of change between two states of the YAML: plain values that say themselves in a sentence.

`plan` finds them, `migrate` refuses or applies them, a Release keeps them. A refusal is a change that cannot
be applied yet; its sentence says why and what to do instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

from portal.models import answer_column, answers_table, column_name, record_table
from portal.words import say

Sign = Literal["+", "~", ">", "-", "="]
"""Added, altered, renamed, withdrawn, new version of a procedure."""

LONGEST = 60
"""How many characters of a value a plan quotes."""


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One place inside a definition that differs; a side without words is None when absent there."""

    path: str
    before: str | None = None
    after: str | None = None
    order: bool = False
    """Whether only the order of what stands there differs."""

    @property
    def sign(self) -> Sign:
        """Whether the place is added, withdrawn or altered."""
        return "+" if self.before is None else "-" if self.after is None else "~"

    def sentence(self) -> str:
        """Returns the place and its values, shortened, in the reader's language."""
        if self.order:
            return say("change-detail-order", path=self.path)
        shown = {"path": self.path, "before": _quoted(self.before), "after": _quoted(self.after)}
        if self.sign == "~":
            return say("change-detail", **shown)
        value = shown["after"] if self.sign == "+" else shown["before"]
        return f"{self.path}: {value}" if value else self.path


def _quoted(value: str | None) -> str:
    if not value:
        return ""
    line = " ".join(value.split())
    return f'"{line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"}"'


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change; subclasses are its kinds."""

    sign: ClassVar[Sign]
    slug: ClassVar[str]
    """The words of the sentence; the attributes are its values."""
    refused: ClassVar[bool] = False

    def sentence(self) -> str:
        """Returns what changes, in the reader's language."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        if "section" in values:
            values["what"] = say(f"section-{values['section']}")
        return say(self.slug, **values)

    def lines(self) -> Iterator[str]:
        """Yields the sentence with its sign, then the details, indented."""
        yield f"{self.sign} {self.sentence()}"
        for detail in getattr(self, "details", ()):
            yield f"    {detail.sign} {detail.sentence()}"


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
    name: str


@dataclass(frozen=True, kw_only=True)
class FieldChange(Change):
    """What happens to one field of a record type or of an SOP's steps."""

    section: Literal["records", "sops"]
    owner: str
    path: str
    """The field's id, or step and field as `visit.income`."""
    label: str

    @property
    def table(self) -> str:
        """The table that keeps the field."""
        return record_table(self.owner) if self.section == "records" else answers_table(self.owner)

    @property
    def column(self) -> str:
        """The column that keeps the field."""
        step, _, field = self.path.rpartition(".")
        return answer_column(step, field) if step else column_name(field)


@dataclass(frozen=True, kw_only=True)
class FieldAdded(FieldChange):
    """A new column, empty in every row there is."""

    sign = "+"
    slug = "change-field-added"
    type: str


@dataclass(frozen=True, kw_only=True)
class EntryRemoved(Change):
    """An entry is gone that rows may name."""

    sign = "-"
    slug = "change-entry-removed"
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
    refused = True
    key: str
    was: str


@dataclass(frozen=True, kw_only=True)
class AreasRemoved(Change):
    """Areas are gone that rows may name."""

    sign = "-"
    slug = "change-areas-removed"
    refused = True
    count: int
    example: str


@dataclass(frozen=True, kw_only=True)
class FieldRemoved(FieldChange):
    """A field is gone whose column holds data."""

    sign = "-"
    slug = "change-field-removed"
    refused = True


@dataclass(frozen=True, kw_only=True)
class FieldRenamed(FieldChange):
    """A field has another id and says which it had."""

    sign = ">"
    slug = "change-field-renamed"
    refused = True
    was: str


@dataclass(frozen=True, kw_only=True)
class FieldRetyped(FieldChange):
    """A field is of another kind, or its column would be."""

    sign = "~"
    slug = "change-field-retyped"
    refused = True
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class FieldMadeUnique(FieldChange):
    """A field that was not must be unique, which rows may contradict."""

    sign = "~"
    slug = "change-field-made-unique"
    refused = True


@dataclass(frozen=True, kw_only=True)
class ChoiceRemoved(FieldChange):
    """An answer is gone that rows may hold."""

    sign = "-"
    slug = "change-choice-removed"
    refused = True
    choice: str


KINDS: Mapping[str, type[Change]] = {
    kind.__name__: kind
    for kind in (
        EntryAdded,
        EntryChanged,
        EntriesReordered,
        SopChanged,
        OfficeChanged,
        AreasAdded,
        AreasChanged,
        TemplateAdded,
        TemplateChanged,
        TemplateRemoved,
        FieldAdded,
        EntryRemoved,
        ProgramRemoved,
        EntryRenamed,
        StepRenamed,
        SubjectMoved,
        AreasRemoved,
        FieldRemoved,
        FieldRenamed,
        FieldRetyped,
        FieldMadeUnique,
        ChoiceRemoved,
    )
}
"""Every kind of change by the name that JSON has."""


def as_json(change: Change) -> dict[str, Any]:
    """Returns a change as JSON data that `from_json` reads back."""
    data: dict[str, Any] = {"kind": type(change).__name__, "sign": change.sign, "refused": change.refused}
    for each in fields(change):
        value = getattr(change, each.name)
        data[each.name] = [vars(detail) for detail in value] if each.name == "details" else value
    return data


def from_json(data: Mapping[str, Any]) -> Change:
    """Returns the change of stored JSON data."""
    kind = KINDS[data["kind"]]
    values = {each.name: data[each.name] for each in fields(kind)}
    if "details" in values:
        values["details"] = tuple(Detail(**detail) for detail in values["details"])
    return kind(**values)
