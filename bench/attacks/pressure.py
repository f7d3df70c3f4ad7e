"""Bodies without an end, hundreds of silent connections, and a log that must not grow with them."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

from attacks.base import Row, World

HALF_OPEN = 1600
HEAD = b"GET /masuk HTTP/1.1\r\nHost: localhost\r\n"


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    yield from _bodies(world)
    yield from _silent(world)
    yield from _log(world)


def _bodies(world: World) -> Iterator[Row]:
    def endless() -> Iterator[bytes]:
        for _ in range(400):
            yield b"a" * 10_000

    nobody = world.fresh()
    answer = nobody.post("/masuk", content=endless(), headers=world.own())
    yield world.row("pressure", "4 MB in chunks without a length", answer, (400, 413, 415, 429))
    many = "&".join(f"a{number}=1" for number in range(50_000))
    form = world.own(**{"content-type": "application/x-www-form-urlencoded"})
    answer = nobody.post("/masuk", content=many, headers=form)
    yield world.row("pressure", "50,000 form keys", answer, (400, 413))
    same = "&".join("username=a" for _ in range(50_000))
    answer = nobody.post("/masuk", content=same, headers=form)
    yield world.row("pressure", "one form key 50,000 times", answer, (400, 413))
    long = {"words": "a" * 500_000}
    answer = world.post("front-office", "/cari", long)
    yield world.row("pressure", "a search of 500,000 letters", answer, (200, 400, 413))
    deep = world.as_("front-office").get("/kasus?after=1")
    yield world.row("pressure", "the last page of a list", deep, (200,))


def _silent(world: World) -> Iterator[Row]:
    """Opens more half-open connections than uvicorn stands, and asks meanwhile."""
    lines: list[socket.socket] = []
    try:
        for number in range(HALF_OPEN):
            try:
                line = socket.create_connection(("127.0.0.1", world.port), timeout=3)
            except OSError:
                break
            line.sendall((b"", HEAD, HEAD + b"X-A: a\r\n")[number % 3])
            lines.append(line)
            if len(lines) >= _most_files():
                break
        begun = time.perf_counter()
        answer = world.fresh().get("/masuk")
        took = time.perf_counter() - begun
        name = f"a page while {len(lines)} connections say nothing"
        yield world.row("pressure", name, answer, (200,), also=took < 5)
        answer = world.as_("front-office").get("/tugas")
        yield world.row("pressure", "and one of an officer at work", answer, (200,))
        drip = socket.create_connection(("127.0.0.1", world.port), timeout=3)
        begun, ended = time.perf_counter(), False
        while time.perf_counter() - begun < 20 and not ended:
            try:
                drip.sendall(b"a")
                drip.settimeout(1)
                ended = drip.recv(100) == b""
            except TimeoutError:
                pass
            except OSError:
                ended = True
        seen = f"{time.perf_counter() - begun:.0f} s"
        yield Row(
            group="pressure", name="a letter each second ends", expected="under 15 s", seen=seen, closed=ended
        )
        gone = sum(_is_gone(line) for line in lines)
        seen = f"{gone} of {len(lines)}"
        yield Row(
            group="pressure",
            name="silent ones are let go",
            expected="all",
            seen=seen,
            closed=gone == len(lines),
        )
    finally:
        for line in lines:
            line.close()


def _most_files() -> int:
    import resource

    return max(resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100, 100)


def _is_gone(line: socket.socket) -> bool:
    try:
        line.settimeout(0.01)
        return line.recv(10) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def _log(world: World) -> Iterator[Row]:
    before = world.log.stat().st_size
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", world.port), timeout=3) as line:
                line.sendall(b"\0\xff nonsense\r\n\r\n")
                line.recv(1000)
        except OSError:
            continue
    grown = world.log.stat().st_size - before
    yield Row(
        group="pressure",
        name="600 malformed requests write less than 20 kB of log",
        expected="< 20 kB",
        seen=f"{grown / 1000:.1f} kB",
        closed=grown < 20_000,
    )
    text = world.log.read_text("utf-8", "replace")
    people = world.truth.ask("SELECT nik FROM record_resident WHERE nik IS NOT NULL")
    told = [nik for (nik,) in people if str(nik) in text]
    yield Row(group="pressure", name="no NIK in the log", expected="0", seen=str(len(told)), closed=not told)
    traces = text.count("Traceback")
    yield Row(
        group="pressure", name="no traceback in the log", expected="0", seen=str(traces), closed=traces == 0
    )
    answer = world.fresh().get("/masuk")
    yield world.row("pressure", "the portal still answers", answer, (200,))
