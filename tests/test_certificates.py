"""A letter with a PAdES signature: whole, trusted, in its place, archival still; a changed byte is found."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import page
import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from letters.example import LETTERS, example_context
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps import DummyTimeStamper
from pypdf import PdfReader

from portal import press
from portal.certificates import CertificateRefused, Stamp, Trust, opened, over_at, place_of, seen, signed
from portal.letters.stampface import stamp_pdf
from portal.templating import environment, render

NOW = datetime.now(UTC)
PASSPHRASE = "sandi-sertifikat"
SIGNER = "Ratna Contoh, S.Sos."


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@cache
def authority() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return certificate("CA Contoh", key, None, authority=True), key


def certificate(
    common: str,
    key: rsa.RSAPrivateKey,
    issuer: tuple[x509.Certificate, rsa.RSAPrivateKey] | None,
    *,
    authority: bool = False,
    days: int = 365,
    clock: bool = False,
) -> x509.Certificate:
    above = issuer[0].subject if issuer else name(common)
    made = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=400))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=not authority,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=authority,
                crl_sign=authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if clock:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return made.sign(issuer[1] if issuer else key, hashes.SHA256())


def der(made: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))


def keystore(folder: Path, days: int = 365) -> Path:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = certificate(SIGNER, key, authority(), days=days)
    lock = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    file = folder / "kantor.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"kantor", key, own, [authority()[0]], lock))
    return file


def trust(*, clock: bool = False) -> Trust:
    root, key = authority()
    revoked = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(NOW - timedelta(days=1))
        .next_update(NOW + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    known = asn1_crl.CertificateList.load(revoked.public_bytes(serialization.Encoding.DER))
    return Trust(roots=[der(root)], revoked=[known], ask=False, clock=timer() if clock else None)


def timer() -> DummyTimeStamper:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = certificate("TSA Contoh", key, authority(), clock=True)
    raw = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return DummyTimeStamper(der(own), asn1_keys.PrivateKeyInfo.load(raw))


@pytest.fixture(scope="module")
def letter() -> bytes:
    html = render(environment(LETTERS), "referral.html", example_context("referral"))
    return press.pdf(html, assets=LETTERS).data


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return keystore(tmp_path)


def made(letter: bytes, store: Path, kept: Trust) -> bytes:
    place = place_of(letter, SIGNER)
    assert place is not None
    stamp = Stamp(
        pdf=stamp_pdf(SIGNER, "Koordinator", "2 November 2026"),
        page=place[0],
        left=place[1],
        bottom=place[2] + 13,
    )
    return signed(letter, opened(store, PASSPHRASE, NOW), kept, stamp=stamp, why="Surat rujukan")


@pytest.mark.parametrize("clock", [False, True])
def test_a_signature_is_whole_and_the_letter_before_it_unchanged(
    letter: bytes, store: Path, clock: bool
) -> None:
    kept = trust(clock=clock)
    done = made(letter, store, kept)
    assert done.startswith(letter)
    (told,) = seen(done, kept.roots)
    assert (told.whole, told.trusted, told.signer) == (True, True, SIGNER)
    assert b"/DSS" in done
    assert (b"/DocTimeStamp" in done) == clock


def test_another_program_finds_it_valid(letter: bytes, store: Path, tmp_path: Path) -> None:
    program = shutil.which("pdfsig")
    if program is None:
        pytest.skip("pdfsig of poppler-utils is not here")
    file = tmp_path / "surat.pdf"
    file.write_bytes(made(letter, store, trust()))
    said = subprocess.run([program, "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert SIGNER in said


def test_a_changed_byte_is_found(letter: bytes, store: Path) -> None:
    done = bytearray(made(letter, store, trust()))
    place = done.find(b"/Lang")
    done[place + 7] ^= 1
    (told,) = seen(bytes(done), trust().roots)
    assert not told.whole


def test_what_is_added_later_is_found(letter: bytes, store: Path) -> None:
    later = IncrementalPdfFileWriter(BytesIO(made(letter, store, trust())))
    later.root["/Lang"] = generic.TextStringObject("en")
    later.update_root()  # type: ignore[no-untyped-call]
    out = BytesIO()
    later.write(out)  # type: ignore[no-untyped-call]
    assert [each.whole for each in seen(out.getvalue(), trust().roots)] == [False]


def test_a_stranger_is_not_trusted(letter: bytes, store: Path) -> None:
    done = made(letter, store, trust())
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (told,) = seen(done, [der(certificate("Lain", key, None, authority=True))])
    assert not told.trusted


def test_it_stays_archival(letter: bytes, store: Path) -> None:
    report = page.validate_pdf_bytes(made(letter, store, trust()), profile=page.ValidationProfile.PDF_A_2A)
    assert [each.rule_id for each in report.failures if "STREAM-LENGTH" not in each.rule_id] == []


def test_the_stamp_stands_above_the_name(letter: bytes, store: Path) -> None:
    done = made(letter, store, trust())
    place = place_of(letter, SIGNER)
    assert place is not None
    widgets = PdfReader(BytesIO(done)).pages[place[0]]["/Annots"]
    left, bottom, right, top = (float(each) for each in widgets[0].get_object()["/Rect"])  # type: ignore[index]
    assert abs(left - place[1]) < 2
    assert bottom > place[2]
    assert top - bottom == 44
    assert right - left == 170


@pytest.mark.parametrize(
    ("passphrase", "code"), [("salah", "certificate-passphrase"), ("", "certificate-passphrase")]
)
def test_a_wrong_passphrase_opens_nothing(store: Path, passphrase: str, code: str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        opened(store, passphrase, NOW)
    assert refused.value.code == code


def test_a_certificate_that_is_over_or_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(CertificateRefused, match="certificate-absent"):
        opened(tmp_path / "tidak-ada.p12", PASSPHRASE, NOW)
    store = keystore(tmp_path, days=10)
    assert over_at(store, PASSPHRASE) < NOW + timedelta(days=11)
    with pytest.raises(CertificateRefused, match="certificate-expired"):
        opened(store, PASSPHRASE, NOW + timedelta(days=20))
