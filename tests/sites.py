"""A site over a small office, asked as anybody by a header."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapes import create
from small import ALL_ACTS, HOUSEHOLD, NOW, RESIDENT, ROLES, SCHEMA
from sqladmin.authentication import AuthenticationBackend
from sqlalchemy import Engine, insert, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.testclient import TestClient

from portal.access import Actor, Granted
from portal.admin.site import build_site
from portal.database import reading, writing
from portal.fields import NikField
from portal.models import build
from portal.releases import Live
from portal.schema import Schema
from portal.tables import Account, Event

HERE, NEXT, FAR = "18.10.03.2007", "18.10.03.2008", "18.10.04.2001"
NIKS = tuple(f"181003{day:02}0394{serial:04}" for day in range(1, 29) for serial in range(1, 40))
_PEOPLE: dict[str, Any] = dict(RESIDENT)
_HELD: dict[str, Any] = dict(ROLES)
_RESIDENT: dict[str, Any] = {
    **_PEOPLE,
    "filters": ["sex"],
    "sort": ["name", "birth_date"],
    "list": ["name", "nik", "birth_date", "household", "area"],
    "fields": {
        **_PEOPLE["fields"],
        "help_kinds": {"label": "Bantuan", "type": "choices", "choices": {"pkh": "PKH", "pbi": "PBI-JK"}},
        "note": {"label": "Catatan", "type": "long-text"},
    },
}
_ROLES: dict[str, Any] = {
    **_HELD,
    "front-office": {
        **_HELD["front-office"],
        "records": {"resident": ["read", "create", "edit"], "household": ["read", "create", "edit"]},
    },
    "manager": {**_HELD["manager"], "sensitive_fields": "plain"},
    "masked": {
        "label": "Samar",
        "level": "village",
        "records": {"resident": ALL_ACTS, "household": ALL_ACTS},
        "sensitive_fields": "masked",
    },
    "hidden": {"label": "Tersembunyi", "level": "village", "records": {"resident": ALL_ACTS}},
}
OFFICE = Schema.model_validate(
    {
        **SCHEMA.model_dump(mode="json"),
        "roles": _ROLES,
        "records": {"resident": _RESIDENT, "household": HOUSEHOLD},
        "areas": {
            "18": "Lampung",
            "18.10": "Kabupaten Pringsewu",
            "18.10.03": "Ambarawa",
            HERE: "Margodadi",
            NEXT: "Sumber Agung",
            "18.10.04": "Pardasuka",
            FAR: "Pardasuka",
        },
    }
)
ACTORS: Mapping[str, Actor] = {
    "clerk": Actor(account_id=1, label="Ratna Contoh", grants=(Granted(role="front-office", area=HERE),)),
    "colleague": Actor(account_id=2, label="Budi Contoh", grants=(Granted(role="front-office", area=HERE),)),
    "neighbour": Actor(account_id=3, label="Sari Contoh", grants=(Granted(role="front-office", area=NEXT),)),
    "supervisor": Actor(
        account_id=4, label="Tono Contoh", grants=(Granted(role="supervisor", area="18.10.03"),)
    ),
    "manager": Actor(account_id=5, label="Dewi Contoh", grants=(Granted(role="manager", area="18.10"),)),
    "masked": Actor(account_id=6, label="Rudi Contoh", grants=(Granted(role="masked", area=HERE),)),
    "hidden": Actor(account_id=7, label="Nina Contoh", grants=(Granted(role="hidden", area=HERE),)),
    "nobody": Actor(account_id=8, label="Tanpa Peran"),
}


class ByHeader(AuthenticationBackend):
    """Lets in whom the header `x-actor` names."""

    def __init__(self) -> None:
        self.middlewares = []

    async def authenticate(self, request: Request) -> Response | bool:
        """Sets who asks."""
        name = request.headers.get("x-actor", "")
        if name not in ACTORS:
            return RedirectResponse("/masuk", status_code=303)
        request.state.actor = ACTORS[name]
        return True

    async def get_user_id(self, request: Request) -> int | None:
        """Returns the account of who asks."""
        actor: Actor = request.state.actor
        return actor.account_id


@dataclass(frozen=True, kw_only=True)
class Office:
    """A running site with its database."""

    engine: Engine
    live: Live
    client: TestClient

    def as_(self, name: str) -> TestClient:
        """Returns a browser of a person."""
        self.client.headers["x-actor"] = name
        return self.client

    def add(self, record: str = "resident", **values: Any) -> int:
        """Adds a row as it stands in the table and returns its key."""
        table = self.live.models.records[record].__table__
        made = {
            "created_at": NOW,
            "created_by": 1,
            "changed_at": NOW,
            "changed_by": 1,
            "version": 1,
            "area": HERE,
        }
        with writing(self.engine) as session:
            return int(
                session.execute(insert(table).values(made | values).returning(table.c.id)).scalar_one()
            )

    def row(self, key: int, record: str = "resident") -> dict[str, Any]:
        """Returns a row as it stands in the table."""
        table = self.live.models.records[record].__table__
        with reading(self.engine) as session:
            return dict(session.execute(select(table).where(table.c.id == key)).one()._mapping)

    def keys(self, record: str = "resident") -> list[int]:
        """Returns the keys of all rows."""
        table = self.live.models.records[record].__table__
        with reading(self.engine) as session:
            return list(session.scalars(select(table.c.id).order_by(table.c.id)))

    def events(self) -> list[Event]:
        """Returns everything that was written down."""
        with reading(self.engine) as session:
            return list(session.scalars(select(Event).order_by(Event.id)))


@contextmanager
def office(engine: Engine, schema: Schema = OFFICE) -> Iterator[Office]:
    """Opens an office in an empty database."""
    create(engine, schema)
    live = Live(release_id=1, schema=schema, models=build(schema), templates={}, sop_versions={})
    with writing(engine) as session:
        session.execute(insert(Account), [_account(actor) for actor in ACTORS.values()])
    site = build_site(live, engine, ByHeader(), clock=lambda: NOW)
    with TestClient(site, follow_redirects=False) as client:
        yield Office(engine=engine, live=live, client=client)


def _account(actor: Actor) -> dict[str, object]:
    return {
        "id": actor.account_id,
        "login": f"login-{actor.account_id}",
        "label": actor.label,
        "password": "",
        "language": "id",
        "active": True,
        "created_at": NOW,
    }


def people(of: Office, count: int, area: str = HERE) -> list[int]:
    """Adds residents with different names and birth dates; every fifth has none of the latter."""
    return [
        of.add(
            name=f"Warga {number:03}",
            nik=NIKS[number],
            area=area,
            sex="male" if number % 2 else "female",
            birth_date=date(1990, 1, 1 + number % 28) if number % 5 else None,
        )
        for number in range(count)
    ]


assert NikField.model_validate({"type": "nik", "label": "NIK"}).read((NIKS[0],)) == NIKS[0]
