"""What several parts of the language share: one text or a list of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from portal.scalars import Text


def one_or_more(value: object) -> object:
    """Returns a text as a tuple of one; anything else as it is."""
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("text-empty", "empty text")
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[Text, ...], BeforeValidator(one_or_more, json_schema_input_type=Text | list[Text])]
"""One text or a list of them."""
