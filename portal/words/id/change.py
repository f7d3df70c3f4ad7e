"""Indonesian sentences of one part of the portal: change."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "section-office": "kantor",
    "section-centres": "kantor layanan",
    "section-roles": "peran",
    "section-records": "jenis catatan",
    "section-sectors": "bidang layanan",
    "section-complaints": "jenis keluhan",
    "section-channels": "saluran",
    "section-priorities": "prioritas",
    "section-outcomes": "hasil kasus",
    "section-flags": "penanda kasus",
    "section-registers": "basis data luar",
    "section-documents": "dokumen",
    "section-programs": "program",
    "section-sops": "SOP",
    "section-destinations": "tujuan rujukan",
    "section-letters": "jenis surat",
    "section-fields": "isian",
    "section-steps": "langkah",
    "change-detail": "{path}: {before} menjadi {after}",
    "change-detail-order": "urutan {path} diubah",
    "change-entry-added": '{what} "{label}" ({key}) ditambahkan',
    "change-entry-changed": '{what} "{label}" ({key}) diubah',
    "change-sop-reworded": 'kata-kata SOP "{label}" ({key}) berubah; kasus berjalan ikut memakai versi baru',
    "change-sop-changed": 'SOP "{label}" ({key}) mendapat versi baru; kasus berjalan tetap pada versinya',
    "change-entries-reordered": "urutan {what} diubah",
    "change-office-changed": 'keterangan kantor "{label}" diubah',
    "change-areas-added": "{count} wilayah ditambahkan, antara lain {example}",
    "change-areas-changed": "{count} wilayah berganti nama, antara lain {example}",
    "change-template-added": "berkas surat {name} ditambahkan",
    "change-template-changed": "berkas surat {name} diubah; surat yang sudah terbit tidak berubah",
    "change-template-removed": "berkas surat {name} dihapus; rilis yang lama tetap menyimpannya",
    "change-field-added": 'isian "{label}" ({owner}.{path}) ditambahkan, jenis {type}',
    "change-entry-removed": (
        '{what} "{label}" ({key}) ditarik: tidak dapat dipilih lagi, data yang menyebutnya tetap '
        "memakai labelnya"
    ),
    "change-entry-renamed": (
        '{what} "{label}" berganti nama dari {was} menjadi {key}; yang menyebut {was} ikut menyebut {key}'
    ),
    "change-step-renamed": (
        'langkah "{label}" pada SOP {sop} berganti nama dari {was} menjadi {key}; jawaban lama tetap di {was}'
    ),
    "change-subject-moved": (
        "pokok kasus belum dapat dipindahkan dari {was} ke {key}: kasus yang ada menunjuk {was}; "
        'tulis kembali "subject: true" pada {was}'
    ),
    "change-areas-removed": (
        "{count} wilayah ditarik, antara lain {example}; data yang menyebutnya tetap memakai namanya"
    ),
    "change-field-removed": (
        'isian "{label}" ({owner}.{path}) ditarik: tidak ditanyakan dan ditampilkan lagi; nilainya '
        "tetap tersimpan"
    ),
    "change-field-renamed": 'isian "{label}" ({owner}.{path}) berganti nama dari {was}; semua nilai tetap',
    "change-field-retyped": (
        'jenis isian "{label}" ({owner}.{path}) berubah dari {before} menjadi {after}; semua nilai ikut'
    ),
    "change-field-made-unique": (
        'isian "{label}" ({owner}.{path}) menjadi unik; tidak ada dua baris bernilai sama'
    ),
    "change-choice-removed": (
        'pilihan "{choice}" pada isian "{label}" ({owner}.{path}) tidak ditawarkan lagi; baris yang '
        "memakainya tetap memakai labelnya"
    ),
    "change-entry-restored": '{what} "{label}" ({key}) ada kembali',
    "change-entry-in-use": (
        '{what} "{label}" ({key}) tidak dapat ditarik: {cases} kasus berjalan memerlukannya; '
        'kembalikan "{key}" sampai kasus itu selesai'
    ),
    "change-field-restored": 'isian "{label}" ({owner}.{path}) ada kembali dengan nilai yang tersimpan',
    "change-answer-renamed": (
        'isian "{label}" ({owner}.{path}) berganti nama dari {was}; jawaban lama tetap di {was}'
    ),
    "change-looks-renamed": (
        '{what} "{was}" hilang dan "{key}" ("{label}") baru dan mirip; tulis "was: {was}" pada '
        '"{key}" bila sama, "new: true" bila berbeda'
    ),
    "change-field-unconvertible": (
        'jenis isian "{label}" ({owner}.{path}) tidak dapat diubah dari {before} menjadi {after}: '
        "tidak ada nilai yang cocok; kembalikan {before}, atau tambahkan isian baru dan tarik yang "
        "ini"
    ),
    "change-answer-retyped": (
        'jenis isian "{label}" ({owner}.{path}) tidak dapat diubah dari {before} menjadi {after}: '
        "kasus menyimpan jawaban berjenis lama; kembalikan {before}, atau beri isian itu nama lain"
    ),
    "change-field-made-required": (
        'isian "{label}" ({owner}.{path}) menjadi wajib; baris yang kosong tetap ada sampai disunting'
    ),
    "change-rows-object": (
        'isian "{label}" ({owner}.{path}) tidak dapat diubah begitu: {count} baris tidak cocok; '
        "perbaiki barisnya atau ubah YAML-nya"
    ),
    "change-column-dropped": 'kolom "{label}" ({name}) dihapus beserta {held} nilai',
    "count-rows": "{number} baris",
    "count-filled": "{number} terisi",
    "count-cases": "{number} kasus",
    "count-tasks": "{number} tugas terbuka",
    "count-accounts": "{number} akun",
    "count-letters": "{number} surat terbit",
    "count-referrals": "{number} rujukan",
    "count-papers": "{number} dokumen tercatat",
    "count-empty": "{number} kosong",
    "risk-destructive": "ada yang tidak lagi tampil atau ditawarkan",
    "risk-data-dependent": "bergantung pada data yang ada",
    "risk-pinned": "kasus berjalan tetap pada versinya",
    "risk-incompatible": "nama atau bentuk lama tidak dikenali lagi",
    "plan-nothing": "Tidak ada perubahan.",
    "plan-refused": "Belum dapat diterapkan:",
    "plan-count": "{changes} perubahan, {refused} belum dapat diterapkan.",
    "plan-digest": "Sidik rencana: {digest}",
    "apply-stale": ("Rencana sudah kedaluwarsa: YAML, berkas surat, atau basis data berubah sejak ditinjau."),
    "apply-stale-hint": 'jalankan "portal plan" lagi dan tinjau hasilnya',
    "apply-refused": "Tidak ada yang diterapkan: {refused} perubahan belum didukung.",
    "apply-refused-hint": "ikuti saran pada setiap baris, lalu jalankan lagi",
    "apply-busy": "Tidak ada yang diterapkan: basis data sedang dipakai pekerjaan yang panjang.",
    "apply-busy-hint": "ulangi beberapa saat lagi",
    "apply-newer": ("Rilis di basis data ini ditulis oleh portal versi lebih baru (format {format})."),
    "apply-newer-hint": "perbarui program portal, lalu jalankan lagi",
    "apply-done": "Rilis {release} diterapkan: {changes} perubahan.",
    "apply-nothing": "Tidak ada perubahan; rilis tetap {release}.",
    "prune-nothing": "Tidak ada kolom yang ditarik.",
    "prune-column": '{name} "{label}": {rows} baris berisi, {size} bita',
    "prune-in-use": "; dipakai {cases} kasus berjalan",
    "prune-fixed": "; SQLite tidak dapat menghapus tautan",
    "prune-refused": (
        'Tidak ada yang dihapus: "{name}" bukan kolom yang ditarik, dipakai kasus berjalan, atau '
        "tidak dapat dihapus basis data."
    ),
    "prune-refused-hint": '"portal prune" menampilkan apa yang dapat dihapus',
}
