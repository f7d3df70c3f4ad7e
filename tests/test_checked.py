"""Checking a letter below its page, on both databases: who asks at once, from where, and with which file."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
import threads
from casework import Office, furnish
from small import NOW
from sqlalchemy import Engine, select

from portal.access import SYSTEM
from portal.accounts import Wait
from portal.cases import issue_on_request
from portal.cli import main
from portal.database import reading, writing
from portal.letters import pdf_of
from portal.letters.checked import Checked, check, checks
from portal.tables import Case, IssuedLetter, LetterFile
from portal.wall import acting

HOME, OTHERS = "2001:db8:1:2::7", "2001:db8:9:9::7"
PURPOSE = {"purpose": "keringanan biaya"}


@pytest.fixture
def office(any_engine: Engine) -> Office:
    return furnish(any_engine)


def issued(office: Office, letter: str) -> IssuedLetter:
    case = office.open()
    with writing(office.engine) as session:
        answers = PURPOSE if letter == "introduction" else {}
        at = office.at(session, "officer")
        return issue_on_request(at, session.get_one(Case, case), letter, answers, None)


def ask(office: Office, code: str = "", file: bytes = b"", address: str = HOME) -> Checked | Wait | None:
    digest = sha256(file).hexdigest() if file else None
    return check(office.engine, office.live.schema, code, digest, address, NOW)


def code_of(row: IssuedLetter) -> str:
    return str(row.data["letter"]["check_code"])


def test_checks_at_once_are_all_counted(office: Office) -> None:
    row = issued(office, "introduction")
    with threads.pool(4) as pool:
        found = list(pool.map(lambda _: ask(office, code_of(row)), range(24)))
    assert all(isinstance(each, Checked) and each.number == row.number for each in found)
    with acting(SYSTEM), reading(office.engine) as session:
        counted = checks(session, row.id)
    assert counted is not None
    assert counted.count == 24


def test_an_address_waits_and_its_neighbours_in_the_network_with_it(office: Office) -> None:
    row = issued(office, "introduction")
    answers = [ask(office, "AAAABBBBCCCCDDDD", address=f"2001:db8:1:2::{place:x}") for place in range(1, 32)]
    assert answers[:30] == [None] * 30
    assert isinstance(answers[30], Wait)
    assert isinstance(ask(office, code_of(row)), Wait)
    assert isinstance(ask(office, code_of(row), address=OTHERS), Checked)


def test_a_code_that_is_known_does_not_buy_more_guesses(office: Office) -> None:
    row = issued(office, "introduction")
    answers = []
    for _ in range(4):
        answers += [ask(office, "AAAABBBBCCCCDDDD") for _ in range(9)] + [ask(office, code_of(row))]
    guesses = [each for each in answers if not isinstance(each, Checked)]
    assert guesses[:30] == [None] * 30
    assert all(isinstance(each, Wait) for each in guesses[30:])
    assert len(guesses) > 30


def test_checks_that_find_something_make_nobody_wait(office: Office) -> None:
    row = issued(office, "introduction")
    assert all(isinstance(ask(office, code_of(row)), Checked) for _ in range(40))


def test_the_file_of_a_letter_without_a_code_is_in_the_archive(office: Office) -> None:
    row = issued(office, "receipt")
    assert row.check_digest is None
    found = ask(office, file=pdf_of(office.engine, row.id))
    assert isinstance(found, Checked)
    assert (found.same, found.number) == (True, "")


def test_a_signed_file_is_the_letter_too(office: Office) -> None:
    row, signed = issued(office, "introduction"), b"%PDF-1.7 signed"
    with writing(office.engine) as session:
        session.add(
            LetterFile(
                letter_id=row.id,
                case_id=row.case_id,
                area=row.area,
                kind="certificate",
                media_type="application/pdf",
                digest=sha256(signed).hexdigest(),
                added_at=NOW,
                added_by=row.issued_by,
            )
        )
    found = ask(office, file=signed)
    assert isinstance(found, Checked)
    assert (found.number, found.same, found.sealed) == (row.number, True, True)
    other = ask(office, code_of(row), b"%PDF-1.7 other")
    assert isinstance(other, Checked)
    assert other.same is False


def test_a_code_is_in_no_table_but_on_its_letter(office: Office) -> None:
    row = issued(office, "introduction")
    with acting(SYSTEM), reading(office.engine) as session:
        values = session.execute(select(IssuedLetter.check_digest, IssuedLetter.number)).one()
    assert not any(part in str(values) for part in code_of(row).split("-"))


@pytest.mark.parametrize(
    "data", [b"%PDF-", b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 1 0 R>>\n%%EOF", b"\xff"]
)
def test_a_broken_file_is_told_in_a_sentence(
    data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "surat.pdf"
    file.write_bytes(data)
    assert main(["letter", "verify", str(file), "--keys", str(file)]) != 0
    said = capsys.readouterr().err
    assert "galat" in said
    assert "Traceback" not in said
