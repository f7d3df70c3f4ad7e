"""Indonesian sentences of one part of the portal: writes, bulk acts and exports."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "write-stale": "Data ini sudah diubah petugas lain",
    "write-stale-what": "Isian Anda belum tersimpan dan masih utuh. Untuk setiap baris di bawah, pilih nilai yang benar, lalu simpan.",
    "write-stale-form": "Lihat atau perbaiki semua isian Anda",
    "write-field": "Isian",
    "write-mine": "Isian Anda",
    "write-theirs": "Tersimpan sekarang",
    "write-empty": "(kosong)",
    "write-save-chosen": "Simpan pilihan ini",
    "write-keep-theirs": "Biarkan yang tersimpan",
    "write-save-mine": "Simpan semua isian saya",
    "write-again-title": "Formulir ini sudah pernah tersimpan",
    "write-again": "Isian yang Anda kirim berbeda dari yang tersimpan dan belum disimpan. Bila ini memang data lain, simpan lagi; bila tidak, buka yang sudah tersimpan.",
    "write-again-see": "Buka yang sudah tersimpan",
}
