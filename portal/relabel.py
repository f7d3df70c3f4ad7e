"""Renames -> the rows that name an entry by its id name the new one; what was printed or logged stays.

Events and the kinds of issued letters keep the ids of their time; the Release's `past.renamed` says what
they mean now.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import String, Table, cast, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.models import Models
from portal.renames import Rename
from portal.tables import (
    Case,
    CaseDocument,
    CaseNeed,
    CaseTransfer,
    Counter,
    Grant,
    IssuedLetter,
    Referral,
    ReservedNumber,
    SopVersion,
    Task,
)

_NAMED_IN: Mapping[str, tuple[InstrumentedAttribute[str] | InstrumentedAttribute[str | None], ...]] = {
    "programs": (Case.program, CaseTransfer.program),
    "complaints": (Case.complaint, CaseNeed.complaint, CaseTransfer.complaint),
    "channels": (Case.channel,),
    "priorities": (Case.priority,),
    "outcomes": (Case.outcome, CaseNeed.outcome),
    "sops": (Case.sop, SopVersion.sop),
    "destinations": (Referral.destination,),
    "roles": (Grant.role, Task.role),
    "documents": (CaseDocument.document,),
    "reasons": (Referral.reason,),
}


def relabel(session: Session, renames: tuple[Rename, ...], models: Models) -> None:
    """Gives every row that names a renamed entry its new id."""
    references = {"programs": models.programs, "destinations": models.destinations}
    for each in renames:
        for column in _NAMED_IN.get(each.kind, ()):
            session.execute(update(column.class_).where(column == each.was).values({column.key: each.key}))
        if each.kind in references:
            table: Table = references[each.kind].__table__
            session.execute(update(table).where(table.c.id == each.was).values(id=each.key))
        if each.kind == "flags":
            _flags(session, each)
        if each.kind == "letters":
            _move_counters(session, each)


def _flags(session: Session, each: Rename) -> None:
    """Flags stand in a list of each case that has any; their number is small."""
    flagged = select(Case.id, Case.flags).where(cast(Case.flags, String).contains(f'"{each.was}"'))
    for key, flags in session.execute(flagged).all():
        said = [each.key if flag == each.was else flag for flag in flags]
        session.execute(update(Case).where(Case.id == key).values(flags=said))


def _move_counters(session: Session, each: Rename) -> None:
    """A letter without a series counts under its own id, after that of the office: its book goes on."""
    ending = f"/{each.was}"
    for table in (Counter, IssuedLetter, ReservedNumber):
        series = table.series
        ours = func.substr(series, func.length(series) - len(ending) + 1) == ending
        moved = func.substr(series, 1, func.length(series) - len(each.was)).concat(each.key)
        session.execute(update(table).where(ours).values(series=moved))
