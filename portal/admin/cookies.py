"""Cookies under https bear the prefix `__Host-`, in one place for all of them.

Browsers keep such a cookie only if it came by https, for this host alone and for every path; no page of
another host below the same domain and nobody on the way can plant one. Inside the portal it is not seen.
"""

from __future__ import annotations

import re

PREFIX = b"__Host-"
_DOMAIN = re.compile(rb";\s*(?:domain|path)=[^;]*", re.IGNORECASE)


def inward(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Returns the headers of an https request with the cookies that bear the prefix, and no others."""
    return [(name, _ours(value) if name == b"cookie" else value) for name, value in headers]


def _ours(value: bytes) -> bytes:
    parts = (each.strip() for each in value.split(b";"))
    return b"; ".join(each.removeprefix(PREFIX) for each in parts if each.startswith(PREFIX))


def outward(value: bytes) -> bytes:
    """Returns what an https answer says of a cookie: its name with the prefix, for this host alone."""
    said = _DOMAIN.sub(b"", value)
    secure = b"" if b"; secure" in said.lower() else b"; Secure"
    return PREFIX + said + b"; Path=/" + secure
