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
    "write-step-done": "Langkah “{step}” sudah diselesaikan petugas lain: {name}, {at}. Isian Anda tidak disimpan; kasus sudah berlanjut.",
    "write-task-given": "Sejak halaman ini Anda buka, tugas ini sudah dipegang {name}. Isian Anda masih utuh. Periksa dahulu, lalu simpan lagi bila tetap Anda yang mengerjakan.",
    "write-task-free": "Sejak halaman ini Anda buka, pemegang tugas ini sudah diubah. Isian Anda masih utuh. Periksa dahulu, lalu simpan lagi.",
    "write-case-changed": "Kasus ini sudah berubah sejak halaman Anda buka. Yang Anda kirim belum dijalankan; periksa keadaan terbaru, lalu ulangi bila masih perlu.",
    "write-left": "Isian Anda yang tidak tersimpan",
}
