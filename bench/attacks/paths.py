"""Addresses that mean something else to whoever reads them next, and query keys that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterator

from attacks.base import Row, World

ODD = (
    "/%00",
    "/masuk%00.css",
    "/kasus/1%00",
    "/../portal/settings.py",
    "/static/../settings.py",
    "/static/%2e%2e/settings.py",
    "/static/..%2f..%2fsettings.py",
    "/static/..%5c..%5csettings.py",
    "/static/%252e%252e%252fsettings.py",
    "/static/....//settings.py",
    "/static/x/../../../../etc/passwd",
    "/data/resident%2flist",
    "/data/resident/./list",
    "/data//resident/list",
    "//jahat.example/",
    "//jahat.example/%2e%2e",
    "/\\jahat.example",
    "/%5cjahat.example",
    "/kasus/%ff",
    "/kasus/%c0%af",
    "/kasus/%ed%a0%80",
    "/kasus/%E2%80%AE1",
    "/kasus/%0d%0aSet-Cookie:%20a=b",
    "/kasus/1;jsessionid=x",
    "/kasus/-1",
    "/kasus/1.0",
    "/kasus/1e3",
    "/kasus/0x1",
    "/kasus/99999999999999999999",
    "/kasus/9223372036854775807",
    "/kasus/9223372036854775808",
    "/kasus/%D9%A1",
    "/kasus/ 1".replace(" ", "%20"),
    "/surat/0",
    "/rilis/2147483648",
    "/data/__class__/list",
    "/data/account/list",
    "/data/event/list",
    "/data/web_session/list",
    "/data/resident/details/1'--",
    "/data/resident/details/1%20OR%201=1",
    "/data/reference.programs/details/%7B%7B7*7%7D%7D",
    "/" + "a" * 5000,
    "/" + "a/" * 500,
    "/data/resident/export/../../list",
)
QUERIES = (
    "/masuk?next=//jahat.example",
    "/masuk?username=a&password=b",
    "/tugas?debug=1",
    "/tugas?account_id=1",
    "/kasus?area=18",
    "/kasus?status=open&status=closed",
    "/kasus?notice=saved&notice=saved",
    "/kasus?%00=1",
    "/kasus?status=%00",
    "/kasus?status=%ff",
    "/kasus?status=%0d%0aSet-Cookie:a=b",
    "/kasus?__proto__=1",
    "/data/resident/list?filter-password=x",
    "/data/resident/list?filter-nik=1810035408949901",
    "/data/resident/list?filter-area__startswith=18",
    "/data/resident/list?pks=1,2,3",
    "/data/resident/list?page=1&pageSize=1000",
    "/data/resident/list?sortBy=nik",
    "/data/resident/details/1?include=household",
    "/data/resident/details/1?fields=nik",
    "/surat/1?download=1",
    "/cari?words=1810035408949901",
    "/kasus?" + "&".join(f"a{n}=1" for n in range(200)),
    "/kasus?status=" + "a" * 5000,
)


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    head = f"Host: {world.host}\r\nConnection: close\r\n\r\n"
    for path in ODD:
        sent = f"GET {path} HTTP/1.1\r\n{head}".encode()
        yield world.raw_row(
            "paths", _short(path), sent, (303, 400, 404, 414) if _asks(path) else (400, 404, 414)
        )
    for path in QUERIES:
        answer = world.as_("front-office").get(path)
        yield world.row("query keys", _short(path), answer, (400, 414))


def _asks(path: str) -> bool:
    """Whether the address has the shape of a page, which asks for the log-in before it looks for the row."""
    return path.startswith(("/data/", "/kasus/9", "/surat", "/rilis"))


def _short(path: str) -> str:
    return path if len(path) < 60 else f"{path[:40]}… ({len(path)} characters)"
