"""Changing the rules in the studio: a draft, its plan, putting it in force, and going back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from worked import Browser, Clock, demo_engine

from portal.app import create_app
from portal.database import reading
from portal.releases import latest_id, live
from portal.releasing import carry_out, due
from portal.settings import Settings
from portal.tables import Event, Release, RuleDraft

SOP = "schema/sop.yaml"
TEXT = f"/atur/naskah?berkas={SOP.replace('/', '%2F')}"
OLD, NEW = "within: 5 working days", "within: 6 working days"


@dataclass(frozen=True, kw_only=True)
class Office:
    """A demonstration with its clock."""

    engine: Engine
    clock: Clock

    def browser(self, login: str) -> Browser:
        return Browser(create_app(Settings(database=str(self.engine.url)), clock=self.clock), login)

    def draft(self) -> RuleDraft:
        with reading(self.engine) as session:
            found = session.scalars(select(RuleDraft).order_by(RuleDraft.id.desc())).first()
            assert found is not None
            session.expunge(found)
            return found

    def publish(self) -> list[int | None]:
        keys = due(self.engine, self.clock())
        done = [carry_out(self.engine, key, self.clock()) for key in keys]
        return [each.release_id if each else None for each in done]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    engine = demo_engine(tmp_path)
    yield Office(engine=engine, clock=Clock())
    engine.dispose()


def text_of(browser: Browser, url: str = TEXT) -> tuple[str, str]:
    """Returns the text of a file as its page shows it, and the version of the draft."""
    browser.get(url)
    form = next(form for form in browser.seen.forms if form.action.startswith("/atur/naskah"))
    fields = dict(form.fields)
    return fields["text"], fields["version"]


def changed(browser: Browser, old: str = OLD, new: str = NEW) -> str:
    """Saves the first occurrence of a text as another one, and returns the whole text."""
    text, version = text_of(browser)
    assert old in text
    text = text.replace(old, new, 1)
    answer = browser.post(TEXT, {"version": version, "text": text})
    assert answer.status_code == 303, answer.text
    return text


def asked(browser: Browser, **said: str) -> str:
    """Asks that one's draft be put in force and returns the page that this leads to."""
    browser.get("/atur/rencana")
    form = next(form for form in browser.seen.forms if form.action == "/atur/rencana")
    fields = {**dict(form.fields), "alasan": "Hasil rapat evaluasi", **said}
    answer = browser.post("/atur/rencana", fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_manager_changes_a_limit_and_publishes(office: Office) -> None:
    manager = office.browser("manager")
    changed(manager)
    assert "6 working days" in manager.get("/atur/rencana").text
    page = asked(manager)
    assert office.publish() == [2]
    assert "/rilis/2" in manager.get(page).text
    assert "Hasil rapat evaluasi" in manager.get("/rilis/2").text
    with reading(office.engine) as session:
        newest = session.get_one(Release, 2)
        assert newest.sources["sop.yaml"].count(NEW) == 1 + session.get_one(Release, 1).sources[
            "sop.yaml"
        ].count(NEW)
        assert (
            newest.applied_by == session.scalars(select(Event.actor).where(Event.kind == "rules-asked")).one()
        )


def test_draft_changes_nothing_until_it_is_published(office: Office) -> None:
    staff = office.browser("district-staff")
    changed(staff)
    with reading(office.engine) as session:
        assert latest_id(session) == 1
    assert SOP in staff.get("/atur").text
    assert "Sedang diubah" in office.browser("manager").get("/atur").text


def test_staff_ask_and_the_manager_approves(office: Office) -> None:
    staff, manager = office.browser("district-staff"), office.browser("manager")
    changed(staff)
    page = asked(staff)
    assert office.publish() == []
    assert staff.post(f"{page}/setuju", {"versi": "3"}).status_code == 403
    manager.get(page)
    form = next(form for form in manager.seen.forms if form.action.endswith("/setuju"))
    assert manager.post(form.action, dict(form.fields)).status_code == 303
    assert office.publish() == [2]


def test_manager_sends_a_draft_back_with_the_reason(office: Office) -> None:
    staff, manager = office.browser("district-staff"), office.browser("manager")
    changed(staff)
    page = asked(staff)
    manager.post(f"{page}/kembali", {"alasan": "Belum dibahas"})
    assert "Belum dibahas" in staff.get("/atur").text
    assert NEW in text_of(staff)[0]
    assert office.publish() == []


def test_draft_waits_for_its_day(office: Office) -> None:
    manager = office.browser("manager")
    changed(manager)
    manager.get("/atur/rencana")
    form = dict(next(form for form in manager.seen.forms if form.action == "/atur/rencana").fields)
    said = [*((name, value) for name, value in form.items() if name not in ("alasan", "berlaku"))]
    said += [("alasan", "Mulai tahun depan"), ("berlaku", "1"), ("berlaku", "1"), ("berlaku", "2027")]
    assert manager.post("/atur/rencana", said).status_code == 303
    assert office.publish() == []
    office.clock.wait(days=60)
    assert office.publish() == [2]


def test_a_limit_that_scenarios_count_on_takes_their_days_along(office: Office) -> None:
    manager = office.browser("manager")
    changed(manager, "total_within: 30 working days", "total_within: 31 working days")
    manager.get("/atur/rencana")
    fields = {**dict(manager.form("/atur/rencana").fields), "alasan": "Permensos baru"}
    answer = manager.post("/atur/rencana", fields)
    assert answer.status_code == 409
    assert "2026-12-15" in answer.text
    assert "Permensos baru" in answer.text
    button = next(each for each in manager.form("/atur/rencana").buttons if each[0] == "sesuaikan")
    answer = manager.post("/atur/rencana", {**dict(manager.form("/atur/rencana").fields), **dict([button])})
    assert answer.status_code == 303
    assert set(office.draft().files) == {SOP, "schema/scenarios.yaml"}
    assert office.publish() == [2]


def test_a_case_that_goes_another_way_is_for_people_to_look_at(office: Office) -> None:
    manager = office.browser("manager")
    changed(
        manager,
        "{when: {registry.jkn: pbi-active}, go: outcome,",
        "{when: {registry.jkn: pbi-active}, go: identity,",
    )
    manager.get("/atur/rencana")
    fields = {**dict(manager.form("/atur/rencana").fields), "alasan": "Uji"}
    answer = manager.post("/atur/rencana", fields)
    assert answer.status_code == 409
    assert "menempuh jalan lain" in answer.text
    assert "sesuaikan" not in answer.text.replace("Perbaiki", "")
    assert office.draft().status == "open"


def test_a_day_that_is_over_is_refused(office: Office) -> None:
    manager = office.browser("manager")
    changed(manager)
    manager.get("/atur/rencana")
    form = dict(next(form for form in manager.seen.forms if form.action == "/atur/rencana").fields)
    said = [*((name, value) for name, value in form.items() if name not in ("alasan", "berlaku"))]
    said += [("alasan", "Terlambat"), ("berlaku", "1"), ("berlaku", "1"), ("berlaku", "2020")]
    answer = manager.post("/atur/rencana", said)
    assert answer.status_code == 422
    assert "sudah lewat" in answer.text


def test_mistakes_are_told_with_their_line_and_nothing_can_be_published(office: Office) -> None:
    manager = office.browser("manager")
    text = changed(manager, "role: front-office", "role: front-ofice")
    line = text[: text.index("front-ofice")].count("\n") + 1
    said = manager.get("/atur/rencana").text
    assert f"#baris-{line}" in said
    assert "Terbitkan</button>" not in said
    assert office.draft().status == "open"


def test_two_windows_do_not_overwrite_each_other(office: Office) -> None:
    manager = office.browser("manager")
    text, version = text_of(manager)
    manager.post(TEXT, {"version": version, "text": text.replace(OLD, NEW, 1)})
    answer = manager.post(TEXT, {"version": version, "text": f"# lain\n{text}"})
    assert answer.status_code == 409
    assert "# lain" in answer.text
    assert office.draft().files[SOP].count(NEW) > text.count(NEW)


def test_a_draft_over_an_older_release_is_merged_with_the_newest(office: Office) -> None:
    staff, manager = office.browser("district-staff"), office.browser("manager")
    changed(staff, "label: Pendaftaran", "label: Pendaftaran warga")
    changed(manager)
    asked(manager)
    assert office.publish() == [2]
    assert "Aturan sudah berubah" in staff.get("/atur/rencana").text
    staff.get("/atur/gabung")
    assert staff.send("/atur/gabung").headers["location"].startswith("/atur/rencana")
    text, _ = text_of(staff)
    assert "label: Pendaftaran warga" in text
    assert NEW in text
    said = staff.get("/atur/rencana").text
    assert "Pendaftaran warga" in said
    assert "6 working days" not in said


def test_what_both_changed_is_decided_by_people(office: Office) -> None:
    staff, manager = office.browser("district-staff"), office.browser("manager")
    changed(staff, OLD, "within: 9 working days")
    changed(manager)
    asked(manager)
    office.publish()
    staff.get("/atur/gabung")
    assert staff.send("/atur/gabung").status_code == 422
    form = staff.form("/atur/gabung")
    name = next(each for each in form.names if each.startswith("pilih-"))
    assert staff.post("/atur/gabung", [*form.fields, (name, "mine")]).status_code == 303
    assert "within: 9 working days" in text_of(staff)[0]


def test_a_text_that_is_saved_already_is_no_conflict(office: Office) -> None:
    manager = office.browser("manager")
    text, version = text_of(manager)
    said = {"version": version, "text": text.replace(OLD, NEW, 1)}
    saved = manager.post("/atur/simpan", {"file": SOP, **said})
    assert saved.json()["version"] == office.draft().version
    answer = manager.post(TEXT, {**said, "lanjut": "rencana"})
    assert answer.headers["location"] == "/atur/rencana"
    assert manager.post("/atur/simpan", {"file": SOP, "version": version, "text": text}).status_code == 409


def test_what_is_typed_is_checked_and_not_saved(office: Office) -> None:
    manager = office.browser("manager")
    text, _ = text_of(manager)
    said = manager.post(
        "/atur/periksa", {"file": SOP, "text": text.replace("front-office", "front-ofice", 1)}
    )
    (found,) = said.json()["problems"]
    assert found["file"] == SOP
    assert found["fixes"][0]["insert"] == "front-office"
    assert "Belum ada perubahan" in manager.get("/atur").text


def test_going_back_is_a_new_release(office: Office) -> None:
    manager = office.browser("manager")
    changed(manager)
    asked(manager)
    office.publish()
    manager.get("/rilis/1")
    form = next(form for form in manager.seen.forms if form.action == "/rilis/1/kembalikan")
    assert manager.post(form.action, dict(form.fields)).headers["location"] == "/atur/rencana"
    asked(manager)
    assert office.publish() == [3]
    with reading(office.engine) as session:
        one, three = session.get_one(Release, 1), session.get_one(Release, 3)
        assert one.sources == three.sources
        assert live(session, 3).schema == live(session, 1).schema


def test_what_was_published_twice_is_one_release(office: Office) -> None:
    manager = office.browser("manager")
    changed(manager)
    asked(manager)
    key = office.draft().id
    assert carry_out(office.engine, key, office.clock()) is not None
    assert carry_out(office.engine, key, office.clock()) is None
    with reading(office.engine) as session:
        assert latest_id(session) == 2


@pytest.mark.parametrize("login", ["front-office", "auditor", "supervisor"])
def test_others_see_nothing_of_it(office: Office, login: str) -> None:
    browser = office.browser(login)
    assert browser.get("/atur").status_code == 403
    assert browser.get(TEXT).status_code == 403
    assert browser.post(TEXT, {"version": "0", "text": "a"}).status_code == 403
