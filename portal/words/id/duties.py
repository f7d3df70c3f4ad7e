"""Indonesian sentences of one part of the portal: what an office owes people for their data."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # the YAML
    "retention-form": '"{value}" bukan jangka waktu penyimpanan',
    "retention-form-hint": 'tulis misalnya "5 years", "6 months" atau "90 days"',
    "retention-without-basis": 'jangka penyimpanan "{keep}" tanpa dasar',
    "retention-without-basis-hint": 'tambahkan "legal_basis:", atau "to_verify:" bila masih harus dipastikan',
    # what erasing leaves, and why it may be refused
    "erased-text": "(data dihapus)",
    "erased-title": "(data dihapus)",
    "case-erased": "Data kasus ini sudah dihapus.",
    "event-case-erased": "Data pribadi pada kasus ini dihapus.",
    "list-event-record-erased": "Data dihapus",
    "erasure-asked": "permintaan warga",
    "erasure-nothing": "Tidak ada data yang dapat dihapus.",
    "erasure-reason-missing": "Isi alasannya.",
    "erasure-running": "Kasus {number} masih berjalan. Selesaikan dahulu kasusnya.",
    "erasure-case-left": "Data warga ini masih diperlukan untuk kasus {number}.",
    "erasure-kept": "Data kasus {number} wajib disimpan sampai {until}: {basis}.",
    "erasure-unset": "Jangka penyimpanan belum ditetapkan, sehingga tidak ada yang boleh dihapus karenanya.",
    "erasure-own": "Usulan disetujui oleh orang lain, bukan oleh pengusulnya.",
    "erasure-decided": "Usulan ini sudah diputuskan.",
    "sweep-not-owner": "Jalankan VACUUM sebagai pemilik basis data PostgreSQL; akun portal tidak berhak.",
    "sweep-archive": (
        "Arsip WAL dan cadangan PostgreSQL yang lebih lama masih memuat data itu sampai masa simpannya habis."
    ),
    # consent and correction
    "consent-purpose-unknown": "Pilih hal yang disetujui.",
    "consent-recipient-unknown": "Pilih lembaga dari daftar.",
    "consent-witness-missing": "Persetujuan lisan memerlukan nama saksi.",
    "consent-withdrawn-already": "Persetujuan ini sudah ditarik.",
    "consent-how-signed": "ditandatangani",
    "consent-how-oral": "lisan, di hadapan saksi {witness}",
    "consent-how-step": "saat rujukan dibuat",
    "referral-consent-withdrawn": "Warga telah menarik persetujuannya: datanya tidak boleh diteruskan ke lembaga ini.",
    "event-consent-given": "Warga memberi persetujuan.",
    "event-consent-withdrawn": "Warga menarik persetujuannya.",
    "list-event-consent-given": "Persetujuan diberikan",
    "list-event-consent-withdrawn": "Persetujuan ditarik",
    "list-event-correction-asked": "Perbaikan data diminta",
    "list-event-correction-done": "Perbaikan data selesai",
    "list-event-correction-refused": "Perbaikan data ditolak",
    "correction-incomplete": "Isi apa yang harus diperbaiki dan buktinya.",
    "correction-answered": "Permintaan ini sudah dijawab.",
    "correction-answer-missing": "Isi jawaban untuk warga.",
    "correction-not-edited": "Data warga belum diubah sejak permintaan ini. Ubah datanya dahulu, atau tolak dengan alasan.",
    # breach, the clock, unusual access
    "clock-left": "tersisa {days} hari {hours} jam {minutes} menit",
    "clock-passed": "terlewat {days} hari {hours} jam {minutes} menit",
    "unusual-many": "{day}: membuka data {people} orang; biasanya {usual} orang sehari.",
    "unusual-closed": "{day}: membuka data {people} orang di luar jam pelayanan.",
    "unusual-searches": "{day}: mencari {people} orang yang kasusnya tidak pernah dikerjakan akun ini.",
    "unusual-break-glass": "{day}: memakai akses darurat untuk {people} orang.",
    # the commands
    "help-retention": "tampilkan data yang waktu simpannya habis",
    "help-retention-more": (
        "Menyebutkan per program berapa kasus, surat, dan warga yang waktu simpannya sudah habis; tanpa nama. Tidak "
        "menghapus apa pun: penghapusan diusulkan dan disetujui dua orang di portal."
    ),
    "retention-program": "program",
    "retention-keep": "disimpan",
    "retention-cases": "kasus",
    "retention-letters": "surat",
    "retention-since": "tertua ditutup",
    "retention-residents": "Warga yang tidak lagi diperlukan untuk apa pun: {count}",
    "retention-none": "Belum ada data yang waktu simpannya habis.",
    "retention-unset": "Jangka penyimpanan belum ditetapkan (office.retention), sehingga tidak ada yang dihapus.",
    "retention-how": "Usulkan penghapusannya pada halaman Penghapusan data; orang kedua menyetujuinya.",
}
