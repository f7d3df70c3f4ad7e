from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from portal import steps
from portal.conditions import evaluate
from portal.fields import AnyField, Value
from portal.models import answer_column
from portal.steps import (
    AnyStep,
    CloseCase,
    DocumentsStep,
    Effect,
    IssueLetter,
    Lists,
    OpenReferral,
    RecordReply,
    StepType,
    WriteRecord,
)
from portal.words import LANGUAGES, speaking

KINDS: tuple[type[StepType], ...] = get_args(get_args(AnyStep)[0])
ADAPTER: TypeAdapter[StepType] = TypeAdapter(AnyStep)
FIELDS: TypeAdapter[object] = TypeAdapter(AnyField)
LISTS = Lists(destinations={"dinsos": "Dinas Sosial", "bpjs": "BPJS"}, outcomes={"met": "Terpenuhi"})


def kind_of(kind: type[StepType]) -> str:
    return str(get_args(kind.model_fields["type"].annotation)[0])


def made(kind: type[StepType], **raw: object) -> StepType:
    """Returns a step of a kind as YAML declares it, what is required from the examples of its attributes."""
    required = {
        name: attribute.examples[0]
        for name, attribute in kind.model_fields.items()
        if attribute.is_required() and attribute.examples
    }
    return ADAPTER.validate_python({**required, "type": kind_of(kind), "label": "Langkah", **raw})


def step(**raw: object) -> StepType:
    return ADAPTER.validate_python({"label": "Langkah", **raw})


def answers_of(each: StepType) -> Mapping[str, Value]:
    return {key: field.sample() for key, field in each.answer_fields(LISTS).items()}


def nothing(path: str) -> object:
    return None


each_kind = pytest.mark.parametrize("each", [pytest.param(made(kind), id=kind_of(kind)) for kind in KINDS])


def test_types_are_unique() -> None:
    assert len({kind_of(kind) for kind in KINDS}) == len(KINDS)


def test_every_file_of_the_drawer_is_a_member() -> None:
    folder = Path(steps.__file__).parent
    files = {file.stem.replace("_", "-") for file in folder.glob("*.py")} - {"base", "--init--"}
    assert files == {kind_of(kind) for kind in KINDS}


@each_kind
def test_attributes_of_the_language_are_described(each: StepType) -> None:
    assert [
        name for name, it in type(each).model_fields.items() if name != "type" and not it.description
    ] == []


@each_kind
def test_definition_survives_json(each: StepType) -> None:
    assert ADAPTER.validate_json(each.model_dump_json(exclude_defaults=True)) == each


@each_kind
def test_an_unknown_key_is_refused(each: StepType) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        made(type(each), colour="red")


@each_kind
def test_own_fields_could_stand_in_yaml(each: StepType) -> None:
    for key, field in each.own_fields(LISTS).items():
        assert FIELDS.validate_json(field.model_dump_json(exclude_defaults=True)) == field
        assert answer_column("step", key).isidentifier()


@each_kind
def test_own_fields_are_the_same_in_each_language(each: StepType) -> None:
    found = []
    for language in LANGUAGES:
        with speaking(language):
            own = each.own_fields(LISTS)
        assert all(field.label for field in own.values())
        found.append([(key, field.type, [o.value for o in field.options()]) for key, field in own.items()])  # type: ignore[attr-defined]
    assert found[1:] == found[:-1]


@each_kind
def test_a_declared_field_takes_the_place_of_its_own(each: StepType) -> None:
    own = each.own_fields(LISTS)
    mine = made(type(each), fields={key: {"type": "text", "label": "Lain"} for key in ("extra", *own)})
    assert list(mine.answer_fields(LISTS)) == [*own, "extra"]
    assert {field.label for field in mine.answer_fields(LISTS).values()} == {"Lain"}


@each_kind
def test_effects_are_plain_values_that_repeat(each: StepType) -> None:
    effects = each.effects(answers_of(each))
    assert all(isinstance(effect, get_args(Effect)) for effect in effects)
    assert effects == each.effects(answers_of(each))


@each_kind
def test_a_step_leads_where_it_says(each: StepType) -> None:
    leads = each.leads(answers_of(each), nothing)
    assert leads.to in each.targets() or (leads.to is None and (each.falls_through() or each.final))


@each_kind
def test_go_is_a_way_on(each: StepType) -> None:
    if each.final or each.automatic:
        return
    mine = made(type(each), go="elsewhere")
    assert "elsewhere" in mine.targets()
    assert not mine.falls_through()


@each_kind
def test_an_automatic_step_asks_nothing(each: StepType) -> None:
    assert not (each.automatic and each.answer_fields(LISTS))


@each_kind
def test_a_final_step_does_not_fall_through(each: StepType) -> None:
    assert not (each.final and each.falls_through())
    assert each.final == any(isinstance(effect, CloseCase) for effect in each.effects(answers_of(each)))


def test_decision_takes_the_first_branch_that_holds() -> None:
    decision = step(
        type="decision",
        choose=[
            {"when": {"registry.decile": "1..5"}, "go": "referral", "says": "Desil sesuai"},
            {"when": {"register.reason": "emergency"}, "go": "urgent"},
        ],
        otherwise="visit",
    )
    for values, to, why in (
        ({"registry.decile": 3, "register.reason": "emergency"}, "referral", "Desil sesuai"),
        ({"registry.decile": 8, "register.reason": "emergency"}, "urgent", ""),
        ({"register.reason": "emergency"}, "urgent", ""),
        ({}, "visit", ""),
    ):
        leads = decision.leads({}, values.get)
        assert (leads.to, leads.why) == (to, why)
    assert decision.targets() == ("referral", "urgent", "visit")


def test_decision_without_a_way_out_does_not_load() -> None:
    with pytest.raises(ValidationError, match="otherwise"):
        step(type="decision", choose=[{"when": {"a.b": "c"}, "go": "d"}])


@pytest.mark.parametrize(("verdict", "to"), [("approved", None), ("returned", "draft")])
def test_approval_leads_on_or_back(verdict: str, to: str | None) -> None:
    approval = step(type="approval", returned="draft")
    assert approval.leads({"verdict": verdict}, nothing).to == to
    assert approval.targets() == ("draft",)
    assert approval.falls_through()


def test_referral_issues_its_letter_and_opens() -> None:
    referral = step(type="referral", letter="sr", reply_within="5 working days")
    issued, opened = referral.effects({"destination": "bpjs"})
    assert issued == IssueLetter(letter="sr", destination="bpjs")
    assert isinstance(opened, OpenReferral)
    assert (opened.destination, str(opened.reply_within)) == ("bpjs", "5 working days")


def test_referral_offers_the_destinations_of_the_office() -> None:
    chosen = step(type="referral", letter="sr").own_fields(LISTS)["destination"]
    assert [option.label for option in chosen.options()] == ["Dinas Sosial", "BPJS"]


@pytest.mark.parametrize(("party", "asks"), [("agency", True), ("resident", False), ("register", False)])
def test_only_an_agency_replies(party: str, asks: bool) -> None:
    wait = step(type="wait", waits_for=party)
    assert ("reply" in wait.own_fields(LISTS)) == asks
    assert wait.effects({"reply": "accepted"}) == ((RecordReply(reply="accepted"),) if asks else ())


def test_visit_writes_its_record() -> None:
    answers: dict[str, Value] = {"visited_on": datetime.date(2026, 11, 4), "findings": "Layak"}
    assert step(type="visit").effects(answers) == ()
    assert step(type="visit", record="visit").effects(answers) == (
        WriteRecord(record="visit", values=answers),
    )


def test_outcome_closes_with_what_was_chosen() -> None:
    assert step(type="outcome").effects({"outcome": "met"}) == (CloseCase(outcome="met"),)
    offered = step(type="outcome", outcomes=["met", "gone"]).own_fields(LISTS)["outcome"]
    assert [option.label for option in offered.options()] == ["Terpenuhi", "gone"]


def test_document_needs_have_short_forms() -> None:
    documents = step(
        type="documents",
        documents={"ktp": "required", "kk": "optional", "photo": {"required_when": {"a.b": "c"}}},
    )
    assert isinstance(documents, DocumentsStep)
    assert [need.required for need in documents.documents.values()] == [True, False, False]
    when = documents.documents["photo"].required_when
    assert when is not None
    assert evaluate(when, {"a.b": "c"}).answer == "yes"


def test_decisions_and_branches_are_the_automatic_steps() -> None:
    assert {kind.__name__ for kind in KINDS if kind.automatic} == {"DecisionStep", "ParallelStep"}
