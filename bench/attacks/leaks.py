"""What answers bear and tell: headers on each of them, pages without code in them, errors without insides."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2

from attacks.base import Row, World
from attacks.insiders import LOOKED

HEADERS = {
    "content-security-policy": r"default-src 'self'.*frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin|no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=",
}
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]* src=\"/static/)|src=\"(?!/)", re.I
)


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    yield from _headers(world)
    yield from _pages(world)
    yield from _looking(world)


def _answers(world: World) -> dict[str, httpx2.Response]:
    officer, nobody = world.as_("secretariat"), world.fresh()
    page = officer.get("/tugas")
    static = re.findall(r'href="(/static/[^"]+)"', page.text)
    letter = world.truth.one("SELECT min(id) FROM issued_letter")
    return {
        "a page": page,
        "a list": officer.get("/data/resident/list"),
        "the log-in": nobody.get("/masuk"),
        "a redirect": nobody.get("/tugas"),
        "a letter": officer.get(f"/surat/{letter}"),
        "a file": world.post("manager", "/data/household/export/csv", {}),
        "a style sheet": nobody.get(static[0]),
        "a missing page": officer.get("/tidak/ada"),
        "a forbidden page": world.as_("front-office").get("/rilis"),
        "a refused form": nobody.post("/masuk", data={}, headers={"origin": "null"}),
        "an unknown key": officer.get("/tugas?x=1"),
        "a wrong method": officer.put("/tugas"),
        "too large": nobody.post("/masuk", content=b"a" * 3_000_000, headers=world.own()),
        "a wrong host": nobody.get("/masuk", headers={"host": "jahat.example"}),
        "a failed log-in": nobody.post(
            "/masuk", data={"username": "x", "password": "y"}, headers=world.own()
        ),
    }


def _headers(world: World) -> Iterator[Row]:
    for name, answer in _answers(world).items():
        missing = [key for key, value in HEADERS.items() if not re.search(value, answer.headers.get(key, ""))]
        bare = "server" not in answer.headers and "x-powered-by" not in answer.headers
        kept = answer.headers.get("cache-control", "")
        private = "no-store" in kept or name == "a style sheet"
        yield Row(
            group="headers",
            name=f"{name} has every header",
            expected="all",
            seen=", ".join(missing) or ("all" if bare and private else f"cache {kept!r}, bare {bare}"),
            closed=not missing and bare and private,
        )
        yield world.row("headers", f"{name} tells nothing of the insides", answer, range(200, 500))


def _pages(world: World) -> Iterator[Row]:
    officer = world.as_("secretariat")
    case = world.truth.one("SELECT max(id) FROM 'case'")
    person = world.truth.one("SELECT min(id) FROM record_resident")
    for path in (
        "/tugas",
        "/kasus",
        f"/kasus/{case}",
        "/aduan/baru",
        "/cari",
        "/data/resident/list",
        f"/data/resident/details/{person}",
        f"/data/resident/edit/{person}",
        "/data/reference.programs/list",
        "/masuk",
    ):
        answer = officer.get(path)
        found = INLINE.search(answer.text)
        name = f"no code in the page {re.sub('[0-9]+', 'N', path)}"
        yield world.row("pages", name, answer, (200,), also=found is None)
        away = re.findall(r'(?:href|src|action)="(?!/|#)([^"]*)"', answer.text)
        yield world.row(
            "pages", f"nothing leads away from {re.sub('[0-9]+', 'N', path)}", answer, (200,), also=not away
        )
        title = re.search(r"<title>(.*?)</title>", answer.text)
        clean = title is not None and not re.search(r"\d{10}", title[1])
        yield world.row(
            "pages", f"no number in the title of {re.sub('[0-9]+', 'N', path)}", answer, (200,), also=clean
        )
    for accept, kind in (("application/json", "json"), ("*/*", "html")):
        answer = officer.get("/kasus/987654", headers={"accept": accept})
        fits = kind in answer.headers["content-type"]
        yield world.row("pages", f"an error for {accept}", answer, (403, 404), also=fits)
    answer = officer.get("/kasus/987654", headers={"hx-request": "true"})
    yield world.row(
        "pages", "an error for a region of a page", answer, (403, 404), also="<html" not in answer.text
    )


def _looking(world: World) -> Iterator[Row]:
    """Walks from link to link as three officers: the database is the same afterwards."""
    for login in ("front-office", "secretariat", "district-staff"):
        browser = world.as_(login)
        browser.get("/tugas")
        before = world.truth.digest()
        seen, waiting = set(), ["/tugas", "/kasus", "/data/resident/list", "/rilis", "/aduan/baru"]
        bad: list[str] = []
        kinds: dict[str, int] = {}
        while waiting and len(seen) < 120:
            path = waiting.pop(0)
            kind = re.sub(r"\d+", "N", path)
            kinds[kind] = kinds.get(kind, 0) + 1
            if path in seen or kinds[kind] > 2:
                continue
            seen.add(path)
            answer = browser.get(path)
            if answer.status_code >= 500:
                bad.append(f"{path} {answer.status_code}")
            if "html" in answer.headers.get("content-type", ""):
                waiting += [
                    each.replace("&amp;", "&")
                    for each in re.findall(r'<a [^>]*href="(/[^"#]*)"', answer.text)
                ]
        after = world.truth.digest()
        changed = [name for name in before if before[name] != after[name]]
        # A letter that nobody has opened yet is printed when it is: its bytes are kept, its data are not touched.
        changed = [name for name in changed if name not in {"issued_letter", *LOOKED}]
        told = f"{len(seen)} pages, changed: {', '.join(changed) or 'nothing'}{'; ' if bad else ''}{'; '.join(bad)}"
        name = f"{login} looks at every kind of page and changes nothing"
        yield Row(group="looking", name=name, expected="nothing", seen=told, closed=not changed and not bad)
