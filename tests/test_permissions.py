"""Role x route x row x field: every page of the shipped office asked as everybody, compared with the oracle.

The cells are made from roles.yaml, records.yaml and the route table; each is one question with one answer. A
test collects those that differ, so that one run names all of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from matrix import (
    AREAS,
    CLASSES,
    HELD,
    NOBODYS,
    RECORDS,
    ROWS,
    Population,
    Row,
    counted,
    held,
    may,
    mine,
    population,
    reads,
    right,
    sees_case,
    sight,
    touches,
)
from sqlalchemy import select

from portal.access import case_scope
from portal.admin.routes import route_table
from portal.database import engine_of, reading
from portal.fields import AreaField, LinkField
from portal.tables import Case, Task
from portal.whocan import reasons

Cell = tuple[str, ...]
Cells = list[tuple[Cell, object, object]]
"""Which question, what the oracle says, what the page says."""


@pytest.fixture(scope="module")
def of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Population]:
    engine = engine_of(f"sqlite:///{tmp_path_factory.mktemp('matrix') / 'matrix.db'}")
    with population(engine) as made:
        yield made
    engine.dispose()


def judge(cells: Cells, least: int) -> None:
    """Fails with every cell that is not as the oracle says."""
    assert [(cell, expected, found) for cell, expected, found in cells if expected != found] == []
    assert len(cells) >= least


def plain_text(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


def facts(page: str) -> dict[str, str]:
    """Returns what a page says by label."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.S)
    return {html.unescape(label): plain_text(said).strip() for label, said in found}


def kept(page: str) -> dict[str, str]:
    """Returns what a form shows without asking it."""
    found = re.findall(r'<p class="label">(.*?)</p><p class="kept">(.*?)<span', page, re.S)
    return {html.unescape(label): html.unescape(said).strip() for label, said in found}


def names_in(page: str) -> set[str]:
    return set(re.findall(r'name="(?:cari-)?([^"]+)"', page))


def shown(of: Population, record: str, name: str, key: int, seen: str) -> str | None:
    """Returns what a page says of a field, None where a name is looked up and only its presence counts."""
    definition = of.live.schema.records[record].fields[name]
    value = definition.stored(of.values[record, key][name])
    if seen == "masked":
        return definition.mask(value)
    return None if isinstance(definition, AreaField | LinkField) else definition.show(value)


RECORD_ROWS = [(record, key) for record in RECORDS for key in range(1, len(AREAS) + 1)]


def test_pages_of_records_show_each_field_as_the_roles_say(of: Population) -> None:
    cells: Cells = []
    for name in HELD:
        for record, key in RECORD_ROWS:
            area = AREAS[key - 1]
            status, page = of.get(name, f"/data/{record}/details/{key}")
            here = 200 if reads(name, record, area=area) else 404 if reads(name, record) else 403
            cells.append(((name, record, str(key)), here, status))
            said = facts(page) if status == 200 else {}
            for field, definition in of.live.schema.records[record].fields.items():
                cell = (name, "details", record, str(key), field)
                cells.append((cell, *_field(of, name, record, field, key, said.get(definition.label))))
    judge(cells, 2_000)


def _field(of: Population, name: str, record: str, field: str, key: int, said: str | None) -> tuple[Any, Any]:
    area = AREAS[key - 1]
    seen = sight(name, record, field, area, mine=mine(name, area)) if reads(name, record, area=area) else ""
    if seen in ("", "hidden"):
        return None, said
    expected = shown(of, record, field, key, seen)
    return (True, said is not None) if expected is None else (expected or "–", said)


def test_forms_of_records_ask_what_may_be_changed(of: Population) -> None:
    cells: Cells = []
    for name in HELD:
        for record, key in RECORD_ROWS:
            area = AREAS[key - 1]
            status, page = of.get(name, f"/data/{record}/edit/{key}")
            edits = reads(name, record, "edit", area) and reads(name, record, area=area)
            cells.append(((name, "edit", record, str(key)), edits, status == 200))
            asked, told = (names_in(page), kept(page)) if status == 200 else (set(), {})
            for field, definition in of.live.schema.records[record].fields.items():
                cell = (name, "edit", record, str(key), field)
                changes = edits and _changes(name, record, field, area)
                cells.append(((*cell, "asked"), changes, field in asked))
                masked = edits and not changes
                seen = sight(name, record, field, area, mine=mine(name, area)) if masked else "hidden"
                expected = None if seen == "hidden" else shown(of, record, field, key, seen)
                cells.append(((*cell, "kept"), expected, told.get(definition.label)))
    judge(cells, 4_000)


def _changes(name: str, record: str, field: str, area: str) -> bool:
    wanted = {"edit", "assigned"} if mine(name, area) else {"edit"}
    return any(
        right(role, record, field) in wanted
        for role in held(name, area)
        if "edit" in role.get("records", {}).get(record, ())
    )


def test_lists_hold_the_rows_and_columns_of_the_person(of: Population) -> None:
    cells: Cells = []
    for name in HELD:
        for record, definition in of.live.schema.records.items():
            status, page = of.get(name, f"/data/{record}/list")
            cells.append(((name, "list", record), reads(name, record), status == 200))
            for key, area in enumerate(AREAS, start=1):
                row = re.search(rf'<tr>(?:(?!</tr>).)*/details/{key}".*?</tr>', page, re.S)
                text = plain_text(row[0]) if row else ""
                here = reads(name, record, area=area)
                cells.append(((name, "list", record, str(key)), here, row is not None))
                for field in definition.list:
                    seen = sight(name, record, field, area) if here else "hidden"
                    expected = shown(of, record, field, key, "plain")
                    if expected is not None and seen != "plain":
                        cells.append(((name, "list", record, str(key), field), False, expected in text))
                    elif expected is not None:
                        cells.append(((name, "list", record, str(key), field), True, expected in text))
    judge(cells, 400)


def test_numbers_are_found_by_who_sees_them(of: Population) -> None:
    cells: Cells = []
    for name in HELD:
        for key, area in enumerate(AREAS, start=1):
            nik = of.values["resident", key]["nik"]
            here = reads(name, "resident", area=area)
            everywhere = {
                sight(name, "resident", "nik", each) for each in AREAS if reads(name, "resident", area=each)
            }
            # One index holds the numbers of all areas: what one area masks is not searched in another.
            begins = here and everywhere == {"plain"}
            card = begins or (here and everywhere <= {"plain", "masked"} and may(name, "register"))
            for words, expected in ((nik, card), (nik[:-1], begins)):
                status, page = of.post(name, "/cari", words=words)
                found = status == 303 or f"/data/resident/details/{key}" in page
                cells.append(((name, "search", words, area), expected, found))
    judge(cells, 70)


def test_exports_leave_only_with_the_right(of: Population) -> None:
    cells: Cells = []
    for name in HELD:
        for record in RECORDS:
            page = of.post(name, f"/data/{record}/export/tanya")[1]
            columns = re.findall(r'name="kolom" value="([^"]*)"', page)
            status, text = of.post(
                name, f"/data/{record}/export/csv", alasan="Laporan bulanan", kolom=columns
            )
            exports = reads(name, record, "export")
            cells.append(((name, "export", record), exports, status == 200))
            for key, area in enumerate(AREAS, start=1):
                for field, definition in of.live.schema.records[record].fields.items():
                    if definition.sensitive:
                        full = shown(of, record, field, key, "plain") or ""
                        value = definition.export(definition.stored(of.values[record, key][field]))
                        listed = exports and field in RECORDS[record]["list"]
                        expected = listed and sight(name, record, field, area) == "plain"
                        cells.append(
                            (
                                (name, "export", record, str(key), field),
                                expected,
                                value in text and bool(full),
                            )
                        )
    judge(cells, 200)


def test_cases_are_seen_and_read_as_the_roles_say(of: Population) -> None:
    cells: Cells = []
    for name in HELD:
        for row in ROWS:
            status, page = of.get(name, f"/kasus/{row.key}")
            seen = sees_case(name, row)
            cells.append(((name, "case", str(row)), 200 if seen else 404, status))
            cells += _case(of, name, row, page if status == 200 else "")
    judge(cells, 2_400)


def _case(of: Population, name: str, row: Row, page: str) -> Cells:
    """What the page of a case says of people, field by field."""
    said, seen = plain_text(page), sees_case(name, row)
    told = {each for role in held(name, row.area) for each in [_hides(role)] if _sees(role)}
    key, full = AREAS.index(row.area) + 1, seen and any(not each for each in told)
    own = row.status == "open" and seen and touches(name, row)
    nik = sight(name, "resident", "nik", row.area, mine=own) if reads(name, "resident", area=row.area) else ""
    value = of.values["resident", key]["nik"]
    return [
        ((name, "case", str(row.key), "description"), full, f"Uraian pengaduan {row.key}." in said),
        ((name, "case", str(row.key), "reporter"), full, f"Pelapor {row.key} Contoh" in said),
        ((name, "case", str(row.key), "answers"), full, f"Pemeriksa {row.key}" in said),
        ((name, "case", str(row.key), "nik"), seen and nik == "plain", value in said),
    ]


def _hides(role: Any) -> bool:
    return "description" in role.get("fields", {}).get("case", {})


def _sees(role: Any) -> bool:
    said = role.get("cases", {})
    reaches = {said.get(each, "area" if each == "normal" else "none") for each in CLASSES}
    return bool(reaches & {"area", "assigned", "created"})


def test_lists_of_cases_hold_those_and_count_the_others(of: Population) -> None:
    cells: Cells = []
    for name in HELD:
        found: set[str] = set()
        path = "/kasus"
        while path:
            _, page = of.get(name, path)
            found |= set(re.findall(r"ADU-202611-\d{5}", page))
            more = re.search(r'rel="next" href="([^"]*)"', page)
            path = html.unescape(more[1]) if more else ""
        cells += [((name, "cases", row.number), sees_case(name, row), row.number in found) for row in ROWS]
        number = re.search(r"Di wilayah Anda ada (\d+) kasus", page)
        cells.append(((name, "count"), counted(name), int(number[1]) if number else None))
    judge(cells, 400)


def test_answers_and_search_hold_no_other_case(of: Population) -> None:
    cells: Cells = []
    for name in HELD:
        for row in NOBODYS:
            status, _ = of.get(name, f"/data/answers.pbi-reactivation/details/{row.key}")
            cells.append(((name, "answers", row.number), sees_case(name, row), status == 200))
            status, _ = of.post(name, "/cari", words=row.number)
            cells.append(((name, "search", row.number), sees_case(name, row), status == 303))
    judge(cells, 400)


def test_letters_open_for_who_sees_what_they_tell(of: Population) -> None:
    cells: Cells = []
    for name in HELD:
        for row in ROWS:
            status, page = of.get(name, f"/surat/{row.key}")
            if not (sees_case(name, row) and may(name, "print", row.area)):
                expected: tuple[int, bool] = (404, False)
            else:
                own = row.status == "open" and touches(name, row)
                seen = sight(name, "household", "kk", row.area, mine=own)
                expected = (200, seen == "plain") if seen != "hidden" else (403, False)
            cells.append(((name, "letter", str(row)), expected, (status, page.startswith("%PDF"))))
    judge(cells, 400)


def test_acts_on_cases_are_for_who_may(of: Population) -> None:
    cells: Cells = []
    for name in HELD:
        for row in NOBODYS:
            seen = sees_case(name, row)
            for path, act in (("siapa", "audit"), ("buka", "reopen")):
                status, _ = of.get(name, f"/kasus/{row.key}/{path}")
                expected = seen and may(name, act, row.area)
                cells.append(((name, path, row.number), expected, status == 200))
    judge(cells, 400)


def test_who_can_agrees_with_the_scope(of: Population) -> None:
    cells: Cells = []
    schema = of.live.schema
    with reading(of.engine) as session:
        cases = {case.id: case for case in session.scalars(select(Case))}
        tasks: dict[int, list[Task]] = {}
        for task in session.scalars(select(Task)):
            tasks.setdefault(task.case_id, []).append(task)
        for name, actor in of.actors.items():
            seen = set(session.scalars(select(Case.id).where(case_scope(schema, actor))))
            for key, case in cases.items():
                why = tuple(reasons(schema, actor, case, tasks[key]))
                cells.append(((name, "who-can", str(key)), key in seen, bool(why)))
    judge(cells, 400)


SINGLE = {
    "/tugas": "work",
    "/aduan/baru": "register",
    "/rilis": "releases",
    "/rilis/pindah": "releases",
}


def test_pages_open_for_who_may(of: Population) -> None:
    cells: Cells = []
    for name in HELD:
        for path, act in SINGLE.items():
            status, _ = of.get(name, path)
            cells.append(((name, path), may(name, act), status == 200))
    judge(cells, 50)


def test_every_declared_route_is_asked_without_rights(of: Population) -> None:
    """Nobody's account opens no page that needs a right, whatever its method."""
    app: Any = of.client.app
    cells: Cells = []
    for line in route_table(app.state.site.admin.router.routes):
        needs = line.needs
        if needs is None or needs.act in ("nothing", "account"):
            continue
        path = re.sub(r"\{identity\}", "resident", re.sub(r"\{export_type\}", "csv", line.path))
        path = re.sub(r"\{[^}]*\}", "1", path)
        for method in line.methods:
            status = of.client.request(method, path, headers={"x-actor": "nobody"}).status_code
            cells.append((("nobody", method, path), True, status in (400, 403, 404)))
    judge(cells, 20)
