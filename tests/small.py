"""A small office: the least Schema in which people of several roles and areas work on cases."""

from __future__ import annotations

from datetime import UTC, datetime

from portal.schema import Schema
from portal.tables import Account, Case, Release, SopVersion, Task

NOW = datetime(2026, 11, 2, 2, 12, tzinfo=UTC)
LETTERHEAD = {"lines": "PEMERINTAH CONTOH", "name": "PUSKESOS CONTOH", "address": "Jalan Contoh 1"}
CENTRE = {
    "label": "Puskesos Contoh",
    "level": "village",
    "area": "18.10.03.2007",
    "unit": "PKS",
    "place": "Margodadi",
    "letterhead": LETTERHEAD,
}
RESIDENT = {
    "label": "Warga",
    "subject": "true",
    "title": "{name}",
    "area": "area",
    "list": ["name", "nik", "area"],
    "search": ["nik", "name"],
    "sort": ["name"],
    "fields": {
        "name": {"label": "Nama", "type": "text", "required": "true", "max_length": "120"},
        "nik": {"label": "NIK", "type": "nik", "unique": "true", "sensitive": "true"},
        "household": {"label": "Keluarga", "type": "link", "to": "household"},
        "sex": {"label": "Jenis kelamin", "type": "choice", "choices": {"male": "L", "female": "P"}},
        "birth_date": {"label": "Tanggal lahir", "type": "date"},
        "phone": {"label": "Telepon", "type": "phone", "sensitive": "true"},
        "area": {"label": "Desa", "type": "area", "required": "true"},
        "rooms": {"label": "Kamar", "type": "number", "min": "1", "max": "9"},
        "income": {"label": "Penghasilan", "type": "money"},
    },
}
HOUSEHOLD = {
    "label": "Keluarga",
    "title": "{head}",
    "area": "area",
    "list": ["head", "kk"],
    "search": ["kk", "head"],
    "fields": {
        "head": {"label": "Kepala keluarga", "type": "text"},
        "kk": {"label": "Nomor KK", "type": "kk", "unique": "true"},
        "area": {"label": "Desa", "type": "area"},
    },
}
ALL_ACTS = ["read", "create", "edit", "export"]
ROLES = {
    "front-office": {
        "label": "Front office",
        "level": "village",
        "may": ["register", "work"],
        "cases": {"normal": "area", "sensitive": "created"},
        "records": {"resident": ["read", "create", "edit"]},
        "sensitive_fields": "plain",
    },
    "facilitator": {
        "label": "Fasilitator",
        "level": "village",
        "may": ["work"],
        "cases": {"normal": "assigned", "sensitive": "assigned"},
        "records": {"resident": ["read"]},
    },
    "supervisor": {
        "label": "Supervisor",
        "level": "subdistrict",
        "cases": {"normal": "area"},
        "records": {"resident": ["read"]},
        "sensitive_fields": "masked",
    },
    "manager": {
        "label": "Manajer",
        "level": "district",
        "acts_as": ["front-office", "facilitator"],
        "may": ["register", "work", "accounts"],
        "cases": {"normal": "area", "sensitive": "area", "protected": "area"},
        "records": {"resident": ALL_ACTS, "household": ALL_ACTS},
    },
}
STEPS = {
    "register": {"label": "Pendaftaran", "type": "form", "role": "front-office", "within": "1 working day"},
    "visit": {"label": "Kunjungan", "type": "visit", "role": "facilitator"},
    "close": {"label": "Hasil", "type": "outcome", "role": "front-office"},
}
SCHEMA = Schema.model_validate(
    {
        "office": {
            "label": "Satu Pintu",
            "time_zone": "Asia/Jakarta",
            "case_number": "ADU-{year}{month:02}-{sequence:05}",
            "hours": {"monday": "08:00-16:00"},
            "centres": {"madani": CENTRE},
        },
        "roles": ROLES,
        "records": {"household": HOUSEHOLD, "resident": RESIDENT},
        "sectors": {"health": {"label": "Kesehatan"}},
        "complaints": {"no-card": {"label": "Belum punya kartu", "sector": "health"}},
        "channels": {"walk-in": {"label": "Datang langsung"}},
        "priorities": {"normal": {"label": "Biasa"}},
        "outcomes": {"met": {"label": "Terpenuhi", "success": "true"}},
        "programs": {
            "pbi-jk": {
                "label": "PBI Jaminan Kesehatan",
                "sector": "health",
                "owner": "Kementerian Sosial",
                "complaints": ["no-card"],
                "sop": "pbi",
            }
        },
        "sops": {"pbi": {"label": "PBI-JK", "steps": STEPS}},
        "areas": {
            "18": "Lampung",
            "18.10": "Kabupaten Pringsewu",
            "18.10.03": "Ambarawa",
            "18.10.03.2007": "Margodadi",
            "18.10.03.2008": "Sumberagung",
        },
    }
)


def release(schema: Schema = SCHEMA) -> tuple[Release, SopVersion]:
    """Returns the rows of a first Release, as plain as they come."""
    stored = schema.canonical()
    kept = {"definition": stored, "sources": {}, "templates": {}, "changes": {}, "digest": "0" * 64}
    sop = schema.sops["pbi"].model_dump_json(exclude_defaults=True)
    return (
        Release(id=1, format=1, applied_at=NOW, applied_by="portal", **kept),
        SopVersion(id=1, sop="pbi", number=1, release_id=1, format=1, definition=sop, digest="0" * 64),
    )


def account(key: int) -> Account:
    """Returns an account that nobody can log in to."""
    return Account(id=key, login=f"account-{key}", label=f"Petugas {key}", password="-", created_at=NOW)


def case(key: int, area: str = "18.10.03.2007", access: str = "normal", opened_by: int = 1) -> Case:
    """Returns an open case of nobody."""
    return Case(
        id=key,
        number=f"ADU-{key}",
        area=area,
        centre="madani",
        access=access,
        channel="walk-in",
        program="pbi-jk",
        complaint="no-card",
        priority="normal",
        description="Contoh",
        sop="pbi",
        sop_version_id=1,
        opened_at=NOW,
        opened_by=opened_by,
    )


def task(
    key: int, of: Case, role: str = "facilitator", assigned_to: int | None = None, step: str = "visit"
) -> Task:
    """Returns an open task of a case."""
    return Task(
        id=key,
        case_id=of.id,
        step=step,
        role=role,
        area=of.area,
        access=of.access,
        assigned_to=assigned_to,
        opened_at=NOW,
    )
