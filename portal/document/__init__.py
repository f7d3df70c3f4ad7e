"""YAML text -> nodes with marks: the first hop; the only part of the portal that knows the YAML parser."""

from __future__ import annotations

from portal.document.excerpt import excerpts
from portal.document.nodes import (
    Entry,
    ListNode,
    MapNode,
    Node,
    Path,
    Plain,
    Scalar,
    exists,
    key_mark,
    node_at,
    plain,
    value_mark,
)
from portal.document.outline import Child, Piece, outline
from portal.document.reader import MAX_BYTES, MAX_DEPTH, MAX_NODES, Document, read

CODES = (
    "alias-refused",
    "anchor-refused",
    "character-control",
    "character-lookalike",
    "directive-refused",
    "file-empty",
    "file-not-mapping",
    "file-not-utf8",
    "file-several-documents",
    "file-too-deep",
    "file-too-large",
    "file-too-many-nodes",
    "key-duplicate",
    "key-merge",
    "key-not-text",
    "syntax",
    "syntax-after-value",
    "syntax-block-header",
    "syntax-bracket-open",
    "syntax-bracket-stray",
    "syntax-character",
    "syntax-colon-extra",
    "syntax-colon-missing",
    "syntax-escape",
    "syntax-indent",
    "syntax-list-inline",
    "syntax-list-mixed",
    "syntax-quote-open",
    "tab-indentation",
    "tag-refused",
    "value-cut-by-hash",
)
"""The codes of every diagnostic that reading can give."""

__all__ = [
    "CODES",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "Child",
    "Document",
    "Entry",
    "ListNode",
    "MapNode",
    "Node",
    "Path",
    "Piece",
    "Plain",
    "Scalar",
    "excerpts",
    "exists",
    "key_mark",
    "node_at",
    "outline",
    "plain",
    "read",
    "value_mark",
]
