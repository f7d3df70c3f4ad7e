"""Access in an emergency: one case, four hours, a reason that a manager judges."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, Browser, cases_in

from portal.app import create_app
from portal.database import reading, writing
from portal.demo import HOME, PASSWORD
from portal.events import values_of
from portal.settings import Settings
from portal.tables import Account, Case, Emergency, Event

REASON = "Warga datang malam hari dan petugasnya sedang sakit"


def hidden_case(engine: Engine, browser: Browser) -> tuple[int, str]:
    """Returns a case of the village that the person does not see, with its number."""
    for key in cases_in(engine, HOME):
        if browser.client.get(f"/kasus/{key}").status_code == 404:
            with reading(engine) as session:
                case = session.get_one(Case, key)
            if case.access != "protected":
                return key, case.number
    raise AssertionError("the facilitator sees every case")


def asked(browser: Browser, number: str, reason: str = REASON) -> int:
    browser.get("/akses-darurat")
    return browser.send("/akses-darurat", number=number, reason=reason).status_code


def test_case_opens_for_four_hours_and_is_judged(engine: Engine, app: ASGIApp) -> None:
    damar = Browser(app, "facilitator")
    key, number = hidden_case(engine, damar)
    assert asked(damar, number.lower()) == 303
    assert "selama empat jam" in damar.follow().text
    with reading(engine) as session:
        taken = session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert taken is not None
        said = {new for _, new in values_of(session, [taken.id])[taken.id].values()}
    assert (taken.kind, taken.subject_id) == ("emergency-taken", key)
    assert REASON in said
    assert REASON not in str(taken.data)  # it can be erased

    manager = Browser(app, "manager")
    assert REASON in manager.get("/akun/darurat").text
    form = manager.form("/akun/darurat/")
    assert manager.post(form.action, {"justified": "no", "note": "Bukan keadaan darurat"}).status_code == 303
    assert "Bukan keadaan darurat" in manager.follow().text
    assert damar.client.get(f"/kasus/{key}").status_code == 404


def test_it_ends_by_itself(engine: Engine, app: ASGIApp) -> None:
    damar = Browser(app, "facilitator")
    key, number = hidden_case(engine, damar)
    asked(damar, number)
    after = create_app(Settings(database=str(engine.url)), clock=lambda: NOW + timedelta(hours=4))
    later = Browser(after, "facilitator", PASSWORD)
    assert later.client.get(f"/kasus/{key}").status_code == 404


@pytest.mark.parametrize("reason", ["darurat", "   ", "x" * 14])
def test_reason_must_be_one(engine: Engine, app: ASGIApp, reason: str) -> None:
    damar = Browser(app, "facilitator")
    _, number = hidden_case(engine, damar)
    assert asked(damar, number, reason) == 422
    with reading(engine) as session:
        assert session.scalars(select(Emergency)).all() == []


def test_missing_foreign_and_protected_cases_answer_alike(engine: Engine, app: ASGIApp) -> None:
    damar = Browser(app, "facilitator")
    _, number = hidden_case(engine, damar)
    with writing(engine) as session:
        session.scalars(select(Case).where(Case.number == number)).one().access = "protected"
        foreign = session.scalars(select(Case.number).where(~Case.area.startswith("18.10.03"))).first()
    pages = set()
    for each in (number, foreign or "", "ADU-000000-00000"):
        assert asked(damar, each) == 422
        page = damar.page.text.replace(each, "")
        pages.add(re.sub(r'(name="key" value|data-was)="[^"]+"', "", page))
    assert len(pages) == 1


@pytest.mark.parametrize("login", ["district-staff", "auditor"])
def test_who_sees_no_personal_data_may_not_ask(app: ASGIApp, login: str) -> None:
    browser = Browser(app, login, PASSWORD)
    assert browser.client.get("/akses-darurat").status_code == 403
    sent = {"key": "k" * 20, "number": "ADU-1", "reason": REASON}
    assert browser.post("/akses-darurat", sent).status_code == 403


def test_nobody_judges_their_own(engine: Engine, app: ASGIApp) -> None:
    manager = Browser(app, "manager")
    with writing(engine) as session:
        account = session.scalars(select(Account.id).where(Account.login == "manager")).one()
        case = cases_in(engine, HOME)[0]
        until = NOW + timedelta(hours=4)
        session.add(Emergency(account_id=account, case_id=case, reason=REASON, asked_at=NOW, until=until))
    assert "manajer lain" in manager.get("/akun/darurat").text
    assert manager.post("/akun/darurat/1", {"justified": "yes"}).status_code == 403
