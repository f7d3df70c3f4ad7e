"""Agencies and desks to which residents are referred."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from portal.scalars import AreaCode, Definition, Flag, Id, Text, Within
from portal.schema.base import Texts
from portal.steps import DocumentNeed


class Destination(Definition):
    """An agency or desk to which residents are referred."""

    label: Text = Field(description="The name of the agency or desk.")
    addressee: Text = Field(
        description="Who a letter is addressed to, after Yth.; {regency} names the district."
    )
    address: Text | None = Field(None, description="Street.")
    place: Text = Field(description="The town after di; {regency} names the district's.")
    serves: tuple[AreaCode, ...] = Field((), description="The areas it serves; everywhere when left out.")
    takes: tuple[Id, ...] = Field(min_length=1, description="The sectors it takes.")
    needs: dict[Id, DocumentNeed] = Field({}, description="Documents that must be attached.")
    needs_note: Text | None = Field(None, description="What else it needs.")
    hours: Text | None = Field(None, description="Opening hours.")
    phone: Text | None = Field(None, description="Telephone, WhatsApp, call centre.")
    emergency: Flag = Field(False, description="true: it can be called day and night.")
    via: Literal["direct", "slrt"] = Field(
        "direct", description="slrt: referrals go through the district secretariat."
    )
    consent: Flag = Field(False, description="true: the resident must agree, as it is not a public body.")
    reply_within: Within | None = Field(None, description="How long it usually takes to answer.")
    copies: Texts = Field((), description="Tembusan that go with every letter to it.")
    source: Text | None = Field(None, description="Where this description comes from.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )
