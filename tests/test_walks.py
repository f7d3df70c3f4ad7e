"""Random walks over every shipped SOP: no dead end, nothing twice, nothing untold, nothing lost.

A few for each SOP run always; `PORTAL_WALKS=300` lets 300 run, as docs/benchmarks/long-runs.md tells of.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from small import NOW
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from walks import Walk

from portal import load
from portal.access import SYSTEM
from portal.database import engine_of, writing
from portal.events import broken
from portal.letters.files import letter_files
from portal.migrate import apply
from portal.releases import latest_id, live
from portal.schema import Schema
from portal.tables import Account
from portal.wall import acting

SHIPPED = Path(__file__).resolve().parents[1] / "schema"
WALKS = int(os.environ.get("PORTAL_WALKS", "10"))
SOPS = (
    *("aid-membership", "civil-registration", "dtsen-proposal", "housing-business", "neglected-person"),
    *("pbi-new", "pbi-reactivation", "school-aid", "statement", "violence"),
)


@cache
def shipped() -> tuple[Schema, dict[str, str]]:
    loaded = load.load(SHIPPED)
    assert loaded.schema is not None
    return loaded.schema, dict(letter_files(loaded.templates))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = engine_of(f"sqlite:///{tmp_path_factory.mktemp('walks') / 'walks.db'}")
    schema, templates = shipped()
    with acting(SYSTEM):
        apply(engine, schema, {}, templates, actor=SYSTEM, now=NOW)
        with writing(engine) as session:
            session.add_all(
                Account(id=key, login=f"petugas{key}", label=f"Petugas {key}", password="-", created_at=NOW)
                for key in (1, 2)
            )
    yield engine
    engine.dispose()


def test_every_shipped_sop_is_walked() -> None:
    assert tuple(sorted(shipped()[0].sops)) == SOPS


@pytest.mark.parametrize("sop", SOPS)
def test_random_walks(office: Engine, sop: str) -> None:
    programs = [
        key for key, each in shipped()[0].programs.items() if each.sop == sop and each.status != "ended"
    ]
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    began = time.perf_counter()
    for number in range(WALKS):
        with Session(office, expire_on_commit=False) as session:
            current = live(session, latest_id(session) or 0)
            walk = Walk(session, current, programs[number % len(programs)], f"{sop}-{number}")
            walk.go()
            assert broken(session) is None
            done += walk.done
            refused += walk.refused
            session.rollback()
    assert done["step-completed"] > WALKS
    if told := os.environ.get("PORTAL_WALKS_TOLD"):
        line = {"sop": sop, "walks": WALKS, "seconds": round(time.perf_counter() - began, 1)}
        with Path(told).open("a", encoding="utf-8") as file:
            file.write(json.dumps({**line, "done": dict(done), "refused": dict(refused)}) + "\n")
