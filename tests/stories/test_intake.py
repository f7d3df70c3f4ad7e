"""A complaint without scripts: messages, families, second cases, consent, how programmes stand, receipts."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, Browser

from portal import accounts
from portal.access import SYSTEM, Granted
from portal.database import reading, writing
from portal.duties.emptying import Emptying, empty_case
from portal.events import values_of
from portal.facts import today
from portal.releases import latest_id, live
from portal.schema import Schema
from portal.screening import effect, newest
from portal.tables import Case, Consent, Event

SUMARNI, NOBODY = "1810035408949901", "1810034101909970"
CARD = "1810031203189901"
NEW = {
    "who": "new",
    "name": "Wati Contoh",
    "nik": NOBODY,
    "birth_date": ("1", "1", "1990"),
    "sex": "female",
    "address": "Dusun II",
    "household__kk": "1810031203189970",
}
WHAT = {"program": "pbi-jk", "complaint": "kes-01", "description": "Belum punya jaminan."}
GOOD = "empat ekor bebek menyeberang"
MESSAGE = f"""Assalamualaikum
Nama: Wati Contoh
NIK: {NOBODY}
KK: 1810031203189970
HP: 0812-0000-9970
Alamat: Dusun II
Bantuan: PBI-JK
Keluhan: Hamil, belum punya JKN
Golongan darah: O"""


@pytest.fixture
def front(app: ASGIApp) -> Browser:
    browser = Browser(app, "front-office")
    browser.get("/aduan/baru")
    return browser


def neighbour(engine: Engine, app: ASGIApp) -> Browser:
    """A front office of another village."""
    with writing(engine) as session:
        accounts.create(
            session,
            login="tetangga",
            label="Nala Contoh",
            password=GOOD,
            grants=(Granted(role="front-office", area="18.10.03.2008"),),
            actor=SYSTEM,
            now=NOW,
            without_factor=True,
        )
    return Browser(app, "tetangga", GOOD)


def sent(browser: Browser, name: str) -> list[str]:
    return [value for key, value in browser.form("/aduan/baru").fields if key == name]


def text(browser: Browser) -> str:
    return " ".join(browser.seen.text)


def ask(browser: Browser, button: str, /, **typed: Any) -> str:
    browser.send("/aduan/baru", button, **typed)
    return text(browser)


def opened(engine: Engine, browser: Browser, /, **typed: Any) -> Case:
    browser.send("/aduan/baru", "save", **typed)
    assert browser.page.status_code == 303, text(browser)
    with reading(engine) as session:
        return session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def events(engine: Engine, case: int, kind: str) -> list[tuple[Event, dict[str, Any]]]:
    with reading(engine) as session:
        rows = session.scalars(
            select(Event).where(Event.subject == "case", Event.subject_id == case, Event.kind == kind)
        ).all()
        said = values_of(session, [row.id for row in rows])
        return [(row, dict(said.get(row.id, {}))) for row in rows]


def test_message_fills_the_form_and_nothing_of_it_is_lost(engine: Engine, front: Browser) -> None:
    said = ask(front, "paste", pasted=MESSAGE)
    assert "Golongan darah: O" in said
    assert (sent(front, "name"), sent(front, "nik"), sent(front, "who")) == (
        ["Wati Contoh"],
        [NOBODY],
        ["new"],
    )
    assert sent(front, "birth_date") == ["1", "1", "1990"]  # from the NIK
    assert (sent(front, "program"), sent(front, "channel")[-1]) == (["pbi-jk"], "whatsapp")
    case = opened(engine, front, complaint="kes-01")
    assert case.description.startswith("Hamil, belum punya JKN")
    assert "Assalamualaikum" in case.description
    assert "Golongan darah: O" in case.description
    assert case.channel == "whatsapp"


def test_message_finds_who_is_known_and_replaces_nothing(front: Browser) -> None:
    said = ask(front, "paste", pasted=f"NIK: {SUMARNI}\nKeluhan: baru", description="Sudah diketik.")
    assert "Warga sudah terdaftar: Sumarni" in said
    assert sent(front, "description") == ["Sudah diketik.\nbaru"]


def test_nik_that_says_otherwise_warns_and_does_not_block(engine: Engine, front: Browser) -> None:
    said = ask(front, "screen", **{**NEW, "birth_date": ("2", "1", "1990"), "sex": "male"})
    assert "Tanggal lahir tidak sama dengan NIK" in said
    assert "Menurut NIK, ini perempuan" in said
    assert "pertama kali diterbitkan di" in said
    opened(engine, front, **WHAT)
    assert front.page.headers["location"].endswith("notice=case-opened-nik")
    assert "cocokkan dengan KTP-el" in front.follow().text


def test_without_a_nik_the_reason_is_asked_and_kept(engine: Engine, front: Browser) -> None:
    said = ask(front, "save", **{**NEW, **WHAT, "nik": ""})
    assert front.page.status_code == 422
    assert "NIK kosong: pilih alasannya" in said
    assert opened(engine, front, without_nik="child").without_nik == "child"


def test_known_family_card_shows_its_family_and_is_joined(engine: Engine, front: Browser) -> None:
    said = ask(front, "screen", **{**NEW, "address": "", "household__kk": CARD})
    assert "KK ini sudah terdaftar: Keluarga" in said
    assert re.search(r"[1-9]\d* anggota tercatat", said)
    assert sent(front, "address") != [""]  # that of the family
    case = opened(engine, front, **WHAT)
    with reading(engine) as session:
        residents = live(session, latest_id(session) or 0).models.records["resident"]
        homes = {each.nik: each.household for each in session.scalars(select(residents))}
    assert homes[NOBODY] == homes[SUMARNI]
    assert case.resident_id


def test_new_family_card_makes_a_family_with_the_address(engine: Engine, front: Browser) -> None:
    assert "KK ini belum terdaftar" in ask(front, "screen", **NEW)
    opened(engine, front, **WHAT)
    with reading(engine) as session:
        homes = live(session, latest_id(session) or 0).models.records["household"]
        made = session.scalars(select(homes).where(homes.kk == NEW["household__kk"])).one()
    assert made.address == "Dusun II"


def test_family_of_another_village_is_not_shown(engine: Engine, app: ASGIApp) -> None:
    other = neighbour(engine, app)
    other.get("/aduan/baru")
    said = ask(other, "screen", **{**NEW, "household__kk": CARD})
    assert "KK ini sudah terdaftar" not in said


def test_second_case_for_the_same_service_needs_a_reason(engine: Engine, front: Browser) -> None:
    first = opened(engine, front, **NEW, **WHAT)
    front.get("/aduan/baru")
    said = ask(front, "find", words=NOBODY)
    assert "Lanjutkan kasus ini" in said
    assert f"/kasus/{first.id}" in front.seen.links
    said = ask(front, "save", **WHAT)
    assert front.page.status_code == 422
    assert "tulis alasan membuka kasus kedua" in said
    case = opened(engine, front, again="Kebutuhan lain: bayi baru lahir.")
    ((event, values),) = events(engine, case.id, "case-opened-again")
    assert event.data["number"] == first.number
    assert values["again"] == (None, "Kebutuhan lain: bayi baru lahir.")
    assert "Kebutuhan lain" not in str(event.data)  # what a person wrote can be erased
    front.get(f"/kasus/{case.id}")
    assert "Kebutuhan lain: bayi baru lahir." in text(front)


def test_second_case_for_another_service_needs_none(engine: Engine, front: Browser) -> None:
    opened(engine, front, **NEW, **WHAT)
    front.get("/aduan/baru")
    ask(front, "find", words=NOBODY)
    assert (
        opened(engine, front, program="kis", complaint="kes-04", description="Nama salah.").program == "kis"
    )


def test_reporter_is_apart_from_the_resident(engine: Engine, front: Browser) -> None:
    case = opened(engine, front, **NEW, **WHAT, reporter_name="Bu RT", reporter_phone="081200009902")
    assert (case.reporter, case.reporter_name) == ("other", "Bu RT")


def test_reporter_who_is_not_named_leaves_no_name(engine: Engine, front: Browser) -> None:
    said = ask(front, "save", **NEW, **WHAT, reporter="anonymous", reporter_name="Bu RT")
    assert front.page.status_code == 422
    assert "kosongkan nama dan telepon pelapor" in said
    case = opened(engine, front, reporter_name="")
    assert (case.reporter, case.reporter_name) == ("anonymous", None)
    assert "Tidak mau disebut namanya" in front.follow().text


def test_consent_and_its_refusal_are_kept(engine: Engine, front: Browser) -> None:
    said = ask(front, "save", **NEW, **WHAT, setuju__share="oral", setuju__photos="refused")
    assert "Persetujuan lisan memerlukan nama saksi" in said
    case = opened(engine, front, saksi="Ratna Contoh")
    with reading(engine) as session:
        rows = {
            row.purpose: row for row in session.scalars(select(Consent).where(Consent.case_id == case.id))
        }
    assert (rows["share"].how, rows["share"].witness, rows["share"].withdrawn_at) == (
        "oral",
        "Ratna Contoh",
        None,
    )
    assert rows["photos"].how == "refused"
    assert rows["photos"].withdrawn_at is not None
    assert len(events(engine, case.id, "consent-refused")) == 1


def test_programmes_say_what_is_missing_and_ask_it_right_there(front: Browser) -> None:
    said = ask(front, "screen", **NEW, **WHAT)
    assert "Petunjuk bagi petugas, bukan keputusan" in said
    assert "Perlu jawaban lagi" in said
    assert "Belum diketahui" in said
    assert sent(front, "tanya-registry--decile") == [""]
    assert "· perlu dibawa" in said


def test_answers_decide_with_the_data_and_where_to_go(front: Browser) -> None:
    ask(front, "screen", **NEW, **WHAT)
    said = ask(front, "screen", tanya__registry____decile="9", tanya__registry____result="registered")
    assert "Tidak sesuai: Desil DTSEN 1 sampai 5." in said
    assert "disebut warga di loket, 12 November 2026" in said
    assert "Jelaskan pilihan peserta mandiri" in said
    said = ask(front, "screen", tanya__registry____decile="2")
    assert "Tampaknya sesuai" in said
    assert "Tujuan: " in said


def test_programme_is_chosen_from_the_list(front: Browser) -> None:
    ask(front, "screen", **{**NEW, "complaint": "kes-01"})
    form = front.form("/aduan/baru")
    assert ("pick", "pbi-apbd") in form.buttons
    front.post(form.action, [*form.fields, ("pick", "pbi-apbd")])
    assert sent(front, "program") == ["pbi-apbd"]


def test_known_resident_is_screened_on_the_newest_register_check(front: Browser) -> None:
    said = ask(front, "find", words=SUMARNI)
    assert "DTSEN melalui SIKS-NG" in said
    assert "data warga" in said


def test_refreshing_answers_with_the_read_only_parts_alone(engine: Engine, front: Browser) -> None:
    form = front.form("/aduan/baru")
    page = front.post("/aduan/baru/periksa", [*form.fields, ("who", "new"), ("complaint", "kes-01")])
    assert page.status_code == 200
    assert page.text.count("data-part") == 3
    assert "<form" not in page.text
    with reading(engine) as session:
        assert session.scalar(select(Case.id).order_by(Case.id.desc()).limit(1)) is not None


def test_screening_is_kept_shown_and_erased(engine: Engine, front: Browser) -> None:
    ask(front, "screen", **NEW, **WHAT)
    said = {"tanya__registry____decile": "2", "tanya__registry____result": "registered"}
    case = opened(engine, front, **said)
    with reading(engine) as session:
        row = newest(session, case.id)
        assert row is not None
        assert row.answers["pbi-jk"] == "likely"
        assert {each["path"] for each in row.facts} >= {"registry.decile", "registry.result"}
        assert "resident.name" not in {each["path"] for each in row.facts}  # no rule looks at it
        assert row.release_id == latest_id(session)
    front.get(f"/kasus/{case.id}")
    assert "PBI-JK Tampaknya sesuai" in text(front)
    assert "disebut warga di loket" in text(front)
    with writing(engine) as session:
        current = live(session, latest_id(session) or 0)
        emptying = Emptying(session=session, live=current, actor=SYSTEM, now=NOW, erasure_id=None)
        empty_case(emptying, case.id)
    with reading(engine) as session:
        row = newest(session, case.id)
        assert row is not None
        assert (row.facts, row.answers) == ([], {})


def test_other_rules_are_counted_on_what_was_kept(engine: Engine, front: Browser) -> None:
    ask(front, "screen", **NEW, **WHAT)
    opened(engine, front, tanya__registry____decile="5", tanya__registry____result="registered")
    with reading(engine) as session:
        schema = live(session, latest_id(session) or 0).schema
        assert effect(session, schema).changed == 0
        stricter = schema.model_dump(mode="json")
        stricter["programs"]["pbi-jk"]["eligibility"]["decile"]["when"] = {"registry.decile": "1..4"}
        found = effect(session, Schema.model_validate(stricter))
    assert (found.changed, dict(found.programs)) == (1, {"pbi-jk": 1})
    assert found.looked_at >= 1


def test_save_and_next_begins_anew_with_number_and_receipt(engine: Engine, front: Browser) -> None:
    front.send("/aduan/baru", "save-next", **NEW, **WHAT)
    page = front.follow().text
    with reading(engine) as session:
        case = session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
    assert case.number in page
    assert sent(front, "name") == [""]
    assert f"/kasus/{case.id}/tanda-terima/80mm" in front.seen.links


def test_number_of_a_foreign_case_is_not_told(engine: Engine, app: ASGIApp) -> None:
    other = neighbour(engine, app)
    with reading(engine) as session:
        case = session.scalars(select(Case).where(Case.area == "18.10.03.2007").limit(1)).one()
    assert case.number not in other.get(f"/aduan/baru?tersimpan={case.id}").text
    assert other.get(f"/kasus/{case.id}/tanda-terima/a6").status_code == 404


@pytest.mark.parametrize(("size", "width"), [("a6", 105), ("80mm", 80)])
def test_receipt_is_one_page_of_its_size_and_the_size_is_remembered(
    engine: Engine, front: Browser, size: str, width: int
) -> None:
    case = opened(engine, front, **NEW, **WHAT)
    answer = front.client.get(f"/kasus/{case.id}/tanda-terima/{size}")
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    assert round(float(page.mediabox.width) / 72 * 25.4) == width
    assert case.number in page.extract_text()
    front.get(f"/kasus/{case.id}")
    links = [link for link in front.seen.links if "tanda-terima" in link]
    assert links[0].endswith(size)


def test_day_of_a_screening_is_that_of_the_office(engine: Engine, front: Browser) -> None:
    case = opened(engine, front, **NEW, **WHAT)
    with reading(engine) as session:
        row, schema = newest(session, case.id), live(session, latest_id(session) or 0).schema
        assert row is not None
        assert row.day == today(schema, NOW)
