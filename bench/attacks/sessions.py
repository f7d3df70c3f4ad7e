"""Sessions that are guessed, planted, stolen or used again, and log-ins that are tried one after another."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import httpx2

from attacks.base import Row, World

SHUT = (
    "/",
    "/tugas",
    "/kasus",
    "/kasus/1",
    "/surat/1",
    "/aduan/baru",
    "/cari",
    "/rilis",
    "/rilis/1",
    "/rilis/pindah",
    "/data/resident/list",
    "/data/resident/details/1",
    "/data/resident/edit/1",
    "/data/resident/create",
    "/data/answers.violence/list",
    "/data/reference.programs/list",
)
FORMS = (
    "/cari",
    "/aduan/baru",
    "/data/resident/create",
    "/data/resident/export/csv",
    "/kasus/1/surat",
    "/keluar",
)


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    yield from _without(world)
    yield from _tokens(world)
    yield from _log_in(world)
    yield from _guessing(world)


def _is_shut(answer: httpx2.Response) -> bool:
    return "/masuk" in answer.headers.get("location", "")


def _without(world: World) -> Iterator[Row]:
    nobody = world.fresh()
    for path in SHUT:
        answer = nobody.get(path)
        yield world.row("sessions", f"GET {path} without log-in", answer, (302, 303), also=_is_shut(answer))
    for path in FORMS:
        answer = nobody.post(path, data={}, headers=world.own())
        yield world.row("sessions", f"POST {path} without log-in", answer, (302, 303), also=_is_shut(answer))


def _tokens(world: World) -> Iterator[Row]:
    browser = world.log_in("facilitator")
    name, token = next((each.name, str(each.value)) for each in browser.cookies.jar)
    cookie = browser.cookies.jar
    flags = next(iter(cookie))
    safe = flags.has_nonstandard_attr("HttpOnly") or "HttpOnly" in str(flags.__dict__)
    yield Row(
        group="sessions", name="no script reads the cookie", expected="HttpOnly", seen=str(safe), closed=safe
    )
    for kind, value in {
        "empty": "",
        "guessed": "a" * 43,
        "cut": token[:-1],
        "longer": token + "a",
        "turned": token[::-1],
        "of another case": token.swapcase(),
        "quoted": f'"{token}x"',
        "SQL": "' OR 1=1 --",
        "of a thousand letters": "a" * 1000,
        "1": "1",
        "null": "null",
    }.items():
        answer = world.fresh().get("/tugas", headers={"cookie": f"{name}={value}"})
        yield world.row("sessions", f"a token that is {kind}", answer, (302, 303, 400), also=_is_shut(answer))
    planted = world.fresh()
    planted.cookies.set(name, "planted-by-somebody-else-0123456789abcdefgh")
    said = {"username": "facilitator", "password": "pintu-terbuka-2026"}
    planted.post("/masuk", data=said, headers=world.own())
    kept = [str(each.value) for each in planted.cookies.jar]
    seen = (
        "a new token" if "planted-by-somebody-else-0123456789abcdefgh" not in kept[-1:] else "the planted one"
    )
    yield Row(
        group="sessions", name="a planted session", expected="a new token", seen=seen, closed="new" in seen
    )
    again = world.log_in("facilitator")
    other = next(str(each.value) for each in again.cookies.jar)
    yield Row(
        group="sessions",
        name="two log-ins, two tokens",
        expected="differ",
        seen="differ" if other != token else "same",
        closed=other != token,
    )
    left = browser.post("/keluar", headers=world.own())
    yield world.row("sessions", "log-out", left, (303,))
    answer = world.fresh().get("/tugas", headers={"cookie": f"{name}={token}"})
    yield world.row("sessions", "a token after its log-out", answer, (302, 303), also=_is_shut(answer))
    stored = world.truth.one("SELECT count(*) FROM web_session WHERE token = ?", other)
    yield Row(
        group="sessions",
        name="tokens in the database are digests",
        expected="0",
        seen=str(stored),
        closed=stored == 0,
    )
    for address in (f"/tugas?{name}={other}", f"/tugas?token={other}", f"/tugas;{name}={other}"):
        answer = world.fresh().get(address)
        kind = address.partition(name)[0].partition("token")[0]
        yield world.row("sessions", f"a token in the address {kind}", answer, (302, 303, 400, 404))


def _try(world: World, login: str, password: str) -> tuple[httpx2.Response, float]:
    browser = world.fresh()
    begun = time.perf_counter()
    answer = browser.post("/masuk", data={"username": login, "password": password}, headers=world.own())
    return answer, time.perf_counter() - begun


def _log_in(world: World) -> Iterator[Row]:
    known, unknown = (
        _try(world, "auditor-x", "salah-sekali-0")[0],
        _try(world, "supervisor", "salah-sekali-0")[0],
    )
    alike = known.status_code == unknown.status_code and _still(known) == _still(unknown)
    yield world.row(
        "log-in", "a known and an unknown name answer alike", known, (400, 401, 403, 429), also=alike
    )
    times: dict[str, list[float]] = {"supervisor": [], "tidak-ada": []}
    for _ in range(3):
        for login in times:
            times[login].append(_try(world, login, "salah-sekali-1")[1])
    one, other = (statistics.median(each) for each in times.values())
    near = max(one, other) < 4 * min(one, other) + 0.05
    seen = f"{one * 1000:.0f} and {other * 1000:.0f} ms"
    yield Row(group="log-in", name="and take as long", expected="alike", seen=seen, closed=near)
    for name, login, password in (
        ("empty", "", ""),
        ("a password of 1 MB", "supervisor", "a" * 1_000_000),
        ("a name of 100 kB", "a" * 100_000, "x"),
        ("NUL in the name", "supervisor\0", "x"),
        ("NUL in the password", "supervisor", "pintu\0"),
        ("a name in other letters", "ѕupervisor", "pintu-terbuka-2026"),
        ("a line break in the name", "supervisor\r\nmanager", "x"),
        ("a wildcard", "%", "pintu-terbuka-2026"),
    ):
        answer, _ = _try(world, login, password)
        yield world.row("log-in", name, answer, (400, 401, 403, 413, 429))


def _still(answer: httpx2.Response) -> str:
    """A page without what differs each time."""
    import re

    return re.sub(r"[0-9a-f]{8}|value=\"[^\"]*\"", "", answer.text)


def _guessing(world: World) -> Iterator[Row]:
    answers = [_try(world, "auditor", f"tebakan-{n}")[0].status_code for n in range(12)]
    calm = all(status < 500 for status in answers)
    seen = "/".join(map(str, dict.fromkeys(answers)))
    yield Row(group="log-in", name="guessing at an unknown name", expected="4xx", seen=seen, closed=calm)
    for number in range(14):
        _try(world, "back-office", f"tebakan-{number}")
    answer, _ = _try(world, "back-office", "pintu-terbuka-2026")
    yield world.row(
        "log-in", "the right password after 14 guesses is not let in", answer, (400, 401, 403, 429)
    )
    still = world.as_("front-office").get("/tugas")
    yield world.row("log-in", "whoever is at work goes on working", still, (200,))
