"""The archive over HTTP: a letter is found, opened, copied, scanned, ended and replaced; the agenda book."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from httpx2 import Response
from papers import words
from pypdf import PdfReader
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, ORIGIN, Browser

from portal.access import SYSTEM
from portal.database import reading, writing
from portal.tables import Event, IssuedLetter, LetterFile, ReservedNumber
from portal.wall import acting

REASON = "nama warga salah tulis pada surat"


@pytest.fixture
def letter(engine: Engine) -> IssuedLetter:
    """An introduction or statement of the village of the demonstration."""
    with acting(SYSTEM), reading(engine) as session:
        query = select(IssuedLetter).where(IssuedLetter.number.contains("PKS-MRGD"))
        return session.scalars(query.order_by(IssuedLetter.id.desc())).first() or pytest.fail("none")


@pytest.fixture
def officer(app: ASGIApp) -> Browser:
    return Browser(app, "back-office")


def now(engine: Engine, letter: IssuedLetter) -> IssuedLetter:
    with acting(SYSTEM), reading(engine) as session:
        return session.get_one(IssuedLetter, letter.id)


def end(browser: Browser, letter: IssuedLetter, act: str, reason: str = REASON) -> int:
    browser.get(f"/surat/{letter.id}/akhiri/{act}")
    form = browser.form(f"/surat/{letter.id}/akhiri/{act}")
    return browser.post(form.action, {**dict(form.fields), "reason": reason}).status_code


def test_a_letter_is_found_by_number_and_by_person(officer: Browser, letter: IssuedLetter) -> None:
    officer.get("/surat")
    assert f"/surat/{letter.id}/rincian" in officer.seen.links
    for typed in (str(letter.number)[:12], letter.data["resident"]["name"]):
        officer.post("/surat", {"words": typed})
        assert f"/surat/{letter.id}/rincian" in officer.seen.links, typed
        assert typed not in officer.asked[-1]
    officer.post("/surat", {"words": "tidak ada yang begini"})
    assert "Tidak ada surat" in words(officer)


def test_the_list_is_narrowed(officer: Browser, letter: IssuedLetter) -> None:
    address = f"/surat/{letter.id}/rincian"
    for query, there in (
        (f"jenis={letter.letter}", True),
        ("jenis=receipt", False),
        ("keadaan=withdrawn", False),
        ("keadaan=issued&dari=2026-01-01&sampai=2027-12-31", True),
        ("dari=2027-12-31", False),
        ("dari=kemarin&sampai=99999-01-01", True),
    ):
        assert officer.get(f"/surat?{query}").status_code == 200
        assert (address in officer.seen.links) == there, query


def test_another_village_finds_nothing(app: ASGIApp, engine: Engine, officer: Browser) -> None:
    with acting(SYSTEM), reading(engine) as session:
        query = select(IssuedLetter).where(~IssuedLetter.area.startswith("18.10.03"))
        foreign = session.scalars(query).first()
    assert foreign is not None
    assert officer.get(f"/surat/{foreign.id}/rincian").status_code == 404
    assert officer.get(f"/surat/{foreign.id}/akhiri/cabut").status_code == 404
    assert officer.post(f"/surat/{foreign.id}/salinan", {"key": "k" * 20}).status_code == 404
    officer.post("/surat", {"words": str(foreign.number)})
    assert "Tidak ada surat" in words(officer)


def test_a_copy_has_a_slip_and_the_letter_stays_as_it_is(
    officer: Browser, engine: Engine, letter: IssuedLetter
) -> None:
    first = officer.get(f"/surat/{letter.id}").content
    for count in (1, 2):
        officer.get(f"/surat/{letter.id}/rincian")
        form = officer.form(f"/surat/{letter.id}/salinan")
        slip = officer.post(form.action, form.fields)
        again = officer.post(form.action, form.fields)
        said = " ".join(PdfReader(BytesIO(slip.content)).pages[0].extract_text().split())
        assert f"SALINAN KE-{count}" in said
        assert str(letter.number) in said
        assert slip.content == again.content
    assert officer.get(f"/surat/{letter.id}").content == first
    assert letter.data["resident"]["name"] not in said


def test_a_letter_is_withdrawn_once_with_a_reason(
    app: ASGIApp, officer: Browser, engine: Engine, letter: IssuedLetter
) -> None:
    assert end(officer, letter, "cabut", "pendek") == 422
    assert end(officer, letter, "cabut") == 303
    assert now(engine, letter).status == "withdrawn"
    officer.get(f"/surat/{letter.id}/rincian")
    said = words(officer)
    assert "Dicabut" in said
    assert REASON in said
    assert officer.get(f"/surat/{letter.id}/akhiri/cabut").status_code == 409
    late = {"key": "k" * 20, "reason": REASON}
    assert officer.post(f"/surat/{letter.id}/akhiri/cabut", late).status_code == 409
    public = Browser(app)
    public.get(f"/v/{letter.data['letter']['check_code'].replace('-', '')}")
    assert "dicabut" in words(public)


def test_a_letter_is_replaced_and_both_say_so(
    app: ASGIApp, officer: Browser, engine: Engine, letter: IssuedLetter
) -> None:
    assert end(officer, letter, "ganti") == 303
    old = now(engine, letter)
    assert (old.status, old.number) == ("superseded", letter.number)
    officer.get(f"/surat/{letter.id}/rincian")
    assert f"/surat/{old.replaced_by}/rincian" in officer.seen.links
    assert officer.get(f"/surat/{old.replaced_by}").headers["content-type"] == "application/pdf"
    public = Browser(app)
    public.get(f"/v/{letter.data['letter']['check_code'].replace('-', '')}")
    assert "diganti" in words(public)


def test_who_may_only_look_ends_nothing(app: ASGIApp, engine: Engine, letter: IssuedLetter) -> None:
    auditor = Browser(app, "auditor")
    assert auditor.get(f"/surat/{letter.id}/rincian").status_code == 200
    assert auditor.get(f"/surat/{letter.id}/akhiri/cabut").status_code == 409
    said = {"key": "k" * 20, "reason": REASON}
    assert auditor.post(f"/surat/{letter.id}/akhiri/batal", said).status_code == 403
    assert now(engine, letter).status == "issued"


def test_a_scan_is_kept_and_given_out_as_a_file(
    app: ASGIApp, officer: Browser, engine: Engine, letter: IssuedLetter
) -> None:
    officer.get(f"/surat/{letter.id}/rincian")
    form = officer.form(f"/surat/{letter.id}/pindaian")
    pdf = b"%PDF-1.4 tanda tangan"
    sent = {"file": ("nama warga.pdf", pdf)}
    for _ in range(2):
        answer = officer.client.post(
            form.action, data={"key": dict(form.fields)["key"]}, files=sent, headers=ORIGIN
        )
        assert answer.status_code in (200, 303)
    with acting(SYSTEM), reading(engine) as session:
        kept = session.scalars(select(LetterFile)).one()
        signed = session.scalars(select(Event).where(Event.kind == "letter-signed")).all()
    assert kept.letter_id == letter.id
    assert letter.id in {each.data["issued_letter"] for each in signed}
    given = officer.get(f"/surat/berkas/{kept.id}")
    assert given.content == pdf
    assert "attachment" in given.headers["content-disposition"]
    assert "nama" not in given.headers["content-disposition"]
    assert Browser(app, "facilitator").get(f"/surat/berkas/{kept.id}").status_code in (403, 404)
    wrong = {"file": ("a.pdf", b"<script>")}
    officer.get(f"/surat/{letter.id}/rincian")
    form = officer.form(f"/surat/{letter.id}/pindaian")
    answer = officer.client.post(
        form.action, data={"key": dict(form.fields)["key"]}, files=wrong, headers=ORIGIN
    )
    assert answer.status_code == 422
    assert "bukan PDF" in answer.text


def test_numbers_are_set_aside_and_settled(officer: Browser, engine: Engine) -> None:
    officer.get("/agenda")
    form = officer.form("/agenda/sisihkan")
    letter = "introduction"
    assert (
        officer.post(form.action, {**dict(form.fields), "letter": letter, "count": "51"}).status_code == 422
    )
    officer.get("/agenda")
    form = officer.form("/agenda/sisihkan")
    sent = {**dict(form.fields), "letter": letter, "count": "2", "subject": "Undangan"}
    led = officer.post(form.action, sent)
    assert officer.post(form.action, sent).headers["location"] == led.headers["location"]
    officer.get(led.headers["location"])
    assert words(officer).count("Disisihkan") == 2
    used, void = [each.action for each in officer.seen.forms if each.action.startswith("/agenda/")][:4:2]
    form = officer.form(used)
    for subject in ("", "Undangan bagi 3201010101010001"):
        assert officer.post(used, {**dict(form.fields), "act": "use", "subject": subject}).status_code == 422
    assert (
        officer.post(used, {**dict(form.fields), "act": "use", "subject": "Undangan rapat"}).status_code
        == 303
    )
    assert (
        officer.post(void, {"key": "v" * 20, "act": "void", "reason": "salah tulis nomor"}).status_code == 303
    )
    assert (
        officer.post(void, {"key": "w" * 20, "act": "void", "reason": "salah tulis nomor"}).status_code == 409
    )
    officer.get(led.headers["location"])
    told = words(officer)
    assert "Dipakai di kertas" in told
    assert "Batal (disisihkan)" in told


def taken(officer: Browser, kind: str, reason: str) -> Response:
    """Asks for the book of the year in a format."""
    officer.get("/agenda")
    officer.send("/agenda/berkas/tanya")
    form = officer.form("/agenda/berkas/")
    kept = [pair for pair in form.fields if pair[0] != "alasan"]
    return officer.post(f"/agenda/berkas/{kind}", [*kept, ("alasan", reason)])


def test_the_book_is_printed_and_taken_out(officer: Browser, letter: IssuedLetter, engine: Engine) -> None:
    assert taken(officer, "pdf", "").status_code == 422
    pdf, xlsx = (taken(officer, each, "Pemeriksaan buku agenda") for each in ("pdf", "xlsx"))
    said = " ".join(" ".join(each.extract_text().split()) for each in PdfReader(BytesIO(pdf.content)).pages)
    assert "BUKU AGENDA SURAT KELUAR" in said
    assert "Tujuan dan perihal" in said
    assert str(letter.number) in said
    cells = ZipFile(BytesIO(xlsx.content)).read("xl/worksheets/sheet1.xml").decode()
    assert str(letter.number) in cells
    assert letter.data["resident"]["name"] not in said + cells
    with reading(engine) as session:
        told = session.scalars(select(Event).where(Event.kind == "exported").order_by(Event.id)).all()
    assert [(each.data["list"], each.data["format"]) for each in told] == [
        ("agenda", "pdf"),
        ("agenda", "xlsx"),
    ]


def test_a_book_of_another_office_is_not_there(app: ASGIApp, officer: Browser) -> None:
    assert officer.get("/agenda?kantor=benda").status_code == 404
    assert officer.get("/agenda?kantor=madani&buku=lain").status_code == 404
    assert officer.get("/agenda?kantor=madani&tahun=99").status_code == 404
    assert Browser(app, "auditor").get("/agenda").status_code == 403
    wrong = {"key": "k" * 20, "letter": "introduction", "centre": "benda", "count": "1", "subject": ""}
    assert officer.post("/agenda/sisihkan", wrong).status_code == 404


def test_a_thick_book_is_printed_in_parts(officer: Browser, engine: Engine) -> None:
    row = {"area": "18.10.03.2007", "letter": "introduction", "series": "madani/outgoing", "period": "2026"}
    stamps = {"reserved_at": NOW, "changed_at": NOW, "reserved_by": 1}
    with acting(SYSTEM), writing(engine) as session:
        session.add_all(
            ReservedNumber(**row, **stamps, sequence=place, number=f"400/{place}/PKS-MRGD/2026")
            for place in range(100, 650)
        )
    pdf = PdfReader(BytesIO(taken(officer, "pdf", "Pemeriksaan buku agenda").content))
    said = " ".join(page.extract_text() for page in pdf.pages)
    assert all(f"400/{place}/" in said for place in range(100, 650))
    assert said.count("BUKU AGENDA SURAT KELUAR") == 2
