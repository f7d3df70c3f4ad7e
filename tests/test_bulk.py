"""Letters in bulk: in order, numbered without a gap, once, whatever happens in between."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import threads
from casework import NEXT, Office
from printery import asked, done, events, items, job_of, letters, people, village
from pypdf import PdfReader
from small import NOW
from sqlalchemy import Engine, delete, select, update
from tampering import unguard_letters

from portal.access import SYSTEM
from portal.bulk import KEPT, LEASE, cancel, drop_old, retry, waiting, work
from portal.bulk.base import Hold, Lost
from portal.bulk.printing import printed
from portal.bulk.working import _number, _taken, _without_number
from portal.cases import Refused
from portal.cli import main
from portal.database import engine_of, reading, writing
from portal.duties.emptying import Emptying, empty_case
from portal.events import broken
from portal.sweep import sweep
from portal.tables import Case, Grant, IssuedLetter, PrintItem, PrintJob


@pytest.fixture
def here(tmp_path: Path) -> tuple[Office, list[int]]:
    return village(engine_of(f"sqlite:///{tmp_path / 'bulk.db'}"), 8)


@pytest.fixture
def anywhere(any_engine: Engine) -> tuple[Office, list[int]]:
    return village(any_engine, 8)


def names(office: Office) -> list[tuple[str, str, str]]:
    said = [each.data["resident"] for each in letters(office)]
    return [(each["rw"], each["rt"], each["name"]) for each in said]


def numbers(office: Office) -> list[str]:
    return [str(each.number) for each in letters(office)]


def gapless(count: int) -> list[str]:
    return [f"400/{place:03}/PKS/XI/2026" for place in range(1, count + 1)]


def test_letters_come_in_order_of_houses_and_names(anywhere: tuple[Office, list[int]]) -> None:
    office, cases = anywhere
    job = done(office, asked(office, cases))
    assert (job.status, job.done, job.worker) == ("done", 8, None)
    assert names(office) == sorted(names(office))
    assert numbers(office) == gapless(8)
    assert events(office, "letter-issued") == 8
    with reading(office.engine) as session:
        assert broken(session) is None


def test_merged_file_has_every_letter_in_that_order(here: tuple[Office, list[int]]) -> None:
    office, cases = here
    job = done(office, asked(office, cases))
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(job.result or b"")).pages]
    assert len(pages) == 8
    assert all(number in page for number, page in zip(gapless(8), pages, strict=True))


def test_zip_holds_the_archived_bytes_under_names_of_nobody(here: tuple[Office, list[int]]) -> None:
    office, cases = here
    job = done(office, asked(office, cases, packing="zip"))
    with reading(office.engine) as session:
        kept = session.execute(select(IssuedLetter.id, IssuedLetter.pdf).order_by(IssuedLetter.id)).all()
    with zipfile.ZipFile(BytesIO(job.result or b"")) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {f"{place:04}-introduction-{key}.pdf": data for place, (key, data) in enumerate(kept, 1)}


def test_printing_again_issues_nothing(here: tuple[Office, list[int]]) -> None:
    office, cases = here
    first = done(office, asked(office, cases))
    again = done(office, asked(office, cases, again=True))
    assert (len(letters(office)), again.total, again.status) == (8, 8, "done")
    assert again.result == first.result


def test_foreign_cases_never_enter(anywhere: tuple[Office, list[int]]) -> None:
    office, cases = anywhere
    foreign = people(office, 3, NEXT, first=100)
    job = asked(office, [*cases, *foreign, 99_999])
    assert {each.case_id for each in items(office, job)} == set(cases)
    with pytest.raises(Refused, match="print-nothing"):
        asked(office, foreign)


def test_case_that_is_passed_on_meanwhile_is_not_issued(here: tuple[Office, list[int]]) -> None:
    office, cases = here
    job = asked(office, cases)
    with writing(office.engine) as session:
        session.execute(update(Case).where(Case.id == cases[0]).values(area=NEXT))
    done(office, job)
    failed = [(each.case_id, each.problem) for each in items(office, job) if each.status == "failed"]
    assert failed == [(cases[0], "missing")]
    assert numbers(office) == gapless(7)


def test_who_has_lost_the_role_issues_nothing(here: tuple[Office, list[int]]) -> None:
    office, cases = here
    job = asked(office, cases)
    with writing(office.engine) as session:
        session.execute(delete(Grant).where(Grant.account_id == 2))
    assert done(office, job).status == "done"
    assert {each.problem for each in items(office, job)} == {"missing"}
    assert letters(office) == []


def test_cancelled_job_keeps_what_it_issued(anywhere: tuple[Office, list[int]]) -> None:
    office, cases = anywhere
    job = asked(office, cases)
    hold = Hold(engine=office.engine, job_id=job, clock=lambda: NOW)
    assert _taken(hold)
    _number(hold, _without_number(hold)[:3])
    with writing(office.engine) as session:
        cancel(office.at(session, "officer"), job)
    with pytest.raises(Lost):
        _number(hold, _without_number(hold))
    assert [each.status for each in items(office, job)] == ["issued"] * 3 + ["waiting"] * 5
    assert (job_of(office, job).status, numbers(office)) == ("cancelled", gapless(3))
    assert not work(office.engine, job, lambda: NOW)


def test_abandoned_job_goes_on_without_a_second_number(anywhere: tuple[Office, list[int]]) -> None:
    office, cases = anywhere
    job = asked(office, cases)
    hold = Hold(engine=office.engine, job_id=job, clock=lambda: NOW)
    assert _taken(hold)
    _number(hold, _without_number(hold)[:5])  # and then its machine is switched off
    assert not work(office.engine, job, lambda: NOW)
    assert waiting(office.engine, NOW) == []
    later = NOW + LEASE
    assert waiting(office.engine, later) == [job]
    assert done(office, job, now=later).status == "done"
    assert numbers(office) == gapless(8)
    with pytest.raises(Lost):
        _number(hold, [1])


def test_two_workers_do_one_job_once(anywhere: tuple[Office, list[int]]) -> None:
    office, cases = anywhere
    job = asked(office, cases)
    with threads.pool(4) as pool:
        took = list(pool.map(lambda _: work(office.engine, job, lambda: NOW, rest=0), range(4)))
    assert sorted(took) == [False, False, False, True]
    assert numbers(office) == gapless(8)


def test_two_jobs_at_once_leave_no_gap(anywhere: tuple[Office, list[int]]) -> None:
    office, cases = anywhere
    jobs = [asked(office, cases[:4]), asked(office, cases[4:], who="colleague")]
    with threads.pool(2) as pool:
        list(pool.map(lambda job: work(office.engine, job, lambda: NOW, rest=0), jobs))
    assert sorted(numbers(office)) == gapless(8)
    assert {each.issued_by for each in letters(office)} == {2, 7}


def test_letter_that_cannot_be_printed_stops_no_other_and_is_tried_again(
    here: tuple[Office, list[int]],
) -> None:
    office, cases = here
    job = asked(office, cases)
    hold = Hold(engine=office.engine, job_id=job, clock=lambda: NOW)
    assert _taken(hold)
    _number(hold, _without_number(hold))
    bad = letters(office)[2]
    with writing(office.engine) as session:
        unguard_letters(session)
        named = bad.data["resident"]["name"]
        session.get_one(IssuedLetter, bad.id).data = {**bad.data, "resident": None}
    found = done(office, job, now=NOW + LEASE)
    assert (found.status, found.done) == ("done", 8)
    assert [each.problem for each in items(office, job)].count("broken") == 1
    with writing(office.engine) as session:
        session.get_one(IssuedLetter, bad.id).data = {**bad.data, "resident": {"name": named}}
        retry(office.at(session, "officer"), job)
    again = done(office, job, now=NOW + 2 * LEASE)
    assert {each.status for each in items(office, job)} == {"printed"}
    assert len(PdfReader(BytesIO(again.result or b"")).pages) == 8
    assert numbers(office) == gapless(8)


def test_files_are_dropped_after_a_week_and_letters_stay(here: tuple[Office, list[int]]) -> None:
    office, cases = here
    job = done(office, asked(office, cases)).id
    assert drop_old(office.engine, NOW + KEPT - timedelta(seconds=1)) == 0
    assert drop_old(office.engine, NOW + KEPT) == 1
    assert drop_old(office.engine, NOW + KEPT) == 0
    found = job_of(office, job)
    assert (found.result, found.asked) == (None, {"again": False})
    assert drop_old(office.engine, NOW + timedelta(days=90)) == 0
    with reading(office.engine) as session:
        assert session.scalars(select(PrintJob.id)).all() == []
        assert session.scalars(select(PrintItem.id)).all() == []
    assert len(letters(office)) == 8


def test_no_connection_is_held_while_letters_print(anywhere: tuple[Office, list[int]]) -> None:
    office, cases = anywhere
    hold = Hold(engine=office.engine, job_id=asked(office, cases), clock=lambda: NOW)
    assert _taken(hold)
    _number(hold, _without_number(hold))
    held = [
        (problem, office.engine.pool.checkedout())  # type: ignore[attr-defined]
        for _, problem in printed(office.engine, [each.id for each in letters(office)])
    ]  # the press is at the next letters while each of these is looked at
    assert held == [("", 0)] * 8


def test_sqlite_has_no_queue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["work", "--database", f"sqlite:///{tmp_path / 'x.db'}"]) != 0
    assert "PostgreSQL" in capsys.readouterr().err


def test_two_hundred_letters(here: tuple[Office, list[int]]) -> None:
    office, cases = here
    cases = [*cases, *people(office, 192, first=8)]
    job = done(office, asked(office, cases))
    assert (job.status, job.done, job.total) == ("done", 200, 200)
    assert names(office) == sorted(names(office))
    assert numbers(office) == gapless(200)
    assert len(PdfReader(BytesIO(job.result or b"")).pages) == 200


def test_sweep_drops_old_files(here: tuple[Office, list[int]]) -> None:
    office, cases = here
    job = done(office, asked(office, cases[:1])).id
    sweep(office.engine, lambda: NOW + KEPT, rest=0)
    assert job_of(office, job).result is None


def test_erasing_a_person_drops_the_files_with_their_letter(here: tuple[Office, list[int]]) -> None:
    office, cases = here
    first, other = (done(office, asked(office, part)).id for part in (cases[:2], cases[2:4]))
    with writing(office.engine) as session:
        gone = Emptying(session=session, live=office.live, actor=SYSTEM, now=NOW, erasure_id=None)
        empty_case(gone, cases[0])
    assert (job_of(office, first).result, job_of(office, first).asked) == (None, {})
    assert job_of(office, other).result is not None
