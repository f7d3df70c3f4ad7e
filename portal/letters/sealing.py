"""An issued letter + certificate or BSrE -> the file with its electronic signature, to be kept beside it.

What is signed says so on paper; the letter as it was issued does not, so that nothing unsigned claims to be
signed. No database connection is held meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from portal import bsre, certificates, letters, qr
from portal.certificates import ABOVE, HEIGHT, Stamp, Trust
from portal.database import reading
from portal.letters.stampface import stamp_pdf
from portal.letters.stub import is_erased
from portal.releases import live
from portal.settings import Signing
from portal.tables import IssuedLetter
from portal.worktime import moment


class SealRefused(Exception):
    """A letter cannot be signed so; `code` has words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A letter that is about to be signed: its bytes, who signs, and how it is checked."""

    pdf: bytes
    name: str
    post: str
    subject: str
    link: str
    zone: ZoneInfo


def paper_of(engine: Engine, issued_id: int, way: str) -> Paper:
    """Returns a letter printed anew, saying that it is signed electronically.

    Raises:
        SealRefused: its data were erased, or nobody is to sign it.
    """
    with reading(engine) as session:
        issued = session.get_one(IssuedLetter, issued_id)
        if is_erased(issued.data):
            raise SealRefused("letter-end-erased")
        under, data = live(session, issued.release_id), dict(issued.data)
    main = next((each for each in data["signers"] if each["role"] == "main"), None)
    if main is None:
        raise SealRefused("seal-nobody")
    said = {**data, "letter": {**data["letter"], "signing": way}}
    template = under.schema.known.letters[issued.letter].template
    return Paper(
        pdf=letters.print_pdf(under.templates, template, said).data,
        name=str(main["name"]),
        post=" ".join(str(main["post"]).split()),
        subject=str(data["letter"]["title"]),
        link=str(data["letter"].get("check_address") or ""),
        zone=ZoneInfo(under.schema.office.time_zone),
    )


def by_certificate(paper: Paper, signing: Signing, passphrase: str, now: datetime, trust: Trust) -> bytes:
    """Returns the letter signed with the office's certificate.

    Raises:
        SealRefused: no certificate is named.
        CertificateRefused: it cannot be used.
    """
    if signing.certificate is None:
        raise SealRefused("certificate-absent")
    signer = certificates.opened(signing.certificate, passphrase, now)
    place = certificates.place_of(paper.pdf, paper.name)
    face = stamp_pdf(paper.name, paper.post, moment(now.astimezone(paper.zone)))
    stamp = Stamp(pdf=face, page=place[0], left=place[1], bottom=place[2] + ABOVE) if place else None
    return certificates.signed(paper.pdf, signer, trust, stamp=stamp, why=paper.subject)


def trust_of(signing: Signing) -> Trust:
    """Returns whom signatures are checked against, and who confirms their time."""
    clock = certificates.timestamps(signing.timestamps) if signing.timestamps else None
    return Trust(clock=clock)


def by_bsre(paper: Paper, signing: Signing, nik: str, passphrase: str) -> bytes:
    """Returns the letter signed by the service of BSrE.

    Raises:
        SealRefused: no service is named.
        BsreRefused: it did not sign.
    """
    service = service_of(signing)
    place = certificates.place_of(paper.pdf, paper.name)
    side = round(HEIGHT)
    box = None
    if place:
        left, bottom = round(place[1]), round(place[2] + ABOVE)
        box = bsre.Box(page=place[0] + 1, left=left, bottom=bottom, width=side, height=side)
    picture = qr.picture(paper.link or paper.subject)
    return service.sign(paper.pdf, nik=nik, passphrase=passphrase, box=box, link=paper.link, picture=picture)


def service_of(signing: Signing) -> bsre.Service:
    """Returns the service that the settings name.

    Raises:
        SealRefused: none is named, or its password cannot be read.
    """
    if not signing.bsre_url or signing.bsre_password_file is None:
        raise SealRefused("bsre-absent")
    return bsre.Service(
        url=signing.bsre_url,
        user=signing.bsre_user,
        password=_password(signing.bsre_password_file),
        version="1" if signing.bsre_version == "1" else "2",
    )


def _password(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise SealRefused("bsre-absent") from error
