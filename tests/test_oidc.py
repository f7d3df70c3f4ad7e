"""Logging in at a real provider in a process of its own: linked accounts get in, nobody else does."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import Engine, func, select
from starlette.testclient import TestClient
from worked import FORM, NOW, demo_engine

from portal import accounts
from portal.access import SYSTEM
from portal.accounts import oidc
from portal.accounts.oidc import Flow, Provider, ProviderFailed
from portal.app import create_app, utc_now
from portal.database import reading, writing
from portal.settings import Settings
from portal.tables import Account

SUBJECT = "198001012006041001"
HERE = "http://localhost"
BACK = f"{HERE}/masuk/penyedia/kembali"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Serves a provider that knows one person."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen([*command, "--user", SUBJECT], stdout=quiet, stderr=quiet) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address)
            yield address
        finally:
            process.terminate()


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{address}/.well-known/openid-configuration").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the provider did not start")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return demo_engine(tmp_path)


def provider(issuer: str) -> Provider:
    return Provider(issuer=issuer, client="portal", secret="rahasia")


@pytest.fixture
def client(engine: Engine, issuer: str, tmp_path: Path) -> TestClient:
    secret = tmp_path / "oidc"
    secret.write_text("rahasia\n")
    settings = Settings(
        database=str(engine.url),
        oidc_issuer=issuer,
        oidc_client="portal",
        oidc_secret_file=secret,
    )
    return TestClient(create_app(settings), base_url=HERE, follow_redirects=False)


def linked(engine: Engine, issuer: str, login: str = "front-office") -> None:
    with writing(engine) as session:
        account = accounts.find(session, login)
        assert account is not None
        oidc.link(session, account, provider(issuer), SUBJECT, actor=SYSTEM, now=NOW)


def vouched(address: str) -> dict[str, str]:
    """Logs in at the provider's page; returns what it sends the browser back with."""
    answer = httpx.post(address, data={"sub": SUBJECT}, follow_redirects=False)
    assert answer.status_code in (302, 303), answer.text
    back = answer.headers["location"]
    assert back.startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def returned(client: TestClient, said: dict[str, str]) -> int:
    """Comes back to the portal and presses its button."""
    page = client.get("/masuk/penyedia/kembali", params=said)
    assert "Lanjutkan masuk" in page.text
    form = {name: said[name] for name in ("code", "state")}
    return client.post("/masuk/penyedia/kembali", data=form, headers=FORM).status_code


def left(client: TestClient) -> str:
    assert "/masuk/penyedia" in client.get("/masuk").text
    answer = client.get("/masuk/penyedia")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_linked_account_gets_in(client: TestClient, engine: Engine, issuer: str) -> None:
    linked(engine, issuer)
    address = left(client)
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked.keys() >= {"state", "nonce"}
    assert returned(client, vouched(address)) == 303
    assert client.get("/tugas").status_code == 200


def test_unlinked_person_gets_no_account(client: TestClient, engine: Engine, issuer: str) -> None:
    with reading(engine) as session:
        before = session.scalar(select(func.count()).select_from(Account))
    assert returned(client, vouched(left(client))) == 403
    assert client.get("/tugas").headers["location"] == "/masuk"
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Account)) == before


def test_closed_account_stays_out(client: TestClient, engine: Engine, issuer: str) -> None:
    linked(engine, issuer)
    with writing(engine) as session:
        account = accounts.find(session, "front-office")
        assert account is not None
        accounts.disable(session, account, actor=SYSTEM, now=NOW)
    assert returned(client, vouched(left(client))) == 403


def test_answer_for_another_browser_is_refused(client: TestClient, engine: Engine, issuer: str) -> None:
    linked(engine, issuer)
    said = vouched(left(client))
    left(client)
    assert returned(client, said) == 400
    client.cookies.delete("portal_provider")
    assert returned(client, said) == 400


def test_code_counts_once(client: TestClient, engine: Engine, issuer: str) -> None:
    linked(engine, issuer)
    said = vouched(left(client))
    sealed = client.cookies["portal_provider"]
    assert returned(client, said) == 303
    client.cookies.set("portal_provider", sealed, path="/masuk/penyedia")
    assert returned(client, said) == 400


def test_way_back_changes_nothing_before_the_button(client: TestClient, engine: Engine, issuer: str) -> None:
    linked(engine, issuer)
    said = vouched(left(client))
    client.get("/masuk/penyedia/kembali", params=said)
    assert client.get("/tugas").headers["location"] == "/masuk"


@pytest.mark.parametrize("wrong", ["nonce", "state", "client"])
def test_token_that_does_not_fit_is_refused(issuer: str, wrong: str) -> None:
    address, flow = oidc.begin(provider(issuer), BACK)
    said = vouched(address)
    parts = {"state": flow.state, "nonce": flow.nonce, "verifier": flow.verifier, "back": flow.back}
    other = provider(issuer)
    if wrong == "client":
        other = Provider(issuer=issuer, client="lain", secret="rahasia")
    else:
        parts[wrong] = "x" * 48
    with pytest.raises(ProviderFailed):
        oidc.finish(other, Flow(**parts), code=said["code"], state=said["state"], now=utc_now())


def test_proof_key_is_sent_as_its_hash(issuer: str) -> None:
    address, flow = oidc.begin(provider(issuer), BACK)
    hashed = urlsafe_b64encode(sha256(flow.verifier.encode()).digest()).rstrip(b"=").decode()
    assert parse_qs(urlsplit(address).query)["code_challenge"] == [hashed]


def test_old_token_is_refused(issuer: str) -> None:
    address, flow = oidc.begin(provider(issuer), BACK)
    said = vouched(address)
    later = utc_now() + timedelta(days=2)
    with pytest.raises(ProviderFailed):
        oidc.finish(provider(issuer), flow, code=said["code"], state=said["state"], now=later)


def test_provider_that_calls_itself_otherwise_is_not_believed(issuer: str) -> None:
    other = Provider(issuer=issuer.replace("//", "//another@"), client="portal", secret="x")
    with pytest.raises(ProviderFailed):
        oidc.begin(other, BACK)
    with pytest.raises(ProviderFailed):
        oidc.begin(Provider(issuer="http://127.0.0.1:9", client="portal", secret="x"), BACK)


def test_portal_without_a_provider_has_no_such_page(engine: Engine) -> None:
    client = TestClient(create_app(Settings(database=str(engine.url))), base_url=HERE, follow_redirects=False)
    assert "/masuk/penyedia" not in client.get("/masuk").text
    assert client.get("/masuk/penyedia").status_code == 404
    assert client.get("/masuk/penyedia/kembali?code=a&state=b").status_code == 404
