"""The nodes of a YAML file: text with its place, found again by path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from portal.diagnostics import Mark

Path: TypeAlias = tuple[str | int, ...]
"""The way to a node: keys of mappings and 0-based indexes of lists."""

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | None"
"""A node without its marks; every scalar is its raw text, `None` where nothing was written."""


@dataclass(frozen=True, kw_only=True)
class Scalar:
    """A text as it was written, without its quotes; what it means is for the schema to say."""

    text: str
    quoted: bool
    """True when it stood in quotes or in a `|` or `>` block."""
    mark: Mark

    @property
    def is_empty(self) -> bool:
        """True for a key with nothing behind it, False for the empty text in quotes."""
        return not self.text and not self.quoted


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A key and what stands behind it."""

    key: Scalar
    value: Node


@dataclass(frozen=True, kw_only=True)
class MapNode:
    """Keys with values, in the order of the file, each key once."""

    entries: tuple[Entry, ...]
    mark: Mark

    def entry(self, key: str | int) -> Entry | None:
        """Returns the entry of a key, or None."""
        return next((entry for entry in self.entries if entry.key.text == str(key)), None)


@dataclass(frozen=True, kw_only=True)
class ListNode:
    """Values in order."""

    items: tuple[Node, ...]
    mark: Mark


Node: TypeAlias = Scalar | MapNode | ListNode


def plain(node: Node) -> Plain:
    """Returns the node as plain data, as pydantic wants it."""
    if isinstance(node, MapNode):
        return {entry.key.text: plain(entry.value) for entry in node.entries}
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return None if node.is_empty else node.text


def node_at(root: Node, path: Path) -> Node:
    """Returns the node at a path, or the nearest one above it that exists."""
    node = root
    for part in path:
        below = _below(node, part)
        if below is None:
            return node
        node = below
    return node


def exists(root: Node, path: Path) -> bool:
    """Tells whether the whole path is in the file."""
    node: Node | None = root
    for part in path:
        node = _below(node, part) if node is not None else None
    return node is not None


def key_mark(root: Node, path: Path) -> Mark:
    """Returns the place of the key that a path ends in; of the item in a list; of the nearest key above."""
    mark, node = root.mark, root
    for part in path:
        below = _below(node, part)
        if below is None:
            break
        entry = node.entry(part) if isinstance(node, MapNode) else None
        mark, node = (entry.key.mark if entry else below.mark), below
    return mark


def value_mark(root: Node, path: Path) -> Mark:
    """Returns the place of a written value; of its key when the value is empty, a mapping or a list."""
    node = node_at(root, path)
    if isinstance(node, Scalar) and not node.is_empty:
        return node.mark
    return key_mark(root, path)


def _below(node: Node, part: str | int) -> Node | None:
    if isinstance(node, MapNode):
        entry = node.entry(part)
        return entry.value if entry else None
    if isinstance(node, ListNode) and isinstance(part, int) and 0 <= part < len(node.items):
        return node.items[part]
    return None
