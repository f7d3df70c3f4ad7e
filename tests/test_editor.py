"""What the text editor is fed with: three slips are three problems, each with its fix; keys are explained."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.checks import check
from portal.diagnostics import Diagnostic
from portal.editor import completions, fixes, found_in, problems
from portal.editor.language import language
from portal.load import Loaded, load
from portal.scalars import ID_PATTERN
from portal.schema import json_schema
from portal.words import LANGUAGES

FOLDER = Path(__file__).parent.parent / "schema"
TEXT = (FOLDER / "sop.yaml").read_text("utf-8")
SLIPS = (
    ("        role: front-office\n", "role: front-office", "role: frontofice", "front-office"),
    ("        otherwise: ", "otherwise:", "otherwse:", "otherwise"),
    ("        stage: checked\n", "checked", "cheked", "checked"),
)
"""The first line with a text, what is wrong in it, how, and what is meant."""


def read(text: str, file: str = "sop.yaml") -> Loaded:
    return load(FOLDER, instead={file: text})


def found(text: str) -> tuple[Diagnostic, ...]:
    return found_in(read, "sop.yaml", text)


def mended(text: str, wrong: tuple[Diagnostic, ...]) -> str:
    for each in wrong:
        (fix,) = fixes(each)
        text = fix.on(text)
    return text


def slipped(text: str = TEXT) -> tuple[str, list[int]]:
    """Returns a text with every slip, and the lines that have one."""
    lines = []
    for line, right, wrong, _ in SLIPS:
        at = text.index(line)
        text = text[:at] + line.replace(right, wrong) + text[at + len(line) :]
        lines.append(text.count("\n", 0, at) + 1)
    return text, sorted(lines)


def test_shipped_text_has_no_problem() -> None:
    assert found(TEXT) == ()


def test_role_step_and_key_misspelt_are_three_problems() -> None:
    one_sop = TEXT.index("\n  ", TEXT.index("    steps:\n") + 1)
    way = TEXT.index("otherwise: ", one_sop)
    target = TEXT[way + 11 : TEXT.index("\n", way)]
    text = TEXT[: way + 11] + target[:-1] + TEXT[way + 11 + len(target) :]
    text = text.replace("        role: front-office\n", "        role: frontofice\n", 1)
    text = text.replace("        stale_after: ", "        stale_afer: ", 1)
    wrong = found(text)
    assert sorted(each.code for each in wrong) == ["key-unknown", "role-unknown", "step-unknown"]
    assert [each.mark.line for each in wrong] == sorted(
        text.count("\n", 0, text.index(slip)) + 1
        for slip in ("frontofice", "stale_afer", f"otherwise: {target[:-1]}\n")
    )
    assert mended(text, wrong) == TEXT


def test_slips_in_one_entry_are_all_told_and_mended() -> None:
    text, lines = slipped()
    wrong = found(text)
    assert [each.mark.line for each in wrong] == lines
    assert {fixes(each)[0].insert for each in wrong} == {meant for *_, meant in SLIPS}
    assert found(mended(text, wrong)) == ()


def test_two_slips_on_a_line_are_placed_where_they_stand() -> None:
    line = "          ktp: {required: true, may_follow: true}\n"
    wrong = found(TEXT.replace(line, line.replace("required", "requird").replace("may_", "mai_"), 1))
    assert [(each.mark.column, each.mark.length) for each in wrong] == [(17, 7), (32, 10)]
    assert all(each.mark.quoted[each.mark.column - 1 :].startswith(("requird", "mai_")) for each in wrong)


def test_a_key_beside_its_misspelling_is_told_once() -> None:
    line = "        role: front-office\n"
    wrong = found(TEXT.replace(line, line + "        rol: front-office\n", 1))
    assert [each.code for each in wrong] == ["key-unknown"]


def test_ways_are_not_judged_while_a_step_has_an_unknown_key() -> None:
    line = "        type: decision\n"
    text = TEXT.replace(line, line + "        warna: biru\n", 1)
    assert [each.code for each in found(text)] == ["key-unknown"]


def test_a_text_that_cannot_be_read_has_its_one_problem() -> None:
    wrong = found(TEXT.replace("label: Pendaftaran", 'label: "Pendaftaran', 1))
    assert len(wrong) == 1
    assert fixes(wrong[0]) == ()


def test_problems_say_place_words_and_fix() -> None:
    text, lines = slipped()
    (first, *_), told = problems(found(text), "sop.yaml", "id"), problems(found(text), "sop.yaml", "en")
    assert json.loads(json.dumps(first)) == first
    assert (first["line"], first["file"], first["severity"]) == (lines[0], "sop.yaml", "error")
    assert "frontofice" in str(first["message"])
    assert isinstance(first["fixes"], list)
    (fix,) = first["fixes"]
    assert fix["label"] == 'Ganti dengan "front-office"'
    assert fix["to"]["column"] - fix["from"]["column"] == len("frontofice")
    assert "frontofice" in str(told[0]["message"]) != str(first["message"])


def test_what_a_change_breaks_elsewhere_comes_after() -> None:
    text = (FOLDER / "roles.yaml").read_text("utf-8").replace("\n  front-office:", "\n  loket:")
    wrong = found_in(lambda t: read(t, "roles.yaml"), "roles.yaml", text)
    shown = problems(wrong, "roles.yaml", "id")
    files = [each["file"] for each in shown]
    assert files == sorted(files, key=lambda file: file != "roles.yaml")
    assert "sop.yaml" in files
    assert all(each["fixes"] == [] for each in shown if each["file"] != "roles.yaml")


def test_a_text_stands_for_its_file_and_for_a_new_one() -> None:
    loaded = load(
        FOLDER, instead={"sop.yaml": "sops: {}\n", "more.yaml": "reasons: {other: {label: Lain}}\n"}
    )
    assert loaded.sources["more.yaml"].startswith("reasons")
    assert {Path(each.mark.file).name for each in loaded.diagnostics} >= {"sop.yaml"}
    assert check(read(TEXT)) == ()


def keys() -> Iterator[tuple[str, str, dict[str, object]]]:
    schema = json_schema()
    parts = schema["$defs"]
    assert isinstance(parts, dict)
    for part, described in parts.items():
        yield from ((part, key, each) for key, each in described["properties"].items())


def test_every_key_is_explained_in_indonesian() -> None:
    told = {text: slug for slug, text in LANGUAGES["en"].items() if slug.startswith("yaml-")}
    plain = {text.replace("{{", "{").replace("}}", "}"): slug for text, slug in told.items()}
    helps = {*language().helps} - {""}
    assert sorted(helps - set(plain)) == []
    assert sorted(set(plain) - helps) == []
    # The words of letters and of the service standard are Indonesian in both.
    same = {slug for slug in plain.values() if LANGUAGES["id"][slug] == LANGUAGES["en"][slug]}
    left = {slug for slug in same if not slug.startswith("yaml-service-standard-")}
    assert left == {"yaml-letter-copies", "yaml-letter-urgency"}


def test_every_id_in_the_language_is_known_by_what_it_names() -> None:
    defs = language().defs
    unnamed = []
    for part, key, described in keys():
        of_part = defs[part]["k"]
        assert isinstance(of_part, dict)
        is_id = f'"pattern": "{ID_PATTERN}"' in json.dumps(described)
        if is_id and '"n":' not in json.dumps(of_part[key]):
            unnamed.append(key)
    # An old id is nobody's any more, and a series is named by its letters alone.
    assert set(unnamed) == {"was", "series"}


def test_completions_know_the_office() -> None:
    parts = read(TEXT).parts
    model = completions(parts, "id")
    names, defs = model["names"], model["defs"]
    assert isinstance(names, dict)
    assert isinstance(defs, dict)

    def at(place: str) -> list[tuple[str, str]]:
        told = names[place]
        return list(names[told] if isinstance(told, str) else told)

    assert [key for key, _ in at("roles")] == list(parts.roles)
    assert ("register", "Pendaftaran") in at("sops/pbi-new/steps")
    assert ("nik", "NIK") in at("records/resident/fields")
    assert ("register.condition", "Keadaan saat ini") in at("sops/pbi-new/conditions")
    assert ("pregnant", "Ibu hamil") in at("sops/pbi-new/values/register.condition")
    assert at("sops/pbi-new/values/local.destination") == at("destinations")
    assert defs["ReferralStep"]["k"]["letter"][1] == {"n": "letters"}
    assert defs["ReferralStep"]["k"]["documents"][1]["i"] == "documents"
    assert defs["Role"]["k"]["fields"][1]["m"]["i"] == "records/@3/fields"


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_model_is_json_and_small(spoken: str) -> None:
    text = json.dumps(completions(read(TEXT).parts, spoken), ensure_ascii=False, separators=(",", ":"))
    assert len(gzip.compress(text.encode())) < 30_000
    assert completions(None, spoken)["names"] == {}


def test_every_name_in_the_model_stands_somewhere() -> None:
    names = completions(read(TEXT).parts, "id")["names"]
    assert isinstance(names, dict)
    assert [each for each in names.values() if isinstance(each, str) and isinstance(names[each], str)] == []
