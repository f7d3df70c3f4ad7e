"""A deputy holds a role between two dates, and by itself no longer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from small import NOW
from sqlalchemy import Engine, select

from portal import accounts
from portal.access import SYSTEM, Granted
from portal.accounts import deputies, sessions
from portal.accounts.deputies import WrongDates
from portal.admin.screen import role_label
from portal.database import reading, writing
from portal.events import broken
from portal.load import load
from portal.tables import Account, Base, Event, Grant

PASSWORD = "pintu-terbuka-2026"
DAY = timedelta(days=1)
OWN = Granted(role="secretariat")
ACTING = Granted(role="manager", acting="plh")


@pytest.fixture
def office(any_engine: Engine) -> Engine:
    with writing(any_engine) as session:
        Base.metadata.create_all(session.connection())
        for login, grants in (("bayu", (OWN,)), ("laras", (Granted(role="manager"),))):
            accounts.create(
                session, login=login, label=login, password=PASSWORD, grants=grants, actor=SYSTEM, now=NOW
            )
    return any_engine


def deputed(engine: Engine, since: timedelta = DAY, until: timedelta = 8 * DAY) -> None:
    with writing(engine) as session:
        bayu, laras = session.get_one(Account, 1), session.get_one(Account, 2)
        dates = {"since": NOW + since, "until": NOW + until}
        deputies.depute(session, bayu, ACTING, stands_in_for=laras, actor=SYSTEM, now=NOW, **dates)


def held(engine: Engine, after: timedelta) -> tuple[Granted, ...]:
    with reading(engine) as session:
        return accounts.grants_of(session, 1, NOW + after)


def test_deputy_begins_and_ends_by_itself(office: Engine) -> None:
    deputed(office)
    second = timedelta(seconds=1)
    for after, roles in ((DAY - second, (OWN,)), (DAY, (OWN, ACTING)), (8 * DAY - second, (OWN, ACTING))):
        assert held(office, after) == roles
    assert held(office, 8 * DAY) == (OWN,)


def test_visitor_acts_as_deputy_while_it_lasts(office: Engine) -> None:
    deputed(office, since=timedelta(0), until=timedelta(minutes=10))
    with writing(office) as session:
        token = sessions.begin(session, session.get_one(Account, 1), NOW)
    with reading(office) as session:
        now, later = (accounts.visitor(session, token, NOW + timedelta(minutes=m)) for m in (5, 11))
    assert now is not None
    assert later is not None
    assert (ACTING in now[0].actor.grants, ACTING in later[0].actor.grants) == (True, False)


@pytest.mark.parametrize(("since", "until"), [(DAY, DAY), (2 * DAY, DAY), (-2 * DAY, -DAY)])
def test_dates_without_time_are_refused(office: Engine, since: timedelta, until: timedelta) -> None:
    with pytest.raises(WrongDates):
        deputed(office, since, until)


def test_dismissal_ends_it_and_the_sessions(office: Engine) -> None:
    deputed(office, since=timedelta(0))
    with writing(office) as session:
        token = sessions.begin(session, session.get_one(Account, 1), NOW)
        grant = session.scalars(select(Grant).where(Grant.acting != "")).one()
        deputies.dismiss(session, grant, actor=SYSTEM, now=NOW)
    assert held(office, timedelta(0)) == (OWN,)
    with reading(office) as session:
        assert accounts.visitor(session, token, NOW) is None
        assert broken(session) is None
        kinds = session.scalars(select(Event.kind).order_by(Event.id)).all()
    assert kinds[-3:] == ["deputy-appointed", "logged-in", "deputy-dismissed"]


def test_changing_lasting_roles_leaves_the_deputy(office: Engine) -> None:
    deputed(office, since=timedelta(0))
    fresh = (Granted(role="back-office", area="18.10.03.2007"),)
    with writing(office) as session:
        assert accounts.set_grants(session, session.get_one(Account, 1), fresh, actor=SYSTEM, now=NOW)
        assert not accounts.set_grants(session, session.get_one(Account, 1), fresh, actor=SYSTEM, now=NOW)
    assert set(held(office, timedelta(0))) == {*fresh, ACTING}


def test_screen_says_plh_before_the_role() -> None:
    loaded = load(Path("schema")).schema
    assert loaded is not None
    assert role_label(loaded, ACTING) == f"Plh. {loaded.roles['manager'].label}"
