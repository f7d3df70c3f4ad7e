"""How long a request may take to arrive and an answer to be taken, and how large a body may grow."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Send

from portal.admin.refusals import LARGEST_BODY

BODY_SECONDS = 60.0
"""For a whole body: 2 MB over a line of 280 kbit/s."""
UPLOAD_SECONDS = 300.0
"""For a form with a photo: 10 MB over the same line."""
SEND_SECONDS = 120.0
"""For each piece of an answer that the browser must take before the next one."""


class TooLarge(Exception):
    """The body is larger than any of our forms."""


class TooSlow(Exception):
    """The body does not arrive."""


class Untaken(Exception):
    """The answer is not taken."""


def arriving(receive: Receive, seconds: float | None = None, largest: int = LARGEST_BODY) -> Receive:
    """Returns a receive that raises TooLarge or TooSlow while a body arrives; afterwards it just waits."""
    seconds = seconds or (BODY_SECONDS if largest == LARGEST_BODY else UPLOAD_SECONDS)
    size, complete = 0, False
    until = asyncio.get_running_loop().time() + seconds

    async def counted() -> Message:
        nonlocal size, complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        size += len(message.get("body", b""))
        if size > largest:
            raise TooLarge
        complete = not message.get("more_body", False)
        return message

    return counted


def taken(send: Send, seconds: float = SEND_SECONDS) -> Send:
    """Returns a send that raises Untaken when the browser does not take what is sent."""

    async def patient(message: Message) -> None:
        try:
            async with asyncio.timeout(seconds):
                await send(message)
        except TimeoutError:
            raise Untaken from None

    return patient
