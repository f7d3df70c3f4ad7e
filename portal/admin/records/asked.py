"""What the address of a list asks for: filters, order, a search by its token, a place in the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from starlette.datastructures import ImmutableMultiDict

from portal.admin.records.lens import Lens, is_filter
from portal.admin.records.rows import Cursor

FILTER = "filter-"
"""How the query keys of filters begin, so that no field id meets another key."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A list as it is asked for; what the person may not ask is left out."""

    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    """A field id, with a hyphen before it for descending."""
    search: str = ""
    """The token of a search; its words stand in no address."""
    cursor: Cursor | None = None

    @property
    def sort_field(self) -> str:
        """The field it is sorted by, empty for the newest first."""
        return self.sort.removeprefix("-")

    def pairs(self) -> list[tuple[str, str]]:
        """Returns the query keys and values, without the place."""
        pairs = [(FILTER + name, value) for name, value in self.filters.items()]
        pairs += [("sort", self.sort)] if self.sort else []
        return pairs + ([("search", self.search)] if self.search else [])

    def url(self, path: str, **place: int) -> str:
        """Returns the address of this list, at a place: `after=` or `before=` the key of a row."""
        query = urlencode([*self.pairs(), *((key, str(value)) for key, value in place.items())])
        return f"{path}?{query}" if query else path

    def without(self, name: str) -> Asked:
        """Returns the same list without a filter."""
        kept = {key: value for key, value in self.filters.items() if key != name}
        return replace(self, filters=kept, cursor=None)

    def sorted_by(self, name: str) -> Asked:
        """Returns the list that a click on a column's heading asks for."""
        turned = f"-{name}" if self.sort == name else name
        return replace(self, sort=turned, cursor=None)


def asked(lens: Lens, query: ImmutableMultiDict[str, str]) -> Asked:
    """Returns what a query asks for; what is not declared, not allowed or not readable is ignored."""
    filters = {
        key.removeprefix(FILTER): value
        for key, value in query.items()
        if key.startswith(FILTER) and value and is_filter(lens, key.removeprefix(FILTER))
    }
    sort = query.get("sort", "")
    sortable = lens.plain(lens.record.sort)
    return Asked(
        filters=filters,
        sort=sort if sort.removeprefix("-") in sortable else "",
        search=query.get("search", ""),
        cursor=cursor_of(query),
    )


def cursor_of(query: ImmutableMultiDict[str, str]) -> Cursor | None:
    """Returns the place in a list that a query names, None for its beginning."""
    for name, back in (("after", False), ("before", True)):
        text = query.get(name, "")
        if text.isascii() and text.isdigit() and len(text) <= 18:
            return Cursor(key=int(text), back=back)
    return None
