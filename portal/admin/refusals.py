"""What no page of ours is ever asked: requests refused by their head alone, before anything reads them.

Every rule looks at the ASGI scope only, so that a refused request costs neither a query nor a thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from starlette.types import Scope

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes; the longest form of ours is far below."""
LARGEST_UPLOAD = 10 * 1024 * 1024 + 16 * 1024
"""Bytes of a form with a file, which few routes take."""
UPLOADS = re.compile(r"/kasus/[0-9]{1,19}/catatan/[0-9]{1,19}/foto|/surat/[0-9]{1,19}/pindaian|/periksa")
MOST_HEADERS, LONGEST_HEAD = 64, 16 * 1024
"""How many headers a request may have, and how many bytes they may take together."""
LONGEST_PATH, LONGEST_QUERY, MOST_KEYS = 1024, 4096, 64
METHODS = ("GET", "HEAD", "POST")
VERSIONS = frozenset({"1.0", "1.1", "2", "3"})
"""h11 takes any digits for a version; the last two come from other servers than ours."""
SAFE = frozenset({"GET", "HEAD"})
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9][a-z0-9.-]{0,252})(?::(?P<port>[0-9]{1,5}))?")
_ONCE = frozenset({b"host", b"content-length", b"content-type", b"origin", b"transfer-encoding"})
_NOT_IN_PATHS = re.compile(r"[\x00-\x1f\x7f\\%]|//|/\.{1,2}(?:/|$)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a request is not let in: the status of the answer, and whether it may be a page of the portal."""

    status: int
    plain: bool = False
    """A wrong Host gets a bare sentence: nothing of ours is shown under a name that is not ours."""
    foreign: bool = False


def refusal_of(scope: Scope, hosts: tuple[str, ...]) -> Refusal | None:
    """Returns why a request is refused, None when its head is in order.

    Args:
        hosts: the names under which the portal may be asked for.
    """
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if not _is_ours(_only(headers, b"host"), hosts):
        return Refusal(status=400, plain=True)
    return next(_of_head(scope, headers), None)


def _of_head(scope: Scope, headers: list[tuple[bytes, bytes]]) -> Iterator[Refusal]:
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > LONGEST_HEAD:
        yield Refusal(status=431)
    if scope["method"] not in METHODS:
        yield Refusal(status=405)
    if scope["http_version"] not in VERSIONS:
        yield Refusal(status=400)
    yield from _of_target(scope)
    yield from _of_body(headers, largest_body(scope))
    if scope["method"] not in SAFE and not _is_same_origin(scope, headers):
        yield Refusal(status=403, foreign=True)


def _of_target(scope: Scope) -> Iterator[Refusal]:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    if len(raw) > LONGEST_PATH or len(query) > LONGEST_QUERY or query.count(b"&") >= MOST_KEYS:
        yield Refusal(status=414)
        return
    path, said = _text(raw), _text(query.replace(b"+", b" "))
    if path is None or not path.startswith("/") or b"%2f" in raw.lower() or _NOT_IN_PATHS.search(path):
        yield Refusal(status=400)
    if said is None or _UNSEEN.search(said):
        yield Refusal(status=400)


def _text(raw: bytes) -> str | None:
    try:
        return unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return None


def largest_body(scope: Scope) -> int:
    """Returns how many bytes the body of a request may have."""
    return LARGEST_UPLOAD if UPLOADS.fullmatch(scope["path"]) else LARGEST_BODY


def _of_body(headers: list[tuple[bytes, bytes]], largest: int) -> Iterator[Refusal]:
    names = [name for name, _ in headers]
    if any(names.count(name) > 1 for name in _ONCE):
        yield Refusal(status=400)
    if b"transfer-encoding" in names and b"content-length" in names:
        # Two lengths: what stands before us may believe the other one.
        yield Refusal(status=400)
    length = _only(headers, b"content-length")
    if length is not None and not _fits(length, largest):
        yield Refusal(status=413)


def _fits(length: str, largest: int) -> bool:
    return length.isascii() and length.isdigit() and len(length) < 19 and int(length) <= largest


def _only(headers: list[tuple[bytes, bytes]], name: bytes) -> str | None:
    """The value of a header that may stand once, None when it is missing, twice or not text."""
    found = [value for key, value in headers if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else None


def _is_ours(host: str | None, hosts: tuple[str, ...]) -> bool:
    found = _HOST.fullmatch((host or "").lower())
    return found is not None and (found["name"] in hosts or found[0] in hosts)


def _is_same_origin(scope: Scope, headers: list[tuple[bytes, bytes]]) -> bool:
    """Tells whether a browser says that one of our own pages sends this.

    Browsers send Origin with every POST, and Sec-Fetch-Site with each request to https or to localhost. A
    request with neither is no browser's form, so it is refused: nothing of ours needs it, and an old browser
    that hides where it comes from cannot be told from an attack.
    """
    site, origin = _only(headers, b"sec-fetch-site"), _only(headers, b"origin")
    if origin is None:
        return site == "same-origin"
    ours = f"{scope['scheme']}://{_only(headers, b'host')}".lower()
    return site in (None, "same-origin", "none") and origin.lower() == ours
