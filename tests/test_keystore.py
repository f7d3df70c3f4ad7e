"""What a PKCS#12 file tells without its passphrase; what the doctor makes of it and of BSrE's settings."""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from casework import SCHEMA, TEMPLATES, furnish
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from schemas import small_schema
from sqlalchemy import Engine
from test_certificates import NOW, PASSPHRASE, SIGNER, authority, certificate, keystore
from test_doctor import WELL

from portal.access import SYSTEM
from portal.doctor import examine, inside
from portal.doctor.signatures import signatures
from portal.keystore import NotAKeystore, glimpse
from portal.migrate import apply
from portal.settings import Signing, from_environment
from portal.words import LANGUAGES, speaking

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
HALF_A_MINUTE = timedelta(seconds=30)


def own_of(file: Path) -> x509.Certificate:
    made = pkcs12.load_key_and_certificates(file.read_bytes(), PASSPHRASE.encode())[1]
    assert made is not None
    return made


def beside(file: Path, made: x509.Certificate, encoding: serialization.Encoding = PEM) -> Path:
    file.with_suffix(".crt").write_bytes(made.public_bytes(encoding))
    return file


def found(signing: Signing, **more: Any) -> list[str]:
    facts = replace(WELL, now=NOW, signatures=signatures(signing), **more)
    return [each.slug for each in examine(facts) if each.slug.partition("-")[0] in KINDS]


KINDS = ("signing", "certificate", "bsre")


def private(file: Path, text: str = "sandi-layanan\n") -> Path:
    if not file.exists():
        file.write_text(text)
    file.chmod(0o600)
    return file


@pytest.mark.parametrize("encoding", [PEM, DER])
def test_the_certificate_beside_tells_its_end(tmp_path: Path, encoding: serialization.Encoding) -> None:
    file = keystore(tmp_path, days=20)
    told = glimpse(beside(file, own_of(file), encoding))
    assert told.key
    assert told.until is not None
    assert abs(told.until - NOW - timedelta(days=20)) < HALF_A_MINUTE


def test_a_locked_certificate_tells_nothing(tmp_path: Path) -> None:
    told = glimpse(keystore(tmp_path))
    assert (told.key, told.since, told.until) == (True, None, None)


def test_a_certificate_in_the_open_tells_its_end(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = certificate(SIGNER, key, authority(), days=9)
    file = tmp_path / "kantor.p12"
    whole = pkcs12.serialize_key_and_certificates(b"x", key, own, None, serialization.NoEncryption())
    file.write_bytes(whole)
    told = glimpse(file)
    assert told.key
    assert told.until is not None
    assert abs(told.until - NOW - timedelta(days=9)) < HALF_A_MINUTE


def test_the_certificate_of_another_key_does_not_fit(tmp_path: Path) -> None:
    other = certificate(SIGNER, rsa.generate_private_key(public_exponent=65537, key_size=2048), authority())
    assert not glimpse(beside(keystore(tmp_path), other)).key


def test_a_file_without_a_key_is_told(tmp_path: Path) -> None:
    file = tmp_path / "kantor.p12"
    lock = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"x", None, None, [authority()[0]], lock))
    assert not glimpse(file).key


@pytest.mark.parametrize("data", [b"", b"bukan sertifikat", b"\x30\x82\xff\xff", b"\x30\x03\x02\x01\x03"])
def test_what_is_no_keystore_is_told(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "kantor.p12"
    file.write_bytes(data)
    with pytest.raises(NotAKeystore):
        glimpse(file)
    with pytest.raises(NotAKeystore):
        glimpse(tmp_path / "tidak-ada.p12")


def test_every_cut_of_a_keystore_is_told_or_read(tmp_path: Path) -> None:
    file = keystore(tmp_path)
    data = file.read_bytes()
    for length in range(0, len(data), 97):
        file.write_bytes(data[:length])
        with pytest.raises(NotAKeystore):
            glimpse(file)


def test_a_keystore_with_changed_bytes_is_told_or_read(tmp_path: Path) -> None:
    chance, key = random.Random(7), rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own, file = certificate(SIGNER, key, authority()), tmp_path / "kantor.p12"
    data = pkcs12.serialize_key_and_certificates(b"x", key, own, None, serialization.NoEncryption())
    for _ in range(400):
        changed = bytearray(data)
        changed[chance.randrange(len(data))] = chance.randrange(256)
        file.write_bytes(changed)
        file.with_suffix(".crt").write_bytes(changed[60:])
        with suppress(NotAKeystore):
            glimpse(file)


def test_a_broken_certificate_beside_counts_as_none(tmp_path: Path) -> None:
    file = keystore(tmp_path)
    for data in (
        b"",
        b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n",
        b"\x30\x03\x02\x01\x03",
    ):
        file.with_suffix(".crt").write_bytes(data)
        assert glimpse(file).until is None


# What the doctor makes of it


@pytest.mark.parametrize(
    ("days", "slugs"), [(365, []), (31, []), (29, ["certificate-ending"]), (-1, ["certificate-over"])]
)
def test_the_doctor_tells_of_the_end_of_a_certificate(tmp_path: Path, days: int, slugs: list[str]) -> None:
    file = private(keystore(tmp_path, days=days))
    assert found(Signing(certificate=beside(file, own_of(file)))) == slugs


def test_the_doctor_tells_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    assert found(Signing()) == []
    assert found(Signing(certificate=tmp_path / "tidak-ada.p12")) == ["certificate-unreadable"]
    file = private(keystore(tmp_path))
    assert found(Signing(certificate=file)) == ["certificate-hidden"]
    file.chmod(0o644)
    assert found(Signing(certificate=file)) == ["signing-open", "certificate-hidden"]
    assert found(Signing(certificate=private(beside(file, authority()[0])))) == ["certificate-key"]


def test_the_doctor_tells_of_half_a_service(tmp_path: Path) -> None:
    whole: Mapping[str, str] = {
        "PORTAL_BSRE_URL": "https://tte.example.go.id",
        "PORTAL_BSRE_USER": "pintu",
        "PORTAL_BSRE_PASSWORD_FILE": str(private(tmp_path / "bsre")),
    }
    assert found(from_environment(whole).signing) == []
    for name in whole:
        less = {key: value for key, value in whole.items() if key != name}
        assert signatures(from_environment(less).signing).bsre_wrong == (name,)
    wrong = {"PORTAL_BSRE_URL": "tte.example.go.id", "PORTAL_BSRE_VERSION": "3"}
    (tmp_path / "bsre").write_text("\n")
    told = signatures(from_environment({**whole, **wrong}).signing).bsre_wrong
    assert told == ("PORTAL_BSRE_URL", "PORTAL_BSRE_PASSWORD_FILE", "PORTAL_BSRE_VERSION")


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://10.1.2.3:8080", True),
        ("http://tte.example.go.id", True),
        ("https://10.1.2.3", False),
        ("http://127.0.0.1:9000", False),
        ("http://[::1]:9000", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_an_open_line_to_another_machine_is_told(url: str, plain: bool) -> None:
    assert signatures(Signing(bsre_url=url)).bsre_plain is plain


def test_what_the_doctor_says_names_no_file_and_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "ratna-rahasia"
    folder.mkdir()
    file = keystore(folder, days=3)
    password = folder / "sandi-ratna"
    password.write_text("sandi-layanan\n")
    password.chmod(0o604)
    office = replace(WELL.office, signing=("bsre", "certificate"))
    for signing in (
        Signing(certificate=folder / "tidak-ada.p12"),
        Signing(certificate=beside(file, own_of(file))),
        Signing(bsre_url="http://10.0.0.9", bsre_user="akun-ratna", bsre_password_file=password),
    ):
        for language in LANGUAGES:
            with speaking(language):
                facts = replace(WELL, now=NOW, office=office, signatures=signatures(signing))
                said = "\n".join(each.sentence() for each in examine(facts))
            for secret in ("atna", "10.0.0.9", "sandi-layanan", PASSPHRASE, str(tmp_path)):
                assert secret not in said


def test_letters_that_nothing_can_sign_are_told(engine: Engine) -> None:
    furnish(engine)
    edits = {"letters/referral/signing": "certificate", "letters/introduction/signing": "bsre"}
    apply(engine, small_schema(edits, of=SCHEMA), {}, TEMPLATES, actor=SYSTEM, now=NOW)
    office = inside.office(engine, NOW, thorough=False)
    assert office.signing == ("bsre", "certificate")
    facts = replace(WELL, office=replace(WELL.office, signing=office.signing))
    (told,) = examine(facts)
    assert (told.slug, told.values["names"]) == ("signing-unset", "PORTAL_BSRE_URL, PORTAL_CERTIFICATE_FILE")
