"""The characters refused in a file: tabs before text, control characters, those that only look right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from portal.diagnostics import Diagnostic, Mark

_SPACES = (
    "\u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_INVISIBLE = "\u00ad\u034f\u061c\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff"
_DIRECTION = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BREAKS = "\u0085\u2028\u2029"
_DOUBLE = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"
_SINGLE = "\u2018\u2019\u201a\u201b\u2032"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2022\u2212"
_WIDE = "".join(map(chr, range(0xFF01, 0xFF5F)))
_CONTROL = (
    "".join(map(chr, (*range(9), 11, 12, *range(14, 32), *range(127, 133), *range(134, 160))))
    + "\ufffe\uffff"
)

_WORDS = {
    "character-space": _SPACES,
    "character-invisible": _INVISIBLE,
    "character-direction": _DIRECTION,
    "character-break": _BREAKS,
    "character-quote": _DOUBLE + _SINGLE,
    "character-dash": _DASHES,
    "character-wide": _WIDE,
}
_WORD_OF = {character: word for word, characters in _WORDS.items() for character in characters}
_REPAIRS = str.maketrans(
    {
        **dict.fromkeys(_SPACES + _BREAKS, " "),
        **{wide: chr(ord(wide) - 0xFEE0) for wide in _WIDE},
        **dict.fromkeys(_CONTROL, "\ufffd"),
        "\ufeff": "\ufffd",
    }
)
_ANYWHERE = re.compile(f"[{_SPACES}{_INVISIBLE}{_DIRECTION}{_BREAKS}{_WIDE}]")
_AS_QUOTE = re.compile(rf"(?:^\s*|:\s+|-\s+|[\[{{,]\s*)([{_DOUBLE}{_SINGLE}])")
_AS_DASH = re.compile(rf"^\s*([{_DASHES}])\s")
_IN_KEY = re.compile(rf"^[\s-]*[a-z0-9_-]*([{_DASHES}\u0370-\u03ff\u0400-\u04ff])[\w-]*\s*:(?:\s|$)")
_FORBIDDEN = re.compile(f"[{re.escape(_CONTROL)}\ud800-\udfff]")
_TAB_INDENT = re.compile(r"^ *(\t+)\s*[^\s#]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def lines_of(text: str) -> tuple[str, ...]:
    """Returns the lines without their ends, as an editor numbers them."""
    return tuple(re.split(r"\r\n|\r|\n", text))


def wrong_characters(file: str, lines: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Yields the wrong characters of a file, one diagnostic for each kind on a line; comments are free."""
    for number, line in enumerate(lines, start=1):
        if line.isascii() and line.isprintable():
            continue
        yield from _in_line(file, number, line)


def repaired(text: str) -> str:
    """Returns a text of the same shape that the parser can read: one bad character hides nothing else."""
    text = _SURROGATE.sub("\ufffd", text).translate(_REPAIRS)
    return "\n".join(_TAB_INDENT.sub(_spaces, line) if line.strip() else "" for line in lines_of(text))


def _in_line(file: str, number: int, line: str) -> Iterator[Diagnostic]:
    def found(
        code: str, position: int, length: int = 1, values: Mapping[str, str] | None = None
    ) -> Diagnostic:
        mark = Mark(file=file, line=number, column=position + 1, length=length, quoted=line)
        return Diagnostic(code=code, mark=mark, values=values or {})

    for match in _FORBIDDEN.finditer(line):
        yield found("character-control", match.start(), values={"point": f"U+{ord(match[0]):04X}"})
    if line.lstrip().startswith("#"):
        return
    tab = _TAB_INDENT.match(line)
    if tab:
        yield found("tab-indentation", tab.start(1), len(tab[1]))
    seen: set[str] = set()
    for pattern in (_ANYWHERE, _AS_QUOTE, _AS_DASH, _IN_KEY):
        for match in pattern.finditer(line):
            group = match.lastindex or 0
            character = match[group]
            if character not in seen:
                seen.add(character)
                yield found("character-lookalike", match.start(group), values=_named(character))


def _named(character: str) -> dict[str, str]:
    word = _WORD_OF.get(character, "character-letter")
    return {"point": f"U+{ord(character):04X}", "character_word": word}


def _spaces(match: re.Match[str]) -> str:
    return match[0].replace("\t", " ")
