"""Requests that another site makes a browser send, and methods that are none of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attacks.base import Row, World

GROUP = "other sites"
NEW = {"name": "Palsu Contoh", "sex": "male", "area": "18.10.03.2007"}


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    yield from _variants(world)
    yield from _every_form(world)
    yield from _methods(world)


def _variants(world: World) -> Iterator[Row]:
    own, port = world.address, world.port
    kinds: dict[str, dict[str, str]] = {
        "Origin of another site": {"origin": "https://jahat.example"},
        "Origin null": {"origin": "null"},
        "Origin that begins like ours": {"origin": f"{own}.jahat.example"},
        "Origin that ends like ours": {"origin": f"http://jahat-{world.host}"},
        "Origin with another port": {"origin": f"http://127.0.0.1:{port + 1}"},
        "Origin with another scheme": {"origin": own.replace("http:", "https:")},
        "Origin with our address as user": {"origin": f"{own}@jahat.example"},
        "Origin empty": {"origin": ""},
        "no Origin, Sec-Fetch-Site cross-site": {"sec-fetch-site": "cross-site"},
        "no Origin, Sec-Fetch-Site same-site": {"sec-fetch-site": "same-site"},
        "no Origin, Sec-Fetch-Site none": {"sec-fetch-site": "none"},
        "no Origin, no Sec-Fetch-Site": {},
        "only a Referer of ours": {"referer": f"{own}/tugas"},
        "our Origin, Sec-Fetch-Site cross-site": {"origin": own, "sec-fetch-site": "cross-site"},
        "foreign Origin, X-Forwarded-Host the same": {
            "origin": "http://jahat.example",
            "x-forwarded-host": "jahat.example",
        },
    }
    for name, headers in kinds.items():
        answer = world.as_("front-office").post("/data/resident/create", data=NEW, headers=headers)
        yield world.row(GROUP, f"new resident: {name}", answer, (403,))
    for kind in ("text/plain", "application/json", "application/xml"):
        headers = world.own(**{"content-type": kind})
        answer = world.as_("front-office").post("/data/resident/create", content=b"name=x", headers=headers)
        yield world.row(GROUP, f"new resident as {kind}", answer, (400, 415))
    made = world.truth.one("SELECT count(*) FROM record_resident WHERE name = ?", NEW["name"])
    yield Row(group=GROUP, name="none of these was written", expected="0", seen=str(made), closed=made == 0)


def _every_form(world: World) -> Iterator[Row]:
    case = world.truth.one("SELECT id FROM 'case' WHERE status = 'open' AND area = '18.10.03.2007'")
    paths = (
        "/masuk",
        "/keluar",
        "/bahasa",
        "/cari",
        "/aduan/baru",
        "/rilis/pindah",
        "/data/resident/list",
        "/data/resident/edit/1",
        "/data/resident/export/csv",
        "/data/household/create",
        f"/kasus/{case}/langkah/1",
        f"/kasus/{case}/tugas/1",
        f"/kasus/{case}/surat",
        f"/kasus/{case}/versi",
        f"/kasus/{case}/warga",
    )
    for path in paths:
        headers = {"origin": "https://jahat.example", "sec-fetch-site": "cross-site"}
        answer = world.as_("front-office").post(path, data={"key": "x" * 20}, headers=headers)
        yield world.row(GROUP, f"POST {re.sub(r'[0-9]+', 'N', path)} from another site", answer, (403,))
    still = world.as_("front-office").get("/tugas")
    yield world.row(GROUP, "the session of the attacked is still there", still, (200,))


def _methods(world: World) -> Iterator[Row]:
    browser = world.as_("front-office")
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY", "DEBUG"):
        answer = browser.request(method, "/data/resident/edit/1", headers=world.own())
        yield world.row("methods", f"{method} on a record", answer, (400, 405))
    for header in ("x-http-method-override", "x-method-override", "x-http-method"):
        answer = browser.post("/data/resident/details/1", headers=world.own(**{header: "DELETE"}))
        there = world.truth.one("SELECT count(*) FROM record_resident WHERE id = 1") == 1
        yield world.row("methods", f"{header}: DELETE", answer, (400, 405), also=there)
    answer = world.post("front-office", "/data/resident/create", {"_method": "DELETE", **NEW})
    yield world.row("methods", "_method=DELETE in a form", answer, (400,))
    for path in ("/keluar", "/bahasa?language=en", "/data/resident/export/csv", "/kasus/1/tugas/1"):
        answer = browser.get(path)
        yield world.row("methods", f"GET {path} instead of POST", answer, (400, 405))
    head = browser.head("/data/resident/list")
    yield world.row("methods", "HEAD answers without a body", head, (200, 405), also=not head.content)
