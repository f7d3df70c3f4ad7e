"""The definition of the YAML language: pydantic models of everything that `schema/*.yaml` may say.

`load` builds a Schema from documents, a Release keeps it as canonical JSON, and `json_schema` describes it to
editors. A top-level key of any file is one attribute of Schema; entries are dictionaries by id.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from portal.conditions import ConditionField
from portal.fields import AnyField
from portal.scalars import AreaCode, Day, Definition, Flag, Id, Text, Within
from portal.steps import AnyStep, DocumentNeed

FORMAT = 1
"""The number of the canonical JSON's format; a stored Release says which one it is in."""

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Level = Literal["village", "subdistrict", "district"]
CaseAccess = Literal["normal", "sensitive", "protected"]
"""How far a case is seen: normal, sensitive (violence, HIV, children), protected (offender in the office)."""
Reach = Literal["area", "assigned", "created", "none"]
"""Which cases of an access class a role sees: all in its area, those it has a task in, its own, or none."""
CaseAct = Literal["register", "work", "assign", "print", "accounts", "releases"]
RecordAct = Literal["read", "create", "edit", "export"]
Sight = Literal["plain", "masked", "hidden"]


def _paragraphs(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("text-empty", "empty text")
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[Text, ...], BeforeValidator(_paragraphs, json_schema_input_type=Text | list[Text])]
"""One text or a list of them."""


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
    centres: dict[Id, Centre] = Field(min_length=1, description="The offices.")


class CaseReach(Definition):
    """Which cases a role sees, by access class."""

    normal: Reach = Field("area", description="Ordinary cases.")
    sensitive: Reach = Field("none", description="Violence, HIV, mental illness, children.")
    protected: Reach = Field("none", description="Complaints that may concern the office itself.")


class Role(Definition):
    """What people with this role may see and do; their account says over which area."""

    label: Text = Field(description="The name of the role.")
    description: Text | None = Field(None, description="Its tasks, in a sentence.")
    level: Level = Field(description="The kind of area that its accounts are given.")
    acts_as: tuple[Id, ...] = Field((), description="Roles whose steps it may also carry out.")
    may: tuple[CaseAct, ...] = Field((), description="What it may do beside records.")
    cases: CaseReach = Field(CaseReach(), description="Which cases it sees.")
    records: dict[Id, tuple[RecordAct, ...]] = Field({}, description="What it may do with each record type.")
    sensitive_fields: Sight = Field("hidden", description="How it sees fields marked sensitive.")


class DuplicateClause(Definition):
    """One way in which two records look like the same."""

    same: Annotated[tuple[Id, ...], BeforeValidator(_paragraphs, json_schema_input_type=Id | list[Id])] = (
        Field((), description="Fields whose values are equal.")
    )
    similar: Id | None = Field(None, description="A field whose values are alike.")


class RecordType(Definition):
    """A kind of record that the office keeps: its fields and how it is listed, found and told apart."""

    label: Text = Field(description="The name of one record.")
    label_many: Text | None = Field(None, description="The name of the list; the label when left out.")
    description: Text | None = Field(None, description="What is kept here and why.")
    subject: Flag = Field(False, description="true for the one record type that cases are about.")
    fields: dict[Id, AnyField] = Field(min_length=1, description="The fields, in the order of the form.")
    title: Text = Field(description="How one record is called, such as {name}.")
    list: tuple[Id, ...] = Field(min_length=1, description="The columns of the list.")
    search: tuple[Id, ...] = Field((), description="The fields that the search box looks in.")
    filters: tuple[Id, ...] = Field((), description="Fields by which the list can be narrowed.")
    sort: tuple[Id, ...] = Field((), description="Fields by which the list can be sorted.")
    area: Id | None = Field(None, description="The area field that decides who may see a record.")
    duplicates: tuple[DuplicateClause, ...] = Field((), description="When two records look like the same.")
    was: Id | None = Field(None, description="The old id of this record type, when it is renamed.")


class Sector(Definition):
    """A field of service, for classification and reports."""

    label: Text = Field(description="The name of the sector.")


class Complaint(Definition):
    """A kind of complaint."""

    label: Text = Field(description="The complaint in the resident's words.")
    sector: Id = Field(description="Its sector.")
    access: CaseAccess = Field("normal", description="normal, sensitive or protected.")


class Named(Definition):
    """An entry of a plain list: a channel, a register, an outcome."""

    label: Text = Field(description="What people read.")
    help: Text | None = Field(None, description="When to choose it.")


class Outcome(Named):
    """How a case can end."""

    success: Flag | None = Field(
        None, description="true: the need was met; false: it was not; left out: neither."
    )


class Priority(Named):
    """How urgent a case is."""

    within: Within | None = Field(
        None, description="A time limit that replaces a longer one of any step, such as 24 hours."
    )


class Document(Definition):
    """A paper that residents are asked for."""

    label: Text = Field(description="The official name of the paper.")
    help: Text | None = Field(None, description="Where to get it.")


class Eligibility(Definition):
    """One rule of a programme, with the words for both answers; an indication, never a decision."""

    when: ConditionField = Field(description="The condition on registry, resident and answers.")
    says: Text = Field(description="The rule in plain words.")
    otherwise: Text = Field(description="What to do when it does not hold.")
    legal_basis: Text | None = Field(None, description="The regulation that sets the rule.")
    valid_from: Day | None = Field(None, description="The first day on which the rule holds.")
    valid_until: Day | None = Field(None, description="The last day on which the rule holds.")
    to_verify: Text | None = Field(
        None, description="What the district must confirm, and where the figure came from."
    )


class Benefit(Definition):
    """What a programme gives."""

    amount: Text = Field(description="Amount and period as people say it.")
    source: Text | None = Field(None, description="Where the figure comes from.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")


class Program(Definition):
    """A programme: whom it is for, what it asks, where complaints about it go."""

    label: Text = Field(description="The official name.")
    short: Text | None = Field(None, description="The abbreviation that people use.")
    sector: Id = Field(description="Its sector.")
    owner: Text = Field(description="The agency that decides.")
    status: Literal["active", "ended"] = Field("active", description="An ended programme takes no new cases.")
    description: Text | None = Field(None, description="What it is, for clerks.")
    benefit: Benefit | None = Field(None, description="What it gives.")
    legal_basis: Texts = Field((), description="Regulations.")
    valid_from: Day | None = Field(None, description="The first day of this description.")
    valid_until: Day | None = Field(None, description="The last day.")
    eligibility: dict[Id, Eligibility] = Field({}, description="Its rules, by id.")
    documents: dict[Id, DocumentNeed] = Field({}, description="What the resident brings.")
    complaints: tuple[Id, ...] = Field((), description="Kinds of complaint about it.")
    sop: Id | None = Field(None, description="The SOP that a case follows.")
    destination: Id | None = Field(None, description="Where the case is referred to.")
    letter: Id | None = Field(None, description="The letter it is referred with.")
    source: Text | None = Field(None, description="Where this description comes from.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")
    was: Id | None = Field(None, description="The old id, when it is renamed.")


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


class Sop(Definition):
    """A procedure: its steps in order, with branches."""

    label: Text = Field(description="The name of the procedure.")
    description: Text | None = Field(None, description="When it is used.")
    total_within: Within | None = Field(None, description="The time limit of the whole case.")
    legal_basis: Texts = Field((), description="Regulations.")
    valid_from: Day | None = Field(None, description="The first day of this version.")
    valid_until: Day | None = Field(None, description="The last day.")
    steps: dict[Id, AnyStep] = Field(
        min_length=1, description="The steps; in order unless a step says otherwise."
    )
    standard: ServiceStandard | None = Field(None, description="The rest of the service standard.")
    source: Text | None = Field(None, description="Where the procedure comes from.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")
    was: Id | None = Field(None, description="The old id, when it is renamed.")

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
    was: Id | None = Field(None, description="The old id, when it is renamed.")


class Signer(Definition):
    """Who signs a letter, and as what."""

    officer: Id = Field(description="The id of an officer of the issuing office.")
    role: Literal["main", "acknowledged"] = Field("main", description="main, or acknowledged (Mengetahui).")


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
    urgency: Text | None = Field(None, description="Sifat: Biasa, Segera, Sangat Segera, Rahasia.")
    issuer: Literal["centre", "district"] = Field("centre", description="Whose letterhead and number it has.")
    signers: tuple[Signer, ...] = Field((), description="Who signs.")
    copies: Texts = Field((), description="Tembusan.")
    valid_for: Within | None = Field(None, description="How long it is valid.")
    on_request: Flag = Field(
        False, description="true: it may be issued from a case's page at any time, outside the steps."
    )
    paper: Literal["A4", "F4", "A6"] = Field("A4", description="The paper.")
    fields: dict[Id, AnyField] = Field({}, description="What is asked when it is issued.")
    source: Text | None = Field(None, description="Where its form comes from.")
    to_verify: Text | None = Field(None, description="What the district must confirm.")
    was: Id | None = Field(None, description="The old id, when it is renamed.")


class Schema(Definition):
    """Everything that an office declares."""

    office: Office = Field(description="The organisation: name, hours, offices, officers.")
    roles: dict[Id, Role] = Field(min_length=1, description="Who may see and do what.")
    records: dict[Id, RecordType] = Field(min_length=1, description="Kinds of record.")
    sectors: dict[Id, Sector] = Field(min_length=1, description="Fields of service.")
    complaints: dict[Id, Complaint] = Field(min_length=1, description="Kinds of complaint.")
    channels: dict[Id, Named] = Field(min_length=1, description="How a complaint reached the office.")
    priorities: dict[Id, Priority] = Field(min_length=1, description="How urgent a case is.")
    outcomes: dict[Id, Outcome] = Field(min_length=1, description="How a case can end.")
    registers: dict[Id, Named] = Field({}, description="Registers outside the portal.")
    documents: dict[Id, Document] = Field({}, description="Papers that residents are asked for.")
    programs: dict[Id, Program] = Field(min_length=1, description="Programmes.")
    sops: dict[Id, Sop] = Field(min_length=1, description="Procedures.")
    destinations: dict[Id, Destination] = Field({}, description="Agencies and desks.")
    letters: dict[Id, Letter] = Field({}, description="Letters.")
    areas: dict[AreaCode, Text] = Field({}, exclude=False, description="Area names by code, from areas.csv.")

    def subject(self) -> str:
        """Returns the id of the record type that cases are about."""
        return next(key for key, record in self.records.items() if record.subject)

    def canonical(self) -> str:
        """Returns the Schema as JSON that is the same for the same meaning."""
        return canonical(self)


def canonical(definition: Definition) -> str:
    """Returns a definition as JSON without spaces; the order of entries is meaning and stays."""
    data = definition.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def digest(text: str) -> str:
    """Returns the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def json_schema() -> dict[str, object]:
    """Returns the JSON Schema of one YAML file: any of the top-level keys."""
    schema = Schema.model_json_schema(mode="validation")
    schema.pop("required", None)
    schema["properties"].pop("areas", None)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Satu Pintu"
    return schema
