"""A small office whose one SOP has a step of every kind, and people who carry cases through it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from schemas import small_schema
from small import CENTRE, NOW, account
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Actor, Granted
from portal.cases import At, Intake, Paper, complete, open_case
from portal.database import engine_of, reading, writing
from portal.fields import Value
from portal.migrate import apply, prepare
from portal.releases import Live, latest_id, live
from portal.tables import Case, Event, Grant, Task

HERE, NEXT = "18.10.03.2007", "18.10.03.2008"
NUMBER = "{classification}/{sequence:03}/{unit}/{roman_month}/{year}"
FEW = {"chronic": "Penyakit menahun", "emergency": "Darurat", "other": "Lainnya"}
STEPS: Mapping[str, Any] = {
    "register": {
        "label": "Pendaftaran",
        "type": "form",
        "stage": "received",
        "role": "front-office",
        "within": "2 working days",
        "documents": {
            "ktp": "required",
            "kk": {"required": "true", "may_follow": "true"},
            "hospital": {"required_when": {"case.priority": "urgent"}},
        },
        "fields": {
            "reason": {"label": "Alasan", "type": "choice", "required": "true", "choices": FEW},
            "note": {"label": "Catatan", "type": "text"},
        },
    },
    "registry": {
        "label": "Cek DTSEN",
        "type": "check",
        "source": "dtsen",
        "stage": "checked",
        "role": "back-office",
        "within": "4 working hours",
    },
    "route": {
        "label": "Menentukan jalur",
        "type": "decision",
        "choose": [
            {"when": {"registry.result": ["not-checked", "system-down"]}, "go": "registry"},
            {"when": {"registry.decile": "1..5"}, "go": "draft", "says": "Desil dalam batas."},
            {"when": {"register.reason": "emergency"}, "go": "draft"},
            {"when": {"not": {"registry.decile": "1..5"}}, "go": "close", "says": "Desil di luar batas."},
        ],
        "otherwise": "visit",
    },
    "visit": {
        "label": "Kunjungan",
        "type": "visit",
        "record": "visit",
        "stage": "assessed",
        "role": "facilitator",
        "within": "3 working days",
    },
    "draft": {
        "label": "Menyiapkan rujukan",
        "type": "form",
        "role": "back-office",
        "fields": {"urgency": {"label": "Kesegeraan", "type": "text"}},
    },
    "approve": {"label": "Persetujuan", "type": "approval", "returned": "draft", "role": "manager"},
    "referral": {
        "label": "Rujukan",
        "type": "referral",
        "letter": "referral",
        "stage": "referred",
        "role": "back-office",
        "within": "2 working days",
        "reply_within": "5 working days",
    },
    "reply": {
        "label": "Jawaban",
        "type": "wait",
        "waits_for": "agency",
        "stage": "waiting",
        "role": "back-office",
        "within": "10 working days",
    },
    "answer": {
        "label": "Menindaklanjuti",
        "type": "decision",
        "choose": [{"when": {"reply.reply": "in-process"}, "go": "reply"}],
        "otherwise": "close",
    },
    "close": {"label": "Hasil", "type": "outcome", "stage": "settled", "role": "front-office"},
}
LETTER = {
    "form": "correspondence",
    "template": "letter.html",
    "classification": "400",
    "number": NUMBER,
    "series": "outgoing",
    "signers": [{"officer": "head"}],
}
LETTERS = {
    "referral": {"label": "Surat rujukan", **LETTER},
    "introduction": {
        "label": "Surat pengantar",
        **LETTER,
        "on_request": "true",
        "valid_for": "30 days",
        "fields": {"purpose": {"label": "Keperluan", "type": "text", "required": "true"}},
    },
    "receipt": {"label": "Tanda terima", "form": "slip", "template": "letter.html", "on_request": "true"},
}
TEMPLATES = {
    "letter.html": "<html lang='id'><h1>{{ letter.title }}</h1>"
    "<p>{{ letter.number or '' }} {{ letter.date|tanggal }}</p>"
    "<p>{{ resident.name }} {{ registry.registered or '' }} {{ letter.urgency }}</p>"
    "{% for each in signers %}<p>{{ each.name }}</p>{% endfor %}",
    "letter.css": "@page {size: A6}",
    "letter-tight.css": "p {margin: 0}",
}
VISIT = {
    "label": "Kunjungan",
    "title": "{findings}",
    "area": "area",
    "list": ["visited_on"],
    "fields": {
        "resident": {"label": "Warga", "type": "link", "to": "resident"},
        "visited_on": {"label": "Tanggal", "type": "date"},
        "findings": {"label": "Hasil", "type": "long-text"},
        "area": {"label": "Desa", "type": "area"},
    },
}
PLACE = {"addressee": "Kepala {regency}", "place": "{regency_name}", "takes": ["health"]}
_ALL = ["read", "create", "edit"]
EDITS: Mapping[str, Any] = {
    "office/hours": dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "08:00-16:00"),
    "office/holidays": {"2026-11-04": "Hari libur"},
    "office/centres/madani": {**CENTRE, "officers": {"head": {"post": "Kepala", "name": "Wati Contoh"}}},
    "roles/front-office/records": {"resident": _ALL, "household": _ALL},
    "roles/back-office": {
        "label": "Back office",
        "level": "village",
        "acts_as": ["front-office"],
        "may": ["register", "work", "print"],
        "cases": {"normal": "area", "sensitive": "assigned"},
        "records": {"resident": _ALL, "visit": ["read"]},
        "sensitive_fields": "plain",
    },
    "roles/manager/may": [
        "register",
        "work",
        "assign",
        "approve",
        "print",
        "accounts",
        "releases",
        "publish",
    ],
    "roles/auditor": {"label": "Auditor", "level": "district", "cases": {"normal": "area"}},
    "records/visit": VISIT,
    "complaints/violence": {"label": "Kekerasan", "sector": "health", "access": "sensitive"},
    "complaints/fee": {"label": "Pungutan", "sector": "health", "access": "protected"},
    "priorities/urgent": {"label": "Mendesak", "within": "1 working day"},
    "outcomes/declined": {"label": "Ditolak", "success": "false"},
    "registers": {"dtsen": {"label": "DTSEN"}},
    "documents": {"ktp": {"label": "KTP"}, "kk": {"label": "KK"}, "hospital": {"label": "Surat RS"}},
    "destinations": {
        "dinsos": {"label": "Dinas Sosial", **PLACE},
        "charity": {"label": "Lembaga amal", **PLACE, "consent": "true"},
    },
    "letters": LETTERS,
    "programs/pbi-jk/complaints": ["no-card", "violence", "fee"],
    "programs/pbi-jk/destination": "dinsos",
    "sops/pbi": {"label": "PBI-JK", "total_within": "10 working days", "steps": STEPS},
}
SCHEMA = small_schema(EDITS)


def person(key: int, label: str, *grants: tuple[str, str]) -> Actor:
    """Returns somebody with roles over areas."""
    held = tuple(Granted(role=role, area=area) for role, area in grants)
    return Actor(account_id=key, label=label, grants=held)


PEOPLE: Mapping[str, Actor] = {
    "clerk": person(1, "Sekar Contoh", ("front-office", HERE)),
    "officer": person(2, "Ratna Contoh", ("back-office", HERE)),
    "visitor": person(3, "Damar Contoh", ("facilitator", HERE)),
    "manager": person(4, "Laras Contoh", ("manager", "18.10")),
    "neighbour": person(5, "Sari Contoh", ("back-office", NEXT)),
    "auditor": person(6, "Tirta Contoh", ("auditor", "")),
    "colleague": person(7, "Budi Contoh", ("back-office", HERE)),
}
PAPERS = {"ktp": Paper(state="brought"), "kk": Paper(state="to-follow")}
REGISTER: Mapping[str, Value] = {"reason": "chronic"}
LISTED: Mapping[str, Value] = {"result": "registered", "decile": 2, "checked_on": NOW.date()}
REFER: Mapping[str, Value] = {"destination": "dinsos", "request": "Kepesertaan"}
ACCEPTED: Mapping[str, Value] = {"reply": "accepted", "received_on": NOW.date()}
END: Mapping[str, Value] = {"outcome": "met", "told": "phone"}


@dataclass(frozen=True, kw_only=True)
class Office:
    """The office with its database."""

    engine: Engine

    @property
    def live(self) -> Live:
        """What is in force."""
        with reading(self.engine) as session:
            return live(session, latest_id(session) or 0)

    def at(self, session: Session, who: str, hours: float = 0) -> At:
        """Returns where somebody acts, some hours after Monday 2 November 2026, 09:12."""
        return At(session=session, live=self.live, actor=PEOPLE[who], now=NOW + timedelta(hours=hours))

    def open(self, who: str = "clerk", **said: Any) -> int:
        """Opens a case of the first resident and returns its key."""
        with writing(self.engine) as session:
            return open_case(self.at(session, who), intake(**said)).id

    def do(
        self,
        case: int,
        who: str,
        answers: Mapping[str, Value],
        papers: Mapping[str, Paper] | None = None,
        hours: float = 0,
    ) -> tuple[int, ...]:
        """Completes the open step of a case and returns the letters issued."""
        with writing(self.engine) as session:
            made = complete(self.at(session, who, hours), open_task(session, case).id, answers, papers)
            return tuple(each.id for each in made)

    def task(self, case: int) -> Task:
        """Returns the open task of a case."""
        with reading(self.engine) as session:
            return open_task(session, case)

    def case(self, key: int) -> Case:
        """Returns a case."""
        with reading(self.engine) as session:
            return session.get_one(Case, key)

    def kinds(self, case: int) -> list[str]:
        """Returns what happened to a case, in order."""
        with reading(self.engine) as session:
            found = select(Event.kind).where(Event.subject == "case", Event.subject_id == case)
            return list(session.scalars(found.order_by(Event.id)))

    def to_referral(self, **said: Any) -> int:
        """Opens a case and carries it to its referral."""
        case = self.open(papers={**PAPERS, "hospital": Paper(state="brought")}, **said)
        self.do(case, "clerk", REGISTER)
        self.do(case, "officer", LISTED)
        self.do(case, "officer", {})
        self.do(case, "manager", {"verdict": "approved"})
        return case


def intake(**said: Any) -> Intake:
    """Returns a complaint of the first resident."""
    usual: dict[str, Any] = {
        "area": HERE,
        "channel": "walk-in",
        "program": "pbi-jk",
        "complaint": "no-card",
        "priority": "normal",
        "description": "Belum punya kartu.",
        "resident_id": 1,
    }
    return Intake(**(usual | said))


def open_task(session: Session, case: int) -> Task:
    """Returns the one open task of a case."""
    return session.scalars(select(Task).where(Task.case_id == case, Task.status == "open")).one()


def furnish(engine: Engine) -> Office:
    """Makes the office in an empty database: Release 1, accounts, one resident."""
    prepare(engine)
    apply(engine, SCHEMA, {}, TEMPLATES, actor=SYSTEM, now=NOW)
    office = Office(engine=engine)
    stamps = {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1}
    resident = {"name": "Siti Contoh", "nik": "1810035708890002", "area": HERE, "birth_date": NOW.date()}
    with writing(engine) as session:
        session.add_all(account(key) for key in range(1, 8))
        session.flush()
        for key, each in enumerate(PEOPLE.values(), start=1):
            session.add_all(Grant(account_id=key, role=held.role, area=held.area) for held in each.grants)
        session.execute(insert(office.live.models.records["resident"]).values(**resident, **stamps))
    return office


@cache
def _furnished() -> Path:
    file = Path(tempfile.mkdtemp(prefix="portal-office-")) / "office.db"
    atexit.register(shutil.rmtree, file.parent)
    engine = engine_of(f"sqlite:///{file}")
    furnish(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


def copied(folder: Path) -> Office:
    """Returns an office of one's own in a SQLite file."""
    file = shutil.copyfile(_furnished(), folder / "office.db")
    return Office(engine=engine_of(f"sqlite:///{file}"))
