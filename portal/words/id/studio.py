"""Indonesian sentences of one part of the portal: the studio."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "studio-menu": "Pengaturan",
    "studio-home": "Ikhtisar",
    "studio-plan": "Rencana perubahan",
    "studio-own": "Perubahan yang Anda susun",
    "studio-own-changed": (
        "{count} berkas diubah dari rilis {base}, terakhir disimpan {saved}. Belum berlaku sampai "
        "diterbitkan."
    ),
    "studio-own-none": (
        "Belum ada perubahan. Yang berlaku adalah rilis {base}. Buka salah satu bagian di bawah dan "
        "ubah; semuanya tersimpan sebagai rancangan dan belum berlaku."
    ),
    "studio-returned": "Rancangan ini dikembalikan:",
    "studio-behind": (
        "Aturan sudah berubah sejak rancangan ini dimulai. Gabungkan dulu dengan yang berlaku sekarang."
    ),
    "studio-see-plan": "Lihat rencana perubahan",
    "studio-drop": "Buang rancangan",
    "studio-others": "Rancangan lain",
    "studio-status-open": "Sedang diubah",
    "studio-status-asked": "Menunggu persetujuan",
    "studio-status-due": "Disetujui, akan berlaku",
    "studio-status-published": "Berlaku",
    "studio-status-dropped": "Dibuang",
    "studio-look": "Periksa",
    "studio-take-up": "Lanjutkan",
    "studio-files": "Naskah",
    "studio-files-help": "Setiap berkas dapat diubah sebagai teks. Portal memeriksanya setiap kali disimpan.",
    "studio-letter-files": "Templat surat ({count})",
    "studio-line": "baris {line}",
    "studio-no-problems": "Tidak ada yang salah.",
    "studio-problems": "Hasil pemeriksaan",
    "studio-text-title": "Naskah {name}",
    "studio-text-label": "Isi berkas",
    "studio-text-help": (
        "Inden memakai spasi. Kalimat setelah tanda # adalah catatan dan tidak pernah hilang."
    ),
    "studio-save-check": "Simpan dan periksa",
    "studio-saved": "Tersimpan pukul {at}",
    "studio-saved-at": "Terakhir disimpan {at}",
    "studio-overtaken": (
        "Rancangan ini sudah disimpan dari jendela lain. Naskah Anda belum tersimpan; bandingkan "
        "dengan yang tersimpan, lalu simpan lagi."
    ),
    "studio-too-long": "Naskah terlalu panjang. Bagilah menjadi beberapa berkas.",
    "studio-stored": "Yang tersimpan sekarang",
    "studio-mend-first": "Perbaiki dulu",
    "studio-changes": "Yang akan berubah",
    "studio-refused": "Perubahan ini belum dapat diterapkan:",
    "studio-nothing": "Tidak ada yang berubah bagi pengguna.",
    "studio-warnings": "Peringatan",
    "studio-differs": "Lihat naskah: {count} berkas berbeda",
    "studio-publish": "Terbitkan",
    "studio-ask": "Minta persetujuan",
    "studio-reason": "Alasan perubahan",
    "studio-reason-help": (
        "Misalnya dasar hukum atau hasil rapat evaluasi. Tercatat pada rilis dan dapat dibaca siapa "
        "pun yang melihat aturan."
    ),
    "studio-from": "Berlaku mulai",
    "studio-from-help": "Kosongkan bila berlaku segera.",
    "studio-from-past": "Tanggal berlaku sudah lewat.",
    "studio-at-once": "segera",
    "studio-moves": "Pindahkan kasus berjalan ke SOP yang baru bila langkahnya masih ada",
    "studio-moves-help": (
        "Tanpa ini, kasus berjalan selesai menurut SOP saat dibuka. Kasus dapat dipindahkan kemudian "
        "di halaman Pindah versi."
    ),
    "studio-back": "Kembali ke Pengaturan",
    "studio-wish": "Rancangan perubahan",
    "studio-trying": "Portal sedang mencobanya pada salinan data. Halaman ini memperbarui diri.",
    "studio-by": "Disusun oleh",
    "studio-asked": "Diajukan",
    "studio-approved-by": "Disetujui oleh",
    "studio-see-release": "Lihat rilis {number}",
    "studio-decide": "Keputusan Anda",
    "studio-decide-help": (
        "Periksa perubahan di atas. Setelah disetujui, portal mencadangkan data, mencobanya pada "
        "salinan, lalu memberlakukannya."
    ),
    "studio-approve": "Setujui dan terbitkan",
    "studio-back-why": "Alasan dikembalikan",
    "studio-take-back": "Tarik kembali",
    "studio-send-back": "Kembalikan kepada penyusun",
    "studio-go-back": "Kembalikan ke rilis ini",
    "studio-go-back-help": "Berkas rilis {number} disiapkan sebagai rancangan baru. Riwayat tidak dihapus.",
    "notice-draft-saved": "Rancangan tersimpan dan diperiksa.",
    "notice-draft-elsewhere": "Rancangan ini sudah diubah dari tempat lain. Periksa keadaannya sekarang.",
    "notice-rules-dropped": "Rancangan dibuang. Aturan yang berlaku tidak berubah.",
    "rules-stale": (
        "Aturan atau data berubah sejak rencana ditinjau. Tinjau rencana sekali lagi, lalu terbitkan."
    ),
    "rules-mistakes": "Naskah masih mempunyai kesalahan.",
    "rules-scenarios": "Skenario berikut tidak lagi berjalan seperti yang diharapkan:",
    "rules-poison": "Rancangan gagal saat dicoba pada salinan data:",
    "rules-refused": "Perubahan berikut belum dapat diterapkan:",
    "rules-not-applied": (
        "Rancangan belum dapat diterapkan sekarang. Coba lagi; bila berulang, hubungi pengelola server."
    ),
    "rules-moved": "dipindahkan saat aturan baru diterbitkan",
    "help-publish": "berlakukan rancangan Pengaturan yang sudah waktunya",
    "help-publish-more": (
        "Memberlakukan setiap rancangan yang sudah disetujui dan sampai tanggalnya: dicadangkan, "
        "dicoba pada salinan, lalu diterapkan sebagai rilis. Server menjalankannya sendiri. Kode "
        "keluar: 0 berhasil atau tidak ada, 3 ada rancangan yang dikembalikan kepada penyusun."
    ),
    "publish-done": "Rancangan {draft} berlaku sebagai rilis {release}; {moved} kasus dipindahkan.",
    "publish-back": "Rancangan {draft} dikembalikan: {why}",
    "studio-busy": "Mencoba skenario …",
    "studio-scenarios": "Skenario yang berjalan lain",
    "studio-scenarios-days": (
        "Hanya tanggalnya yang bergeser. Bila itu yang Anda kehendaki, sesuaikan harapan skenario dan "
        "lanjutkan."
    ),
    "studio-scenarios-other": (
        "Kasus contoh menempuh jalan lain daripada yang diharapkan. Perbaiki SOP atau harapan skenario "
        "di naskah, lalu coba lagi."
    ),
    "studio-adjust-publish": "Sesuaikan skenario dan terbitkan",
    "studio-adjust-ask": "Sesuaikan skenario dan minta persetujuan",
    "studio-problems-count": "{count} hal perlu diperbaiki.",
    "studio-merge": "Gabungkan dengan yang berlaku",
    "studio-merge-do": "Gabungkan",
    "studio-merge-clean": (
        "Perubahan Anda dan yang berlaku sekarang tidak bertentangan. Yang Anda ubah dilanjutkan di "
        "atas aturan terbaru."
    ),
    "studio-merge-clashes": (
        "{count} hal diubah dari dua pihak. Pilih yang dipakai; perubahan lain digabungkan sendiri."
    ),
    "studio-merge-mine": "Rancangan saya",
    "studio-merge-theirs": "Yang berlaku sekarang",
    "studio-merge-left": "Pilih dulu satu untuk setiap hal di bawah.",
    "notice-rules-merged": "Rancangan digabungkan dengan aturan yang berlaku. Periksa rencananya.",
    "studio-save-plan": "Simpan dan lihat rencana",
}
