"""Messages as people send them -> the entries of a complaint's form; nothing of a message is lost."""

from __future__ import annotations

import datetime

import pytest

from portal.admin.desk.pasted import Pasted, understood
from portal.fields import (
    AreaField,
    ChoiceField,
    DateField,
    FieldType,
    KkField,
    LongTextField,
    NikField,
    PhoneField,
    TextField,
)
from portal.words import speaking

NIK, KK = "1810035408949901", "1810031203189901"
AREAS = {"18.10.03.2007": "Margodadi", "18.10.03.2008": "Sumber Agung"}
FIELDS: dict[str, FieldType] = {
    "name": TextField(type="text", label="Nama lengkap", max_length=120),
    "nik": NikField(type="nik", label="NIK"),
    "birth_date": DateField(type="date", label="Tanggal lahir"),
    "sex": ChoiceField(
        type="choice", label="Jenis kelamin", choices={"male": "Laki-laki", "female": "Perempuan"}
    ),
    "address": TextField(type="text", label="Alamat tempat tinggal"),
    "rt": TextField(type="text", label="RT", max_length=3),
    "rw": TextField(type="text", label="RW", max_length=3),
    "area": AreaField(type="area", label="Desa/kelurahan tempat tinggal"),
    "phone": PhoneField(type="phone", label="Nomor telepon/WhatsApp"),
    "household-kk": KkField(type="kk", label="Nomor KK"),
    "program": ChoiceField(
        type="choice",
        label="Program",
        choices={
            "pbi-jk": "PBI-JK - Penerima Bantuan Iuran (PBI-JK)",
            "pkh": "PKH - Program Keluarga Harapan",
            "sembako": "Program Sembako",
        },
    ),
    "description": LongTextField(type="long-text", label="Uraian keluhan"),
    "reporter_name": TextField(type="text", label="Nama pelapor", max_length=120),
    "reporter_phone": PhoneField(type="phone", label="Telepon pelapor"),
}
BORN = ("14", "8", "1994")
WHOLE = f"""Nama: Sumarni
NIK: {NIK}
No KK: {KK}
HP: 0812-0000-9901
Alamat: Dusun I
RT/RW: 2/1
Desa: Margodadi
Keluhan: Sedang hamil, belum punya JKN"""
READ = {
    "name": ("Sumarni",),
    "nik": (NIK,),
    "household-kk": (KK,),
    "phone": ("081200009901",),
    "address": ("Dusun I",),
    "rt": ("002",),
    "rw": ("001",),
    "area": ("18.10.03.2007",),
    "description": ("Sedang hamil, belum punya JKN",),
}


def read(text: str) -> Pasted:
    return understood(text, FIELDS, AREAS)


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (WHOLE, READ),
        (WHOLE.replace("\n", "\r\n"), READ),
        (WHOLE.replace(": ", " : "), READ),
        (WHOLE.replace(": ", "="), READ),
        (WHOLE.upper(), {**READ, "name": ("SUMARNI",), "address": ("DUSUN I",),
                         "description": ("SEDANG HAMIL, BELUM PUNYA JKN",)}),
        ("*Nama*: Sumarni\n*NIK* : " + NIK, {"name": ("Sumarni",), "nik": (NIK,)}),
        ("1. Nama Lengkap: Sumarni\n2. No. KTP: " + NIK, {"name": ("Sumarni",), "nik": (NIK,)}),
        ("- nama : Sumarni\n• nik : " + NIK, {"name": ("Sumarni",), "nik": (NIK,)}),
        ("NIK/No KTP: 1810 0354 0894 9901", {"nik": (NIK,)}),
        ("No. KTP (NIK): 1810.0354.0894.9901", {"nik": (NIK,)}),
        (f"NIK {NIK}\nKK {KK}", {"nik": (NIK,), "household-kk": (KK,)}),
        (f"NIK: {NIK} (KTP hilang)", {"nik": (NIK,)}),
        (f"Nama: Sumarni, NIK: {NIK}, HP: 081200009901",
         {"name": ("Sumarni",), "nik": (NIK,), "phone": ("081200009901",)}),
        (f"[12/11/26 10.32] Bu RT: Nama: Sumarni\n[12/11/26 10.33] Bu RT: NIK: {NIK}",
         {"name": ("Sumarni",), "nik": (NIK,)}),
        (f"12/11/2026, 10:32 - +62 812-0000-9901: NIK: {NIK}", {"nik": (NIK,)}),
        ("TTL: Pringsewu, 14-08-1994", {"birth_date": BORN}),
        ("Tempat/Tgl Lahir: Pringsewu, 14 Agustus 1994", {"birth_date": BORN}),
        ("Tgl lahir: 14/8/1994", {"birth_date": BORN}),
        ("Lahir: 14081994", {"birth_date": BORN}),
        ("JK: P", {"sex": ("female",)}),
        ("Jenis Kelamin: laki laki", {"sex": ("male",)}),
        ("L/P: Wanita", {"sex": ("female",)}),
        ("RT: 2\nRW: 01", {"rt": ("002",), "rw": ("001",)}),
        ("RT/RW: 002 / 001", {"rt": ("002",), "rw": ("001",)}),
        ("Pekon: Sumber Agung", {"area": ("18.10.03.2008",)}),
        ("Desa/Kelurahan: Desa Margodadi", {"area": ("18.10.03.2007",)}),
        ("No WA: +62 812 0000 9901", {"phone": ("081200009901",)}),
        ("HP/WA : 62812-0000-9901 (anak)", {"phone": ("081200009901",)}),
        ("Bantuan: PKH", {"program": ("pkh",)}),
        ("Program: pbi jk", {"program": ("pbi-jk",)}),
        ("Masalah: PKH berhenti\nsejak bulan Juli\nsudah tanya pendamping",
         {"description": ("PKH berhenti\nsejak bulan Juli\nsudah tanya pendamping",)}),
        ("Pelapor: Bu RT\nNo HP pelapor: 081200009902",
         {"reporter_name": ("Bu RT",), "reporter_phone": ("081200009902",)}),
        ("NIK: -\nKK: belum punya\nHP: tidak ada", {}),
        ("\u200eNama\u200f: Sumarni\u00a0\n\n\n   NIK:   " + NIK, {"name": ("Sumarni",), "nik": (NIK,)}),
        ("Nama： Sumarni", {"name": ("Sumarni",)}),
        ("nama lengkap - Sumarni", {"name": ("Sumarni",)}),
        ("Alamat: Jl. Mawar No. 3, RT 02, dekat masjid",
         {"address": ("Jl. Mawar No. 3, RT 02, dekat masjid",)}),
        ("", {}),
    ],
)  # fmt: skip
def test_messages_are_understood(text: str, entries: dict[str, tuple[str, ...]]) -> None:
    said = read(text)
    assert said.entries == entries
    assert said.unread == []


@pytest.mark.parametrize(
    ("text", "entries", "unread"),
    [
        ("Assalamualaikum pak\nNama: Sumarni", {"name": ("Sumarni",)}, ["Assalamualaikum pak"]),
        ("NIK: 12345", {}, ["NIK: 12345"]),
        (f"NIK: {NIK}\nNIK: {NIK[:-1]}2", {"nik": (NIK,)}, [f"NIK: {NIK[:-1]}2"]),
        ("Tgl lahir: 31-2-1990", {}, ["Tgl lahir: 31-2-1990"]),
        ("JK: entah", {}, ["JK: entah"]),
        ("Desa: Entah Berantah", {}, ["Desa: Entah Berantah"]),
        ("RT/RW: dua", {}, ["RT/RW: dua"]),
        ("Bantuan: apa saja", {}, ["Bantuan: apa saja"]),
        ("HP: 12", {}, ["HP: 12"]),
        ("Golongan darah: O", {}, ["Golongan darah: O"]),
        ("nama saya dicatat 2 kali di data", {}, ["nama saya dicatat 2 kali di data"]),
        ("Jam 10:30 saya datang", {}, ["Jam 10:30 saya datang"]),
        ("Nama: " + "a" * 121, {}, ["Nama: " + "a" * 121]),
    ],
)
def test_what_is_not_understood_comes_back_word_for_word(
    text: str, entries: dict[str, tuple[str, ...]], unread: list[str]
) -> None:
    said = read(text)
    assert said.entries == entries
    assert said.unread == unread


def test_messages_are_understood_whatever_the_screen_speaks() -> None:
    with speaking("en"):
        assert read(WHOLE).entries == READ


@pytest.mark.parametrize(
    "raw",
    [
        ("14 Agustus 1994",),
        ("14-Agt-1994", "", ""),
        ("14", "Agustus", "1994"),
        ("14081994",),
        ("14 / 8 / 1994",),
        ("14 august 1994.",),
    ],
)
def test_dates_are_read_as_people_write_them(raw: tuple[str, ...]) -> None:
    assert FIELDS["birth_date"].read(raw) == datetime.date(1994, 8, 14)
