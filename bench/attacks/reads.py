"""An officer of one village asks for what belongs to others, on every page and in every way that asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2

from attacks.base import GONE, HOME, Row, World

VILLAGERS = ("front-office", "back-office", "facilitator")
MISSING = 987654


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """Rows of other villages."""

    resident: int
    nik: str
    household: int
    visit: int
    case: int
    number: str
    task: int
    letter: int


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    found, secrets = foreign(world), secrets_of(world)
    for login in VILLAGERS:
        yield from _pages(world, login, found, secrets)
        yield from _lists(world, login, found, secrets)
    yield from _alike(world, found)
    yield from _searches(world, found, secrets)
    yield from _rules(world)


def foreign(world: World) -> Foreign:
    """Returns rows that no officer of the village may see."""
    ask = world.truth.ask
    (resident, nik), *_ = ask("SELECT id, nik FROM record_resident WHERE area <> ? AND nik IS NOT NULL", HOME)
    (case, number, task), *_ = ask(
        "SELECT c.id, c.number, t.id FROM 'case' c JOIN task t ON t.case_id = c.id WHERE c.area <> ?"
        " AND t.status = 'open'",
        HOME,
    )
    one = world.truth.one
    return Foreign(
        resident=int(str(resident)),
        nik=str(nik),
        household=int(str(one("SELECT id FROM record_household WHERE area <> ?", HOME))),
        visit=int(str(one("SELECT id FROM record_visit WHERE area <> ?", HOME))),
        case=int(str(case)),
        number=str(number),
        task=int(str(task)),
        letter=int(str(one("SELECT id FROM issued_letter WHERE area <> ?", HOME))),
    )


def secrets_of(world: World) -> tuple[str, ...]:
    """Returns what tells of people of other villages: their numbers, and names too long to be anybody's."""
    ask = world.truth.ask
    people = ask("SELECT nik, name FROM record_resident WHERE area <> ?", HOME)
    cards = ask("SELECT kk FROM record_household WHERE area <> ?", HOME)
    numbers = ask("SELECT number FROM 'case' WHERE area <> ?", HOME)
    words = [str(word) for row in (*people, *cards, *numbers) for word in row if word]
    return tuple(word for word in words if len(word) >= 12)


def _pages(world: World, login: str, it: Foreign, secrets: tuple[str, ...]) -> Iterator[Row]:
    pages = {
        "resident": f"/data/resident/details/{it.resident}",
        "resident's form": f"/data/resident/edit/{it.resident}",
        "household": f"/data/household/details/{it.household}",
        "household's form": f"/data/household/edit/{it.household}",
        "visit": f"/data/visit/details/{it.visit}",
        "case": f"/kasus/{it.case}",
        "letter": f"/surat/{it.letter}",
        "answers": f"/data/answers.pbi-reactivation/details/{it.case}",
    }
    for name, path in pages.items():
        answer = world.as_(login).get(path)
        yield world.row("other villages", f"{login} opens a {name}", answer, (403, 404), hides=secrets)
    forms: dict[str, tuple[str, dict[str, str]]] = {
        "edits a resident": (f"/data/resident/edit/{it.resident}", {"name": "X", "version": "1"}),
        "completes a step": (f"/kasus/{it.case}/langkah/{it.task}", {"key": "k" * 20}),
        "takes a task": (f"/kasus/{it.case}/tugas/{it.task}", {"key": "l" * 20, "account": "me"}),
        "makes a letter": (f"/kasus/{it.case}/surat", {"key": "m" * 20, "letter": "referral"}),
        "goes back a version": (f"/kasus/{it.case}/versi", {"key": "n" * 20}),
        "names the resident": (
            f"/kasus/{it.case}/warga",
            {"key": "o" * 20, "words": it.nik, "resident": "1"},
        ),
    }
    for name, (path, said) in forms.items():
        answer = world.post(login, path, said)
        yield world.row("other villages", f"{login} {name} there", answer, GONE, hides=secrets)


def _lists(world: World, login: str, it: Foreign, secrets: tuple[str, ...]) -> Iterator[Row]:
    paths = (
        "/tugas",
        "/kasus",
        "/kasus?after=999999",
        "/kasus?before=1",
        "/kasus?status=open",
        "/data/resident/list",
        "/data/resident/list?sort=name",
        "/data/resident/list?sort=-birth_date",
        "/data/resident/list?sort=nik",
        f"/data/resident/list?filter-household={it.household}",
        "/data/resident/list?filter-area=32.02.16.2004",
        "/data/resident/list?filter-sex=male",
        "/data/resident/list?after=999999",
        "/data/resident/list?search=AAAAAAAAAAAAAAAA",
        "/data/household/list",
        "/data/household/list?filter-area=32.02.16.2004",
        "/data/visit/list",
        f"/data/visit/list?filter-resident={it.resident}",
        f"/data/visit/create?resident={it.resident}",
        f"/data/resident/create?household={it.household}",
        f"/aduan/baru?warga={it.resident}",
        "/data/answers.pbi-reactivation/list",
        "/data/answers.violence/list",
        "/data/answers.school-aid/list?after=99999",
    )
    for path in paths:
        answer = world.as_(login).get(path)
        yield world.row("other villages", f"{login}: {path}", answer, (200, 403, 404), hides=secrets)
    for kind in ("resident", "household", "visit", "answers.school-aid", "answers.violence"):
        answer = world.post(login, f"/data/{kind}/export/csv", {})
        name = f"{login} exports {kind}"
        yield world.row("other villages", name, answer, (200, 400, 403, 404, 422), hides=secrets)


def _alike(world: World, it: Foreign) -> Iterator[Row]:
    """A foreign id and a missing one answer the same, so that nobody can count what others have."""
    pages = {
        "/data/resident/details/{}": it.resident,
        "/data/resident/edit/{}": it.resident,
        "/data/household/details/{}": it.household,
        "/data/visit/details/{}": it.visit,
        "/kasus/{}": it.case,
        "/surat/{}": it.letter,
        "/aduan/baru?warga={}": it.resident,
        "/data/visit/create?resident={}": it.resident,
        "/data/resident/list?filter-household={}": it.household,
    }
    for path, key in pages.items():
        answers = [world.as_("front-office").get(path.format(each)) for each in (key, MISSING)]
        said = {(each.status_code, _without_key(each.text)) for each in answers}
        yield world.row(
            "enumeration",
            f"{path.format('N')}: foreign as missing",
            answers[0],
            (200, 403, 404),
            also=len(said) == 1,
        )


def alike(one: httpx2.Response, other: httpx2.Response) -> bool:
    """Tells whether two answers are the same but for the address and keys that are new each time."""
    said = {(each.status_code, _without_key(each.text)) for each in (one, other)}
    return len(said) == 1


def _without_key(text: str) -> str:
    """A page without what it repeats of its own address, and without keys that are new each time."""
    text = re.sub(r'(name="(?:back|key|submission)" value=")[^"]*', r"\1", text)
    text = re.sub(r"\b[0-9a-f]{8}\b", "E", text)
    return re.sub(rf"\b(?:{MISSING}|\d{{1,6}})\b", "N", text)


def _searches(world: World, it: Foreign, secrets: tuple[str, ...]) -> Iterator[Row]:
    for words in (
        it.nik,
        it.nik[:8],
        it.number,
        it.number[:8],
        "Kasdi",
        "La Ode",
        "%",
        "_",
        "*",
        "3202%",
        "a" * 80,
    ):
        hides = tuple(each for each in secrets if each != words)
        for path, slug in (("/cari", "search"), ("/aduan/baru", "complaint")):
            data = {"words": words} if slug == "search" else {"words": words, "find": "1", "key": "k" * 20}
            answer = world.post("front-office", path, data)
            led = answer.headers.get("location", "")
            yield world.row("search", f"{slug} for {words[:20]!r}", answer, (200,), hides=hides, also=not led)
    for login in VILLAGERS:
        answer = world.post(login, "/data/resident/list", {"words": it.nik})
        listed = world.as_(login).get(answer.headers.get("location", "/data/resident/list"))
        yield world.row(
            "search", f"{login} searches the list for a NIK", listed, (200,), hides=secrets, sent=it.nik
        )
        url = answer.headers.get("location", "")
        clean = it.nik not in url
        yield world.row("search", f"{login}: the NIK stands in no address", answer, (303,), also=clean)
    answer = world.post("front-office", "/data/resident/list", {"words": "Sumarni"})
    kept = answer.headers.get("location", "")
    stolen = world.as_("back-office").get(kept)
    yield world.row(
        "search",
        "a kept search of somebody else",
        stolen,
        (200, 400, 404),
        also="Sumarni" not in stolen.text.split("<table")[-1] or "tidak" in stolen.text,
    )


def _rules(world: World) -> Iterator[Row]:
    for login in ("front-office", "facilitator", "supervisor"):
        for path in (
            "/rilis",
            "/rilis/1",
            "/rilis/banding?dari=1&ke=1",
            "/rilis/pindah",
            "/rilis/pindah?sop=x&dari=1",
        ):
            yield world.row("roles", f"{login}: {path}", world.as_(login).get(path), (403, 404))
        answer = world.post(login, "/rilis/pindah", {"sop": "statement", "dari": "1", "ke": "1"})
        yield world.row("roles", f"{login} moves cases", answer, (403, 404))
    for path in ("/aduan/baru", "/data/resident/create", "/data/visit/create"):
        answer = world.as_("district-staff").get(path)
        yield world.row("roles", f"district-staff: {path}", answer, (403, 404))
    answer = world.post("front-office", "/data/resident/export/csv", {})
    yield world.row("roles", "front-office, who may not export, exports", answer, (403, 404))
