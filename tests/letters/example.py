"""Three contexts for every shipped letter: an ordinary case, the worst one, and the barest one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from portal.letters.proof import NO_PROOF
from portal.qr import drawn

LETTERS = Path(__file__).resolve().parents[2] / "templates" / "letters"

Context = dict[str, Any]

CHECK = drawn("HTTPS://SATUPINTU.EXAMPLE.GO.ID/V/4QK7M2TD9XWAHB3C")
ANSWER = drawn("https://satupintu.example.go.id/rujukan/K7MQX-2FHTP")

TITLES: Mapping[str, str] = {
    "referral": "Surat Rujukan",
    "introduction": "Surat Pengantar",
    "registry-statement": "Surat Keterangan Status dalam DTSEN",
    "hardship-statement": "Surat Keterangan Tidak Mampu",
    "unregistered-statement": "Surat Keterangan Keluarga Miskin Belum Terdaftar DTSEN",
    "health-recommendation": "Surat Rekomendasi",
    "card-correction": "Permohonan Perbaikan Data KIS",
    "visit-minutes": "Berita Acara Kunjungan Rumah",
    "receipt": "Tanda Terima Pengaduan",
    "consent-statement": "Surat Pernyataan Persetujuan Penggunaan Data Pribadi",
}

FORM: Mapping[str, object] = {
    "assessment": "Hamil 7 bulan dengan risiko tinggi, perlu rujukan ke RSUD; belum memiliki JKN.",
    "request": "Pendaftaran sebagai peserta PBI Jaminan Kesehatan",
    "purpose": "pengaktifan kepesertaan PBI Jaminan Kesehatan",
    "note": "Mohon didampingi karena kondisi kehamilan",
    "legal_basis": "Peraturan Menteri Sosial Nomor 3 Tahun 2026 tentang PBI Jaminan Kesehatan",
    "facility": "UPT Puskesmas Ambarawa",
    "facility_letter": "440/118/PKM-AMB/2026",
    "card_number": "0001234567890",
    "item": "Nama",
    "written": "SUMARNY",
    "correct": "SUMARNI",
    "visited_on": date(2026, 11, 3),
    "visited_place": "rumah yang bersangkutan, Margodadi RT 002 RW 001",
    "verified_by": "Fasilitator Puskesos Madani",
    "verified_on": date(2026, 11, 3),
    "proposed_on": date(2026, 11, 20),
    "present": "Sumarni (warga), ketua RT 002",
    "received_by": None,
    "findings": "1. Rumah semipermanen berdinding papan, lantai semen, luas 36 m².\n"
    "2. Penghasilan keluarga sekitar Rp1.200.000,00 per bulan dari buruh tani.\n"
    "3. Warga hamil 7 bulan, risiko tinggi, belum memiliki jaminan kesehatan.",
    "conclusion": "Keluarga layak dirujuk untuk mendapat PBI Jaminan Kesehatan.",
    "witness": None,
    "witness_role": "Ketua RT 002",
    "recipients": "BAZNAS Kabupaten Pringsewu",
    "photos": "setuju",
    "on_behalf_of": None,
}

_EXAMPLE: Context = {
    "letter": {
        "number": "400.9.11/017/PKS-MDN/XI/2026",
        "date": date(2026, 11, 3),
        "place": "Margodadi",
        "urgency": "Segera",
        "attachments": "1 (satu) berkas",
        "subject": "Rujukan Pelayanan PBI Jaminan Kesehatan",
        "title": "",
        "valid_until": date(2026, 12, 3),
        "draft": False,
        "paper": "A4",
        "check_code": "4QK7-M2TD-9XWA-HB3C",
        "signing": None,
        "check_address": "https://satupintu.example.go.id/periksa",
        "qr": CHECK[0],
        "qr_size": CHECK[1],
        "statement": None,
        "statement_qr": None,
        "statement_size": None,
        "copies": ["Camat Ambarawa", "Manajer SLRT Kabupaten Pringsewu"],
    },
    "office": {
        "label": "Puskesos Madani",
        "lines": ["PEMERINTAH KABUPATEN PRINGSEWU", "KECAMATAN AMBARAWA", "DESA MARGODADI"],
        "name_line": "PUSKESOS MADANI",
        "address": "Jalan Contoh Nomor 17, Kode Pos 35376",
        "phone": "(0729) 555017",
        "email": "madani@puskesos.example",
        "website": "puskesos.example",
        "emblem_left": "emblem-regency.svg",
        "emblem_right": "emblem-puskesos.svg",
        "village": "Margodadi",
        "village_kind": "Desa",
        "subdistrict": "Ambarawa",
        "regency": "Kabupaten Pringsewu",
        "province": "Lampung",
    },
    "to": {
        "addressee": "Kepala Dinas Sosial",
        "office": "u.p. Kepala Bidang Perlindungan dan Jaminan Sosial",
        "place": "Pringsewu",
        "lines": ["Kabupaten Pringsewu"],
    },
    "signers": [
        {
            "role": "main",
            "prefix": "",
            "post": "Koordinator Puskesos Madani",
            "own_post": "Koordinator Puskesos Madani",
            "name": "Ratna Contoh, S.Sos.",
            "rank": None,
            "nip": None,
        },
        {
            "role": "acknowledged",
            "prefix": "",
            "post": "Kepala Desa Margodadi",
            "own_post": "Kepala Desa Margodadi",
            "name": "Suparman Contoh",
            "rank": None,
            "nip": None,
        },
    ],
    "resident": {
        "name": "Sumarni",
        "nik": "1810035408949901",
        "kk": "1810031203189901",
        "birth_place": "Pringsewu",
        "birth_date": date(1994, 8, 14),
        "sex": "Perempuan",
        "religion": "Islam",
        "marital_status": "Kawin",
        "occupation": "Mengurus rumah tangga",
        "address": "Margodadi",
        "rt": "002",
        "rw": "001",
        "phone": "0812-0000-9901",
        "full_address": "Margodadi RT 002 RW 001, Desa Margodadi, Kecamatan Ambarawa, Kabupaten Pringsewu",
        "age": "32 tahun",
        "honorific": "Ibu",
    },
    "family": [],
    "case": {
        "number": "PKS-1810032007-2026-00012",
        "opened": date(2026, 11, 2),
        "channel": "Datang langsung",
        "sector": "Kesehatan",
        "program": "PBI Jaminan Kesehatan",
        "complaint": "Belum memiliki jaminan kesehatan",
        "description": "Hamil 7 bulan dengan risiko tinggi dan perlu dirujuk ke RSUD.",
        "priority": "Mendesak",
        "needs": "Kepesertaan PBI Jaminan Kesehatan",
    },
    "registry": {
        "registered": "terdaftar",
        "decile": "2",
        "checked_on": date(2026, 11, 2),
        "checked_by": "Operator Contoh",
    },
    "answers": {"register": {"reason": "Lainnya"}},
    "documents": [
        {"label": "Fotokopi KTP-el", "status": "ada"},
        {"label": "Fotokopi Kartu Keluarga", "status": "ada"},
        {"label": "Surat keterangan bidan", "status": "menyusul"},
    ],
    "reply_by": date(2026, 11, 10),
    "reply": {
        "code": "K7MQX-2FHTP",
        "pin": "482915",
        "address": "https://satupintu.example.go.id/rujukan/K7MQX-2FHTP",
        "qr": ANSWER[0],
        "qr_size": ANSWER[1],
        "reasons": ["Tidak memenuhi syarat program", "Kuota atau anggaran habis", "Lainnya"],
    },
    "ticket": {"code": "W3ZKT-9RBUE", "pin": "072561", "address": "https://satupintu.example.go.id/lacak"},
    "form": dict(FORM),
    "period": {"label": "November 2026", "since": date(2026, 11, 1), "until": date(2026, 11, 30)},
    "cases": [
        {
            "number": "PKS-1810032007-2026-00012",
            "opened": date(2026, 11, 2),
            "name": "Sumarni",
            "nik": "1810035408949901",
            "address": "Margodadi",
            "program": "PBI JK",
            "complaint": "Belum memiliki jaminan kesehatan",
            "channel": "Datang langsung",
            "status": "Selesai",
            "outcome": "Terlayani",
            "settled": date(2026, 11, 20),
        }
    ],
    "totals": [{"label": "Jumlah", "received": "1", "settled": "1", "open": "0", "late": "0"}],
}

_MEMBER: Context = {
    "name": "Sumarni",
    "nik": "1810035408949901",
    "relation": "Istri",
    "birth_date": date(1994, 8, 14),
    "occupation": "Mengurus rumah tangga",
}


def example_context(letter: str = "referral") -> Context:
    """Returns worked case 1: a pregnant resident without health insurance, referred on the second day."""
    made = deepcopy(_EXAMPLE)
    made["letter"]["title"] = TITLES[letter]
    if letter in ("hardship-statement", "unregistered-statement"):
        made["family"] = [dict(_MEMBER)]
    return made


def worst_context(letter: str = "referral") -> Context:
    """Returns very long names and texts, twelve family members, a signer on behalf, F4 and a draft mark."""
    made = example_context(letter)
    made["letter"] |= {
        "paper": "F4",
        "draft": True,
        "number": None,
        "copies": [f"Camat Contoh {n}" for n in range(1, 7)],
    }
    made["letter"]["subject"] = (
        "Rujukan Pelayanan Rehabilitasi Sosial dan Jaminan Kesehatan bagi Keluarga Rentan"
    )
    name = "Raden Ayu Siti Nurhalimah Kusumawardhani binti Muhammad Ma'ruf O'Brien <Contoh> & Keluarga Besar"
    made["resident"] |= {"name": name, "nik": None, "birth_place": None, "phone": None}
    made["resident"]["full_address"] += (
        ", di belakang Pasar Contoh, masuk gang kecil di samping musala, rumah bercat hijau"
    )
    member = _MEMBER | {"name": "Anggota Keluarga dengan Nama Panjang Sekali", "occupation": None}
    made["family"] = [member | {"nik": None if n % 4 == 0 else "1810035408949901"} for n in range(12)]
    made["signers"][0] |= {
        "prefix": "a.n.",
        "post": "Kepala Dinas Sosial Kabupaten Pringsewu\nSekretaris\nu.b.\n"
        "Kepala Bidang Perlindungan dan Jaminan Sosial",
        "own_post": "Kepala Bidang Perlindungan dan Jaminan Sosial",
        "name": "Drs. H. Abdurrahman Contoh Wirakusuma Atmadja, S.Sos., M.Si.",
        "rank": "Pembina Utama Muda (IV/c)",
        "nip": "197901242005021002",
    }
    made["case"]["description"] = (
        "Keluarga membutuhkan pendampingan karena beberapa persoalan sekaligus. " * 6
    )
    return made


def missing_context(letter: str = "referral") -> Context:
    """Returns nothing but what a letter cannot do without: every optional value is None, every list empty."""
    made = example_context(letter)
    made["letter"] |= {**NO_PROOF, "valid_until": None, "copies": [], "attachments": None}
    made["office"] |= dict.fromkeys(("phone", "email", "website", "address", "emblem_left", "emblem_right"))
    made["to"] |= {"office": None, "place": None}
    made["signers"] = made["signers"][:1]
    made["resident"] = dict.fromkeys(made["resident"]) | {"name": "Tn. X"}
    made["registry"] = dict.fromkeys(made["registry"])
    made["case"] |= dict.fromkeys(("channel", "program", "description", "needs"))
    made["form"] = dict.fromkeys(made["form"])
    gone: dict[str, object] = {"code": None, "pin": None, "address": None}
    made |= {"ticket": gone, "reply": {**gone, "qr": None, "qr_size": None, "reasons": []}}
    return made | {"family": [], "documents": [], "cases": [], "totals": [], "reply_by": None}


def paths(value: object, at: str = "") -> Iterator[str]:
    """Yields the dotted path of every value in a context."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{at}[]")
    else:
        yield at


KNOWN = frozenset(paths(example_context("hardship-statement")))
