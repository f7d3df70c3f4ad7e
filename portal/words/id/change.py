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
    "section-registers": "basis data luar",
    "section-documents": "dokumen",
    "section-programs": "program",
    "section-sops": "SOP",
    "section-destinations": "tujuan rujukan",
    "section-letters": "jenis surat",
    "change-detail": "{path}: {before} menjadi {after}",
    "change-detail-order": "urutan {path} diubah",
    "change-entry-added": '{what} "{label}" ({key}) ditambahkan',
    "change-entry-changed": '{what} "{label}" ({key}) diubah',
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
        '{what} "{label}" ({key}) belum dapat dihapus: data yang tersimpan mungkin menyebutnya; '
        'kembalikan "{key}"'
    ),
    "change-program-removed": (
        '{what} "{label}" ({key}) belum dapat dihapus: data yang tersimpan mungkin menyebutnya; '
        'kembalikan "{key}" dan tulis "status: ended" agar program itu tidak menerima kasus baru'
    ),
    "change-entry-renamed": (
        '{what} "{label}" belum dapat berganti nama dari {was} menjadi {key}: data yang tersimpan memakai '
        'nama lama; pakai kembali "{was}" dan hapus baris "was" (label boleh diubah)'
    ),
    "change-step-renamed": (
        'langkah "{label}" pada SOP {sop} belum dapat berganti nama dari {was} menjadi {key}: jawaban kasus '
        'tersimpan dengan nama lama; pakai kembali "{was}" dan hapus baris "was" (label boleh diubah)'
    ),
    "change-subject-moved": (
        "pokok kasus belum dapat dipindahkan dari {was} ke {key}: kasus yang ada menunjuk {was}; "
        'tulis kembali "subject: true" pada {was}'
    ),
    "change-areas-removed": (
        "{count} wilayah, antara lain {example}, belum dapat dihapus: data yang tersimpan mungkin "
        "menyebutnya; kembalikan barisnya di areas.csv"
    ),
    "change-field-removed": (
        'isian "{label}" ({owner}.{path}) belum dapat dihapus: kolomnya menyimpan data; '
        "kembalikan isian itu, atau ubah labelnya bila tidak dipakai lagi"
    ),
    "change-field-renamed": (
        'isian "{label}" ({owner}.{path}) belum dapat berganti nama dari {was}: data tersimpan dengan nama '
        'lama; pakai kembali "{was}" dan hapus baris "was" (label boleh diubah)'
    ),
    "change-field-retyped": (
        'jenis isian "{label}" ({owner}.{path}) belum dapat diubah dari {before} menjadi {after}: '
        "nilai yang tersimpan mungkin tidak cocok; kembalikan {before}, atau tambahkan isian baru"
    ),
    "change-field-made-unique": (
        'isian "{label}" ({owner}.{path}) belum dapat dijadikan unik: baris yang ada mungkin bernilai sama; '
        'hapus "unique: true"'
    ),
    "change-choice-removed": (
        'pilihan "{choice}" pada isian "{label}" ({owner}.{path}) belum dapat dihapus: baris yang ada '
        'mungkin memakainya; kembalikan "{choice}" (labelnya boleh diubah)'
    ),
    "plan-nothing": "Tidak ada perubahan.",
    "plan-refused": "Belum dapat diterapkan:",
    "plan-count": "{changes} perubahan, {refused} belum dapat diterapkan.",
    "plan-digest": "Sidik rencana: {digest}",
    "apply-stale": "Rencana sudah kedaluwarsa: YAML, berkas surat, atau basis data berubah sejak ditinjau.",
    "apply-stale-hint": 'jalankan "portal plan" lagi dan tinjau hasilnya',
    "apply-refused": "Tidak ada yang diterapkan: {refused} perubahan belum didukung.",
    "apply-refused-hint": "ikuti saran pada setiap baris, lalu jalankan lagi",
    "apply-busy": "Tidak ada yang diterapkan: basis data sedang dipakai pekerjaan yang panjang.",
    "apply-busy-hint": "ulangi beberapa saat lagi",
    "apply-newer": "Rilis di basis data ini ditulis oleh portal versi lebih baru (format {format}).",
    "apply-newer-hint": "perbarui program portal, lalu jalankan lagi",
    "apply-done": "Rilis {release} diterapkan: {changes} perubahan.",
    "apply-nothing": "Tidak ada perubahan; rilis tetap {release}.",
}
