"""What was known when a referral was made out, under the masks of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal import reads
from portal.access import may_record_in
from portal.admin.desk.base import Here
from portal.admin.desk.cards import Eyes
from portal.admin.records.mine import case_is_mine
from portal.facts import resident_of
from portal.models import column_name
from portal.releases import SessionNames
from portal.tables import Case, Referral
from portal.words import say
from portal.worktime import long_date


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """The data of a referral in words."""

    on: str
    household: Sequence[str]
    consent: str
    eligibility: str
    rules: Sequence[str]
    documents: Sequence[str]


def frozen_of(session: Session, here: Here, case: Case, row: Referral) -> Frozen | None:
    """Returns what is kept of the moment of a referral, None for one of long ago or an erased one."""
    kept = row.frozen
    if not kept:
        return None
    said = kept.get("eligibility") or {}
    return Frozen(
        on=long_date(date.fromisoformat(kept["on"])),
        household=tuple(_people(session, here, case, kept["household"])),
        consent=_consent(kept["consent"]),
        eligibility=say(f"referral-eligible-{said['answer']}") if said else "",
        rules=tuple(
            say(f"referral-rule-{each['answer']}", says=each["says"]) for each in said.get("rules", ())
        ),
        documents=tuple(_papers(here, kept["documents"])),
    )


def _people(session: Session, here: Here, case: Case, people: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Each member in a line; whoever may not read residents here reads none of them."""
    schema, kind = here.live.schema, here.live.schema.subject()
    subject, resident = schema.records[kind], resident_of(session, here.live, case)
    area = getattr(resident, column_name(subject.area), None) if subject.area and resident else case.area
    if not may_record_in(schema, here.actor, kind, "read", area):
        return
    eyes = Eyes(
        live=here.live,
        actor=here.actor,
        names=SessionNames(session, here.live, here.actor),
        area=area,
        assigned=case_is_mine(session, schema, here.actor, case),
    )
    seen: dict[str, Any] = {}
    for person in people:
        parts = []
        for key, field in subject.fields.items():
            value = person.get(column_name(key))
            sight = eyes.sight(field, kind, key)
            if not value or sight == "hidden" or key not in ("name", "nik", "relation", "birth_date"):
                continue
            seen[key] = sight
            parts.append(field.mask(value) if sight == "masked" else _plain(key, value))
        if parts:
            yield ", ".join(parts)
    if case.resident_id:
        reads.note(kind, (case.resident_id,), seen)


def _plain(key: str, value: str) -> str:
    return long_date(date.fromisoformat(value)) if key == "birth_date" else value


def _consent(said: Mapping[str, Any]) -> str:
    if said.get("ticked") or said.get("standing") == "given":
        return say("referral-consent-ticked")
    return say("referral-consent-none" if said.get("needed") else "referral-consent-not-needed")


def _papers(here: Here, papers: Sequence[Mapping[str, str]]) -> Iterator[str]:
    labels = here.live.schema.known.documents
    for each in papers:
        label = labels[each["id"]].label if each["id"] in labels else each["id"]
        yield f"{label}: {say('paper-' + each['state'])}"
