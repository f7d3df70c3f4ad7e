"""YAML text to a document of marked nodes: nothing is interpreted, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import yaml
from yaml import events
from yaml._yaml import CParser
from yaml.error import MarkedYAMLError

from portal.diagnostics import Diagnostic, Mark, Severity, in_order
from portal.document.characters import lines_of, repaired, wrong_characters
from portal.document.nodes import Entry, ListNode, MapNode, Node, Scalar
from portal.document.syntax import syntax_diagnostic

MAX_BYTES = 512_000
MAX_NODES = 20_000
MAX_DEPTH = 40

_Opened: TypeAlias = events.MappingStartEvent | events.SequenceStartEvent


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file as it was read."""

    file: str
    text: str
    root: MapNode | None
    """None when the file cannot be read to its end."""
    diagnostics: tuple[Diagnostic, ...] = ()


class _LimitPassedError(Exception):
    """Reading ends here: a limit is passed and its diagnostic is noted."""


def read(file: str, text: str | bytes) -> Document:
    """Returns the document of a file's text; never raises, every mistake is a diagnostic of the document.

    Args:
        file: the name that stands in the diagnostics.
        text: what the file holds; bytes are UTF-8, with or without a byte order mark at their start.
    """
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "replace"))
    start = Mark(file=file, line=1, column=1)
    if size > MAX_BYTES:
        values = {"size": str(size // 1000), "limit": str(MAX_BYTES // 1000)}
        return _unread(file, "", Diagnostic(code="file-too-large", mark=start, values=values))
    decoded, wrong = _decoded(file, text)
    if wrong and "\0" in decoded:
        return _unread(file, decoded, *wrong)
    lines = lines_of(decoded)
    found = [*wrong, *wrong_characters(file, lines)]
    reader = _Reader(file=file, lines=lines)
    root = reader.root(repaired(decoded))
    if reader.failed and not _explained(reader.failed, found):
        found.append(reader.failed)
    found += reader.found
    if root is None and not found:
        found.append(Diagnostic(code="file-empty", mark=start))
    return Document(file=file, text=decoded, root=root, diagnostics=in_order(found))


def _explained(failed: Diagnostic, wrong: list[Diagnostic]) -> bool:
    """Tells whether a wrong character made the parser give up: one on that line, or a tab anywhere before."""
    line = failed.mark.line
    return any(d.mark.line == line or (d.code == "tab-indentation" and d.mark.line <= line) for d in wrong)


def _unread(file: str, text: str, *diagnostics: Diagnostic) -> Document:
    return Document(file=file, text=text, root=None, diagnostics=diagnostics)


def _decoded(file: str, text: str | bytes) -> tuple[str, tuple[Diagnostic, ...]]:
    """Returns the text without its byte order mark, and the first byte that is not UTF-8 as a diagnostic."""
    if isinstance(text, str):
        return text.removeprefix("\ufeff"), ()
    try:
        return text.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        before = lines_of(text[: error.start].decode("utf-8-sig", "replace"))
        decoded = text.decode("utf-8-sig", "replace")
        line, column = len(before), len(before[-1]) + 1
        mark = Mark(file=file, line=line, column=column, quoted=lines_of(decoded)[line - 1])
        values = {"byte": f"0x{text[error.start]:02X}"}
        return decoded, (Diagnostic(code="file-not-utf8", mark=mark, values=values),)


@dataclass(kw_only=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    event: _Opened
    mark: Mark
    entries: dict[str, Entry] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    key: Scalar | None = None
    skip: bool = False
    """True while the next value belongs to a key that is not kept."""


@dataclass(kw_only=True)
class _Reader:
    """Builds the nodes of one file from the parser's events."""

    file: str
    lines: tuple[str, ...]
    found: list[Diagnostic] = field(default_factory=list)
    failed: Diagnostic | None = None
    nodes: int = 0
    documents: int = 0
    open: list[_Open] = field(default_factory=list)
    trees: list[Node] = field(default_factory=list)

    def root(self, text: str) -> MapNode | None:
        """Returns the tree of the file, or None when the parser could not come to its end."""
        try:
            for event in parsed(text):
                self._take(event)
        except _LimitPassedError:
            return None
        except MarkedYAMLError as error:
            self.failed = syntax_diagnostic(self.file, self.lines, error)
            return None
        except yaml.YAMLError:
            self.failed = Diagnostic(code="syntax", mark=Mark(file=self.file, line=1, column=1))
            return None
        trees = [tree for tree in self.trees if not (isinstance(tree, Scalar) and tree.is_empty)]
        if trees and isinstance(trees[0], MapNode):
            entries = tuple(e for tree in trees if isinstance(tree, MapNode) for e in tree.entries)
            return MapNode(entries=entries, mark=trees[0].mark)
        if trees:
            self.failed = Diagnostic(code="file-not-mapping", mark=trees[0].mark)
        return None

    def _take(self, event: yaml.Event) -> None:
        # The commonest first: a large office has a hundred thousand of them.
        if isinstance(event, (events.ScalarEvent, events.AliasEvent)):
            self._scalar(event)
        elif isinstance(event, (events.MappingStartEvent, events.SequenceStartEvent)):
            self._enter(event)
        elif isinstance(event, (events.MappingEndEvent, events.SequenceEndEvent)):
            self._leave()
        elif isinstance(event, events.DocumentStartEvent):
            self._start(event)

    def _start(self, event: events.DocumentStartEvent) -> None:
        self.documents += 1
        mark = self._mark(event)
        if event.version or event.tags:
            self._note("directive-refused", mark)
        if self.documents == 2:
            self._note("file-several-documents", mark)

    def _enter(self, event: _Opened) -> None:
        mark = self._mark(event)
        self._refuse_names(event, mark)
        self._count(mark)
        if len(self.open) >= MAX_DEPTH:
            self._note("file-too-deep", mark, limit=str(MAX_DEPTH))
            raise _LimitPassedError
        self.open.append(_Open(event=event, mark=mark))

    def _leave(self) -> None:
        ended = self.open.pop()
        if isinstance(ended.event, events.MappingStartEvent):
            self._place(MapNode(entries=tuple(ended.entries.values()), mark=ended.mark))
        else:
            self._place(ListNode(items=tuple(ended.items), mark=ended.mark))

    def _scalar(self, event: events.ScalarEvent | events.AliasEvent) -> None:
        mark = self._mark(event)
        self._refuse_names(event, mark)
        self._count(mark)
        if isinstance(event, events.AliasEvent):
            self._place(Scalar(text=f"*{event.anchor}", quoted=False, mark=mark))
            return
        quoted = bool(event.style)
        if not quoted:
            self._look_for_hash(event, mark)
        self._place(Scalar(text=event.value, quoted=quoted, mark=mark))

    def _place(self, node: Node) -> None:
        """Puts a finished node where the innermost open mapping or list awaits one."""
        if not self.open:
            self.trees.append(node)
            return
        top = self.open[-1]
        if isinstance(top.event, events.SequenceStartEvent):
            top.items.append(node)
        elif top.key is None and not top.skip:
            self._key(top, node)
        else:
            if top.key is not None:
                top.entries[top.key.text] = Entry(key=top.key, value=node)
            top.key, top.skip = None, False

    def _key(self, top: _Open, node: Node) -> None:
        top.skip = True
        if not isinstance(node, Scalar) or node.is_empty:
            self._note("key-not-text", node.mark)
        elif node.text == "<<" and not node.quoted:
            self._note("key-merge", node.mark)
        elif node.text in top.entries:
            first = top.entries[node.text].key.mark.line
            self._note("key-duplicate", node.mark, key=node.text, first=str(first))
        else:
            top.key, top.skip = node, False

    def _refuse_names(self, event: events.NodeEvent, mark: Mark) -> None:
        if isinstance(event, events.AliasEvent):
            self._note("alias-refused", mark, name=_written(mark))
            return
        if event.anchor is not None:
            self._note("anchor-refused", mark, name=f"&{event.anchor}")
        if event.tag:  # type: ignore[attr-defined]
            self._note("tag-refused", mark, name=_written(mark))

    def _look_for_hash(self, event: events.ScalarEvent, mark: Mark) -> None:
        end: _Place = event.end_mark  # type: ignore[assignment]
        line = self._line(end.line)
        if "#" not in line:
            return
        cut = re.match(r"\s+(#[^\s#]\S*)", line[end.column :])
        if cut:
            column = end.column + cut.start(1) + 1
            mark = Mark(file=self.file, line=end.line + 1, column=column, length=len(cut[1]), quoted=line)
            self._note("value-cut-by-hash", mark, "warning", kept=event.value, cut=cut[1])

    def _count(self, mark: Mark) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._note("file-too-many-nodes", mark, limit=str(MAX_NODES))
            raise _LimitPassedError

    def _note(self, code: str, mark: Mark, severity: Severity = "error", **values: str) -> None:
        self.found.append(Diagnostic(code=code, mark=mark, severity=severity, values=values))

    def _mark(self, event: yaml.Event) -> Mark:
        """Returns the mark of an event; a text over several lines is marked to the end of its first."""
        start: _Place = event.start_mark  # type: ignore[assignment]
        end: _Place = event.end_mark  # type: ignore[assignment]
        row, column = start.line, start.column
        line = self._line(row)
        stop = end.column if end.line == row else len(line.rstrip())
        return Mark(
            file=self.file,
            line=row + 1,
            column=column + 1,
            length=max(stop - column, 1),
            quoted=line,
        )

    def _line(self, row: int) -> str:
        return self.lines[row] if row < len(self.lines) else ""


def _written(mark: Mark) -> str:
    """Returns the word that stands at a mark."""
    return re.split(r"[\s,\[\]{}]", mark.quoted[mark.column - 1 :])[0]


class _Place(Protocol):
    """A place as the parser gives it: 0-based."""

    line: int
    column: int


def parsed(text: str) -> Iterator[yaml.Event]:
    """Yields the events of the C parser: only those, so that no scalar is ever guessed at."""
    parser = CParser(text)
    while True:
        event = parser.get_event()
        if event is None:
            return
        yield event
