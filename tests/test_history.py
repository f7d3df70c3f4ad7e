"""Looking back: the releases, their files to the last byte, two compared, and going back to one."""

from __future__ import annotations

from pathlib import Path

import pytest
from schemas import ASSET, TEXT, small_schema
from small import NOW
from sqlalchemy import text
from test_bad import GOOD, lay_out

from portal import history
from portal.access import SYSTEM
from portal.cli import main
from portal.database import engine_of, reading, writing
from portal.history import NotEmpty, UnknownRelease
from portal.migrate import apply

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The good office of `tests/bad/` with two releases: the second says "Loket" for its first channel."""
    for name in ("PORTAL_SCHEMA", "PORTAL_DATABASE_URL", "PORTAL_LANGUAGE", "PORTAL_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    lay_out(GOOD, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTAL_LANGUAGE", "en")
    (tmp_path / "schema" / "office.yaml").write_bytes(b"\xef\xbb\xbf" + office().read_bytes())
    assert main(["apply", "--reason", "the first"]) == 0
    edit("SLRT contoh", "SLRT baru")
    assert main(["apply", "--reason", "another name"]) == 0
    return tmp_path


def office() -> Path:
    return Path("schema/office.yaml")


def edit(before: str, after: str) -> None:
    data = office().read_bytes().decode()
    assert before in data
    office().write_bytes(data.replace(before, after, 1).encode())


def files_below(folder: Path) -> dict[str, bytes]:
    found = [*(folder / "schema").rglob("*"), *(folder / "templates").rglob("*")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.is_file()}


def test_releases_are_listed_with_reason_and_changes(folder: Path, capsys: Capture) -> None:
    capsys.readouterr()
    assert main(["releases"]) == 0
    said = capsys.readouterr().out
    assert said.index("Release 2") < said.index("another name") < said.index("Release 1")
    assert '"portal releases 1" shows them all' in said


def test_a_release_shows_its_yaml_as_it_was(folder: Path, capsys: Capture) -> None:
    capsys.readouterr()
    assert main(["releases", "1"]) == 0
    said = capsys.readouterr().out
    assert "# --- schema/office.yaml" in said
    assert (folder / "schema" / "sop.yaml").read_text("utf-8").strip() in said
    assert "SLRT baru" not in said


def test_two_releases_are_compared_in_sentences_and_lines(folder: Path, capsys: Capture) -> None:
    capsys.readouterr()
    assert main(["releases", "1", "2"]) == 0
    said = capsys.readouterr().out
    assert '~ the description of the office "SLRT baru" is changed' in said
    assert "--- a/schema/office.yaml\n+++ b/schema/office.yaml" in said
    assert sum(line.startswith(("+ ", "- ")) for line in said.splitlines()) == 2


@pytest.mark.parametrize(
    "words", ["releases 9", "releases 1 9", "rollback 9 --reason x", "pull x --release 9"]
)
def test_a_number_that_no_release_has_is_refused(folder: Path, words: str, capsys: Capture) -> None:
    assert main(words.split()) == 2
    assert "the last one is 2" in capsys.readouterr().err


def test_pull_writes_the_files_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    assert main(["pull", "out"]) == 0
    assert files_below(folder / "out") == files_below(folder)


def test_pull_refuses_a_folder_that_is_not_empty(folder: Path, capsys: Capture) -> None:
    Path("out/mine").mkdir(parents=True)
    assert main(["pull", "out"]) == 5
    assert "--force" in capsys.readouterr().err
    assert [path.name for path in Path("out").iterdir()] == ["mine"]
    assert main(["pull", "out", "--force"]) == 0


def test_pull_writes_only_below_its_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="outside"):
        history.write({"../outside.yaml": "x"}, tmp_path / "here")
    with pytest.raises(NotEmpty):
        history.write({}, tmp_path.parent)


def test_a_letter_file_keeps_its_ends_of_lines(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path / 'portal.db'}")
    apply(engine, small_schema(), {"a.yaml": "a:\r\n"}, {"x.html": "<p>\r\n"}, actor=SYSTEM, now=NOW)
    with reading(engine) as session:
        history.write(history.files(session, 1), tmp_path / "out")
        with pytest.raises(UnknownRelease):
            history.files(session, 2)
    assert (tmp_path / "out/schema/a.yaml").read_bytes() == b"a:\r\n"
    assert (tmp_path / "out/templates/letters/x.html").read_bytes() == b"<p>\r\n"


def test_rollback_says_first_what_it_would_change(folder: Path, capsys: Capture) -> None:
    before = files_below(folder)
    assert main(["rollback", "1", "--reason", "x", "--dry-run"]) == 2
    assert "is changed" in capsys.readouterr().out
    assert main(["rollback", "2", "--reason", "x", "--dry-run"]) == 0
    assert files_below(folder) == before


def test_rollback_is_the_next_release(folder: Path, capsys: Capture) -> None:
    engine = engine_of("sqlite:///var/portal.db")
    with writing(engine) as session:
        session.execute(text("INSERT INTO counter VALUES ('entered since', '2026', 7)"))
    assert main(["rollback", "1", "--reason", "the old name is right"]) == 0
    with reading(engine) as session:
        newest, first = history.entry(session, 3), history.entry(session, 1)
        assert (newest.reason, first.reason) == ("the old name is right", "the first")
        assert history.files(session, 3) == history.files(session, 1)
        assert session.scalar(text("SELECT value FROM counter WHERE series = 'entered since'")) == 7


def test_rollback_that_changes_nothing_makes_no_release(folder: Path, capsys: Capture) -> None:
    assert main(["rollback", "2", "--reason", "x"]) == 0
    assert "the release stays 2" in capsys.readouterr().out


def test_rollback_needs_a_reason(folder: Path, capsys: Capture) -> None:
    assert main(["rollback", "1"]) == 64
    assert "--reason" in capsys.readouterr().err


def test_two_releases_are_compared_in_either_direction(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path / 'portal.db'}")
    more = {"records/resident/fields/note": TEXT, "records/asset": ASSET}
    for schema in (small_schema(more), small_schema()):
        apply(engine, schema, {}, {}, actor=SYSTEM, now=NOW)
    with reading(engine) as session:
        there, back = history.between(session, 1, 2), history.between(session, 2, 1)
    assert sorted(change.sign for change in there.changes) == ["-", "-"]
    assert sorted(change.sign for change in back.changes) == ["+", "+"]
