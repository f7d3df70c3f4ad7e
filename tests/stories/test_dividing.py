"""Many tasks given at once: one transaction, a report of each, nothing that one may not do, once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine, func, select
from starlette.types import ASGIApp
from worked import LOGINS, Browser

from portal.database import reading
from portal.tables import Event, Task
from stories.test_http import complete, registered

OFFICER = str(LOGINS.index("back-office") + 1)
PAGE = "/tugas/bagi"


def open_task(engine: Engine, case: int) -> Task:
    with reading(engine) as session:
        return session.scalars(select(Task).where(Task.case_id == case, Task.status == "open")).one()


def divisions(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).where(Event.kind == "tasks-divided")) or 0


def box(engine: Engine, case: int) -> str:
    task = open_task(engine, case)
    return f"{task.id}.{task.version}"


def given(browser: Browser, account: str, boxes: list[str], **more: str) -> list[tuple[str, str]]:
    """Opens the page, ticks boxes and presses the button; returns what was sent."""
    browser.get(PAGE)
    form = browser.form(PAGE)
    chosen = [("account", account), *(("tugas", each) for each in boxes), *more.items()]
    sent = [*(pair for pair in form.fields if pair[0] not in {"account", *more}), *chosen]
    browser.post(PAGE, sent)
    return sent


def test_chosen_tasks_go_to_one_person_with_a_report(engine: Engine, app: ASGIApp) -> None:
    front, manager = Browser(app, "front-office"), Browser(app, "manager")
    cases = [registered(front, nik="1810034101909971"), registered(front, nik="1810034101909972")]
    given(manager, OFFICER, [box(engine, case) for case in cases])
    page = manager.follow().text
    assert "2 dari 2 tugas diberikan kepada Ratna Contoh" in page
    assert [open_task(engine, case).assigned_to for case in cases] == [int(OFFICER)] * 2
    given(manager, "", [box(engine, cases[0])])
    assert "1 dari 1 tugas dilepaskan" in manager.follow().text
    assert open_task(engine, cases[0]).assigned_to is None


def test_refused_rows_are_told_and_others_are_done(engine: Engine, app: ASGIApp) -> None:
    front, manager = Browser(app, "front-office"), Browser(app, "manager")
    cases = [registered(front, nik=f"181003410190997{number}") for number in range(4)]
    boxes = [box(engine, case) for case in cases]
    complete(front, cases[0], condition="healthy")  # done meanwhile
    front.get(f"/kasus/{cases[1]}")
    front.send(f"/kasus/{cases[1]}/tugas", account="me")  # taken meanwhile
    given(manager, OFFICER, [*boxes[:3], "999999.1"])
    page = manager.follow().text
    assert "1 dari 4 tugas diberikan" in page
    for why in ("Langkahnya sudah diselesaikan", "Pemegangnya sudah diubah", "tidak ada atau berada di luar"):
        assert why in page
    assert open_task(engine, cases[2]).assigned_to == int(OFFICER)
    assert open_task(engine, cases[3]).assigned_to is None


def test_who_cannot_do_the_step_is_refused(engine: Engine, app: ASGIApp) -> None:
    front, manager = Browser(app, "front-office"), Browser(app, "manager")
    case = registered(front)
    given(manager, str(LOGINS.index("district-staff") + 1), [box(engine, case)])
    assert "0 dari 1 tugas diberikan" in manager.follow().text
    assert open_task(engine, case).assigned_to is None


def test_division_sent_twice_is_carried_out_once(engine: Engine, app: ASGIApp) -> None:
    front, manager = Browser(app, "front-office"), Browser(app, "manager")
    case = registered(front)
    sent = given(manager, OFFICER, [box(engine, case)])
    led = manager.page.headers["location"]
    assert manager.post(PAGE, sent).headers["location"] == led
    assert manager.post(PAGE, [*sent, ("semua", "1")]).status_code == 409
    assert divisions(engine) == 1


def test_all_that_match_are_given_up_to_the_cap(
    engine: Engine, app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.admin.desk.dividepage.MOST", 3)
    manager = Browser(app, "manager")
    given(manager, "me", [], semua="1", pemegang="free")
    found = re.search(r"(\d+) dari (\d+) tugas", manager.follow().text)
    assert found is not None
    assert int(found[2]) == 3


def test_supervisor_finds_no_task_of_another_area(engine: Engine, app: ASGIApp) -> None:
    supervisor = Browser(app, "supervisor")
    shown = {int(value.partition(".")[0]) for value in _boxes(supervisor.get(PAGE).text)}
    with reading(engine) as session:
        tasks = session.execute(select(Task.id, Task.area, Task.access).where(Task.status == "open")).all()
    inside = {key for key, area, access in tasks if area.startswith("18.10.03.") and access == "normal"}
    assert shown == inside
    foreign = next(key for key, area, _ in tasks if not area.startswith("18.10.03."))
    given(supervisor, "me", [f"{foreign}.1"])
    assert "tidak ada atau berada di luar" in supervisor.follow().text


def _boxes(html: str) -> list[str]:
    return re.findall(r'name="tugas" value="([^"]*)"', html)


def test_report_is_for_who_divided(engine: Engine, app: ASGIApp) -> None:
    front, manager, supervisor = (Browser(app, who) for who in ("front-office", "manager", "supervisor"))
    given(manager, "me", [box(engine, registered(front))])
    report = manager.page.headers["location"]
    assert supervisor.get(report).status_code == 404
    assert front.get(report).status_code == 403
    assert manager.get(f"{PAGE}/1").status_code == 404


@pytest.mark.parametrize("wrong", [{"account": "-"}, {"account": "x"}, {}])
def test_nothing_chosen_is_told(engine: Engine, app: ASGIApp, wrong: dict[str, str]) -> None:
    manager = Browser(app, "manager")
    given(manager, wrong.get("account", "me"), [])
    assert manager.page.status_code == 422
    assert divisions(engine) == 0


def test_only_who_assigns_divides(engine: Engine, app: ASGIApp) -> None:
    front = Browser(app, "front-office")
    assert front.get(PAGE).status_code == 403
    assert front.post(PAGE, {"key": "k" * 20, "account": "me", "semua": "1"}).status_code == 403
    assert Browser(app, "manager").post(PAGE, {"key": "k" * 20, "tugas": "x"}).status_code in (400, 422)
