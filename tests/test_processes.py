"""Several processes on one database: a Release reaches all at once, and no request changes its Release."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from casework import SCHEMA, TEMPLATES, furnish
from schemas import small_schema
from small import NOW
from sqlalchemy import Engine

from portal.access import SYSTEM
from portal.migrate import apply

CHECKOUT = Path(__file__).resolve().parents[1]
SOON = 1.0
"""How many seconds a Release may take to reach every process."""


@contextmanager
def serving(database: str) -> Iterator[int]:
    """Runs a server of its own process and gives its port."""
    command = [sys.executable, "-m", "portal", "serve", "--port", "0", "--database", database]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            told = re.search(r":(\d+)/", process.stdout.readline())
            assert told is not None
            yield int(told[1])
        finally:
            process.kill()


@pytest.fixture
def ports(any_engine: Engine) -> Iterator[tuple[int, ...]]:
    """Gives the ports of two servers on one database."""
    furnish(any_engine)
    database = any_engine.url.render_as_string(hide_password=False)
    with ExitStack() as servers:
        yield tuple(servers.enter_context(serving(database)) for _ in range(2))


def publish(engine: Engine, label: str) -> None:
    schema = small_schema({"office/label": label}, of=SCHEMA)
    apply(engine, schema, {}, TEMPLATES, actor=SYSTEM, now=NOW)


def asked(port: int) -> str:
    """Returns the name of the office on the log-in page."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as browser:
        browser.sendall(b"GET /masuk HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return office(browser)


def office(browser: socket.socket) -> str:
    with browser.makefile("rb") as answer:
        found = re.search(r'class="office" href="/">([^<]*)<', answer.read().decode())
    return found[1] if found else ""


def test_a_release_reaches_every_process_within_a_second(any_engine: Engine, ports: tuple[int, ...]) -> None:
    assert {asked(port) for port in ports} == {"Satu Pintu"}
    for turn in range(5):
        publish(any_engine, f"Rilis {turn}")
        applied = time.monotonic()
        while {asked(port) for port in ports} != {f"Rilis {turn}"}:
            assert time.monotonic() - applied < SOON
        assert [asked(port) for port in ports * 3] == [f"Rilis {turn}"] * 6


def test_a_request_ends_on_the_release_it_began_on(any_engine: Engine, ports: tuple[int, ...]) -> None:
    body = b"username=x&password=yang-salah"
    head = f"POST /masuk HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    with ExitStack() as slow:
        browsers = [
            slow.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20)) for port in ports
        ]
        for browser in browsers:
            browser.sendall(head.encode() + kind + body[:10])
        time.sleep(0.5)  # until both have begun
        publish(any_engine, "Sesudahnya")
        assert {asked(port) for port in ports} == {"Sesudahnya"}
        for browser in browsers:
            browser.sendall(body[10:])
        assert [office(browser) for browser in browsers] == ["Satu Pintu"] * 2
    assert {asked(port) for port in ports} == {"Sesudahnya"}
