"""The organisation: its hours and holidays, its offices, who signs there."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from portal.scalars import AreaCode, Day, Definition, Flag, Id, Text, TimeOfDay, Whole
from portal.schema.base import Texts
from portal.schema.privacy import Purpose, RetentionField
from portal.schema.timetable import (
    Clocks,
    OwnCalendar,
    PauseReason,
    SpecialDate,
    SpecialHours,
    Weekday,
    Zone,
)
from portal.schema.views import View
from portal.schema.web import WebAddress

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


class Deputy(Definition):
    """A person who fills a post for a while."""

    prefix: Literal["Plt.", "Plh.", "Pj."] = Field(
        description="Plt. (nobody is appointed), Plh. (the holder is away) or Pj., printed before the post."
    )
    name: Text = Field(description="The full name with titles.")
    rank: Text | None = Field(None, description="Pangkat/golongan of a civil servant.")
    nip: Text | None = Field(None, description="NIP, 18 digits; left out where there is none.")
    login: Text | None = Field(None, description="The account that signs as this deputy.")
    since: Day = Field(description="The first day.")
    until: Day | None = Field(None, description="The last day; left out: until somebody else is appointed.")

    def serves(self, day: date) -> bool:
        """Tells whether the deputy fills the post on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


class Officer(Definition):
    """A person who signs, by post."""

    post: Text = Field(description="The post as printed above the signature.")
    name: Text = Field(description="The full name with titles.")
    rank: Text | None = Field(None, description="Pangkat/golongan of a civil servant.")
    nip: Text | None = Field(None, description="NIP, 18 digits; honorary staff and village heads have none.")
    login: Text | None = Field(
        None, description="The account that signs as this officer; without it the roles of a chain decide."
    )
    prefix: Text | None = Field(None, description="Plt., Plh. or Pj., printed before the post.")
    deputies: tuple[Deputy, ...] = Field(
        (), description="Who signs instead between two dates; outside of them the officer signs."
    )
    on_behalf_of: Id | None = Field(
        None,
        description="The officer in whose name this one signs: a.n. stands before that post, and u.b. before "
        "this one where the other signs in the name of a third.",
    )

    def on(self, day: date) -> Officer | Deputy:
        """Returns who fills the post on a day: the deputy whose time it is, else the officer."""
        return next((each for each in self.deputies if each.serves(day)), self)


class Centre(Definition):
    """One office that serves an area: a Puskesos in a village, the SLRT secretariat of the district."""

    label: Text = Field(description="The name of the office.")
    level: Level = Field(description="village, subdistrict or district.")
    area: AreaCode = Field(description="The area that it serves.")
    unit: Text = Field(description="The unit code in letter numbers.")
    place: Text = Field(description="The town written before the date of a letter.")
    letterhead: Letterhead = Field(description="What stands at the top of its letters.")
    officers: dict[Id, Officer] = Field({}, description="Who signs, by the id that letters use.")
    calendar: OwnCalendar | None = Field(
        None, description="Its own hours, holidays or time zone, where they are not those of its area."
    )


class Office(Definition):
    """The whole organisation that one portal serves."""

    label: Text = Field(description="The name shown at the top of every page.")
    time_zone: Zone = Field(description="Asia/Jakarta (WIB), Asia/Makassar (WITA) or Asia/Jayapura (WIT).")
    web: WebAddress | None = Field(
        None,
        description="The address under which agencies and residents reach this portal, such as "
        "https://satupintu.example.go.id; letters print it with their codes.",
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
    holiday_years: tuple[Whole, ...] = Field(
        (), description="The years whose holidays are complete; left out, each year that has any."
    )
    special_hours: dict[Id, SpecialHours] = Field(
        {}, description="Other hours between two dates, such as Ramadan, by id."
    )
    special_dates: dict[Day, SpecialDate] = Field(
        {}, description="Hours of single dates: half days and worked days off."
    )
    cut_off: TimeOfDay | None = Field(
        None,
        description="What comes in later counts as received on the next working day, for limits in working "
        "days and hours; left out, there is no such rule.",
    )
    calendars: dict[AreaCode, OwnCalendar] = Field(
        {},
        description="What parts of the area have otherwise, by the code they begin with; a longer code goes "
        "before a shorter one.",
    )
    clocks: Clocks = Field(
        Clocks(), description="The clocks of every case, and who is told when one is late."
    )
    pauses: dict[Id, PauseReason] = Field({}, description="Why a clock may stand still, by id.")
    without_nik: dict[Id, Text] = Field(
        {},
        description="Why somebody new is taken in without a NIK, by id; left out: no NIK yet, card not "
        "brought, child not registered, not known.",
    )
    views: dict[Id, View] = Field({}, description="Saved views of the worklist, by id.")
    four_eyes: Flag = Field(
        False, description="true: a change of the rules made in the studio waits for a second person."
    )
    overloaded_from: Whole = Field(
        25, ge=1, description="From so many open tasks on, the team page says that somebody has too many."
    )
