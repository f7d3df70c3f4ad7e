"""Which documents a destination may miss: what it asks for, and what came with the referral."""

from __future__ import annotations

from portal.schema import Schema
from portal.tables import Referral


def papers_of(schema: Schema, row: Referral) -> tuple[tuple[str, str], ...]:
    """Returns the documents to tick as missing, with their names; all of them where none is asked for."""
    destination = schema.known.destinations.get(row.destination)
    asked = [*(destination.needs if destination else ())]
    asked += [str(each.get("id")) for each in (row.frozen or {}).get("documents", ())]
    labels = schema.known.documents
    keys = [key for key in dict.fromkeys(asked) if key in labels] or list(schema.documents)
    return tuple((key, labels[key].label) for key in keys)
