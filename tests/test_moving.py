"""What differs between two versions of an SOP, how each difference weighs, and what it means to a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from casework import SCHEMA, STEPS
from schemas import small_schema

from portal.moving import Standing, compare, objections, verdict
from portal.schema import Sop
from portal.words import speaking

S = "sops/pbi/steps"
BEFORE = SCHEMA.sops["pbi"]
NEW: Mapping[str, Any] = {"label": "Verifikasi", "type": "form", "role": "back-office"}


def after(edits: Mapping[str, Any]) -> Sop:
    """Returns the office's SOP after edits by path below its steps; a path with `/` in front is its own."""
    paths = {f"sops/pbi{key}" if key.startswith("/") else f"{S}/{key}": each for key, each in edits.items()}
    return small_schema(paths, of=SCHEMA).sops["pbi"]


def with_step(key: str, before: str, **more: Any) -> Sop:
    """Returns the SOP with one more step in front of another."""
    steps: dict[str, Any] = {}
    for name, step in STEPS.items():
        steps |= {key: {**NEW, **more}, name: step} if name == before else {name: step}
    return small_schema({S: steps}, of=SCHEMA).sops["pbi"]


def reworded() -> Sop:
    return after({"register/label": "Penerimaan", "visit/instruction": "Bawa formulir.", "/label": "PBI"})


CHANGES: list[tuple[Mapping[str, Any], list[tuple[str, str, str]]]] = [
    ({}, []),
    ({"/label": "PBI"}, [("moving-sop-words", "wording", "")]),
    ({"/follow": "wording"}, [("moving-sop-notes", "wording", "")]),
    ({"/total_within": "9 working days"}, [("moving-total", "rule", "")]),
    ({"register/label": "Penerimaan"}, [("moving-step-label", "wording", "register")]),
    ({"visit/output": "Berita acara"}, [("moving-step-output", "wording", "visit")]),
    ({"visit/instruction": "Bawa"}, [("moving-step-instruction", "wording", "visit")]),
    ({"register/fields/reason/label": "Sebab"}, [("moving-field-words", "wording", "register")]),
    ({"register/fields/reason/choices/other": "Lain"}, [("moving-field-words", "wording", "register")]),
    ({"register/fields/reason/choices/more": "Baru"}, [("moving-field-rules", "rule", "register")]),
    ({"register/fields/note/required": "true"}, [("moving-field-rules", "rule", "register")]),
    ({"register/fields/note": None}, [("moving-field-removed", "rule", "register")]),
    (
        {"draft/fields/more": {"label": "Lebih", "type": "text"}},
        [("moving-field-added", "rule", "draft")],
    ),
    (
        {"draft/fields/more": {"label": "Lebih", "type": "text", "required": "true"}},
        [("moving-field-must", "rule", "draft")],
    ),
    ({"register/documents/kk": None}, [("moving-document-removed", "rule", "register")]),
    ({"register/documents/kk": "optional"}, [("moving-document-changed", "rule", "register")]),
    ({"visit/documents": {"kk": "required"}}, [("moving-document-added", "rule", "visit")]),
    ({"visit/within": "5 working days"}, [("moving-step-within", "rule", "visit")]),
    ({"visit/within": None}, [("moving-step-within", "rule", "visit")]),
    ({"visit/role": "back-office"}, [("moving-step-role", "rule", "visit")]),
    ({"visit/stage": None}, [("moving-step-stage", "rule", "visit")]),
    ({"visit/record": None}, [("moving-step-rule", "rule", "visit")]),
    ({"visit/go": "close"}, [("moving-step-ways", "way", "visit")]),
    ({"approve/returned": "registry"}, [("moving-step-ways", "way", "approve")]),
    ({"route/otherwise": "close"}, [("moving-step-ways", "way", "route")]),
    ({"draft": None, "approve/returned": "visit"}, [("moving-step-removed", "removed", "draft")]),
]


@pytest.mark.parametrize(("edits", "expected"), CHANGES)
def test_difference_is_found_and_weighed(
    edits: Mapping[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    found = [(each.slug, each.weight, each.step) for each in compare(BEFORE, after(edits)).differences]
    assert found[: len(expected)] == expected
    assert {weight for _, weight, _ in found[len(expected) :]} <= {"way"}


def test_inherited_role_is_followed() -> None:
    """A step without a role is done by the role of the step before it."""
    moved = {"visit/role": None, "registry/role": "front-office"}
    found = {each.step for each in compare(BEFORE, after(moved)).differences if each.slug.endswith("role")}
    assert found == {"registry", "visit"}


def test_explanation_of_a_branch_is_wording() -> None:
    branches = [dict(branch) for branch in STEPS["route"]["choose"]]
    branches[1]["says"] = "Desil satu sampai lima."
    comparison = compare(BEFORE, after({"route/choose": branches}))
    assert [each.slug for each in comparison.differences] == ["moving-step-says"]
    assert comparison.wording_only


def test_order_of_fields_is_wording() -> None:
    fields = dict(reversed(STEPS["register"]["fields"].items()))
    assert compare(BEFORE, after({"register/fields": fields})).wording_only


def test_renamed_step_is_kept_under_its_new_id() -> None:
    steps = {
        ("survey" if key == "visit" else key): ({**step, "was": "visit"} if key == "visit" else step)
        for key, step in STEPS.items()
    }
    steps["route"] = {**STEPS["route"], "otherwise": "survey"}
    comparison = compare(BEFORE, small_schema({S: steps}, of=SCHEMA).sops["pbi"])
    assert [each.slug for each in comparison.differences] == ["moving-step-renamed"]
    assert comparison.holds("visit") == "survey"


VERDICTS: list[tuple[Sop, str, str, str, str]] = [
    (reworded(), "visit", "register registry", "wording", "visit"),
    (after({"referral/within": "3 working days"}), "visit", "register registry", "ahead", "visit"),
    (after({"visit/within": "5 working days"}), "visit", "register registry", "touched", "visit"),
    (after({"register/fields/note": None}), "visit", "register registry", "touched", "visit"),
    (after({"/total_within": "9 days"}), "visit", "register registry", "touched", "visit"),
    (with_step("verify", "referral"), "visit", "register registry", "ahead", "visit"),
    (with_step("verify", "registry"), "visit", "register registry", "touched", "visit"),
    (with_step("verify", "registry"), "register", "", "ahead", "register"),
    (after({"draft": None, "approve/returned": "visit"}), "visit", "register", "ahead", "visit"),
    (after({"draft": None, "approve/returned": "visit"}), "approve", "draft", "touched", "approve"),
    (after({"draft": None, "approve/returned": "visit"}), "draft", "register", "removed", ""),
    (after({"draft": STEPS["answer"]}), "draft", "register", "removed", ""),
]


@pytest.mark.parametrize(("newer", "active", "done", "kind", "step"), VERDICTS)
def test_case_is_judged_by_where_it_stands(newer: Sop, active: str, done: str, kind: str, step: str) -> None:
    judged = verdict(compare(BEFORE, newer), Standing(active=active, done=frozenset(done.split())), {})
    assert (judged.kind, judged.step, judged.moves) == (kind, step, bool(step))
    assert judged.sentence()


def test_map_gives_a_case_of_a_removed_step_a_place() -> None:
    comparison = compare(BEFORE, after({"draft": None, "approve/returned": "visit"}))
    judged = verdict(comparison, Standing(active="draft"), {"draft": "approve"})
    assert (judged.kind, judged.step) == ("removed", "approve")
    assert judged.sentence() == (
        'Langkah "Menyiapkan rujukan" tidak ada lagi; kasus dilanjutkan pada "Persetujuan".'
    )


@pytest.mark.parametrize(
    ("step_map", "slugs"),
    [
        ({"draft": "approve"}, []),
        ({"visit": "approve"}, ["moving-map-kept"]),
        ({"drft": "approve"}, ["moving-map-unknown"]),
        ({"draft": "aprove"}, ["moving-map-unknown"]),
        ({"draft": "route"}, ["moving-map-automatic"]),
    ],
)
def test_map_that_makes_no_sense_is_refused(step_map: dict[str, str], slugs: list[str]) -> None:
    comparison = compare(BEFORE, after({"draft": None, "approve/returned": "visit"}))
    assert [slug for slug, _ in objections(comparison, step_map)] == slugs


def test_differences_are_said_with_labels_in_each_language() -> None:
    comparison = compare(BEFORE, after({"visit/role": "back-office", "visit/documents": {"kk": "required"}}))
    assert comparison.sentences(SCHEMA) == (
        'Langkah "Kunjungan" kini dikerjakan oleh Back office.',
        'Langkah "Kunjungan" juga meminta berkas "KK".',
    )
    with speaking("en"):
        assert comparison.sentences(SCHEMA)[0] == 'The step "Kunjungan" is carried out by Back office.'


def test_every_difference_has_words() -> None:
    for edits, _ in CHANGES:
        assert all(compare(BEFORE, after(edits)).sentences(SCHEMA))
