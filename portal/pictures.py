"""Bytes that somebody sent as a photo -> a small JPEG that holds nothing but the picture, or a refusal.

The picture is decoded in a process of its own, with little memory and time, and written anew: where it was
taken, with which camera, and whatever else was hidden in the file stay behind with that process.
"""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import suppress
from typing import Literal

LARGEST = 10 * 1024 * 1024
"""Bytes; what a telephone's camera makes is below."""
LONGEST_SIDE = 1600
"""Pixels of the longer side as it is kept: a name plate in the picture can still be read."""
LARGEST_KEPT = 250_000
"""Bytes of a picture as it is kept."""
MOST_PIXELS = 50_000_000
"""A file that says it holds more is not decoded."""
MEMORY, SECONDS = 1024 * 1024 * 1024, 20
FORMATS = ("JPEG", "PNG", "WEBP")
Why = Literal["type", "size", "broken"]
_TYPE, _SIZE, _BROKEN = 10, 11, 12
_CODES: dict[int, Why] = {_TYPE: "type", _SIZE: "size", _BROKEN: "broken"}


class PictureRefused(Exception):
    """It is no photo of ours: of another type, too large, or broken."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def small(sent: bytes) -> bytes:
    """Returns a photo as a JPEG of at most 1600 pixels and 250 kB, without what the camera wrote into it.

    Raises:
        PictureRefused: it cannot be taken, and why.
    """
    if len(sent) > LARGEST:
        raise PictureRefused("size")
    if not _looks(sent):
        raise PictureRefused("type")
    command = [sys.executable, "-I", "-m", "portal.pictures"]
    try:
        done = subprocess.run(command, input=sent, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise PictureRefused("broken") from None
    if done.returncode or not done.stdout.startswith(b"\xff\xd8"):
        raise PictureRefused(_CODES.get(done.returncode, "broken"))
    return done.stdout


def _looks(sent: bytes) -> bool:
    """Tells by the first bytes whether it says it is a JPEG, PNG or WebP."""
    webp = sent[:4] == b"RIFF" and sent[8:12] == b"WEBP"
    return webp or sent.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def main() -> None:
    """Decodes what stands on standard input, and writes the small picture; the status says what was wrong."""
    _confine()
    sent = sys.stdin.buffer.read(LARGEST + 1)
    try:
        sys.stdout.buffer.write(_drawn(sent))
    except PictureRefused as refused:
        sys.exit(next(code for code, why in _CODES.items() if why == refused.why))
    except Exception:  # whatever a broken file does to its decoder, it is a broken file
        sys.exit(_BROKEN)


def _confine() -> None:
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _drawn(sent: bytes) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        image = Image.open(io.BytesIO(sent), formats=FORMATS)
    except UnidentifiedImageError:
        raise PictureRefused("broken") from None
    except Image.DecompressionBombError:
        raise PictureRefused("size") from None
    if image.width * image.height > MOST_PIXELS:
        raise PictureRefused("size")
    image.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
    image.load()
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    flat = Image.new("RGB", upright.size, "white")
    clear = upright.convert("RGBA")
    flat.paste(clear, mask=clear.getchannel("A"))
    return _kept(flat)


def _kept(image: object) -> bytes:
    """Writes a picture anew, smaller and plainer until it fits."""
    from PIL import Image

    assert isinstance(image, Image.Image)
    for side in (LONGEST_SIDE, 1200, 900):
        image.thumbnail((side, side))
        for quality in (82, 70, 58):
            made = io.BytesIO()
            image.save(made, "JPEG", quality=quality, optimize=True)
            if made.tell() <= LARGEST_KEPT:
                return made.getvalue()
    raise PictureRefused("size")


if __name__ == "__main__":
    main()
