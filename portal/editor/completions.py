"""Schema -> the model that the editor completes and explains from, as plain JSON in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from portal.editor.language import language
from portal.editor.names import aliases_of, names_of
from portal.schema import Schema
from portal.words import LANGUAGES, say_in

PHRASES = (
    "all",
    "by-word",
    "close",
    "completions",
    "control-character",
    "current-match",
    "diagnostics",
    "find",
    "fold-line",
    "folded-code",
    "folded-lines",
    "go",
    "go-to-line",
    "match-case",
    "next",
    "no-diagnostics",
    "on-line",
    "previous",
    "regexp",
    "replace",
    "replace-all",
    "replace-word",
    "replaced-match",
    "replaced-matches",
    "selection-deleted",
    "to",
    "unfold",
    "unfold-line",
    "unfolded-lines",
)
"""What CodeMirror itself says, by the slugs `editor-phrase-...`; its English is the key in the model."""
_WORDS = ("line", "out", "required", "unchecked", "unsaved")
"""What the editor says beside it, by the slugs `editor-...`; `$` is a number that it puts in."""


def completions(schema: Schema | None, in_language: str) -> dict[str, object]:
    """Returns what the editor needs to complete and explain: the language, names with labels, and words.

    Args:
        schema: what has the right shape, as `Loaded.parts` has it; None when nothing is known.
        in_language: the reader's language.
    """
    described = language()
    return {
        "root": described.root,
        "defs": described.defs,
        "helps": [_explained(text, in_language) for text in described.helps],
        "names": names_of(schema) if schema is not None else {},
        "aliases": aliases_of(schema) if schema is not None else {},
        "phrases": {
            say_in("en", f"editor-phrase-{each}"): say_in(in_language, f"editor-phrase-{each}")
            for each in PHRASES
        },
        "words": {each: say_in(in_language, f"editor-{each}") for each in _WORDS},
    }


def _explained(text: str, in_language: str) -> str:
    """Returns an explanation in a language; in English while nobody has put it into the other one."""
    slug = _slugs().get(text)
    return say_in(in_language, slug) if slug is not None else text


@cache
def _slugs() -> Mapping[str, str]:
    """The slug of each explanation, found by its English words, which are those of the JSON Schema."""
    return {say_in("en", slug): slug for slug in LANGUAGES["en"] if slug.startswith("yaml-")}
