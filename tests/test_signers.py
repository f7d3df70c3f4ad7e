"""Who signs a letter on a day, and how the posts above the name are printed: a.n., u.b., Plt., Plh., Pj."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from portal.letters.parts import signer_parts
from portal.schema import Centre, Letter

DAY = date(2026, 11, 10)
HEAD, SECRETARY, FIELD = "Kepala Dinas Sosial", "Sekretaris", "Kepala Bidang Jaminan Sosial"
PLH = {"prefix": "Plh.", "name": "Lestari Contoh", "since": date(2026, 11, 2), "until": date(2026, 11, 20)}
PLT = {"prefix": "Plt.", "name": "Yuni Contoh", "since": date(2026, 11, 21)}


def signed(officers: Mapping[str, Mapping[str, Any]], day: date = DAY, *, by: str = "head") -> dict[str, Any]:
    """Returns the one who signs as an officer of an office with some officers."""
    letterhead = {"lines": ("PEMERINTAH",), "name": "DINAS", "address": "Jalan Contoh"}
    centre = Centre.model_validate(
        {"label": "Dinas", "level": "district", "area": "18.10", "unit": "D", "place": "P"}
        | {"letterhead": letterhead, "officers": officers}
    )
    letter = Letter.model_validate(
        {"label": "Surat", "form": "titled", "template": "a.html", "signers": [{"officer": by}]}
    )
    (said,) = signer_parts(letter, centre, day)
    return said


def head(**more: object) -> dict[str, Any]:
    return {"post": HEAD, "name": "Hadi Contoh", "nip": "190001011925011001", **more}


def test_officer_signs_in_their_own_name() -> None:
    said = signed({"head": head()})
    assert said == {
        "role": "main",
        "prefix": "",
        "post": HEAD,
        "own_post": HEAD,
        "name": "Hadi Contoh",
        "rank": None,
        "nip": "190001011925011001",
    }


@pytest.mark.parametrize(
    ("day", "prefix", "name"),
    [
        (date(2026, 11, 1), "", "Hadi Contoh"),
        (date(2026, 11, 2), "Plh.", "Lestari Contoh"),
        (date(2026, 11, 20), "Plh.", "Lestari Contoh"),
        (date(2026, 11, 21), "Plt.", "Yuni Contoh"),
        (date(2027, 8, 17), "Plt.", "Yuni Contoh"),
    ],
)
def test_deputy_signs_from_the_first_day_to_the_last(day: date, prefix: str, name: str) -> None:
    said = signed({"head": head(deputies=(PLH, PLT))}, day)
    assert (said["prefix"], said["post"], said["name"]) == (prefix, HEAD, name)
    assert said["own_post"] == f"{prefix} {HEAD}".strip()


def test_deputy_without_a_number_does_not_print_that_of_the_officer() -> None:
    said = signed({"head": head(deputies=(PLH,))})
    assert (said["name"], said["nip"], said["rank"]) == ("Lestari Contoh", None, None)


@pytest.mark.parametrize("prefix", ["Plt.", "Plh.", "Pj."])
def test_post_without_end_has_its_word_before_it(prefix: str) -> None:
    said = signed({"head": head(prefix=prefix)})
    assert (said["prefix"], said["post"], said["own_post"]) == (prefix, HEAD, f"{prefix} {HEAD}")


STAFF = {
    "head": head(),
    "secretary": {"post": SECRETARY, "name": "Bambang Contoh", "on_behalf_of": "head"},
    "field": {"post": FIELD, "name": "Maryam Contoh", "on_behalf_of": "secretary"},
}


@pytest.mark.parametrize(
    ("by", "prefix", "post", "name"),
    [
        ("secretary", "a.n.", f"{HEAD}\n{SECRETARY}", "Bambang Contoh"),
        ("field", "a.n.", f"{HEAD}\n{SECRETARY}\nu.b.\n{FIELD}", "Maryam Contoh"),
    ],
)
def test_posts_above_the_name_show_in_whose_name_somebody_signs(
    by: str, prefix: str, post: str, name: str
) -> None:
    said = signed(STAFF, by=by)
    assert (said["prefix"], said["post"], said["name"]) == (prefix, post, name)


def test_deputy_may_sign_in_the_name_of_another() -> None:
    officers = {**STAFF, "secretary": {**STAFF["secretary"], "deputies": (PLH,)}}
    said = signed(officers, by="secretary")
    assert (said["prefix"], said["post"], said["name"]) == (
        "a.n.",
        f"{HEAD}\nPlh. {SECRETARY}",
        "Lestari Contoh",
    )
    assert said["own_post"] == f"Plh. {SECRETARY}"


def test_post_that_an_office_lacks_is_left_out() -> None:
    with pytest.raises(ValueError, match="not enough"):
        signed({"head": head()}, by="nobody")
