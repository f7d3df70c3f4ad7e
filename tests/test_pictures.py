"""Photos as they are sent: what is kept of them, and what is refused; each file is a real one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from portal import pictures
from portal.pictures import PictureRefused, small

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def photo(width: int = 3000, height: int = 2000, kind: str = "JPEG", **more: object) -> bytes:
    made = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(made, kind, **more)
    return made.getvalue()


def camera() -> bytes:
    """A photo with where it was taken, by which camera, and turned on its side."""
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "KameraRahasia", 6
    exif[GPS] = {1: "S", 2: (5.0, 21.0, 0.0), 3: "E", 4: (104.0, 58.0, 0.0)}
    return photo(exif=exif, comment=b"rumah warga")


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it holds 60,000 x 60,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_becomes_a_small_jpeg(kind: str) -> None:
    kept = small(photo(kind=kind) if kind != "PNG" else photo(1700, 900, "PNG"))
    image = Image.open(io.BytesIO(kept))
    assert (image.format, max(image.size) <= 1600, len(kept) <= 250_000) == ("JPEG", True, True)


def test_nothing_of_the_camera_stays() -> None:
    kept = small(camera())
    image = Image.open(io.BytesIO(kept))
    assert dict(image.getexif()) == {}
    assert not any(each in kept for each in (b"Exif", b"KameraRahasia", b"rumah warga", b"GPS"))
    assert image.height > image.width, "it stands upright as the camera said"


def test_what_hides_behind_a_photo_does_not_stay() -> None:
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("x.html", "<script>alert(1)</script>")
    kept = small(photo(400, 300) + hidden.getvalue() + b"<script>alert(1)</script>")
    assert b"<script>" not in kept
    assert not zipfile.is_zipfile(io.BytesIO(kept))


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (bomb(), "size"),
        (photo()[:20_000], "broken"),
        (b"\xff\xd8\xff" + b"x" * 100, "broken"),
        (b"GIF89a" + bytes(100), "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        (b"%PDF-1.7", "type"),
        (b"", "type"),
        (b"\xff\xd8\xff" + bytes(pictures.LARGEST), "size"),
        (photo(100, 100, "PNG").replace(b"IDAT", b"IDAX"), "broken"),
    ],
    ids=["bomb", "truncated", "no-jpeg", "gif", "svg", "pdf", "empty", "large", "chunk"],
)
def test_what_is_no_photo_is_refused(sent: bytes, why: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        small(sent)
    assert refused.value.why == why
