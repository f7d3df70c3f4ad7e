"""Scenarios: what they expect is compared with what the engine does, and nothing is kept of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_bad import GOOD, lay_out

from portal import checks, document, load, simulate
from portal.cli import main
from portal.letters.files import letter_files
from portal.simulate import Simulation
from portal.words import LANGUAGES

CHECKOUT = Path(__file__).resolve().parents[1]
STORY = """\
scenarios:
  referred:
    label: Desil 2, dirujuk
    program: pbi-jk
    opened: 2026-11-02
    resident: {name: Sumarni}
    steps:
      - {step: register, answers: {reason: chronic}, due: 2026-11-03}
      - {step: registry, days: 1, answers: {result: registered, decile: "2"}}
      - {step: referral, letters: [referral]}
      - {step: outcome, answers: {outcome: accepted}}
    expect: {outcome: accepted, letters: [referral], due: 2026-12-07}
"""
Capture = pytest.CaptureFixture[str]


def tried(folder: Path, story: str) -> Simulation:
    lay_out(GOOD, folder)
    (folder / "schema" / "scenarios.yaml").write_text(story, "utf-8")
    loaded = load.load(folder / "schema")
    assert loaded.schema is not None
    assert [each.code for each in checks.check(loaded)] == []
    return simulate.simulate(loaded.schema, loaded.root, letter_files(loaded.templates))


def test_scenario_is_as_expected(tmp_path: Path) -> None:
    done = tried(tmp_path, STORY)
    assert done.diagnostics == ()
    assert [(way.step, way.name) for way in done.taken("reactivation")] == [("route", "1")]
    assert [(way.step, way.name) for way in done.never("reactivation")] == [("route", "otherwise")]


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("due: 2026-11-03", "due: 2026-11-04", "scenario-due-differs", 8),
        ('decile: "2"', 'decile: "8"', "scenario-step-differs", 10),
        ("letters: [referral]}\n", "letters: []}\n", "scenario-letters-differ", 10),
        ("{outcome: accepted, letters", "{step: outcome, letters", "scenario-closed", 12),
        ("{outcome: accepted}}\n", "{told: phone}}\n", "scenario-refused", 11),
        ("      - {step: outcome, answers: {outcome: accepted}}\n", "", "scenario-open", 11),
        ("due: 2026-12-07", "due: 2026-12-08", "scenario-due-differs", 12),
        ('"2"}}\n', '"2"}}\n      - {step: register}\n', "scenario-step-differs", 10),
    ],
)  # fmt: skip
def test_difference_is_told_at_its_line(
    before: str, after: str, code: str, line: int, tmp_path: Path
) -> None:
    assert before in STORY
    found = tried(tmp_path, STORY.replace(before, after)).diagnostics
    assert (found[0].code, found[0].mark.line) == (code, line)


def test_outcome_that_differs_is_told(tmp_path: Path) -> None:
    lay_out(GOOD, tmp_path)
    lists = tmp_path / "schema" / "lists.yaml"
    more = lists.read_text("utf-8").replace("outcomes:\n", "outcomes:\n  declined: {label: Ditolak}\n")
    story = STORY.replace("{outcome: accepted, letters", "{outcome: declined, letters")
    (tmp_path / "schema" / "scenarios.yaml").write_text(story, "utf-8")
    lists.write_text(more, "utf-8")
    loaded = load.load(tmp_path / "schema")
    assert loaded.schema is not None
    done = simulate.simulate(loaded.schema, loaded.root, letter_files(loaded.templates))
    assert [each.code for each in done.diagnostics] == ["scenario-outcome-differs"]


def test_circle_of_decisions_ends_the_scenario(tmp_path: Path) -> None:
    lay_out(GOOD, tmp_path)
    sop = tmp_path / "schema" / "sop.yaml"
    ways = "choose: [{when: {registry.decile: 9}, go: outcome}], otherwise: route"
    again = f"      again: {{label: Lagi, type: decision, {ways}}}\n"
    text = sop.read_text("utf-8").replace("otherwise: outcome\n", "otherwise: again\n")
    sop.write_text(text.replace("      referral:", f"{again}      referral:"), "utf-8")
    (tmp_path / "schema" / "scenarios.yaml").write_text(STORY.replace('"2"', '"8"'), "utf-8")
    loaded = load.load(tmp_path / "schema")
    assert loaded.schema is not None
    done = simulate.simulate(loaded.schema, loaded.root, letter_files(loaded.templates))
    assert [each.code for each in done.diagnostics] == ["scenario-endless"]


def test_scenarios_are_no_part_of_a_release(tmp_path: Path) -> None:
    lay_out(GOOD, tmp_path)
    before = load.load(tmp_path / "schema").schema
    (tmp_path / "schema" / "scenarios.yaml").write_text(STORY, "utf-8")
    after = load.load(tmp_path / "schema").schema
    assert before is not None
    assert after is not None
    assert after.scenarios
    assert before.canonical() == after.canonical()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_end_of_a_scenario_has_words(language: str) -> None:
    slugs = [*simulate.CODES, *(f"{code}-hint" for code in simulate.CODES)]
    assert [slug for slug in slugs if slug not in LANGUAGES[language]] == []
    assert not set(simulate.CODES) & {*document.CODES, *load.CODES, *checks.CODES}


def test_command_tells_ways_and_differences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    lay_out(GOOD, tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema" / "scenarios.yaml").write_text(STORY, "utf-8")
    assert main(["simulate", "--language", "en"]) == 0
    said = capsys.readouterr().out
    assert "reactivation: 1 of 1 scenarios as expected, 1 of 2 ways taken" in said
    assert '"route" -> "outcome": otherwise' in said
    assert main(["simulate", "reactivation", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sops"][0]["ways"] == 2
    assert main(["simulate", "reactivatoin"]) == 2
    assert 'mungkin maksudnya "reactivation"' in capsys.readouterr().err


def test_apply_refuses_while_a_scenario_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    lay_out(GOOD, tmp_path)
    monkeypatch.chdir(tmp_path)
    story = tmp_path / "schema" / "scenarios.yaml"
    story.write_text(STORY.replace("due: 2026-11-03", "due: 2026-11-05"), "utf-8")
    assert main(["apply", "--language", "en"]) == 1
    said = capsys.readouterr().err
    assert "scenarios.yaml:8:" in said
    assert "1 of 1 scenarios" in said
    assert not (tmp_path / "var").exists()
    story.write_text(STORY, "utf-8")
    assert main(["apply"]) == 0


def test_shipped_scenarios_take_every_way() -> None:
    loaded = load.load(CHECKOUT / "schema")
    assert loaded.schema is not None
    done = simulate.simulate(loaded.schema, loaded.root, letter_files(loaded.templates))
    assert done.diagnostics == ()
    assert {sop: done.never(sop) for sop in done.ways if done.never(sop)} == {}
    assert len(done.ways) == 10
