"""Words that are code elsewhere: on pages, in letters, in spreadsheets, in queries, in templates."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import httpx2

from attacks.base import HOME, Row, World, hidden

POISON = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}{% raw %}${7*7}#{7*7}"
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "=cmd|'/c calc'!A1")
SQL = (
    "' OR '1'='1",
    "'; DROP TABLE record_resident; --",
    "1 UNION SELECT login, password FROM account",
    "1) OR 1=1 --",
    "' AND 1=CAST((SELECT password FROM account LIMIT 1) AS int) --",
    "\\' OR 1=1 --",
    "%' OR name LIKE '%",
    "1; SELECT pg_sleep(5)",
    "randomblob(1000000000)",
    'name" MATCH "a',
    "a* OR b*",
    "NEAR(a b)",
)


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    yield from _stored(world)
    yield from _echoed(world)
    yield from _spreadsheet(world)
    yield from _queries(world)
    yield from _browser(world)


def _is_text(answer: httpx2.Response) -> bool:
    """Whether the poison, where it is shown, is shown as text and was not worked out."""
    return (
        not re.search(r"<img src=x|<script>alert|onerror=alert\(1\)>(?!&)", answer.text)
        and "&gt;49" not in answer.text
    )


def _stored(world: World) -> Iterator[Row]:
    page = world.as_("front-office").get("/data/resident/create")
    texts = ("name", "birth_place", "occupation", "address", "id_card_address", "note")
    said = {**hidden(page.text, "/data/resident/create"), "sex": "male", "area": HOME}
    for name in texts:
        answer = world.post(
            "front-office", "/data/resident/create", {**said, name: POISON, "name": POISON[:60] + name}
        )
        yield world.row(
            "scripts", f"a resident with poison in {name}", answer, (303, 422), also=_is_text(answer)
        )
        page = world.as_("front-office").get("/data/resident/create")
        said |= hidden(page.text, "/data/resident/create")
    key = world.truth.one("SELECT max(id) FROM record_resident")
    page = world.as_("front-office").get(f"/aduan/baru?warga={key}")
    program, complaint = "pbi-jk", "pbi-inactive"
    found = re.search(rf'value="{program}"[^>]*data-complaints="([^" ]+)', page.text)
    complaint = found[1] if found else complaint
    data = {
        **hidden(page.text, "/aduan/baru"),
        "who": str(key),
        "program": program,
        "complaint": complaint,
        "description": POISON,
        "channel": "walk-in",
        "priority": "normal",
        "reporter_name": POISON[:100],
        "reporter_relation": POISON[:70],
        "where": HOME,
        "save": "1",
    }
    for name in ("channel", "priority"):
        option = re.search(rf'name="{name}" value="([^"]+)"', page.text) or re.search(
            rf'name="{name}".*?<option value="([^"]+)" selected', page.text, re.S
        )
        data[name] = option[1] if option else data[name]
    answer = world.post("front-office", "/aduan/baru", data)
    yield world.row("scripts", "a complaint with poison", answer, (303,), also=_is_text(answer))
    case = world.truth.one("SELECT max(id) FROM 'case'")
    for path in (
        "/tugas",
        "/kasus",
        f"/kasus/{case}",
        "/data/resident/list",
        f"/data/resident/details/{key}",
        f"/data/resident/edit/{key}",
        f"/aduan/baru?warga={key}",
    ):
        shown = world.as_("front-office").get(path)
        yield world.row(
            "scripts", f"poison on {re.sub('[0-9]+', 'N', path)}", shown, (200,), also=_is_text(shown)
        )
    letters = world.truth.ask("SELECT id FROM issued_letter WHERE case_id = ?", case)
    for (letter,) in letters:
        paper = world.as_("front-office").get(f"/surat/{letter}")
        clean = paper.content.startswith(b"%PDF") and not re.search(
            rb"/JavaScript|/JS\b|/Launch|/EmbeddedFile", paper.content
        )
        answer = httpx2.Response(paper.status_code, headers={"content-type": "application/pdf"})
        yield world.row("scripts", "poison in a letter", answer, (200,), also=clean)


def _echoed(world: World) -> Iterator[Row]:
    for name, answer in {
        "search": world.post("front-office", "/cari", {"words": POISON[:80]}),
        "look-up": world.post(
            "front-office", "/aduan/baru", {"words": POISON[:80], "find": "1", "key": "k" * 20}
        ),
        "list search": world.post("front-office", "/data/resident/list", {"words": POISON[:80]}),
        "notice": world.as_("front-office").get("/tugas", params={"notice": POISON}),
        "filter": world.as_("front-office").get("/data/resident/list", params={"filter-sex": POISON}),
        "sort": world.as_("front-office").get("/data/resident/list", params={"sort": POISON}),
        "status": world.as_("front-office").get("/kasus", params={"status": POISON}),
        "log-in name": world.fresh().post(
            "/masuk", data={"username": POISON, "password": "x"}, headers=world.own()
        ),
        "address": world.as_("front-office").get("/<script>alert(1)</script>"),
        "letter": world.post("front-office", "/kasus/1/surat", {"key": "k" * 20, "letter": POISON}),
    }.items():
        yield world.row(
            "scripts", f"poison echoed by {name}", answer, (200, 303, 400, 403, 404), also=_is_text(answer)
        )
    for payload in (
        "{{config}}",
        "{{''.__class__.__mro__}}",
        "{%for x in ().__class__%}",
        "${{7*7}}",
        "<%=7*7%>",
    ):
        answer = world.post("front-office", "/cari", {"words": payload})
        plain = (
            "49" not in re.sub(r"<header.*?</header>", "", answer.text, flags=re.S)
            and "class &#39;" not in answer.text
        )
        yield world.row("templates", f"search for {payload}", answer, (200,), also=plain)


def _spreadsheet(world: World) -> Iterator[Row]:
    for place, formula in enumerate(FORMULAS):
        page = world.as_("front-office").get("/data/resident/create")
        said = {**hidden(page.text, "/data/resident/create"), "sex": "male", "area": HOME}
        world.post("front-office", "/data/resident/create", {**said, "name": f"{formula} Rumus {place}"})
    answer = world.post("manager", "/data/resident/export/csv", {})
    if answer.status_code in (400, 422):
        reason = {"alasan": "uji keamanan", "kolom": "name"}
        answer = world.post("manager", "/data/resident/export/csv", reason)
    cells = [cell for row in csv.reader(io.StringIO(answer.text), delimiter=";") for cell in row]
    live = [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    yield world.row("spreadsheets", "formulas in a file are text", answer, (200,), also=not live)


def _queries(world: World) -> Iterator[Row]:
    count = world.truth.one("SELECT count(*) FROM record_resident")
    for text in SQL:
        browser = world.as_("front-office")
        for name, answer in {
            "search": world.post("front-office", "/cari", {"words": text}),
            "filter": browser.get("/data/resident/list", params={"filter-sex": text}),
            "sort": browser.get("/data/resident/list", params={"sort": text}),
            "place": browser.get("/kasus", params={"after": text}),
            "log-in": world.fresh().post(
                "/masuk", data={"username": text, "password": text}, headers=world.own()
            ),
        }.items():
            yield world.row("queries", f"{name}: {text[:40]}", answer, (200, 303, 400, 429), sent=text)
    same = world.truth.one("SELECT count(*) FROM record_resident") == count
    yield Row(
        group="queries", name="every resident is still there", expected="yes", seen=str(same), closed=same
    )


def _browser(world: World) -> Iterator[Row]:
    """The poisoned pages in a real browser: no dialog opens, nothing is fetched from elsewhere."""
    from shutil import which

    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    chromium = which("chromium")
    if chromium is None:
        return
    cookies = [
        {"name": each.name, "value": str(each.value), "url": world.address}
        for each in world.as_("front-office").cookies.jar
    ]
    troubles: list[str] = []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = opened.new_context()
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
        page.on(
            "console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None
        )
        for path in ("/tugas", "/kasus", "/data/resident/list"):
            page.goto(f"{world.address}{path}", timeout=60_000)
            page.wait_for_timeout(300)
        opened.close()
    seen = "; ".join(troubles) or "nothing"
    yield Row(
        group="scripts",
        name="Chromium on poisoned pages",
        expected="nothing",
        seen=seen[:80],
        closed=not troubles,
    )
