"""Runs a `portal` command without the wall: only to measure what the wall costs, with made-up data.

The wall listens to sessions and engines; here nothing of it is registered. On PostgreSQL the policies of the
database stay.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

WALL = "portal.wall"
_listen = event.listen


def _listen_but_the_wall(target: object, name: str, act: Callable[..., Any], *rest: Any, **more: Any) -> None:
    if not act.__module__.startswith(WALL):
        _listen(target, name, act, *rest, **more)


def _listens_for(target: object, name: str, *rest: Any, **more: Any) -> Callable[..., Any]:
    def register(act: Callable[..., Any]) -> Callable[..., Any]:
        _listen_but_the_wall(target, name, act, *rest, **more)
        return act

    return register


if __name__ == "__main__":
    event.listen, event.listens_for = _listen_but_the_wall, _listens_for
    from portal.cli import main

    sys.exit(main())
