"""Documents -> Schema + Diagnostics: reads a schema folder, every mistake of its shape in one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from portal.diagnostics import Diagnostic, Mark, in_order
from portal.document import Document, Entry, MapNode, plain, read
from portal.load.areas import areas_of
from portal.load.merge import merged
from portal.load.shape import Shaped, empties, shaped
from portal.memory import Remembered, uncollected
from portal.schema import Schema

AREAS = "areas.csv"
CODES = (
    "area-duplicate",
    "area-malformed",
    "time-malformed",
    "area-row-malformed",
    "condition-bound",
    "condition-deep",
    "condition-empty",
    "condition-form",
    "condition-list",
    "condition-path",
    "condition-range",
    "condition-range-backwards",
    "condition-test",
    "date-malformed",
    "duration-form",
    "duration-zero",
    "entry-duplicate",
    "file-suffix",
    "file-unreadable",
    "flag-malformed",
    "folder-empty",
    "folder-missing",
    "id-malformed",
    "key-missing",
    "key-unknown",
    "number-malformed",
    "number-out-of-range",
    "retention-form",
    "web-address-form",
    "section-missing",
    "section-unknown",
    "text-empty",
    "type-missing",
    "type-unknown",
    "value-missing",
    "value-not-list",
    "value-not-mapping",
    "value-not-text",
    "value-too-few",
    "value-unknown",
)
"""The codes of every diagnostic that loading can give, beside those of reading."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A schema folder as it was read."""

    schema: Schema | None
    """The whole Schema; None when anything in the folder is an error of shape."""
    parts: Schema
    """What has the right shape, for checks to look at; an entry that has not is left out, also `office`."""
    root: MapNode
    """The tree of all files together, for the way from a path in the Schema to a place in a file."""
    unread: bool
    """True when a file could not be read to its end, so that nobody knows what it declares."""
    templates: Path
    """The folder of the letter templates."""
    diagnostics: tuple[Diagnostic, ...]
    documents: tuple[Document, ...]
    sources: Mapping[str, str]
    """What every file of the folder holds, to the last byte, by its name in the folder."""


def load(folder: Path, templates: Path | None = None, instead: Mapping[str, str] | None = None) -> Loaded:
    """Returns what a schema folder declares; never raises for anything that is in it.

    Args:
        folder: the folder with `*.yaml` and `areas.csv`.
        templates: the folder of the letter templates; `templates/letters` beside the folder by default.
        instead: texts that stand for what the files of these names hold, as while somebody edits one.
    """
    with uncollected():
        return _loaded(folder, templates, instead or {})


def _loaded(folder: Path, templates: Path | None, instead: Mapping[str, str]) -> Loaded:
    gathering = _Gathering(folder=folder, instead=instead)
    documents = tuple(gathering.documents())
    start = Mark(file=folder.as_posix(), line=1, column=1)
    tree = merged(documents, SECTIONS, start)
    gathering.found += tree.diagnostics
    sections = dict(gathering.sections(tree.root, start, unread=any(d.root is None for d in documents)))
    sections["areas"] = gathering.areas()
    whole = gathering.whole(sections, tree.root)
    return Loaded(
        schema=whole,
        parts=_construct(sections),
        root=tree.root,
        unread=any(d.root is None for d in documents) or not documents,
        templates=templates or folder.parent / "templates" / "letters",
        diagnostics=in_order(gathering.found),
        documents=documents,
        sources=gathering.sources,
    )


SECTIONS = tuple(name for name in Schema.model_fields if name not in ("areas", "past"))
"""The top keys of the language; what was withdrawn is no part of it, a Release keeps that."""


@dataclass(kw_only=True)
class _Gathering:
    """Reads the folder piece by piece and keeps what was wrong."""

    folder: Path
    instead: Mapping[str, str] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)

    def documents(self) -> Iterator[Document]:
        """Yields every YAML file of the folder, by name."""
        start = Mark(file=self.folder.as_posix(), line=1, column=1)
        if not self.folder.is_dir():
            self._note("folder-missing", start, folder=self.folder.as_posix())
            return
        for path in sorted(self.folder.glob("*.yml")):
            mark = Mark(file=path.as_posix(), line=1, column=1)
            self.found.append(
                Diagnostic(code="file-suffix", mark=mark, severity="warning", values={"file": path.name})
            )
        new = (self.folder / name for name in self.instead if name.endswith(".yaml"))
        paths = sorted({*self.folder.glob("*.yaml"), *new})
        if not paths:
            self._note("folder-empty", start, folder=self.folder.as_posix())
        for path in paths:
            data = self._bytes(path)
            if data is None:
                yield Document(file=path.as_posix(), text="", root=None)
                continue
            document = _read(path.as_posix(), data)
            self.found += document.diagnostics
            yield document

    def sections(self, root: MapNode, start: Mark, *, unread: bool) -> Iterator[tuple[str, object]]:
        """Yields every section with the entries of it that have the right shape."""
        for name in SECTIONS:
            required = Schema.model_fields[name].is_required()
            entry = root.entry(name)
            if entry is None and required and not unread and root.entries:
                self._note("section-missing", start, section=name)
            node = entry.value if entry else MapNode(entries=(), mark=start)
            assert isinstance(node, MapNode)
            if name == "office":
                yield from self._office(root, node, there=entry is not None)
                continue
            if entry is not None and required and not node.entries:
                self._note("value-too-few", entry.key.mark, key=name)
            yield name, dict(self._entries(name, root, node))

    def areas(self) -> Mapping[str, str]:
        """Returns the names of areas, none without the file."""
        path = self.folder / AREAS
        if not path.is_file():
            return {}
        areas = areas_of(path.as_posix(), self._bytes(path) or b"")
        self.found += areas.diagnostics
        return areas.names

    def whole(self, sections: Mapping[str, object], root: MapNode) -> Schema | None:
        """Returns the Schema of sections in which nothing was wrong."""
        if any(diagnostic.severity == "error" for diagnostic in self.found):
            return None
        made = shaped(_whole(), Schema, dict(sections), root, ())
        self.found += made.diagnostics
        return made.value if isinstance(made.value, Schema) else None

    def _office(self, root: MapNode, node: MapNode, *, there: bool) -> Iterator[tuple[str, object]]:
        kind = Schema.model_fields["office"].annotation
        if not there:
            return
        made = _SHAPED.get(
            node.entries, lambda: shaped(_adapter("office"), kind, plain(node), root, ("office",))
        )
        self.found += made.diagnostics
        if made.value is not None:
            yield "office", made.value

    def _entries(self, name: str, root: MapNode, node: MapNode) -> Iterator[tuple[str, object]]:
        kind = Schema.model_fields[name].annotation
        for entry in node.entries:
            made = _SHAPED.get((entry,), partial(_entry, name, kind, entry, root))
            self.found += made.diagnostics
            if isinstance(made.value, dict):
                yield from made.value.items()

    def _bytes(self, path: Path) -> bytes | None:
        try:
            typed = self.instead.get(path.name)
            data = path.read_bytes() if typed is None else typed.encode("utf-8", "replace")
        except OSError as error:
            mark = Mark(file=path.as_posix(), line=1, column=1)
            self._note("file-unreadable", mark, reason=error.strerror or "")
            return None
        self.sources[path.name] = data.decode("utf-8", "replace")
        return data

    def _note(self, code: str, mark: Mark, **values: str) -> None:
        self.found.append(Diagnostic(code=code, mark=mark, values=values))


_SHAPED: Remembered[Shaped] = Remembered(most=4096)
"""What was made of entries: one that stands in a file which nobody touched is the same object again."""


@lru_cache(maxsize=32)
def _read(file: str, data: bytes) -> Document:
    """Returns the document of a file; one whose bytes have not changed is not parsed again."""
    return read(file, data)


def _entry(name: str, kind: object, entry: Entry, root: MapNode) -> Shaped:
    made = shaped(_adapter(name), kind, {entry.key.text: plain(entry.value)}, root, (name,))
    return made if made.value is None else Shaped(value=made.value, diagnostics=tuple(empties(entry.value)))


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    """Returns the validator of one section; that it needs at least one entry is not part of it."""
    kind: Any = Schema.model_fields[name].annotation
    return TypeAdapter(kind)


@cache
def _whole() -> TypeAdapter[Any]:
    return TypeAdapter(Schema)


def _construct(sections: Mapping[str, Any]) -> Schema:
    return Schema.model_construct(**sections)
