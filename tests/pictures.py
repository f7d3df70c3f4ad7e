"""Pictures of the demonstration for the documents: the main pages at both sizes, and a printed letter.

`script/screenshots` runs this; the story is that of the browser tests.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from officers import DESK, PHONE, Officer, launch, served
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from test_browser import letter, refer, register
from worked import demo_copy

COLOURS = 160
"""Our pages have few colours: a palette keeps a picture well below 100 kB."""
SERIALS = {"": "9981", "-phone": "9982"}
"""What stands at the end of a picture's name for each size, and the serial of its NIK."""


def kept(picture: bytes, file: Path) -> None:
    """Writes a picture as a small PNG."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


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


def main(folder: Path) -> None:
    """Writes all pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as room,
        served(demo_copy(Path(room))) as address,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        letters = [take(browser, address, size, folder) for size in SERIALS]
        browser.close()
    kept(drawn(letters[0]), folder / "letter.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
