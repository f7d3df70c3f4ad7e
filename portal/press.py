"""HTML becomes the bytes of a PDF here, with the bundled fonts only and nothing fetched from outside.

WeasyPrint is imported when the first letter is printed, so that checking needs no Pango. One letter is
printed at a time: its font machinery breaks when two threads share it.
"""

from __future__ import annotations

import atexit
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from weasyprint import CSS, HTML, Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

FONTS = Path(__file__).parent / "assets" / "fonts"
STYLE = "letter.css"
SHEET = FONTS.with_name("sheet")
"""The style of what the portal itself prints on an office's paper: stubs of letters, notices of a breach."""
"""The style sheet of every letter, in the letters' folder."""
TIGHT = "letter-tight.css"
"""What is added to it when that saves a page."""

VARIANT = "pdf/a-2a"
"""Archival and tagged: ISO 19005-2, level A."""

_LOGGER = logging.getLogger("weasyprint")
_LOCK = Lock()


class PrintRefused(Exception):
    """A letter asks for something outside its folder, too large, or not there; `asked` has each address."""

    def __init__(self, asked: tuple[str, ...]) -> None:
        super().__init__(", ".join(asked))
        self.asked = asked


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A printed letter."""

    data: bytes
    pages: int
    sha256: str
    engine: str
    """What the bytes depend on besides the HTML: library versions and a digest of the fonts."""
    missing: str = ""
    """The characters that no bundled font has, each once; the paper shows a box in their place."""
    warnings: tuple[str, ...] = ()
    """What WeasyPrint complained of: broken CSS, an image that cannot be read."""


@dataclass
class _Press:
    """What one process sets up once: the fonts, and each style sheet as last parsed with its digest."""

    fonts: FontConfiguration
    styles: dict[str, tuple[str, CSS]] = field(default_factory=dict)


@dataclass
class _Colours:
    """The sRGB profile of an archival PDF; WeasyPrint's own writes other bytes at its second use."""

    content: bytes = field(default_factory=lambda: (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes())
    components: tuple[list[str], ...] = (["r"], ["g"], ["b"])
    name: str = "IEC 61966-2-1 Default RGB Colour Space - sRGB"
    pdf_reference: bytes | None = None


_made: list[_Press] = []


def pdf(html: str, *, assets: Path) -> Printed:
    """Prints a letter: the same HTML, assets and engine give the same bytes.

    Args:
        html: the whole document; what it names is looked up in `assets`.
        assets: the letters' folder, with `letter.css` and the emblems.

    Raises:
        PrintRefused: the letter asks for a file it may not have.
        FileNotFoundError: the folder has no `letter.css`.
    """
    with _LOCK, _listening() as warnings:
        press = _press()
        from weasyprint import HTML

        folder = assets.resolve()
        fetcher, refused = _fetcher(folder)
        parsed = HTML(string=html, base_url=f"{folder.as_uri()}/", url_fetcher=fetcher)
        complaints = (refused, warnings)
        style = _style(press, folder / STYLE, fetcher, complaints)
        document = _laid_out(parsed, [style], press)
        if len(document.pages) > 1 and (folder / TIGHT).is_file():
            tight = _style(press, folder / TIGHT, fetcher, complaints)
            tighter = _laid_out(parsed, [style, tight], press)
            document = min(document, tighter, key=lambda laid: len(laid.pages))
        data = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, output_intent="")
    return _printed(document, data, refused, warnings)


ROLL_STEP, ROLL_MOST = 10, 600
"""In millimetres: the steps in which a page on a roll grows, and how long it may become."""


def roll_pdf(html: str, *, assets: Path, style: str, width: int) -> Printed:
    """Prints a slip on paper from a roll: one page as long as it needs, in steps of a centimetre.

    Args:
        style: added to `letter.css`; the size of the page named `slip` comes on top.
        width: of the paper, in millimetres.

    Raises:
        PrintRefused: the slip asks for a file it may not have.
    """
    with _LOCK, _listening() as warnings:
        press = _press()
        from weasyprint import CSS, HTML

        folder = assets.resolve()
        fetcher, refused = _fetcher(folder)
        parsed = HTML(string=html, base_url=f"{folder.as_uri()}/", url_fetcher=fetcher)
        base = _style(press, folder / STYLE, fetcher, (refused, warnings))

        def laid(length: int) -> Document:
            page = f"{style}\n@page slip {{ size: {width}mm {length}mm }}"
            own = CSS(string=page, font_config=press.fonts, url_fetcher=fetcher)
            return _laid_out(parsed, [base, own], press)

        low, high = 1, ROLL_MOST // ROLL_STEP
        while low < high:
            middle = (low + high) // 2
            fits = len(laid(middle * ROLL_STEP).pages) == 1
            low, high = (low, middle) if fits else (middle + 1, high)
        document = laid(low * ROLL_STEP)
        data = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, output_intent="")
    return _printed(document, data, refused, warnings)


def _printed(document: Document, data: bytes, refused: list[str], warnings: list[str]) -> Printed:
    if refused:
        raise PrintRefused(tuple(dict.fromkeys(refused)))
    return Printed(
        data=data,
        pages=len(document.pages),
        sha256=sha256(data).hexdigest(),
        engine=engine(),
        missing=_missing(document),
        warnings=tuple(warnings),
    )


@cache
def engine() -> str:
    """Returns the versions and the font digest that a letter's bytes depend on."""
    import weasyprint
    from weasyprint.text.ffi import pango

    fonts = sha256(b"".join(path.read_bytes() for path in sorted(FONTS.glob("*.[ot]tf")))).hexdigest()[:12]
    made_by = f"weasyprint {weasyprint.__version__}; pydyf {version('pydyf')}"
    return f"{made_by}; pango {pango.pango_version()}; fonts {fonts}; {VARIANT}"


def _press() -> _Press:
    """Returns the process's one press; its fonts are found through our own fontconfig file."""
    if not _made:
        with _own_fonts():
            from weasyprint.text.fonts import FontConfiguration

            _made.append(_Press(FontConfiguration()))
        # Pango's objects are let go while Python still stands; later they complain on the way out.
        atexit.register(_made.clear)
    return _made[0]


@contextmanager
def _own_fonts() -> Iterator[None]:
    # Only while the configuration is read: a browser started by this process wants the machine's fonts.
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    try:
        yield
    finally:
        del os.environ["FONTCONFIG_FILE"]
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


def _laid_out(parsed: HTML, styles: list[CSS], press: _Press) -> Document:
    return parsed.render(
        font_config=press.fonts,
        stylesheets=styles,
        color_profiles={"srgb": _Colours()},
        pdf_variant=VARIANT,
    )


def _style(press: _Press, file: Path, fetcher: URLFetcher, complaints: tuple[list[str], ...]) -> CSS:
    """Returns a parsed style sheet; it is kept until the file changes, unless something was wrong with it."""
    from weasyprint import CSS

    text = file.read_text("utf-8")
    digest = sha256(f"{file}\n{text}".encode()).hexdigest()
    kept = press.styles.get(file.name)
    if kept is None or kept[0] != digest:
        style = CSS(string=text, base_url=file.as_uri(), font_config=press.fonts, url_fetcher=fetcher)
        if any(complaints):
            return style
        kept = press.styles[file.name] = (digest, style)
    return kept[1]


_SUFFIXES = (".svg", ".png", ".jpg", ".jpeg", ".css")
_LARGEST = 1_000_000
"""The bytes that one file of the folder may have."""
_DATA = ("data:image/svg+xml", "data:image/png")
_LARGEST_DATA = 64_000
"""The characters that a picture inside the letter, the code to scan, may have."""


def _fetcher(folder: Path) -> tuple[URLFetcher, list[str]]:
    """Returns what opens the folder's pictures and nothing else, and the list of what it turned away."""
    from weasyprint.urls import URLFetcher

    refused: list[str] = []

    class Closed(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
            if not _may_open(url, folder):
                # Errors inside an SVG are swallowed on the way up, so the list is what counts.
                refused.append(url[:200])
                raise ValueError(f"refused: {url[:200]}")
            return super().fetch(url, headers)

    return Closed(allowed_protocols={"file", "data"}, allow_redirects=False), refused


def _may_open(url: str, folder: Path) -> bool:
    if url.startswith("data:"):
        return url.startswith(_DATA) and len(url) <= _LARGEST_DATA
    if not url.startswith("file:///"):
        return False
    path = Path(unquote(urlsplit(url).path)).resolve()
    inside = path.is_relative_to(folder) and path.suffix.lower() in _SUFFIXES
    return inside and path.is_file() and path.stat().st_size <= _LARGEST


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collects what WeasyPrint logs as warning or error."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            # A character without a glyph is told by `missing`.
            if not record.getMessage().startswith(".notdef"):
                heard.append(record.getMessage())

    ear = Ear(logging.WARNING)
    _LOGGER.addHandler(ear)
    try:
        yield heard
    finally:
        _LOGGER.removeHandler(ear)


def _missing(document: Document) -> str:
    codes = {code for font in document.fonts.values() for code in font.missing}
    return "".join(chr(code) for code in sorted(codes))
