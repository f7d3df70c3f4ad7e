"""A schema folder becomes a Schema, or every mistake of it in one run; never a traceback."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import checks
from portal.diagnostics import Diagnostic, render_json, render_text
from portal.load import Loaded, load

GOOD = Path(__file__).parent / "bad" / "_good"


def office(folder: Path, **changed: str) -> Loaded:
    """Loads the good office with some files changed, in a folder of its own."""
    (folder / "schema").mkdir()
    (folder / "templates" / "letters").mkdir(parents=True)
    for path in GOOD.iterdir():
        into = folder / ("templates/letters" if path.suffix == ".html" else "schema") / path.name
        into.write_text(path.read_text())
    for name, text in changed.items():
        (folder / "schema" / f"{name}.yaml").write_text(text)
    return load(folder / "schema")


def good(name: str) -> str:
    return (GOOD / f"{name}.yaml").read_text()


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    return [diagnostic.code for diagnostic in found]


def test_good_office_becomes_a_schema(tmp_path: Path) -> None:
    loaded = office(tmp_path)
    assert loaded.diagnostics == ()
    assert loaded.schema is not None
    assert loaded.schema.subject() == "resident"
    assert loaded.schema.areas["18.10.03.2007"] == "Margodadi"
    assert loaded.schema.office.centres["madani"].officers["coordinator"].nip == "198001012006042001"


def test_file_names_are_for_people(tmp_path: Path) -> None:
    whole = office(tmp_path).schema
    for path in (tmp_path / "schema").glob("*.yaml"):
        path.rename(path.with_name(f"z-{path.name}"))
    assert load(tmp_path / "schema").schema == whole


def test_section_may_stand_in_several_files(tmp_path: Path) -> None:
    loaded = office(tmp_path, extra="sectors:\n  food: {label: Pangan}\n")
    assert loaded.schema is not None
    assert list(loaded.schema.sectors) == ["food", "health"]


def test_sources_keep_every_text(tmp_path: Path) -> None:
    loaded = office(tmp_path)
    told = [path for path in (tmp_path / "schema").iterdir() if path.suffix in (".yaml", ".csv")]
    kept = {path.name: path.read_bytes() for path in told}
    assert {name: text.encode() for name, text in loaded.sources.items()} == kept


def test_mistakes_of_all_files_come_together(tmp_path: Path) -> None:
    loaded = office(
        tmp_path,
        programs=good("programs").replace("owner", "ownr"),
        sop=good("sop").replace("type: check", "type: cek").replace("1 working day", "1 hari"),
        roles=good("roles").replace("village", "desa"),
    )
    assert loaded.schema is None
    assert codes(loaded.diagnostics) == [
        "key-unknown",
        "value-unknown",
        "duration-form",
        "type-unknown",
    ]


def test_broken_entry_hides_no_other(tmp_path: Path) -> None:
    loaded = office(
        tmp_path,
        extra="programs:\n  pkh: {label: PKH}\n",
        sop=good("sop").replace("go: referral", "go: refer"),
    )
    assert codes(loaded.diagnostics) == ["key-missing", "key-missing"]
    assert codes(checks.check(loaded)) == ["step-unknown"]


def test_broken_entry_is_not_called_unknown_too(tmp_path: Path) -> None:
    loaded = office(tmp_path, letters=good("letters").replace("form: correspondence", "form: surat"))
    assert codes(loaded.diagnostics) == ["value-unknown"]
    assert checks.check(loaded) == ()


def test_unreadable_file_gives_no_follow_up(tmp_path: Path) -> None:
    loaded = office(tmp_path, lists="sectors:\n\thealth: {label: Kesehatan}\n  food: [\n")
    assert codes(loaded.diagnostics) == ["tab-indentation"]
    assert checks.check(loaded) == ()


def test_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    loaded = office(tmp_path, records=good("records").replace("unique: true", "uniqe: true"))
    (found,) = loaded.diagnostics
    assert found.values["near"] == "unique"
    assert (found.mark.line, found.mark.column, found.mark.length) == (7, 36, 5)


def test_tag_that_is_also_a_key_leads_to_the_right_place(tmp_path: Path) -> None:
    step = "      paper: {label: Surat, type: letter, letter: [a], role: front-office}\n      outcome:"
    loaded = office(tmp_path, sop=good("sop").replace("      outcome:", step))
    (found,) = loaded.diagnostics
    assert (found.code, found.mark.quoted[found.mark.column - 1 :][:11]) == ("value-not-text", "letter: [a]")


def test_templates_folder_can_be_named(tmp_path: Path) -> None:
    office(tmp_path)
    loaded = load(tmp_path / "schema", tmp_path)
    assert codes(checks.check(loaded)) == ["template-missing"]


@pytest.mark.parametrize(
    "text", ["", "a", "office:", "office: []", "programs: {a: }", "sops: {x: {steps: {y: }}}"]
)
def test_stub_of_a_folder_only_gives_diagnostics(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(text)
    loaded = load(tmp_path)
    assert loaded.schema is None
    assert loaded.diagnostics
    assert render_text([*loaded.diagnostics, *checks.check(loaded)])


def broken(text: str, chance: random.Random) -> str:
    """Returns a text with a few lines or words changed, as hurried editing does."""
    lines = text.splitlines()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        words = lines[at].split(" ")
        change = chance.randrange(6)
        if change == 0:
            lines[at] = ""
        elif change == 1:
            lines[at] += chance.choice([":", " x", " [", "}", " #x", ' "', ": {}", ": []"])
        elif change == 2:
            lines[at] = f"  {lines[at]}"
        elif change == 3:
            words[chance.randrange(len(words))] = chance.choice(
                ["0", "~", "[a]", "{a: b}", "x", "1..9", "<<:", "&a"]
            )
            lines[at] = " ".join(words)
        elif change == 4:
            lines.insert(at, lines[chance.randrange(len(lines))])
        else:
            lines[at] = lines[at].replace(chance.choice(": {},-"), chance.choice(["", " ", ":"]), 1)
    return "\n".join(lines) + "\n"


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_hurried_editing_never_gives_a_traceback(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    chance = random.Random(seed)
    name = chance.choice(
        ["office", "roles", "records", "lists", "programs", "sop", "destinations", "letters"]
    )
    loaded = office(tmp_path_factory.mktemp("office"), **{name: broken(good(name), chance)})
    found = (*loaded.diagnostics, *checks.check(loaded))
    assert loaded.schema is not None or any(d.severity == "error" for d in loaded.diagnostics)
    assert all(d.code in SLUGS for d in found)
    assert render_text(found, "id").count("\n") >= len(found)
    assert render_json(found, "en")


SLUGS = {path.name for path in (Path(__file__).parent / "bad").iterdir()}
