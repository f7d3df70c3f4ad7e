"""What the stories share: a demonstration to look at, another to change, and everybody at a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from guard import watched
from papers import Paper, put
from sqlalchemy import Engine
from starlette.types import ASGIApp
from worked import LOGINS, NOW, Browser, Clock, demo_engine, mark_printed

from portal.app import create_app
from portal.settings import Settings


@pytest.fixture(autouse=True)
def nothing_changes_in_silence() -> Iterator[None]:
    """Whatever a story does over HTTP, each transaction that changes something writes an event."""
    with watched() as silent:
        yield
    assert silent == []


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A demonstration that is only looked at; its letters have bytes already."""
    engine = demo_engine(tmp_path_factory.mktemp("stories"))
    mark_printed(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def people(shared: Engine) -> Mapping[str, Browser]:
    """Everybody at their browser."""
    app = served(shared)
    return {login: Browser(app, login) for login in LOGINS}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return demo_engine(tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(engine: Engine, clock: Clock) -> ASGIApp:
    return served(engine, clock)


@pytest.fixture
def agency(app: ASGIApp) -> Browser:
    """An agency's browser, that nobody logs in to."""
    return Browser(app)


@pytest.fixture
def paper(engine: Engine) -> Paper:
    """A referral letter that was handed over."""
    held = Paper(engine)
    put(engine, held, "handed-over")
    return held


def served(engine: Engine, clock: Callable[[], datetime] = lambda: NOW) -> ASGIApp:
    return create_app(Settings(database=str(engine.url)), clock=clock)
