"""Letters: numbered once, frozen when issued, printed once, the same bytes ever after."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import threads
from casework import REFER, SCHEMA, TEMPLATES, Office, copied, furnish, open_task
from pypdf import PdfReader
from schemas import small_schema
from small import NOW
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session, undefer
from worked import case_of, demo_file, letters_of

from portal import letters
from portal.access import SYSTEM
from portal.cases import issue_on_request
from portal.database import engine_of, reading, writing
from portal.letters import html, pdf_of, print_pdf, templates_digest
from portal.letters.draft import draft
from portal.migrate import apply
from portal.releases import Live, latest_id, live
from portal.tables import Case, Counter, IssuedLetter
from portal.twins.keeping import SERIES
from portal.variables import letter_variables
from portal.words import speaking

PURPOSE = {"purpose": "keringanan biaya"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return copied(tmp_path)


@pytest.fixture
def any_office(any_engine: Engine) -> Office:
    return furnish(any_engine)


@pytest.fixture(scope="module")
def demo() -> Iterator[Engine]:
    engine = engine_of(f"sqlite:///{demo_file()}")
    yield engine
    engine.dispose()


def introduce(office: Office, case: int, *, days: int = 0) -> int:
    """Issues a letter of introduction and returns its key."""
    with writing(office.engine) as session:
        at = office.at(session, "officer", 24 * days)
        return issue_on_request(at, session.get_one(Case, case), "introduction", PURPOSE, None).id


def letter(office: Office, key: int) -> IssuedLetter:
    with reading(office.engine) as session:
        return session.get_one(IssuedLetter, key, options=[undefer(IssuedLetter.pdf)])


def words(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages)


def test_number_follows_pattern_and_shared_counter(office: Office) -> None:
    case = office.to_referral()
    (referral,) = office.do(case, "officer", REFER)
    introduction = introduce(office, case)
    numbers = [letter(office, key).number for key in (referral, introduction)]
    assert numbers == ["400/001/PKS/XI/2026", "400/002/PKS/XI/2026"]
    assert letter(office, introduction).series == "madani/outgoing"


def test_counter_starts_again_with_the_year(office: Office) -> None:
    case = office.open()
    numbers = [letter(office, introduce(office, case, days=days)).number for days in (0, 58, 60)]
    assert numbers == ["400/001/PKS/XI/2026", "400/002/PKS/XII/2026", "400/001/PKS/I/2027"]


def test_year_of_a_number_is_that_of_the_office(office: Office) -> None:
    key = office.open()
    with writing(office.engine) as session:  # 31 December, 18:12 UTC is New Year in Jakarta
        at = office.at(session, "officer", 24 * 59 + 16)
        made = issue_on_request(at, session.get_one(Case, key), "introduction", PURPOSE, None)
    assert (at.now.year, made.number) == (2026, "400/001/PKS/I/2027")


def test_letter_without_pattern_has_no_number(office: Office) -> None:
    key = office.open()
    with writing(office.engine) as session:
        made = issue_on_request(
            office.at(session, "officer"), session.get_one(Case, key), "receipt", {}, None
        )
    assert (made.number, made.series) == (None, None)


def test_numbers_have_neither_gap_nor_double_whoever_issues_at_once(any_office: Office) -> None:
    cases = [any_office.open() for _ in range(4)]
    with threads.pool(4) as pool:
        keys = list(pool.map(lambda case: introduce(any_office, case), cases * 3))
    numbers = sorted(str(letter(any_office, key).number) for key in keys)
    assert numbers == [f"400/{place:03}/PKS/XI/2026" for place in range(1, 13)]


def test_number_of_an_aborted_act_is_given_to_the_next(any_office: Office) -> None:
    case = any_office.open()

    def fail() -> None:
        with writing(any_office.engine) as session:
            at = any_office.at(session, "officer")
            issue_on_request(at, session.get_one(Case, case), "introduction", PURPOSE, None)
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        fail()
    assert letter(any_office, introduce(any_office, case)).number == "400/001/PKS/XI/2026"


def test_draft_draws_no_number(office: Office) -> None:
    case = office.to_referral()
    with reading(office.engine) as session:
        said = draft(session, office.live, session.get_one(Case, case), "referral", now=NOW)
        assert (said["letter"]["number"], said["letter"]["draft"]) == (None, True)
        assert (
            session.scalar(
                select(func.count()).select_from(Counter).where(Counter.series.not_in(("case", SERIES)))
            )
            == 0
        )


def test_later_changes_do_not_reach_an_issued_letter(office: Office) -> None:
    key = introduce(office, office.open())
    resident = office.live.models.records["resident"]
    with writing(office.engine) as session:
        session.execute(update(resident).values(name="Nama Lain"))
    officer = {"office/centres/madani/officers/head/name": "Pejabat Baru"}
    other = {**TEMPLATES, "letter.html": "<p>Bentuk baru</p>"}
    apply(office.engine, small_schema(officer, of=SCHEMA), {}, other, actor=SYSTEM, now=NOW)
    said = words(pdf_of(office.engine, key))
    assert "Siti Contoh" in said
    assert "Wati Contoh" in said
    assert "Bentuk baru" not in said
    assert letter(office, key).template_digest == templates_digest(TEMPLATES)


def test_reprint_is_the_same_bytes(any_office: Office) -> None:
    key = introduce(any_office, any_office.open())
    assert letter(any_office, key).pdf is None
    first = pdf_of(any_office.engine, key)
    letters._written.cache_clear()
    assert pdf_of(any_office.engine, key) == first
    kept = letter(any_office, key)
    assert (kept.pdf, kept.pdf_digest is not None, kept.engine is not None) == (first, True, True)


def test_who_comes_second_reads_what_the_first_one_kept(any_office: Office) -> None:
    key = introduce(any_office, any_office.open())
    with threads.pool(2) as pool:
        one, other = pool.map(lambda _: pdf_of(any_office.engine, key), range(2))
    assert one == other == letter(any_office, key).pdf


def test_printing_that_was_cut_short_goes_on_without_another_number(office: Office) -> None:
    key = introduce(office, office.open())  # the process ends here, before the letter is printed
    later = Office(engine=engine_of(str(office.engine.url)))
    assert "400/001/PKS/XI/2026" in words(pdf_of(later.engine, key))
    with reading(later.engine) as session:
        assert session.scalar(select(Counter.value).where(Counter.series == "madani/outgoing")) == 1


def test_templates_that_were_tidied_away_are_written_again(office: Office) -> None:
    key = introduce(office, office.open())
    data = letter(office, key).data
    before = print_pdf(TEMPLATES, "letter.html", data).data
    shutil.rmtree(letters.template_folder(TEMPLATES))
    assert print_pdf(TEMPLATES, "letter.html", data).data == before


def test_statement_is_valid_from_its_date(office: Office) -> None:
    issued = letter(office, introduce(office, office.open()))
    assert issued.valid_until == NOW.date() + timedelta(days=30)


def test_letter_is_indonesian_whoever_prints_it(office: Office) -> None:
    case = office.to_referral(priority="urgent", resident_id=None)
    with speaking("en"):
        (key,) = office.do(case, "officer", REFER)
        said = words(pdf_of(office.engine, key))
    data = letter(office, key).data
    assert data["letter"]["urgency"] == "Segera"
    assert "2 November 2026" in said
    assert not re.search(r"Urgent|registered|No name|Unknown", said)
    with reading(office.engine) as session:
        assert open_task(session, case).step == "reply"


def names_of(said: object, at: str = "") -> Iterator[str]:
    """Yields the names of a context as `variables` writes them; an empty list hides those of its rows."""
    if at and not (at.endswith("[]") and isinstance(said, Mapping)):
        yield at
    if isinstance(said, Mapping):
        for key, inner in said.items():
            yield from names_of(inner, f"{at}.{key}" if at else str(key))
    elif isinstance(said, list):
        for inner in said or [None]:
            yield from names_of(inner, f"{at}[]")


def empty_lists(said: object, at: str = "") -> Iterator[str]:
    if isinstance(said, Mapping):
        for key, inner in said.items():
            yield from empty_lists(inner, f"{at}.{key}" if at else str(key))
    elif said == []:
        yield f"{at}[]"


def in_force(session: Session) -> Live:
    return live(session, latest_id(session) or 0)


def drafted(demo: Engine, story: str, kind: str) -> tuple[Live, dict[str, Any]]:
    with reading(demo) as session:
        current = in_force(session)
        case = session.get_one(Case, case_of(demo, story))
        return current, draft(session, current, case, kind, now=NOW)


KINDS = (
    "referral",
    "confidential-referral",
    "introduction",
    "registry-statement",
    "hardship-statement",
    "unregistered-statement",
    "health-recommendation",
    "card-correction",
    "visit-minutes",
    "consent-statement",
    "refusal-statement",
    "poverty-declaration",
    "data-declaration",
    "responsibility-declaration",
    "power-of-attorney",
    "assignment",
    "complaint-form",
    "complaint-form-blank",
    "receipt",
)
NAMELESS = ("confidential-referral", "complaint-form-blank")


def test_every_shipped_letter_is_tried(demo: Engine) -> None:
    with reading(demo) as session:
        letters = in_force(session).schema.letters
        assert set(KINDS) == {key for key, each in letters.items() if not each.about_many}


@pytest.mark.parametrize("story", ["1", "3", "8"])
@pytest.mark.parametrize("kind", KINDS)
def test_context_has_exactly_the_names_that_templates_may_use(demo: Engine, kind: str, story: str) -> None:
    current, said = drafted(demo, story, kind)
    empty = tuple(empty_lists(said))
    promised = {
        name for name in letter_variables(current.schema, kind) if not name.startswith(empty or ("?",))
    }
    assert set(names_of(said)) - set(empty) == promised


@pytest.mark.parametrize("story", ["1", "8"])
@pytest.mark.parametrize("kind", KINDS)
def test_shipped_letter_is_written_for_a_case(demo: Engine, kind: str, story: str) -> None:
    current, said = drafted(demo, story, kind)
    with speaking("en"):
        page = html(current.templates, current.schema.letters[kind].template, said)
    visible = re.sub(r"<[^>]+>", " ", page)
    assert "None" not in visible
    assert ("Sumarni" in visible) == (story == "1" and kind not in NAMELESS)
    assert not re.search(r"\d{4}-\d{2}-\d{2}", visible)  # dates are written out


def test_letters_of_the_demonstration_print(demo: Engine) -> None:
    with reading(demo) as session:
        key = letters_of(demo, case_of(demo, "1"))[-1]
        issued = session.get_one(IssuedLetter, key)
        template = in_force(session).schema.letters[issued.letter].template
        made = print_pdf(in_force(session).templates, template, issued.data)
    assert (made.warnings, made.missing) == ((), "")
    assert str(issued.number) in words(made.data)
    assert "14 Agustus 1994" in words(made.data)
