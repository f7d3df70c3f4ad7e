"""Malformed requests by the hundred: none breaks a page, none is told anything of the insides."""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path

import pytest
from malformed import answer_to, malformed
from worked import NOW, TOKENS, demo_engine, mark_printed

from portal.app import create_app
from portal.settings import Settings

COUNT = 250
TELLING = re.compile(
    rb"Traceback|sqlalchemy|sqlite3|psycopg|OperationalError|IntegrityError|no such (?:table|column)|"
    rb"site-packages|portal/[a-z]+\.py|starlette|uvicorn"
)


@pytest.mark.parametrize("login", ["front-office", "secretariat"])
def test_malformed_requests_break_nothing_and_are_told_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, login: str
) -> None:
    engine = demo_engine(tmp_path)
    mark_printed(engine)
    app = create_app(Settings(database=str(engine.url)), clock=lambda: NOW)

    async def ask() -> list[str]:
        wrong = []
        for request in malformed(11, COUNT, f"portal_session={TOKENS[login]}"):
            status, body = await answer_to(app, request)
            if not 200 <= status < 500 or TELLING.search(body):
                wrong.append(
                    f"{status} {request['method']} {request['raw_path'][:80]!r} {request['body'][:80]!r}"
                )
        return wrong

    with caplog.at_level(logging.CRITICAL, logger="portal"):
        assert asyncio.run(ask()) == []
    engine.dispose()
