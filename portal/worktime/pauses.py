"""Times in which a clock stands still: which moments they cover, and what of a stretch they leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A time in which a clock stands still, and why; pauses may overlap and lie in one another."""

    since: datetime
    until: datetime
    name: str = ""


def covering(pauses: Iterable[Pause], moment: datetime) -> Pause | None:
    """Returns a pause in which a day or office hours end; one that only begins then does not count."""
    return next((each for each in pauses if each.since < moment <= each.until), None)


def united(pauses: Iterable[Pause]) -> list[Pause]:
    """Returns pauses in their order without overlap; time that two of them cover stands still once."""
    found: list[Pause] = []
    for each in sorted(pauses, key=lambda pause: pause.since):
        if found and each.since <= found[-1].until:
            last = found[-1]
            found[-1] = Pause(since=last.since, until=max(last.until, each.until), name=last.name)
        else:
            found.append(each)
    return found


def left(since: datetime, until: datetime, pauses: Sequence[Pause]) -> Iterator[tuple[datetime, datetime]]:
    """Yields what united pauses leave of a stretch, in UTC."""
    begins, ends = since.astimezone(UTC), until.astimezone(UTC)
    for each in pauses:
        if each.since >= ends:
            break
        if each.since > begins:
            yield begins, each.since.astimezone(UTC)
        begins = max(begins, each.until.astimezone(UTC))
    if begins < ends:
        yield begins, ends


def length(stretches: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """Returns how long stretches are together."""
    return sum((end - begin for begin, end in stretches), timedelta())
