"""Emblems that a process draws once: the same picture as without, each folder its own, nothing else kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pictures import drawn

from portal import press
from portal.drawings import Emblems

LETTERS = Path(__file__).resolve().parents[1] / "templates" / "letters"
PAGE = '<!doctype html><html lang="id"><head><title>Uji</title></head><body><p>{}</p></body></html>'
HEAD = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20' width='40' height='40'>"
ODD = {
    "text": f"{HEAD}<text x='2' y='10' font-size='8'>A</text></svg>",
    "gradient": f"{HEAD}<defs><linearGradient id='g'><stop stop-color='red'/></linearGradient></defs>"
    "<rect width='20' height='20' fill='url(#g)'/></svg>",
    "style": f"{HEAD}<style>rect {{ fill: green }}</style><rect width='20' height='20'/></svg>",
    "use": f"{HEAD}<rect id='a' width='9' height='9'/><use href='#a' x='9'/></svg>",
    "group": f"{HEAD}<g opacity='.5'><rect width='20' height='20'/></g></svg>",
    "broken": f"{HEAD}<rect width='20'",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LETTERS, tmp_path / "letters"))


def printed(folder: Path, *names: str, **size: str) -> bytes:
    images = "".join(
        f'<img src="{name}" alt="Lambang" style="width: {size.get("width", "60")}px">' for name in names
    )
    return press.pdf(PAGE.format(f'<span style="color: #123456">warna</span> {images}'), assets=folder).data


def without(monkeypatch: pytest.MonkeyPatch, folder: Path, *names: str) -> bytes:
    with monkeypatch.context() as patch:
        patch.setattr(Emblems, "of", lambda self, folder: {})
        return printed(folder, *names)


def test_picture_is_the_same_as_without(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "half.svg").write_text(
        f"{HEAD}<rect width='9' height='9' fill='black'/>"
        "<circle cx='9' cy='9' r='5' fill-opacity='.5' fill='blue' stroke='red' stroke-opacity='.3'/></svg>"
    )
    for names in (("emblem-regency.svg",), ("half.svg", "half.svg"), ("half.svg", "emblem-puskesos.svg")):
        first, second = printed(folder, *names), printed(folder, *names)
        assert first == second
        assert drawn(first) == drawn(without(monkeypatch, folder, *names))


def test_drawing_that_changes_is_drawn_anew(folder: Path) -> None:
    before = printed(folder, "emblem-regency.svg")
    (folder / "emblem-regency.svg").write_text(f"{HEAD}<rect width='20' height='20' fill='lime'/></svg>")
    after = printed(folder, "emblem-regency.svg")
    assert drawn(before) != drawn(after)
    assert after == printed(folder, "emblem-regency.svg")


@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_plain_drawing_is_left_alone(folder: Path, kind: str) -> None:
    (folder / "odd.svg").write_text(ODD[kind])
    assert [each for each in Emblems().of(folder.resolve()) if each.endswith("odd.svg")] == []


def test_two_sizes_of_one_drawing_are_two(folder: Path) -> None:
    small, large = (printed(folder, "emblem-regency.svg", width=width) for width in ("40", "200"))
    assert drawn(small) != drawn(large)
    assert small == printed(folder, "emblem-regency.svg", width="40")


def test_letter_keeps_nothing_of_its_own_in_the_process(folder: Path) -> None:
    emblems = Emblems()
    cache = emblems.of(folder.resolve())
    cache["data:image/svg+xml,of-one-letter"] = object()
    assert "data:image/svg+xml,of-one-letter" not in emblems.of(folder.resolve())
    assert len(emblems.of(folder.resolve())) == 2
