"""What every test may rely on: empty databases, and a PostgreSQL of its own for each pytest-xdist worker."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from badlines import Server, serving
from officers import PATIENCE, chromium, launch, served
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import Engine, make_url
from worked import demo_copy

from portal.access import SYSTEM
from portal.database import engine_of
from portal.wall import acting


def pytest_configure(config: pytest.Config) -> None:
    """Gives this process a secret, and this worker a database, before any test module asks for them.

    What the tests serve is made up, and `portal serve` need not ask the doctor about it.
    """
    os.environ["PORTAL_SECRET_FILE"] = str(_secret())
    os.environ.setdefault("PORTAL_DEMO", "1")
    url, worker = os.environ.get("PORTAL_TEST_POSTGRES"), os.environ.get("PYTEST_XDIST_WORKER")
    if url and worker:
        os.environ["PORTAL_TEST_POSTGRES"] = _fresh(url, f"portal_{worker}")


def _secret() -> Path:
    """Makes a secret for the databases of all tests: they copy files, and PostgreSQL has no place for one."""
    folder = Path(tempfile.mkdtemp(prefix="portal-secret-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "secret"
    file.write_text("5a" * 32)
    return file


def _fresh(url: str, name: str) -> str:
    _drop(url, name)
    with _server(url) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _drop(url: str, name: str) -> None:
    # The names are ours: "portal_" and a worker such as gw0, or "test_" and a random number.
    with _server(url) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _server(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


@pytest.fixture(scope="session", autouse=True)
def _as_the_portal() -> Iterator[None]:
    """Lets tests look into the database as the portal itself; requests begin without anybody all the same."""
    with acting(SYSTEM):
        yield


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Gives an empty SQLite database of this test."""
    engine = engine_of(f"sqlite:///{tmp_path / 'portal.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine() -> Iterator[Engine]:
    """Gives an empty PostgreSQL database of this test; skips without a server, which CI does not allow."""
    url = os.environ.get("PORTAL_TEST_POSTGRES")
    if not url:
        if os.environ.get("CI") == "true":
            pytest.fail("PORTAL_TEST_POSTGRES is not set: script/postgres starts a server and prints its URL")
        pytest.skip("PORTAL_TEST_POSTGRES is not set")
    name = f"test_{uuid4().hex}"
    engine = engine_of(_fresh(url, name))
    yield engine
    engine.dispose()
    _drop(url, name)


@pytest.fixture(params=["engine", pytest.param("postgres_engine", marks=pytest.mark.postgres)])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    """Gives an empty database of each kind in turn."""
    engine = request.getfixturevalue(request.param)
    assert isinstance(engine, Engine)
    return engine


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for the tests of one module; longer, and its loop would be in the way of the others."""
    if chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing: set PORTAL_TEST_CHROMIUM to its path")
        pytest.skip("Chromium is missing")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """Where a demonstration of the module's own is served."""
    with served(demo_copy(tmp_path_factory.mktemp("demo"))) as address:
        yield address


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The file of a demonstration of the test's own."""
    return demo_copy(tmp_path)


@pytest.fixture
def server(database: Path, browser: Browser) -> Iterator[Server]:
    """What serves it, and can be killed."""
    with serving(database) as server:
        yield server
