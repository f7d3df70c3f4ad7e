"""The adapter of BSrE's service against a server that answers as the service does."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pytest
from bsreserver import MARK, NIK, PASSPHRASE, PASSWORD, USER, Recorded, bsre_service

from portal.bsre import Box, BsreRefused, Service

PDF = b"%PDF-1.7 surat"
BOX = Box(page=1, left=300, bottom=120, width=44, height=44)


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    with bsre_service() as found:
        yield found


def service(recorded: Recorded, version: Literal["1", "2"]) -> Service:
    return Service(url=f"{recorded.url}/", user=USER, password=PASSWORD, version=version)


def sign(asked: Service, *, nik: str = NIK, passphrase: str = PASSPHRASE, box: Box | None = BOX) -> bytes:
    link = "https://kantor.example/periksa"
    return asked.sign(PDF, nik=nik, passphrase=passphrase, box=box, link=link, picture=b"\x89PNG")


def why(asked: Service, **said: str) -> str:
    with pytest.raises(BsreRefused) as refused:
        sign(asked, **said)  # type: ignore[arg-type]
    return refused.value.code


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_versions_sign(recorded: Recorded, version: Literal["1", "2"]) -> None:
    assert sign(service(recorded, version)) == PDF + MARK
    assert service(recorded, version).knows(NIK)
    assert not service(recorded, version).knows("3201010101010001")


def test_the_first_version_says_where_the_code_stands(recorded: Recorded) -> None:
    sign(service(recorded, "1"))
    (said,) = recorded.asked
    place = {key: said[key] for key in ("tampilan", "image", "page", "xAxis", "yAxis", "width", "height")}
    assert place == {
        "tampilan": "visible",
        "image": "false",
        "page": "1",
        "xAxis": "300",
        "yAxis": "120",
        "width": "344",
        "height": "164",
    }
    assert (said["file"], said["linkQR"]) == (PDF, "https://kantor.example/periksa")


def test_the_second_version_sends_a_picture(recorded: Recorded) -> None:
    sign(service(recorded, "2"))
    (said,) = recorded.asked
    (shown,) = said["signatureProperties"]
    assert base64.b64decode(shown.pop("imageBase64")) == b"\x89PNG"
    assert shown == {
        "tampilan": "VISIBLE",
        "page": 1,
        "originX": 300,
        "originY": 120,
        "width": 44,
        "height": 44,
    }


@pytest.mark.parametrize("version", ["1", "2"])
def test_without_a_place_it_is_invisible(recorded: Recorded, version: Literal["1", "2"]) -> None:
    sign(service(recorded, version), box=None)
    (said,) = recorded.asked
    shown = said["tampilan"] if version == "1" else said["signatureProperties"][0]["tampilan"]
    assert shown.lower() == "invisible"


@pytest.mark.parametrize("version", ["1", "2"])
def test_what_went_wrong_is_told(recorded: Recorded, version: Literal["1", "2"]) -> None:
    asked = service(recorded, version)
    assert why(asked, passphrase="salah") == "bsre-passphrase"
    assert why(asked, nik="3201010101010001") == "bsre-user"
    assert why(replace(asked, password="lain")) == "bsre-login"
    assert why(replace(asked, url="http://127.0.0.1:9")) == "bsre-down"
    assert why(replace(asked, url="bukan alamat")) == "bsre-down"
    recorded.mood = "down"
    assert why(asked) == "bsre-down"
    recorded.mood = "garbage"
    assert why(asked) == "bsre-answer"


def test_the_passphrase_is_not_in_what_is_told(recorded: Recorded) -> None:
    with pytest.raises(BsreRefused) as refused:
        sign(service(recorded, "2"), passphrase="Rahasia#Salah")
    assert "Rahasia#Salah" not in f"{refused.value} {refused.value.said} {refused.value.__cause__}"
