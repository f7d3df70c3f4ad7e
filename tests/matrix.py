"""The shipped roles over a small population, and what each may see by a second reading of roles.yaml.

The oracle reads the YAML as plain text and knows nothing of `portal.access`: it is the table of the domain
said in thirty lines. `test_permissions` asks every page as everybody and compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from shapes import create
from sites import ByHeader
from small import NOW
from sqlalchemy import Engine, insert, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.testclient import TestClient

from portal.access import Actor, Granted
from portal.admin.desk import PAGES
from portal.admin.site import build_site
from portal.database import reading, writing
from portal.fields import AreaField, FieldType, KkField, LinkField, NikField, PhoneField, TextField
from portal.letters.files import letter_files
from portal.load import load
from portal.models import column_name
from portal.releases import Live, live
from portal.schema import canonical
from portal.tables import Account, Case, Grant, IssuedLetter, Release, SopVersion, Task

CHECKOUT = Path(__file__).parent.parent
ROLES: Mapping[str, Any] = yaml.safe_load((CHECKOUT / "schema" / "roles.yaml").read_text("utf-8"))["roles"]
RECORDS: Mapping[str, Any] = yaml.safe_load((CHECKOUT / "schema" / "records.yaml").read_text("utf-8"))[
    "records"
]
HERE, NEXT, FAR = "18.10.03.2007", "18.10.03.2008", "18.10.04.2001"
AREAS = (HERE, NEXT, FAR)
KEC, KAB = "18.10.03", "18.10"
PLAN: Mapping[str, Any] = {"changes": [], "refused": [], "digest": ""}
CLASSES = ("normal", "sensitive", "protected")
_AT = {"village": HERE, "subdistrict": KEC, "district": KAB}
HELD: Mapping[str, tuple[tuple[str, str], ...]] = {
    **{role: ((role, _AT[said["level"]]),) for role, said in ROLES.items()},
    "two-roles": (("front-office", HERE), ("supervisor", KEC)),
    "two-villages": (("back-office", HERE), ("facilitator", NEXT)),
    "staff-and-auditor": (("district-staff", KAB), ("auditor", KAB)),
    "neighbour": (("back-office", NEXT),),
    "nobody": (),
}
"""Everybody by name: one for each role, and people who hold several roles or areas, or none."""
PEOPLE = {name: number for number, name in enumerate(HELD, start=10)}
BUSY = ("front-office", "back-office", "facilitator", "secretariat", "two-villages")
"""Who has a task in some cases and took the complaint of others."""
SOMEBODY = 9
"""An account that opened what none of the people opened."""
SOP, PROGRAM, COMPLAINT, STEP = "pbi-reactivation", "pbi-jk", "kes-01", "registry"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A case of the population, as the oracle sees it."""

    key: int
    area: str
    access: str
    status: str
    opened_by: int
    assigned_to: int | None
    role: str

    @property
    def number(self) -> str:
        return f"ADU-202611-{self.key:05}"


def rows() -> tuple[Row, ...]:
    """Returns cases of each class, area and state: first of nobody, then of some people."""
    made: list[Row] = []

    def add(**said: Any) -> None:
        made.append(Row(key=len(made) + 1, **said))

    known: Mapping[str, Any] = {"status": "open", "role": "back-office"}
    for access in CLASSES:
        for area in AREAS:
            for status in ("open", "closed"):
                one = {**known, "status": status, "access": access, "area": area}
                add(**one, opened_by=SOMEBODY, assigned_to=None)
    for access in CLASSES[:2]:
        for name in BUSY:
            add(**known, access=access, area=HERE, opened_by=SOMEBODY, assigned_to=PEOPLE[name])
            add(**known, access=access, area=NEXT, opened_by=PEOPLE[name], assigned_to=SOMEBODY)
    return tuple(made)


ROWS = rows()
NOBODYS = ROWS[: len(CLASSES) * len(AREAS) * 2]
"""Those that are nobody's: each class, area and state once."""


def covers(area: str, place: str) -> bool:
    return place == area or place.startswith(f"{area}.")


def held(name: str, area: str) -> list[Mapping[str, Any]]:
    return [ROLES[role] for role, where in HELD[name] if covers(where, area)]


def reads(name: str, record: str, act: str = "read", area: str | None = None) -> bool:
    roles = [ROLES[role] for role, _ in HELD[name]] if area is None else held(name, area)
    return any(act in role.get("records", {}).get(record, ()) for role in roles)


def right(role: Mapping[str, Any], record: str, field_id: str) -> str:
    said = role.get("fields", {}).get(record, {}).get(field_id)
    if said:
        return str(said)
    sensitive = bool(RECORDS.get(record, {"fields": {}})["fields"].get(field_id, {}).get("sensitive"))
    seen = str(role.get("sensitive_fields", "hidden"))
    return seen if sensitive and seen != "plain" else "edit"


def sight(name: str, record: str, field_id: str, area: str, *, mine: bool = False) -> str:
    """Returns plain, masked or hidden: the best of the roles that read the record there."""
    found = {
        right(role, record, field_id)
        for role in held(name, area)
        if "read" in role.get("records", {}).get(record, ())
    }
    if found & {"edit", "plain"} or (mine and "assigned" in found):
        return "plain"
    return "masked" if found & {"masked", "assigned"} else "hidden"


def works_for(name: str, area: str) -> set[str]:
    roles = [(role, ROLES[role]) for role, where in HELD[name] if covers(where, area)]
    return {
        each
        for key, said in roles
        if "work" in said.get("may", ())
        for each in (key, *said.get("acts_as", ()))
    }


def touches(name: str, row: Row) -> bool:
    """Tells whether a task of a case is or may become a person's, or they took the complaint."""
    me = PEOPLE[name]
    waiting = row.status == "open" and row.assigned_to is None and row.role in works_for(name, row.area)
    return me in (row.opened_by, row.assigned_to) or (row.access == "normal" and waiting)


def sees_case(name: str, row: Row) -> bool:
    for role in held(name, row.area):
        reach = role.get("cases", {}).get(row.access, "area" if row.access == "normal" else "none")
        if reach == "area" or (reach == "created" and row.opened_by == PEOPLE[name]):
            return True
        if reach == "assigned" and touches(name, row):
            return True
    return False


def mine(name: str, area: str) -> bool:
    """Tells whether a running case of an area's resident is one in which a person has a task."""
    return any(
        row.area == area and row.status == "open" and sees_case(name, row) and touches(name, row)
        for row in ROWS
    )


def counted(name: str) -> int | None:
    """Returns how many cases a person is told of without seeing them, None when they are told nothing."""
    told = [
        (row, role["cases"].get(row.access) == "count")
        for row in ROWS
        for role in held(name, row.area)
        if "cases" in role
    ]
    if not any("count" in ROLES[role].get("cases", {}).values() for role, _ in HELD[name]):
        return None
    return len({row.key for row, counts in told if counts and not sees_case(name, row)})


def may(name: str, act: str, area: str | None = None) -> bool:
    roles = [ROLES[role] for role, _ in HELD[name]] if area is None else held(name, area)
    return any(act in role.get("may", ()) for role in roles)


class _ByName(ByHeader):
    async def authenticate(self, request: Request) -> Response | bool:
        name = request.headers.get("x-actor", "")
        if name not in HELD:
            return RedirectResponse("/masuk", status_code=303)
        grants = tuple(Granted(role=role, area=area) for role, area in HELD[name])
        request.state.actor = Actor(account_id=PEOPLE[name], label=f"{name} Contoh", grants=grants)
        return True


@dataclass(kw_only=True)
class Population:
    """The running site over everything above."""

    engine: Engine
    live: Live
    client: TestClient
    values: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    """What each record holds, by type and key."""

    def get(self, name: str, path: str) -> tuple[int, str]:
        """Returns status and text of a page as a person gets it."""
        answer = self.client.get(path, headers={"x-actor": name})
        return answer.status_code, answer.text

    def post(self, name: str, path: str, **data: str | list[str]) -> tuple[int, str]:
        """Returns status and text of what a form leads to."""
        answer = self.client.post(path, headers={"x-actor": name}, data=data)
        return answer.status_code, answer.text

    @cached_property
    def actors(self) -> dict[str, Actor]:
        return {
            name: Actor(
                account_id=PEOPLE[name],
                label=f"{name} Contoh",
                grants=tuple(Granted(role=role, area=area) for role, area in grants),
            )
            for name, grants in HELD.items()
        }


def _value(each: FieldType, name: str, key: int, area: str) -> Any:
    """Returns what a row holds in a field: something of its own wherever the kind allows it."""
    if isinstance(each, AreaField):
        return area
    if isinstance(each, LinkField):
        return key
    if isinstance(each, NikField | KkField):
        return f"18100312{10 + key:02}949{900 + key}0"[:16]
    if isinstance(each, PhoneField):
        return f"08120000{9900 + key}"
    if isinstance(each, TextField):
        return f"{key}{name}"[: each.max_length or 40]
    sample = each.sample()
    return list(sample) if isinstance(sample, tuple) else sample


def _records(of: Population) -> None:
    schema = of.live.schema
    for record in ("household", "resident", "visit"):
        table = of.live.models.records[record].__table__
        for key, area in enumerate(AREAS, start=1):
            held_values = {
                name: _value(each, name, key, area) for name, each in schema.records[record].fields.items()
            }
            of.values[record, key] = held_values
            stamps = {
                "id": key,
                "created_at": NOW,
                "created_by": 1,
                "changed_at": NOW,
                "changed_by": 1,
                "version": 1,
            }
            columns = {column_name(name): value for name, value in held_values.items()}
            with writing(of.engine) as session:
                session.execute(insert(table).values(columns | stamps | {"id": key}))


def _cases(of: Population) -> None:
    with writing(of.engine) as session:
        answers = of.live.models.answers[SOP]
        for row in ROWS:
            session.add(
                Case(
                    id=row.key,
                    number=row.number,
                    area=row.area,
                    centre=next(iter(of.live.schema.office.centres)),
                    access=row.access,
                    resident_id=AREAS.index(row.area) + 1,
                    reporter_name=f"Pelapor {row.key} Contoh",
                    channel="counter",
                    program=PROGRAM,
                    complaint=COMPLAINT,
                    priority="normal",
                    description=f"Uraian pengaduan {row.key}.",
                    sop=SOP,
                    sop_version_id=of.live.sop_versions[SOP],
                    status=row.status,
                    stage="settled" if row.status == "closed" else "checked",
                    opened_at=NOW,
                    opened_by=row.opened_by,
                    closed_at=NOW if row.status == "closed" else None,
                )
            )
        session.flush()
        for row in ROWS:
            session.add(answers(case_id=row.key, registry__checked_by=f"Pemeriksa {row.key}"))
            session.add_all(_tasks(row))
        session.flush()
        session.add_all(map(_letter, ROWS))


def _tasks(row: Row) -> Iterator[Task]:
    known = {"case_id": row.key, "area": row.area, "access": row.access, "role": row.role, "opened_at": NOW}
    done = {"status": "done", "completed_at": NOW, "completed_by": SOMEBODY}
    yield Task(id=row.key * 2 - 1, step=STEP, **known, **done)
    if row.status == "open":
        yield Task(id=row.key * 2, step="referral", **known, assigned_to=row.assigned_to)


def _letter(row: Row) -> IssuedLetter:
    return IssuedLetter(
        id=row.key,
        case_id=row.key,
        area=row.area,
        letter="referral",
        number=f"{row.key}/uji",
        release_id=1,
        template_digest="0" * 64,
        data={"resident": {"name": "Sumarni", "kk": "1810031210949900"}, "case": {}, "family": []},
        issued_at=NOW,
        issued_by=SOMEBODY,
        pdf=b"%PDF-",
    )


def _accounts(of: Population) -> None:
    with writing(of.engine) as session:
        for key, name in (
            (1, "satu"),
            (SOMEBODY, "sembilan"),
            *((key, name) for name, key in PEOPLE.items()),
        ):
            session.add(Account(id=key, login=name, label=f"{name} Contoh", password="-", created_at=NOW))
        session.flush()
        for name, grants in HELD.items():
            for role, area in grants:
                session.add(Grant(account_id=PEOPLE[name], role=role, area=area))


@contextmanager
def population(engine: Engine) -> Iterator[Population]:
    """Opens the shipped office with its people, records and cases in an empty database."""
    schema = load(CHECKOUT / "schema").schema
    assert schema is not None
    create(engine, schema)
    with writing(engine) as session:
        kept = {"sources": {}, "changes": PLAN, "digest": "0" * 64, "applied_at": NOW, "applied_by": "portal"}
        templates = letter_files(CHECKOUT / "templates" / "letters")
        session.add(Release(id=1, format=1, definition=schema.canonical(), templates=templates, **kept))
        session.flush()
        for sop, each in schema.sops.items():
            told = canonical(each)
            session.add(
                SopVersion(sop=sop, number=1, release_id=1, format=1, definition=told, digest="0" * 64)
            )
    with reading(engine) as session:
        current = live(session, 1)
        assert session.scalar(select(Release.id)) == 1
    site = build_site(current, engine, _ByName(), PAGES, clock=lambda: NOW + timedelta(days=1))
    with TestClient(site, follow_redirects=False) as client:
        made = Population(engine=engine, live=current, client=client)
        _accounts(made)
        _records(made)
        _cases(made)
        yield made
