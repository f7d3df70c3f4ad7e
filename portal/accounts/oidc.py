"""Logging in by way of another provider (OpenID Connect), for accounts that were linked to it beforehand.

The authorization code flow with PKCE (S256), state and nonce, by Authlib. What counts is the provider's
verified subject: an address or name that it tells is not looked at, and no account is made. The libraries are
imported when the first person logs in that way: an office without a provider needs none of them.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.accounts.base import note
from portal.settings import Settings
from portal.tables import Account, Identity

SECONDS = 10.0
"""How long an answer of the provider is waited for."""
LEEWAY = 60
"""How many seconds its clock may differ from ours."""
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")


class ProviderFailed(Exception):
    """The provider did not answer, or not as one that may be believed."""


class NotLinked(Exception):
    """The provider knows the person, and no open account here is linked to them."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Who else vouches for people."""

    issuer: str
    client: str
    secret: str


@dataclass(frozen=True, kw_only=True)
class Flow:
    """What one log-in has to come back with, kept by its browser in a sealed cookie."""

    state: str
    nonce: str
    verifier: str
    back: str
    """Where the provider sends the browser."""

    def text(self) -> str:
        """Returns it as a text, to be sealed."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> Flow:
        """Reads what `text` wrote."""
        return cls(**json.loads(text))


def provider_of(settings: Settings) -> Provider | None:
    """Returns the provider of the settings, None without one.

    Raises:
        OSError: the file with its secret cannot be read.
    """
    if not settings.oidc_issuer or not settings.oidc_client:
        return None
    file = settings.oidc_secret_file
    secret = file.read_text("utf-8").strip() if file else ""
    return Provider(issuer=settings.oidc_issuer.rstrip("/"), client=settings.oidc_client, secret=secret)


def begin(provider: Provider, back: str) -> tuple[str, Flow]:
    """Returns the provider's page to send a browser to, and what the way back has to match.

    Raises:
        ProviderFailed: it cannot be reached.
    """
    flow = Flow(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        back=back,
    )
    known = _known(provider)
    with _client(provider, flow) as client:
        address, _ = client.create_authorization_url(
            known["authorization_endpoint"], state=flow.state, nonce=flow.nonce, code_verifier=flow.verifier
        )
    return str(address), flow


def finish(provider: Provider, flow: Flow, *, code: str, state: str, now: datetime) -> str:
    """Exchanges a code and returns the subject that the provider vouches for.

    Raises:
        ProviderFailed: the state is another, or anything that the provider says does not fit.
    """
    if not hmac.compare_digest(flow.state.encode(), state.encode()):
        raise ProviderFailed("state")
    import httpx
    from authlib.common.errors import AuthlibBaseError

    known = _known(provider)
    try:
        with _client(provider, flow) as client:
            token = client.fetch_token(known["token_endpoint"], code=code, code_verifier=flow.verifier)
            signers = httpx.get(known["jwks_uri"], timeout=SECONDS).raise_for_status().json()
    except (httpx.HTTPError, AuthlibBaseError, ValueError) as error:
        raise ProviderFailed("token") from error
    return _subject(provider, flow, str(token.get("id_token", "")), signers, now)


def _known(provider: Provider) -> Mapping[str, str]:
    """Returns where the provider's pages are; only what the issuer says of itself is believed."""
    import httpx

    address = f"{provider.issuer}/.well-known/openid-configuration"
    try:
        said = httpx.get(address, timeout=SECONDS).raise_for_status().json()
        known = {name: str(said[name]) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        issuer = str(said["issuer"]).rstrip("/")
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise ProviderFailed("discovery") from error
    if issuer != provider.issuer:
        raise ProviderFailed("issuer")
    return known


def _client(provider: Provider, flow: Flow) -> Any:
    from authlib.integrations.httpx_client import OAuth2Client

    return OAuth2Client(
        client_id=provider.client,
        client_secret=provider.secret,
        scope="openid",
        redirect_uri=flow.back,
        code_challenge_method="S256",
        timeout=SECONDS,
    )


def _subject(provider: Provider, flow: Flow, token: str, signers: Any, now: datetime) -> str:
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    needed: dict[str, Any] = {
        "iss": {"essential": True},
        "aud": {"essential": True, "value": provider.client},
        "exp": {"essential": True},
        "sub": {"essential": True},
        "nonce": {"essential": True, "value": flow.nonce},
    }
    try:
        said = jwt.decode(token, KeySet.import_key_set(signers), algorithms=list(ALGORITHMS)).claims
        registry = jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=LEEWAY, **needed)
        registry.validate(said)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderFailed("token") from error
    if str(said["iss"]).rstrip("/") != provider.issuer or said.get("azp", provider.client) != provider.client:
        raise ProviderFailed("token")
    return str(said["sub"])


def account_of(session: Session, provider: Provider, subject: str) -> Account:
    """Returns the open account that is linked to a subject.

    Raises:
        NotLinked: there is none.
    """
    linked = (Identity.issuer == provider.issuer, Identity.subject == subject, Account.active)
    found = session.scalar(select(Account).join(Identity, Identity.account_id == Account.id).where(*linked))
    if found is None:
        raise NotLinked
    return found


def link(
    session: Session, account: Account, provider: Provider, subject: str, *, actor: Actor, now: datetime
) -> None:
    """Links an account to the subject under which the provider knows its owner."""
    session.add(Identity(account_id=account.id, issuer=provider.issuer, subject=subject))
    session.flush()
    note(session, account.id, "identity-linked", actor, now, {"issuer": provider.issuer})
