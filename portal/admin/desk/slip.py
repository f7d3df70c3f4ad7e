"""An invitation on paper: a slip of A6 with the address, the code and what to do, never a passphrase."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal.pressroom import pdf
from portal.tables import Account
from portal.words import say

FOLDER = Path(__file__).parent.parent.parent / "assets" / "slip"


def printed_slip(env: Any, office: str, account: Account, code: str, link: str, until: str) -> bytes:
    """Returns the slip as a PDF.

    Args:
        env: the templates of the screens.
        link: where the code is to be typed.
        until: until when it holds, in words.
    """
    values = {"say": say, "office": office, "account": account, "code": code, "link": link, "until": until}
    return pdf(env.get_template("accounts/slip.html").render(values), assets=FOLDER).data
