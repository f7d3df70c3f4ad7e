"""What was searched for, kept on the server for a while: names and NIKs stand in no address and no log.

A search is a POST that leads to the list with a random token; the token finds the words again for the same
account in the same process, so that going back, reloading and paging work as with any address.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from threading import Lock

from portal.access import Actor

MOST = 5_000


class Searches:
    """The last searches of everybody, the oldest forgotten first."""

    def __init__(self) -> None:
        self._words: OrderedDict[tuple[str, int | None], str] = OrderedDict()
        self._lock = Lock()

    def keep(self, account: int | None, words: str) -> str:
        """Returns the token under which an account's words are found again."""
        token = secrets.token_urlsafe(9)
        with self._lock:
            self._words[(token, account)] = words
            while len(self._words) > MOST:
                self._words.popitem(last=False)
        return token

    def words(self, account: int | None, token: str) -> str | None:
        """Returns the words of an account's token, None when they are forgotten."""
        with self._lock:
            return self._words.get((token, account))


KEPT = Searches()
"""The searches of this process: they outlive the site of one Release."""


def words_of(actor: Actor, token: str) -> str | None:
    """Returns the words that a list is searched for: empty without a search, None when they are forgotten."""
    return KEPT.words(actor.account_id, token) if token else ""
