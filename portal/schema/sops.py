"""Procedures: their steps in order, with branches."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from portal.scalars import Day, Definition, Flag, Id, Text, Within
from portal.schema.base import Texts
from portal.steps import AnyStep


class ServiceStandard(Definition):
    """The parts of a service standard (Permenpan 15/2014) that the SOP itself does not say."""

    product: Text | None = Field(None, description="Produk pelayanan.")
    fee: Text | None = Field(None, description="Biaya/tarif.")
    facilities: Text | None = Field(None, description="Sarana, prasarana.")
    competence: Text | None = Field(None, description="Kompetensi pelaksana.")
    supervision: Text | None = Field(None, description="Pengawasan internal.")
    complaints: Text | None = Field(None, description="Penanganan pengaduan, saran dan masukan.")
    staff: Text | None = Field(None, description="Jumlah pelaksana.")
    guarantee: Text | None = Field(None, description="Jaminan pelayanan.")
    safety: Text | None = Field(None, description="Jaminan keamanan dan keselamatan.")
    evaluation: Text | None = Field(None, description="Evaluasi kinerja pelaksana.")


class SopSheet(Definition):
    """The parts of the form of an SOP (Permenpan 35/2012) that its steps do not say."""

    number: Text | None = Field(None, description="Nomor SOP.")
    made_on: Day | None = Field(None, description="Tanggal pembuatan.")
    approved_by: Id | None = Field(
        None, description="Disahkan oleh: the id of an officer of the office that prints it."
    )
    qualifications: Texts = Field(
        (), description="Kualifikasi pelaksana; the competence of the standard when left out."
    )
    related: tuple[Id, ...] = Field((), description="Keterkaitan: other SOPs that follow or go before.")
    equipment: Texts = Field(
        (), description="Peralatan/perlengkapan; the facilities of the standard when left out."
    )
    warnings: Texts = Field((), description="Peringatan: what happens when it is not followed.")
    records: Texts = Field((), description="Pencatatan dan pendataan; its letters and records when left out.")


class Sop(Definition):
    """A procedure: its steps in order, with branches."""

    label: Text = Field(description="The name of the procedure.")
    description: Text | None = Field(None, description="When it is used.")
    total_within: Within | None = Field(None, description="The time limit of the whole case.")
    first_response_within: Within | None = Field(
        None,
        description="How soon its first step is to be done, if not by the office's `first_response`.",
    )
    legal_basis: Texts = Field((), description="Regulations.")
    valid_from: Day | None = Field(None, description="The first day of this version.")
    valid_until: Day | None = Field(None, description="The last day.")
    steps: dict[Id, AnyStep] = Field(
        min_length=1, description="The steps; in order unless a step says otherwise."
    )
    standard: ServiceStandard | None = Field(None, description="The rest of the service standard.")
    sheet: SopSheet | None = Field(None, description="What its printed form says besides.")
    source: Text | None = Field(None, description="Where the procedure comes from.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )
    follow: Literal["wording"] | None = Field(
        None,
        description="wording: running cases take over a new version by themselves when only words differ; "
        "without it they stay on theirs until they are moved.",
    )

    def first(self) -> str:
        """Returns the id of the first step."""
        return next(iter(self.steps))

    def after(self, step: str) -> str | None:
        """Returns the id of the step that follows in order, None after the last."""
        order = list(self.steps)
        place = order.index(step) + 1
        return order[place] if place < len(order) else None

    def role_of(self, step: str) -> str | None:
        """Returns who carries out a step: its role, or that of the nearest step before it which names one."""
        order = list(self.steps)
        before = reversed(order[: order.index(step) + 1])
        return next((self.steps[key].role for key in before if self.steps[key].role), None)

    def ways(self, step: str) -> tuple[str, ...]:
        """Returns the ids of every step to which a step may lead."""
        definition = self.steps[step]
        follows = self.after(step) if definition.falls_through() else None
        return tuple(dict.fromkeys((*definition.targets(), *((follows,) if follows else ()))))

    def inside(self, group: str, first: str) -> frozenset[str]:
        """Returns the steps of a branch: those from its first one on, before it meets the others."""
        end = self.steps[group].go
        found: set[str] = set()
        waiting = [first]
        while waiting:
            here = waiting.pop()
            if here not in found and here != end and here in self.steps:
                found.add(here)
                waiting.extend(self.ways(here))
        return frozenset(found)
