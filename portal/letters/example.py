"""A made-up letter for previews and rehearsals: every name that a template may use, from the fields' samples.

No database and no case stand behind it. Its number has the sequence 0, which no counter gives, and it is
marked as a draft: the letterhead and the signers are real.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Literal

from portal import numbering
from portal.facts import age
from portal.fields import DateField, FieldType, LinkField, LongTextField, Names
from portal.indonesian import sapaan
from portal.letters import extremes
from portal.letters.context import NO_LIST
from portal.letters.parts import office_part, signer_parts
from portal.letters.proof import NO_PROOF, PAGE
from portal.models import answer_fields, column_name, lists_of
from portal.places import Places
from portal.schema import Centre, Destination, Letter, Level, Program, Schema
from portal.words import say, speaking

DAY = date(2026, 11, 2)
"""The date of every example, so that the same YAML gives the same letter."""
BORN = date(1994, 8, 14)
MEMBER_BORN = date(2014, 5, 21)
NIK, MEMBER_NIK, KK = "1810035408949901", "1810036105149902", "1810031203189901"
"""Of the example district, with serials that are never given out."""
CODE, PIN, CHECK_CODE = "CONTO-HKODE", "000000", "CONT-OHKO-DEPE-RIKS"
"""Of no letter: a real code has no letter O or I."""
STATEMENT = f"SP1.{'CONTOH' * 44}."
"""Of no letter: no key signed it."""
SQUARE: Mapping[str, Any] = {"qr": "M4 4.5h21v20h-20v-20", "qr_size": 29}


class _Areas(Names):
    """Names where only areas are known; a record is a made-up person."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def area(self, code: str) -> str:
        return self._places.full_name(code)

    def record(self, record: str, key: int) -> str:
        return say("letter-example-name")


Kind = Literal["example", "worst", "missing"]
"""An ordinary letter, one with far too much of everything, one with nothing but the needed."""


def example(schema: Schema, letter: str, case: Kind = "example") -> dict[str, Any]:
    """Returns the context of a made-up letter in Indonesian, as plain JSON values like that of a real one."""
    with speaking("id"):
        made = _Example(schema, letter)
        asked = {column_name(key): each for key, each in made.form_fields()}
        if case == "worst":
            long = {key for key, each in asked.items() if isinstance(each, LongTextField)}
            return extremes.worst(made.context(), long)
        if case == "missing":
            return extremes.missing(made.context(), {key for key, each in asked.items() if each.required})
        return made.context()


class _Example:
    """The parts of one example, which all speak of the same office and village."""

    def __init__(self, schema: Schema, letter: str) -> None:
        self.schema = schema
        self.letter_id = letter
        self.letter: Letter = schema.letters[letter]
        self.centre = _centre(schema, "district" if self.letter.issuer == "district" else "village")
        self.area = _village(schema, self.centre)
        self.places = Places(schema)
        self.names = _Areas(self.places)
        self.destination = _destination(schema)
        self.program = next(iter(schema.programs.values()), None)

    def context(self) -> dict[str, Any]:
        form = {column_name(key): self.printed(each) for key, each in self.form_fields()}
        return {
            "letter": self.head(),
            "office": office_part(self.places, self.centre, self.area),
            "to": self.addressee(),
            "signers": list(signer_parts(self.letter, self.centre, DAY)),
            "resident": self.resident(),
            "family": [self.member()],
            "case": self.case(form),
            "registry": {
                "registered": say("letter-registered"),
                "decile": "2",
                "checked_on": DAY.isoformat(),
                "checked_by": say("letter-example-name"),
            },
            "documents": list(self.documents()),
            "reply_by": (DAY + timedelta(days=7)).isoformat(),
            "reply": self.reply(),
            "ticket": {"code": CODE, "pin": PIN, "address": f"{self.web()}/lacak"},
            "form": form,
            "answers": self.answers(),
            **self.listed(form),
        }

    def listed(self, form: Mapping[str, str | None]) -> dict[str, Any]:
        """What a paper about many cases lists: two cases and their sum; nothing in a letter about one."""
        if not self.letter.about_many:
            return dict(NO_LIST)
        case, person = self.case(form), self.resident()
        line = {
            "number": case["number"],
            "opened": DAY.isoformat(),
            "name": person.get("name") or say("letter-example-name"),
            "nik": NIK,
            "address": self.places.parts(self.area).village,
            "program": case["program"],
            "complaint": case["complaint"],
            "channel": case["channel"],
            "status": say("stage-checked"),
            "outcome": None,
            "settled": None,
        }
        done = {"status": say("stage-settled"), "outcome": _first_label(self.schema.outcomes)}
        other = {"name": say("letter-example-member"), "nik": MEMBER_NIK, "settled": DAY.isoformat()}
        sums = {"received": "2", "settled": "1", "open": "1", "late": "0"}
        return {
            "period": {"label": "November 2026", "since": "2026-11-01", "until": "2026-11-30"},
            "cases": [line, {**line, **done, **other}],
            "totals": [{"label": case["program"], **sums}, {"label": say("listed-all"), **sums}],
        }

    def shown(self, field: FieldType) -> str | None:
        return field.show(field.sample(), self.names) or None

    def printed(self, field: FieldType) -> str | None:
        """Returns an answer as a letter has it: dates stay dates, for templates to write them in words."""
        value = field.sample()
        return value.isoformat() if isinstance(value, date) else self.shown(field)

    def form_fields(self) -> Iterator[tuple[str, FieldType]]:
        """Yields what is asked when the letter is issued: its own fields, those of steps that issue it."""
        yield from self.letter.fields.items()
        lists = lists_of(self.schema)
        for sop in self.schema.sops.values():
            for step in sop.steps.values():
                if getattr(step, "letter", None) == self.letter_id:
                    yield from step.answer_fields(lists).items()

    def head(self) -> dict[str, Any]:
        letter, limit = self.letter, self.letter.valid_for
        copies = [*letter.copies, *(self.destination.copies if self.destination else ())]
        return {
            "number": self.number(),
            "date": DAY.isoformat(),
            "place": self.centre.place,
            "urgency": letter.urgency or say("letter-ordinary"),
            "attachments": say("letter-one-file"),
            "subject": letter.subject or letter.label,
            "title": letter.label,
            "valid_until": (DAY + timedelta(days=limit.amount)).isoformat() if limit else None,
            "draft": True,
            "paper": letter.paper,
            **self.proof(),
            "copies": [self.with_places(each) for each in copies],
        }

    def proof(self) -> dict[str, Any]:
        """What makes it checkable: a code that no letter has and drawings that no telephone reads."""
        letter, made = self.letter, dict(NO_PROOF)
        if letter.number and letter.check:
            made |= {"check_code": CHECK_CODE, "check_address": f"{self.web()}{PAGE}", **SQUARE}
        if letter.number and letter.check and letter.offline_check:
            made |= {
                "statement": STATEMENT,
                "statement_qr": SQUARE["qr"],
                "statement_size": SQUARE["qr_size"],
            }
        return made

    def number(self) -> str | None:
        if self.letter.number is None:
            return None
        values: dict[str, str | int] = {
            **numbering.date_values(DAY),
            "sequence": 0,
            "classification": self.letter.classification or "",
            "unit": self.centre.unit,
            "area": self.area,
        }
        return numbering.render(numbering.Pattern.parse(self.letter.number), values)

    def with_places(self, text: str) -> str:
        return text.format(**self.places.words(self.area))

    def addressee(self) -> dict[str, Any]:
        there = self.destination
        return {
            "addressee": self.with_places(there.addressee) if there else None,
            "office": None,
            "place": self.with_places(there.place) if there else None,
            "lines": [there.address] if there and there.address else [],
        }

    def resident(self) -> dict[str, Any]:
        fields = self.schema.records[self.schema.subject()].fields
        shown: dict[str, Any] = {
            column_name(key): self.shown(each)
            for key, each in fields.items()
            if not isinstance(each, LinkField)
        }
        born = _birth_date(fields)
        if "birth_date" in shown:
            shown["birth_date"] = born.isoformat()
        street = (
            shown.get("address"),
            f"RT {shown['rt']}" if shown.get("rt") else None,
            f"RW {shown['rw']}" if shown.get("rw") else None,
        )
        place = self.places.written(self.area)
        return shown | {
            "kk": KK,
            "age": say("letter-age", years=age(born, DAY)),
            "honorific": sapaan(shown.get("sex"), age(born, DAY)),
            "full_address": ", ".join(part for part in (" ".join(filter(None, street)), place) if part),
        }

    def member(self) -> dict[str, Any]:
        fields = self.schema.records[self.schema.subject()].fields
        shown = {
            name: self.shown(fields[name]) if name in fields else None
            for name in ("name", "nik", "relation", "occupation")
        }
        # Another person than the resident: nobody stands twice in one household.
        other = {"name": say("letter-example-member"), "nik": MEMBER_NIK}
        return {**shown, **other, "birth_date": MEMBER_BORN.isoformat()}

    def case(self, form: Mapping[str, str | None]) -> dict[str, Any]:
        schema, program = self.schema, self.program
        pattern = numbering.Pattern.parse(schema.office.case_number)
        values = {**numbering.date_values(DAY), "sequence": 0, "unit": "", "area": ""}
        complaint = (program.complaints if program else ()) or tuple(schema.complaints)
        return {
            "number": numbering.render(pattern, values),
            "opened": DAY.isoformat(),
            "channel": _first_label(schema.channels),
            "sector": schema.sectors[program.sector].label if program else None,
            "program": program.label if program else None,
            "complaint": schema.complaints[complaint[0]].label,
            "description": say("letter-example-description"),
            "priority": _first_label(schema.priorities),
            "needs": form.get("request") or (program.label if program else None),
        }

    def documents(self) -> Iterator[dict[str, str]]:
        for place, document in enumerate(list(self.schema.documents.values())[:3]):
            state = "to-follow" if place == 2 else "brought"
            yield {"label": document.label, "status": say(f"letter-document-{state}")}

    def web(self) -> str:
        return str(self.schema.office.web or "https://contoh.example.id")

    def reply(self) -> dict[str, Any]:
        """What a destination answers with; the drawing is none that a telephone reads."""
        reasons = [each.label for each in self.schema.reasons.values()]
        address = f"{self.web()}/rujukan/{CODE}"
        return {"code": CODE, "pin": PIN, "address": address, **SQUARE, "reasons": reasons}

    def answers(self) -> dict[str, dict[str, str | None]]:
        shown: dict[str, dict[str, str | None]] = {}
        for sop in self.schema.sops.values():
            for step, key, field in answer_fields(self.schema, sop):
                shown.setdefault(column_name(step), {})[column_name(key)] = self.printed(field)
        return shown


def _centre(schema: Schema, level: Level) -> Centre:
    """Returns the first office of a level that has officers to sign, else the first of all."""
    centres = list(schema.office.centres.values())
    return next((each for each in centres if each.level == level and each.officers), centres[0])


def _village(schema: Schema, centre: Centre) -> str:
    """Returns the first village that an office serves, or its own area where none is known."""
    below = (code for code in schema.areas if code.startswith(centre.area) and code.count(".") == 3)
    return next(below, centre.area)


def _destination(schema: Schema) -> Destination | None:
    """Returns where the first programme that refers anywhere refers to, else the first destination."""
    programs: Iterator[Program] = (each for each in schema.programs.values() if each.destination)
    chosen = next((str(each.destination) for each in programs), next(iter(schema.destinations), ""))
    return schema.destinations.get(chosen)


def _birth_date(fields: Mapping[str, FieldType]) -> date:
    for key, field in fields.items():
        sample = field.sample() if isinstance(field, DateField) and "birth" in key else None
        if isinstance(sample, date) and sample < DAY:
            return sample
    return BORN


def _first_label(entries: Mapping[str, Any]) -> str | None:
    return next((str(each.label) for each in entries.values()), None)
