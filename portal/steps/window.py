"""The window of a wait: on which days of the month it can go on, and what a day off does to them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from portal.scalars import Definition, Whole
from portal.windows import OnHoliday


class Window(Definition):
    """Days of the month on which something outside can be done, such as a register that opens twice."""

    days: tuple[Annotated[Whole, Field(ge=1, le=31)], ...] = Field(
        min_length=1,
        description="The days of the month; one that a month does not have is its last.",
        examples=[[19, 24]],
    )
    on_holiday: OnHoliday = Field(
        "after",
        description="What a day off does to a window: before or after, to the nearest working day, or same.",
    )
