"""Settings, machine, database -> what is wrong with them, each by a name, what was found, and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, make_url

from portal import keys
from portal.archive.making import stem_of
from portal.doctor import around, inside, signatures
from portal.doctor.base import Check, Facts, Finding, Office, Store
from portal.doctor.checks import CHECKS
from portal.settings import Settings

__all__ = ["CHECKS", "Check", "Facts", "Finding", "examine", "gather"]


def gather(
    engine: Engine | None,
    settings: Settings,
    environment: Mapping[str, str],
    now: datetime,
    *,
    host: str = "127.0.0.1",
    thorough: bool = True,
) -> Facts:
    """Returns the facts of an installation; nothing is changed by looking.

    Args:
        engine: the database; None where there is none yet.
        host: the address that the portal listens at.
        thorough: whether to look at every row of the chain and every column.
    """
    url = make_url(settings.database) if engine is None else engine.url
    store = inside.store(engine) if engine is not None else Store()
    office = inside.office(engine, now, thorough=thorough) if engine is not None else Office(release=0)
    database = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
    secret = None if engine is None else keys.file_of(engine)
    return Facts(
        now=now,
        machine=around.machine(database.parent if database else Path(), environment, thorough=thorough),
        files=around.files(url, settings, secret, bool(office.release)),
        store=store,
        office=office,
        serving=around.serving(environment, host),
        kept=around.kept(url, settings, stem_of(engine) if engine else "portal", now),
        signatures=signatures.signatures(settings.signing),
    )


def examine(facts: Facts) -> tuple[Finding, ...]:
    """Returns everything that is wrong, in the order of the checks."""
    looked = ((check, check.look(facts)) for check in CHECKS)
    return tuple(
        Finding(slug=check.slug, weight=check.weight, values=found)
        for check, found in looked
        if found is not None
    )
