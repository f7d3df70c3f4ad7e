"""Indonesian sentences of one part of the portal: requests that are refused, and the list of routes."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "app-host": "Alamat ini bukan alamat portal.",
    "app-busy": "Portal sedang sibuk. Isian Anda belum tersimpan; coba lagi sebentar lagi. Bila berulang, sampaikan kode {number} kepada pengelola.",
    "screen-error-foreign-title": "Permintaan dari situs lain ditolak",
    "screen-error-foreign": "Isian hanya diterima dari halaman portal ini sendiri. Buka halamannya dari menu, lalu isi kembali.",
    "screen-error-large-title": "Kiriman terlalu besar",
    "screen-error-large": "Ringkas isian atau perkecil berkasnya, lalu coba lagi.",
    "screen-error-slow-title": "Kiriman tidak sampai",
    "screen-error-slow": "Sambungan terlalu lambat sehingga kiriman Anda terputus. Belum ada yang tersimpan; coba lagi.",
    "screen-error-print": "Surat ini terlalu lama atau terlalu besar untuk dicetak. Nomor dan isinya sudah tersimpan. Coba buka sekali lagi; bila tetap tidak dapat, sampaikan nomor di bawah ini kepada pengelola portal.",
    "screen-error-print-reason": "Sebabnya: {reason}.",
    "screen-error-print-title": "Surat belum dapat dicetak",
    "screen-error-often-title": "Terlalu sering",
    "screen-error-often": "Tunggu beberapa menit, lalu coba lagi.",
    "screen-error-busy-title": "Portal sedang sibuk",
    "screen-error-busy": "Yang baru Anda kirim belum tersimpan. Tunggu sebentar, kembali ke halaman sebelumnya, lalu coba lagi.",
    "help-openapi": "menulis daftar alamat, kueri, dan formulir portal sebagai OpenAPI 3.1",
    "help-openapi-more": "Menulis daftar alamat, kueri, dan formulir yang dilayani rilis terbaru sebagai OpenAPI 3.1 (JSON), untuk alat uji. Tidak ada data warga di dalamnya.",
}
