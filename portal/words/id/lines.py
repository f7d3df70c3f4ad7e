"""Indonesian sentences of one part of the portal: bad lines, drafts and complaints taken without a line."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "draft-found": "Ada isian yang belum tersimpan dari {clock}.",
    "draft-elsewhere": "Ada isian yang belum tersimpan dari {clock}: {title}.",
    "draft-used": "Isian dari {clock} sudah dipasang kembali di bawah ini. Periksa, lalu simpan.",
    "draft-gone": "Ada isian yang belum tersimpan dari {clock}, tetapi formulirnya sudah berubah sejak itu. Kirim untuk melihat apa yang berbeda.",
    "draft-use": "Pakai",
    "draft-send": "Kirim isian itu",
    "draft-drop": "Buang",
    "draft-kept": "Draf tersimpan {clock}",
    "draft-unkept": "Belum tersimpan - isian Anda aman selama halaman ini terbuka. Portal mencoba lagi sendiri.",
    "draft-unsent": "Belum tersimpan - isian Anda aman selama halaman ini terbuka. Sambungan terputus; portal mengirim lagi sendiri.",
    "draft-busy": "Belum tersimpan - isian Anda aman selama halaman ini terbuka. Portal sedang sibuk dan mengirim lagi sendiri.",
    "draft-sending": "Mengirim …",
    "draft-out": "Belum tersimpan - sesi Anda sudah berakhir, isian Anda aman selama halaman ini terbuka. Masuk lagi di tab baru, lalu simpan lagi di sini.",
    "draft-again": "Masuk di tab baru",
    "notice-draft-dropped": "Draf sudah dibuang.",
}
