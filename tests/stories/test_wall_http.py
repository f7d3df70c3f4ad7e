"""A foreign id and a missing id answer alike over HTTP, byte for byte, on every route that names a row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Engine, func, select
from worked import Browser, case_of, letters_of

from portal.database import reading
from portal.models import answers_table
from portal.releases import latest_id, live
from portal.tables import Case, Event, Task

MISSING = 987654321
LOGINS = ("front-office", "back-office", "facilitator", "supervisor", "district-staff")
RECORDS = ("resident", "household", "visit")
GETS = (
    "/kasus/{case}",
    "/surat/{letter}",
    "/data/answers.{sop}/details/{case}",
    *(f"/data/{record}/{page}/{{{record}}}" for record in RECORDS for page in ("details", "edit")),
)
KEY = {"key": "a-form-of-somebody"}
POSTS: Mapping[str, Mapping[str, str]] = {
    "/kasus/{case}/langkah/{task}": KEY,
    "/kasus/{case}/versi": KEY,
    "/kasus/{case}/tugas/{task}": {**KEY, "account": "me"},
    "/kasus/{case}/surat": {**KEY, "letter": "receipt"},
    "/kasus/{case}/warga": {**KEY, "resident": "1"},
    **{
        f"/data/{record}/edit/{{{record}}}": {"submission": "a-form-of-somebody", "version": "1"}
        for record in RECORDS
    },
}
"""What is sent where: only names that the route takes, so that the row decides."""


@pytest.fixture(scope="module")
def foreign(shared: Engine) -> Mapping[str, Any]:
    """Keys of another district's case and its rows; where it has none, of a missing one."""
    with reading(shared) as session:
        case = session.get_one(Case, case_of(shared, "2"))
        models = live(session, latest_id(session) or 0).models
        resident = session.get_one(models.records["resident"], case.resident_id)
        visit = session.scalar(select(func.min(models.records["visit"].id)))
        task = session.scalars(select(Task.id).where(Task.case_id == case.id).limit(1)).one()
        assert answers_table(case.sop) in models.metadata.tables
        return {
            "case": case.id,
            "task": task,
            "letter": letters_of(shared, case.id)[0],
            "resident": resident.id,
            "household": resident.household or MISSING + 1,
            "visit": visit or MISSING + 1,
            "sop": case.sop,
        }


def told(answer: Response, url: str) -> tuple[int, bytes, dict[str, str]]:
    """Returns an answer without its own address and code, and its headers but for the length that follows."""
    body = re.sub(rb'name="key" value="[^"]*"|Kode galat [0-9a-f]+', b"", answer.content)
    body = body.replace(url.encode(), b"")
    headers = {k: v for k, v in answer.headers.items() if k not in ("content-length", "location")}
    return answer.status_code, body, headers


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("path", GETS)
def test_a_foreign_page_is_missing(
    people: Mapping[str, Browser], foreign: Mapping[str, Any], login: str, path: str
) -> None:
    urls = [path.format(**keys) for keys in (foreign, missing(foreign))]
    theirs, none = (told(people[login].client.get(url), url) for url in urls)
    assert theirs == none
    assert theirs[0] in (403, 404)


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("path", POSTS)
def test_a_foreign_form_is_missing(
    shared: Engine, people: Mapping[str, Browser], foreign: Mapping[str, Any], login: str, path: str
) -> None:
    before = written(shared)
    urls = [path.format(**keys) for keys in (foreign, missing(foreign))]
    theirs, none = (told(people[login].post(url, POSTS[path]), url) for url in urls)
    assert theirs == none
    assert theirs[0] in (400, 403, 404, 422)
    assert written(shared) == before


def missing(foreign: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value if key == "sop" else MISSING for key, value in foreign.items()}


def written(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0
