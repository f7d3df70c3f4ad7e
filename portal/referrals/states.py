"""The life of a referral: its states, the acts that lead from one to the next, and who may do which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

State = Literal[
    "prepared",
    "issued",
    "handed-over",
    "received",
    "accepted",
    "declined",
    "returned",
    "served",
    "confirmed",
    "expired",
    "withdrawn",
]
Name = Literal[
    "issue", "hand-over", "receive", "accept", "decline", "return", "serve", "confirm", "expire", "withdraw"
]
Party = Literal["office", "agency", "portal"]
"""Who says that something happened: somebody at the desk, the agency on its own page, the portal itself."""
Need = Literal["reason", "missing", "note", "evidence"]

STATES: tuple[State, ...] = get_args(State)
OPEN: tuple[State, ...] = ("issued", "handed-over", "received", "returned", "accepted", "served")
"""Those in which somebody has still to act; a prepared one is the open task of its step."""
ANSWERED: tuple[State, ...] = ("received", "accepted", "declined", "returned", "served", "confirmed")
WAYS = ("page", "slip", "phone", "in-person", "letter", "step")
"""How word of it can come in; `step` is the SOP's own step that waits for the answer."""
CLERKS_WAYS = ("slip", "phone", "in-person", "letter")
"""The ways that a clerk can write down."""
CONFIRMERS = ("resident", "agency", "facilitator", "register")
"""Who can say that the resident really was served."""
LEGACY: Mapping[str, State] = {
    "in-process": "received",
    "incomplete": "returned",
    "no-answer": "expired",
}
"""What the replies that were once kept as states mean."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act: from which states it leads, to which, who may say so, and what has to be said with it."""

    name: Name
    of: tuple[State, ...]
    to: State
    who: tuple[Party, ...]
    needs: tuple[Need, ...] = ()


_BOTH: tuple[Party, ...] = ("agency", "office")
_WAITING: tuple[State, ...] = ("issued", "handed-over", "received")
ACTS: Mapping[Name, Act] = {
    each.name: each
    for each in (
        Act(name="issue", of=("prepared",), to="issued", who=("office",)),
        Act(name="hand-over", of=("issued", "returned"), to="handed-over", who=("office",)),
        Act(name="receive", of=("issued", "handed-over", "expired"), to="received", who=_BOTH),
        Act(name="accept", of=(*_WAITING, "returned", "expired"), to="accepted", who=_BOTH),
        Act(
            name="decline",
            of=(*_WAITING, "returned", "accepted", "expired"),
            to="declined",
            who=_BOTH,
            needs=("reason",),
        ),
        Act(name="return", of=(*_WAITING, "expired"), to="returned", who=_BOTH, needs=("missing",)),
        Act(name="serve", of=("received", "accepted"), to="served", who=_BOTH),
        Act(name="confirm", of=("accepted", "served"), to="confirmed", who=("office",), needs=("evidence",)),
        Act(name="expire", of=(*_WAITING, "returned"), to="expired", who=("office", "portal")),
        Act(
            name="withdraw",
            of=("prepared", *_WAITING, "returned", "accepted"),
            to="withdrawn",
            who=("office",),
            needs=("note",),
        ),
    )
}
"""The table of transitions; what is not in it is refused."""
REPLIES: Mapping[str, Name] = {
    "accepted": "accept",
    "in-process": "receive",
    "incomplete": "return",
    "declined": "decline",
    "no-answer": "expire",
}
"""What the replies of a step that waits for an agency do to the referral."""
REPLY_OF: Mapping[State, str] = {
    "received": "in-process",
    "accepted": "accepted",
    "served": "accepted",
    "confirmed": "accepted",
    "returned": "incomplete",
    "declined": "declined",
    "expired": "no-answer",
}
"""What a state is called as the reply in such a step."""
NEXT: Mapping[State, Party] = {
    "prepared": "office",
    "issued": "office",
    "handed-over": "agency",
    "received": "agency",
    "returned": "office",
    "accepted": "agency",
    "served": "office",
}
"""Who has to act in a state; nobody where it has ended."""


class Illegal(Exception):
    """The act does not lead on from where the referral stands; `state` and `act` say which."""

    def __init__(self, state: State, act: Name) -> None:
        super().__init__(f"{act} of {state}")
        self.state = state
        self.act = act


class NotYours(Exception):
    """Whoever says so has no say in this act."""


def state_of(kept: str) -> State:
    """Returns the state that is kept, also of rows from before there were so many.

    Raises:
        ValueError: it is none.
    """
    known = LEGACY.get(kept, kept)
    return next(each for each in STATES if each == known)


def led_to(state: State, act: Name, party: Party) -> State | None:
    """Returns where an act leads from a state; None when it has led there already and changes nothing.

    Raises:
        NotYours: the party may not say so, whatever the state.
        Illegal: the act does not lead on from there.
    """
    known = ACTS[act]
    if party not in known.who:
        raise NotYours(act)
    if state == known.to:
        return None
    if state not in known.of:
        raise Illegal(state, act)
    return known.to


def open_acts(state: State, party: Party) -> tuple[Name, ...]:
    """Returns the acts that a party may do in a state, in the order of the table."""
    return tuple(key for key, each in ACTS.items() if party in each.who and state in each.of)
