"""Requests that nobody's browser sends: seeded, and the same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp, Message

METHODS = (*("GET",) * 9, *("POST",) * 12, "HEAD", "PUT", "OPTIONS", "get", "", "É")
PATHS = (
    "/",
    "/masuk",
    "/keluar",
    "/bahasa",
    "/tugas",
    "/cari",
    "/aduan/baru",
    "/kasus",
    "/kasus/{}",
    "/kasus/{}/langkah/{}",
    "/kasus/{}/tugas/{}",
    "/kasus/{}/surat",
    "/kasus/{}/warga",
    "/kasus/{}/versi",
    "/surat/{}",
    "/rilis",
    "/rilis/{}",
    "/rilis/banding",
    "/rilis/pindah",
    "/data/{}/list",
    "/data/resident/list",
    "/data/resident/details/{}",
    "/data/resident/edit/{}",
    "/data/resident/create",
    "/data/household/create",
    "/data/visit/create",
    "/data/resident/export/{}",
    "/data/answers.statement/details/{}",
    "/data/reference.programs/details/{}",
    "/static/{}",
    "/{}",
)
NAMES = (
    "after", "before", "status", "notice", "sort", "search", "filter-sex", "filter-household",
    "filter-area", "warga", "surat", "dari", "ke", "sop", "sebelum", "map-x", "username", "password",
    "language", "back", "words", "key", "submission", "version", "account", "letter", "issue", "resident",
    "who", "find", "save", "program", "complaint", "description", "channel", "priority", "where", "name",
    "nik", "household", "area", "birth_date", "sex", "phone", "look-up", "cari-household", "doc-ktp",
    "note-ktp", "sop-version", "alasan", "purpose", "members",
)  # fmt: skip
RESIDENT = "name nik household area birth_date sex phone look-up cari-household submission version rt note"
KNOWN = {
    "/masuk": "username password",
    "/bahasa": "language back",
    "/cari": "words",
    "/aduan/baru": "key words who find save program complaint description channel priority where name nik"
    " pasted paste screen pick again without_nik reporter saksi setuju-share tanya-registry--decile",
    "/kasus": "after before status notice",
    "/kasus/{}": "notice surat",
    "/kasus/{}/langkah/{}": "key sop-version doc-ktp note-ktp purpose result found members",
    "/kasus/{}/tugas/{}": "key account",
    "/kasus/{}/surat": "key letter issue purpose recipients",
    "/kasus/{}/warga": "key words resident",
    "/kasus/{}/versi": "key",
    "/rilis": "sebelum",
    "/rilis/banding": "dari ke",
    "/rilis/pindah": "sop dari ke alasan map-visit",
    "/data/resident/list": "sort search filter-sex filter-household filter-area after before words",
    "/data/resident/create": RESIDENT,
    "/data/resident/edit/{}": RESIDENT,
    "/data/household/create": "kk head_name address area members submission version",
    "/data/visit/create": "resident area visited_on visited_by health assets income findings submission",
}
"""What some addresses take, so that most odd values reach a page."""
VALUES = (
    "", "1", "2", "0", "-1", "01", "1e3", "9" * 19, "9" * 400, "NaN", "null", "true", "resident", "csv",
    "pkh", "new", "18.10.03.2007", "1810035408949901", "k" * 20, "a" * 3000, "\0", "\x7f", "\u202e",
    "\ud7ff", "\ufffd", "💥" * 20, "é" * 200, "' OR 1=1 --", "'; DROP TABLE account; --",
    "1 UNION SELECT 1", "%", "_", "*", '"', "a* b*", "{{7*7}}", "${7*7}", "<script>", "../../etc/passwd",
    "..\\..\\x", "//jahat.example", "javascript:alert(1)", "\r\nX-A: b", "١٢٣", "²", "1,2", "[]", "{}",
    "=1+1", "31", "2026-02-30", "99/99/9999",
)  # fmt: skip
HEADERS = (
    ("cookie", "a,b=1; ;;=; language=\x7f"),
    ("cookie", "portal_session=" + "a" * 500),
    ("cookie", "language=en; language=id"),
    ("accept", "application/json"),
    ("accept", "x" * 500),
    ("hx-request", "true"),
    ("content-encoding", "gzip"),
    ("range", "bytes=5-1"),
    ("range", "bytes=0-0,1-1"),
    ("if-none-match", "*"),
    ("if-modified-since", "gestern"),
    ("x-http-method-override", "DELETE"),
    ("x-forwarded-host", "jahat.example"),
    ("transfer-encoding", "chunked"),
    ("content-length", "x"),
    ("content-length", "99999999999999999999"),
    ("expect", "100-continue"),
    ("origin", "null"),
    ("host", "jahat.example"),
    ("x-" + "a" * 300, "b"),
)
FORM = "application/x-www-form-urlencoded"
TYPES = (
    *(FORM,) * 16, f"{FORM}; charset=utf-16", "multipart/form-data; boundary=x", "multipart/form-data",
    "application/json", "text/plain", "", "x" * 300,
)  # fmt: skip


def malformed(seed: int, count: int, cookie: str, host: str = "localhost") -> Iterator[dict[str, Any]]:
    """Yields ASGI scopes of odd requests, with their bodies under `body`."""
    dice = random.Random(seed)
    for _ in range(count):
        yield _request(dice, cookie, host)


def _request(dice: random.Random, cookie: str, host: str) -> dict[str, Any]:
    path = dice.choice(PATHS)
    names = tuple(KNOWN.get(path, "").split()) if dice.random() < 0.8 else ()
    while "{}" in path:
        path = path.replace("{}", _quoted(dice), 1)
    body = _body(dice, names)
    headers = [("host", host), ("origin", f"http://{host}"), ("content-type", dice.choice(TYPES))]
    headers += [("content-length", str(len(body)))] if dice.random() < 0.9 else []
    headers += [("cookie", cookie)] if dice.random() < 0.8 else []
    headers += [dice.choice(HEADERS) for _ in range(dice.choice((0, 0, 0, 0, 0, 1, 3)))]
    query = _pairs(dice, names, dice.choice((0, 0, 0, 1, 2, 70))).encode("utf-8", "replace")
    raw = path.encode("utf-8", "replace")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": dice.choice((*("1.1",) * 20, "1.0", "9.9")),
        "method": dice.choice(METHODS),
        "scheme": dice.choice(("http", "http", "http", "http", "https")),
        "path": path,
        "raw_path": raw,
        "query_string": query,
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("utf-8", "replace")) for name, value in headers],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        "state": {},
        "body": body,
    }


def _quoted(dice: random.Random) -> str:
    value = dice.choice(VALUES)
    odd = dice.choice(("%ff", "%", "%zz", "%00", "..", "%2e%2e%2f"))
    return dice.choice((quote(value, safe=""),) * 6 + (value,) * 2 + (odd,) * 2)


def _pairs(dice: random.Random, names: tuple[str, ...], count: int) -> str:
    """Names and values; each known name at most once, that the page itself looks at them."""
    chosen = dice.sample(names, min(count, len(names))) if names else dice.choices((*NAMES, *VALUES), k=count)
    return "&".join(f"{quote(name, safe='')}={_quoted(dice)}" for name in chosen)


def _body(dice: random.Random, names: tuple[str, ...]) -> bytes:
    kind = dice.random()
    if kind < 0.1:
        return dice.randbytes(dice.choice((1, 100, 5000)))
    if kind < 0.2:
        return b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n' + dice.randbytes(20) + b"\r\n--x"
    if kind < 0.3:
        return b""
    return _pairs(dice, names, dice.choice((1, 3, 8, 20))).encode("utf-8", "replace")


async def answer_to(app: ASGIApp, request: dict[str, Any]) -> tuple[int, bytes]:
    """Returns the status and the body with which an app answers; 0 when it says nothing."""
    scope = {key: value for key, value in request.items() if key != "body"}
    status, pieces = 0, []
    sent = [
        {"type": "http.request", "body": request["body"], "more_body": False},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return sent.pop(0) if len(sent) > 1 else sent[0]

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        pieces.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, b"".join(pieces)
