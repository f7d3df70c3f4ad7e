"""Exports: what the screen shows leaves as text, with a reason, within limits, noted, in little memory."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

import pytest
from sites import HERE, NEXT, NIKS, ByHeader, Office, office, people
from small import NOW
from sqlalchemy import Engine, event, insert
from starlette.testclient import TestClient
from told import told_reason

from portal.admin.exports import Limits
from portal.admin.site import build_site
from portal.admin.spreadsheet import write_csv, write_xlsx
from portal.database import engine_of, writing
from portal.events import REASON as WHY

REASON = {"alasan": "Laporan bulanan"}
ON_SCREEN = ["name", "nik", "birth_date", "household", "area"]
ALL = {**REASON, "kolom": ON_SCREEN}
URL = "/data/resident/export"
HOSTILE = (
    "=1+1",
    "+62",
    "-1",
    "@x",
    "\tx",
    "\rx",
    '=HYPERLINK("http://x";"y")',
    "a;b",
    'say "x"',
    "dua\nbaris",
)


@pytest.fixture
def here(any_engine: Engine) -> Iterator[Office]:
    with office(any_engine) as opened:
        yield opened


def read_csv(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(content: bytes) -> tuple[list[list[str]], str]:
    """Returns the cells of a workbook and the XML of its sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        xml = book.read("xl/worksheets/sheet1.xml").decode()
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    rows = ElementTree.fromstring(xml).iter(f"{space}row")
    return [["".join(cell.itertext()) for cell in row] for row in rows], xml


def test_export_holds_what_the_screen_shows(here: Office) -> None:
    people(here, 4)
    here.add(name="=1+1", nik=NIKS[9], sex="male", area=NEXT)
    answer = here.as_("manager").post(f"{URL}/csv", data={**ALL, "filter-sex": "male", "sort": "name"})
    head, *lines = read_csv(answer)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert head[:2] == ["Nama", "NIK"]
    assert len(head) == len(ON_SCREEN)
    assert [line[0] for line in lines] == ["'=1+1", "Warga 001", "Warga 003"]
    assert lines[1][1] == f"'{NIKS[1]}"
    assert answer.headers["content-disposition"] == 'attachment; filename="resident-2026-11-02.csv"'


def test_xlsx_holds_the_same_as_text(here: Office) -> None:
    people(here, 4)
    answer = here.as_("manager").post(f"{URL}/xlsx", data={**ALL, "filter-sex": "male", "sort": "-name"})
    cells, xml = read_xlsx(answer.content)
    assert [line[0] for line in cells[1:]] == ["Warga 003", "Warga 001"]
    assert cells[1][1] == NIKS[3]
    assert "<f>" not in xml
    assert set(re.findall(r'<c r="[^"]*"[^>]* t="(\w+)"', xml)) == {"inlineStr"}


def test_hostile_cells_are_inert_in_both_formats() -> None:
    rows = [[text, NIKS[0], "0812000099", "003"] for text in HOSTILE]
    plain, book = io.BytesIO(), io.BytesIO()
    assert write_csv(plain, ["=head", "b", "c", "d"], rows) == write_xlsx(
        book, ["=head", "b", "c", "d"], rows
    )
    lines = list(csv.reader(io.StringIO(plain.getvalue().decode("utf-8-sig"), newline=""), delimiter=";"))
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert lines[1][1:] == [f"'{NIKS[0]}", "'0812000099", "'003"]
    cells, xml = read_xlsx(book.getvalue())
    assert "<f>" not in xml
    assert cells[1] == ["=1+1", NIKS[0], "0812000099", "003"]
    assert set(re.findall(r'<c r="[^"]*"[^>]*?(?: t="(\w+)")?>', xml)) == {"inlineStr"}


def test_page_asks_before_anything_leaves(here: Office) -> None:
    people(here, 3)
    page = here.as_("manager").post(f"{URL}/tanya", data={"filter-sex": "male"}).text
    assert "1 baris sesuai saringan" in page
    assert 'name="filter-sex" value="male"' in page
    assert re.findall(r'name="kolom" value="(\w+)" checked', page) == ON_SCREEN
    assert here.events() == []


def test_columns_can_be_left_out(here: Office) -> None:
    people(here, 1)
    answer = here.as_("manager").post(f"{URL}/csv", data={**REASON, "kolom": ["area", "name"]})
    assert [len(line) for line in read_csv(answer)] == [2, 2]
    assert here.events()[0].data["columns"] == ["name", "area"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"kolom": ["name"]}, "untuk apa data ini"),
        ({"kolom": ["name"], "alasan": "x"}, "untuk apa data ini"),
        ({"kolom": ["name"], "alasan": f"tentang {NIKS[0]}"}, "tidak boleh memuat NIK"),
        (REASON, "sedikitnya satu kolom"),
    ],
)
def test_nothing_leaves_without_a_reason_or_columns(here: Office, data: dict[str, Any], said: str) -> None:
    people(here, 1)
    answer = here.as_("manager").post(f"{URL}/xlsx", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert here.events() == []


@pytest.mark.parametrize("column", ["nik", "phone", "note", "nothing"])
def test_hidden_and_unknown_columns_are_refused_alike(here: Office, column: str) -> None:
    people(here, 1)
    answer = here.as_("hidden").post(f"{URL}/csv", data={**REASON, "kolom": ["name", column]})
    assert answer.status_code == 400
    assert here.events() == []


def test_unknown_fields_and_formats_are_refused(here: Office) -> None:
    client = here.as_("manager")
    assert client.post(f"{URL}/csv", data={**ALL, "surprise": "1"}).status_code == 400
    assert client.post(f"{URL}/pdf", data=ALL).status_code == 404


def test_export_masks_and_is_forbidden_without_the_right(here: Office) -> None:
    here.add(name="Sumarni", nik=NIKS[0])
    for kind in ("tanya", "csv", "xlsx"):
        assert here.as_("clerk").post(f"{URL}/{kind}", data=ALL).status_code == 403
    lines = read_csv(here.as_("masked").post(f"{URL}/csv", data=ALL))
    assert lines[1][1] == f"{NIKS[0][:4]}••••••••{NIKS[0][-4:]}"


def test_filter_by_a_masked_field_does_not_narrow(here: Office) -> None:
    people(here, 3)
    answer = here.as_("masked").post(f"{URL}/csv", data={**ALL, "filter-nik": NIKS[0]})
    assert len(read_csv(answer)) == 4


def test_event_says_who_what_why_and_no_words(here: Office) -> None:
    people(here, 4)
    client = here.as_("manager")
    url = client.post("/data/resident/list", data={"words": "warga 002"}).headers["location"]
    data = {**ALL, "search": url.partition("search=")[2]}
    assert len(read_csv(client.post(f"{URL}/csv", data=data))) == 2
    (noted,) = here.events()
    assert (noted.kind, noted.actor_id, noted.at) == ("exported", 5, NOW)
    assert told_reason(here.engine, noted) == "Laporan bulanan"
    proofs = noted.data.pop("values")
    assert list(proofs) == [WHY]
    assert noted.data == {
        "list": "resident",
        "format": "csv",
        "rows": 1,
        "columns": ON_SCREEN,
        "narrowed": [],
        "search": "number",
        "chosen": 0,
    }


def test_event_is_written_before_the_first_byte(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    people(here, 1)

    def broken(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("portal.admin.exports.record", broken)
    client = TestClient(here.client.app, raise_server_exceptions=False, headers={"x-actor": "manager"})
    answer = client.post(f"{URL}/csv", data=ALL)
    assert answer.status_code == 500
    assert "Warga 000" not in answer.text


def limited(here: Office, limits: Limits) -> TestClient:
    site = build_site(here.live, here.engine, ByHeader(), clock=lambda: NOW, exports=limits)
    return TestClient(site, follow_redirects=False, headers={"x-actor": "manager"})


def test_cap_is_told_before_and_holds(here: Office) -> None:
    people(here, 4)
    client = limited(here, Limits(rows=3))
    page = client.post(f"{URL}/tanya").text
    assert "lebih dari 3 baris" in page
    assert 'name="alasan"' not in page
    assert client.post(f"{URL}/csv", data=ALL).status_code == 422
    assert len(read_csv(client.post(f"{URL}/csv", data={**ALL, "filter-sex": "male"}))) == 3


def test_person_has_so_many_files_a_day(here: Office) -> None:
    people(here, 1)
    client = limited(here, Limits(day=2))
    assert [client.post(f"{URL}/{kind}", data=ALL).status_code for kind in ("csv", "xlsx", "csv")] == [
        200,
        200,
        422,
    ]
    assert "Anda masih dapat mengunduh 0 dari 2 berkas" in client.post(f"{URL}/tanya").text
    client.headers["x-actor"] = "masked"
    assert client.post(f"{URL}/csv", data=ALL).status_code == 200


def test_chosen_rows_leave_and_no_others(here: Office) -> None:
    keys = people(here, 4)
    foreign = here.add(name="Orang Lain", area="18.11.01.2001")
    client = here.as_("manager")
    assert f'form="unduh" name="baris" value="{keys[0]}"' in client.get("/data/resident/list").text
    chosen = {"baris": [str(key) for key in (keys[1], keys[2], foreign, 999)]}
    page = client.post(f"{URL}/tanya", data=chosen).text
    assert "2 baris sesuai" in page
    assert f'name="baris" value="{keys[1]}"' in page
    lines = read_csv(client.post(f"{URL}/csv", data={**ALL, **chosen}))
    assert {line[0] for line in lines[1:]} == {"Warga 001", "Warga 002"}
    assert (here.events()[0].data["rows"], here.events()[0].data["chosen"]) == (2, 4)
    assert client.post(f"{URL}/csv", data={**ALL, "baris": "x"}).status_code == 400


def test_reference_lists_are_exported_the_same_way(here: Office) -> None:
    url = "/data/reference.programs/export"
    assert here.as_("clerk").post(f"{url}/tanya").status_code == 200
    columns = ["list-name", "list-state"]
    lines = read_csv(here.as_("clerk").post(f"{url}/csv", data={**REASON, "kolom": columns}))
    assert [len(line) for line in lines] == [2] * len(lines)


MANY = 100_000
BOUND = 12 * 1024 * 1024
"""Bytes that an export of any length may hold at a time."""


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(engine_of(f"sqlite:///{tmp_path_factory.mktemp('crowd') / 'portal.db'}")) as opened:
        table = opened.live.models.records["resident"].__table__
        made = {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1, "version": 1}
        with writing(opened.engine) as session:
            for start in range(0, MANY, 10_000):
                some = [
                    {**made, "name": f"Warga {number}", "area": HERE}
                    for number in range(start, start + 10_000)
                ]
                session.execute(insert(table), some)
        yield opened


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_hundred_thousand_rows_take_little_memory(crowd: Office, kind: str) -> None:
    written: list[Sequence[Any]] = []

    def seen(_c: object, _k: object, statement: str, *_: object) -> None:
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", statement):
            written.append(statement)

    event.listen(crowd.engine, "before_cursor_execute", seen)
    tracemalloc.start()
    try:
        answer = crowd.as_("manager").post(f"{URL}/{kind}", data={**REASON, "kolom": ["name"]})
        # The client of the test holds the whole file; what is over that is ours.
        peak = tracemalloc.get_traced_memory()[1] - 2 * len(answer.content)
    finally:
        tracemalloc.stop()
        event.remove(crowd.engine, "before_cursor_execute", seen)
    assert answer.status_code == 200
    assert crowd.events()[-1].data["rows"] == MANY
    assert peak < BOUND
    # The event with its reason and the access log, each with its chain: no lock is held while rows are read.
    assert len(written) <= 7
