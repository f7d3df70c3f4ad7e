"""What a NIK says beside what is typed: birth date, sex, where it was issued; it warns and never blocks."""

from __future__ import annotations

import pytest
from small import NOW
from villages import ground

from portal.admin.desk.asked import person_fields
from portal.admin.desk.hints import first_registered, mismatches
from portal.admin.desk.prefill import prefill
from portal.admin.forms import Form
from portal.facts import today
from portal.fields import Value

WOMAN, MAN = "1810035408949901", "1810031408949902"
OLD, LEAP = "1810035408349903", "1810036902009904"


def form(**typed: Value) -> Form:
    return Form.filled(person_fields(ground().schema), typed)


def born(form: Form) -> tuple[str, ...]:
    return form.entries["birth_date"].raw


@pytest.mark.parametrize(
    ("nik", "date", "sex"),
    [
        (WOMAN, ("14", "8", "1994"), "female"),
        (MAN, ("14", "8", "1994"), "male"),
        (OLD, ("14", "8", "1934"), "female"),  # 2034 has not come yet
        (LEAP, ("29", "2", "2000"), "female"),  # 1900 had no such day
        ("1810031408129905", ("14", "8", "2012"), "male"),
    ],
)
def test_nik_fills_birth_date_and_sex(nik: str, date: tuple[str, ...], sex: str) -> None:
    person = form(nik=nik)
    assert prefill(ground().schema, person, "", today(ground().schema, NOW))
    assert born(person) == date
    assert person.entries["sex"].text == sex
    assert mismatches(person) == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"nik": WOMAN, "birth_date": "15-8-1994"}, ("14 Agustus 1994",)),
        ({"nik": WOMAN, "sex": "male"}, ("perempuan",)),
        ({"nik": MAN, "sex": "female"}, ("laki-laki",)),
        ({"nik": MAN, "sex": "female", "birth_date": "1-1-1990"}, ("14 Agustus 1994", "laki-laki")),
        ({"nik": OLD, "birth_date": "14-8-2034"}, ()),  # either century may be meant
        ({"nik": OLD, "birth_date": "14-8-1934", "sex": "female"}, ()),
        ({"nik": WOMAN}, ()),
        ({"birth_date": "15-8-1994", "sex": "male"}, ()),
        ({"nik": "123", "sex": "male"}, ()),
        ({"nik": WOMAN, "birth_date": "besok"}, ()),
    ],
)
def test_what_a_nik_says_otherwise_is_told(typed: dict[str, str], words: tuple[str, ...]) -> None:
    person = form()
    for name, text in typed.items():
        entry = person.entries[name]
        person.entries[name] = type(entry)(name=name, field=entry.field, raw=(text,))
    told = mismatches(person)
    assert len(told) == len(words)
    assert all(each in sentence for each, sentence in zip(words, told, strict=True))


@pytest.mark.parametrize(
    ("nik", "place"), [(WOMAN, "Ambarawa"), ("9912345408949901", ""), ("", ""), ("12", "")]
)
def test_nik_tells_where_it_was_first_issued(nik: str, place: str) -> None:
    told = first_registered(form(nik=nik), ground().places)
    assert (place in told) if place else told == ""
