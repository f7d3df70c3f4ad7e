"""Letters for many cases through the pages: chosen, asked once, watched, cancelled, opened, told of."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine, select, update
from starlette.types import ASGIApp
from worked import Browser, Clock

from portal.access import SYSTEM
from portal.bulk import waiting, work
from portal.database import reading, writing
from portal.events import record
from portal.tables import AccessLog, Case, Event, IssuedLetter, PrintItem, PrintJob

NEW = "/cetak/baru"
FILLED = {"request": "Perpanjangan kartu", "terbitkan": "1"}


@pytest.fixture
def front(app: ASGIApp) -> Browser:
    return Browser(app, "front-office")


def chosen(browser: Browser, letter: str, cases: list[str] | None = None, **more: str) -> None:
    """Chooses cases, all where none are named, and a letter."""
    browser.get(NEW)
    picked = {"kasus": cases} if cases is not None else {"semua": "1"}
    browser.send(NEW, surat=letter, **picked, **more)


def issued(browser: Browser, cases: list[str] | None = None, **more: str) -> int:
    """Asks for a letter of introduction and returns the key of the job."""
    chosen(browser, "introduction", cases, **more)
    assert browser.page.status_code == 200, browser.page.text
    browser.send(NEW, "terbitkan", request="Perpanjangan kartu")
    return int(re.findall(r"/cetak/(\d+)$", browser.page.headers["location"])[0])


def boxes(browser: Browser, count: int) -> list[str]:
    """Returns the values of the first boxes of the page."""
    return re.findall(r'name="kasus" value="(\d+)"', browser.get(f"{NEW}?status=open").text)[:count]


def letters(engine: Engine, job: int) -> list[IssuedLetter]:
    with reading(engine) as session:
        query = select(IssuedLetter).join(PrintItem, PrintItem.letter_id == IssuedLetter.id)
        return list(session.scalars(query.where(PrintItem.job_id == job).order_by(PrintItem.place)))


def test_chosen_cases_get_their_letters_in_one_file(engine: Engine, front: Browser, clock: Clock) -> None:
    job = issued(front, boxes(front, 3))
    page = front.get(f"/cetak/{job}").text
    assert "Menunggu giliran" in page
    assert 'data-poll="2000"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert waiting(engine, clock.now) == [job]
    assert work(engine, job, clock, rest=0)
    assert "Terbit: 3. Tercetak: 3. Gagal: 0." in front.get(f"/cetak/{job}").text
    numbers = [int(str(each.number).split("/")[1]) for each in letters(engine, job)]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    front.get(f"/cetak/{job}/hasil")
    if front.page.headers["content-type"] != "application/pdf":
        front.send(f"/cetak/{job}/hasil/buka", reason="Diserahkan kepada warga")
    assert len(PdfReader(BytesIO(front.page.content)).pages) >= 3
    assert front.page.headers["content-disposition"] == f'inline; filename="cetak-{job}.pdf"'


def test_every_person_of_a_file_stands_in_the_access_log(
    engine: Engine, front: Browser, clock: Clock
) -> None:
    job = issued(front, boxes(front, 3))
    work(engine, job, clock, rest=0)
    front.get(f"/cetak/{job}/hasil")
    if front.page.headers["content-type"] != "application/pdf":
        front.send(f"/cetak/{job}/hasil/buka", reason="Diserahkan kepada warga")
    with reading(engine) as session:
        log = session.scalars(select(AccessLog).order_by(AccessLog.id.desc()).limit(1)).one()
        persons = set(session.scalars(select(Case.resident_id).join(PrintItem, PrintItem.case_id == Case.id)))
    assert log.page.startswith(("GET /cetak/{id}/hasil", "POST /cetak/{id}/hasil"))
    told = " ".join(str(each) for each in sorted(each for each in persons if each))
    assert f"|resident {told} |" in log.shown


def test_nobody_else_sees_the_job(engine: Engine, app: ASGIApp, front: Browser, clock: Clock) -> None:
    job = issued(front, boxes(front, 2))
    work(engine, job, clock, rest=0)
    for login in ("back-office", "manager", "supervisor"):
        other = Browser(app, login)
        for path in (f"/cetak/{job}", f"/cetak/{job}/hasil"):
            assert other.get(path).status_code == 404, (login, path)


def test_file_does_not_open_when_a_case_is_out_of_sight(engine: Engine, front: Browser, clock: Clock) -> None:
    job = issued(front, boxes(front, 2))
    work(engine, job, clock, rest=0)
    key = letters(engine, job)[0].case_id
    with writing(engine) as session:
        session.execute(update(Case).where(Case.id == key).values(access="protected"))
        record(session, actor=SYSTEM, now=clock.now, kind="rows-changed", subject="case", subject_id=key or 0)
    assert "tidak dapat Anda lihat lagi" in front.get(f"/cetak/{job}").text
    assert front.get(f"/cetak/{job}/hasil").status_code == 403


def test_cancelled_job_names_what_stays_issued(engine: Engine, front: Browser, clock: Clock) -> None:
    job = issued(front, boxes(front, 2))
    front.get(f"/cetak/{job}")
    front.send(f"/cetak/{job}/batal")
    page = front.follow().text
    assert "Pekerjaan ini dibatalkan. 0 surat sudah terbit" in page
    assert not work(engine, job, clock)
    assert letters(engine, job) == []


def test_failed_letters_are_told_with_their_reason_and_tried_again(
    engine: Engine, front: Browser, clock: Clock
) -> None:
    job = issued(front, boxes(front, 2))
    with writing(engine) as session:
        first = session.scalars(select(PrintItem).where(PrintItem.job_id == job)).first()
        assert first is not None
        first.status, first.problem = "failed", "changed"
    work(engine, job, clock, rest=0)
    page = front.get(f"/cetak/{job}").text
    assert "Terbit: 1. Tercetak: 1. Gagal: 1." in page
    assert "Kasus ini diubah pada saat yang sama." in page
    front.send(f"/cetak/{job}/ulangi")
    front.follow()
    work(engine, job, clock, rest=0)
    assert "Terbit: 2. Tercetak: 2. Gagal: 0." in front.get(f"/cetak/{job}").text


def test_form_sent_twice_makes_one_job(engine: Engine, front: Browser) -> None:
    chosen(front, "receipt", boxes(front, 2))
    first = front.page.headers["location"]
    with reading(engine) as session:
        assert len(session.scalars(select(PrintJob.id)).all()) == 1
    front.get(first)
    assert "Tanda terima pengaduan" in front.get("/cetak").text


def test_wrong_choices_are_told(front: Browser) -> None:
    chosen(front, "", ["1"])
    assert "Pilih surat yang akan dicetak." in front.page.text
    chosen(front, "introduction", [])
    assert "Pilih sedikitnya satu kasus." in front.page.text
    chosen(front, "introduction")
    front.send(NEW, "terbitkan", request="")
    assert front.page.status_code == 422


def test_all_that_match_are_chosen_and_closed_ones_left_out(engine: Engine, front: Browser) -> None:
    shown = len(boxes(front, 100))
    front.get(f"{NEW}?status=open")
    front.send(NEW, surat="receipt", semua="1")
    with reading(engine) as session:
        job = session.scalars(select(PrintJob)).one()
    assert (job.total, job.asked) == (shown, {"again": False, "form": {}})


def test_who_may_not_issue_has_no_such_page(app: ASGIApp) -> None:
    assert Browser(app, "auditor").get(NEW).status_code == 403


def test_file_that_tells_more_than_the_screen_opens_for_a_reason(
    engine: Engine, app: ASGIApp, clock: Clock
) -> None:
    manager = Browser(app, "manager")
    job = issued(manager, boxes(manager, 2))
    work(engine, job, clock, rest=0)
    page = manager.get(f"/cetak/{job}/hasil")
    assert page.headers["content-type"].startswith("text/html")
    assert "NIK" in page.text
    manager.send(f"/cetak/{job}/hasil/buka", reason="ya")
    assert manager.page.status_code == 422
    manager.send(f"/cetak/{job}/hasil/buka", reason="Diserahkan kepada warga")
    assert manager.page.content.startswith(b"%PDF")
    with reading(engine) as session:
        opened = session.scalars(select(Event).where(Event.kind == "print-unmasked")).one()
        log = session.scalars(select(AccessLog).order_by(AccessLog.id.desc()).limit(1)).one()
    assert (opened.subject, opened.subject_id) == ("print-job", job)
    assert str(opened.id) in str(log.because)
