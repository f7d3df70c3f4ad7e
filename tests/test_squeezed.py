"""Compression: pages and assets for browsers that take it, and nothing that another site has caused."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from worked import NOW, ORIGIN, Browser, demo_engine

from portal.admin.assets import Assets
from portal.admin.site import HERE
from portal.admin.squeezed import takes_gzip
from portal.app import create_app
from portal.settings import Settings

SMALLER = {**ORIGIN, "accept-encoding": "gzip, deflate, br"}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    engine = demo_engine(tmp_path_factory.mktemp("squeezed"))
    yield Browser(create_app(Settings(database=str(engine.url)), clock=lambda: NOW), "front-office")
    engine.dispose()


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0, *", False),
        ("gzip; q=0.000", False),
        ("br", False),
        ("", False),
    ],
)
def test_accept_encoding_is_read(accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_own_pages_leave_compressed(browser: Browser, site: str) -> None:
    with browser.client.stream("GET", "/aduan/baru", headers={**SMALLER, "sec-fetch-site": site}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(raw))
    assert {"Accept-Encoding", "Sec-Fetch-Site"} <= set(answer.headers["vary"].split(", "))
    page = gzip.decompress(raw)
    assert b"</html>" in page
    assert len(raw) * 3 < len(page)


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"accept-encoding": "identity"}],
)
def test_page_that_another_site_causes_is_as_long_as_it_is(browser: Browser, headers: dict[str, str]) -> None:
    answer = browser.client.get("/aduan/baru", headers={**SMALLER, **headers})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_old_browser_under_https_gets_plain_pages(browser: Browser) -> None:
    client = TestClient(browser.client.app, base_url="https://localhost")
    assert "content-encoding" not in client.get("/masuk", headers={"accept-encoding": "gzip"}).headers
    own = {"accept-encoding": "gzip", "sec-fetch-site": "none"}
    assert client.get("/masuk", headers=own).headers["content-encoding"] == "gzip"


def test_assets_are_compressed_unless_a_part_is_asked_for(browser: Browser) -> None:
    address = Assets(HERE / "static").path("portal.css")
    plain = (Path(HERE) / "static" / "portal.css").read_bytes()
    small = browser.client.get(address, headers={"accept-encoding": "gzip"})
    assert small.headers["content-encoding"] == "gzip"
    assert small.headers["content-type"].startswith("text/css")
    assert small.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (small.headers["vary"], small.content) == ("Accept-Encoding", plain)
    assert int(small.headers["content-length"]) * 2 < len(plain)
    head = browser.client.head(address, headers={"accept-encoding": "gzip"})
    assert (head.headers["content-length"], head.content) == (small.headers["content-length"], b"")
    part = browser.client.get(address, headers={"accept-encoding": "gzip", "range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, plain[:10])
    other = browser.client.get(address, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in other.headers
    assert other.content == plain
