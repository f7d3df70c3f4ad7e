"""Indonesian sentences of one part of the portal: history."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # the commands
    "help-releases": "tampilkan apa yang pernah diterapkan, kapan, oleh siapa, dan mengapa",
    "help-releases-more": (
        "Tanpa nomor: rilis-rilis terbaru. Dengan N: rilis itu dengan semua perubahannya dan YAML sebagaimana "
        "ditulis waktu itu. Dengan N dan M: perbedaan keduanya, dalam kalimat dan baris demi baris."
    ),
    "help-releases-number": "nomor rilis",
    "help-releases-other": "nomor rilis lain, untuk dibandingkan",
    "help-pull": "tulis berkas sebuah rilis ke folder",
    "help-pull-more": (
        "Menulis YAML dan berkas surat rilis terakhir ke dalam DIR, sama persis dengan yang diterapkan."
    ),
    "help-pull-folder": "folder tujuan, harus kosong atau belum ada",
    "help-pull-release": "rilis yang lebih lama, bukan yang terakhir",
    "help-pull-force": "tulis walaupun folder tidak kosong; berkas bernama lain tetap ada",
    "help-drift": "bandingkan basis data dengan rilis terakhir",
    "help-drift-more": (
        "Menyebutkan semua yang berbeda antara basis data dan rilis terakhir. Tidak mengubah apa pun. Kode "
        "keluar: 0 tidak ada perbedaan, 2 ada perbedaan, 64 salah ketik."
    ),
    "help-rollback": "terapkan kembali rilis yang lebih lama",
    "help-rollback-more": (
        "Menerapkan berkas rilis N sebagai rilis baru: diperiksa, direncanakan, dicadangkan, dan dicoba seperti "
        "rilis lain. Data yang dicatat sesudahnya tetap ada. Kode keluar: 0 berhasil, 1 YAML masih salah, 3 ada "
        "yang belum dapat diterapkan; dengan --dry-run 0 tidak ada perubahan, 2 ada perubahan; 64 salah ketik."
    ),
    "help-rollback-number": "nomor rilis yang dituju",
    "help-rollback-reason": "alasan, dicatat pada rilis baru",
    "help-rollback-dry-run": "sebutkan saja apa yang akan berubah",
    "command-drift": "Membandingkan basis data dengan rilis terakhir ...",
    "command-release-unknown": "tidak ada rilis {number}",
    "command-release-unknown-hint": 'yang terakhir adalah {newest}; "portal releases" menampilkan daftarnya',
    "command-folder-not-empty": 'folder "{folder}" tidak kosong; tidak ada yang ditulis',
    "command-folder-not-empty-hint": "sebutkan folder lain, atau timpa dengan --force",
    # what they say
    "releases-head": "Rilis {number}  {at}  {who}",
    "releases-backup": "Cadangan keadaan sebelumnya: {place}",
    "releases-reason": "Alasan: {reason}",
    "releases-more": 'dan {count} lagi: "portal releases {number}" menampilkan semuanya',
    "releases-earlier": "Rilis yang lebih lama: {count}.",
    "pull-done": "Rilis {number}: {files} berkas ditulis ke {folder}.",
    "drift-none": "Basis data sesuai dengan rilis terakhir.",
    "drift-some": "Perbedaan dengan rilis terakhir: {count}.",
    "drift-table-missing": "tabel {table} tidak ada",
    "drift-table-extra": "tabel {table} bukan milik rilis mana pun",
    "drift-column-missing": "kolom {table}.{column} ({type}) tidak ada",
    "drift-column-extra": "kolom {table}.{column} ({type}) bukan milik rilis mana pun",
    "drift-column-type": "kolom {table}.{column} berjenis {after}, menurut rilis {before}",
    "drift-column-required": "kolom {table}.{column} wajib diisi, menurut rilis boleh kosong",
    "drift-column-optional": "kolom {table}.{column} boleh kosong, menurut rilis wajib diisi",
    "drift-index-missing": "indeks {index} pada tabel {table} tidak ada",
    "drift-index-extra": "indeks {index} pada tabel {table} bukan milik rilis mana pun",
    "drift-index-differs": "indeks {index} pada tabel {table} berbeda kolom atau keunikannya",
    "drift-link-missing": "tautan {link} pada tabel {table} tidak ada",
    "drift-link-extra": "tautan {link} pada tabel {table} bukan milik rilis mana pun",
    "drift-words-missing": "pencarian kata pada tabel {table} tidak ada",
    "drift-words-extra": "pencarian kata pada tabel {table} bukan milik rilis mana pun",
    "drift-row-missing": 'baris "{key}" pada {table} tidak ada',
    "drift-row-extra": 'baris "{key}" pada {table} bukan milik rilis mana pun',
    "drift-row-differs": 'isi baris "{key}" pada {table} tidak sama dengan rilis',
    "drift-version": "versi {number} dari SOP {sop} diubah sesudah diterapkan",
    "drift-sop": "versi terbaru SOP {sop} bukan versi menurut rilis",
    # the pages
    "desk-release-changes": "Yang berubah",
    "desk-release-more": "dan {count} lagi",
    "desk-release-from": "Bandingkan rilis",
    "desk-release-to": "dengan rilis",
    "desk-release-compare": "Bandingkan",
    "desk-release-all": "Semua rilis",
    "desk-release-compare-before": "Bandingkan dengan rilis sebelumnya",
    "desk-release-compare-now": "Bandingkan dengan rilis yang berlaku",
    "desk-release-files": "Berkas sebagaimana ditulis",
    "desk-release-back": "Untuk kembali ke aturan ini, pengelola server menjalankan: portal rollback {number}. Data yang dicatat sesudahnya tetap ada.",
    "desk-release-compared": "Rilis {one} dan {other}",
    # the backup before a release
    "apply-no-backup": "Tidak ada yang diterapkan: cadangan tidak dapat dibuat atau tidak utuh: {reason}.",
    "apply-no-backup-hint": "periksa ruang disk dan izin folder backups di samping basis data",
    "backup-file": "Cadangan rilis {release} yang sudah diperiksa ada di {file}. Untuk memulihkannya: hentikan portal, letakkan berkas ini di tempat basis data, lalu hapus berkas -wal dan -shm.",
    "backup-point": "Untuk memulihkan rilis {release}: pulihkan cadangan dasar server dan lognya sampai {point}, {at} (recovery_target_time).",
    # the rehearsal
    "apply-poison": "Tidak ada yang diterapkan: rilis gagal saat dicoba pada salinan, di {faults} tempat.",
    "apply-poison-hint": "perbaiki yang disebut pada baris di atas, lalu jalankan lagi; pengguna tidak terganggu",
    "apply-no-scratch": "Tidak ada yang diterapkan: salinan untuk mencoba rilis tidak dapat dibuat: {reason}.",
    "apply-no-scratch-hint": "SQLite: periksa ruang disk di samping basis data; PostgreSQL: GRANT CREATE ON DATABASE kepada peran portal",
    "rehearsal-fault": "{place}: {reason}",
    "rehearsal-place-apply": "penerapan",
    "rehearsal-place-start": "menjalankan portal",
    "rehearsal-place-letter": "surat {letter}, contoh",
    "rehearsal-place-case-letter": "surat {letter}, kasus {case}",
    "rehearsal-place-step": "SOP {sop}, langkah {step}",
    "rehearsal-place-letter-form": "surat {letter}, formulirnya",
    "rehearsal-status": "halaman menjawab {status}",
    "rehearsal-done": "Dicoba pada salinan: {pages} halaman dan {letters} surat.",
}
