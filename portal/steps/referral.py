"""A referral: the resident is sent on to an agency with a letter, and an answer is expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from portal.fields import ChoiceField, FieldType, FlagField, LongTextField, Value
from portal.scalars import Id, Within
from portal.steps.base import Effect, IssueLetter, Lists, OpenReferral, StepType
from portal.words import say


class ReferralStep(StepType):
    """Issues the referral letter to the chosen destination and opens the referral.

    Without a `destination` of its own the step proposes the one of the case's programme.
    """

    type: Literal["referral"]
    letter: Id = Field(description="The referral letter.", examples=["referral"])
    destination: Id | None = Field(None, description="The agency proposed, when it is not the programme's.")
    reply_within: Within | None = Field(None, description="How long the agency has to answer.")
    hand_over_within: Within | None = Field(
        None,
        description="How long the letter may lie before it is handed over; 2 working days when left out.",
    )
    confirm_within: Within | None = Field(
        None,
        description="How long after the service somebody has to confirm it; 5 working days when left out.",
    )

    def own_fields(self, lists: Lists) -> Mapping[str, FieldType]:
        choices = dict(lists.destinations) or {"none": "-"}
        return {
            "destination": ChoiceField(
                type="choice",
                label=say("referral-destination"),
                choices=choices,
                withdrawn=dict(lists.withdrawn_destinations),
                required=True,
            ),
            "assessment": LongTextField(type="long-text", label=say("referral-assessment")),
            "request": LongTextField(type="long-text", label=say("referral-request"), required=True),
            "consent": FlagField(
                type="flag", label=say("referral-consent"), help=say("referral-consent-help")
            ),
        }

    def effects(self, answers: Mapping[str, Value]) -> tuple[Effect, ...]:
        destination = str(answers["destination"])
        return (
            IssueLetter(letter=self.letter, destination=destination),
            OpenReferral(destination=destination, letter=self.letter, reply_within=self.reply_within),
        )
