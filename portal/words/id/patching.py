"""Indonesian sentences of one part of the portal: why a YAML text cannot be changed as asked."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "patch-unreadable": "berkas ini tidak dapat diubah sebelum kesalahan pada baris {line} diperbaiki",
    "patch-path-missing": '"{path}" tidak ada di berkas ini',
    "patch-key-exists": '"{key}" sudah ada; pilih nama lain',
    "patch-unwritable": 'teks "{text}" tidak dapat ditulis di tempat ini',
    "patch-form": "bentuk tulisan pada baris {line} tidak dapat diubah dari sini; ubah langsung pada berkasnya",
    "patch-comment-inside": (
        "ada komentar di antara kurung pada baris {line}; ubah langsung pada berkasnya agar komentar tidak tertukar"
    ),
    "patch-result-differs": '"{path}" tidak dapat diubah tanpa mengubah hal lain; berkas tetap seperti semula',
}
