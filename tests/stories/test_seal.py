"""A letter is signed electronically over HTTP: by the office's certificate, and by the service of BSrE."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from bsreserver import MARK, NIK, PASSPHRASE, PASSWORD, USER, Recorded, bsre_service
from papers import words
from pypdf import PdfReader
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from test_certificates import PASSPHRASE as OFFICE
from test_certificates import keystore, trust
from worked import NOW, Browser

from portal.access import SYSTEM
from portal.bulk.packing import packed
from portal.certificates import seen
from portal.database import reading
from portal.letters.files import letter_files
from portal.load import load
from portal.migrate import apply
from portal.schema import Schema
from portal.tables import Event, IssuedLetter, LetterFile
from portal.wall import acting

ROOT = Path(__file__).parent.parent.parent


def change(engine: Engine, way: str) -> None:
    """Lets the letters of referral be signed in a way."""
    schema = load(ROOT / "schema").schema
    assert schema is not None
    data = schema.model_dump(mode="json", exclude_none=True)
    data["letters"]["referral"]["signing"] = way
    templates = letter_files(ROOT / "templates" / "letters")
    with acting(SYSTEM):
        apply(engine, Schema.model_validate(data), {}, templates, actor=SYSTEM, now=NOW, reason="uji")


@pytest.fixture
def letter(engine: Engine) -> IssuedLetter:
    with acting(SYSTEM), reading(engine) as session:
        query = select(IssuedLetter).where(
            IssuedLetter.number.contains("PKS-MRGD"), IssuedLetter.letter == "referral"
        )
        return session.scalars(query.order_by(IssuedLetter.id.desc())).first() or pytest.fail("none")


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Recorded]:
    with bsre_service() as found:
        file = tmp_path / "bsre"
        file.write_text(f"{PASSWORD}\n")
        monkeypatch.setenv("PORTAL_BSRE_URL", found.url)
        monkeypatch.setenv("PORTAL_BSRE_USER", USER)
        monkeypatch.setenv("PORTAL_BSRE_PASSWORD_FILE", str(file))
        yield found


@pytest.fixture
def certified(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PORTAL_CERTIFICATE_FILE", str(keystore(tmp_path)))


def seal(browser: Browser, letter: IssuedLetter, **said: str) -> int:
    browser.get(f"/surat/{letter.id}/segel")
    form = browser.form(f"/surat/{letter.id}/segel")
    return browser.post(form.action, {**dict(form.fields), **said}).status_code


def text_of(data: bytes) -> str:
    return " ".join(" ".join(each.extract_text().split()) for each in PdfReader(BytesIO(data)).pages)


def test_the_offices_certificate_signs(
    engine: Engine, app: ASGIApp, letter: IssuedLetter, certified: None
) -> None:
    change(engine, "certificate")
    officer = Browser(app, "back-office")
    before = officer.get(f"/surat/{letter.id}").content
    assert "bukan tanda tangan elektronik" in text_of(before)
    officer.get(f"/surat/{letter.id}/rincian")
    assert "Menunggu tanda tangan elektronik" in words(officer)
    assert seal(officer, letter) == 422
    assert seal(officer, letter, passphrase="salah") == 409
    assert "salah" in words(officer)
    assert seal(officer, letter, passphrase=OFFICE) == 303
    done = officer.get(f"/surat/{letter.id}").content
    (told,) = seen(done, trust().roots)
    assert (told.whole, told.trusted) == (True, True)
    assert "ditandatangani secara elektronik dengan sertifikat kantor" in text_of(done)
    with ZipFile(BytesIO(packed(engine, "zip", [letter.id]))) as together:
        assert [together.read(name) for name in together.namelist()] == [done]
    assert officer.get(f"/surat/{letter.id}/segel").status_code == 409
    with acting(SYSTEM), reading(engine) as session:
        kept = session.scalars(select(LetterFile)).one()
        assert (kept.kind, kept.data) == ("certificate", done)
        sealed = select(Event).where(Event.kind == "letter-sealed")
        assert session.scalars(sealed).one().data["way"] == "certificate"
        assert session.get_one(IssuedLetter, letter.id).pdf_digest is not None
    public = Browser(app)
    public.get(f"/v/{letter.data['letter']['check_code'].replace('-', '')}")
    assert "memuat tanda tangan elektronik" in words(public)


def test_letter_that_was_signed_by_pen_waits_for_nothing(
    engine: Engine, app: ASGIApp, letter: IssuedLetter, certified: None
) -> None:
    officer = Browser(app, "back-office")
    officer.get(f"/surat/{letter.id}/rincian")
    signed = officer.form(f"/surat/{letter.id}/tanda-tangan")
    assert officer.post(signed.action, signed.fields).status_code == 303
    change(engine, "certificate")
    officer.get(f"/surat/{letter.id}/rincian")
    assert "Menunggu tanda tangan elektronik" not in words(officer)
    assert officer.get(f"/surat/{letter.id}/segel").status_code == 409


def test_bsre_signs_and_the_passphrase_stays_nowhere(
    engine: Engine, app: ASGIApp, letter: IssuedLetter, recorded: Recorded, caplog: pytest.LogCaptureFixture
) -> None:
    change(engine, "bsre")
    officer = Browser(app, "back-office")
    assert seal(officer, letter, passphrase=PASSPHRASE, nik="123") == 422
    assert seal(officer, letter, passphrase="salah", nik=NIK) == 409
    assert "Frasa sandi BSrE salah" in words(officer)
    assert "salah" not in dict(officer.form(f"/surat/{letter.id}/segel").fields).values()
    recorded.mood = "down"
    assert seal(officer, letter, passphrase=PASSPHRASE, nik=NIK) == 409
    assert "tetap terbit" in words(officer)
    recorded.mood = "well"
    assert seal(officer, letter, passphrase=PASSPHRASE, nik=NIK) == 303
    done = officer.get(f"/surat/{letter.id}").content
    assert done.endswith(MARK)
    assert "Balai Sertifikasi Elektronik" in text_of(done.removesuffix(MARK))
    assert recorded.asked[-1]["signatureProperties"][0]["tampilan"] == "VISIBLE"
    with engine.connect() as connection:
        everything = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    for secret in (PASSPHRASE, NIK):
        assert secret not in everything
        assert secret not in caplog.text


def test_without_a_certificate_or_service_it_is_told(
    engine: Engine, app: ASGIApp, letter: IssuedLetter
) -> None:
    officer = Browser(app, "back-office")
    missing = {"certificate": "Sertifikat kantor belum dipasang", "bsre": "Layanan BSrE belum dipasang"}
    for way, said in missing.items():
        change(engine, way)
        assert seal(officer, letter, passphrase="x", nik=NIK) == 409
        assert said in words(officer)


def test_a_letter_signed_by_pen_has_no_such_page(app: ASGIApp, letter: IssuedLetter) -> None:
    assert Browser(app, "back-office").get(f"/surat/{letter.id}/segel").status_code == 409
    assert Browser(app, "facilitator").get(f"/surat/{letter.id}/segel").status_code in (403, 404)
