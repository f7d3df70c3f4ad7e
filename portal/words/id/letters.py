"""Indonesian sentences of one part of the portal: letters."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # what is wrong in a template
    "letter-template-syntax": "templat surat tidak terbaca: {says}",
    "letter-template-syntax-hint": "periksa pasangan tanda {{{{ }}}} dan {{% %}} di sekitar baris ini",
    "letter-template-unreadable": "templat ini bukan teks UTF-8, atau bersarang terlalu dalam",
    "letter-template-unreadable-hint": "simpan ulang dengan penyandian UTF-8, dan kurangi susunannya",
    "letter-circular": 'templat "{file}" memuat dirinya sendiri, langsung atau melalui templat lain',
    "letter-circular-hint": "putuskan lingkaran itu: hapus salah satu extends atau include",
    "letter-unknown-variable": 'surat ini tidak mempunyai isian "{variable}"',
    "letter-unknown-variable-hint": "{maybe}isian yang tersedia ada di panduan surat",
    "letter-variable-has-parts": '"{variable}" berisi beberapa bagian, jadi tidak dapat dicetak langsung',
    "letter-variable-has-parts-hint": 'cetak salah satu bagiannya, misalnya "{near}"',
    "letter-unknown-filter": 'pengubah "{filter}" tidak ada',
    "letter-unknown-filter-hint": "{maybe}pengubah yang tersedia: {available}",
    "letter-unknown-test": 'pertanyaan "is {test}" tidak ada',
    "letter-unknown-test-hint": "{maybe}yang tersedia: {available}",
    "letter-unknown-file": 'templat "{file}" tidak ada',
    "letter-unknown-file-hint": "{maybe}berkas templat ada di folder surat",
    "letter-forbidden-construct": '"{construct}" tidak boleh dipakai dalam templat surat',
    "letter-forbidden-construct-hint": "templat surat hanya berisi teks, isian, if, for atas daftar "
    "(paling banyak dua tingkat), dan pengubah",
    # what printing finds
    "letter-print-refused": "surat meminta berkas yang tidak ada atau tidak boleh dibuka: {asked}",
    "letter-print-missing": "huruf berikut tidak dapat dicetak: {characters}",
    "letter-print-slow": "surat terlalu lama dicetak dan dihentikan; periksa apakah isinya terlalu panjang",
    "letter-print-memory": "surat memerlukan memori terlalu banyak dan dihentikan; periksa tabel dan gambarnya",
    "letter-print-pages": "surat melebihi jumlah halaman yang diperbolehkan",
    "letter-print-large": "berkas PDF surat terlalu besar; periksa gambarnya",
    "letter-print-deep": "bagian surat tersusun terlalu dalam; periksa templatnya",
    "letter-print-broken": "proses pencetak surat terhenti; coba sekali lagi",
    "letter-confidential": "Rahasia",
    "letter-urgent": "Segera",
    "letter-very-urgent": "Sangat Segera",
    "letter-ordinary": "Biasa",
    "letter-one-file": "1 (satu) berkas",
    "letter-anonymous": "Tanpa identitas",
    "letter-age": "{years} tahun",
    "letter-registered": "terdaftar",
    "letter-not-registered": "tidak terdaftar",
    "letter-document-brought": "ada",
    "letter-document-to-follow": "menyusul",
    "letter-document-not-needed": "tidak diperlukan",
    "letter-not-on-request": "Surat ini hanya terbit melalui langkah SOP.",
    "letter-example-member": "Anak Contoh",
}
