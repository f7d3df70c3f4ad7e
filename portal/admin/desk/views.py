"""What the address of the worklist asks for, and the views that an office has saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast, get_args
from urllib.parse import urlencode

from portal.access import Actor, roles_of
from portal.releases import Live
from portal.schema import Group, Schema, View, Waiting
from portal.schema.views import StepKind
from portal.steps import Stage
from portal.words import say

PATH = "/tugas"
STEP = 20
"""So many lines of a group more with each press of "load more"."""
MOST = 1000
QUERY = ("kelompok", "program", "langkah", "tahap", "menunggu", "prioritas", "wilayah", "muat")
"""What the address of the worklist takes."""
GROUPS: tuple[Group, ...] = get_args(Group)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of the worklist; the empty one asks for everything."""

    group: Group | None = None
    program: str | None = None
    step: StepKind | None = None
    stage: Stage | None = None
    waits_for: Waiting | None = None
    priority: str | None = None
    area: str | None = None
    shown: int = STEP

    def url(self, shown: int | None = None) -> str:
        """Returns the address that asks the same."""
        said = {
            "kelompok": self.group,
            "program": self.program,
            "langkah": self.step,
            "tahap": self.stage,
            "menunggu": self.waits_for,
            "prioritas": self.priority,
            "wilayah": self.area,
            "muat": shown if shown and shown != STEP else None,
        }
        query = urlencode({key: value for key, value in said.items() if value})
        return f"{PATH}?{query}" if query else PATH

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return self != Asked(shown=self.shown)


class NotAsked(ValueError):
    """An address asks for something that there is not."""


def asked(schema: Schema, query: Mapping[str, str]) -> Asked:
    """Returns what an address asks for.

    Raises:
        NotAsked: a value is none of those that there are.
    """
    return Asked(
        group=cast("Group | None", _one(query, "kelompok", GROUPS)),
        program=_one(query, "program", schema.known.programs),
        step=cast("StepKind | None", _one(query, "langkah", get_args(StepKind))),
        stage=cast("Stage | None", _one(query, "tahap", get_args(Stage))),
        waits_for=cast("Waiting | None", _one(query, "menunggu", get_args(Waiting))),
        priority=_one(query, "prioritas", schema.known.priorities),
        area=_one(query, "wilayah", schema.known.areas),
        shown=_shown(query.get("muat", "")),
    )


def _one(query: Mapping[str, str], name: str, known: object) -> str | None:
    said = query.get(name)
    if said is None or said == "":
        return None
    if said not in cast("Mapping[str, object]", known):
        raise NotAsked(name)
    return said


def _shown(said: str) -> int:
    if not said:
        return STEP
    if not (said.isascii() and said.isdigit() and len(said) <= len(str(MOST))) or not 0 < int(said) <= MOST:
        raise NotAsked("muat")
    return int(said)


@dataclass(frozen=True, kw_only=True)
class Saved:
    """One saved view as the page offers it."""

    label: str
    url: str
    active: bool


def saved(live: Live, actor: Actor, now: Asked) -> tuple[Saved, ...]:
    """Returns the views of a person's roles, everything first; the one that is looked at is marked."""
    held = {granted.role for granted, _ in roles_of(live.schema, actor)}
    mine = [
        view
        for view in live.schema.office.views.values()
        if not view.roles or held & set(view.roles) or actor.everything
    ]
    plain = replace(now, shown=STEP)
    offered = [(say("tasks-view-all"), Asked()), *((view.label, _of(view)) for view in mine)]
    return tuple(Saved(label=label, url=each.url(), active=each == plain) for label, each in offered)


def _of(view: View) -> Asked:
    return Asked(
        group=view.group,
        program=view.program,
        step=view.step,
        stage=view.stage,
        waits_for=view.waits_for,
        priority=view.priority,
        area=view.area,
    )
