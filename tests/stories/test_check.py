"""Anybody checks a letter by its QR, its code or its file, and learns whether it holds and little else."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from papers import words
from pypdf import PdfReader
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, ORIGIN, Browser, Clock

from portal.access import SYSTEM
from portal.cli import main
from portal.database import reading, writing
from portal.letters import pdf_of
from portal.letters.proof import CODE, check_digest, public_keys, scanned
from portal.tables import AccessLog, Case, Event, IssuedLetter
from portal.wall import acting


@pytest.fixture
def letter(engine: Engine) -> IssuedLetter:
    """A statement that bears a code and a signed statement."""
    with acting(SYSTEM), reading(engine) as session:
        query = select(IssuedLetter).where(IssuedLetter.statement.is_not(None)).order_by(IssuedLetter.id)
        return session.scalars(query).first() or pytest.fail("the demonstration has no such letter")


def code_of(letter: IssuedLetter) -> str:
    return str(letter.data["letter"]["check_code"])


def change(engine: Engine, letter: IssuedLetter, **values: Any) -> None:
    with acting(SYSTEM), writing(engine) as session:
        row = session.get_one(IssuedLetter, letter.id)
        for name, value in values.items():
            setattr(row, name, value)


def told(app: ASGIApp, code: str) -> str:
    browser = Browser(app)
    browser.get(f"/v/{code.replace('-', '')}")
    return words(browser)


def test_a_code_is_long_and_kept_as_a_hash_only(engine: Engine, letter: IssuedLetter) -> None:
    code = code_of(letter)
    assert re.fullmatch(r"([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}", code)
    with reading(engine) as session:
        assert letter.check_digest == check_digest(session, code)
    assert scanned("https://a.example", code) == f"HTTPS://A.EXAMPLE/V/{code.replace('-', '')}"
    assert scanned("https://a.example/portal", code) == f"https://a.example/portal/v/{code.replace('-', '')}"


def test_the_qr_leads_to_the_letter_and_tells_little(app: ASGIApp, letter: IssuedLetter) -> None:
    said = told(app, code_of(letter))
    data = letter.data
    for needed in ("masih berlaku", letter.number, data["letter"]["title"], data["office"]["label"]):
        assert str(needed) in said
    for hidden in (data["resident"]["name"], data["resident"]["nik"], data["case"]["number"]):
        assert str(hidden) not in said
    assert f"{data['resident']['name'][0]}•••" in said
    upper = Browser(app)
    assert upper.get(f"/V/{code_of(letter).replace('-', '')}").status_code == 200


@pytest.mark.parametrize(
    ("status", "says"),
    [("withdrawn", "sudah dicabut"), ("superseded", "sudah diganti"), ("void", "dibatalkan")],
)
def test_a_letter_that_ended_says_so(
    app: ASGIApp, engine: Engine, letter: IssuedLetter, status: str, says: str
) -> None:
    change(engine, letter, status=status, ended_at=NOW)
    assert says in told(app, code_of(letter))


def test_a_letter_expires_after_its_last_day(app: ASGIApp, clock: Clock, letter: IssuedLetter) -> None:
    assert letter.valid_until is not None
    clock.now = datetime.combine(letter.valid_until, NOW.timetz())
    assert "masih berlaku" in told(app, code_of(letter))
    clock.now += timedelta(days=1)
    assert "masa berlakunya sudah lewat" in told(app, code_of(letter))


def test_a_confidential_letter_names_neither_kind_nor_person(
    app: ASGIApp, engine: Engine, letter: IssuedLetter
) -> None:
    with acting(SYSTEM), writing(engine) as session:
        session.get_one(Case, letter.case_id).access = "sensitive"
    said = told(app, code_of(letter))
    assert str(letter.number) in said
    assert letter.data["letter"]["title"] not in said
    assert "•••" not in said


def test_a_code_is_typed_in_any_way(app: ASGIApp, letter: IssuedLetter) -> None:
    browser = Browser(app)
    typed = f" {code_of(letter).lower().replace('-', ' ')} "
    assert browser.post("/periksa", {"code": typed}).status_code == 200
    assert str(letter.number) in words(browser)
    assert browser.post("/periksa", {"code": str(letter.number)}).status_code == 404
    assert browser.post("/periksa", {"code": ""}).status_code == 422


def test_a_file_is_compared_and_not_kept(app: ASGIApp, engine: Engine, letter: IssuedLetter) -> None:
    with acting(SYSTEM):
        data = pdf_of(engine, letter.id)
    send = Browser(app).client.post

    def asked(code: str, file: bytes) -> tuple[int, str]:
        answer = send("/periksa", data={"code": code}, files={"file": ("a.pdf", file)}, headers=ORIGIN)
        return answer.status_code, answer.text

    assert "sama persis" in asked("", data)[1]
    assert "sama persis" in asked(code_of(letter), data)[1]
    assert "Berkas berbeda" in asked(code_of(letter), data + b" ")[1]
    assert asked("", data + b" ")[0] == 404
    assert asked("", b"x" * 10_000_001)[0] == 413


def test_whoever_guesses_waits(app: ASGIApp, letter: IssuedLetter) -> None:
    browser = Browser(app)
    answers = [browser.get(f"/v/{CODE.new()}").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]
    assert browser.get(f"/v/{code_of(letter)}").status_code == 429


def test_a_check_is_written_down_without_the_code(app: ASGIApp, engine: Engine, letter: IssuedLetter) -> None:
    told(app, code_of(letter))
    with acting(SYSTEM), reading(engine) as session:
        row = session.scalars(select(AccessLog).order_by(AccessLog.id.desc())).first()
    assert row is not None
    assert (row.page, row.actor_id) == ("GET /v/{code}", None)


def test_an_erased_letter_holds_and_names_nobody(app: ASGIApp, engine: Engine, letter: IssuedLetter) -> None:
    change(engine, letter, data={"erased": {"office": "Kantor", "label": "Surat"}}, statement=None)
    said = told(app, code_of(letter))
    assert "masih berlaku" in said
    assert "•••" not in said


def test_the_printed_statement_is_checked_without_a_network(
    engine: Engine, letter: IssuedLetter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with acting(SYSTEM):
        data = pdf_of(engine, letter.id)
    file, keys, page = tmp_path / "surat.pdf", tmp_path / "kunci.json", tmp_path / "periksa.html"
    file.write_bytes(data)
    base = ["--database", str(engine.url)]
    assert main(["letter", "verify", str(file), *base]) == 0
    said = capsys.readouterr().out
    assert str(letter.number) in said
    assert letter.data["resident"]["name"] not in said
    assert main(["letter", "keys", "-o", str(keys), *base]) == 0
    assert main(["letter", "keys", "--new", *base]) == 0
    assert main(["letter", "verify", str(file), "--keys", str(keys)]) == 0
    text = str(letter.statement)
    assert text in "".join(each.extract_text() for each in PdfReader(BytesIO(data)).pages).replace("\n", "")
    (tmp_path / "palsu.txt").write_text(text[:-9] + ("A" if text[-9] != "A" else "B") + text[-8:])
    assert main(["letter", "verify", str(tmp_path / "palsu.txt"), "--keys", str(keys)]) != 0
    (tmp_path / "kosong.txt").write_text("tidak ada")
    assert main(["letter", "verify", str(tmp_path / "kosong.txt"), "--keys", str(keys)]) != 0
    keys.write_text(f'{{"abcdef01": "{"ab" * 32}", {keys.read_text().strip()[1:]}')
    assert main(["letter", "checker", "-o", str(page), "--keys", str(keys), *base]) == 0
    assert "ab" * 32 in page.read_text("utf-8")
    with acting(SYSTEM), reading(engine) as session:
        known = public_keys(session)
        renewed = session.scalars(select(Event).where(Event.kind == "seal-renewed")).one()
    assert renewed.actor.startswith("portal: ")
    assert len(known) == 2
    assert all(public.hex() in page.read_text("utf-8") for public in known.values())
    assert "http" not in page.read_text("utf-8").replace("http-equiv", "")
