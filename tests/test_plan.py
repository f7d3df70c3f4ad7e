from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from schemas import ASSET, TEXT, pairs, small_schema

from portal import changes
from portal.plan import SECTIONS, Plan, as_json, carried, diff, fingerprint, from_json, text
from portal.schema import Schema
from portal.words import LANGUAGES, speaking

RESIDENT = "records/resident/fields"
PAPERS = {"label": "Berkas", "type": "documents", "documents": {"ktp": "required"}}


def plan(edits: dict[str, Any], first: dict[str, Any] | None = None) -> Plan:
    before = small_schema(first)
    return between(before, small_schema(edits, of=before))


def between(before: Schema | None, after: Schema) -> Plan:
    return diff(before, after, templates_before={}, templates_after={})


def kinds(found: tuple[changes.Change, ...]) -> list[str]:
    return [f"{change.sign}{type(change).__name__}" for change in found]


def test_a_state_differs_from_itself_in_nothing() -> None:
    assert between(small_schema(), small_schema()).empty
    assert text(between(small_schema(), small_schema())) == "Tidak ada perubahan.\n"


def test_first_plan_adds_every_entry() -> None:
    found = between(None, small_schema())
    assert found.refused == ()
    assert {change.sign for change in found.changes} == {"+"}
    assert [c.key for c in found.changes if isinstance(c, changes.EntryAdded) and c.section == "sops"] == [
        "pbi"
    ]


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ({"records/asset": ASSET}, ["+EntryAdded"]),
        ({f"{RESIDENT}/note": TEXT}, ["+FieldAdded"]),
        ({f"{RESIDENT}/name/label": "Nama lengkap"}, ["~EntryChanged"]),
        ({"records/resident/search": ["name"]}, ["~EntryChanged"]),
        ({"sops/pbi/steps/register/within": "2 working days"}, ["=SopChanged"]),
        ({"sops/pbi/steps/register/fields": {"note": TEXT}}, ["=SopChanged", "+FieldAdded"]),
        ({"sops/pbi/steps/route": PAPERS}, ["=SopChanged"]),
        ({"sops/pbi/follow": "wording", "sops/pbi/label": "PBI"}, ["=SopReworded"]),
        ({"sops/pbi/follow": "wording", "sops/pbi/steps/register/within": "2 working days"}, ["=SopChanged"]),
        ({"programs/pbi-jk/label": "PBI"}, ["~EntryChanged"]),
        ({"roles/manager/may": ["register"]}, ["~RightsChanged"]),
        ({"channels/phone": {"label": "Telepon"}}, ["+EntryAdded"]),
        ({"office/hours/tuesday": "08:00-16:00"}, ["~OfficeChanged"]),
        ({"office/centres/madani/place": "Ambarawa"}, ["~EntryChanged"]),
        ({"areas/18.10.04": "Pagelaran"}, ["+AreasAdded"]),
        ({"areas/18.10.03": "Ambarawa Timur"}, ["~AreasChanged"]),
        (
            {"roles": dict(reversed(json.loads(small_schema().canonical())["roles"].items()))},
            ["~EntriesReordered"],
        ),
    ],
)
def test_plan_names_what_may_be_applied(edits: dict[str, Any], expected: list[str]) -> None:
    found = plan(edits)
    assert (kinds(found.changes), found.refused) == (expected, ())


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ({"records/household": None, f"{RESIDENT}/household": None}, ["-EntryRemoved", "-FieldRemoved"]),
        ({f"{RESIDENT}/phone": None}, ["-FieldRemoved"]),
        ({f"{RESIDENT}/sex/choices": {"male": "L"}}, ["-ChoiceRemoved"]),
        ({f"{RESIDENT}/phone/type": "text"}, ["~FieldRetyped"]),
        ({f"{RESIDENT}/rooms/decimals": 2}, ["~FieldRetyped"]),
        ({f"{RESIDENT}/phone/unique": True}, ["~FieldMadeUnique"]),
        ({f"{RESIDENT}/phone/required": True}, ["~FieldMadeRequired"]),
        ({"sops/pbi/steps/visit": None}, ["=SopChanged", *["-FieldRemoved"] * 3]),
        ({"channels": {"phone": {"label": "Telepon"}}}, ["+EntryAdded", "-EntryRemoved"]),
        ({"roles/facilitator": None}, ["-EntryRemoved"]),
        ({"areas/18.10.03.2008": None}, ["-AreasRemoved"]),
        (
            {
                "office/centres": {
                    "new": json.loads(small_schema().canonical())["office"]["centres"]["madani"]
                }
            },
            ["-EntryRemoved", "+EntryAdded"],
        ),
    ],
)
def test_plan_names_what_touches_rows(edits: dict[str, Any], expected: list[str]) -> None:
    found = plan(edits)
    assert (sorted(kinds(found.changes)), found.refused) == (sorted(expected), ())


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ({f"{RESIDENT}/phone/type": "date"}, ["~FieldUnconvertible"]),
        ({f"{RESIDENT}/household/to": "resident"}, ["~FieldUnconvertible"]),
        ({"records/resident/subject": False, "records/household/subject": True}, ["~SubjectMoved"]),
    ],
)
def test_plan_refuses_what_would_lose_data(edits: dict[str, Any], expected: list[str]) -> None:
    refused = kinds(plan(edits).refused)
    assert sorted(set(refused)) == sorted(set(expected))


def program(**more: str) -> dict[str, str]:
    return {"label": "KIS", "sector": "health", "owner": "BPJS", **more}


def test_a_declared_rename_is_one_change() -> None:
    first = {"programs/kis": program()}
    found = plan({"programs/kis": None, "programs/jkn": program(was="kis")}, first=first)
    assert (kinds(found.changes), found.refused) == ([">EntryRenamed"], ())


@pytest.mark.parametrize(
    ("new", "refused"),
    [
        ({"label": "KIS"}, ["~LooksRenamed"]),
        ({"label": "KIS", "new": "true"}, []),
        ({"label": "KIS", "was": "kis"}, []),
        ({"label": "Program Keluarga Harapan"}, []),
    ],
)
def test_what_looks_renamed_wants_a_word(new: dict[str, str], refused: list[str]) -> None:
    found = plan({"programs/kis": None, "programs/x": program(**new)}, first={"programs/kis": program()})
    assert kinds(found.refused) == refused


@pytest.mark.parametrize(
    ("new", "refused"),
    [
        ({"label": "HP", "type": "phone"}, []),
        ({"label": "Nomor telepon", "type": "phone"}, ["~LooksRenamed"]),
        ({"label": "Nomor telepon", "type": "text"}, []),
    ],
)
def test_a_field_looks_renamed_by_kind_and_name(new: dict[str, str], refused: list[str]) -> None:
    assert kinds(plan({f"{RESIDENT}/phone": None, f"{RESIDENT}/mobile": new}).refused) == refused


def test_a_step_that_looks_renamed_is_named_with_both_ids() -> None:
    steps = json.loads(small_schema().canonical())["sops"]["pbi"]["steps"]
    new = {"register": steps["register"], "home": steps["visit"], "close": steps["close"]}
    (told,) = plan({"sops/pbi/steps": new}).refused
    assert isinstance(told, changes.LooksRenamed)
    assert (told.was, told.key, told.owner) == ("visit", "home", "pbi")


def test_a_renamed_step_is_told_without_its_fields() -> None:
    steps = json.loads(small_schema().canonical())["sops"]["pbi"]["steps"]
    new = {
        "register": steps["register"],
        "home-visit": {**steps["visit"], "was": "visit"},
        "close": steps["close"],
    }
    assert kinds(plan({"sops/pbi/steps": new}).changes) == ["=SopChanged", ">StepRenamed"]


def test_a_removed_step_without_answers_is_only_a_new_version() -> None:
    first = {"sops/pbi/steps/papers": PAPERS}
    assert kinds(plan({"sops/pbi/steps/papers": None}, first=first).changes) == ["=SopChanged"]


def test_templates_are_compared_by_name() -> None:
    schema = small_schema()
    before, after = {"a": "1", "b": "1", "c": "1"}, {"b": "2", "c": "1", "d": "1"}
    found = diff(schema, schema, templates_before=before, templates_after=after)
    assert kinds(found.changes) == ["-TemplateRemoved", "~TemplateChanged", "+TemplateAdded"]


def test_details_quote_what_was_and_what_becomes() -> None:
    said = text(plan({"sops/pbi/steps/register/within": "2 working days"}))
    assert said.splitlines()[:2] == [
        '= SOP "PBI-JK" (pbi) mendapat versi baru; kasus berjalan tetap pada versinya',
        '    ~ steps.register.within: "1 working day" menjadi "2 working days"',
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", changes.KINDS.values())
def test_every_change_has_words(language: str, kind: type[changes.Change]) -> None:
    with speaking(language):
        assert next(example(kind).lines()).startswith(f"{kind.sign} ")


def example(kind: type[changes.Change]) -> changes.Change:
    """Returns a change of a kind with made-up values, read from JSON as a Release keeps it."""
    detail = {"path": "label", "before": "A", "after": "B", "order": False}
    values = {**dict.fromkeys(kind.__dataclass_fields__, "x"), "counts": [{"what": "rows", "number": 2}]}
    return changes.from_json(
        {
            **values,
            "kind": kind.__name__,
            "section": "sops",
            "details": [detail],
            "count": 1,
            "rows": [{"key": 1, "value": "x"}],
        }
    )


def test_words_name_every_section() -> None:
    for section in ("office", *SECTIONS):
        assert all(f"section-{section}" in words for words in LANGUAGES.values())


def test_a_plan_comes_back_from_its_json() -> None:
    found = plan({"records/asset": ASSET, f"{RESIDENT}/phone": None, f"{RESIDENT}/name/label": "N"})
    assert from_json(json.loads(json.dumps(as_json(found)))) == found


def test_an_added_field_comes_back_from_its_json() -> None:
    found = plan({f"{RESIDENT}/note": TEXT})
    assert from_json(json.loads(json.dumps(as_json(found)))) == found


def test_digest_follows_both_states_and_the_templates() -> None:
    schema, other = small_schema(), small_schema({"records/asset": ASSET})
    assert len({between(a, b).digest for a in (None, schema, other) for b in (schema, other)}) == 6
    assert fingerprint(schema, {}) != fingerprint(schema, {"a.html": ""})


@settings(max_examples=40, deadline=None)
@given(pairs())
def test_plan_is_empty_just_when_nothing_differs(pair: tuple[Schema, Schema]) -> None:
    before, after = pair
    assert between(before, after).empty == (before.canonical() == carried(before, after).canonical())
    assert between(after, after).empty
    assert between(before, after).refused == ()
    assert text(between(before, after)) == text(between(before, after))


def test_an_added_field_is_read_back_from_a_release() -> None:
    plan = diff(
        small_schema(), small_schema({f"{RESIDENT}/note": TEXT}), templates_before={}, templates_after={}
    )
    assert from_json(json.loads(json.dumps(as_json(plan)))) == plan
