"""Requests that are refused by their head, and cookies that bear a prefix under https."""

from __future__ import annotations

from typing import Any

import pytest

from portal.admin import cookies
from portal.admin.refusals import refusal_of
from portal.settings import LOCAL

OWN = [(b"host", b"localhost:8000")]
POSTED = [*OWN, (b"origin", b"http://localhost:8000")]


def scope(**changed: Any) -> dict[str, Any]:
    """Returns a request that is in order, but for what is changed."""
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/kasus",
        "raw_path": b"/kasus",
        "query_string": b"",
        "headers": OWN,
        **changed,
    }


def status(**changed: Any) -> int:
    """Returns with which status a request is refused, 0 when it is let in."""
    found = refusal_of(scope(**changed), LOCAL)
    return found.status if found else 0


def test_our_own_pages_are_let_in() -> None:
    assert status() == 0
    assert status(method="POST", headers=POSTED) == 0
    assert status(method="POST", headers=[*OWN, (b"sec-fetch-site", b"same-origin")]) == 0


@pytest.mark.parametrize(
    "host",
    [
        "",
        "jahat.example",
        "localhost.jahat.example",
        "localhost@jahat.example",
        "localhost:x",
        "[::2]",
        "LOCALHOST x",
    ],
)
def test_other_hosts_are_refused_without_a_page(host: str) -> None:
    found = refusal_of(scope(headers=[(b"host", host.encode())]), LOCAL)
    assert found is not None
    assert (found.status, found.plain) == (400, True)


@pytest.mark.parametrize("headers", [[], [*OWN, *OWN]])
def test_host_stands_once(headers: list[tuple[bytes, bytes]]) -> None:
    assert status(headers=headers) == 400


def test_host_of_the_settings_is_ours_with_or_without_a_port() -> None:
    for host in (b"desk.example", b"DESK.example:443"):
        assert refusal_of(scope(headers=[(b"host", host)]), ("desk.example",)) is None
    assert refusal_of(scope(headers=[(b"host", b"desk.example:1")]), ("desk.example:2",)) is not None


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        (None, None),
        (None, b"none"),
        (None, b"same-site"),
        (b"null", None),
        (b"https://localhost:8000", None),
        (b"http://localhost", None),
        (b"http://localhost:8000", b"cross-site"),
        (b"http://localhost:8000.jahat.example", b"same-origin"),
    ],
)
def test_unsafe_request_must_say_that_it_is_ours(origin: bytes | None, site: bytes | None) -> None:
    said = ((b"origin", origin), (b"sec-fetch-site", site))
    headers = [*OWN, *((name, value) for name, value in said if value is not None)]
    assert status(method="POST", headers=headers) == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "get", ""])
def test_other_methods_are_refused(method: str) -> None:
    assert status(method=method, headers=POSTED) == 405


@pytest.mark.parametrize(
    "raw",
    [
        b"/%00",
        b"/a/../b",
        b"/%2e%2e/a",
        b"/a%2fb",
        b"/a%2Fb",
        b"//a",
        b"/a%5cb",
        b"/\xff",
        b"/%c0%af",
        b"/%252e",
        b"a",
    ],
)
def test_odd_path_is_refused(raw: bytes) -> None:
    assert status(raw_path=raw) == 400


def test_long_addresses_are_refused() -> None:
    assert status(raw_path=b"/" + b"a" * 2000) == 414
    assert status(query_string=b"a=" + b"b" * 5000) == 414
    assert status(query_string=b"&".join([b"a=b"] * 100)) == 414


@pytest.mark.parametrize("query", [b"a=%00", b"a=%ff", b"a=%0d%0ab"])
def test_unreadable_query_is_refused(query: bytes) -> None:
    assert status(query_string=query) == 400


def test_too_many_headers_are_refused() -> None:
    assert status(headers=[*OWN, *((b"x-%d" % number, b"a") for number in range(70))]) == 431
    assert status(headers=[*OWN, (b"cookie", b"a" * 20_000)]) == 431


def test_two_lengths_are_refused() -> None:
    both = [*POSTED, (b"content-length", b"1"), (b"transfer-encoding", b"chunked")]
    assert status(method="POST", headers=both) == 400
    assert status(method="POST", headers=[*POSTED, *[(b"content-length", b"1")] * 2]) == 400


def test_cookies_under_https_bear_the_prefix() -> None:
    said = cookies.outward(b"a=b; HttpOnly; Path=/x; Domain=jahat.example; SameSite=lax")
    assert said == b"__Host-a=b; HttpOnly; SameSite=lax; Path=/; Secure"
    assert cookies.inward([(b"cookie", b"a=planted; __Host-a=b; c=d")]) == [(b"cookie", b"a=b")]
