"""Forms made of field types: what is asked, what was sent, what it means and what is wrong with it.

One Form serves every page: the generated record forms and the steps of the desk. A field that the browser did
not send changes nothing; a field that the reader may not see plainly is never read from a submission.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from starlette.datastructures import FormData

from portal.fields import FieldType, Option, Unreadable, Value
from portal.schema import Sight
from portal.words import say

RADIO_AT_MOST = 5
"""A choice among at most so many answers is drawn as radio buttons."""

ALL_PLAIN: Mapping[str, Sight] = {}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One field of a form as it stands on the page: its texts, its error, and what is offered."""

    name: str
    field: FieldType
    raw: tuple[str, ...] = ()
    error: str | None = None
    error_url: str = ""
    """Where the error leads, such as the record that already holds a value."""
    sight: Sight = "plain"
    hint: str = ""
    """What a masked field shows instead of its value, or the value of one that is not to be changed."""
    fixed: bool = False
    """Whether the reader sees it in full and may not change it."""
    offered: tuple[Option, ...] = ()
    """Answers found for this entry: areas, or the candidates of a look-up."""
    query: str = ""
    """What was typed into the look-up box."""
    chosen: str = ""
    """How the linked record or area is called."""

    @property
    def id(self) -> str:
        """The HTML id of its first input."""
        return f"isian-{self.name}"

    def calm(self) -> Entry:
        """Returns it without its error, for a form that is still being filled in."""
        return replace(self, error=None, error_url="")

    @property
    def asks(self) -> bool:
        """Whether it is a question: what is masked or not to be changed is only shown."""
        return self.sight == "plain" and not self.fixed

    @property
    def text(self) -> str:
        """The text of an entry that has only one."""
        return self.raw[-1] if self.raw else ""

    @property
    def parts(self) -> tuple[str, str, str]:
        """The three boxes of a date: day, month, year."""
        padded = (*self.raw, "", "", "")
        return padded[0], padded[1], padded[2]

    @property
    def control(self) -> str:
        """The name of the macro that draws it."""
        if self.field.control == "choice":
            return "radio" if len(self.field.options()) <= RADIO_AT_MOST else "select"
        return self.field.control

    @property
    def options(self) -> tuple[Option, ...]:
        """The answers to choose from."""
        return self.offered or self.field.options()

    @property
    def described_by(self) -> str:
        """The ids of its help and error, for `aria-describedby`."""
        ids = []
        if self.field.help:
            ids.append(f"{self.id}-bantuan")
        if self.error:
            ids.append(f"{self.id}-galat")
        return " ".join(ids)


@dataclass(kw_only=True)
class Form:
    """The entries of a form by field id; `values` holds what was sent and could be read."""

    entries: dict[str, Entry] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)

    @classmethod
    def begun(cls, fields: Mapping[str, FieldType], data: FormData) -> Form:
        """Returns a form with what was sent of it so far; what is missing yet is no mistake."""
        form = cls.submitted(fields, data)
        return replace(form, entries={name: each.calm() for name, each in form.entries.items()})

    @classmethod
    def blank(cls, fields: Mapping[str, FieldType]) -> Form:
        """Returns a form with nothing filled in."""
        return cls.filled(fields, {})

    @classmethod
    def filled(
        cls,
        fields: Mapping[str, FieldType],
        values: Mapping[str, Value],
        sights: Mapping[str, Sight] = ALL_PLAIN,
        changes: Collection[str] | None = None,
    ) -> Form:
        """Returns a form that shows values; masked fields show their hint, hidden ones are left out.

        Args:
            changes: the fields that may be changed, None for all; the others are shown as they are.
        """
        entries = {
            name: _shown(
                name,
                each,
                values.get(name),
                sights.get(name, "plain"),
                fixed=changes is not None and name not in changes,
            )
            for name, each in fields.items()
            if sights.get(name, "plain") != "hidden"
        }
        return cls(entries=entries)

    @classmethod
    def submitted(
        cls,
        fields: Mapping[str, FieldType],
        data: FormData,
        before: Mapping[str, Value] | None = None,
        sights: Mapping[str, Sight] = ALL_PLAIN,
        changes: Collection[str] | None = None,
    ) -> Form:
        """Returns what was sent, read and checked; a field that was not sent keeps its value from `before`.

        A required field without a value, sent or kept, is an error.
        """
        form = cls.filled(fields, before or {}, sights, changes)
        for name, entry in list(form.entries.items()):
            if entry.asks:
                form._read(entry, data, (before or {}).get(name))
        return form

    def _read(self, entry: Entry, data: FormData, before: Value) -> None:
        sent = tuple(text for text in data.getlist(entry.name) if isinstance(text, str))
        value = before
        if entry.name in data:
            self.entries[entry.name] = entry = replace(entry, raw=sent)
            try:
                value = self.values[entry.name] = entry.field.read(sent)
            except Unreadable as wrong:
                return self.add_error(entry.name, str(wrong))
        if entry.field.required and value is None:
            self.add_error(entry.name, say("screen-required", label=entry.field.label))
        return None

    def tell_fixed(self, texts: Mapping[str, str]) -> None:
        """Says what is not to be changed as people read it, names of linked records included."""
        for name, entry in self.entries.items():
            if entry.fixed and name in texts:
                self.entries[name] = replace(entry, hint=texts[name])

    @property
    def errors(self) -> tuple[Entry, ...]:
        """The entries that are wrong, in the order of the form."""
        return tuple(entry for entry in self.entries.values() if entry.error)

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors

    def add_error(self, name: str, message: str, url: str = "") -> None:
        """Marks an entry as wrong, with the sentence that says why and where that leads."""
        self.entries[name] = replace(self.entries[name], error=message, error_url=url)
        self.values.pop(name, None)

    def offer(
        self, name: str, options: Iterable[Option], *, query: str | None = None, chosen: str | None = None
    ) -> None:
        """Gives an entry answers, what was searched for, and how its present value is called."""
        entry = self.entries[name]
        self.entries[name] = replace(
            entry,
            offered=tuple(options),
            query=entry.query if query is None else query,
            chosen=entry.chosen if chosen is None else chosen,
        )


def _shown(name: str, kind: FieldType, value: Value, sight: Sight, *, fixed: bool) -> Entry:
    if sight == "plain" and fixed:
        return Entry(name=name, field=kind, fixed=True, hint=kind.show(value))
    if sight == "plain":
        held = kind.options_for(value)
        kept = held if held != kind.options() else ()
        return Entry(name=name, field=kind, raw=kind.write(value), offered=kept)
    return Entry(name=name, field=kind, sight=sight, hint=kind.mask(value))
