"""Letters: their official form, number, signers and template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from portal.fields import AnyField, FieldType, TextField
from portal.scalars import Definition, Flag, Id, Text, Within
from portal.schema.base import Texts
from portal.words import say

LETTER_NUMBER = "letter.number"
"""Under which name a number is typed by hand; no id of a field has a point in it."""
RESERVED = ("verify", "keys", "checker")
"""What `portal letter` takes for acts of its own."""


class Signer(Definition):
    """Who signs a letter, and as what."""

    officer: Id = Field(description="The id of an officer of the issuing office.")
    role: Literal["main", "acknowledged"] = Field("main", description="main, or acknowledged (Mengetahui).")


class ChainStep(Definition):
    """One act of the chain that a draft goes through before it is a letter."""

    role: Id = Field(description="Whose act it is.")
    act: Literal["initial", "approve", "sign"] = Field(
        description="initial (paraf), approve (persetujuan) or sign (tanda tangan)."
    )


class Letter(Definition):
    """A kind of letter."""

    label: Text = Field(description="The name of the letter.")
    code: Text | None = Field(None, description="Its short code, such as SR.")
    form: Literal["correspondence", "titled", "slip"] = Field(description="The official shape.")
    template: Text = Field(description="The file in templates/letters.")
    subject: Text | None = Field(None, description="Hal, or the title in capitals.")
    classification: Text | None = Field(None, description="The classification code (Permendagri 83/2022).")
    number: Text | None = Field(None, description="The number pattern; without it the letter has no number.")
    series: Id | None = Field(
        None, description="Letters of one series share a counter; else each has its own."
    )
    reset: Literal["year", "month", "never"] = Field("year", description="When its counter starts again.")
    manual: Literal["never", "allowed", "only"] = Field(
        "never",
        description="Whether its number may be, or has to be, that of another agenda, such as SRIKANDI.",
    )
    gapless: Flag = Field(
        True,
        description="true: numbers are only drawn, one after another. false: a number typed in the form of "
        "its own book may go ahead, and those it jumps over are skipped.",
    )
    urgency: Text | None = Field(None, description="Sifat: Biasa, Segera, Sangat Segera, Rahasia.")
    issuer: Literal["centre", "district"] = Field("centre", description="Whose letterhead and number it has.")
    signers: tuple[Signer, ...] = Field((), description="Who signs.")
    chain: tuple[ChainStep, ...] = Field(
        (), description="Who looks at a draft before it gets its number, in this order; empty: nobody."
    )
    signing: Literal["pen", "certificate", "bsre"] = Field(
        "pen",
        description="How it is signed: pen on paper, the office's certificate, or the service of BSrE.",
    )
    copies: Texts = Field((), description="Tembusan.")
    valid_for: Within | None = Field(None, description="How long it is valid.")
    check: Flag = Field(
        True, description="true: a letter with a number bears a code with which anybody checks it."
    )
    offline_check: Flag = Field(
        False, description="true: it also bears a signed statement that is checked without a network."
    )
    data_inside: Flag = Field(
        False, description="true: what it says also travels inside its PDF as surat.json (PDF/A-3a)."
    )
    on_request: Flag = Field(
        False, description="true: it may be issued from a case's page at any time, outside the steps."
    )
    lists: Literal["none", "month", "open", "totals"] = Field(
        "none",
        description="What a paper about many cases lists: those of a month, those open now, or only how many "
        "there were in a month; none: it is about one case.",
    )
    sop: Id | None = Field(None, description="The one SOP whose cases it lists.")
    tracking: Flag = Field(
        False,
        description="true: it bears the ticket code and PIN with which the resident follows the case; each "
        "new one has a new PIN.",
    )
    paper: Literal["A4", "F4", "A6", "A4-landscape", "F4-landscape"] = Field(
        "A4", description="The paper; F4 is 215 x 330 mm, landscape is for wide tables."
    )
    fields: dict[Id, AnyField] = Field({}, description="What is asked when it is issued.")
    source: Text | None = Field(None, description="Where its form comes from.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")
    was: Id | None = Field(None, exclude=True, description="The old id, when it is renamed.")
    new: Flag = Field(
        False, exclude=True, description="true: it is new, although it looks like one that is gone."
    )

    @property
    def about_many(self) -> bool:
        """Whether it is a paper about many cases."""
        return self.lists != "none"

    @property
    def asks_number(self) -> bool:
        """Whether a number may be typed in."""
        return self.manual != "never" or not self.gapless

    def asked(self) -> Mapping[str, FieldType]:
        """Returns what is asked when it is issued: its fields, and the number that is given by hand."""
        if not self.asks_number:
            return self.fields
        number = TextField(
            type="text",
            label=say("letter-number"),
            help=say(f"letter-number-{self.manual}{'' if self.gapless else '-ahead'}"),
            required=self.manual == "only",
            max_length=120,
        )
        return {**self.fields, LETTER_NUMBER: number}
