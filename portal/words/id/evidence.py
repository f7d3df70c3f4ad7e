"""Sentences about evidence: the access log, the history of values, audits, and the trail of a person."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "screen-error-unlogged-title": "Halaman ini belum dapat ditampilkan",
    "screen-error-unlogged": "Setiap pembukaan data warga wajib dicatat, dan saat ini pencatatan itu tidak dapat dilakukan. Tidak ada data yang dibuka. Coba lagi sebentar lagi; bila berulang, sampaikan kepada pengelola.",
}
