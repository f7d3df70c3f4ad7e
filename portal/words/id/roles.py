"""Indonesian sentences of one part of the portal: roles, and who may see what."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "roles-guarded": "Di wilayah Anda ada {count} kasus terbatas yang tidak ditampilkan di sini.",
}
