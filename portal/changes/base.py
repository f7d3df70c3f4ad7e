"""What every change has: its sign, its sentence, its risks and how much it touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import ClassVar, Literal

from portal.words import say

Sign = Literal["+", "~", ">", "-", "="]
"""Added, altered, renamed, withdrawn, new version of a procedure."""

Risk = Literal["destructive", "data-dependent", "pinned", "incompatible"]
"""What people no longer see or choose; what the rows there are may contradict; what leaves running cases on
an older version; what names outside the portal (files, links, habits) may still call by its old name."""

Counted = Literal["rows", "filled", "empty", "cases", "tasks", "accounts", "letters", "referrals", "papers"]
"""What a change touches: rows of its table, rows that hold a value or none, cases (running ones; of an
outcome, those that ended with it), open tasks, accounts with the role, letters issued, referrals, papers."""

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


@dataclass(frozen=True, kw_only=True)
class Count:
    """How much of one thing a change touches, as read from the database."""

    what: Counted
    number: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row that stands in the way: its key and its value as people read it, masked when sensitive."""

    key: int
    value: str


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
    risks: ClassVar[tuple[Risk, ...]] = ()
    counts: tuple[Count, ...] = ()
    """Read by `weigh`; a plan that was never weighed has none."""

    def sentence(self) -> str:
        """Returns what changes, in the reader's language."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        if "section" in values:
            values["what"] = say(f"section-{values['section']}")
        return say(self.slug, **values)

    def lines(self) -> Iterator[str]:
        """Yields the sentence with its sign, then the details and what is at risk, indented."""
        yield f"{self.sign} {self.sentence()}"
        for detail in getattr(self, "details", ()):
            yield f"    {detail.sign} {detail.sentence()}"
        touched = [say(f"count-{each.what}", number=each.number) for each in self.counts if each.number]
        if parts := [*(say(f"risk-{risk}") for risk in self.risks), *touched]:
            yield f"    ! {'; '.join(parts)}"
