"""Records that may be one person's: found by their spelling, explained, decided, merged and taken apart.

Importing it lets keys and pairs follow every change of a record.
"""

from __future__ import annotations

from portal.twins.deciding import (
    DIFFERENT,
    OPEN,
    RELATED,
    NotThere,
    Stale,
    count_open,
    decide,
    may_decide,
    open_pairs,
    pair,
    pairs_of,
)
from portal.twins.finding import Found, Match, find, is_certain, sounds_like, stays, table_of
from portal.twins.keeping import Over, keep, learn, rebuild, refresh
from portal.twins.merging import (
    Impossible,
    family,
    forget,
    hidden_of,
    merge,
    merges_of,
    undo,
    undoable,
)
from portal.twins.signs import Likeness, compared, likeness, told

__all__ = [
    "DIFFERENT",
    "OPEN",
    "RELATED",
    "Found",
    "Impossible",
    "Likeness",
    "Match",
    "NotThere",
    "Over",
    "Stale",
    "compared",
    "count_open",
    "decide",
    "family",
    "find",
    "forget",
    "hidden_of",
    "is_certain",
    "keep",
    "learn",
    "likeness",
    "may_decide",
    "merge",
    "merges_of",
    "open_pairs",
    "pair",
    "pairs_of",
    "rebuild",
    "refresh",
    "sounds_like",
    "stays",
    "table_of",
    "told",
    "undo",
    "undoable",
]
