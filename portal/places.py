"""The areas of a Schema by name, and which office serves one.

A Kemendagri code says what an area is: two parts a district (the second 71 or more: a city), four parts a
village whose last begins with 1 (kelurahan) or 2 (desa).
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.schema import Centre, Level, Schema

# The official kinds of area are proper names: the same on an English screen as on paper.
PROVINCE, REGENCY, CITY, SUBDISTRICT, VILLAGE, WARD = (
    "Provinsi",
    "Kabupaten",
    "Kota",
    "Kecamatan",
    "Desa",
    "Kelurahan",
)


SHORT_SUBDISTRICT = "Kec."
"""How screens write it, where there is little room."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The names along the way to an area, empty where the code ends or the name is unknown."""

    village: str = ""
    village_kind: str = ""
    """Desa or Kelurahan."""
    subdistrict: str = ""
    regency: str = ""
    """With its kind: Kabupaten Pringsewu, Kota Metro."""
    province: str = ""


class Places:
    """Looks up area names in a Schema."""

    def __init__(self, schema: Schema) -> None:
        self._names = schema.known.areas

    def kind(self, code: str) -> str:
        """Returns Provinsi, Kabupaten, Kota, Kecamatan, Desa or Kelurahan, as the code says."""
        parts = code.split(".")
        if len(parts) == 4:
            return WARD if parts[3].startswith("1") else VILLAGE
        if len(parts) == 2:
            return CITY if parts[1] >= "71" else REGENCY
        return SUBDISTRICT if len(parts) == 3 else PROVINCE

    def name(self, code: str) -> str:
        """Returns the bare name of an area, the empty text when unknown."""
        name = self._names.get(code, "")
        kind = self.kind(code)
        return name[len(kind) + 1 :] if name.lower().startswith(f"{kind.lower()} ") else name

    def parts(self, code: str) -> Parts:
        """Returns the names of the village, subdistrict, regency and province of a code."""
        pieces = code.split(".")
        province, regency, subdistrict, village = (
            self.name(".".join(pieces[:depth])) if len(pieces) >= depth else "" for depth in (1, 2, 3, 4)
        )
        return Parts(
            village=village,
            village_kind=self.kind(code) if len(pieces) == 4 else "",
            subdistrict=subdistrict,
            regency=f"{self.kind('.'.join(pieces[:2]))} {regency}" if regency else "",
            province=province,
        )

    def full_name(self, code: str) -> str:
        """Returns "Desa Margodadi, Kec. Ambarawa, Kabupaten Pringsewu", or the code when unknown."""
        if not self.name(code):
            return code
        parts = self.parts(code)
        if code.count(".") == 0:
            return f"{PROVINCE} {parts.province}"
        named = (
            f"{parts.village_kind} {parts.village}" if parts.village else "",
            f"{SHORT_SUBDISTRICT} {parts.subdistrict}" if parts.subdistrict else "",
            parts.regency,
        )
        return ", ".join(part for part in named if part)

    def written(self, code: str) -> str:
        """Returns "Desa Margodadi, Kecamatan Ambarawa, Kabupaten Pringsewu", as official letters have it."""
        return self.full_name(code).replace(f"{SHORT_SUBDISTRICT} ", f"{SUBDISTRICT} ", 1)

    def words(self, code: str) -> dict[str, str]:
        """Returns what an addressee, a place or a copy may say of an area: `variables.PLACE_WORDS`."""
        parts = self.parts(code)
        return {
            "village": parts.village,
            "subdistrict": parts.subdistrict,
            "regency": parts.regency,
            "regency_name": self.name(".".join(code.split(".")[:2])),
            "province": parts.province,
        }


def centre_for(schema: Schema, area: str, *, level: Level | None = None) -> str | None:
    """Returns the id of the office that serves an area most closely, None when no office does.

    Args:
        level: only offices of this level.
    """
    serving = [
        (len(centre.area), key)
        for key, centre in schema.office.centres.items()
        if _serves(centre, area) and level in (None, centre.level)
    ]
    return max(serving, key=lambda each: each[0])[1] if serving else None


def district_centre_for(schema: Schema, area: str) -> str | None:
    """Returns the id of the district's office for an area, None when no such office serves it."""
    return centre_for(schema, area, level="district")


def _serves(centre: Centre, area: str) -> bool:
    return area == centre.area or area.startswith(f"{centre.area}.")
