"""Forms that say more than they were asked, point to others' rows, come twice, late, or from somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from attacks.base import HOME, Row, World, hidden
from attacks.reads import Foreign, foreign

EXTRA = (
    "id",
    "pk",
    "created_by",
    "created_at",
    "changed_by",
    "account_id",
    "role",
    "roles[]",
    "is_admin",
    "active",
    "password",
    "scope",
    "resident_id",
    "__class__",
    "__proto__",
    "constructor.prototype",
    "name[]",
    "name.x",
    "household.kk",
    "csrf",
)


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    found = foreign(world)
    yield from _extra(world)
    yield from _pointing(world, found)
    yield from _twice(world)
    yield from _stale(world)
    yield from _redirects(world)
    yield from _files(world)


def _people(world: World) -> object:
    return world.truth.one("SELECT count(*) FROM record_resident")


def _new(world: World, **said: str) -> dict[str, object]:
    page = world.as_("front-office").get("/data/resident/create")
    return {
        **hidden(page.text, "/data/resident/create"),
        "name": "Uji Contoh",
        "sex": "male",
        "area": HOME,
        **said,
    }


def _extra(world: World) -> Iterator[Row]:
    before = _people(world)
    for name in EXTRA:
        answer = world.post("front-office", "/data/resident/create", _new(world, **{name: "1"}))
        yield world.row("mass assignment", f"a new resident with {name}", answer, (400,))
    for doubled in ("submission", "version"):
        said = {**_new(world), doubled: ["a" * 20, "b" * 20]}
        answer = world.post("front-office", "/data/resident/create", said)
        yield world.row("mass assignment", f"{doubled} twice", answer, (400,))
    for name, path, said in (
        ("log-in with a role", "/masuk", {"username": "x", "password": "y", "role": "manager"}),
        ("search with an area", "/cari", {"words": "Sum", "area": "18"}),
        ("language with an account", "/bahasa", {"language": "id", "account": "1"}),
        ("log-out with an account", "/keluar", {"account": "6"}),
        ("export with fields", "/data/resident/export/csv", {"fields": "nik"}),
        ("complaint with a number", "/aduan/baru", {"key": "k" * 20, "number": "1", "save": "1"}),
        ("complaint with a status", "/aduan/baru", {"key": "k" * 20, "status": "closed", "save": "1"}),
    ):
        login = "manager" if "export" in path else "back-office" if path == "/keluar" else "front-office"
        yield world.row("mass assignment", name, world.post(login, path, said), (400,))
    same = _people(world) == before
    seen = "as before" if same else "changed"
    yield Row(
        group="mass assignment", name="no resident came of it", expected="as before", seen=seen, closed=same
    )


def _pointing(world: World, it: Foreign) -> Iterator[Row]:
    before = _people(world)
    for name, said in {
        "in a foreign household": {"household": str(it.household)},
        "in a missing household": {"household": "987654"},
        "in household 1 OR 1=1": {"household": "1 OR 1=1"},
        "in a foreign village": {"area": "32.02.16.2004"},
        "in the whole district": {"area": "18"},
        "in no village": {"area": ""},
    }.items():
        answer = world.post("front-office", "/data/resident/create", _new(world, **said))
        yield world.row("foreign keys", f"a new resident {name}", answer, (400, 403, 422))
    same = _people(world) == before
    yield Row(
        group="foreign keys", name="none was written", expected="0", seen="0" if same else "some", closed=same
    )
    visit = {"resident": str(it.resident), "area": HOME, "visited_on": ["1", "11", "2026"], "visited_by": "x"}
    answer = world.post(
        "back-office", "/data/visit/create", {**visit, "findings": "x", "identity_match": "yes"}
    )
    yield world.row("foreign keys", "a visit to a foreign resident", answer, (400, 403, 422))
    key = hidden(world.as_("front-office").get("/aduan/baru").text, "/aduan/baru").get("key", "k" * 20)
    complaint = {"key": key, "who": str(it.resident), "program": "pbi-jk", "save": "1", "description": "x"}
    answer = world.post("front-office", "/aduan/baru", complaint)
    yield world.row(
        "foreign keys", "a complaint of a foreign resident", answer, (400, 403, 404, 422), hides=(it.nik,)
    )
    own = world.truth.ask(
        "SELECT c.id, t.id FROM 'case' c JOIN task t ON t.case_id = c.id WHERE c.area = ? AND t.status = 'open'",
        HOME,
    )
    case, task = own[0]
    for name, path, said in (
        (
            "a foreign task under an own case",
            f"/kasus/{case}/tugas/{it.task}",
            {"key": "p" * 20, "account": "me"},
        ),
        ("a foreign step under an own case", f"/kasus/{case}/langkah/{it.task}", {"key": "q" * 20}),
        (
            "an own task under a foreign case",
            f"/kasus/{it.case}/tugas/{task}",
            {"key": "r" * 20, "account": "me"},
        ),
        ("a task for nobody known", f"/kasus/{case}/tugas/{task}", {"key": "s" * 20, "account": "987654"}),
        ("a task for account 1 OR 1", f"/kasus/{case}/tugas/{task}", {"key": "t" * 20, "account": "1 OR 1"}),
        ("a letter that is none", f"/kasus/{case}/surat", {"key": "u" * 20, "letter": "../../base"}),
        ("a letter not on request", f"/kasus/{case}/surat", {"key": "v" * 20, "letter": "referral"}),
        ("a form without its key", f"/kasus/{case}/tugas/{task}", {"account": "me"}),
        ("a key of one letter", f"/kasus/{case}/tugas/{task}", {"key": "x", "account": "me"}),
        ("a key of 10 kB", f"/kasus/{case}/tugas/{task}", {"key": "x" * 10_000, "account": "me"}),
    ):
        yield world.row(
            "foreign keys", name, world.post("front-office", path, said), (400, 403, 404, 409, 422)
        )


def _twice(world: World) -> Iterator[Row]:
    said = _new(world, name="Sekali Saja Contoh")
    first = world.post("front-office", "/data/resident/create", said)
    second = world.post("front-office", "/data/resident/create", said)
    made = world.truth.one("SELECT count(*) FROM record_resident WHERE name = 'Sekali Saja Contoh'")
    yield world.row("repeats", "a new resident", first, (303,))
    yield world.row("repeats", "the same form again makes no second one", second, (303, 409), also=made == 1)
    other = world.post("back-office", "/data/resident/create", said)
    led = other.headers.get("location", "")
    mine = first.headers.get("location", "/")
    made = world.truth.one("SELECT count(*) FROM record_resident WHERE name = 'Sekali Saja Contoh'")
    alone = other.status_code < 500 and (led != mine or made == 1)
    yield Row(
        group="repeats",
        name="somebody else's form key tells nothing",
        expected="no 5xx",
        seen=str(other.status_code),
        closed=alone,
    )
    case, task, version = world.truth.ask(
        "SELECT c.id, t.id, t.version FROM 'case' c JOIN task t ON t.case_id = c.id WHERE c.area = ? AND t.status = 'open'"
        " AND t.role = 'front-office'",
        HOME,
    )[0]
    path, key = f"/kasus/{case}/tugas/{task}", "shared-key-of-two-officers"
    one = world.post("front-office", path, {"key": key, "version": str(version), "account": "me"})
    yield world.row("repeats", "a task is taken", one, (303,))
    two = world.post("secretariat", path, {"key": key, "account": ""})
    yield world.row("repeats", "the same key by another officer", two, (400, 403, 404, 409))


def _stale(world: World) -> Iterator[Row]:
    key = world.truth.one("SELECT id FROM record_resident WHERE name = 'Sekali Saja Contoh'")
    path = f"/data/resident/edit/{key}"
    page = hidden(world.as_("front-office").get(path).text, path)
    other = hidden(world.as_("back-office").get(path).text, path)
    first = world.post("front-office", path, {**page, "occupation": "Petani"})
    late = world.post("back-office", path, {**other, "occupation": "Nelayan"})
    stands = world.truth.one("SELECT occupation FROM record_resident WHERE id = ?", key)
    yield world.row("stale forms", "the first save", first, (303,))
    yield world.row("stale forms", "the late save overwrites nothing", late, (409,), also=stands == "Petani")
    fresh = hidden(world.as_("front-office").get(path).text, path)
    answer = world.post("front-office", path, {**fresh, "phone_owner": ""})
    stands = world.truth.one("SELECT name || occupation FROM record_resident WHERE id = ?", key)
    kept = stands == "Sekali Saja ContohPetani"
    yield world.row("stale forms", "what was not sent stays", answer, (303, 422), also=kept)
    for version in ("0", "-1", "999999", "1e9", "x", ""):
        said = {**hidden(world.as_("front-office").get(path).text, path), "version": version, "name": "Palsu"}
        answer = world.post("front-office", path, said)
        stands = world.truth.one("SELECT name FROM record_resident WHERE id = ?", key)
        name = f"a forged version {version!r}"
        yield world.row("stale forms", name, answer, (400, 409, 422), also=stands != "Palsu")


def _redirects(world: World) -> Iterator[Row]:
    for back in (
        "//jahat.example",
        "https://jahat.example",
        "/\\jahat.example",
        "/\t/jahat.example",
        "javascript:alert(1)",
        "\\\\jahat.example",
        "/x\r\nSet-Cookie: a=b",
        "http:jahat.example",
        "///jahat.example",
        "data:text/html,x",
    ):
        answer = world.post("front-office", "/bahasa", {"language": "id", "back": back})
        led = answer.headers.get("location", "/")
        own = led.startswith("/") and not led.startswith(("//", "/\\")) and "\t" not in led
        yield world.row(
            "redirects", f"back={back!r}", answer, (303, 400), also=own and "a" not in answer.cookies
        )


def _files(world: World) -> Iterator[Row]:
    browser = world.as_("front-office")
    for name, kind in (
        ("x.svg", "image/svg+xml"),
        ("x.php", "image/jpeg"),
        ("../../x", "image/png"),
        ("x.html", "text/html"),
    ):
        files = {"photo": (name, b"<svg onload=alert(1)>", kind)}
        answer = browser.post("/data/resident/create", data=_new(world), files=files, headers=world.own())
        yield world.row("files", f"{name} as {kind} where no file is asked", answer, (400, 413, 415))
    answer = browser.post(
        "/data/resident/create",
        content=b"--x\r\nbroken",
        headers=world.own(**{"content-type": "multipart/form-data; boundary=x"}),
    )
    yield world.row("files", "a broken multipart body", answer, (400, 415))
