"""The client service of BSrE (Balai Sertifikasi Elektronik, BSSN) that signs a PDF in an official's name.

A district runs the service in its own network; it holds no keys of ours and we none of its. The passphrase of
the official goes through to it and is kept nowhere. Both versions of its interface are spoken (its technical
guides of 2020 and 2024, as public integrations use them).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import httpx

SECONDS = 60.0
LARGEST = 30_000_000
"""The bytes that an answer may have."""
CODES: Mapping[int, str] = {2011: "bsre-user", 2021: "bsre-user", 2031: "bsre-passphrase"}
"""What the service's own codes mean."""
QR_NAME = "kode-qr.png"


class BsreRefused(Exception):
    """The service did not sign; `code` has words: user, passphrase, down, login, refused, answer."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.said = said
        """What the service said of it, for whoever looks after it."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """Where the visible part stands: the page from 1, the rest in points from the left bottom."""

    page: int
    left: int
    bottom: int
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Service:
    """The service of a district."""

    url: str
    user: str
    password: str
    version: Literal["1", "2"] = "2"

    def sign(
        self, pdf: bytes, *, nik: str, passphrase: str, box: Box | None, link: str, picture: bytes
    ) -> bytes:
        """Returns the PDF with the official's signature.

        Args:
            nik: of the official; like the passphrase it is typed for each act and kept nowhere.
            link: what the visible QR code leads to, for the first version of the interface.
            picture: that QR code as PNG, for the second.

        Raises:
            BsreRefused: it did not sign, and why.
        """
        made = self._sign_v1 if self.version == "1" else self._sign_v2
        done = made(pdf, nik, passphrase, box, link, picture)
        if not done.startswith(b"%PDF-"):
            raise BsreRefused("bsre-answer")
        return done

    def knows(self, nik: str) -> bool:
        """Tells whether the service may sign for an official (their certificate is issued).

        Raises:
            BsreRefused: it cannot be asked.
        """
        if self.version == "1":
            answer = self._ask("GET", f"/api/user/status/{nik}")
        else:
            answer = self._ask("POST", "/api/v2/user/check/status", json={"nik": nik})
        return str(_said(answer).get("status", "")).upper() == "ISSUE"

    def _sign_v1(
        self, pdf: bytes, nik: str, passphrase: str, box: Box | None, link: str, picture: bytes
    ) -> bytes:
        data = {"nik": nik, "passphrase": passphrase, "tampilan": "visible" if box else "invisible"}
        if box:
            place = {"page": box.page, "xAxis": box.left, "yAxis": box.bottom}
            size = {"width": box.left + box.width, "height": box.bottom + box.height}
            data |= {"image": "false", "linkQR": link} | {k: str(v) for k, v in {**place, **size}.items()}
        files = {"file": ("surat.pdf", pdf, "application/pdf")}
        return self._ask("POST", "/api/sign/pdf", data=data, files=files).content

    def _sign_v2(
        self, pdf: bytes, nik: str, passphrase: str, box: Box | None, link: str, picture: bytes
    ) -> bytes:
        shown: dict[str, Any] = {"tampilan": "VISIBLE" if box else "INVISIBLE"}
        if box:
            shown |= {"imageBase64": _text(picture), "page": box.page, "originX": box.left}
            shown |= {"originY": box.bottom, "width": box.width, "height": box.height}
        asked = {"nik": nik, "passphrase": passphrase, "signatureProperties": [shown], "file": [_text(pdf)]}
        said = _said(self._ask("POST", "/api/v2/sign/pdf", json=asked))
        try:
            return base64.b64decode(said["file"][0], validate=True)
        except (KeyError, IndexError, TypeError, binascii.Error) as error:
            raise BsreRefused("bsre-answer") from error

    def _ask(self, method: str, path: str, **said: Any) -> httpx.Response:
        try:
            with httpx.Client(timeout=SECONDS, auth=(self.user, self.password)) as client:
                answer = client.request(method, f"{self.url.rstrip('/')}{path}", **said)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise BsreRefused("bsre-down") from error
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise BsreRefused("bsre-login")
        if answer.is_server_error and not _said(answer):
            raise BsreRefused("bsre-down")
        if not answer.is_success:
            said_ = _said(answer)
            code = said_.get("status_code", said_.get("status"))
            known = CODES.get(code) if isinstance(code, int) else None
            raise BsreRefused(
                known or "bsre-refused", str(said_.get("error", said_.get("message", "")))[:200]
            )
        if len(answer.content) > LARGEST:
            raise BsreRefused("bsre-answer")
        return answer


def _said(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
