"""Every command that writes does so under the guard: an event for each change, told by who typed it."""

from __future__ import annotations

import argparse
import io
import os
import pwd
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from guard import watched
from sqlalchemy import Engine, select
from test_bad import GOOD, lay_out
from test_cli_office import office  # noqa: F401 - a fixture

from portal.cli import main
from portal.cli.operator import operator
from portal.cli.tree import tree
from portal.database import engine_of, reading
from portal.tables import AccessLog, Case, Event, Release
from portal.words import speaking

READS = frozenset(
    """check,schema json,plan,releases,pull,drift,simulate,retention,who-can,deadline,eligible,openapi,doctor,
    sheet,audit verify,audit anchor,user list,erasure export,backup,backup keygen""".replace(
        "\n    ", ""
    ).split(",")
)
"""Commands that change nothing in the database they are given."""
ELSEWHERE = {
    "serve": "requests act as whoever is logged in: tests/stories",
    "demo": "a database of its own with example data: tests/test_cli.py",
    "restore": "puts a file in the place of the database: tests/test_archive.py",
    "publish": "what somebody asked for and approved in the studio, told as theirs: tests/test_releasing.py",
    "sweep": "the portal's own work, whoever typed it: tests/test_sweep.py",
    "move": "tests/test_cli_move.py, where there are two versions of an SOP",
    "work": "prints what others asked for, whoever typed it: tests/test_print_queue.py",
    "prune": "tests/test_prune.py, where something was withdrawn; asked by itself it lists",
}
"""Commands that need more than one office to change anything, with where they are tried."""
WRITES: dict[str, str] = {
    "erasure sweep": "",
    "erasure replay": "{folder}/list.json",
    "erasure backups": "--remake",
    "letter": "receipt {case} -o {folder}/letter.pdf",
    "user add": "baru --label Baru --role manager",
    "user passwd": "ratna",
    "user disable": "ratna",
    "user invite": "ratna",
    "user reset": "ratna",
    "user totp-reset": "ratna",
    "user link": "ratna subjek-1",
    "user sessions": "ratna --end",
    "seed": "--cases 5",
}
"""What is typed behind the commands that write."""
RELEASES = {"apply", "rollback"}
"""Those that make a release, tried in an office of a few lines."""
TELLS = WRITES.keys() - {"erasure sweep", "erasure replay", "erasure backups"}
"""Those that have something to tell of in this office; the others find nothing to do."""
LOGIN = pwd.getpwuid(os.getuid()).pw_name


def leaves(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yields every command in full, without `portal`."""
    inner = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    for each in inner:
        for made in each.choices.values():
            if made.get_default("run"):
                yield made.prog.partition(" ")[2]
            yield from leaves(made)


def test_every_command_reads_or_is_under_the_guard() -> None:
    with speaking("id"):
        found = set(leaves(tree()))
    assert found == READS | RELEASES | WRITES.keys() | ELSEWHERE.keys()


@pytest.fixture
def copy(office: tuple[str, str], tmp_path: Path) -> Sequence[str]:  # noqa: F811
    """Gives the options that name the shipped office in a database of this test's own."""
    schema, database = office
    file = database.removeprefix("--database=sqlite:///")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(tmp_path / "portal.db")) as target:
        source.backup(target)
    (tmp_path / "list.json").write_text('{"format": 1, "erased": []}')
    return schema, f"--database=sqlite:///{tmp_path / 'portal.db'}"


@pytest.mark.parametrize("command", WRITES)
def test_command_tells_each_change_and_who_typed_it(
    command: str, copy: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_of(copy[1].removeprefix("--database="))
    before = told(engine)
    monkeypatch.setattr(sys, "stdin", io.StringIO("rumah kayu di tepi sungai 77\n"))
    monkeypatch.setenv("PORTAL_OIDC_ISSUER", "https://masuk.contoh.id")
    monkeypatch.setenv("PORTAL_OIDC_CLIENT", "portal")
    more = WRITES[command].format(folder=tmp_path, case=case_of(engine)).split()
    with watched() as silent:
        code = main([*command.split(), *more, *copy, "--by", "Sekar Contoh"])
    new = {who for _, _, who in told(engine) - before}
    engine.dispose()
    assert silent == []
    assert code == 0
    assert bool(new) == (command in TELLS), new
    assert new <= {f"portal: {LOGIN} (Sekar Contoh)", "portal"}
    assert not new or f"portal: {LOGIN} (Sekar Contoh)" in new


def told(engine: Engine) -> set[tuple[str, int, str]]:
    """Returns the events and the rows of the access log, each with its number and by whom it was told."""
    with reading(engine) as session:
        return {
            (table.__tablename__, number, who)
            for table in (AccessLog, Event)
            for number, who in session.execute(select(table.id, table.actor))
        }


def case_of(engine: Engine) -> str:
    with reading(engine) as session:
        return session.scalars(select(Case.number)).one()


@pytest.mark.parametrize(
    "command", ["check", "releases", "retention", "user list", "audit anchor", "drift", "plan"]
)
def test_command_that_reads_writes_no_event(command: str, copy: Sequence[str]) -> None:
    engine = engine_of(copy[1].removeprefix("--database="))
    before = told(engine)
    main([*command.split(), *copy])
    assert told(engine) == before
    engine.dispose()


def test_operator_cannot_pass_for_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "orang-lain")
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert operator(argparse.Namespace(by="Budi\n\x07")).label == f"portal: {LOGIN} (Budi)"
    assert operator(argparse.Namespace()).label == f"portal: {LOGIN}"


def test_release_says_who_applied_it_and_who_went_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(GOOD, tmp_path)
    monkeypatch.chdir(tmp_path)
    database = f"sqlite:///{tmp_path / 'portal.db'}"
    file = tmp_path / "schema" / "office.yaml"
    with watched(database) as silent:
        assert main(["apply", "--by", "Sekar", "--database", database]) == 0
        file.write_text(file.read_text().replace("label: ", "label: Kantor ", 1))
        assert main(["apply", "--by", "Budi", "--database", database]) == 0
        assert main(["rollback", "1", "--reason", "salah", "--by", "Ani", "--database", database]) == 0
    engine = engine_of(database)
    with reading(engine) as session:
        applied = list(session.scalars(select(Release.applied_by).order_by(Release.id)))
        told_by = set(session.scalars(select(Event.actor).where(Event.kind == "release-applied")))
    engine.dispose()
    assert silent == []
    assert applied == [f"portal: {LOGIN} ({name})" for name in ("Sekar", "Budi", "Ani")]
    assert told_by == set(applied)
