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
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from portal import standards
from portal.drawings import Emblems

if TYPE_CHECKING:
    from weasyprint import CSS, HTML, Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

FONTS = Path(__file__).parent / "assets" / "fonts"
STYLE = "letter.css"
"""The style sheet of every letter, in the letters' folder."""
SHEET = FONTS.with_name("sheet")
"""The style of what the portal itself prints on an office's paper: stubs of letters, notices of a breach."""
TIGHT = "letter-tight.css"
"""What is added to it when that saves a page."""

_LOGGER = logging.getLogger("weasyprint")
_LOCK = Lock()


class PrintRefused(Exception):
    """A letter asks for something outside its folder, too large, or not there; `asked` has each address."""

    def __init__(self, asked: tuple[str, ...]) -> None:
        super().__init__(", ".join(asked))
        self.asked = asked


class TooManyPages(Exception):
    """A letter has more pages than it may."""


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
    """What one process sets up once: fonts, emblems, and each style sheet as last parsed with its digest."""

    fonts: FontConfiguration
    emblems: Emblems = field(default_factory=Emblems)
    styles: dict[Path, tuple[str, CSS]] = field(default_factory=dict)


_made: list[_Press] = []


def pdf(html: str, *, assets: Path, attach: bytes | None = None, pages: int | None = None) -> Printed:
    """Prints a letter: the same HTML, assets, data and engine give the same bytes.

    Args:
        html: the whole document; what it names is looked up in `assets`.
        assets: the letters' folder, with `letter.css` and the emblems.
        attach: data as JSON that travel inside as `surat.json`; None leaves them out.
        pages: how many it may have at most.

    Raises:
        TooManyPages: it has more.
        PrintRefused: the letter asks for a file it may not have.
        FileNotFoundError: the folder has no `letter.css`.
    """
    with _LOCK, _listening() as warnings:
        sheet = _Sheet.of(html, assets, warnings)
        document = sheet.fitted()
        if pages is not None and len(document.pages) > pages:
            raise TooManyPages
        return _printed(document, standards.written(document, attach), sheet, attach)


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
        sheet = _Sheet.of(html, assets, warnings)
        low, high = 1, ROLL_MOST // ROLL_STEP
        while low < high:
            middle = (low + high) // 2
            fits = len(sheet.rolled(style, width, middle * ROLL_STEP).pages) == 1
            low, high = (low, middle) if fits else (middle + 1, high)
        document = sheet.rolled(style, width, low * ROLL_STEP)
        return _printed(document, standards.written(document, None), sheet, None)


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """One letter on the press: what is to be laid out, and what was found wrong on the way."""

    press: _Press
    parsed: HTML
    folder: Path
    fetcher: URLFetcher
    refused: list[str]
    warnings: list[str]

    @classmethod
    def of(cls, html: str, assets: Path, warnings: list[str]) -> _Sheet:
        """Returns a letter that is parsed and not laid out yet."""
        press, folder = _press(), assets.resolve()
        from weasyprint import HTML

        fetcher, refused = _fetcher(folder)
        parsed = HTML(string=html, base_url=f"{folder.as_uri()}/", url_fetcher=fetcher)
        return cls(
            press=press, parsed=parsed, folder=folder, fetcher=fetcher, refused=refused, warnings=warnings
        )

    def fitted(self) -> Document:
        """Returns the letter laid out, a little tighter where that saves a page."""
        style = self._style(STYLE)
        document = self._laid_out(style)
        if not _runs_over(document) or not (self.folder / TIGHT).is_file():
            return document
        return min(document, self._laid_out(style, self._style(TIGHT)), key=lambda laid: len(laid.pages))

    def rolled(self, style: str, width: int, length: int) -> Document:
        """Returns the slip laid out on a page of a width and length in millimetres."""
        from weasyprint import CSS

        page = f"{style}\n@page slip {{ size: {width}mm {length}mm }}"
        own = CSS(string=page, font_config=self.press.fonts, url_fetcher=self.fetcher)
        return self._laid_out(self._style(STYLE), own)

    def _laid_out(self, *styles: CSS) -> Document:
        document = self.parsed.render(
            font_config=self.press.fonts,
            cache=self.press.emblems.of(self.folder),
            stylesheets=list(styles),
            color_profiles={"srgb": standards.Colours()},
            pdf_variant=standards.ARCHIVAL,
        )
        if document.metadata.attachments:
            self.refused.append('<link rel="attachment">')
        return document

    def _style(self, name: str) -> CSS:
        """Returns a parsed style sheet; it is kept until the file changes, unless something was wrong."""
        from weasyprint import CSS

        file, styles = self.folder / name, self.press.styles
        text = file.read_text("utf-8")
        digest = sha256(text.encode()).hexdigest()
        kept = styles.get(file)
        if kept is None or kept[0] != digest:
            style = CSS(
                string=text, base_url=file.as_uri(), font_config=self.press.fonts, url_fetcher=self.fetcher
            )
            if self.refused or self.warnings:
                return style
            kept = styles[file] = (digest, style)
        return kept[1]


def _printed(document: Document, data: bytes, sheet: _Sheet, attach: bytes | None) -> Printed:
    if sheet.refused:
        raise PrintRefused(tuple(dict.fromkeys(sheet.refused)))
    return Printed(
        data=data,
        pages=len(document.pages),
        sha256=sha256(data).hexdigest(),
        engine=engine(standards.variant_of(attach)),
        missing=_missing(document),
        warnings=tuple(sheet.warnings),
    )


@cache
def engine(variant: str = standards.ARCHIVAL) -> str:
    """Returns the versions and the font digest that a letter's bytes depend on."""
    import weasyprint
    from weasyprint.text.ffi import pango

    fonts = sha256(b"".join(path.read_bytes() for path in sorted(FONTS.glob("*.[ot]tf")))).hexdigest()[:12]
    made_by = f"weasyprint {weasyprint.__version__}; pydyf {version('pydyf')}"
    return f"{made_by}; pango {pango.pango_version()}; fonts {fonts}; {standards.short(variant)}"


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


_ON_A_NEW_PAGE = ("page", "left", "right", "recto", "verso")


def _runs_over(document: Document) -> bool:
    """Tells whether a page was begun because the one before was full, and not because the letter says so."""
    return any(
        not _begins_as_told(before._page_box, after._page_box) for before, after in pairwise(document.pages)
    )


def _begins_as_told(before: Any, page: Any) -> bool:
    ended = {box.element for box in _edge(before, -1)}
    return any(
        box.style["break_before"] in _ON_A_NEW_PAGE and box.element not in ended for box in _edge(page, 0)
    )


def _edge(box: Any, side: int) -> Iterator[Any]:
    """Yields the boxes at the beginning or end of a page, from the outermost in."""
    while inside := [each for each in getattr(box, "children", ()) if each.is_in_normal_flow()]:
        box = inside[side]
        yield box


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
