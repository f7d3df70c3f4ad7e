"""The doctor asks a real server what the role of the portal may do there: each way of doing too much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from portal.database import engine_of
from portal.doctor import Facts, examine, inside
from portal.doctor.base import Store

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
OF_ROLE = ("postgres-superuser", "postgres-bypass", "postgres-owner")


def said(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for each in statements:
            connection.execute(text(each))


@pytest.fixture
def app(postgres_engine: Engine) -> Iterator[tuple[Engine, Engine, str]]:
    """Gives the owner's engine, that of a role that owns nothing, and the role."""
    role = f"app_{uuid4().hex[:8]}"
    said(postgres_engine, f"CREATE ROLE {role} LOGIN", f"GRANT USAGE ON SCHEMA public TO {role}")
    served = engine_of(postgres_engine.url.set(username=role).render_as_string(hide_password=False))
    yield postgres_engine, served, role
    served.dispose()
    said(postgres_engine, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def facts(engine: Engine) -> Store:
    engine.dispose()  # what a role may do is asked by a new connection, as the portal does at its start
    return inside.store(engine)


def found(engine: Engine) -> list[str]:
    store = facts(engine)
    slugs = [each.slug for each in examine(Facts(now=NOW, store=store))]
    return [slug for slug in OF_ROLE if slug in slugs]


def test_role_of_its_own_is_in_order(app: tuple[Engine, Engine, str]) -> None:
    _, served, _ = app
    assert found(served) == []
    store = facts(served)
    assert store.kind == "postgresql"
    assert (store.encoding, store.remote, store.encrypted) == ("UTF8", False, False)
    assert store.version >= (13, 0)


def test_server_that_keeps_nothing_is_told(app: tuple[Engine, Engine, str]) -> None:
    _, served, _ = app
    slugs = {each.slug for each in examine(Facts(now=NOW, store=facts(served)))}
    shown = {}
    with served.connect() as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            shown[name] = connection.exec_driver_sql(f"SHOW {name}").scalar()
    assert ("postgres-fsync" in slugs) == (shown["fsync"] == "off")
    assert ("postgres-pages" in slugs) == (shown["full_page_writes"] == "off")
    assert ("postgres-commit" in slugs) == (shown["synchronous_commit"] == "off")


def test_superuser_is_found(app: tuple[Engine, Engine, str]) -> None:
    owner, served, role = app
    said(owner, f"ALTER ROLE {role} SUPERUSER")
    assert found(served) == ["postgres-superuser"]


def test_role_that_passes_row_security_by_is_found(app: tuple[Engine, Engine, str]) -> None:
    owner, served, role = app
    said(owner, f"ALTER ROLE {role} BYPASSRLS")
    assert found(served) == ["postgres-bypass"]


def test_owner_of_a_table_is_found(app: tuple[Engine, Engine, str]) -> None:
    owner, served, role = app
    said(owner, f"CREATE TABLE owned_{role} (id int)", f"ALTER TABLE owned_{role} OWNER TO {role}")
    assert found(served) == ["postgres-owner"]


def test_role_that_inherits_from_the_owner_is_found(app: tuple[Engine, Engine, str]) -> None:
    owner, served, role = app
    holder = f"holder_{role}"
    said(
        owner,
        f"CREATE ROLE {holder}",
        f"CREATE TABLE kept_{role} (id int)",
        f"ALTER TABLE kept_{role} OWNER TO {holder}",
    )
    try:
        assert found(served) == []
        said(owner, f"GRANT {holder} TO {role}")
        assert found(served) == ["postgres-owner"]
    finally:
        served.dispose()
        said(owner, f"DROP OWNED BY {holder}", f"DROP ROLE {holder}")
