"""The HTML, style sheets and emblems of letters against an allow-list: what a paper needs, and no more.

A template is read with its Jinja parts taken out, so that what stands in a branch is looked at as well. The
press opens nothing foreign anyway; here whoever edits hears of it with the line, before anything is applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

TAGS = frozenset({
    "html", "head", "meta", "title", "body", "header", "main", "section", "footer", "div", "p", "span",
    "b", "i", "u", "strong", "em", "small", "sup", "sub", "br", "hr", "h1", "h2", "h3", "h4",
    "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td",
    "ol", "ul", "li", "img", "svg", "path",
})  # fmt: skip
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "*": frozenset({"class", "id", "lang"}),
    "img": frozenset({"src", "alt"}),
    "meta": frozenset({"charset", "name", "content"}),
    "svg": frozenset({"viewbox", "role", "aria-label"}),
    "path": frozenset({"d", "stroke", "fill"}),
    "td": frozenset({"colspan", "rowspan", "scope"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "col": frozenset({"span"}),
    "ol": frozenset({"start", "type"}),
}
WIDEST = 20
"""So many columns or rows a cell may span: a million of them take the press a minute."""
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_VALUE = "§"
_PICTURE = re.compile(r"(?!/)(?!.*\.\.)[\w./ -]+\.(?:svg|png|jpe?g)", re.IGNORECASE)
_METAS = ("author", "dcterms.created", "dcterms.modified")
_STYLE = re.compile(r"@import|@font-face|@namespace|expression\s*\(|url\s*\((?P<url>[^)]*)\)", re.IGNORECASE)
_DRAWING = re.compile(
    r"<!entity|<!doctype|<script|<foreignobject|<image|<style|<iframe|\son\w+\s*=|xlink:href\s*=\s*[\"'](?!#)"
    r"|\bhref\s*=\s*[\"'](?!#)|javascript:|url\s*\(\s*[\"']?(?!#)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Something that does not belong into a letter: the slug of what is wrong, its line, and its text."""

    code: str
    line: int
    text: str


@lru_cache(maxsize=256)
def in_template(source: str) -> tuple[Found, ...]:
    """Returns what a template's HTML must not have; the layouts that letters share are read once."""
    reader = _Reader()
    reader.feed(_JINJA.sub(_blank, source))
    reader.close()
    return tuple(reader.found)


def in_style(source: str) -> Iterator[Found]:
    """Yields what a style sheet of letters must not have: anything that is opened from elsewhere."""
    for match in _STYLE.finditer(source):
        url = (match["url"] or "").strip("\"' ")
        if match["url"] is None or not _PICTURE.fullmatch(url):
            yield _at(source, match, "letter-style-foreign")


def in_drawing(source: str) -> Iterator[Found]:
    """Yields what an emblem must not have: scripts, pictures and links to elsewhere, entities."""
    for match in _DRAWING.finditer(source):
        yield _at(source, match, "letter-drawing-unsafe")


def _at(source: str, match: re.Match[str], code: str) -> Found:
    line = source.count("\n", 0, match.start()) + 1
    return Found(code=code, line=line, text=" ".join(match[0].split())[:40])


def _blank(match: re.Match[str]) -> str:
    """What stands for a part of Jinja: a value for what is printed, the same number of lines for all."""
    return (_VALUE if match[0].startswith("{{") else "") + "\n" * match[0].count("\n")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Found] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self._wrong("letter-tag-forbidden", tag)
            return
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, frozenset())
        for name, value in attrs:
            if name not in allowed:
                self._wrong("letter-attribute-forbidden", name)
            elif name in ("colspan", "rowspan", "span") and not _narrow(value):
                self._wrong("letter-span-wide", f"{name}={value}")
            elif name == "src" and value and value != _VALUE and not _PICTURE.fullmatch(value):
                self._wrong("letter-picture-foreign", value)
            elif tag == "meta" and name == "name" and value not in _METAS:
                self._wrong("letter-attribute-forbidden", f"name={value}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_pi(self, data: str) -> None:
        self._wrong("letter-tag-forbidden", f"?{data[:20]}")

    def unknown_decl(self, data: str) -> None:
        self._wrong("letter-tag-forbidden", f"![{data[:20]}")

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self._wrong("letter-tag-forbidden", f"!{decl[:20]}")

    def _wrong(self, code: str, text: str) -> None:
        self.found.append(Found(code=code, line=self.getpos()[0], text=text[:40]))


def _narrow(value: str | None) -> bool:
    return value is not None and value.isascii() and value.isdigit() and 0 < int(value[:6]) <= WIDEST
