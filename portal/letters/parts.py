"""The parts of a letter's data that an office and its officers give, for real cases and for examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from portal.places import Places
from portal.schema import Centre, Letter, Officer


def office_part(places: Places, centre: Centre, area: str) -> dict[str, Any]:
    """Returns the letterhead of an office and the names of its area; a district's letter is of the case's."""
    place = places.parts(centre.area if centre.level == "village" else area)
    head = centre.letterhead
    return {
        "label": centre.label,
        "lines": list(head.lines),
        "name_line": head.name,
        "address": head.address,
        "phone": head.phone,
        "email": head.email,
        "website": head.website,
        "emblem_left": head.emblem_left,
        "emblem_right": head.emblem_right,
        "village": place.village,
        "village_kind": place.village_kind,
        "subdistrict": place.subdistrict,
        "regency": place.regency,
        "province": place.province,
    }


def signer_parts(letter: Letter, centre: Centre, day: date) -> Iterator[dict[str, Any]]:
    """Yields who signs on a day, as frozen on paper; a post that the office does not have is left out.

    `post` has a line for each post that is printed, `own_post` is that of the person alone.
    """
    for signer in letter.signers:
        officer = centre.officers.get(signer.officer)
        if officer is None:
            continue
        person, posts = officer.on(day), _posts(centre, officer)
        own = f"{person.prefix} {officer.post}" if person.prefix else officer.post
        yield {
            "role": signer.role,
            "prefix": "a.n." if posts else person.prefix or "",
            "post": "\n".join([*posts, own]) if posts else officer.post,
            "own_post": own,
            "name": person.name,
            "rank": person.rank,
            "nip": person.nip,
        }


def _posts(centre: Centre, officer: Officer) -> list[str]:
    """Returns the posts in whose name somebody signs, the highest first, with u.b. where there are two.

    A longer or a circular line is refused by `portal check`; here it ends after two.
    """
    chief = centre.officers.get(officer.on_behalf_of or "")
    above = centre.officers.get(chief.on_behalf_of or "") if chief else None
    if chief is None:
        return []
    return [above.post, chief.post, "u.b."] if above else [chief.post]
