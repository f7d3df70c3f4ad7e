"""Where a form led, as a small answer for a script that sent it: the page leaves only when it is stored."""

from __future__ import annotations

import json

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-portal-form"
"""What a script of ours says when it sends a form in the place of the browser."""


class Quietly:
    """Answers a form that a script has sent with the address to which a browser would have been led.

    Without it the script would follow by itself, and the page would be made twice.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or HEADER not in Headers(scope=scope):
            return await self.app(scope, receive, send)
        led = ""

        async def told(message: Message) -> None:
            nonlocal led
            if message["type"] == "http.response.start" and message["status"] in (302, 303):
                headers = MutableHeaders(scope=message)
                led = headers["location"]
                said = json.dumps({"led": led}).encode()
                headers["content-type"], headers["content-length"] = "application/json", str(len(said))
                del headers["location"]
                await send({**message, "status": 200})
                await send({"type": "http.response.body", "body": said})
            elif not led:
                await send(message)

        return await self.app(scope, receive, told)
