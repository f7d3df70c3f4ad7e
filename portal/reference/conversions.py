"""The page that says which kinds of field may become which, from the table of `conversions`."""

from __future__ import annotations

from portal.conversions import KINDS, between
from portal.reference.page import NOTE

_SIGNS = {"always": "yes", "checked": "if each fits", "never": ""}

PAGE = """\
# Changing the type of a field

A field of a record type may become another kind where its values can follow.
The rows of this table are what a field was, the columns what it becomes.

TABLE

**yes**: every value passes.

**if each fits**: each value is read as if it were typed into a form of the new kind; a text `12` becomes the number 12.
`portal plan` looks at every row first, and names those that do not fit by key and value, masked where the field is sensitive.
As long as there is one, nothing is applied.

An empty cell: refused.
Add a field of the other kind and withdraw the old one; its column and values stay.

Two kinds of number differ by their decimals: more of them always pass, fewer only where no digit is lost.
A link may not point to another record type.

The same look at the rows comes before a field is made unique: rows that hold the same value are named.
A field that is made required is different: rows without a value stay as they are, are counted in the plan, and want the value when they are next edited.

The answers of steps keep their type, because running cases hold answers of the old one: a question of another type is another field.

How it is done: the column steps aside, a new one is added, each value passes, and the old column goes, all in the one transaction of the apply.
Search indexes are made anew.
"""  # noqa: E501 - one sentence a line


def page() -> str:
    """Returns the page in Markdown."""
    head = "| | " + " | ".join(KINDS) + " |"
    rows = [f"| **{old}** | " + " | ".join(_cell(old, new) for new in KINDS) + " |" for old in KINDS]
    table = "\n".join([head, "|---" * (len(KINDS) + 1) + "|", *rows])
    return NOTE + PAGE.replace("TABLE", table)


def _cell(old: str, new: str) -> str:
    return "·" if old == new else _SIGNS[between(old, new)]
