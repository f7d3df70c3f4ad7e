"""What every sheet of an SOP is made from: the Release, the version in force, the office that prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import quote

from portal.schema import Centre, Schema, Sop

Kind = Literal["form", "standard", "aid"]
"""The SOP in its official form, the service standard, the page of one role."""
LARGEST_EMBLEM = 64_000
"""The characters that the press takes as a picture inside a sheet."""


@dataclass(frozen=True, kw_only=True)
class InForce:
    """Which version of an SOP is in force, and since when."""

    version: int
    release: int
    since: date
    """The day on which the Release that brought it was applied."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One SOP as one office prints it."""

    schema: Schema
    sop_id: str
    centre_id: str
    in_force: InForce
    emblems: Mapping[str, str]
    """The drawings in the letters' folder by name."""

    @property
    def sop(self) -> Sop:
        """The SOP."""
        return self.schema.sops[self.sop_id]

    @property
    def centre(self) -> Centre:
        """The office."""
        return self.schema.office.centres[self.centre_id]

    @property
    def effective(self) -> date:
        """The first day on which work follows it."""
        return max(filter(None, (self.in_force.since, self.sop.valid_from)))


def executors(sop: Sop) -> tuple[str, ...]:
    """Returns the roles that carry an SOP out, in the order in which each comes first."""
    found = (sop.role_of(key) for key in sop.steps)
    return tuple(dict.fromkeys(role for role in found if role))


def role_label(schema: Schema, role: str) -> str:
    """Returns the name of a role, or its id when nobody declares it any more."""
    known = schema.known.roles.get(role)
    return known.label if known else role


def head(facts: Facts) -> dict[str, Any]:
    """Returns what all sheets say alike: the office, the SOP, its dates, who approves it."""
    sop, sheet, now = facts.sop, facts.sop.sheet, facts.in_force
    return {
        "office": _office(facts),
        "sop": sop.label,
        "about": sop.description or "",
        "number": sheet.number if sheet and sheet.number else "",
        "made": sheet.made_on if sheet and sheet.made_on else "",
        "revised": now.since if now.version > 1 else "",
        "effective": facts.effective,
        "version": now.version,
        "release": now.release,
        "approver": _approver(facts),
    }


def _office(facts: Facts) -> dict[str, Any]:
    paper = facts.centre.letterhead
    return {
        "label": facts.centre.label,
        "lines": list(paper.lines),
        "name": paper.name,
        "address": ", ".join(filter(None, (paper.address, paper.phone))),
        "emblems": [*filter(None, (_emblem(facts, paper.emblem_left), _emblem(facts, paper.emblem_right)))],
    }


def _emblem(facts: Facts, name: str | None) -> str:
    """Returns an emblem as an address that holds it: the sheets' own folder has no emblems."""
    address = f"data:image/svg+xml,{quote(facts.emblems.get(name or '', ''))}"
    return address if facts.emblems.get(name or "") and len(address) <= LARGEST_EMBLEM else ""


def _approver(facts: Facts) -> dict[str, str]:
    """Returns who approves it on the day of its effect; what is not known stays empty."""
    named = facts.sop.sheet.approved_by if facts.sop.sheet else None
    officer = facts.centre.officers.get(named or "")
    if officer is None:
        return {"post": "", "name": "", "rank": "", "nip": ""}
    person = officer.on(facts.effective)
    return {
        "post": f"{person.prefix} {officer.post}" if person.prefix else officer.post,
        "name": person.name,
        "rank": person.rank or "",
        "nip": person.nip or "",
    }
