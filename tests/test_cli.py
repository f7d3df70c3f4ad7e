"""The command line as a person meets it: words in, sentences and an exit code out; never a traceback."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from sqlalchemy import Engine
from test_bad import GOOD, lay_out

from portal.cli import exits, main
from portal.cli.parser import Parser
from portal.cli.tree import tree
from portal.plan import from_json
from portal.schema import json_schema
from portal.words import LANGUAGES

CHECKOUT = Path(__file__).resolve().parents[1]
Capture = pytest.CaptureFixture[str]
each_language = pytest.mark.parametrize("spoken", LANGUAGES)


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


def broken(folder: Path, file: str, before: str, after: str) -> None:
    path = folder / "schema" / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


# The words of the command line


def commands(parser: Parser, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield above
    for name, inner in (parser.commands.choices if hasattr(parser, "commands") else {}).items():
        assert isinstance(inner, Parser)
        yield from commands(inner, (*above, name))


@each_language
@pytest.mark.parametrize("words", list(commands(tree())), ids=" ".join)
def test_help_is_in_the_readers_language(words: tuple[str, ...], spoken: str, capsys: Capture) -> None:
    assert main([*words, "--help", "--language", spoken]) == 0
    said = capsys.readouterr().out
    foreign = (
        ("usage:", "options", "show", "argument:") if spoken == "id" else ("pemakaian", "opsi", "tampilkan")
    )
    assert [word for word in foreign if re.search(rf"\b{word}\b", said)] == []
    assert all(option in said for option in ("--schema", "--database", "--language"))


@pytest.mark.parametrize(
    ("typed", "code", "indonesian", "english"),
    [
        ("chek", 2, 'mungkin maksudnya "check"', 'perhaps you mean "check"'),
        ("check --jsn", 2, "tidak dikenal: --jsn", "unknown: --jsn"),
        ("plan --jsn", 64, "tidak dikenal: --jsn", "unknown: --jsn"),
        ("check --schema", 2, "--schema: nilainya belum diisi", "--schema: its value is missing"),
        ("check --json=1", 2, "--json: terlalu banyak nilai", "--json: too many values"),
        ("deadline", 2, "tulis --explain NOMOR-KASUS", "write --explain CASE"),
        ("serve --port x", 2, '"x" bukan nomor port', '"x" is not a port'),
        ("serve --port 70000", 2, "bukan nomor port", "is not a port"),
        ("seed --cases 0", 2, '"0" bukan jumlah', '"0" is not a count'),
        ("letter referral", 2, "nomor kasus atau --example", "a case number or --example"),
        ("letter referral X --example", 2, "nomor kasus atau --example", "a case number or --example"),
        ("user add a --label B --role @18", 2, '"@18" bukan peran', '"@18" is not a role'),
        ("user add a@b --role c", 2, "belum diisi: --label", "missing: --label"),
        ("deadline --from x --within y", 2, '"x" bukan waktu', '"x" is not a moment'),
        ("deadline --from 2026-11-02 --within y", 2, '"y" bukan batas waktu', '"y" is not a time limit'),
        ("user", 2, "passwd", "passwd"),
        ("", 2, "perintah", "commands"),
    ],
)
def test_mistyped_words_are_told(
    typed: str, code: int, indonesian: str, english: str, capsys: Capture
) -> None:
    for language, said in (("id", indonesian), ("en", english)):
        assert main([f"--language={language}", *typed.split()]) == code
        printed = capsys.readouterr()
        assert said in printed.err
        assert printed.out == ""


@pytest.mark.parametrize("words", ["--language en check", "check --language en", "check --language=en"])
def test_general_options_stand_before_or_after_the_command(words: str, folder: Path, capsys: Capture) -> None:
    assert main(words.split()) == 0
    assert "error(s)" in capsys.readouterr().out


def test_environment_says_language_and_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("PORTAL_LANGUAGE", "en")
    monkeypatch.setenv("PORTAL_SCHEMA", "elsewhere")
    assert main(["check"]) == 2
    assert 'folder "elsewhere"' in capsys.readouterr().out
    assert main(["check", "--schema", "schema"]) == 0


def test_unknown_language_of_the_environment_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("PORTAL_LANGUAGE", "fr")
    assert main(["check"]) == exits.USAGE
    assert 'bahasa "fr" tidak ada' in capsys.readouterr().err


def failures() -> Iterator[tuple[str, set[str]]]:
    """Yields slug and named values of everything that can end a command."""
    for file in sorted((CHECKOUT / "portal" / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if not isinstance(node, ast.Call) or name not in ("Failure", "refuse_unknown"):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                known = {"name", "maybe", "known"} if name == "refuse_unknown" else set()
                starred = {"line", "column"} if any(not each.arg for each in node.keywords) else set()
                yield str(node.args[0].value), {each.arg or "" for each in node.keywords} | known | starred


@each_language
def test_every_end_has_a_sentence_and_what_fills_it(spoken: str) -> None:
    words, found = LANGUAGES[spoken], dict(failures())
    for slug, values in found.items():
        for text in (words[slug], words.get(f"{slug}-hint", "")):
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= values, slug
    assert len(found) > 20


# check and schema


def test_check_of_a_good_folder(folder: Path, capsys: Capture) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "0 galat, 0 peringatan\n"


def test_check_names_every_mistake(folder: Path, capsys: Capture) -> None:
    broken(folder, "sop.yaml", "letter: referral", "letter: referal")
    broken(folder, "programs.yaml", "sector: health", "sector: helth")
    assert main(["check", "--language", "en"]) == 1
    said = capsys.readouterr().out
    assert '"referral"' in said
    assert '"health"' in said
    assert said.endswith("2 error(s), 0 warning(s)\n")


def test_check_as_json(folder: Path, capsys: Capture) -> None:
    broken(folder, "sop.yaml", "letter: referral", "letter: referal")
    assert main(["check", "--json"]) == 1
    (mistake,) = json.loads(capsys.readouterr().out)
    assert mistake["severity"] == "error"
    assert {"code", "file", "line", "column", "length", "message", "hint", "values"} < set(mistake)


def test_check_lets_warnings_pass(folder: Path, capsys: Capture) -> None:
    (folder / "schema" / "note.yml").write_text("office:\n")
    assert main(["check"]) == 0
    assert "[file-suffix]" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--schema", "nowhere"], ["--schema", "templates"]])
def test_check_without_anything_to_read(words: list[str], folder: Path) -> None:
    assert main(["check", *words]) == exits.USAGE


def test_check_needs_no_database(folder: Path) -> None:
    assert main(["check", "--database", "nonsense"]) == 0
    assert not (folder / "var").exists()


def test_schema_json_is_the_language(capsys: Capture) -> None:
    assert main(["schema", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()


# plan and apply


def test_plan_and_apply_from_nothing(folder: Path, capsys: Capture) -> None:
    assert main(["plan"]) == exits.CHANGES
    planned = capsys.readouterr().out
    assert not (folder / "var").exists()
    digest = planned.split()[-1]
    assert main(["apply", digest, "--reason", "Mulai"]) == 0
    assert "Rilis 1 diterapkan" in capsys.readouterr().out
    assert main(["plan"]) == 0
    assert main(["apply"]) == 0
    assert "rilis tetap 1" in capsys.readouterr().out


def test_plan_as_json_is_the_plan(folder: Path, capsys: Capture) -> None:
    assert main(["plan", "--json"]) == exits.CHANGES
    plan = from_json(json.loads(capsys.readouterr().out))
    assert plan.changes
    assert len(plan.digest) == 64


def test_apply_refuses_what_was_not_reviewed(folder: Path, capsys: Capture) -> None:
    assert main(["apply", "0" * 64, "--language", "en"]) == exits.STALE
    assert '"portal plan"' in capsys.readouterr().err


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_mistakes_stop_plan_and_apply(command: str, folder: Path, capsys: Capture) -> None:
    broken(folder, "sop.yaml", "letter: referral", "letter: referal")
    assert main([command]) == exits.MISTAKES
    printed = capsys.readouterr()
    assert "schema/sop.yaml:" in printed.err
    assert "galat: YAML atau surat" in printed.err
    assert printed.out == ""
    assert not (folder / "var").exists()


@pytest.mark.postgres
def test_apply_asks_for_the_place_of_the_secret_before_it_tries(
    postgres_engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.delenv("PORTAL_SECRET_FILE")
    url = postgres_engine.url.render_as_string(hide_password=False)
    assert main(["apply", "--database", url]) == exits.ENVIRONMENT
    assert "PORTAL_SECRET_FILE" in capsys.readouterr().err


def test_what_cannot_be_applied_yet_is_told(folder: Path, capsys: Capture) -> None:
    assert main(["apply"]) == 0
    broken(
        folder,
        "records.yaml",
        "children: {label: Jumlah anak, type: number, min: 0, max: 20}",
        "children: {label: Jumlah anak, type: date}",
    )
    assert main(["plan"]) == exits.REFUSED
    capsys.readouterr()
    assert main(["apply"]) == exits.REFUSED
    printed = capsys.readouterr()
    assert "resident.children" in printed.err
    assert printed.out == ""


def test_a_withdrawn_field_is_pruned_by_its_name(folder: Path, capsys: Capture) -> None:
    assert main(["apply"]) == 0
    children = "      children: {label: Jumlah anak, type: number, min: 0, max: 20}\n"
    broken(folder, "records.yaml", children, "")
    assert main(["apply"]) == 0
    capsys.readouterr()
    assert main(["prune"]) == 0
    assert capsys.readouterr().out.startswith("resident.children")
    assert main(["prune", "--confirm", "resident.name"]) == exits.REFUSED
    assert main(["prune", "--confirm", "resident.children"]) == 0
    assert main(["plan"]) == 0


def test_letter_file_that_is_no_text_is_named(folder: Path, capsys: Capture) -> None:
    (folder / "templates" / "letters" / "letter.css").write_bytes(b"\xff\xfe")
    assert main(["plan"]) == exits.MISTAKES
    assert "letter.css" in capsys.readouterr().err


# The database


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("postgresql://portal:rahasia@127.0.0.1:1/portal", exits.ENVIRONMENT, "tidak dapat dipakai"),
        ("nonsense", exits.USAGE, "alamat basis data"),
        ("oracle://somewhere/x", exits.USAGE, "alamat basis data"),
        ("sqlite:///schema/office.yaml", exits.ENVIRONMENT, "not a database"),
        ("sqlite:///schema/office.yaml/x/portal.db", exits.ENVIRONMENT, "bukan folder"),
    ],
)
def test_database_that_cannot_be_had(url: str, code: int, said: str, folder: Path, capsys: Capture) -> None:
    assert main(["apply", "--database", url]) == code
    printed = capsys.readouterr().err
    assert said in printed
    assert "rahasia" not in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("words", ["serve", "user list", "seed --cases 1", "letter referral ADU-1"])
def test_without_a_release_it_says_what_to_run(words: str, folder: Path, capsys: Capture) -> None:
    assert main(words.split()) == exits.ENVIRONMENT
    printed = capsys.readouterr().err
    assert '"portal apply"' in printed
    assert not (folder / "var").exists()


# Deadlines and eligibility


def test_deadline_by_the_office_calendar(capsys: Capture) -> None:
    words = ["deadline", "--from", "2026-12-23T10:00", "--within", "3 working days"]
    assert main([*words, "--schema", str(CHECKOUT / "schema")]) == 0
    assert capsys.readouterr().out == "Rabu, 30 Desember 2026 pukul 16.00 WIB\n"
    assert main([*words, "--explain", "--language=en", "--schema", str(CHECKOUT / "schema")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "day 1: Monday, 28 December 2026" in lines
    assert len(lines) == 9


def test_deadline_needs_only_the_office(folder: Path, capsys: Capture) -> None:
    broken(folder, "sop.yaml", "sops:", "spos:")
    assert main(["deadline", "--from", "2026-11-02T09:00+07:00", "--within", "2 hours"]) == 0
    assert "11.00 WIB" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("office:", "ofice:", "tidak terbaca"),
        ("monday: 08:00-12:00", "monday: 12:00-08:00", "tutup sebelum buka"),
    ],
)
def test_deadline_without_a_calendar(
    before: str, after: str, said: str, folder: Path, capsys: Capture
) -> None:
    broken(folder, "office.yaml", before, after)
    assert main(["deadline", "--from", "2026-11-02", "--within", "1 working day"]) == exits.MISTAKES
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "text"), [("a.yaml", "registry: {decile: 3}"), ("a.json", '{"registry": {"decile": 3}}')]
)
def test_eligibility_from_a_file(file: str, text: str, folder: Path, capsys: Capture) -> None:
    Path(file).write_text(text)
    assert main(["eligible", "pbi-jk", "--data", file]) == 0
    assert "Kemungkinan memenuhi" in capsys.readouterr().out
    assert main(["eligible", "pbi-jk", "--data", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["answer"] == "likely"


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("a.json", '{"registry": ', "bukan JSON yang benar pada baris 1"),
        ("a.json", "[1]", "tidak berisi nilai bernama"),
        ("a.yaml", "registry: {decile: 3", "a.yaml:1:"),
        ("a.yaml", "", "a.yaml"),
        ("b.yaml", None, '"b.yaml" tidak dapat dipakai: tidak ada'),
    ],
)
def test_eligibility_data_that_cannot_be_read(
    file: str, text: str | None, said: str, folder: Path, capsys: Capture
) -> None:
    if text is not None:
        Path(file).write_text(text)
    assert main(["eligible", "pbi-jk", "--data", file]) in (exits.USAGE, exits.ENVIRONMENT)
    assert said in capsys.readouterr().err


def test_eligibility_of_an_unknown_programme(folder: Path, capsys: Capture) -> None:
    Path("a.yaml").write_text("registry: {decile: 3}")
    assert main(["eligible", "pbi-kj", "--data", "a.yaml"]) == exits.USAGE
    assert 'mungkin maksudnya "pbi-jk"' in capsys.readouterr().err
