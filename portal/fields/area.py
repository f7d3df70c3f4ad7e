"""Areas by their Kemendagri code, shown by their full name because village names repeat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Literal

from sqlalchemy.types import TypeEngine

from portal.fields.base import PLAIN_NAMES, FieldType, Names, Unreadable, Value, code_type
from portal.scalars import AREA_PATTERN


class AreaField(FieldType):
    """The code of a village or ward, such as `18.10.03.2007`; who may see the record follows from it."""

    type: Literal["area"]
    control: ClassVar[str] = "area"

    def column_type(self) -> TypeEngine[object]:
        return code_type(13)  # type: ignore[return-value]

    def parse(self, text: str) -> Value:
        code = text.split(" ")[0].rstrip(",")
        if not re.fullmatch(AREA_PATTERN, code):
            raise Unreadable("field-area-malformed", text=text)
        return code

    def show(self, value: Value, names: Names = PLAIN_NAMES) -> str:
        return "" if value is None else names.area(str(value))

    def attributes(self) -> Mapping[str, str]:
        return {"maxlength": "13"}

    def own_example(self) -> str:
        return "18.10.03.2007"
