"""Consent and its withdrawal, correction, the breach report with its clock, and unusual access."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from casework import HERE, REFER, Office, copied
from pypdf import PdfReader
from small import NOW
from test_retention import KEEPER, kept

from portal.access import Forbidden
from portal.cases import Refused
from portal.database import reading, writing
from portal.duties import breach, consent, correction
from portal.duties.unusual import Look, looks_of_events, unusual, worked_on
from portal.events import record
from portal.facts import calendar
from portal.releases import Live
from portal.tables import Breach, Correction

CHARITY = {**REFER, "destination": "charity", "consent": True}
PURPOSES = {"share": {"label": "Meneruskan data", "covers": "sharing", "withdrawal": "Tidak diteruskan."}}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return copied(tmp_path)


def asking(office: Office) -> Live:
    """Returns the office's Release with a purpose that asks for consent."""
    live = kept(office.live)
    said = live.schema.model_dump(mode="json")
    said["office"]["purposes"] = PURPOSES
    parts = {name: getattr(live, name) for name in ("release_id", "models", "templates", "sop_versions")}
    return Live(schema=live.schema.model_validate(said), **parts)


def given(office: Office, live: Live, **more: object) -> int:
    with writing(office.engine) as session:
        said = {"resident": 1, "purpose": "share", "how": "signed", **more}
        return consent.give(session, live, actor=KEEPER, now=NOW, **said).id  # type: ignore[arg-type]


def standing(office: Office, live: Live, destination: str = "charity") -> str:
    with reading(office.engine) as session:
        return consent.may_share(session, live, 1, destination)


def test_newest_word_about_consent_counts(office: Office) -> None:
    live = asking(office)
    assert standing(office, live) == "none"
    first = given(office, live)
    assert standing(office, live) == "given"
    with writing(office.engine) as session:
        consent.withdraw(session, live, first, "Tidak mau lagi", actor=KEEPER, now=NOW)
    assert standing(office, live) == "withdrawn"
    given(office, live, recipient="charity")
    assert (standing(office, live), standing(office, live, "dinsos")) == ("given", "withdrawn")


def test_oral_consent_needs_a_witness(office: Office) -> None:
    live = asking(office)
    with pytest.raises(consent.ConsentRefused, match="witness"):
        given(office, live, how="oral", witness=" ")
    assert given(office, live, how="oral", witness="Ketua RT Contoh")


@pytest.mark.parametrize("wrong", [{"purpose": "none"}, {"recipient": "nowhere"}])
def test_consent_to_the_unknown_is_refused(office: Office, wrong: dict[str, str]) -> None:
    with pytest.raises(consent.ConsentRefused):
        given(office, asking(office), **wrong)


def test_referral_notes_the_consent_and_stops_at_a_withdrawal(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = asking(office)
    monkeypatch.setattr(Office, "live", live)
    case, second = office.to_referral(), office.to_referral()
    office.do(case, "officer", CHARITY)
    with reading(office.engine) as session:
        (noted,) = consent.consents_of(session, 1)
    assert (noted.how, noted.case_id, noted.recipient) == ("step", case, "charity")
    with writing(office.engine) as session:
        consent.withdraw(session, live, noted.id, "", actor=KEEPER, now=NOW)
    with pytest.raises(Refused) as why:
        office.do(second, "officer", CHARITY)
    assert why.value.problems == {"consent": "referral-consent-withdrawn"}


def asked(office: Office) -> int:
    with writing(office.engine) as session:
        row = correction.ask(
            session, office.live, resident=1, wanted="Nama salah", evidence="KTP", actor=KEEPER, now=NOW
        )
        assert row.due_at == NOW + timedelta(hours=72)
        return row.id


def answered(office: Office, key: int, *, done: bool, said: str = "Sudah") -> str:
    with writing(office.engine) as session:
        row = correction.answer(session, office.live, key, done=done, said=said, actor=KEEPER, now=NOW)
        return row.status


def test_correction_is_done_by_an_edit(office: Office) -> None:
    key = asked(office)
    with pytest.raises(correction.CorrectionRefused, match="not-edited"):
        answered(office, key, done=True)
    with writing(office.engine) as session:
        changed = record(
            session, actor=KEEPER, now=NOW, kind="record-changed", subject="resident", subject_id=1
        )
        edit = changed.id
    assert answered(office, key, done=True) == "done"
    with reading(office.engine) as session:
        assert correction.open_corrections(session) == ()
        assert session.get_one(Correction, key).event_id == edit


def test_correction_is_refused_with_a_reason_and_once(office: Office) -> None:
    key = asked(office)
    with pytest.raises(correction.CorrectionRefused, match="answer-missing"):
        answered(office, key, done=False, said=" ")
    assert answered(office, key, done=False, said="Sesuai KTP") == "refused"
    with pytest.raises(correction.CorrectionRefused, match="answered"):
        answered(office, key, done=False)


def told(**more: object) -> breach.Told:
    usual = {"noticed_at": NOW, "what": "NIK", "how": "Akun dipakai orang lain", "measures": "Akun ditutup"}
    return breach.Told(**{**usual, "contact": "PPDP, 0725-000000", **more})  # type: ignore[arg-type]


def reported(office: Office, said: breach.Told, looks: tuple[Look, ...] = ()) -> Breach:
    with writing(office.engine) as session:
        return breach.report(session, kept(office.live), said, looks, actor=KEEPER, now=NOW)


def test_breach_counts_whose_data_an_account_saw(office: Office) -> None:
    looks = (
        Look(at=NOW, account=2, subjects=(1,), page="record"),
        Look(at=NOW, account=2, subjects=(1,), page="record"),
        Look(at=NOW, account=3, subjects=(1,), page="record"),
        Look(at=NOW - timedelta(days=9), account=2, subjects=(1,), page="record"),
    )
    assert reported(office, told(account=2, since=NOW - timedelta(days=1)), looks).whose == {HERE: 1}
    assert reported(office, told(account=5), looks).whose == {}


def test_breach_has_72_hours(office: Office) -> None:
    row = reported(office, told())
    assert row.due_at - row.noticed_at == timedelta(hours=72)
    assert breach.time_left(row, NOW + timedelta(hours=25)) == "tersisa 1 hari 23 jam 0 menit"
    assert breach.time_left(row, NOW + timedelta(hours=73, minutes=5)) == "terlewat 0 hari 1 jam 5 menit"


def test_breach_without_what_the_law_asks_is_refused(office: Office) -> None:
    with pytest.raises(breach.BreachRefused) as why:
        reported(office, told(how=" ", contact="", noticed_at=NOW + timedelta(hours=1)))
    assert why.value.fields == ("how", "contact", "noticed_at")


def test_breach_is_reported_by_who_answers_for_data(office: Office) -> None:
    with pytest.raises(Forbidden), writing(office.engine) as session:
        breach.report(session, office.live, told(), (), actor=KEEPER, now=NOW)


def test_breach_is_closed_when_both_were_told(office: Office) -> None:
    key, live = reported(office, told()).id, kept(office.live)
    with writing(office.engine) as session:
        assert breach.told_to(session, live, key, "authority", actor=KEEPER, now=NOW).status == "open"
        assert breach.told_to(session, live, key, "person", actor=KEEPER, now=NOW).status == "closed"


@pytest.mark.parametrize("whom", ["authority", "person"])
def test_notice_says_what_the_law_asks(office: Office, whom: breach.Notice, tmp_path: Path) -> None:
    row = reported(office, told(whose={HERE: 3}))
    printed = breach.notice(office.live, row, whom)
    (tmp_path / "notice.pdf").write_bytes(printed.data)
    text = " ".join(page.extract_text() for page in PdfReader(tmp_path / "notice.pdf").pages)
    assert all(each in text for each in ("NIK", "Akun dipakai orang lain", "Akun ditutup", "Pasal 46"))
    assert (printed.pages, printed.missing, printed.warnings) == (1, "", ())


def looks(count: int, at: datetime = NOW, page: str = "record", start: int = 0) -> list[Look]:
    return [Look(at=at, account=1, subjects=(start + each,), page=page) for each in range(count)]


def found(office: Office, some: list[Look], cases: tuple[tuple[int, int], ...] = ()) -> list[tuple[str, int]]:
    return [(each.rule, each.people) for each in unusual(some, calendar(office.live.schema), cases)]


def test_very_many_people_in_a_day_are_unusual(office: Office) -> None:
    assert found(office, looks(30)) == []
    assert found(office, looks(31)) == [("many", 31)]


def test_who_sees_many_people_every_day_is_measured_by_that(office: Office) -> None:
    days = [look for day in range(1, 5) for look in looks(25, NOW - timedelta(days=7 * day))]
    assert found(office, [*days, *looks(60)]) == []
    assert found(office, [*days, *looks(80)]) == [("many", 80)]


def test_closed_hours_are_unusual_but_not_finishing_ones_work(office: Office) -> None:
    night, late = NOW + timedelta(hours=12), NOW + timedelta(hours=7, minutes=30)
    assert found(office, looks(4, night)) == []
    assert found(office, looks(6, late)) == []
    assert found(office, looks(5, night)) == [("closed", 5)]


def test_searches_without_a_case_are_unusual(office: Office) -> None:
    assert found(office, looks(10, page="search")) == [("searches", 10)]
    assert found(office, looks(10, page="search"), ((1, 0),)) == []


def test_emergency_access_is_always_named(office: Office) -> None:
    assert found(office, looks(1, page="break-glass")) == [("break-glass", 1)]


def test_events_tell_of_accesses(office: Office) -> None:
    office.open(papers={})
    with reading(office.engine) as session:
        (look,) = looks_of_events(session, office.live, NOW - timedelta(days=1))
        assert worked_on(session) == {(1, 1)}
    assert (look.account, look.subjects, look.page) == (1, (1,), "case")
