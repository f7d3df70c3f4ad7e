"""Many files to one tree: file names are for people, the top key decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.diagnostics import Diagnostic, Mark, listed, nearest
from portal.document import Document, Entry, MapNode, Scalar


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The tree of all files, its marks naming each file, and what did not fit together."""

    root: MapNode
    diagnostics: tuple[Diagnostic, ...]


@dataclass(kw_only=True)
class _Section:
    key: Scalar
    mark: Mark
    entries: dict[str, Entry] = field(default_factory=dict)


def merged(documents: Iterable[Document], known: tuple[str, ...], start: Mark) -> Merged:
    """Returns one tree of the documents' sections.

    Args:
        documents: the files, in the order in which their entries follow each other.
        known: the top keys of the language.
        start: the place of the whole, for what is nowhere.
    """
    sections: dict[str, _Section] = {}
    found: list[Diagnostic] = []
    for document in documents:
        for entry in document.root.entries if document.root else ():
            found += _add(sections, entry, known)
    entries = tuple(
        Entry(key=s.key, value=MapNode(entries=tuple(s.entries.values()), mark=s.mark))
        for s in sections.values()
    )
    return Merged(root=MapNode(entries=entries, mark=start), diagnostics=tuple(found))


def _add(sections: dict[str, _Section], entry: Entry, known: tuple[str, ...]) -> Iterable[Diagnostic]:
    key, value = entry.key, entry.value
    if key.text not in known:
        values = {"value": key.text, "near": nearest(key.text, known) or "", "known": listed(known, limit=30)}
        yield Diagnostic(code="section-unknown", mark=key.mark, values=values)
        return
    if not isinstance(value, MapNode):
        empty = isinstance(value, Scalar) and value.is_empty
        code = "value-missing" if empty else "value-not-mapping"
        yield Diagnostic(code=code, mark=key.mark, values={"key": key.text})
        return
    section = sections.setdefault(key.text, _Section(key=key, mark=value.mark))
    for inner in value.entries:
        first = section.entries.setdefault(inner.key.text, inner)
        if first is not inner:
            values = {"key": inner.key.text, "file": first.key.mark.file, "line": str(first.key.mark.line)}
            yield Diagnostic(code="entry-duplicate", mark=inner.key.mark, values=values)
