"""Hosts that are not ours, headers that two servers read differently, headers that claim to come from a proxy."""

from __future__ import annotations

from collections.abc import Iterator

from attacks.base import Row, World

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    yield from _hosts(world)
    yield from _smuggling(world)
    yield from _forwarded(world)


def _hosts(world: World) -> Iterator[Row]:
    wrong = (
        "jahat.example",
        f"jahat.example:{world.port}",
        "127.0.0.1.nip.io",
        "localhost.jahat.example",
        "jahat.example@127.0.0.1",
        "127.0.0.1#jahat.example",
        "127.0.0.1, jahat.example",
        "127.0.0.1/../jahat",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "",
        "127.0.0.1:99999999",
        "localhost\tx",
    )
    for host in wrong:
        sent = f"GET /masuk HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        yield world.raw_row("hosts", f"Host: {host!r}", sent, (400,))
    own = world.host.encode()
    more = {
        "no Host": b"GET /masuk HTTP/1.1\r\nConnection: close\r\n\r\n",
        "HTTP/1.0 without Host": b"GET /masuk HTTP/1.0\r\n\r\n",
        "two Hosts": b"GET /masuk HTTP/1.1\r\nHost: "
        + own
        + b"\r\nHost: jahat.example\r\nConnection: close\r\n\r\n",
        "absolute address of another host": b"GET http://jahat.example/masuk HTTP/1.1\r\nHost: "
        + own
        + b"\r\nConnection: close\r\n\r\n",
        "proxying to another host": b"CONNECT jahat.example:443 HTTP/1.1\r\nHost: " + own + b"\r\n\r\n",
        "OPTIONS *": b"OPTIONS * HTTP/1.1\r\nHost: " + own + b"\r\nConnection: close\r\n\r\n",
    }
    for name, sent in more.items():
        yield world.raw_row("hosts", name, sent, (400, 405, 0))


def _smuggling(world: World) -> Iterator[Row]:
    own = b"Host: " + world.host.encode() + b"\r\n"
    origin = b"Origin: " + world.address.encode() + b"\r\n"
    post, close = b"POST /masuk HTTP/1.1\r\n" + own + origin + FORM, b"Connection: close\r\n\r\n"
    get, inner = b"GET /masuk HTTP/1.1\r\n" + own, b"GET /tugas HTTP/1.1\r\n" + own + b"\r\n"
    kinds = {
        "Content-Length and Transfer-Encoding": post
        + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"
        + close
        + b"0\r\n\r\n"
        + inner,
        "two Content-Lengths": post + b"Content-Length: 0\r\nContent-Length: 40\r\n" + close + inner,
        "Content-Length of two values": post + b"Content-Length: 0, 40\r\n" + close + inner,
        "negative Content-Length": post + b"Content-Length: -1\r\n" + close,
        "Content-Length +5": post + b"Content-Length: +5\r\n" + close + b"a=b&c",
        "Content-Length 0x5": post + b"Content-Length: 0x5\r\n" + close + b"a=b&c",
        "Content-Length of a terabyte": post + b"Content-Length: 1099511627776\r\n" + close,
        "Transfer-Encoding unknown": post + b"Transfer-Encoding: xchunked\r\n" + close,
        "Transfer-Encoding twice": post
        + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"
        + close,
        "Transfer-Encoding with a tab": post + b"Transfer-Encoding:\tchunked, identity\r\n" + close,
        "chunk of a negative size": post + b"Transfer-Encoding: chunked\r\n" + close + b"-1\r\n\r\n",
        "chunk of an absurd size": post + b"Transfer-Encoding: chunked\r\n" + close + b"f" * 30 + b"\r\n",
        "space before the colon": get + b"X-A : b\r\n" + close,
        "header without a name": get + b": b\r\n" + close,
        "NUL in a header": get + b"X-A: b\0c\r\n" + close,
        "bare CR in a header": get + b"X-A: b\rX-B: c\r\n" + close,
        "100 headers": get + b"".join(b"X-%d: a\r\n" % n for n in range(100)) + close,
        "a header of 40 kB": get + b"X-A: " + b"a" * 40_000 + b"\r\n" + close,
        "cookies of 20 kB": get + b"Cookie: a=" + b"a" * 20_000 + b"\r\n" + close,
        "two Origins": post + origin + b"Content-Length: 0\r\n" + close,
        "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "HTTP/9.9": b"GET /masuk HTTP/9.9\r\n" + own + close,
        "TLS to a plain port": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 40 + b"\r\n\r\n",
        "10 kB of noise": bytes(range(256)) * 40 + b"\r\n\r\n",
    }
    for name, sent in kinds.items():
        yield world.raw_row("smuggling", name, sent, (400, 403, 405, 413, 431, 0))
    for name, header in {
        "folded header": b"X-A: b\r\n c\r\n",
        "malformed cookies": b'Cookie: a,b=1; ;;=;"; language=\x7f; language="\r\n',
        "upgrade to a socket": b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n",
        "upgrade to h2c": b"Upgrade: h2c\r\nHTTP2-Settings: x\r\n",
        "a range of the page": b"Range: bytes=0-1,5-\r\n",
        "a gzip body that is none": b"Content-Encoding: gzip\r\n",
        "Expect: 200-maybe": b"Expect: 200-maybe\r\n",
    }.items():
        sent = get + header + b"Connection: close\r\n\r\n"
        yield world.raw_row("smuggling", f"{name} changes nothing", sent, (200, 400, 0))


def _forwarded(world: World) -> Iterator[Row]:
    browser = world.fresh()
    kinds = {
        "X-Forwarded-Host": "jahat.example",
        "X-Forwarded-Server": "jahat.example",
        "Forwarded": "host=jahat.example;proto=https",
        "X-Original-URL": "/tugas",
        "X-Rewrite-URL": "/tugas",
        "X-Forwarded-Prefix": "//jahat.example",
        "X-Script-Name": "/jahat",
    }
    for name, value in kinds.items():
        answer = browser.get("/", headers={name: value})
        led = answer.headers.get("location", "")
        yield world.row("proxies", f"{name} is not believed", answer, (302, 303), also=led == "/masuk")
    for name in ("X-Forwarded-Proto", "X-Forwarded-Ssl"):
        answer = browser.get("/masuk", headers={name: "https"})
        plain = "strict-transport-security" not in answer.headers
        yield world.row("proxies", f"{name}: https is not believed", answer, (200,), also=plain)
