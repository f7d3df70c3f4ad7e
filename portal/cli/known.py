"""The one way to turn down a name that is none of the known ones."""

from __future__ import annotations

from collections.abc import Iterable

from portal.cli import exits
from portal.cli.failure import Failure
from portal.diagnostics import listed, nearest
from portal.words import say


def refuse_unknown(slug: str, name: str, known: Iterable[str]) -> None:
    """Ends the command when a name is not known, with the one that was perhaps meant.

    Raises:
        Failure: of the slug, with `name`, `maybe` and `known`.
    """
    names = tuple(known)
    if name not in names:
        near = nearest(name, names)
        maybe = say("diagnostic-maybe", near=near) if near else ""
        raise Failure(slug, code=exits.USAGE, name=name, maybe=maybe, known=listed(names, 30))
