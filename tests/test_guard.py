"""The guard of the door, at a real socket: silent and slow connections are let go, and others are served."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import uvicorn
from starlette.types import Receive, Scope, Send

from portal.cli.guard import GuardedProtocol

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


class Hurried(GuardedProtocol):
    """The guard with less patience."""

    head_seconds = 0.6
    body_seconds = 0.6
    answer_seconds = 1.0
    most = 60


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Says hello, once it has the whole body."""
    while scope["type"] == "http" and (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


@contextmanager
def served() -> Iterator[int]:
    """Serves on a free port and gives it."""
    config = uvicorn.Config(
        app, http=Hurried, ws="none", lifespan="off", log_config=None, log_level="critical"
    )
    server = uvicorn.Server(config)
    door = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        yield door.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        door.close()


def asked(port: int) -> bytes:
    """Returns what a browser is told."""
    with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        return bytes(answer.read())


def ends_within(line: socket.socket, seconds: float) -> bool:
    """Whether the other side ends a connection in time."""
    line.settimeout(seconds)
    try:
        while line.recv(1000):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def test_hundreds_of_silent_connections_keep_nobody_out() -> None:
    with served() as port:
        lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(300)]
        for place, line in enumerate(lines):
            if place % 2:
                line.sendall(GET)
        begun = time.monotonic()
        assert asked(port) == b"hello"
        assert time.monotonic() - begun < 5
        assert all(ends_within(line, 5) for line in lines)
        for line in lines:
            line.close()


def test_letter_by_letter_does_not_buy_time() -> None:
    with served() as port, socket.create_connection(("127.0.0.1", port)) as line:
        begun, ended = time.monotonic(), False
        while time.monotonic() - begun < 4 and not ended:
            try:
                line.sendall(b"G")
                ended = ends_within(line, 0.1)
            except OSError:
                ended = True
        assert ended


def test_body_that_does_not_arrive_ends_the_connection() -> None:
    with served() as port, socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
        assert ends_within(line, 4)


def test_line_that_stays_open_serves_one_request_after_another() -> None:
    with served() as port, socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        for _ in range(3):
            line.sendall(GET + b"\r\n")
            got = b""
            while b"hello" not in got:
                got += line.recv(1000)
            time.sleep(0.3)


def test_second_request_that_is_malformed_ends_only_its_line() -> None:
    with served() as port, socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(GET + b"\r\n" + b"\0\0 nonsense\r\n\r\n")
        assert ends_within(line, 5)
        assert asked(port) == b"hello"
