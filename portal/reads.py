"""What a page shows of people, gathered while it is made, to be written down before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Reads:
    """The rows and fields that one page shows, by kind of row."""

    shown: dict[str, dict[int, None]] = field(default_factory=dict)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    because: dict[int, None] = field(default_factory=dict)
    """The events that hold the reasons for which it is shown."""

    def __bool__(self) -> bool:
        return any(self.shown.values())


_page: ContextVar[Reads | None] = ContextVar("reads", default=None)


@contextmanager
def gathering() -> Iterator[Reads]:
    """Gathers what is noted inside the block."""
    reads = Reads()
    token = _page.set(reads)
    try:
        yield reads
    finally:
        _page.reset(token)


def note(kind: str, keys: Iterable[int], fields: Mapping[str, str]) -> None:
    """Notes that rows are shown to whoever asked; outside a page it does nothing.

    Args:
        kind: what the rows are: a record type, `case`, `letter`.
        fields: how each field is seen, plain or masked; what is hidden is left out.
    """
    reads = _page.get()
    if reads is None:
        return
    keys = dict.fromkeys(keys)
    if not keys:
        return
    reads.shown.setdefault(kind, {}).update(keys)
    known = reads.fields.setdefault(kind, {})
    for name, sight in fields.items():
        if sight != "hidden" and known.get(name) != "plain":
            known[name] = sight


def because(event: int) -> None:
    """Notes the event with the reason that somebody typed for what the page shows; outside a page nothing."""
    reads = _page.get()
    if reads is not None:
        reads.because[event] = None
