"""The names that the forms of a case's page send: of its step, the version it was shown in, of letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from portal.admin.desk.base import Here
from portal.admin.records.names import entries_of
from portal.cases import form_fields
from portal.fields import FieldType
from portal.releases import Live, sop_version
from portal.tables import SopVersion

STEP_FORM = ("key", "version", "sop-version")
"""What the form of a step sends beside its entries and papers."""


def any_step_form(live: Live, said: Mapping[str, Any]) -> Iterator[str]:
    """Yields a name that stands for all: only the database knows which step is asked for (`step_names`)."""
    yield "*"


def step_names(
    session: Session, here: Here, fields: Mapping[str, FieldType], shown: int | None
) -> frozenset[str]:
    """Returns the names of the entries of a step's form, and of the version in which it was shown.

    Args:
        fields: what the step asks now.
        shown: the version that the form says it was drawn from.
    """
    names = set(entries_of(fields))
    if shown is not None and session.get(SopVersion, shown) is not None:
        for step in sop_version(session, shown).steps.values():
            names.update(entries_of(form_fields(here.live, step)))
    names.update(
        f"{kind}-{key}" for key in here.live.schema.known.documents for kind in ("doc", "note", "follow")
    )
    return frozenset(names)


def letter_form(live: Live, said: Mapping[str, Any]) -> Iterator[str]:
    """Yields the names of the entries that letters on request ask for."""
    for letter in live.schema.letters.values():
        if letter.on_request:
            yield from entries_of(letter.asked())
