"""`portal move` as the person at the keyboard meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from casework import PAPERS, REGISTER, Office, copied
from guard import watched
from moves import at_verify, number_of, publish, sound, steps, without_verify
from shapes import rows
from sqlalchemy import select
from test_cli_tellers import LOGIN

from portal.cases.moving import MOVED as MOVED_EVENT
from portal.cli import exits, main
from portal.database import reading
from portal.tables import Event

Capture = pytest.CaptureFixture[str]
DRY = """\
SOP "PBI-JK" (pbi), versi 2 ke versi 3:
  Langkah "Verifikasi" dihapus.
  Sesudah "Cek DTSEN" kini menyusul "Menentukan jalur".
  Batas waktu langkah "Kunjungan" berubah dari 3 hari kerja menjadi 5 hari kerja.
Kasus berjalan pada versi 2:
  pindah  ADU-202611-00001  Pendaftaran         [hanya langkah berikutnya] Yang berubah hanya langkah yang \
belum dikerjakan.
  tetap   ADU-202611-00002  Verifikasi          [langkah terbuka dihapus] Langkah "Verifikasi" tidak ada \
lagi. Sebutkan tujuannya (verify=langkah-baru) agar kasus dapat pindah.
  pindah  ADU-202611-00003  Menyiapkan rujukan  [langkah yang dijalani berubah] Langkah yang sudah \
dikerjakan tidak ada lagi: Verifikasi; isiannya tetap tersimpan.
2 kasus akan pindah, 1 tetap. Belum ada yang dipindahkan.
"""
MOVED = """\
SOP "PBI-JK" (pbi), version 2 to version 3:
  The step "Verifikasi" is removed.
  After "Cek DTSEN" now comes "Menentukan jalur".
  The limit of the step "Kunjungan" changes from 3 working days to 5 working days.
Cases running on version 2:
  moves  ADU-202611-00001  Pendaftaran                      [only steps ahead] Only steps that are still \
to come change.
  moves  ADU-202611-00002  Verifikasi → Menyiapkan rujukan  [a removed active step] The step "Verifikasi" \
is gone; the case goes on at "Menyiapkan rujukan".
  moves  ADU-202611-00003  Menyiapkan rujukan               [a touched step] Completed steps are gone: \
Verifikasi; their answers are kept.
3 cases moved to version 3, 0 stay.
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with a case before, at and after the step that version 3 no longer has."""
    made = copied(tmp_path)
    publish(made, steps())
    made.open(papers=PAPERS)
    at_verify(made)
    made.do(at_verify(made), "officer", {})
    publish(made, without_verify(visit={"within": "5 working days"}))
    return made


def typed(office: Office, *words: str) -> int:
    url = office.engine.url.render_as_string(hide_password=False)
    with watched() as silent:
        code = main(["move", *words, "--database", url, "--by", "Sekar Contoh"])
    assert silent == []
    return code


def test_dry_run_says_what_would_happen_and_does_nothing(office: Office, capsys: Capture) -> None:
    before = rows(office.engine)
    assert typed(office, "pbi", "--from", "2", "--to", "3", "--dry-run") == exits.REFUSED
    assert capsys.readouterr().out == DRY
    assert rows(office.engine) == before


def test_move_says_what_it_did(office: Office, capsys: Capture) -> None:
    words = ("pbi", "--from", "2", "--map", "verify=draft", "--reason", "aturan baru", "--language", "en")
    assert typed(office, *words) == exits.OK
    assert capsys.readouterr().out == MOVED
    assert [number_of(office, case) for case in (1, 2, 3)] == [3, 3, 3]
    assert sound(office)
    with reading(office.engine) as session:
        told_by = set(session.scalars(select(Event.actor).where(Event.kind == MOVED_EVENT)))
    assert told_by == {f"portal: {LOGIN} (Sekar Contoh)"}
    assert typed(office, *words) == exits.OK
    assert "No case is running on version 2." in capsys.readouterr().out


def test_move_is_taken_back_by_the_number_of_the_case(office: Office, capsys: Capture) -> None:
    typed(office, "pbi", "--from", "2", "--map", "verify=draft")
    capsys.readouterr()
    assert typed(office, "--undo", "ADU-202611-00002") == exits.OK
    assert capsys.readouterr().out == "Kasus ADU-202611-00002 kembali ke versi 2.\n"
    assert (number_of(office, 2), office.task(2).step) == (2, "verify")
    office.do(1, "clerk", REGISTER)
    assert typed(office, "--undo", "ADU-202611-00001") == exits.REFUSED
    assert "sesudahnya langkah sudah diselesaikan." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), exits.USAGE, "Sebutkan SOP dengan --from"),
        (("pbi",), exits.USAGE, "Sebutkan SOP dengan --from"),
        (("pbk", "--from", "2"), exits.USAGE, 'SOP "pbk" tidak ada'),
        (("pbi", "--from", "7"), exits.REFUSED, "tidak mempunyai versi 7. Yang ada: 1, 2, 3."),
        (("pbi", "--from", "3", "--to", "2"), exits.REFUSED, "versi yang lebih baru"),
        (("pbi", "--from", "2", "--map", "verify"), exits.USAGE, "langkah-lama=langkah-baru"),
        (("pbi", "--from", "2", "--map", "verify=rute"), exits.REFUSED, 'Tidak ada langkah "rute"'),
        (("pbi", "--from", "2", "--map", "visit=draft"), exits.REFUSED, 'Langkah "visit" masih ada'),
        (("--undo", "ADU-1"), exits.USAGE, 'Tidak ada kasus bernomor "ADU-1"'),
        (("--undo", "ADU-202611-00001"), exits.REFUSED, "tidak baru saja dipindahkan"),
    ],
)
def test_move_that_cannot_be_is_refused(
    office: Office, capsys: Capture, words: tuple[str, ...], code: int, said: str
) -> None:
    before = rows(office.engine)
    assert typed(office, *words) == code
    assert said in capsys.readouterr().err
    assert rows(office.engine) == before
