from __future__ import annotations

import json

import pytest
from schemas import small_schema
from small import SCHEMA

from portal.places import Places, centre_for, district_centre_for

CENTRE = json.loads(SCHEMA.canonical())["office"]["centres"]["madani"]
OFFICES = small_schema(
    {
        "office/centres/slrt": {**CENTRE, "level": "district", "area": "18.10"},
        "office/centres/ambarawa": {**CENTRE, "level": "subdistrict", "area": "18.10.03"},
        "areas/18.10.03.1001": "Contoh",
        "areas/18.72": "Metro",
    }
)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("18.10.03.2007", "Desa Margodadi, Kec. Ambarawa, Kabupaten Pringsewu"),
        ("18.10.03.1001", "Kelurahan Contoh, Kec. Ambarawa, Kabupaten Pringsewu"),
        ("18.10.03", "Kec. Ambarawa, Kabupaten Pringsewu"),
        ("18.10", "Kabupaten Pringsewu"),
        ("18.72", "Kota Metro"),
        ("18", "Provinsi Lampung"),
        ("32.01.01.2001", "32.01.01.2001"),
    ],
)
def test_full_name_says_the_kinds(code: str, name: str) -> None:
    assert Places(OFFICES).full_name(code) == name


def test_parts_name_the_way_to_a_village() -> None:
    parts = Places(OFFICES).parts("18.10.03.2007")
    assert (parts.village_kind, parts.village, parts.subdistrict) == ("Desa", "Margodadi", "Ambarawa")
    assert (parts.regency, parts.province) == ("Kabupaten Pringsewu", "Lampung")


def test_parts_end_where_the_code_ends() -> None:
    parts = Places(OFFICES).parts("18.10")
    assert (parts.village, parts.village_kind, parts.subdistrict) == ("", "", "")


@pytest.mark.parametrize(
    ("area", "centre"),
    [
        ("18.10.03.2007", "madani"),
        ("18.10.03.2008", "ambarawa"),
        ("18.10.04.2001", "slrt"),
        ("18.100.03", None),
        ("32.01", None),
    ],
)
def test_the_closest_office_serves_an_area(area: str, centre: str | None) -> None:
    assert centre_for(OFFICES, area) == centre


def test_the_districts_office_serves_every_village() -> None:
    assert district_centre_for(OFFICES, "18.10.03.2007") == "slrt"
    assert district_centre_for(SCHEMA, "18.10.03.2007") is None
