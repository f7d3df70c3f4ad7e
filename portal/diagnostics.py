"""Mistakes as values: a mark, a code with values, and how they are said as text or JSON in a language."""

from __future__ import annotations

import difflib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from portal.words import LANGUAGES, language, say_in

Severity = Literal["error", "warning"]

_WIDEST = 160
"""Characters of a quoted line that are shown; a longer line is shown around its mark."""

_LONGEST = 600
"""Characters of a value that a sentence shows."""


@dataclass(frozen=True, kw_only=True, order=True)
class Mark:
    """A place in a file: 1-based line and column, and the length in characters of what is meant there."""

    file: str
    line: int
    column: int
    length: int = 1
    quoted: str = field(default="", compare=False)
    """The line of the file as it stands, without its line end."""


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """One mistake: a code whose words are in `portal/words/`, the values that fill them, and where it is.

    The sentence is the slug of the code, the hint the slug `<code>-hint`, if there is one. Two kinds of
    values are put into words: one whose name ends in `_word` is itself a slug; `near` becomes `{maybe}`,
    "perhaps you mean ...", which is empty when `near` is.
    """

    code: str
    mark: Mark
    values: Mapping[str, str] = field(default_factory=dict)
    severity: Severity = "error"


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics sorted by place, each once."""
    unique = {(d.mark, d.code, tuple(sorted(d.values.items()))): d for d in diagnostics}
    return tuple(unique[key] for key in sorted(unique))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Returns the known word that a mistyped one most likely means, or None."""
    found = difflib.get_close_matches(word.lower(), tuple(known), n=1, cutoff=0.6)
    return found[0] if found else None


def listed(known: Iterable[str], limit: int = 12) -> str:
    """Returns words for a hint, sorted and separated by commas, the rest of a long list as `...`."""
    words = sorted(known)
    return ", ".join(words[:limit]) + (", ..." if len(words) > limit else "")


def message(diagnostic: Diagnostic, in_language: str | None = None) -> str:
    """Returns what is wrong, as one sentence in a language, the reader's by default."""
    chosen = in_language or language()
    return say_in(chosen, diagnostic.code, **_worded(diagnostic, chosen))


def hint(diagnostic: Diagnostic, in_language: str | None = None) -> str:
    """Returns the way out in a language, the reader's by default; empty where there is nothing to say."""
    chosen = in_language or language()
    slug = f"{diagnostic.code}-hint"
    return say_in(chosen, slug, **_worded(diagnostic, chosen)) if slug in LANGUAGES[chosen] else ""


def summary(diagnostics: Iterable[Diagnostic], in_language: str | None = None) -> str:
    """Returns how many errors and warnings there are, as one line."""
    severities = [d.severity for d in diagnostics]
    return say_in(
        in_language or language(),
        "diagnostic-summary",
        errors=severities.count("error"),
        warnings=severities.count("warning"),
    )


def render_text(diagnostics: Iterable[Diagnostic], in_language: str | None = None) -> str:
    """Returns the diagnostics as one reads them in a terminal, each with its place and its quoted line."""
    return "".join(_as_text(d, in_language or language()) for d in diagnostics)


def render_json(diagnostics: Iterable[Diagnostic], in_language: str | None = None) -> str:
    """Returns the diagnostics as a JSON list of objects, for editors and other programs."""
    objects = [
        {
            "code": d.code,
            "severity": d.severity,
            "file": d.mark.file,
            "line": d.mark.line,
            "column": d.mark.column,
            "length": d.mark.length,
            "message": message(d, in_language),
            "hint": hint(d, in_language),
            "values": dict(d.values),
        }
        for d in diagnostics
    ]
    return json.dumps(objects, ensure_ascii=False, indent=2) + "\n"


def _worded(diagnostic: Diagnostic, chosen: str) -> dict[str, str]:
    values = {
        name: say_in(chosen, value) if name.endswith("_word") else _shown(_short(value))
        for name, value in diagnostic.values.items()
    }
    if "near" in values:
        values["maybe"] = say_in(chosen, "diagnostic-maybe", near=values["near"]) if values["near"] else ""
    return values


def _as_text(diagnostic: Diagnostic, chosen: str) -> str:
    mark = diagnostic.mark
    severity = say_in(chosen, f"diagnostic-{diagnostic.severity}")
    place = f"{mark.file}:{mark.line}:{mark.column}"
    lines = [f"{place}: {severity}: {message(diagnostic, chosen)} [{diagnostic.code}]", *_quotation(mark)]
    way_out = hint(diagnostic, chosen)
    if way_out:
        lines.append(f"  {say_in(chosen, 'diagnostic-hint')}: {way_out}")
    return "\n".join(lines) + "\n"


def _quotation(mark: Mark) -> tuple[str, ...]:
    """Returns the quoted line and the one that underlines what is meant, both after the same margin."""
    if not mark.quoted.strip():
        return ()
    quoted, start = mark.quoted, mark.column - 1
    first = max(start - _WIDEST // 2, 0) if len(quoted) > _WIDEST else 0
    last = first + _WIDEST
    before, meant = _shown(quoted[first:start]), _shown(quoted[start : min(start + mark.length, last)])
    after = _shown(quoted[start + mark.length : last])
    left, right = ("…" if first else ""), ("…" if last < len(quoted) else "")
    return (
        f"{mark.line:>5} | {left}{before}{meant}{after}{right}".rstrip(),
        f"      | {' ' * (len(left) + _width(before))}{'^' * max(_width(meant), 1)}",
    )


def _shown(text: str) -> str:
    """Returns a text safe for a terminal: each character that would not be seen becomes one that is."""
    return "".join(_visible(character) for character in text)


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST else value[:_LONGEST] + "…"


def _visible(character: str) -> str:
    if character == "\t":
        return "→"
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or (category == "Zs" and character != " "):
        return "·"
    return character


def _width(text: str) -> int:
    """Returns the columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
