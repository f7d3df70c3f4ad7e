"""The commands of an office that works: its accounts, letters and server, and what can interrupt them."""

from __future__ import annotations

import io
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from letters.example import paths
from pypdf import PdfReader
from sqlalchemy import select
from test_bad import GOOD, lay_out

from portal.access import Actor
from portal.cases import At, Intake, issue_on_request, open_case
from portal.cli import exits, main, output
from portal.cli.failure import failure_of, number_of
from portal.cli.log import AccessFormatter
from portal.cli.output import working
from portal.database import engine_of, reading, writing
from portal.letters import restored
from portal.letters.example import example
from portal.load import load
from portal.plan import from_json
from portal.releases import latest_id, live
from portal.tables import Account, Case, IssuedLetter
from portal.variables import letter_variables
from portal.words import LANGUAGES, speaking

CHECKOUT = Path(__file__).resolve().parents[1]
SHIPPED = load(CHECKOUT / "schema").schema
assert SHIPPED is not None
Capture = pytest.CaptureFixture[str]
each_letter = pytest.mark.parametrize("letter", SHIPPED.letters)
NOW = datetime(2026, 11, 2, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORTAL_SCHEMA", "PORTAL_DATABASE_URL", "PORTAL_LANGUAGE", "PORTAL_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The good office of `tests/bad/`, in the current folder."""
    lay_out(GOOD, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Options that name the shipped office, applied, with one case of which a receipt was issued."""
    url = f"sqlite:///{tmp_path_factory.mktemp('office') / 'portal.db'}"
    options = (f"--schema={CHECKOUT / 'schema'}", f"--database={url}")
    assert main(["apply", "--reason", "uji", *options]) == 0
    engine = engine_of(url)
    with writing(engine) as session:
        number = latest_id(session)
        assert number is not None
        session.add(Account(id=1, login="ratna", label="Ratna Contoh", password="-", created_at=NOW))
        session.flush()
        actor = Actor(account_id=1, label="Ratna Contoh", everything=True)
        at = At(session=session, live=live(session, number), actor=actor, now=NOW)
        issue_on_request(at, open_case(at, complaint()), "receipt", {}, None)
    engine.dispose()
    return options


def complaint() -> Intake:
    assert SHIPPED is not None
    key, program = next((k, p) for k, p in SHIPPED.programs.items() if p.sop and p.status == "active")
    return Intake(
        area=next(centre.area for centre in SHIPPED.office.centres.values() if centre.level == "village"),
        channel=next(iter(SHIPPED.channels)),
        program=key,
        complaint=program.complaints[0],
        priority=next(iter(SHIPPED.priorities)),
        description="Kartu tidak aktif",
    )


@pytest.fixture(scope="session")
def case_number(office: tuple[str, str]) -> str:
    engine = engine_of(office[1].partition("=")[2])
    with reading(engine) as session:
        number = session.scalars(select(Case.number)).one()
    engine.dispose()
    return number


def typing(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


# Accounts


def test_account_is_added_listed_and_closed(
    office: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    typing("sandi yang panjang\n", monkeypatch)
    added = ["--label", "Damar Contoh", "--role", "facilitator@18.10.03.2007", "--role", "auditor"]
    assert main(["user", "add", "Damar", *added, *office]) == 0
    typing("sandi lain yang panjang\n", monkeypatch)
    assert main(["user", "passwd", "damar", *office]) == 0
    assert main(["user", "disable", "damar", *office]) == 0
    capsys.readouterr()
    assert main(["user", "list", "--language", "en", *office]) == 0
    (line,) = [each for each in capsys.readouterr().out.splitlines() if each.startswith("damar")]
    assert re.split(r" {2,}", line) == [
        "damar",
        "Damar Contoh",
        "facilitator@18.10.03.2007, auditor",
        "closed",
    ]


@pytest.mark.parametrize(
    ("words", "password", "said"),
    [
        ("add x --label X --role auditr", "sandi yang panjang", 'mungkin maksudnya "auditor"'),
        ("add x --label X --role auditor@18.99", "sandi yang panjang", 'wilayah "18.99" tidak ada'),
        ("add x --label X --role auditor", "pendek", "kata sandi kurang dari 12 huruf"),
        ("add x --label X --role auditor", "", "kata sandi kurang dari 12 huruf"),
        ("add ratna --label X --role auditor", "sandi yang panjang", 'akun "ratna" sudah ada'),
        ("passwd ratno", "sandi yang panjang", 'mungkin maksudnya "ratna"'),
        ("disable nobody", "", 'akun "nobody" tidak ada'),
    ],
)
def test_account_commands_refuse(
    words: str,
    password: str,
    said: str,
    office: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    typing(f"{password}\n", monkeypatch)
    assert main(["user", *words.split(), *office]) == exits.USAGE
    assert said in capsys.readouterr().err


def test_who_cannot_get_in_is_helped_from_the_command_line(office: tuple[str, str], capsys: Capture) -> None:
    for command in ("invite", "reset"):
        assert main(["user", command, "ratna", *office]) == 0
        assert re.search(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){4}", capsys.readouterr().out)
    assert main(["user", "totp-reset", "ratna", *office]) == 0
    assert main(["user", "sessions", "ratna", *office]) == 0
    assert main(["user", "sessions", "ratna", "--end", *office]) == 0
    assert "0 sesi" in capsys.readouterr().out
    assert main(["user", "invite", "ratno", *office]) == exits.USAGE


# Letters


@each_letter
def test_example_has_exactly_the_names_that_a_template_may_use(letter: str) -> None:
    assert SHIPPED is not None
    known, given = letter_variables(SHIPPED, letter), set(paths(example(SHIPPED, letter)))
    listed = {path.partition("[]")[0] for path in known if "[]" in path}
    groups = {path.rpartition(".")[0] for path in known} | {"form"}
    assert given <= known
    # A list may be empty, such as the signers of a slip.
    assert {path for path in known - given if "[]" not in path} <= groups | listed


@each_letter
def test_example_of_every_letter_is_printed(
    letter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["letter", letter, "--example", "--schema", str(CHECKOUT / "schema")]) == 0
    assert f"{letter}.pdf" in capsys.readouterr().out
    text = "\n".join(page.extract_text() for page in PdfReader(f"{letter}.pdf").pages)
    assert "None" not in text
    # A form to be filled in by hand is final as it is.
    assert ("KONSEP" in text.replace("\n", "").replace(" ", "")) == (letter != "complaint-form-blank")


def test_example_is_indonesian_for_any_reader() -> None:
    assert SHIPPED is not None
    letter = next(iter(SHIPPED.letters))
    with speaking("en"):
        assert example(SHIPPED, letter)["resident"]["age"] == "32 tahun"
    assert restored(example(SHIPPED, letter))["letter"]["date"].year == 2026


def test_letter_of_an_issued_one_is_the_archived_bytes(
    office: tuple[str, str], case_number: str, tmp_path: Path, capsys: Capture
) -> None:
    for name in ("first.pdf", "second.pdf"):
        assert main(["letter", "receipt", case_number, "-o", str(tmp_path / name), *office]) == 0
    assert "disalin dari arsip" in capsys.readouterr().out
    printed = (tmp_path / "first.pdf").read_bytes()
    assert printed == (tmp_path / "second.pdf").read_bytes()
    engine = engine_of(office[1].partition("=")[2])
    with reading(engine) as session:
        assert session.scalars(select(IssuedLetter.pdf)).one() == printed
    engine.dispose()


def test_letter_that_was_not_issued_is_a_draft_without_a_number(
    office: tuple[str, str], case_number: str, tmp_path: Path
) -> None:
    file = tmp_path / "draft.pdf"
    assert main(["letter", "referral", case_number, "-o", str(file), *office]) == 0
    text = PdfReader(file).pages[0].extract_text().replace(" ", "")
    assert "KONSEP" in text.replace("\n", "")
    assert case_number in text
    engine = engine_of(office[1].partition("=")[2])
    with reading(engine) as session:
        assert session.scalars(select(IssuedLetter.letter)).all() == ["receipt"]
    engine.dispose()


def test_letter_as_html_on_standard_output(
    office: tuple[str, str], case_number: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["letter", "receipt", case_number, "--html", "-o", "-", *office]) == 0
    assert case_number.encode() in capsysbinary.readouterr().out
    assert main(["letter", "referral", case_number, "--html", "-o", "-", *office]) == 0
    assert b"KONSEP" in capsysbinary.readouterr().out


@pytest.mark.parametrize(
    ("name", "case", "code", "said"),
    [
        ("referal", "--example", exits.USAGE, 'mungkin maksudnya "referral"'),
        ("referral", "ADU-0", exits.USAGE, 'kasus "ADU-0" tidak ada'),
        ("referral", "--example -o nowhere/x.pdf", exits.ENVIRONMENT, "nowhere/x.pdf"),
    ],
)
def test_letter_that_cannot_be_had(
    name: str, case: str, code: int, said: str, office: tuple[str, str], capsys: Capture
) -> None:
    assert main(["letter", name, *case.split(), *office]) == code
    assert said in capsys.readouterr().err


# Serving, seeding


def test_seed_adds_people_and_cases(folder: Path, capsys: Capture) -> None:
    assert main(["apply"]) == 0
    capsys.readouterr()
    assert main(["seed", "--cases", "7"]) == 0
    assert capsys.readouterr().out == "7 warga dan 7 kasus karangan ditambahkan.\n"


def test_port_in_use_is_told(office: tuple[str, str], capsys: Capture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--port", port, *office]) == exits.ENVIRONMENT
    printed = capsys.readouterr().err
    assert f"port {port} tidak dapat dipakai: sedang dipakai program lain" in printed


def test_access_log_tells_nothing_of_people() -> None:
    said = ("10.0.0.7:5000", "GET", "/search/1810035408949901?q=Sumarni", "1.1", 200)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', said, None)
    line = AccessFormatter().format(record)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GET /search/… 200", line)


def test_serve_runs_until_it_is_interrupted(office: tuple[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with started("serve", "--port", str(port), *office) as server:
        assert server.stdout is not None
        assert f"http://127.0.0.1:{port}/" in server.stdout.readline()
        answer = asked(port, "/?q=Sumarni")
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=30)
    assert (server.returncode, out) == (0, "Portal berhenti.\n")
    assert answer.startswith(b"HTTP/1.1 ")
    assert b"\r\nserver:" not in answer.lower()
    assert re.search(r" GET / \d{3}\n", err)
    assert "Sumarni" not in err


def asked(port: int, address: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as browser:
        said = f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        browser.sendall(said.encode())
        with browser.makefile("rb") as answer:
            return answer.read()


@contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "portal", *words]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, cwd=CHECKOUT, env=environment
    ) as process:
        try:
            yield process
        finally:
            process.kill()


# What else can happen


def test_reader_that_goes_away_is_no_error() -> None:
    with started("schema", "json") as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.close()
        assert writer.wait(timeout=30) == exits.PIPE
        assert writer.stderr.read() == ""


def test_ctrl_c_is_one_sentence() -> None:
    failure = failure_of(KeyboardInterrupt())
    assert failure.code == exits.STOPPED
    assert failure.text() == "galat: Dihentikan."


def test_fault_of_the_portal_is_a_number_unless_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.delitem(LANGUAGES["id"], "command-checking")
    assert main(["check"]) == exits.UNEXPECTED
    plain = capsys.readouterr().err
    assert re.search(r"nomor [0-9A-F]{8}\n", plain)
    assert "Traceback" not in plain
    monkeypatch.setenv("PORTAL_DEBUG", "1")
    assert main(["check"]) == exits.UNEXPECTED
    assert "Traceback" in (told := capsys.readouterr().err)
    assert told.endswith(plain)


def test_number_of_a_fault_is_of_its_place() -> None:
    def fault(text: str) -> str:
        try:
            from_json({"changes": [{"kind": text}]})
        except KeyError as error:
            return number_of(error)
        return ""

    assert fault("one") == fault("two") != number_of(KeyError())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_told_once_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(output, "FIRST_SECONDS", 0.1)
    with working("Menerapkan ...") as note:
        note("Menerapkan ... 50 %")
        time.sleep(0.5)
    assert "Menerapkan ... 50 % (0 s)" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_progress_of_something_quick_is_silent(capsys: Capture) -> None:
    with working("Menerapkan ..."):
        pass
    assert capsys.readouterr().err == ""
