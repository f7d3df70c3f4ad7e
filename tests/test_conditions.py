from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from portal.conditions import (
    MISSING,
    All,
    Any_,
    Comparison,
    Condition,
    ConditionError,
    ConditionField,
    Not,
    OneOf,
    Presence,
    Range,
    Than,
    dump,
    evaluate,
    parse,
    paths,
    sentence,
)
from portal.words import LANGUAGES, speaking


def one(path: str, *values: str) -> Comparison:
    return Comparison(path=path, test=OneOf(values=values))


READ = (
    ({"a.b": "emergency"}, one("a.b", "emergency")),
    ({"a": ["x", "y"]}, one("a", "x", "y")),
    ({"a": ["1..5"]}, one("a", "1..5")),
    ({"a": ["present"]}, one("a", "present")),
    ({"a": 5}, one("a", "5")),
    ({"a": True}, one("a", "true")),
    ({"a": "1..5"}, Comparison(path="a", test=Range(low="1", high="5"))),
    ({"a": "-1.5 .. 0"}, Comparison(path="a", test=Range(low="-1.5", high="0"))),
    ({"a": "2026-01-01..2026-12-31"}, Comparison(path="a", test=Range(low="2026-01-01", high="2026-12-31"))),
    ({"a": ">= 60"}, Comparison(path="a", test=Than(sign=">=", bound="60"))),
    ({"a": "<2026-07-01"}, Comparison(path="a", test=Than(sign="<", bound="2026-07-01"))),
    ({"a": "!= moved away"}, Comparison(path="a", test=Than(sign="!=", bound="moved away"))),
    ({"a": "present"}, Comparison(path="a", test=Presence(present=True))),
    ({"a": "absent"}, Comparison(path="a", test=Presence(present=False))),
    ({"a": "x", "b": "y"}, All((one("a", "x"), one("b", "y")))),
    ({"all": [{"a": "x"}]}, All((one("a", "x"),))),
    ({"any": [{"a": "x"}, {"a": "y"}]}, Any_((one("a", "x"), one("a", "y")))),
    ({"not": {"a": "x"}}, Not(one("a", "x"))),
    ({"a": "x", "any": [{"b": "y"}]}, All((one("a", "x"), Any_((one("b", "y"),))))),
)


@pytest.mark.parametrize(("raw", "condition"), READ)
def test_parse_reads(raw: object, condition: Condition) -> None:
    assert parse(raw) == condition
    assert parse(json.loads(json.dumps(dump(condition)))) == condition


@pytest.mark.parametrize(
    ("raw", "code", "where"),
    [
        (None, "condition-form", ()),
        ("a", "condition-form", ()),
        ([{"a": "x"}], "condition-form", ()),
        ({}, "condition-empty", ()),
        ({"all": []}, "condition-empty", ("all",)),
        ({"a": []}, "condition-empty", ("a",)),
        ({"any": {"a": "x"}}, "condition-list", ("any",)),
        ({"any": [{"a": "x"}, "b"]}, "condition-form", ("any", 1)),
        ({"not": [{"a": "x"}]}, "condition-form", ("not",)),
        ({"A b": "x"}, "condition-path", ("A b",)),
        ({"a..b": "x"}, "condition-path", ("a..b",)),
        ({7: "x"}, "condition-path", ("7",)),
        ({"a": {"b": "x"}}, "condition-test", ("a",)),
        ({"a": None}, "condition-test", ("a",)),
        ({"a": "  "}, "condition-test", ("a",)),
        ({"a": ["x", ["y"]]}, "condition-test", ("a", 1)),
        ({"a": "1..x"}, "condition-range", ("a",)),
        ({"a": "1.."}, "condition-range", ("a",)),
        ({"a": "1...5"}, "condition-range", ("a",)),
        ({"a": "1..2026-01-01"}, "condition-range", ("a",)),
        ({"a": "2026-02-30..2026-03-01"}, "condition-range", ("a",)),
        ({"a": "5..1"}, "condition-range-backwards", ("a",)),
        ({"a": ">= old"}, "condition-bound", ("a",)),
        ({"a": "!="}, "condition-bound", ("a",)),
        ({"all": [{"a": "x"}, {"not": {"b": "5..1"}}]}, "condition-range-backwards", ("all", 1, "not", "b")),
    ],
)
def test_parse_refuses(raw: object, code: str, where: tuple[str | int, ...]) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(raw)
    assert (caught.value.code, caught.value.where) == (code, where)
    for words in LANGUAGES.values():
        assert words[code].format(**caught.value.values)
        assert words[f"{code}-hint"].format(**caught.value.values)


def test_parse_refuses_endless_nesting() -> None:
    raw: dict[str, object] = {"a": "x"}
    for _ in range(5000):
        raw = {"not": raw}
    with pytest.raises(ConditionError) as caught:
        parse(raw)
    assert caught.value.code == "condition-deep"


def test_paths_are_named_once() -> None:
    assert paths(parse({"b": "x", "any": [{"a.c": "1..5"}, {"not": {"b": "y"}}]})) == ("b", "a.c")


ANSWERS: tuple[tuple[object, object, str], ...] = (
    ("emergency", "emergency", "yes"),
    ("emergency", "chronic", "no"),
    (["a", "b"], "b", "yes"),
    (["a", "b"], "c", "no"),
    ("a", ["c", "a"], "yes"),  # several choices: one of them suffices
    ("a", ("b", "c"), "no"),
    ("a", frozenset({"a"}), "yes"),
    ("5", 5, "yes"),
    ("5", Decimal("5.00"), "yes"),
    ("5", 5.0, "yes"),
    ("5", "5", "yes"),
    ("18.10", "18.1", "no"),  # a text is its characters: an area code is no number
    ("true", True, "yes"),
    ("true", False, "no"),
    ("2026-11-02", date(2026, 11, 2), "yes"),
    ("1..5", 1, "yes"),
    ("1..5", "5", "yes"),
    ("1..5", Decimal("5.01"), "no"),
    ("1..5", 0, "no"),
    ("1..5", [7, 3], "yes"),
    ("2026-01-01..2026-12-31", "2026-12-31", "yes"),
    ("2026-01-01..2026-12-31", date(2027, 1, 1), "no"),
    (">= 60", 60, "yes"),
    ("> 60", 60, "no"),
    ("<= 60", "59.9", "yes"),
    ("< 2026-07-01", "2026-06-30", "yes"),
    ("!= moved", "here", "yes"),
    ("!= moved", "moved", "no"),
    ("!= moved", ["here", "moved"], "no"),
    ("!= 5", 5, "no"),
    ("present", "x", "yes"),
    ("present", None, "no"),
    ("absent", MISSING, "yes"),
    ("absent", 0, "no"),
    ("absent", False, "no"),
    # what is missing, or no number or date, is unknown
    ("x", None, "unknown"),
    ("x", MISSING, "unknown"),
    ("x", " ", "unknown"),
    ("x", [], "unknown"),
    ("!= x", None, "unknown"),
    ("1..5", None, "unknown"),
    ("1..5", "many", "unknown"),
    (">= 60", "2026-01-01", "unknown"),
    (">= 60", True, "unknown"),
    (">= 60", float("nan"), "unknown"),
)


@pytest.mark.parametrize(("test", "value", "answer"), ANSWERS)
def test_comparison_answers(test: object, value: object, answer: str) -> None:
    outcome = evaluate(parse({"a.b": test}), {"a.b": value})
    assert (outcome.answer, outcome.missing) == (answer, ("a.b",) if answer == "unknown" else ())


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ({"all": [{"yes": "1"}, {"open": "1"}]}, "unknown"),
        ({"all": [{"no": "1"}, {"open": "1"}]}, "no"),
        ({"any": [{"yes": "1"}, {"open": "1"}]}, "yes"),
        ({"any": [{"no": "1"}, {"open": "1"}]}, "unknown"),
        ({"not": {"open": "1"}}, "unknown"),
        ({"not": {"no": "1"}}, "yes"),
    ],
)
def test_groups_join_three_values(raw: object, answer: str) -> None:
    assert evaluate(parse(raw), {"yes": "1", "no": "0"}).answer == answer


def test_no_gives_every_failing_reason() -> None:
    condition = parse({"decile": "1..5", "age": ">= 60", "area": "18.10", "kin": "absent"})
    outcome = evaluate(condition, {"decile": 7, "age": 40, "area": "18.10"})
    assert [reason.path for reason in outcome.because] == ["decile", "age"]
    assert [reason.held for reason in outcome.reasons] == ["no", "no", "yes", "yes"]


def test_unknown_names_only_what_would_decide() -> None:
    condition = parse({"all": [{"any": [{"a": "1"}, {"b": "1"}]}, {"any": [{"c": "1"}, {"d": "1"}]}]})
    outcome = evaluate(condition, {"a": "1", "c": "0"})
    assert (outcome.answer, outcome.missing) == ("unknown", ("d",))


@pytest.mark.parametrize("values", [{"registry.decile": 3}, {"registry": {"decile": 3}}])
def test_values_are_flat_or_nested(values: Mapping[str, object]) -> None:
    assert evaluate(parse({"registry.decile": "1..5"}), values).answer == "yes"


def test_values_may_be_a_function() -> None:
    assert evaluate(parse({"registry.decile": "1..5"}), lambda path: len(path)).answer == "no"


LABELS = {"registry.decile": "Desil", "register.reason": "Alasan", "resident.born": "Tanggal lahir"}
SHOWN = {"emergency": "Darurat medis", "chronic": "Penyakit kronis"}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (
            {"registry.decile": "1..5", "register.reason": "emergency"},
            "Desil 1 sampai 5 dan Alasan adalah Darurat medis",
        ),
        ({"register.reason": ["emergency", "chronic"]}, "Alasan adalah Darurat medis atau Penyakit kronis"),
        ({"registry.decile": "<= 5"}, "Desil paling banyak 5"),
        ({"registry.decile": "!= 5"}, "Desil bukan 5"),
        ({"resident.born": "< 1966-11-02"}, "Tanggal lahir sebelum 1966-11-02"),
        ({"not": {"register.reason": "emergency"}}, "Alasan bukan Darurat medis"),
        ({"not": {"register.reason": "present"}}, "Alasan belum terisi"),
        ({"not": {"registry.decile": "1..5"}}, "tidak memenuhi (Desil 1 sampai 5)"),
        (
            {
                "registry.decile": "1..5",
                "any": [{"register.reason": "chronic"}, {"resident.born": "present"}],
            },
            "Desil 1 sampai 5 dan (Alasan adalah Penyakit kronis atau Tanggal lahir terisi)",
        ),
    ],
)
def test_sentence_reads_as_people_say_it(raw: object, words: str) -> None:
    assert sentence(parse(raw), LABELS.__getitem__, lambda _, value: SHOWN.get(value, value)) == words


class Branch(BaseModel):
    model_config = ConfigDict(frozen=True)
    when: ConditionField
    unless: ConditionField | None = None


def test_model_reads_and_writes_the_tree() -> None:
    branch = Branch.model_validate({"when": {"a": "1..5", "not": {"b": "x"}}})
    assert branch.model_dump(mode="json") == {
        "when": {"all": [{"a": "1..5"}, {"not": {"b": "x"}}]},
        "unless": None,
    }
    assert Branch.model_validate_json(branch.model_dump_json()) == branch
    assert Branch(when=branch.when) == branch


def test_model_error_carries_code_values_and_place() -> None:
    with pytest.raises(ValidationError) as caught:
        Branch.model_validate({"when": {"all": [{"a": "5..1"}]}})
    (error,) = caught.value.errors()
    assert (error["type"], error["loc"]) == ("condition-range-backwards", ("when",))
    assert error["ctx"] == {"value": "5..1", "low": "1", "high": "5", "where": ("all", 0, "a")}


def test_model_describes_conditions_to_editors() -> None:
    described = Branch.model_json_schema()["properties"]["when"]
    assert set(described["properties"]) == {"all", "any", "not"}
    assert described["additionalProperties"]["anyOf"][1]["type"] == "array"


NAMES = st.sampled_from(["a", "b", "c.d", "e.f-g"])
NUMBERS = st.integers(-50, 50)
TEXTS = st.sampled_from(["x", "y", "3", "present", "1..5", ">= 2", "true", "2026-11-02", "!="])
TESTS = st.one_of(
    st.lists(TEXTS, min_size=1, max_size=3).map(lambda values: OneOf(values=tuple(values))),
    st.tuples(NUMBERS, NUMBERS).map(lambda ends: Range(low=str(min(ends)), high=str(max(ends)))),
    st.builds(Than, sign=st.sampled_from(["<", "<=", ">", ">=", "!="]), bound=NUMBERS.map(str)),
    st.builds(Presence, present=st.booleans()),
)


def groups(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(parts.map(All), parts.map(Any_), inner.map(Not))


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.builds(Comparison, path=NAMES, test=TESTS), groups, max_leaves=8
)
VALUES = st.dictionaries(
    NAMES, st.one_of(st.none(), TEXTS, NUMBERS, st.booleans(), st.lists(TEXTS, max_size=2)), max_size=4
)
JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(NAMES, st.sampled_from(["all", "any", "not"]), st.text(max_size=4)), inner),
    ),
    max_leaves=12,
)


@given(CONDITIONS)
def test_dump_is_read_back(condition: Condition) -> None:
    assert parse(json.loads(json.dumps(dump(condition)))) == condition


@given(JUNK)
def test_junk_is_refused_or_round_trips(raw: object) -> None:
    try:
        condition = parse(raw)
    except ConditionError:
        return
    assert parse(dump(condition)) == condition
    assert evaluate(condition, {}).answer in {"yes", "no", "unknown"}


@given(CONDITIONS, CONDITIONS, VALUES)
def test_de_morgan_holds(a: Condition, b: Condition, values: Mapping[str, object]) -> None:
    either = (Not(All((a, b))), Any_((Not(a), Not(b))))
    both = (Not(Any_((a, b))), All((Not(a), Not(b))))
    assert len({evaluate(condition, values).answer for condition in either}) == 1
    assert len({evaluate(condition, values).answer for condition in both}) == 1


@given(CONDITIONS, VALUES)
def test_unknown_always_names_what_is_missing(condition: Condition, values: Mapping[str, object]) -> None:
    outcome = evaluate(condition, values)
    assert (outcome.answer == "unknown") == bool(outcome.missing)
    assert set(outcome.missing) <= set(paths(condition))
    assert all(reason in outcome.reasons for reason in outcome.because)


@given(CONDITIONS, VALUES, NAMES, st.one_of(TEXTS, NUMBERS))
def test_known_answers_stay_when_more_is_known(
    condition: Condition, values: Mapping[str, object], name: str, value: object
) -> None:
    presence = any(f'"{word}"' in json.dumps(dump(condition)) for word in ("present", "absent"))
    before = evaluate(condition, values)
    if not presence and before.answer != "unknown" and values.get(name) in (None, "", []):
        assert evaluate(condition, {**values, name: value}).answer == before.answer


@given(CONDITIONS)
def test_sentence_names_every_label(condition: Condition) -> None:
    for language in LANGUAGES:
        with speaking(language):
            words = sentence(condition, lambda path: f"<{path}>", lambda _, value: value)
        assert all(f"<{path}>" in words for path in paths(condition))
