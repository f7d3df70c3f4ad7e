"""The studio: changes of the rules as drafts, what they would do, and what is asked and said of them.

A draft is the text of files over a Release. It changes nothing until it is put in force, and that goes the
one way by which every Release reaches users (`publish`); `releasing` takes it there.
"""

from __future__ import annotations

from portal.studio.asking import SUBJECT, Behind, Wish, alone, approve, ask, returned, send_back
from portal.studio.effect import Effect, effect
from portal.studio.keeping import (
    ASKED,
    DROPPED,
    DUE,
    LARGEST,
    OPEN,
    PUBLISHED,
    NotOpen,
    Other,
    Overtaken,
    TooLong,
    UnknownFile,
    Work,
    begun,
    drop,
    locked,
    mine,
    new,
    others,
    owner,
    rebase,
    released,
    save,
    take_up,
    work,
)
from portal.studio.merging import Clash, Rebased, Side, rebased
from portal.studio.trying import Trial, trial
from portal.studio.workbench import Checked, checked, typed

__all__ = [
    "ASKED",
    "DROPPED",
    "DUE",
    "LARGEST",
    "OPEN",
    "PUBLISHED",
    "SUBJECT",
    "Behind",
    "Checked",
    "Clash",
    "Effect",
    "NotOpen",
    "Other",
    "Overtaken",
    "Rebased",
    "Side",
    "TooLong",
    "Trial",
    "UnknownFile",
    "Wish",
    "Work",
    "alone",
    "approve",
    "ask",
    "begun",
    "checked",
    "drop",
    "effect",
    "locked",
    "mine",
    "new",
    "others",
    "owner",
    "rebase",
    "rebased",
    "released",
    "returned",
    "save",
    "send_back",
    "take_up",
    "trial",
    "typed",
    "work",
]
