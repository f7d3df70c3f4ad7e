"""The emblems of a letters' folder, drawn once per process: a letter takes over the strokes as they are.

Drawing two emblems is a tenth of the work on a letter, and they are the same on every one. Only plain shapes
are kept; a drawing with text, groups of an opacity, gradients or pictures is left to WeasyPrint each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = ("path", "circle", "ellipse", "rect", "line", "polyline", "polygon")
_PLAIN = frozenset(f"{_SVG}{name}" for name in ("svg", "g", *_SHAPES, "title", "desc", "metadata"))
LARGEST = 200_000
"""The bytes of a drawing that is kept."""


@dataclass(frozen=True, kw_only=True)
class _Strokes:
    """A drawing at one size: what is written to the page, and the opacities it uses."""

    lines: tuple[Any, ...]
    opacities: tuple[tuple[bool, float], ...]
    """Whether of a line, and which."""


@dataclass
class Emblem:
    """A drawing in the place of WeasyPrint's own image of it."""

    image: Any
    drawn: dict[tuple[float, float], _Strokes] = field(default_factory=dict)

    def get_intrinsic_size(self, image_resolution: Any, font_size: Any) -> Any:
        """Returns width, height and ratio, as WeasyPrint asks for them."""
        return self.image.get_intrinsic_size(image_resolution, font_size)

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        """Writes the drawing to a page."""
        strokes = self.drawn.get((width, height))
        if strokes is None:
            strokes = self.drawn[width, height] = self._strokes(stream, width, height, style)
        for of_line, opacity in strokes.opacities:
            stream.set_alpha(opacity, stroke=of_line)
        stream.stream.extend(strokes.lines)

    def _strokes(self, stream: Any, width: float, height: float, style: Any) -> _Strokes:
        states: dict[str, Any] = {}
        apart = stream.clone(resources={"ExtGState": states}, fonts={}, images={})
        self.image.draw(apart, width, height, style)
        found = [(name.startswith("A"), float(name[1:])) for name in states]
        return _Strokes(lines=tuple(apart.stream), opacities=tuple(found))


@dataclass
class Emblems:
    """The drawings of the folders that a process prints from."""

    kept: dict[Path, tuple[str, Emblem | None]] = field(default_factory=dict)

    def of(self, folder: Path) -> dict[str, object]:
        """Returns the plain drawings of a folder by their address, as a fresh cache for one letter."""
        return dict(self._plain(folder))

    def _plain(self, folder: Path) -> Iterator[tuple[str, Emblem]]:
        for file in sorted(folder.glob("*.svg")):
            if not file.is_file() or file.stat().st_size > LARGEST:
                continue
            data = file.read_bytes()
            digest = sha256(data).hexdigest()
            kept = self.kept.get(file)
            if kept is None or kept[0] != digest:
                kept = self.kept[file] = (digest, _emblem(file.as_uri(), data))
            if kept[1] is not None:
                yield file.as_uri(), kept[1]


def _emblem(address: str, data: bytes) -> Emblem | None:
    from weasyprint.images import SVGImage

    try:
        tree = ElementTree.fromstring(data)  # noqa: S314 - as WeasyPrint reads it, with limits around it
    except ElementTree.ParseError:
        return None
    if not all(_is_plain(each.tag, each.attrib) for each in tree.iter()):
        return None
    return Emblem(image=SVGImage(tree, address, None, None))


def _is_plain(tag: object, attributes: Mapping[str, str]) -> bool:
    return tag in _PLAIN and not any(
        "url(" in value or name in ("style", "opacity") or name.endswith("href")
        for name, value in attributes.items()
    )
