"""The address of the portal as people outside reach it: printed on letters, scanned from them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from portal.scalars import Text

PATTERN = r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?"
LONGEST = 60


def _web(text: str) -> str:
    """Keeps an address without a path; a long one makes a code that old telephones do not read."""
    said = text.strip().removesuffix("/")
    if len(said) > LONGEST or re.fullmatch(PATTERN, said) is None:
        raise PydanticCustomError("web-address-form", "no address of a portal", {"value": text})
    return said


WebAddress = Annotated[
    Text,
    AfterValidator(_web),
    WithJsonSchema({"type": "string", "pattern": f"^{PATTERN}/?$", "maxLength": LONGEST}),
]
"""`https://satupintu.example.go.id`: scheme and host, no path."""
