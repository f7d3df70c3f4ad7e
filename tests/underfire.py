"""A clerk's process that issues letters over New Year's midnight, and now and then loses its transaction."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casework import Office
from sqlalchemy.exc import OperationalError

from portal.access import SYSTEM
from portal.cases import issue_on_request
from portal.database import engine_of, writing
from portal.tables import Case
from portal.wall import acting

MIDNIGHT = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
"""New Year in Jakarta."""
SAID = {"purpose": "keringanan biaya"}


class Lost(Exception):
    """The act failed after the number was drawn."""


def moments(count: int) -> Iterator[datetime]:
    """Yields the clock of each letter: half of them before midnight."""
    for place in range(count):
        yield MIDNIGHT + timedelta(seconds=60 * (place / count - 0.5))


def issue(office: Office, case: int, now: datetime, dice: random.Random) -> str:
    """Issues a letter, or loses it on the way, and returns its number."""
    with writing(office.engine) as session:
        at = office.at(session, "officer")
        at = type(at)(session=session, live=at.live, actor=at.actor, now=now)
        made = issue_on_request(at, session.get_one(Case, case), "introduction", SAID, None)
        if dice.random() < 0.1:
            raise Lost
        return str(made.number)


def main(url: str, case: int, count: int, seed: int, log: Path) -> None:
    """Issues so many letters and writes down each number once its transaction has ended."""
    dice, office = random.Random(seed), Office(engine=engine_of(url))
    done = len(log.read_text().split()) if log.exists() else 0
    with acting(SYSTEM), log.open("a") as told:
        for now in list(moments(count))[done:]:
            while True:
                try:
                    number = issue(office, case, now, dice)
                    break
                except Lost:
                    continue
                except OperationalError as error:
                    # SQLite has no queue: of fifty processes one starves now and then, and tries again.
                    if "locked" not in str(error.orig):
                        raise
            told.write(f"{number}\n")
            told.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
