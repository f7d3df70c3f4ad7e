"""A signed statement holds as it was signed and with no byte changed; old keys go on to be known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import create_engine

from portal import seals
from portal.qr import drawn
from portal.seals import NotGenuine, Statement

ENGINE = create_engine("sqlite://")
PUBLIC = {generation: seals.public_key(ENGINE, generation) for generation in (0, 1)}
KNOWN = {seals.key_id(public): public for public in PUBLIC.values()}
SAID = Statement(
    key=seals.key_id(PUBLIC[0]),
    area="18.10.03.2007",
    number="400.9.14.1/017/PKS-MRGD/XI/2026",
    date="2026-11-22",
    kind="Surat keterangan tidak mampu",
    person="S*** C***",
    valid_until="2027-02-20",
    content="0123456789abcdef",
)


def why(text: str, known: dict[str, bytes] = KNOWN) -> str:
    with pytest.raises(NotGenuine) as error:
        seals.opened(text, known)
    return error.value.code


def test_what_was_sealed_is_read_again() -> None:
    text = seals.seal(ENGINE, 0, SAID)
    assert seals.opened(text, KNOWN) == SAID
    assert seals.opened(f" {text[:90]}\n{text[90:].lower()} ", KNOWN) == SAID


@pytest.mark.parametrize("field", ["area", "number", "date", "kind", "person", "valid_until", "content"])
def test_a_changed_word_does_not_hold(field: str) -> None:
    honest = seals._signed(seals.seal(ENGINE, 0, SAID))
    forged = replace(SAID, **{field: f"{getattr(SAID, field)}x"})
    swapped = honest[:64] + seals._bytes(forged)
    assert why(f"SP1.{seals._coded(swapped)}.") == "signature"


def test_no_byte_may_change() -> None:
    text = seals.seal(ENGINE, 0, SAID)
    for place in range(len(text)):
        other = "A" if text[place] != "A" else "B"
        assert why(text[:place] + other + text[place + 1 :]) in ("signature", "form", "key")


@pytest.mark.parametrize(
    "text", ["", "SP1..", "SP1.ABC.", "SP2.AAAA.", f"SP1.{'A' * 400}.", "SP1.0189.", "x" * 500]
)
def test_what_is_no_statement_is_told(text: str) -> None:
    assert why(text) in ("form", "key")


def test_a_new_key_signs_and_the_old_one_stays_known() -> None:
    old, new = (seals.seal(ENGINE, each, replace(SAID, key=seals.key_id(PUBLIC[each]))) for each in (0, 1))
    assert (seals.opened(old, KNOWN).key, seals.opened(new, KNOWN).key) == tuple(KNOWN)
    assert why(new, {seals.key_id(PUBLIC[0]): PUBLIC[0]}) == "key"
    assert why(new, {seals.key_id(PUBLIC[1]): PUBLIC[0]}) == "signature"


def test_a_statement_is_found_in_a_longer_text_and_fits_a_code() -> None:
    text = seals.seal(ENGINE, 0, SAID)
    broken = "\n".join(text[place : place + 70] for place in range(0, len(text), 70))
    assert seals.found(f"Isi kode:\n{broken}\nKeaslian surat ini") == (text,)
    assert seals.found("SP1. saja") == ()
    _, side = drawn(text)
    assert side - 8 <= 69  # version 13: 0.4 mm a module at 32 mm, read at 150 dots an inch
