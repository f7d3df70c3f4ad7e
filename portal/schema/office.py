"""The organisation: its hours and holidays, its offices, who signs there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from portal.scalars import AreaCode, Day, Definition, Id, Text, Whole
from portal.schema.base import Texts
from portal.schema.privacy import Purpose, RetentionField
from portal.schema.views import View

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

Level = Literal["village", "subdistrict", "district"]


class Letterhead(Definition):
    """What stands at the top of an office's letters."""

    lines: Texts = Field(description="The lines above the office's name, such as PEMERINTAH KABUPATEN ...")
    name: Text = Field(description="The name of the office, printed bold.")
    address: Text = Field(description="Street, postal code.")
    phone: Text | None = Field(None, description="Telephone number.")
    email: Text | None = Field(None, description="E-mail address.")
    website: Text | None = Field(None, description="Web site.")
    emblem_left: Text | None = Field(
        None, description="File of the emblem at the left, in templates/letters."
    )
    emblem_right: Text | None = Field(None, description="File of the emblem at the right.")


class Officer(Definition):
    """A person who signs, by post."""

    post: Text = Field(description="The post as printed above the signature.")
    name: Text = Field(description="The full name with titles.")
    rank: Text | None = Field(None, description="Pangkat/golongan of a civil servant.")
    nip: Text | None = Field(None, description="NIP, 18 digits; honorary staff and village heads have none.")
    prefix: Text | None = Field(None, description="a.n., Plt., Plh. or Pj., printed before the post.")


class Centre(Definition):
    """One office that serves an area: a Puskesos in a village, the SLRT secretariat of the district."""

    label: Text = Field(description="The name of the office.")
    level: Level = Field(description="village, subdistrict or district.")
    area: AreaCode = Field(description="The area that it serves.")
    unit: Text = Field(description="The unit code in letter numbers.")
    place: Text = Field(description="The town written before the date of a letter.")
    letterhead: Letterhead = Field(description="What stands at the top of its letters.")
    officers: dict[Id, Officer] = Field({}, description="Who signs, by the id that letters use.")


class Office(Definition):
    """The whole organisation that one portal serves."""

    label: Text = Field(description="The name shown at the top of every page.")
    time_zone: Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"] = Field(
        description="Asia/Jakarta (WIB), Asia/Makassar (WITA) or Asia/Jayapura (WIT)."
    )
    case_number: Text = Field(
        description="The pattern of case numbers, such as ADU-{year}{month:02}-{sequence:05}."
    )
    hours: dict[Weekday, Text] = Field(
        min_length=1,
        description="Opening hours by day, such as 08:00-12:00 13:00-16:00; a day left out is closed.",
    )
    holidays: dict[Day, Text] = Field({}, description="Public holidays and collective leave, by date.")
    holidays_source: Text | None = Field(None, description="Where the holidays come from.")
    retention: RetentionField | None = Field(
        None,
        description="How long the personal data of a closed case stay, unless its programme says otherwise.",
    )
    purposes: dict[Id, Purpose] = Field({}, description="What people are asked to agree to, by id.")
    centres: dict[Id, Centre] = Field(min_length=1, description="The offices.")
    views: dict[Id, View] = Field({}, description="Saved views of the worklist, by id.")
    overloaded_from: Whole = Field(
        25, ge=1, description="From so many open tasks on, the team page says that somebody has too many."
    )
