"""No NIK and no name stands where it would outlive a page: titles, addresses, file names, the log."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine, select, text
from starlette.types import ASGIApp
from worked import Browser

from portal.cli.log import without_people
from portal.database import reading
from portal.tables import AccessLog

MOST = 90
"""So many pages are walked for each person, breadth first."""
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_HREF = re.compile(r'(?:href|action)="(/[^"#]*)"')


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A page that was walked to."""

    path: str
    status: int
    title: str
    disposition: str
    text: str


def walk(browser: Browser) -> Iterator[Seen]:
    """Yields the pages that one reaches by links from the first."""
    waiting, known = ["/tugas", "/kasus", "/data/resident/list"], set[str]()
    while waiting and len(known) < MOST:
        path = waiting.pop(0)
        if path in known or path.startswith(("/static", "/surat")) or path.endswith(".pdf"):
            continue
        known.add(path)
        answer = browser.client.get(path)
        html = answer.text if "html" in answer.headers.get("content-type", "") else ""
        title = _TITLE.search(html)
        yield Seen(
            path=path,
            status=answer.status_code,
            title=title[1] if title else "",
            disposition=answer.headers.get("content-disposition", ""),
            text=html,
        )
        waiting += [each.replace("&amp;", "&") for each in _HREF.findall(html)]


def told_of(engine: Engine) -> Mapping[str, set[str]]:
    """Returns every NIK and name in the database, with all rows of records that hold it in some field."""
    with reading(engine) as session:
        people = session.execute(text("SELECT nik, name FROM record_resident")).all()
        officers = " ".join(session.scalars(text("SELECT label FROM account")))  # pages may name those
        known = {each for row in people for each in row if each and each not in officers}
        found: dict[str, set[str]] = {each: set() for each in known}
        for kind in ("resident", "household", "visit"):
            for row in session.execute(text(f"SELECT * FROM record_{kind}")).mappings():
                said = "\n".join(each for each in row.values() if isinstance(each, str))
                for each, keys in found.items():
                    keys |= {f"{kind} {row['id']}"} if each in said else set()
    return found


@pytest.mark.parametrize("login", ["manager", "front-office", "district-staff"])
def test_nobody_is_named_where_it_would_stay(
    shared: Engine, people: Mapping[str, Browser], login: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = told_of(shared)
    with reading(shared) as session:
        reporters = set(session.scalars(text('SELECT reporter_name FROM "case"'))) - {None}
    assert len(told) > 20
    for seen in walk(people[login]):
        lasting = "\n".join((seen.title, seen.path, seen.disposition, without_people(seen.path), caplog.text))
        assert [each for each in (*told, *reporters) if each in lasting] == [], seen.path


@pytest.mark.parametrize("login", ["manager", "front-office"])
def test_every_page_that_names_somebody_is_logged(
    shared: Engine, people: Mapping[str, Browser], login: str
) -> None:
    told, last = told_of(shared), _newest(shared)
    for seen in walk(people[login]):
        if seen.path.startswith("/rilis"):  # the YAML of the example office tells made-up stories by name
            continue
        named = [keys for each, keys in told.items() if each in seen.text]
        with reading(shared) as session:
            rows = session.scalars(select(AccessLog).where(AccessLog.id > last)).all()
        shown = {key for row in rows for key in _keys(row.shown)}
        free = any(key.startswith("case ") for key in shown)  # what somebody wrote into a case names others
        assert [keys for keys in named if not keys & shown and not free] == [], seen.path
        last = _newest(shared)


def _newest(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(AccessLog.id).order_by(AccessLog.id.desc()).limit(1)) or 0


def _keys(shown: str) -> list[str]:
    parts = (part.split() for part in shown.split("|"))
    return [f"{part[0]} {key}" for part in parts if part for key in part[1:]]


def test_trail_tells_who_changed_and_who_looked(shared: Engine, people: Mapping[str, Browser]) -> None:
    client = people["manager"].client
    with reading(shared) as session:
        key = session.execute(text("SELECT min(id) FROM record_resident")).scalar_one()
    client.get(f"/data/resident/details/{key}")
    answer = client.get(f"/data/resident/{key}/jejak")
    assert answer.status_code == 200
    missing = {"Siapa yang membuka", "halaman data", "Data dibuat", "NIK: 18"} - set(
        re.findall("Siapa yang membuka|halaman data|Data dibuat|NIK: 18", answer.text)
    )
    assert missing == set()
    paper = client.get(f"/data/resident/{key}/jejak.pdf")
    assert paper.headers["content-disposition"] == f'inline; filename="jejak-{key}.pdf"'
    assert paper.content.startswith(b"%PDF")


def test_trail_and_its_paper_tell_the_reason_of_a_look(engine: Engine, app: ASGIApp) -> None:
    manager, why = Browser(app, "manager"), "Diminta inspektorat daerah"
    with reading(engine) as session:
        key = session.execute(text("SELECT min(id) FROM record_resident")).scalar_one()
    trail = f"/data/resident/{key}/jejak"
    before = manager.get(trail).text
    taken = manager.post("/data/resident/export/csv", [("alasan", why), ("kolom", "name"), ("kolom", "nik")])
    assert taken.status_code == 200
    assert why not in before
    assert why in manager.get(trail).text
    paper = PdfReader(io.BytesIO(manager.get(f"{trail}.pdf").content))
    assert why in " ".join(" ".join(page.extract_text() for page in paper.pages).split())


def test_trail_of_a_foreign_person_is_missing(people: Mapping[str, Browser]) -> None:
    client = people["district-staff"].client
    answers = [client.get(f"/data/resident/{key}/jejak{end}") for key in (1, 999_999) for end in ("", ".pdf")]
    assert {each.status_code for each in answers} == {404}
