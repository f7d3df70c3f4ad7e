"""Erasing: two people, what is refused, what stays of a row, and that no file holds anything of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from casework import ACCEPTED, END, HERE, REFER, Office, copied, furnish
from small import NOW
from sqlalchemy import Engine, insert, select, text, update
from test_retention import KEEPER, LATER, closed, kept

from portal import events
from portal.access import Actor, Forbidden, Granted
from portal.backup import backup
from portal.database import engine_of, reading, writing
from portal.duties.emptying import mark_of
from portal.duties.erasure import Done, NotErasable, Wanted, approve, person, propose, refuse, refuse_request
from portal.duties.replay import (
    Line,
    NotAList,
    dump,
    lines,
    old_backups,
    read_list,
    remake,
    replay,
    write_list,
)  # fmt: skip
from portal.duties.sweeping import count_traces, files_of, sweep
from portal.letters import pdf_of
from portal.press import Printed
from portal.tables import CaseDocument, Erasure, Event, IssuedLetter

SECOND = Actor(account_id=2, label="Ratna Contoh", grants=(Granted(role="keeper", area=""),))
NIK, NAME, PHONE = "1810035708890002", "Siti Contoh", "081299887766"
TOLD = "Suaminya berhenti bekerja di pabrik"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return copied(tmp_path)


@pytest.fixture(params=["engine", pytest.param("postgres_engine", marks=pytest.mark.postgres)])
def any_office(request: pytest.FixtureRequest) -> Office:
    engine: Engine = request.getfixturevalue(request.param)
    return furnish(engine)


def referred(office: Office) -> int:
    """Carries a case with everything that can hold personal data to its end."""
    case = office.to_referral(
        description=TOLD, reporter_name="Tetangga Contoh", reporter_phone=PHONE, reporter_relation="Tetangga"
    )
    office.do(case, "officer", {**REFER, "request": TOLD})
    office.do(case, "officer", ACCEPTED)
    office.do(case, "clerk", END)
    with writing(office.engine) as session:
        session.execute(update(CaseDocument).values(note=TOLD))
        model = office.live.models.records["visit"]
        stamps = {"created_at": NOW, "created_by": 1, "changed_at": NOW, "changed_by": 1}
        session.execute(insert(model).values(resident=1, findings=TOLD, area=HERE, **stamps))
    return case


def erase(office: Office, wanted: Wanted, now: Any = LATER) -> Done:
    """Proposes as one keeper, approves as another, and sweeps."""
    live = kept(office.live)
    with writing(office.engine) as session:
        proposed = propose(session, live, wanted, actor=KEEPER, now=now).id
    with writing(office.engine) as session:
        return approve(session, live, proposed, actor=SECOND, now=now)


def everything(office: Office, case: int) -> Wanted:
    return Wanted(ground="retention", reason="Waktu simpan habis", cases=(case,), residents=(1,))


def said(engine: Engine) -> str:
    """Returns every value of every table as text."""
    with engine.connect() as connection:
        tables = office_tables(connection.dialect.name)
        names = connection.scalars(text(tables)).all()
        return "\n".join(str(row) for n in names for row in connection.execute(text(f'SELECT * FROM "{n}"')))


def office_tables(dialect: str) -> str:
    if dialect == "sqlite":
        return "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_words%'"
    return "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


def test_erasure_leaves_nothing_of_a_person_in_any_table(any_office: Office) -> None:
    case = referred(any_office)
    before = said(any_office.engine)
    assert all(each in before for each in (NIK, NAME, PHONE, TOLD))
    erase(any_office, everything(any_office, case))
    after = said(any_office.engine)
    assert [each for each in (NIK, NAME, PHONE, TOLD, "Tetangga") if each in after] == []
    assert sweep(any_office.engine, {NIK, PHONE}).clean


def test_erasure_leaves_nothing_in_any_file(office: Office) -> None:
    case = referred(office)
    with reading(office.engine) as session:
        letter = session.scalars(select(IssuedLetter.id).where(IssuedLetter.case_id == case)).first()
    original = pdf_of(office.engine, letter or 0)
    database = Path(str(office.engine.url.database))
    sought = (NIK, NAME, PHONE, TOLD)
    assert count_traces(files_of(database), sought) == 4
    done = erase(office, everything(office, case))
    assert done.traces == {NIK, PHONE}
    assert sweep(office.engine, done.traces).clean
    assert count_traces(files_of(database), sought) == 0
    middle = original[len(original) // 2 :][:64]
    assert all(middle not in file.read_bytes() for file in files_of(database))


def test_word_index_forgets_the_name(office: Office) -> None:
    case = referred(office)
    with writing(office.engine) as session:
        session.execute(update(office.live.models.records["resident"]).values(name="Qxzwqvkj Contoh"))
    erase(office, everything(office, case))
    sweep(office.engine)
    with office.engine.connect() as connection:
        connection.execute(
            text("CREATE VIRTUAL TABLE temp.held USING fts5vocab(main, record_resident_words, row)")
        )
        terms = set(connection.scalars(text("SELECT term FROM temp.held")))
    assert "qxz" not in terms
    assert "dih" in terms


def test_new_backup_holds_nothing_of_it(office: Office) -> None:
    done = erase(office, everything(office, referred(office)))
    sweep(office.engine, done.traces)
    made = backup(office.engine, LATER)
    assert made is not None
    assert made.file is not None
    assert count_traces([made.file], (NIK, NAME, PHONE, TOLD)) == 0


def test_letter_keeps_number_and_digest_under_a_stub(office: Office) -> None:
    case = referred(office)
    with reading(office.engine) as session:
        letter = session.scalars(select(IssuedLetter).where(IssuedLetter.case_id == case)).one()
    original = pdf_of(office.engine, letter.id)
    with reading(office.engine) as session:
        before = session.get_one(IssuedLetter, letter.id).pdf_digest
    done = erase(office, everything(office, case))
    assert done.letters == (letter.id,)
    stub = pdf_of(office.engine, letter.id)
    with reading(office.engine) as session:
        after = session.get_one(IssuedLetter, letter.id)
    assert (after.number, after.letter, after.destination) == (letter.number, "referral", "dinsos")
    assert (after.pdf_digest, stub == original, stub[:5]) == (before, False, b"%PDF-")
    assert NAME not in json.dumps(after.data)


def test_stub_is_an_archival_pdf(office: Office) -> None:
    from portal.letters.stub import print_stub

    said = {"office": "SLRT", "label": "Surat", "number": "1", "issued": "-", "erased": "-", "digest": "ab"}
    printed: Printed = print_stub({"erased": said})
    assert (printed.pages, printed.missing, printed.warnings) == (1, "", ())


def test_case_keeps_number_kind_and_dates(office: Office) -> None:
    case = referred(office)
    before = office.case(case)
    erase(office, everything(office, case))
    after = office.case(case)
    same = ("number", "program", "complaint", "area", "opened_at", "closed_at", "outcome", "sop_version_id")
    assert all(getattr(before, each) == getattr(after, each) for each in same)
    assert (after.resident_id, after.reporter_name) == (None, None)
    assert office.kinds(case)[-2:] == ["case-erased", "values-erased"]


def test_chain_holds_and_finds_what_was_changed_after_forgetting(office: Office) -> None:
    case = referred(office)
    assert erase(office, everything(office, case)).events > 0
    with reading(office.engine) as session:
        assert events.broken(session) is None
        told = session.scalars(select(Event).where(Event.subject == "case")).all()
    with writing(office.engine) as session:
        session.get_one(Event, told[0].id).data = {"step": "other"}
    with reading(office.engine) as session:
        assert events.broken(session) == told[0].id


def test_own_proposal_is_not_approved(office: Office) -> None:
    live, case = kept(office.live), closed(office)
    with writing(office.engine) as session:
        proposed = propose(session, live, everything(office, case), actor=KEEPER, now=LATER).id
    with pytest.raises(NotErasable, match="erasure-own"), writing(office.engine) as session:
        approve(session, live, proposed, actor=KEEPER, now=LATER)
    with reading(office.engine) as session:
        assert session.get_one(Erasure, proposed).status == "proposed"


def test_proposal_is_decided_once(office: Office) -> None:
    live, case = kept(office.live), closed(office)
    with writing(office.engine) as session:
        proposed = propose(session, live, everything(office, case), actor=KEEPER, now=LATER).id
    with writing(office.engine) as session:
        refuse(session, live, proposed, "Masih diperiksa inspektorat", actor=SECOND, now=LATER)
    with pytest.raises(NotErasable, match="erasure-decided"), writing(office.engine) as session:
        approve(session, live, proposed, actor=SECOND, now=LATER)


def refused(office: Office, wanted: Wanted, actor: Actor = KEEPER, now: Any = LATER) -> str:
    try:
        with writing(office.engine) as session:
            propose(session, kept(office.live), wanted, actor=actor, now=now)
    except (NotErasable, Forbidden) as error:
        return getattr(error, "slug", "forbidden")
    return ""


def test_what_is_needed_is_not_proposed(office: Office) -> None:
    done, running = closed(office), office.open()
    reason = "Waktu simpan habis"
    assert refused(office, Wanted(ground="retention", reason=reason)) == "erasure-nothing"
    assert refused(office, Wanted(ground="retention", reason=" ", cases=(done,))) == "erasure-reason-missing"
    assert refused(office, Wanted(ground="retention", reason=reason, cases=(running,))) == "erasure-running"
    assert refused(office, everything(office, done)) == "erasure-case-left"
    early = Wanted(ground="retention", reason=reason, cases=(done,))
    assert refused(office, early, now=NOW + timedelta(days=30)) == "erasure-kept"
    village = Actor(account_id=5, label="Sari", grants=(Granted(role="keeper", area="32"),))
    assert refused(office, early, actor=village) == "forbidden"
    assert refused(office, early) == ""


def test_request_ends_where_a_law_tells_to_keep(office: Office) -> None:
    closed(office)
    soon, live = NOW + timedelta(days=30), kept(office.live)
    with reading(office.engine) as session:
        wanted = person(session, live, 1, "Permintaan warga")
    assert refused(office, wanted, now=soon) == ""
    lawful = live.schema.model_dump(mode="json")
    lawful["office"]["retention"] = {"keep": "2 years", "legal_basis": "UU 43/2009"}
    bound = replace(live, schema=live.schema.model_validate(lawful))
    with writing(office.engine) as session, pytest.raises(NotErasable) as why:
        propose(session, bound, wanted, actor=KEEPER, now=soon)
    with writing(office.engine) as session:
        row = refuse_request(session, bound, 1, why.value, actor=KEEPER, now=soon)
        assert "UU 43/2009" in str(row.decision)


def older_copy(office: Office, folder: Path) -> Engine:
    """Returns a database as it was restored from a backup made before the erasure."""
    made = backup(office.engine, NOW)
    assert made is not None
    assert made.file is not None
    return engine_of(f"sqlite:///{made.file.rename(folder / 'restored.db')}")


def test_list_is_carried_out_on_a_restored_database(office: Office, tmp_path: Path) -> None:
    case = referred(office)
    restored = older_copy(office, tmp_path)
    erase(office, everything(office, case))
    listed = read_list(dump(lines(office.engine)))
    done = replay(restored, listed, LATER)
    assert (done.emptied, done.known, done.absent) == (3, 0, 0)
    assert count_traces(files_of(tmp_path / "restored.db"), (NIK, NAME, PHONE, TOLD)) == 0
    assert replay(restored, listed, LATER).known == 3
    with reading(restored) as session:
        assert events.broken(session) is None
    restored.dispose()


def test_row_of_another_origin_is_left_alone(office: Office) -> None:
    case = closed(office)
    stranger = Line(subject="case", subject_id=case, mark=mark_of("case", case, LATER), at=LATER)
    assert replay(office.engine, [stranger], LATER).absent == 1
    assert office.case(case).description == "Belum punya kartu."


def test_list_holds_nothing_of_a_person(office: Office) -> None:
    erase(office, everything(office, referred(office)))
    file = write_list(office.engine)
    assert file is not None
    assert file.stat().st_mode & 0o077 == 0
    assert [each for each in (NIK, NAME, PHONE) if each in file.read_text()] == []


@pytest.mark.parametrize("wrong", ["", "[]", '{"format": 9, "erased": []}', '{"format": 1, "erased": [{}]}'])
def test_text_that_is_no_list_is_refused(wrong: str) -> None:
    with pytest.raises(NotAList):
        read_list(wrong)


def test_older_backup_is_named_and_made_anew(office: Office) -> None:
    case = referred(office)
    made = backup(office.engine, NOW)
    assert made is not None
    assert made.file is not None
    assert count_traces([made.file], (NIK, TOLD)) == 2
    assert old_backups(office.engine) == ()
    erase(office, everything(office, case))
    (old,) = old_backups(office.engine)
    assert (old.file.name, old.erased_since, old.remakable) == (made.file.name, 3, True)
    assert remake(office.engine, old, LATER).clean
    assert count_traces([made.file], (NIK, NAME, PHONE, TOLD)) == 0
    assert old_backups(office.engine) == ()
    assert [each.name for each in made.file.parent.iterdir()] == [made.file.name]
    assert made.file.stat().st_mode & 0o077 == 0


def test_papers_of_another_case_stay(office: Office) -> None:
    case, other = closed(office), office.open()
    erase(office, Wanted(ground="retention", reason="Habis", cases=(case,)))
    assert office.case(other).description == "Belum punya kartu."
    assert office.case(other).resident_id == 1
