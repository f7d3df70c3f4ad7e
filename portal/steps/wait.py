"""Waiting for someone outside the office: an agency, the resident, the next window of a register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from portal.fields import ChoiceField, DateField, FieldType, LongTextField, Value
from portal.scalars import Definition, Text, Whole
from portal.steps.base import Effect, Lists, RecordReply, StepType
from portal.words import say
from portal.worktime import Roll

REPLIES = ("accepted", "in-process", "incomplete", "declined", "no-answer")
"""What an agency can answer to a referral; the last is what the office notes when it does not."""


class Window(Definition):
    """Days of the month on which something outside can be done, such as a register that opens twice."""

    days: tuple[Annotated[Whole, Field(ge=1, le=31)], ...] = Field(
        min_length=1,
        description="The days of the month; one that a month does not have is its last.",
        examples=[[19, 24]],
    )
    on_holiday: Roll = Field(
        "before",
        description="What a day off does to a window: before or after, to the nearest working day, or same.",
    )


class WaitStep(StepType):
    """Is completed by writing down what came; for an agency that is the reply to the open referral."""

    type: Literal["wait"]
    waits_for: Literal["agency", "resident", "register", "date"] = Field(
        description="Whose turn it is; date: nobody's, until a day has come.",
        examples=["agency", "resident", "register", "date"],
    )
    window: Window | None = Field(
        None,
        description="The days of the month on which it can go on; it is due on the next of them.",
        examples=[{"days": [19, 24], "on_holiday": "before"}],
    )
    until: Text | None = Field(
        None,
        description="The answer that says until which day it waits, as step.field; it is due on that day.",
        examples=["proposal.next_on"],
    )
    on_reply: Literal["offer", "complete"] = Field(
        "offer",
        description="What an answer that the agency gives on its page does: offer fills in this step for the "
        "clerk to complete; complete completes it by itself, where nothing else is asked.",
    )

    def own_fields(self, lists: Lists) -> Mapping[str, FieldType]:
        received = DateField(type="date", label=say("wait-received-on"), required=True)
        note = LongTextField(type="long-text", label=say("wait-note"))
        if self.waits_for != "agency":
            return {"received_on": received, "note": note}
        replies = {reply: say(f"reply-{reply}") for reply in REPLIES}
        reply = ChoiceField(type="choice", label=say("wait-reply"), choices=replies, required=True)
        return {"reply": reply, "received_on": received, "note": note}

    def effects(self, answers: Mapping[str, Value]) -> tuple[Effect, ...]:
        return (RecordReply(reply=str(answers["reply"])),) if self.waits_for == "agency" else ()
