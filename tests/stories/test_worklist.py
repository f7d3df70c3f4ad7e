"""My tasks over random work: counts equal lists, each task stands once, views are addresses, and the team."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, Browser, demo_engine

from portal.access import SYSTEM, Actor
from portal.accounts.base import grants_of
from portal.admin.desk.views import GROUPS, Asked, NotAsked, asked, saved
from portal.admin.desk.worklist import worklist
from portal.app import create_app
from portal.database import engine_of, reading, writing
from portal.releases import latest_id, live, sop_version
from portal.settings import Settings
from portal.tables import Account, Case, Grant, Task
from portal.wall import acting

HERE = "18.10.03.2007"
MANY = 1500


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A demonstration with many more open tasks, due or not, taken or not, at any step."""
    engine = demo_engine(tmp_path_factory.mktemp("busy"))
    dice = random.Random(7)
    with acting(SYSTEM), writing(engine) as session:
        cases = session.scalars(select(Case).where(Case.area == HERE)).all()
        accounts = session.scalars(select(Account.id)).all()
        found = session.execute(select(Task.case_id, Task.step).where(Task.status == "open"))
        taken = {(case, step) for case, step in found}
        for _ in range(MANY):
            case = dice.choice(cases)
            steps = sop_version(session, case.sop_version_id).steps
            step = dice.choice([key for key, each in steps.items() if not each.automatic])
            if (case.id, step) in taken:
                continue
            taken.add((case.id, step))
            due = NOW + timedelta(hours=dice.randint(-400, 400))
            task = Task(
                case_id=case.id,
                step=step,
                role=dice.choice(["front-office", "back-office", "facilitator", "supervisor"]),
                area=case.area,
                access=case.access,
                status="open",
                assigned_to=dice.choice([None, None, *accounts]),
                opened_at=NOW - timedelta(days=dice.randint(0, 90)),
                due_at=dice.choice([None, due, due, due]),
            )
            session.add(task)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def app(busy: Engine) -> ASGIApp:
    return create_app(Settings(database=str(busy.url)), clock=lambda: NOW)


def actor(session: Any, login: str) -> Actor:
    account = session.scalars(select(Account).where(Account.login == login)).one()
    return Actor(account_id=account.id, label=account.label, grants=grants_of(session, account.id, NOW))


WORKERS = ("front-office", "back-office", "facilitator", "supervisor", "secretariat", "manager")


@pytest.mark.parametrize("login", WORKERS)
def test_counts_equal_lists_and_each_task_stands_once(busy: Engine, login: str) -> None:
    dice = random.Random(login)
    with reading(busy) as session:
        current = live(session, latest_id(session) or 0)
        who = actor(session, login)
        with acting(who, current):
            whole = worklist(session, current, who, NOW)
            values = [line.value for line in chain(*whole.groups.values())]
            assert len(values) == len(set(values)) == whole.count
            assert {key: len(lines) for key, lines in whole.groups.items()} == dict(whole.counts)
            for _ in range(12):
                where = Asked(
                    group=dice.choice([None, *GROUPS]),
                    program=dice.choice([None, "pkh", "pbi-jk", "sembako"]),
                    step=dice.choice([None, None, "visit", "wait", "check"]),
                    waits_for=dice.choice([None, None, None, "agency"]),
                    stage=dice.choice([None, None, "checked", "received"]),
                )
                part = worklist(session, current, who, NOW, where)
                found = {line.value for line in chain(*part.groups.values())}
                assert found <= set(values)
                assert part.count == len(found)
                if where.group:
                    assert {key for key, lines in part.groups.items() if lines} <= {where.group}
            parts = [worklist(session, current, who, NOW, Asked(group=group)).count for group in GROUPS]
            assert sum(parts) == whole.count


@pytest.mark.parametrize("login", WORKERS)
def test_page_says_as_many_as_it_lists(app: ASGIApp, login: str) -> None:
    page = Browser(app, login).get("/tugas?muat=1000").text
    said = int(re.search(r"<h1>[^(]*\((\d+)\)", page)[1])  # type: ignore[index]
    listed = len(re.findall(r'name="(?:ambil|lepas)"', page))
    badges = [int(each) for each in re.findall(r'<h2 id="kelompok-.*?<span class="badge[^>]*>(\d+)', page)]
    assert said == listed == sum(badges)


def test_more_is_a_link_until_all_are_there(app: ASGIApp) -> None:
    clerk = Browser(app, "secretariat")
    page, seen = clerk.get("/tugas?muat=2").text, []
    while (link := re.search(r'href="(/tugas\?muat=\d+)#', page)) is not None:
        seen.append(link[1])
        page = clerk.get(link[1]).text
    assert seen
    assert "lagi" not in re.findall(r'<a class="second"[^>]*>([^<]*)', page)


@pytest.mark.parametrize(
    "query",
    ["x=1", "kelompok=besok", "program=tidak-ada", "muat=0", "muat=9999", "langkah=x", "wilayah=99.99"],
)
def test_what_no_view_can_be_is_refused(app: ASGIApp, query: str) -> None:
    assert Browser(app, "back-office").client.get(f"/tugas?{query}").status_code == 400


def test_address_is_the_state(busy: Engine) -> None:
    with reading(busy) as session:
        schema = live(session, latest_id(session) or 0).schema
    for where in (
        Asked(),
        Asked(group="late", program="pkh"),
        Asked(step="visit", area=HERE, priority="emergency", stage="checked", waits_for="agency"),
    ):
        query = dict(pair.split("=") for pair in where.url().partition("?")[2].split("&") if pair)
        assert asked(schema, query) == where
    with pytest.raises(NotAsked):
        asked(schema, {"kelompok": "x"})


def test_views_are_those_of_the_role_and_lead_to_pages(app: ASGIApp, busy: Engine) -> None:
    with reading(busy) as session:
        current = live(session, latest_id(session) or 0)
        labels = {
            login: [each.label for each in saved(current, actor(session, login), Asked())]
            for login in WORKERS
        }
        urls = [each.url for each in saved(current, actor(session, "manager"), Asked())]
    assert "Persetujuan" in labels["manager"]
    assert "Persetujuan" not in labels["front-office"]
    assert "Kunjungan rumah" in labels["facilitator"]
    # The address of a view may be sent to anybody: scope is that of whoever opens it.
    assert {Browser(app, "front-office").get(url).status_code for url in urls} == {200}


def test_task_is_taken_and_released_from_the_list(tmp_path: Path) -> None:
    engine = demo_engine(tmp_path)
    app = create_app(Settings(database=str(engine.url)), clock=lambda: NOW)
    with acting(SYSTEM), writing(engine) as session:
        case = session.scalars(select(Case).where(Case.area == HERE, Case.status == "closed")).first()
        assert case is not None
        step = next(iter(sop_version(session, case.sop_version_id).steps))
        session.add(
            Task(
                case_id=case.id, step=step, role="front-office", area=HERE, access="normal", status="open",
                opened_at=NOW,
            )
        )  # fmt: skip
    clerk = Browser(app, "front-office")
    page = clerk.get("/tugas").text
    value = re.search(r'name="ambil" value="([0-9.]+)"', page)[1]  # type: ignore[index]
    key = dict(clerk.form("/tugas").fields)["key"]
    clerk.post("/tugas?kelompok=free", {"key": key, "ambil": value})
    assert clerk.page.headers["location"] == "/tugas?kelompok=free&notice=task-taken"
    with reading(engine) as session:
        assert session.get_one(Task, int(value.split(".")[0])).assigned_to is not None
    late = Browser(app, "back-office")
    late.post("/tugas", {"key": "k" * 20, "ambil": value})
    assert late.page.headers["location"].endswith("notice=task-changed")
    page = clerk.get("/tugas").text
    value = re.search(r'name="lepas" value="([0-9.]+)"', page)[1]  # type: ignore[index]
    key = dict(clerk.form("/tugas").fields)["key"]
    clerk.post("/tugas", {"key": key, "lepas": value})
    assert clerk.page.headers["location"] == "/tugas?notice=task-released"
    for wrong in ("", "x", "1", "1.x"):
        clerk.post("/tugas", {"key": "w" * 20, "ambil": wrong})
        assert clerk.page.status_code == 400, wrong


def test_team_counts_what_can_be_divided_and_names_who_is_away(app: ASGIApp, busy: Engine) -> None:
    with acting(SYSTEM), writing(busy) as session:
        ids = dict(session.execute(select(Account.login, Account.id)).all())
        grant = Grant(
            account_id=ids["front-office"],
            role="back-office",
            area=HERE,
            acting="plh",
            for_id=ids["back-office"],
            since=NOW - timedelta(days=1),
            until=NOW + timedelta(days=3),
        )
        session.add(grant)
        session.flush()
    page = Browser(app, "manager").get("/tim").text
    assert "Berhalangan; digantikan Sekar Contoh" in page
    shown = {
        holder: int(count)
        for count, holder in re.findall(
            r'data-label="Terbuka">(\d+)</td>.*?href="/tugas/bagi\?pemegang=([a-z0-9-]+)"', page, re.S
        )
    }
    assert shown
    boss = Browser(app, "manager")
    for holder, count in shown.items():
        listed = boss.get(f"/tugas/bagi?pemegang={holder}").text.count('name="tugas"')
        assert listed == min(count, 100), holder
    assert boss.client.get("/tugas/bagi?pemegang=siapa").status_code == 400
    assert Browser(app, "front-office").client.get("/tim").status_code == 403


def test_who_has_too_much_is_named(busy: Engine, tmp_path: Path) -> None:
    with busy.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copied = engine_of(f"sqlite:///{copyfile(busy.url.database or '', tmp_path / 'demo.db')}")
    with acting(SYSTEM), writing(copied) as session:
        taker = session.scalars(select(Account.id).where(Account.login == "facilitator")).one()
        for task in session.scalars(select(Task).where(Task.status == "open", Task.area == HERE)):
            task.assigned_to = taker
    app = create_app(Settings(database=str(copied.url)), clock=lambda: NOW)
    page = Browser(app, "manager").get("/tim").text
    assert re.search(r"Damar Contoh <span class=\"badge late\">Kewalahan", page)
    assert page.count("Kewalahan") == 1
