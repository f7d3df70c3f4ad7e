"""Logging in at another provider: a link leads there, and a button of ours brings the answer in.

The way back is a GET of another site, and a GET changes nothing here: it shows a button whose POST exchanges
the code. What the answer must match waits in a sealed cookie for ten minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.accounts import Entered, entering, factor, oidc, sessions
from portal.accounts.oidc import Flow, NotLinked, Provider, ProviderFailed
from portal.admin.auth import Gate
from portal.admin.routes import needs
from portal.admin.takes import takes
from portal.admin.threads import in_thread
from portal.database import writing

if TYPE_CHECKING:
    from portal.admin.site import Site

COOKIE = "portal_provider"
PATH = "/masuk/penyedia"
LASTS = 600
"""Seconds for which a log-in at the provider may last."""
ANSWER = ("code", "state", "iss", "error", "error_description", "error_uri", "session_state")
"""What a provider sends back in the address."""
_SEAL = "provider-flow"


class ProviderPages:
    """The pages on the way to another provider and back."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> tuple[Route, ...]:
        """Returns its routes."""
        return (
            Route(PATH, self.leave, methods=["GET"], name="provider"),
            Route(f"{PATH}/kembali", self.back, methods=["GET", "POST"], name="provider-back"),
        )

    def _gate(self) -> tuple[Gate, Provider]:
        gate = self.site.gate
        if not isinstance(gate, Gate) or gate.policy.provider is None:
            raise HTTPException(404)
        return gate, gate.policy.provider

    @needs("nothing")
    @takes()
    async def leave(self, request: Request) -> Response:
        """Leads to the provider."""
        gate, provider = self._gate()
        back = f"{request.url.scheme}://{request.url.netloc}{PATH}/kembali"
        try:
            address, flow = await in_thread(oidc.begin, provider, back)
        except ProviderFailed:
            return await self._failed(request, "account-provider-failed", 502)
        answer = RedirectResponse(address, status_code=303)
        sealed = factor.sealed(gate.policy.form_key, flow.text(), _SEAL)
        secure = request.url.scheme == "https"
        answer.set_cookie(
            COOKIE, sealed, max_age=LASTS, httponly=True, samesite="lax", secure=secure, path=PATH
        )
        return answer

    @needs("nothing")
    @takes(
        query=("code", "state", "iss", "error", "error_description", "error_uri", "session_state"),
        form=("code", "state"),
    )
    async def back(self, request: Request) -> Response:
        """Shows the button, and lets in who the provider vouches for."""
        gate, provider = self._gate()
        if request.method == "GET":
            asked = request.query_params
            if "code" not in asked or "state" not in asked:
                return await self._failed(request, "account-provider-failed", 400)
            values = {"code": asked["code"], "state": asked["state"], "path": request.url.path}
            page: Response = await self.site.templates.TemplateResponse(
                request, "entrance/provider.html", values
            )
            return page
        form = await request.form()
        code, state = str(form.get("code", "")), str(form.get("state", ""))
        flow = self._flow(request, gate)
        if flow is None:
            return await self._failed(request, "account-provider-failed", 400)
        try:
            agent = request.headers.get("user-agent", "")
            entered = await in_thread(_entered, gate, provider, flow, code, state, agent)
        except ProviderFailed:
            return await self._failed(request, "account-provider-failed", 400)
        except NotLinked:
            return await self._failed(request, "account-provider-unlinked", 403)
        answer = gate.entered(request, entered)
        answer.delete_cookie(COOKIE, path=PATH)
        return answer

    def _flow(self, request: Request, gate: Gate) -> Flow | None:
        sealed = request.cookies.get(COOKIE, "")
        try:
            text = factor.unsealed(gate.policy.form_key, sealed, _SEAL) if sealed else None
        except ValueError:
            return None
        return Flow.of(text) if text else None

    async def _failed(self, request: Request, slug: str, status: int) -> Response:
        page: Response = await self.site.templates.TemplateResponse(
            request, "login.html", {"failed": True, "wait": "", "slug": slug}, status_code=status
        )
        page.delete_cookie(COOKIE, path=PATH)
        return page


def _entered(gate: Gate, provider: Provider, flow: Flow, code: str, state: str, agent: str) -> Entered:
    """Opens the session of who the provider vouches for; the provider is asked outside of any transaction."""
    subject = oidc.finish(provider, flow, code=code, state=state, now=gate.clock())
    with writing(gate.engine) as session:
        account = oidc.account_of(session, provider, subject)
        token = sessions.begin(session, account, gate.clock(), agent=agent)
        return Entered(token=token, browser=entering.browser_mark(gate.policy, account.login))
