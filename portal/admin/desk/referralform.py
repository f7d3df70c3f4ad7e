"""The form with which a clerk writes down what happened to a referral: what each act asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.admin.forms import Form
from portal.fields import ChoiceField, ChoicesField, DateField, FieldType, LongTextField
from portal.referrals import Said
from portal.referrals.papers import papers_of
from portal.referrals.states import ACTS, CLERKS_WAYS, CONFIRMERS, REPLIES, Name
from portal.releases import Live
from portal.schema import Schema
from portal.tables import Referral
from portal.words import say

ENTRIES = ("way", "reason", "missing", "note", "confirmed-by", "evidence", "evidence-on")


def any_referral_form(live: Live, said: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the entries that some act asks for."""
    return ENTRIES


def fields_of(schema: Schema, row: Referral, act: Name) -> dict[str, FieldType]:
    """Returns what an act asks for."""
    asked: dict[str, FieldType] = {}
    needs = ACTS[act].needs
    if act == "serve" or (act in REPLIES.values() and act != "expire"):
        asked["way"] = _choice("referral-way", {each: say(f"referral-way-{each}") for each in CLERKS_WAYS})
    if "reason" in needs and schema.reasons:
        asked["reason"] = _choice(
            "referral-reason", {key: each.label for key, each in schema.reasons.items()}
        )
    if "missing" in needs and (papers := dict(papers_of(schema, row))):
        asked["missing"] = ChoicesField(type="choices", label=say("referral-missing"), choices=papers)
    if "evidence" in needs:
        asked["confirmed-by"] = _choice(
            "referral-by", {each: say(f"referral-by-{each}") for each in CONFIRMERS}
        )
        asked["evidence-on"] = DateField(type="date", label=say("referral-evidence-on"), required=True)
        asked["evidence"] = LongTextField(
            type="long-text",
            label=say("referral-evidence"),
            help=say("referral-evidence-help"),
            required=True,
        )
    if act != "hand-over":
        label = say("referral-note-why" if "note" in needs else "referral-note")
        asked["note"] = LongTextField(type="long-text", label=label, required="note" in needs)
    return asked


def _choice(slug: str, choices: Mapping[str, str]) -> ChoiceField:
    return ChoiceField(type="choice", label=say(slug), choices=dict(choices), required=True)


def said_in(form: Form, act: Name) -> Said:
    """Returns what a form says with its act; what needs no word of how it came in happened at the desk."""
    values = form.values
    on, missing = values.get("evidence-on"), values.get("missing")
    return Said(
        way=str(values.get("way") or "in-person"),
        reason=str(values.get("reason") or ""),
        missing=tuple(missing) if isinstance(missing, tuple | list) else (),
        note=str(values.get("note") or ""),
        confirmed_by=str(values.get("confirmed-by") or ""),
        evidence=str(values.get("evidence") or ""),
        evidence_on=on if isinstance(on, date) else None,
    )
