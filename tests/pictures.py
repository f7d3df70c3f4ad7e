"""Pictures of the demonstration for the documents: a complaint on its way, a letter, and every page there is.

`script/screenshots` runs this; the complaint is that of the browser tests. Pages come at both sizes, one of
each kind, as whoever reaches it first sees it; docs/screens.md shows them.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from officers import DESK, PHONE, Officer, launch, served
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from test_browser import letter, refer, register
from tour import NOBODY, kind_of, tour
from worked import LOGINS, demo_copy

from portal.access import SYSTEM
from portal.wall import acting

COLOURS, FEW = 160, 32
"""Our pages have few colours: a palette keeps a picture well below 100 kB, a small one below 30."""
TALLEST = 2400
"""Pixels of a long page that a picture shows."""
SERIALS = {"": "9981", "-phone": "9982"}
"""What stands at the end of a picture's name for each size, and the serial of its NIK."""

WIDTHS = (("", 560), ("-phone", 190))
"""What stands at the end of a picture's name for each size, and how wide the document shows it."""
HEAD = """# Every page

`script/screenshots` takes these from a fresh demonstration, at 1366 and 390 pixels; long pages are cut off.
A page stands under whoever reaches it first; others see it with more or less on it."""


def kept(picture: bytes, file: Path, colours: int = COLOURS) -> None:
    """Writes a picture as a small PNG."""
    with Image.open(io.BytesIO(picture)) as image:
        shown = image.convert("RGB").crop((0, 0, image.width, min(image.height, TALLEST)))
        shown.quantize(colours, dither=Image.Dither.NONE).save(file, optimize=True)


def take(browser: Browser, address: str, size: str, folder: Path) -> bytes:
    """Takes the pictures of one size on the way of a complaint; returns its letter as PDF."""
    officer = Officer.at(browser, address, PHONE if size else DESK)

    def picture(name: str) -> None:
        kept(officer.page.screenshot(), folder / f"{name}{size}.png")

    officer.open("/masuk")
    picture("login")
    case = register(officer, SERIALS[size])
    for name, path in (("list", "/data/resident/list"), ("form", "/data/resident/create")):
        officer.open(path)
        picture(name)
    officer.open("/aduan/baru")
    officer.page.fill("#kata", f"181003540894{SERIALS[size]}")
    officer.page.click("button[name=find]")
    officer.page.wait_for_selector(".known")
    picture("new-complaint")
    officer.log_in("back-office")
    picture("tasks")
    officer.open(case)
    picture("case")
    refer(officer, case)
    return letter(officer)[1]


def drawn(printed: bytes) -> bytes:
    """Returns the first page of a PDF as a picture."""
    command = ["pdftoppm", "-png", "-r", "80", "-singlefile", "-"]
    return subprocess.run(command, input=printed, stdout=subprocess.PIPE, check=True).stdout


def screens(browser: Browser, address: str, folder: Path) -> Iterator[str]:
    """Takes every page at both sizes and yields the lines of the page that shows them."""
    shown = set[str]()
    for login in (NOBODY, *LOGINS):
        officer = Officer.at(browser, address, DESK)
        if login:
            officer.log_in(login)
        lines = []
        for path in tour(officer, login):
            kind = kind_of(path)
            if kind in shown:
                continue
            shown.add(kind)
            name = re.sub(r"[^a-z0-9]+", "-", kind.replace("#", "n").lower()).strip("-") or "awal"
            title = officer.page.title().partition(" · ")[0]
            for size, end in ((DESK, ""), (PHONE, "-phone")):
                officer.page.set_viewport_size(size)
                picture = officer.page.screenshot(full_page=True)
                kept(picture, folder / f"{name}{end}.png", FEW)
            officer.page.set_viewport_size(DESK)
            pair = [f'<img src="screens/{name}{end}.png" width="{w}" alt="{title}">' for end, w in WIDTHS]
            lines.append(f"### {title}, `{kind.replace('#', '…')}`\n\n{' '.join(pair)}")
        officer.page.context.close()
        if lines:
            yield f"## {login or 'without a log-in'}"
            yield from lines


def main(docs: Path) -> None:
    """Writes all pictures, and the page that shows the screens, into a folder of documents."""
    shutil.rmtree(docs / "screens", ignore_errors=True)
    for each in ("images", "screens"):
        (docs / each).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as room, acting(SYSTEM), sync_playwright() as playwright:
        # What is served is a copy, to be read with the secret that it was made with.
        secret = Path(room) / "secret"
        secret.write_text("5a" * 32)
        os.environ |= {"PORTAL_SECRET_FILE": str(secret), "PORTAL_DEMO": "1"}
        with served(demo_copy(Path(room))) as address:
            _take_all(launch(playwright), address, docs)


def _take_all(browser: Browser, address: str, docs: Path) -> None:
    told = list(screens(browser, address, docs / "screens"))
    letters = [take(browser, address, size, docs / "images") for size in SERIALS]
    browser.close()
    kept(drawn(letters[0]), docs / "images" / "letter.png")
    (docs / "screens.md").write_text("\n\n".join((HEAD, *told)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
