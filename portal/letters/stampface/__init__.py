"""Who signed -> the visible block of an electronic signature, drawn with the office's own fonts."""

from __future__ import annotations

from pathlib import Path

from portal import press, pressroom, templating


def stamp_pdf(name: str, post: str, at: str) -> bytes:
    """Returns the block as a PDF of one page, 170 by 44 points."""
    values = {"name": name, "post": post, "at": at}
    html = templating.render(templating.fixed(Path(__file__).parent), "stamp.html", values)
    return pressroom.pdf(html, assets=press.SHEET).data
