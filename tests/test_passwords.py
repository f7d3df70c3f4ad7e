"""Passphrases: length and known ones instead of composition; the profile of BSSN where an office has to."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from portal.accounts.known import is_leaked
from portal.accounts.passwords import BSSN, NIST, Rules, faults_of, hashed, matches_hash

GOOD = ("pintu-terbuka-2026", "kata-sandi-baru", "empat ekor bebek menyeberang", "Wq7#pLm2zKv9")
NAMES = ("sekar.contoh", "Sekar Contoh Lestari", "SLRT Kabupaten Pringsewu")


def slugs(password: str, rules: Rules = NIST, names: tuple[str, ...] = ()) -> list[str]:
    return [each.slug for each in faults_of(password, rules, names)]


@pytest.mark.parametrize("password", GOOD)
def test_long_passphrase_needs_no_composition(password: str) -> None:
    assert slugs(password, names=NAMES) == []


@pytest.mark.parametrize(
    "password",
    [
        "indonesia12345",
        "Bismillah2026!!",
        "s4y4ngsayangku",
        "P@ssw0rdP@ssw0rd",
        "123456789012345",
        "qwertyuiop123",
        "aaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "AkuCintaKamu123",
        "katasandi!!!!!!",
    ],
)
def test_well_known_password_is_refused(password: str) -> None:
    assert slugs(password) == ["password-common"]


@pytest.mark.parametrize("password", ["sekarcontoh2026", "SLRT-Pringsewu-26", "Contoh.Lestari.1"])
def test_own_name_and_office_are_no_passphrase(password: str) -> None:
    assert "password-named" in slugs(password, names=NAMES)


def test_short_one_is_refused_with_the_least_length() -> None:
    (fault,) = faults_of("xkq wzv bnm")
    assert (fault.slug, fault.least) == ("password-short", 12)


def test_profile_of_bssn_asks_for_composition_and_history() -> None:
    assert slugs("empat ekor bebek", BSSN) == ["password-mixed"]
    assert slugs("Tz4!kd9w", BSSN) == []
    known = hashed("Tz4!kd9w", BSSN)
    assert [each.slug for each in faults_of("Tz4!kd9w", BSSN, earlier=(known,))] == ["password-earlier"]


def test_both_spellings_of_a_letter_are_one_passphrase() -> None:
    assert matches_hash(hashed("caf\u00e9 di tepi sungai"), "cafe\u0301 di tepi sungai")


def test_no_hash_matches_nothing() -> None:
    assert not matches_hash("", "pintu-terbuka-2026")
    assert not matches_hash(None, "")


def test_parameters_are_those_of_owasp() -> None:
    assert "$argon2id$" in hashed(GOOD[0])
    assert "m=19456,t=2,p=1" in hashed(GOOD[0])


def test_larger_list_is_searched_without_reading_it_whole(tmp_path: Path) -> None:
    leaked = [f"bocor nomor {number}" for number in range(500)]
    lines = sorted(hashlib.sha1(each.encode()).hexdigest().upper() for each in leaked)
    file = tmp_path / "leaked.txt"
    for line_end in ("\n", ":17\r\n"):
        file.write_bytes("".join(f"{line}{line_end}" for line in lines).encode())
        assert all(is_leaked(each, file) for each in leaked)
        assert not any(is_leaked(f"{each}x", file) for each in leaked)
    assert slugs("bocor nomor 7", Rules(leaked=file)) == ["password-common"]


def test_empty_list_leaks_nothing(tmp_path: Path) -> None:
    (tmp_path / "none").touch()
    assert not is_leaked("apa saja", tmp_path / "none")
