"""Indonesian sentences of one part of the portal: backups and restoring."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "help-backup": "membuat cadangan terenkripsi yang sudah diperiksa",
    "help-backup-more": (
        "Membuat satu berkas terenkripsi dari basis data selagi petugas bekerja, membukanya kembali dan "
        "memeriksanya, lalu menghapus cadangan lama di luar 7 hari, 4 minggu, dan 12 bulan "
        "(PORTAL_BACKUP_KEEP). Kunci publiknya PORTAL_BACKUP_RECIPIENT; kunci rahasia tidak diperlukan dan "
        "tidak boleh disimpan di komputer ini."
    ),
    "help-backup-to": ("folder cadangan (PORTAL_BACKUP_FOLDER; jika tidak: backups di samping basis data)"),
    "help-backup-recipient": "kunci publik, misalnya age1... (PORTAL_BACKUP_RECIPIENT)",
    "help-backup-keygen": "membuat pasangan kunci untuk cadangan",
    "help-backup-keygen-more": (
        "Menulis kunci rahasia ke berkas baru yang hanya dapat Anda baca, dan mencetak kunci publiknya."
    ),
    "help-backup-keygen-file": "berkas baru untuk kunci rahasia, sebaiknya di diska USB",
    "help-restore": "memulihkan semuanya dari cadangan, atau mencoba apakah bisa",
    "help-restore-more": (
        "Hanya memerlukan berkas cadangan dan kunci rahasia. Basis data yang sudah ada hanya diganti jika "
        "namanya diketik dengan --confirm, dan disisihkan, bukan dihapus."
    ),
    "help-restore-file": "cadangan, berkas yang berakhiran .age",
    "help-restore-key": "berkas berisi kunci rahasia",
    "help-restore-drill": "memulihkan ke tempat sementara, mencoba portal di sana, lalu menghapusnya",
    "help-restore-confirm": "nama basis data yang akan diganti, misalnya portal.db",
    "backup-making": "Membuat dan memeriksa cadangan ...",
    "backup-made": "Cadangan dibuat, dibuka kembali, dan diperiksa: {file} ({size}).",
    "backup-holds": (
        "Isinya rilis {release} dengan {rows} baris dalam {tables} tabel, keadaan {at}, program {program}."
    ),
    "backup-removed": "Dihapus karena tidak diperlukan lagi: {files}",
    "backup-chain-broken": (
        "Peringatan: rantai peristiwa putus pada peristiwa {event}. Simpan cadangan ini dan yang "
        "sebelumnya, lalu lihat buku panduan operator: mungkin ada yang mengubah catatan."
    ),
    "backup-keygen-made": "Kunci rahasia ada di {file}. Kunci publiknya:\n\n  {recipient}\n",
    "backup-keygen-keep": (
        "Lakukan sekarang, sebelum yang lain:\n"
        "1. Tulis kunci publik di pengaturan portal: PORTAL_BACKUP_RECIPIENT={recipient}\n"
        "2. Cetak berkas kunci rahasia dua kali, dan simpan dalam amplop tersegel di dua brankas.\n"
        "3. Pindahkan berkas itu ke diska USB yang dipegang pengelola, dan hapus dari komputer ini.\n"
        "Tanpa kunci rahasia tidak seorang pun dapat membuka cadangan, dan kunci itu tidak dapat dibuat ulang."
    ),
    "restore-going": "Membuka, memeriksa, dan memulihkan cadangan ...",
    "restore-done": "Semuanya sudah dipulihkan ke {database}.",
    "restore-aside": "Yang ada sebelumnya disisihkan sebagai {aside}.",
    "restore-beside": "Berkas {before} dari cadangan sekarang ada di {place}.",
    "restore-replayed": "{count} penghapusan setelah cadangan ini sudah dilakukan lagi.",
    "restore-next": 'Sekarang jalankan "portal doctor", lalu "portal serve".',
    "drill-going": "Memulihkan ke tempat sementara dan mencoba portal di sana ...",
    "drill-done": (
        "Latihan berhasil: dipulihkan, dihitung, dibandingkan, dan {pages} halaman dibuka dalam {seconds} "
        "detik. Tidak ada yang tersisa."
    ),
    "drill-failed": (
        "Latihan menemukan {faults} kesalahan: {pages} halaman dicoba dalam {seconds} detik. Tidak ada yang "
        "tersisa."
    ),
    "drill-chain": "rantai peristiwa",
    "drill-chain-broken": "putus pada peristiwa {event}",
    "drill-drift": "dibandingkan dengan rilisnya",
    "archive-no-recipient": "belum ada kunci publik untuk mengenkripsi cadangan",
    "archive-no-recipient-hint": (
        'buat dengan "portal backup keygen BERKAS" dan tulis di PORTAL_BACKUP_RECIPIENT'
    ),
    "archive-recipient-malformed": '"{text}..." bukan kunci publik',
    "archive-recipient-malformed-hint": "salin seluruh kata yang diawali age1",
    "archive-key-exists": '"{file}" sudah ada dan tidak ditimpa',
    "archive-key-exists-hint": "pilih nama lain; kunci rahasia yang hilang tidak dapat dibuat lagi",
    "archive-key-none": '"{file}" tidak berisi kunci rahasia',
    "archive-key-none-hint": "pilih berkas yang salah satu barisnya diawali AGE-SECRET-KEY-",
    "archive-key-malformed": 'kunci rahasia di "{file}" tidak lengkap atau salah ketik',
    "archive-key-malformed-hint": "salin seluruh baris yang diawali AGE-SECRET-KEY-, tanpa spasi",
    "archive-other-key": '"{file}" dienkripsi untuk kunci lain',
    "archive-other-key-hint": "coba kunci rahasia yang dipakai ketika cadangan itu dibuat",
    "archive-damaged": "ini bukan cadangan yang utuh ({part})",
    "archive-damaged-hint": "salin ulang berkas dari tempat penyimpanannya, atau pakai cadangan sebelumnya",
    "archive-differs": "isi cadangan tidak sama dengan daftarnya",
    "archive-differs-hint": "buat lagi; untuk memulihkan, pakai cadangan sebelumnya",
    "archive-newer": "cadangan ini dibuat oleh program yang lebih baru",
    "archive-newer-hint": "pasang versi program yang membuatnya, atau yang lebih baru",
    "archive-nothing": "basis data masih kosong",
    "archive-nothing-hint": 'jalankan "portal apply" dahulu',
    "archive-other-kind": "ini cadangan basis data jenis {kind}",
    "archive-other-kind-hint": "beri --database alamat dari jenis itu",
    "archive-exists": 'basis data "{name}" sudah ada',
    "archive-exists-hint": (
        "jika memang akan diganti, ketik namanya: --confirm {name}; yang lama disisihkan, bukan dihapus"
    ),
    "archive-in-use": 'basis data "{name}" sedang dipakai',
    "archive-in-use-hint": "hentikan portal dahulu, misalnya dengan: systemctl stop satu-pintu",
    "archive-no-tool": "program {tool} tidak ada",
    "archive-no-tool-hint": "pasang klien PostgreSQL: apt-get install postgresql-client",
    "archive-old-tool": "{tool} versi {found}, sedangkan server versi {server}",
    "archive-old-tool-hint": "pasang klien sesuai versi server: apt-get install postgresql-client-{server}",
    "archive-tool": "{tool} tidak berhasil: {reason}",
    "archive-tool-hint": "periksa apakah peran itu pemilik tabel dan server masih punya ruang",
    "archive-drill-server": "ini cadangan PostgreSQL, dan latihan memerlukan server",
    "archive-drill-server-hint": "beri --database alamat server tempat basis data boleh dibuat",
    "archive-drill-database": "basis data untuk latihan tidak dapat dibuat: {reason}",
    "archive-drill-database-hint": (
        "beri --database peran yang memiliki CREATEDB, misalnya di server percobaan"
    ),
}
