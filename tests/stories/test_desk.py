"""What the desk says and fills in without scripts: who is known, what a NIK tells, who carries a case on."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, Browser, case_of

from portal import accounts
from portal.access import SYSTEM
from portal.database import writing
from portal.tables import Account, Case, Task

SUMARNI = "1810035408949901"
NOBODY = "1810035408949976"


def sent(browser: Browser, name: str) -> list[str]:
    """What the form of a new complaint would send under a name."""
    return [value for key, value in browser.form("/aduan/baru").fields if key == name]


@pytest.fixture
def front(app: ASGIApp) -> Browser:
    browser = Browser(app, "front-office")
    browser.get("/aduan/baru")
    return browser


def text(browser: Browser) -> str:
    return " ".join(browser.seen.text)


def test_nik_of_somebody_new_fills_in_birth_date_and_sex(front: Browser) -> None:
    front.send("/aduan/baru", "find", words=NOBODY)
    assert sent(front, "nik") == [NOBODY]
    assert sent(front, "birth_date") == ["14", "8", "1994"]
    assert sent(front, "sex")[-1] == "female"
    assert sent(front, "who") == ["new"]
    assert "Cocokkan dengan KTP-el" in text(front)


def test_what_was_typed_is_not_replaced_by_the_nik(front: Browser) -> None:
    front.send("/aduan/baru", "find", words=NOBODY, birth_date=["1", "2", "1990"], sex="male")
    assert sent(front, "birth_date") == ["1", "2", "1990"]
    assert sent(front, "sex")[-1] == "male"


def test_nik_chooses_its_holder(front: Browser) -> None:
    front.send("/aduan/baru", "find", words=SUMARNI)
    assert "Warga sudah terdaftar: Sumarni" in text(front)
    assert len(sent(front, "who")) == 1


def test_name_or_family_card_chooses_nobody(front: Browser) -> None:
    for words in ("Sumarni", "1810031203189901"):
        front.send("/aduan/baru", "find", words=words)
        assert "Pilih orangnya" in text(front), words
        assert sent(front, "who") == [], words


def test_new_search_takes_back_who_was_chosen(front: Browser) -> None:
    front.send("/aduan/baru", "find", words=SUMARNI)
    front.send("/aduan/baru", "find", words=NOBODY)
    assert sent(front, "who") == ["new"]
    assert "Sumarni" not in text(front)


def test_complaint_of_another_programme_is_refused_with_those_that_fit(front: Browser) -> None:
    said = {"who": "anonymous", "description": "Tidak menerima", "program": "pbi-jk", "complaint": "dik-01"}
    front.send("/aduan/baru", "save", **said)
    assert front.page.status_code == 422
    assert "Keluhan itu bukan untuk PBI-JK. Yang sesuai: Belum punya JKN-KIS" in text(front)


def test_chosen_programme_puts_its_complaints_and_papers_first(front: Browser) -> None:
    front.send("/aduan/baru", "find", words="", program="pbi-jk")
    page = front.page.text
    assert page.index('label="Untuk PBI-JK"') < page.index('value="kes-01"') < page.index('value="sos-01"')
    assert page.index('data-paper="facility-letter"') < page.index("<summary>Berkas lain")


def test_case_says_who_carries_it_on(engine: Engine, app: ASGIApp) -> None:
    front, case = Browser(app, "front-office"), open_case(engine)
    front.get(f"/kasus/{case}")
    assert "Langkah ini dikerjakan oleh Petugas Back Office / Koordinator Puskesos: " in text(front)
    assert "Ratna Contoh" in text(front)


def test_case_that_nobody_can_carry_on_says_so(engine: Engine, app: ASGIApp) -> None:
    case = open_case(engine)
    with writing(engine) as session:
        for login in ("back-office", "secretariat"):
            account = session.scalars(select(Account).where(Account.login == login)).one()
            accounts.disable(session, account, actor=SYSTEM, now=NOW)
    front = Browser(app, "front-office")
    front.get(f"/kasus/{case}")
    assert "Tidak ada yang dapat melanjutkan kasus ini: tidak ada akun aktif" in text(front)


def test_closed_case_says_where_to_go_on(engine: Engine, app: ASGIApp) -> None:
    front, case = Browser(app, "front-office"), case_of(engine, "1")
    front.get(f"/kasus/{case}")
    assert "Kasus yang selesai tidak dapat diubah." in text(front)
    assert any(link.startswith("/aduan/baru?warga=") for link in front.seen.links)


def open_case(engine: Engine) -> int:
    """A case of the village that waits for its back office."""
    with writing(engine) as session:
        waits = select(Case.id).join(Task, Task.case_id == Case.id)
        here = (Case.area == "18.10.03.2007", Task.role == "back-office", Task.status == "open")
        return session.scalars(waits.where(*here).order_by(Case.id)).first() or 0
