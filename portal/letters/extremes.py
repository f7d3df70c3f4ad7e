"""The two ends of a made-up letter: one with far too much of everything, and one with nothing but the needed.

They stand beside the example so that a template is seen at its worst before a clerk prints it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from portal.indonesian import sapaan
from portal.letters.proof import NO_PROOF

LONG_NAME = "Raden Ayu Siti Nurhalimah Kusumawardhani binti Muhammad Ma'ruf Sastrowardoyo Contoh"
ONE_WORD = "Kartinah"
AREA = "Sa'dan To' Barana'"
STREET = "Gang Kecil di Samping Musala, Rumah Bercat Hijau di Belakang Pasar Contoh RT 002 RW 001"
SENTENCE = "Keluarga membutuhkan pendampingan karena beberapa persoalan terjadi bersamaan. "
PAPER = "Surat keterangan dokter spesialis rumah sakit rujukan mengenai keadaan kesehatan warga"
CHIEF = "Kepala Dinas Sosial, Pemberdayaan Perempuan, dan Pelindungan Anak Kabupaten Contoh"
FIELD = "Kepala Bidang Perlindungan, Jaminan Sosial, dan Penanganan Fakir Miskin"
MEMBERS, PAPERS, TIMES, CASES = 12, 8, 6, 40


def worst(data: dict[str, Any], long: Collection[str]) -> dict[str, Any]:
    """Returns a letter with long names and texts, twelve in the family, many papers, a signer on behalf.

    Args:
        long: the names under `form` that hold long texts.
    """
    resident = data["resident"]
    place = f"Desa {AREA}, Kecamatan {AREA}, {data['office']['regency']}"
    resident |= {"name": LONG_NAME, "full_address": f"{STREET}, {place}"}
    data["office"] |= {"village": AREA, "subdistrict": AREA}
    if copies := data["letter"]["copies"]:
        data["letter"]["copies"] = [*copies, CHIEF, f"Camat {AREA}"]
    member = data["family"][0]
    names = (ONE_WORD, LONG_NAME, "Ma'mun")
    data["family"] = [{**member, "name": names[place % 3]} for place in range(MEMBERS)]
    data["documents"] = [
        *data["documents"],
        *({"label": f"{PAPER} ({place})", "status": "menyusul"} for place in range(1, PAPERS - 2)),
    ]
    if listed := data["cases"]:
        data["cases"] = [{**listed[at % 2], "name": names[at % 3]} for at in range(CASES)]
        first, *rest = data["totals"]
        data["totals"] = [{**first, "label": f"{first['label']} ({at})"} for at in range(1, MEMBERS)] + rest
    data["case"]["description"] = (SENTENCE * TIMES).strip()
    data["form"] |= {name: (SENTENCE * 3).strip() for name in long}
    for signer in data["signers"]:
        if signer["role"] == "main":
            signer |= {
                "prefix": "a.n.",
                "post": f"{CHIEF}\nSekretaris\nu.b.\nPlt. {FIELD}",
                "own_post": f"Plt. {FIELD}",
                "name": "Drs. H. Abdurrahman Contoh Wirakusuma Atmadja, S.Sos., M.Si.",
                "rank": "Pembina Utama Muda (IV/c)",
                "nip": "190001011925011001",
            }
    return data


def missing(data: dict[str, Any], required: Collection[str]) -> dict[str, Any]:
    """Returns a letter where everything is absent that may be.

    Args:
        required: the names under `form` that nobody can leave out.
    """
    data["letter"] |= {**NO_PROOF, "valid_until": None, "copies": [], "attachments": "-"}
    data["office"] |= dict.fromkeys(("phone", "email", "website", "emblem_left", "emblem_right"))
    data["to"] |= {"addressee": None, "office": None, "place": None, "lines": []}
    name = data["resident"]["name"]
    data["resident"] = dict.fromkeys(data["resident"]) | {"name": name, "honorific": sapaan(None)}
    data["registry"] = dict.fromkeys(data["registry"])
    data["case"] |= dict.fromkeys(("sector", "program", "description", "needs"))
    data["signers"] = [
        each | {"prefix": "", "rank": None, "nip": None} for each in data["signers"] if each["role"] == "main"
    ]
    data["reply"] = dict.fromkeys(data["reply"]) | {"reasons": []}
    data["ticket"] = dict.fromkeys(data["ticket"])
    data["form"] = {key: value if key in required else None for key, value in data["form"].items()}
    data["answers"] = {step: dict.fromkeys(said) for step, said in data["answers"].items()}
    return data | {"family": [], "documents": [], "cases": [], "reply_by": None}
