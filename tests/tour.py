"""A walk through the demonstration: one page of each kind that somebody reaches by links."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping

from officers import Officer

MOST = 60
"""So many kinds of pages each person walks to."""
NOBODY = ""
"""Who has not logged in."""
BESIDE: Mapping[str, tuple[str, ...]] = {
    "front-office": ("/aduan/baru?warga=1", "/lapangan", "/lapangan/periksa", "/tidak-ada"),
    "facilitator": ("/data/visit/create", "/akses-darurat"),
    "manager": ("/data/resident/1/jejak", "/warga/1/data", "/akun/darurat"),
    NOBODY: (
        "/masuk",
        "/undangan",
        "/undangan/salah",
        "/lacak",
        "/rujukan/ABCDE-FGHJK",
        "/periksa",
        "/v/ABCDEFGH",
        "/tidak-ada",
    ),
}
"""Pages that no link leads to: those behind a button, errors, and what one meets without a log-in."""
_KEY = re.compile(r"\b[0-9]+\b|(?<=/details/)[^/?]+|(?<==)[^&]*|(?<=/answers\.)[^/]+")
_NO_PAGE = re.compile(
    r"/surat/\d+$|/surat/berkas/|/agenda/berkas/|/konsep/\d+/pdf|/static|/keluar|.*/tanda-terima/|.*\.(?:pdf|css|csv|webmanifest)$"
)


def kind_of(path: str) -> str:
    """Returns what an address has in common with others of its kind: keys and what is asked for make none."""
    return _KEY.sub("#", path)


def tour(officer: Officer, login: str, most: int = MOST) -> Iterator[str]:
    """Yields, opened, one page of each kind that an officer who has logged in reaches."""
    waiting, kinds = deque((*([] if login == NOBODY else ["/"]), *BESIDE.get(login, ()))), set[str]()
    while waiting and len(kinds) < most:
        path = waiting.popleft()
        if kind_of(path) in kinds or _NO_PAGE.match(path):
            continue
        kinds.add(kind_of(path))
        officer.open(path)
        yield path
        links = officer.page.locator("a[href^='/']").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        )
        waiting += [each.partition("#")[0] for each in links]
