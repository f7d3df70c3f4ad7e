"""Every route of the app says what it needs; one that declares nothing fails here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small import NOW
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.access import Actor
from portal.admin.routes import Declared, Needs, needs, route_table
from portal.admin.walk import site_for
from portal.database import engine_of
from portal.letters.files import letter_files
from portal.load import load
from portal.models import build
from portal.releases import Live

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Declared, ...]]:
    """The routes of the site of the shipped schema."""
    schema = load(CHECKOUT / "schema").schema
    assert schema is not None
    templates = letter_files(CHECKOUT / "templates" / "letters")
    live = Live(release_id=1, schema=schema, models=build(schema), templates=templates, sop_versions={})
    engine: Engine = engine_of(f"sqlite:///{tmp_path_factory.mktemp('routes') / 'routes.db'}")
    nobody = Actor(account_id=None, label="Tanpa Peran")
    site = site_for(live, engine, nobody, lambda: NOW).state.site
    yield tuple(route_table(site.admin.router.routes))
    engine.dispose()


def test_every_route_declares_what_it_needs(table: tuple[Declared, ...]) -> None:
    assert [(each.path, each.methods) for each in table if each.needs is None] == []
    assert len(table) >= 30


def test_only_the_log_in_and_its_looks_are_open(table: tuple[Declared, ...]) -> None:
    known = {each.path for each in table if each.needs and each.needs.act == "nothing"}
    assert {path for path in known if not path.startswith("/statis")} >= {"/masuk", "/keluar", "/bahasa"}
    shows = [each.path for each in table if each.needs and each.needs.act == "nothing"]
    assert all(each.needs.fields == "none" for each in table if each.needs and each.path in shows)


def test_what_shows_fields_says_whose(table: tuple[Declared, ...]) -> None:
    silent = [each.path for each in table if each.needs and each.needs.fields != "none"]
    assert all(each.needs.scope != "none" for each in table if each.needs and each.path in silent)


def test_a_route_without_a_declaration_is_found() -> None:
    async def bare(request: Request) -> Response:
        return Response()

    @needs("work", "cases", "case")
    async def said(request: Request) -> Response:
        return Response()

    found = tuple(route_table([Route("/a", bare), Route("/b", said, methods=["POST"])]))
    assert [each.needs for each in found] == [None, Needs(act="work", scope="cases", fields="case")]
    assert found[1].methods == ("POST",)
