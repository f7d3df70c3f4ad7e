"""Measures the desk: clicks, loads, typed fields and bytes in Chromium, and the server's time.

Run it from the repository: `python bench/desk.py clicks` or `weight` on a fresh demonstration, or
`python bench/desk.py server [--cases N]` on made-up people; each prints a table of docs/benchmarks/desk.md.
A native drop-down counts as two clicks, as in the study of stock admin tools; logging in is left out.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

from asking import HOST, Contestant  # noqa: E402
from officers import DESK, PHONE, Officer, launch, served  # noqa: E402
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright  # noqa: E402
from sqlalchemy import func, select  # noqa: E402

from portal import accounts, demo  # noqa: E402
from portal.access import SYSTEM, Granted  # noqa: E402
from portal.app import create_app  # noqa: E402
from portal.database import engine_of, reading, writing  # noqa: E402
from portal.releases import Live, latest_id, live  # noqa: E402
from portal.seeding import seed  # noqa: E402
from portal.settings import Settings  # noqa: E402
from portal.tables import Case  # noqa: E402
from portal.wall import acting  # noqa: E402

os.environ.setdefault("PORTAL_DEMO", "1")  # the demonstration is served to measure it
PASSWORD = "tiga sapi menari di atap rumah"
KNOWN = ("1810035408949901", "1810034101909972")
"""Somebody of the demonstration, and at the second size somebody whom the first made known."""
ROUNDS = 40
NAMES = ("Wati", "Burhan", "Yulia", "Kosim", "Dedeh", "Rustam", "Fitri", "Gunadi")
"""Nobody of these looks like another one."""


@dataclass(kw_only=True)
class Hand:
    """A clerk whose clicks, keys and page loads are counted."""

    page: Page
    clicks: int = 0
    fields: int = 0
    keys: int = 0
    loads: int = 0
    asked: int = 0
    requests: int = 0
    kept: int = 0
    """Requests that the browser answered from what it keeps."""
    bytes: int = 0
    ticks: int = 0
    """What the step itself asks for: its boxes and choices, apart from the way there."""

    def __post_init__(self) -> None:
        self.page.on("request", self._request)
        wire = self.page.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", self._finished)
        wire.on("Network.requestServedFromCache", self._from_kept)
        wire.on("Network.responseReceived", self._received)

    def _request(self, request: object) -> None:
        kind = getattr(request, "resource_type", "")
        if not str(getattr(request, "url", "")).startswith("http"):
            return  # the browser's own page, in which it shows a PDF
        redirected = getattr(request, "redirected_from", None) is not None
        self.requests += 1
        self.loads += kind == "document" and not redirected
        self.asked += kind in ("fetch", "xhr")

    def _from_kept(self, said: object) -> None:
        self.kept += 1

    def _received(self, said: dict[str, dict[str, object]]) -> None:
        self.kept += said["response"].get("fromDiskCache") is True

    def _finished(self, said: dict[str, float]) -> None:
        self.bytes += int(said["encodedDataLength"])

    def click(self, selector: str) -> None:
        """Clicks once."""
        self.clicks += 1
        self.page.locator(selector).first.click()

    def tick(self, selector: str) -> None:
        """Ticks every box and the first choice of what is asked for."""
        for each in self.page.locator(selector).all():
            if each.is_visible():
                self.ticks += 1
                each.check()

    def begin(self) -> None:
        """Forgets what was counted: the way to where the counting starts is over."""
        self.clicks = self.fields = self.keys = self.loads = self.asked = self.ticks = 0

    def choose(self, selector: str, value: str) -> None:
        """Opens a drop-down and chooses: two clicks."""
        self.clicks += 2
        self.page.select_option(selector, value)

    def type(self, selector: str, text: str, *, enter: bool = False) -> None:
        """Types into an entry that the keyboard reaches, perhaps with Enter behind it."""
        self.fields += 1
        self.keys += len(text) + enter
        self.page.fill(selector, text)
        if enter:
            with self.page.expect_navigation():
                self.page.press(selector, "Enter")

    def rest(self) -> None:
        """Waits until the page has refreshed itself."""
        self.page.wait_for_timeout(300)
        self.page.wait_for_load_state("networkidle")


def somebody_new(hand: Hand, nik: str, complaint: str, pick: str = "") -> None:
    """A complaint of somebody new with a new family."""
    hand.click('main a[href="/aduan/baru"]')
    hand.page.wait_for_selector("#kata")
    hand.type("#kata", nik, enter=True)
    hand.type("[name=name]", f"{NAMES[(int(nik[-2]) + 2 * int(nik[-1])) % 8]} Contoh")
    hand.type("[name=address]", "Dusun II")
    hand.type("[name='household-kk']", "18100312031899" + nik[-2:])
    _complain(hand, complaint, pick)


def somebody_known(hand: Hand, nik: str, complaint: str, pick: str = "") -> None:
    """A complaint of somebody who is registered."""
    hand.click('main a[href="/aduan/baru"]')
    hand.page.wait_for_selector("#kata")
    hand.type("#kata", nik, enter=True)
    _complain(hand, complaint, pick)


def _complain(hand: Hand, complaint: str, pick: str) -> None:
    hand.choose("[name=complaint]", complaint)
    hand.rest()
    if pick:
        hand.click(f"button[name=pick][value={pick}]")
        hand.rest()
    hand.type("[name=description]", "Kartu tidak aktif saat berobat.")
    hand.click("button[name=save]")
    hand.page.wait_for_url("**/kasus/*")


def found(hand: Hand, nik: str, complaint: str, pick: str = "") -> None:
    """Somebody is found by NIK from another page, with the keyboard alone."""
    hand.page.goto(hand.page.url.replace("/tugas", "/kasus"))
    hand.begin()
    hand.page.keyboard.press("/")
    hand.keys += 1
    hand.type("#cari", nik, enter=True)
    hand.page.wait_for_url("**/details/*")


def next_step(hand: Hand, nik: str, complaint: str, pick: str = "") -> None:
    """The first step of a complaint is done, from one's tasks; it is anonymous, and so nobody's second."""
    hand.click('main a[href="/aduan/baru"]')
    hand.page.check("[name=who][value=anonymous]")
    _complain(hand, complaint, pick)
    case = urlsplit(hand.page.url).path
    hand.page.goto(hand.page.url.replace(case, "/tugas").partition("?")[0])
    hand.begin()
    hand.click(f'main a[href="{case}"]')
    hand.page.wait_for_url(f"**{case}")
    hand.tick('form[action*="/langkah/"] [name^="doc-"][value=brought]')
    hand.tick('form[action*="/langkah/"] [name=condition][value=chronic]')
    hand.click('form[action*="/langkah/"] .buttons button')
    hand.page.wait_for_url("**notice=step-completed**")


def letter(hand: Hand, nik: str, complaint: str, pick: str = "") -> None:
    """The letter that a case is likely to need next is made on the page of the case."""
    hand.type("#cari", nik, enter=True)
    hand.click('main a[href^="/kasus/"]')
    hand.page.wait_for_url("**/kasus/*")
    hand.begin()
    hand.click('form[action$="/surat"] button')
    hand.page.wait_for_url("**/surat/*")


TRIPS: tuple[tuple[str, Callable[..., None], str, str, str], ...] = (
    ("new resident and family", somebody_new, "1810034101909971", "kes-02", ""),
    ("the same, several programmes take the complaint", somebody_new, "1810034101909972", "kes-01", "pbi-jk"),
    ("known resident", somebody_known, KNOWN[0], "kes-02", ""),
    ("the same, several programmes take the complaint", somebody_known, KNOWN[0], "kes-06", "pbi-apbd"),
    ("find by NIK from any page", found, KNOWN[0], "", ""),
    ("letter from the case", letter, KNOWN[0], "", ""),
    ("next step, from the tasks", next_step, KNOWN[0], "kes-01", "pbi-jk"),
)


def clicks() -> None:
    """Prints what the trips of a day cost at both sizes."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "desk.db"
        demo.load(Settings(database=f"sqlite:///{file}"))
        with served(file) as address:
            browser = launch(playwright)
            print("| trip | size | clicks | ticks | loads | refreshes | typed fields | keys |")
            print("|---|---|--:|--:|--:|--:|--:|--:|")
            for shift, (name, size) in enumerate((("1366x768", DESK), ("390x844", PHONE))):
                for label, trip, nik, complaint, pick in TRIPS:
                    mine = KNOWN[shift] if nik == KNOWN[0] else f"{nik[:-4]}{int(nik[-4:]) - 40 * shift:04}"
                    go = partial(trip, nik=mine, complaint=complaint, pick=pick)
                    _trip(browser, address, size, (label, name), go)
            browser.close()


def _trip(
    browser: Browser, address: str, size: ViewportSize, named: tuple[str, str], go: Callable[[Hand], None]
) -> None:
    officer = Officer.at(browser, address, size)
    officer.log_in("front-office")
    hand = Hand(page=officer.page)
    go(hand)
    figures = (*named, hand.clicks, hand.ticks, hand.loads, hand.asked, hand.fields, hand.keys)
    print("|", " | ".join(map(str, figures)), "|", flush=True)
    troubles = [each for each in officer.troubles if "asked chrome" not in each]
    assert troubles == [], troubles
    officer.page.context.close()


WEIGHED = (
    "/tugas",
    "/aduan/baru",
    "/aduan/baru?warga=1",
    "/kasus/1",
    "/cari",
    "/kasus",
    "/data/resident/list",
    "/rujukan",
    "/lacak",
)
SLOW = (("slow 3G", 400, 400), ("fast 3G", 1600, 300))
"""Name, kbit/s and milliseconds of delay; the processor is slowed down four times."""
USABLE = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
  const main = document.querySelector('main :is(button, .button, a[href])');
  done(main && main.checkVisibility() ? performance.now() : -1);
})))"""
"""Milliseconds since the page was asked for, once it is painted and what is in its middle can be pressed."""


def weight() -> None:
    """Prints bytes and requests of pages at the first visit and the next, and when they can be used."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "desk.db"
        demo.load(Settings(database=f"sqlite:///{file}"))
        with served(file) as address:
            browser = launch(playwright)
            officer = Officer.at(browser, address, DESK)
            officer.log_in("front-office")
            _weights(browser, officer)
            _slow(browser, officer)
            browser.close()


def _weights(browser: Browser, officer: Officer) -> None:
    print("| page | first visit, kB | requests | again, kB | requests | foreign hosts |")
    print("|---|--:|--:|--:|--:|--:|")
    for path in WEIGHED:
        figures: list[tuple[float, int]] = []
        context = browser.new_context(storage_state=officer.page.context.storage_state())
        foreign = 0
        for _ in range(2):
            page = context.new_page()
            hand = Hand(page=page)
            hosts: set[str] = set()
            page.on("request", lambda request, hosts=hosts: hosts.add(urlsplit(request.url).netloc))
            page.goto(f"{officer.address}{path}", wait_until="networkidle")
            foreign += len(hosts - {urlsplit(officer.address).netloc})
            figures.append((hand.bytes / 1000, hand.requests - hand.kept))
        (first, asked), (again, more) = figures
        print(f"| {path} | {first:.1f} | {asked} | {again:.1f} | {more} | {foreign} |", flush=True)
        context.close()


def _slow(browser: Browser, officer: Officer) -> None:
    print("\n| page | line | first visit, s | again, s |\n|---|---|--:|--:|")
    for path in WEIGHED:
        for name, rate, delay in SLOW:
            context = browser.new_context(storage_state=officer.page.context.storage_state())
            times = []
            for _ in range(2):
                page = context.new_page()
                wire = context.new_cdp_session(page)
                wire.send("Network.enable")
                line = {"downloadThroughput": rate * 125, "uploadThroughput": rate * 125}
                wire.send("Network.emulateNetworkConditions", {"offline": False, "latency": delay, **line})
                wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
                page.goto(f"{officer.address}{path}", wait_until="domcontentloaded")
                times.append(page.evaluate(USABLE) / 1000)
                page.wait_for_load_state("networkidle")
            print(f"| {path} | {name} | {times[0]:.2f} | {times[1]:.2f} |", flush=True)
            context.close()


async def server(cases: int) -> None:
    """Prints the time of GET and POST over a filled database, in this process, through raw ASGI calls."""
    url = f"sqlite:///{Path(tempfile.mkdtemp()) / 'desk.db'}"
    now = datetime.now(UTC)
    with acting(SYSTEM):
        demo.load(Settings(database=url))
        engine = engine_of(url)
        with reading(engine) as session:
            newest = live(session, latest_id(session) or 0)
        seed(engine, newest, cases, residents=cases * 2 // 5, now=now)
        token, nik, counts = _clerk(url, newest, now)
    app = Contestant(
        name="desk",
        app=create_app(Settings(database=url, hosts=(HOST.decode(),))),
        cookie=f"portal_session={token}",
        asks={},
    )
    print(f"{counts[0]:,} residents, {counts[1]:,} cases in one SQLite file, {ROUNDS} rounds\n")
    print("| request | p50 ms | p95 ms | at work, p50 ms | at work, p95 ms |\n|---|--:|--:|--:|--:|")
    key = "k" * 20
    form = {"key": key, "words": "", "find": "1"}
    for label, path, sent in (
        ("GET /aduan/baru", "/aduan/baru", None),
        ("POST, NIK of somebody known", "/aduan/baru", {**form, "words": nik}),
        ("POST, NIK of nobody", "/aduan/baru", {**form, "words": "1810034101909979"}),
        ("POST, part of a name", "/aduan/baru", {**form, "words": "sumar"}),
        ("POST, all programmes screened", "/aduan/baru", {"key": key, "who": "anonymous", "screen": "1"}),
        ("POST, read-only parts", "/aduan/baru/periksa", {"key": key, "who": "new", "nik": nik}),
        ("POST /cari, NIK", "/cari", {"words": nik}),
        ("GET /kasus", "/kasus", None),
    ):
        await _timed(app, label, path, sent)
    await _saved(app)


def _clerk(url: str, newest: Live, now: datetime) -> tuple[str, str, tuple[int, int]]:
    engine = engine_of(url)
    residents = newest.models.records["resident"]
    with writing(engine) as session:
        accounts.create(
            session, login="bench", label="Bench", password=PASSWORD, actor=SYSTEM, now=now,
            grants=(Granted(role="front-office", area="18.10.03.2007"),), without_factor=True,
        )  # fmt: skip
        token = accounts.log_in(session, "bench", PASSWORD, now) or ""
        here = select(residents.nik).where(residents.area == "18.10.03.2007", residents.nik.is_not(None))
        nik = session.scalars(here.order_by(residents.id.desc()).limit(1)).one()
        counted = tuple(
            session.scalar(select(func.count()).select_from(each)) or 0 for each in (residents, Case)
        )
    return token, nik, (counted[0], counted[1])


async def _timed(app: Contestant, label: str, path: str, sent: dict[str, str] | None) -> None:
    times = []
    for turn in range(ROUNDS + 3):
        begun = _clocks()
        answer = await app.call(path, form=sent)
        if turn >= 3:
            times.append(_since(begun))
        assert answer.status in (200, 303), (label, answer.status)
    _line(label, times)


async def _saved(app: Contestant) -> None:
    times = []
    for turn in range(ROUNDS):
        who = {
            "who": "new",
            "name": f"{NAMES[turn % 8]} {NAMES[turn // 8]}mo Contoh",
            "nik": f"181003410190{5000 + turn}",
            "sex": "female",
        }
        what = {"complaint": "kes-02", "program": "pbi-jk-reactivation", "description": "Tidak aktif."}
        rest = {
            "channel": "counter",
            "priority": "normal",
            "area": "18.10.03.2007",
            "birth_date": f"{turn % 28 + 1}-6-{1950 + turn}",
        }
        begun = _clocks()
        answer = await app.call(
            "/aduan/baru", form={"key": f"bench-{turn:015}", **who, **what, **rest, "save": "1"}
        )
        times.append(_since(begun))
        assert answer.status == 303, answer.body[-400:]
    _line("POST, saved: resident, case, screening, events", times)


def _clocks() -> tuple[float, float]:
    """By the clock on the wall, and the time that this process alone was at work."""
    return time.perf_counter(), time.process_time()


def _since(begun: tuple[float, float]) -> tuple[float, float]:
    wall, work = _clocks()
    return (wall - begun[0]) * 1000, (work - begun[1]) * 1000


def _line(label: str, times: list[tuple[float, float]]) -> None:
    figures = []
    for each in zip(*times, strict=True):
        figures += [statistics.median(each), statistics.quantiles(each, n=20)[-1]]
    print(f"| {label} |", " | ".join(f"{each:.0f}" for each in figures), "|", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("clicks", "weight", "server"))
    parser.add_argument("--cases", type=int, default=50_000)
    typed = parser.parse_args()
    if typed.what == "clicks":
        with acting(SYSTEM):
            clicks()
    elif typed.what == "weight":
        with acting(SYSTEM):
            weight()
    else:
        asyncio.run(server(typed.cases))
