"""`portal apply` ended by SIGKILL at any point leaves exactly the old state or exactly the new one.

A few points here; PORTAL_KILLS=ROUNDSxPOINTS (such as 20x50) runs as many on each database.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from conftest import _drop, _fresh, _server
from shapes import shape
from sqlalchemy import Engine, select, text
from starlette.testclient import TestClient
from test_bad import GOOD, lay_out

from portal import events
from portal.app import Portal
from portal.cli import main
from portal.database import engine_of, reading, writing
from portal.drift import drift
from portal.tables import Event, Release, SopVersion

KILLS = Path(__file__).parent / "kills"
ROUNDS, POINTS = (int(part) for part in os.environ.get("PORTAL_KILLS", "1x8").split("x"))
EDITS: Mapping[str, tuple[str, str]] = {
    "records.yaml": ("    fields:\n", "    fields:\n      alias: {label: Nama panggilan, type: text}\n"),
    "lists.yaml": ("channels:\n", "channels:\n  letter: {label: Surat}\n"),
    "sop.yaml": ("label: Reaktivasi", "label: Reaktivasi PBI"),
    "programs.yaml": ("label: PBI Jaminan Kesehatan", "label: PBI-JK"),
}


@dataclass(kw_only=True)
class Ground:
    """A database in its old state as often as wanted, the folder of the new one, and both states."""

    folder: Path
    address: str
    old: Any = None
    new: Any = None
    points: int = 0
    seconds: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    runner: subprocess.Popen[str] | None = None

    def argv(self) -> list[str]:
        return ["apply", "--schema", str(self.folder / "schema"), "--database", self.address]

    def again(self) -> None:
        """Puts the old state back."""
        if self.address.startswith("sqlite"):
            file = Path(self.address.removeprefix("sqlite:///"))
            for path in file.parent.glob(f"{file.name}*"):
                path.unlink()
            shutil.copyfile(file.with_name("old.db"), file)
        else:
            name = self.address.rpartition("/")[2].partition("?")[0]
            _drop(self.address_of("postgres"), name)
            with _server(self.address_of("postgres")) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE {name}_old")

    def address_of(self, database: str) -> str:
        """Returns the address of another database of the same server."""
        head, _, rest = self.address.rpartition("/")
        return f"{head}/{database}?{rest.partition('?')[2]}"

    def run(self, **wish: Any) -> dict[str, Any]:
        """Runs `portal apply` in a fork and returns how it ended."""
        assert self.runner is not None
        assert self.runner.stdin is not None
        assert self.runner.stdout is not None
        usual = {"argv": self.argv(), "live": live(self.address), "output": str(self.folder / "output")}
        self.runner.stdin.write(json.dumps(usual | wish) + "\n")
        self.runner.stdin.flush()
        ended: dict[str, Any] = json.loads(self.runner.stdout.readline())
        return ended

    def judge(self) -> str:
        """Returns whether the database is old or new; anything else fails."""
        engine = engine_of(self.address)
        try:
            found = state(engine)
            assert found in (self.old, self.new)
            assert drift(engine) == ()
            with TestClient(Portal(engine, "id")) as client:
                assert client.get("/masuk").status_code == 200
        finally:
            engine.dispose()
        self.ends["old" if found == self.old else "new"] += 1
        return "old" if found == self.old else "new"


def live(address: str) -> str:
    """Returns an address as the engine on it has it."""
    engine = engine_of(address)
    engine.dispose()
    return engine.url.render_as_string(hide_password=False)


def state(engine: Engine) -> Any:
    """Returns everything that an apply writes, without its moment."""
    with reading(engine) as session:
        assert events.broken(session) is None
        return {
            "shape": shape(engine),
            "releases": session.execute(select(Release.id, Release.digest).order_by(Release.id)).all(),
            "sops": session.execute(
                select(SopVersion.sop, SopVersion.number, SopVersion.release_id, SopVersion.digest)
            ).all(),
            "events": session.execute(
                select(Event.kind, Event.subject, Event.subject_id).order_by(Event.id)
            ).all(),
            "references": session.execute(text("SELECT id, label, definition FROM reference_program")).all(),
            "residents": session.execute(text("SELECT id, name FROM record_resident ORDER BY id")).all(),
        }


@contextmanager
def ground(folder: Path, address: str) -> Iterator[Ground]:
    """Lays out the old state, the files of the new one, and learns both and how long the way is."""
    lay_out(GOOD, folder)
    made = Ground(folder=folder, address=address)
    assert main(made.argv()) == 0
    engine = engine_of(address)
    residents = [{"name": f"Warga {n}", "area": "18.10.03.2007"} for n in range(300)]
    stamps = "created_at, created_by, changed_at, changed_by"
    with writing(engine) as session:
        session.execute(
            text(
                f"INSERT INTO record_resident (name, area, version, {stamps}) VALUES (:name, :area, 1,"
                " '2026-11-02', 1, '2026-11-02', 1)"
            ),
            residents,
        )
    made.old = state(engine)
    if address.startswith("sqlite"):
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    keep(made)
    for file, (before, after) in EDITS.items():
        path = folder / "schema" / file
        assert before in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")
    with subprocess.Popen(
        [sys.executable, str(KILLS / "runner.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    ) as runner:
        made.runner = runner
        report = folder / "points"
        ended = made.run(report=str(report))
        assert ended["code"] == 0
        made.points, made.seconds = int(report.read_text("utf-8")), ended["seconds"]
        engine = engine_of(address)
        made.new = state(engine)
        engine.dispose()
        assert made.new != made.old
        yield made
        assert runner.stdin is not None
        runner.stdin.close()


def keep(made: Ground) -> None:
    """Keeps the old state for `again`."""
    if made.address.startswith("sqlite"):
        file = Path(made.address.removeprefix("sqlite:///"))
        shutil.copyfile(file, file.with_name("old.db"))
        return
    name = made.address.rpartition("/")[2].partition("?")[0]
    with _server(made.address_of("postgres")) as connection:
        connection.execute(f"CREATE DATABASE {name}_old TEMPLATE {name}")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def killing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Gives the ground on each kind of database."""
    tmp_path = tmp_path_factory.mktemp("kills")
    if request.param == "sqlite":
        with ground(tmp_path, f"sqlite:///{tmp_path / 'portal.db'}") as made:
            yield made
        return
    url = os.environ.get("PORTAL_TEST_POSTGRES")
    if not url:
        pytest.skip("PORTAL_TEST_POSTGRES is not set")
    name = f"test_{uuid4().hex}"
    try:
        with ground(tmp_path, _fresh(url, name)) as made:
            yield made
    finally:
        _drop(url, name)
        _drop(url, f"{name}_old")


def spread(made: Ground, turn: int) -> Iterator[dict[str, Any]]:
    """Yields points over the whole way: half by statement, half by time, others in each round."""
    chance = random.Random(turn)
    half = POINTS // 2
    for place in range(half):
        low, high = (made.points * step // half for step in (place, place + 1))
        yield {"at": chance.randint(low + 1, max(low + 1, high))}
    for place in range(POINTS - half):
        yield {"delay": made.seconds * (place + chance.random()) / (POINTS - half)}


def test_a_kill_leaves_old_or_new(killing: Ground) -> None:
    ended: Counter[object] = Counter()
    for turn in range(ROUNDS):
        for point in spread(killing, turn):
            killing.again()
            end = killing.run(**point)
            ended["killed" if end["signal"] == 9 else f"ended {end['code']}"] += 1
            killing.judge()
    killing.again()
    assert killing.run()["code"] == 0
    assert killing.judge() == "new"
    sys.stderr.write(
        f"{killing.points} points, {killing.seconds:.1f} s: {dict(ended)}, {dict(killing.ends)}\n"
    )
    assert ended["killed"] > ROUNDS * POINTS // 2


@pytest.mark.parametrize("before_the_end", [0, 12])
def test_the_program_itself_is_killed(killing: Ground, before_the_end: int) -> None:
    killing.again()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(KILLS), str(Path.cwd()))),
        "KILL_LIVE": live(killing.address),
        "KILL_AT": str(killing.points - before_the_end),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "portal", *killing.argv()], env=environment, capture_output=True, check=False
    )
    assert ended.returncode == -9, ended.stderr
    assert killing.judge() == ("new" if before_the_end == 0 else "old")
