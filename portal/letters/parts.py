"""The parts of a letter's data that an office and its officers give, for real cases and for examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.places import Places
from portal.schema import Centre, Letter


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


def signer_parts(letter: Letter, centre: Centre) -> Iterator[dict[str, Any]]:
    """Yields who signs, as frozen on paper; a post that the office does not have is left out."""
    for signer in letter.signers:
        officer = centre.officers.get(signer.officer)
        if officer is not None:
            own = officer.model_dump(include={"post", "name", "rank", "nip"})
            yield {"role": signer.role, "prefix": officer.prefix or "", **own}
