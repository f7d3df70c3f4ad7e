"""Forms of field types: what was sent, what it means, what is kept."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter
from starlette.datastructures import FormData

from portal.admin.forms import Form
from portal.fields import AnyField, FieldType

FIELD: TypeAdapter[FieldType] = TypeAdapter(AnyField)
FIELDS = {
    "name": FIELD.validate_python({"type": "text", "label": "Nama", "required": True}),
    "nik": FIELD.validate_python({"type": "nik", "label": "NIK", "sensitive": True}),
    "born": FIELD.validate_python({"type": "date", "label": "Lahir"}),
    "aid": FIELD.validate_python(
        {"type": "choices", "label": "Bantuan", "choices": {"pkh": "PKH", "pbi": "PBI"}}
    ),
    "sex": FIELD.validate_python({"type": "choice", "label": "JK", "choices": {"m": "L", "f": "P"}}),
}


def sent(*pairs: tuple[str, str]) -> FormData:
    return FormData(list(pairs))


def test_form_reads_what_was_sent() -> None:
    data = sent(
        ("name", " Siti  A "), ("born", "2"), ("born", "1"), ("born", "1990"), ("aid", ""), ("aid", "pbi")
    )
    form = Form.submitted(FIELDS, data)
    assert form.valid
    assert form.values["name"] == "Siti A"
    assert str(form.values["born"]) == "1990-01-02"
    assert form.values["aid"] == ("pbi",)


def test_field_that_was_not_sent_is_not_among_the_values() -> None:
    form = Form.submitted(FIELDS, sent(("name", "Siti")), {"born": None, "sex": "f"})
    assert form.values == {"name": "Siti"}
    assert form.entries["sex"].raw == ("f",)


def test_nothing_ticked_clears_a_field() -> None:
    assert (
        Form.submitted(FIELDS, sent(("name", "Siti"), ("aid", "")), {"aid": ("pkh",)}).values["aid"] is None
    )


@pytest.mark.parametrize("data", [sent(("name", "  ")), sent()])
def test_required_field_must_have_a_value(data: FormData) -> None:
    form = Form.submitted(FIELDS, data)
    assert [entry.name for entry in form.errors] == ["name"]
    assert "Nama" in str(form.errors[0].error)


def test_required_field_that_was_not_sent_keeps_its_value() -> None:
    assert Form.submitted(FIELDS, sent(), {"name": "Siti"}).valid


def test_unreadable_text_stays_as_it_was_typed() -> None:
    form = Form.submitted(FIELDS, sent(("name", "Siti"), ("nik", "123")))
    assert form.entries["nik"].text == "123"
    assert form.entries["nik"].error
    assert "nik" not in form.values


def test_masked_field_is_never_read() -> None:
    form = Form.submitted(FIELDS, sent(("nik", "1810035408949901")), {"name": "S"}, {"nik": "masked"})
    assert "nik" not in form.values
    assert form.valid


def test_hidden_field_has_no_entry() -> None:
    assert "nik" not in Form.filled(FIELDS, {"nik": "1810035408949901"}, {"nik": "hidden"}).entries


def test_filled_form_gives_its_values_back() -> None:
    data = sent(
        ("name", "Siti"), ("born", "2"), ("born", "1"), ("born", "1990"), ("aid", "pkh"), ("sex", "f")
    )
    values = Form.submitted(FIELDS, data).values
    again = [(name, raw) for name, entry in Form.filled(FIELDS, values).entries.items() for raw in entry.raw]
    assert Form.submitted(FIELDS, sent(*again)).values == values
