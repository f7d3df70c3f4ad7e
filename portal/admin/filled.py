"""A page and what was typed into one of its forms before -> the page with that form filled in again.

The page is made as for anybody and only its entries are filled: what somebody may not see or change has no
entry there, and so nothing of a draft can appear in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser

from portal.accounts.drafts import Entries
from portal.admin.once import KEYS

STATE = ("version", "sop-version")
"""Hidden entries that say which state of things was on the screen: a stale draft has to be found stale."""
STATE_BEGINS = ("semula-", "terlihat-")
UNTYPED = frozenset({"password", "file", "submit", "button", "image", "reset"})

Attributes = list[tuple[str, str | None]]


def filled(html: str, form: str, key: str, entries: Entries) -> str:
    """Returns a page with the entries of a form, which is known by its address, filled in under its key."""
    writer = _Writer(form, key, entries)
    writer.feed(html)
    writer.close()
    return "".join(writer.out)


class _Writer(HTMLParser):
    """Writes down what it reads, but for the entries of one form."""

    def __init__(self, form: str, key: str, entries: Entries) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._form, self._key = form, key
        self._said: dict[str, list[str]] = {}
        for name, text in entries:
            self._said.setdefault(name, []).append(text)
        self._used: dict[str, int] = {}
        self._inside = self._over = self._silent = False
        self._select: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self.out.append(self._start(tag, attrs) or self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._over = self._over or self._inside
            self._inside = False
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._silent = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._text(data)

    def handle_entityref(self, name: str) -> None:
        self._text(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._text(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def _text(self, text: str) -> None:
        if not self._silent:
            self.out.append(text)

    def _start(self, tag: str, attrs: Attributes) -> str | None:
        """Returns the new text of a tag, None when it stays as it is."""
        has = {name: value or "" for name, value in attrs}
        if tag == "form" and not self._over:
            self._inside = has.get("action") == self._form and has.get("method") == "post"
        if not self._inside:
            return None
        name = has.get("name", "")
        if tag == "select":
            self._select = self._said.get(name)
        elif tag == "option" and self._select is not None:
            return _tag(tag, attrs, "selected", on=has.get("value", "") in self._select)
        elif tag == "textarea" and name in self._said:
            self._silent = True
            return f"{self.get_starttag_text()}\n{escape(self._next(name), quote=False)}"
        elif tag == "input":
            return self._input(attrs, name, has.get("type", "text"), has.get("value", "on"))
        return None

    def _input(self, attrs: Attributes, name: str, kind: str, value: str) -> str | None:
        said = self._said.get(name)
        if kind == "hidden":
            if name in KEYS:
                return _tag("input", attrs, "value", self._key)
            state = name in STATE or name.startswith(STATE_BEGINS)
            return _tag("input", attrs, "value", said[0]) if said and state else None
        if kind == "checkbox":
            return _tag("input", attrs, "checked", on=value in (said or ()))
        if said is None or kind in UNTYPED:
            return None
        if kind == "radio":
            wanted = next((each for each in reversed(said) if each), "")
            return _tag("input", attrs, "checked", on=value == wanted)
        return _tag("input", attrs, "value", self._next(name))

    def _next(self, name: str) -> str:
        """The text of the next entry of a name: the boxes of a date have the same one."""
        place = self._used.get(name, 0)
        self._used[name] = place + 1
        said: Sequence[str] = self._said[name]
        return said[place] if place < len(said) else ""


def _tag(tag: str, attrs: Attributes, name: str, value: str = "", *, on: bool = True) -> str:
    """Returns a tag with an attribute set anew, or without it."""
    kept: Attributes = [each for each in attrs if each[0] != name]
    said = [*kept, (name, value)] if on else kept
    return f"<{tag}" + "".join(f' {key}="{escape(text or "")}"' for key, text in said) + ">"
