"""Codes that people read off paper and type: letters that paper tells apart, in groups."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which paper does not tell apart; five bits each."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How a kind of code looks: so many groups of so many letters."""

    groups: int
    size: int

    def new(self) -> str:
        """Returns a new code at random, such as `K7MQX-2FHTP`."""
        return self._joined("".join(secrets.choice(LETTERS) for _ in range(self.groups * self.size)))

    def typed(self, text: str) -> str:
        """Returns a code as it is kept, however somebody typed it; what is none matches nothing."""
        plain = "".join(each for each in text.upper() if each.isascii() and each.isalnum())
        return self._joined(plain[: self.groups * self.size])

    def _joined(self, plain: str) -> str:
        return "-".join(plain[place : place + self.size] for place in range(0, len(plain), self.size))
