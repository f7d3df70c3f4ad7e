"""The settings of electronic signatures and the files they name -> facts, without names and secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from portal.doctor.base import Signatures
from portal.keystore import NotAKeystore, glimpse
from portal.settings import Signing

CERTIFICATE, BSRE_URL, BSRE_USER, BSRE_PASSWORD, BSRE_VERSION = (
    "PORTAL_CERTIFICATE_FILE",
    "PORTAL_BSRE_URL",
    "PORTAL_BSRE_USER",
    "PORTAL_BSRE_PASSWORD_FILE",
    "PORTAL_BSRE_VERSION",
)
_LOCAL = ("localhost", "::1")


def signatures(signing: Signing) -> Signatures:
    """Returns the facts of what letters are signed with."""
    named = bool(signing.bsre_url or signing.bsre_user or signing.bsre_password_file)
    seen = None
    if signing.certificate is not None:
        try:
            seen = glimpse(signing.certificate)
        except NotAKeystore:
            seen = None
    files = {CERTIFICATE: signing.certificate, BSRE_PASSWORD: signing.bsre_password_file}
    return Signatures(
        certificate=signing.certificate is not None,
        readable=signing.certificate is None or seen is not None,
        key=seen is None or seen.key,
        since=seen.since if seen else None,
        until=seen.until if seen else None,
        open=tuple(name for name, file in files.items() if file is not None and _open(file)),
        bsre=named,
        bsre_wrong=tuple(_wrong(signing)) if named else (),
        bsre_plain=_plain(signing.bsre_url),
    )


def _wrong(signing: Signing) -> Iterator[str]:
    if _address(signing.bsre_url)[0] not in ("http", "https"):
        yield BSRE_URL
    if not signing.bsre_user:
        yield BSRE_USER
    if signing.bsre_password_file is None or not _said(signing.bsre_password_file):
        yield BSRE_PASSWORD
    if signing.bsre_version not in ("1", "2"):
        yield BSRE_VERSION


def _plain(url: str) -> bool:
    scheme, host = _address(url)
    return scheme == "http" and host not in _LOCAL and not host.startswith("127.")


def _address(url: str) -> tuple[str, str]:
    """Scheme and host of an address, empty where it has none."""
    try:
        parts = urlsplit(url)
        return (parts.scheme, parts.hostname) if parts.hostname else ("", "")
    except ValueError:
        return "", ""


def _said(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""


def _open(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & 0o007)
    except OSError:
        return False
