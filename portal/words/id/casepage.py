"""Indonesian sentences of one part of the portal: the page of a case."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "case-paper-by": "paling lambat {day}",
    "case-paper-day": "Menyusul paling lambat tanggal (hari-bulan-tahun)",
    "case-paper-day-for": "Tanggal menyusul {label}, misalnya 22-11-2026",
    "case-paper-day-wrong": '{label}: "{text}" bukan tanggal. Tulis hari-bulan-tahun, misalnya 22-11-2026.',
    "case-still": "Sebelum langkah ini dapat diselesaikan, masih diperlukan:",
    "case-ahead-when": "bila {when}",
    "case-ahead-or": " atau ",
    "case-household": "Serumah",
    "case-household-none": "Tidak ada warga lain yang tercatat serumah.",
    "case-others": "Kasus lain",
    "case-others-none": "Tidak ada kasus lain dari warga ini atau yang serumah.",
    "case-history-narrow": "Saring riwayat",
    "case-history-all": "Semua",
    "case-history-steps": "Langkah",
    "case-history-papers": "Berkas",
    "case-history-letters": "Surat",
    "case-history-referrals": "Rujukan",
    "case-history-notes": "Catatan",
    "case-history-none": "Belum ada yang tercatat tentang itu. Pilih Semua untuk melihat seluruh riwayat.",
    "ahead-otherwise": "syarat lainnya tidak terpenuhi",
    "ahead-depends": "hasil {step} menentukannya",
    "ahead-age": "Umur",
}
