"""PDF + certificate of an office -> the same PDF with a PAdES signature (ETSI EN 319 142).

The bytes before the signature stay as they are. What the stamp shows is drawn as a PDF of its own by whoever
calls; where it stands is read off the letter: above the name of its signer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    SigDSSPlacementPreference,
    TimestampDSSContentSettings,
)
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

FIELD = "tanda-tangan"
WIDTH, HEIGHT, ABOVE = 170.0, 44.0, 13.0
"""Of the stamp in points, and how far its foot stands above the line with the name."""


class CertificateRefused(Exception):
    """The office's certificate cannot be used; `code` has words: absent, passphrase, expired, failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Whom the signature and its evidence are checked against when it is made, and who gives the time."""

    roots: Sequence[Any] = ()
    """asn1crypto certificates; the topmost of the PKCS#12 file when there are none."""
    revoked: Sequence[Any] = ()
    """Lists of revoked certificates (CRL) that are known without asking anybody."""
    ask: bool = True
    """Whether the authority may be asked over the network whether the certificate still holds."""
    clock: TimeStamper | None = None
    """Who confirms the time; without one the signature lasts as long as its certificate."""


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """The visible part: a one-page PDF, and where it stands."""

    pdf: bytes
    page: int
    left: float
    bottom: float


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a signature in a PDF says."""

    whole: bool
    """Whether nothing was changed since, and all of the file is covered."""
    trusted: bool
    signer: str
    at: datetime | None = field(default=None)


def opened(file: Path, passphrase: str, now: datetime) -> signers.SimpleSigner:
    """Returns the office's signer.

    Raises:
        CertificateRefused: the file is not there, the passphrase is wrong, or the certificate is over.
    """
    made = _loaded(file, passphrase)
    valid = _validity(made)
    if not valid["not_before"].native <= now <= valid["not_after"].native:
        raise CertificateRefused("certificate-expired")
    return made


def over_at(file: Path, passphrase: str) -> datetime:
    """Returns until when the office's certificate holds.

    Raises:
        CertificateRefused: it cannot be read.
    """
    made = _loaded(file, passphrase)
    until: datetime = _validity(made)["not_after"].native
    return until


def _loaded(file: Path, passphrase: str) -> signers.SimpleSigner:
    if not file.is_file():
        raise CertificateRefused("certificate-absent")
    load: Any = signers.SimpleSigner.load_pkcs12
    made: signers.SimpleSigner | None = load(file, passphrase=passphrase.encode())
    if made is None or made.signing_cert is None:
        raise CertificateRefused("certificate-passphrase")
    return made


def _validity(made: signers.SimpleSigner) -> Any:
    own: Any = made.signing_cert
    return own["tbs_certificate"]["validity"]


def place_of(pdf: bytes, name: str) -> tuple[int, float, float] | None:
    """Returns page, left and bottom in points where a signer's name stands last, None where it does not."""
    found: list[tuple[int, float, float]] = []
    wanted = " ".join(name.split())
    for number, page in enumerate(PdfReader(BytesIO(pdf)).pages):

        def look(text: str, cm: Any, tm: Any, *_: object, number: int = number) -> None:
            if " ".join(text.split()).startswith(wanted):
                left = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
                bottom = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
                found.append((number, float(left), float(bottom)))

        page.extract_text(visitor_text=look)
    return found[-1] if found else None


def signed(pdf: bytes, signer: signers.SimpleSigner, trust: Trust, *, stamp: Stamp | None, why: str) -> bytes:
    """Returns the PDF with its signature; nothing of it may be changed after that.

    Raises:
        CertificateRefused: it cannot be made, such as without the authority that confirms the time.
    """
    context = _context(signer, trust)
    box = (stamp.left, stamp.bottom, stamp.left + WIDTH, stamp.bottom + HEIGHT) if stamp else None
    spec = fields.SigFieldSpec(sig_field_name=FIELD, on_page=stamp.page if stamp else 0, box=_whole(box))
    said = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=why,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES if trust.clock is None else fields.MDPPerm.FILL_FORMS,
        embed_validation_info=True,
        validation_context=context,
        # Together, so that the signature covers the whole file, as an archival one has to.
        dss_settings=DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        ),
    )
    try:
        with TemporaryDirectory() as folder:
            style = _style(Path(folder), stamp) if stamp else None
            made = signers.PdfSigner(
                said, signer, timestamper=trust.clock, stamp_style=style, new_field_spec=spec
            )
            done = BytesIO(made.sign_pdf(_Kept(BytesIO(pdf))).getvalue())
        return done.getvalue() if trust.clock is None else _timed(done, trust.clock, context)
    except (SigningError, PdfError, OSError, ValueError) as error:
        raise CertificateRefused("certificate-failed") from error


def _timed(pdf: BytesIO, clock: TimeStamper, context: ValidationContext) -> bytes:
    """Adds the time to all of it: the evidence then lasts longer than the certificates (PAdES-B-LTA)."""
    settings = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
    made = signers.PdfTimeStamper(clock).timestamp_pdf(
        _Kept(pdf), "sha256", validation_context=context, dss_settings=settings
    )
    return bytes(made.getvalue())


def seen(pdf: bytes, roots: Sequence[Any]) -> Sequence[Seen]:
    """Returns what the signatures of a PDF say, checked without asking anybody."""
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False)
    told = []
    for each in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures:
        state = validate_pdf_signature(each, signer_validation_context=context)
        covered = state.coverage is not None and state.coverage.name in ("ENTIRE_FILE", "ENTIRE_REVISION")
        whole = state.intact and state.valid and covered and state.docmdp_ok is not False
        name = str(state.signing_cert.subject.native.get("common_name", ""))
        told.append(Seen(whole=whole, trusted=state.trusted, signer=name, at=state.signer_reported_dt))
    return told


def timestamps(url: str) -> TimeStamper:
    """Returns the authority at an address that confirms the time (RFC 3161)."""
    return HTTPTimeStamper(url, timeout=20)


class _Kept(IncrementalPdfFileWriter):
    """Adds to a PDF without writing its metadata anew: what says that it is archival stays as it is."""

    def _update_meta(self) -> None:
        pass


def _context(signer: signers.SimpleSigner, trust: Trust) -> ValidationContext:
    known = list(signer.cert_registry)
    roots = list(trust.roots) or [each for each in known if each.self_issued] or [signer.signing_cert]
    return ValidationContext(
        trust_roots=roots,
        other_certs=known,
        crls=list(trust.revoked),
        allow_fetching=trust.ask,
        revocation_mode="soft-fail",
    )


def _whole(box: tuple[float, float, float, float] | None) -> tuple[int, int, int, int] | None:
    return None if box is None else (round(box[0]), round(box[1]), round(box[2]), round(box[3]))


def _style(folder: Path, stamp: Stamp) -> StaticStampStyle:
    file = folder / "stamp.pdf"
    file.write_bytes(stamp.pdf)
    return StaticStampStyle.from_pdf_file(str(file), border_width=0)
