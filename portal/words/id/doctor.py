"""Indonesian sentences of one part of the portal: the doctor. Name of the setting, what was found, remedy."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "help-doctor": "mencari pengaturan yang salah pada komputer, berkas, basis data, akun, dan cadangan",
    "help-doctor-more": (
        "Memeriksa semuanya dan tidak mengubah apa pun; menyebut setiap pengaturan yang salah, apa yang "
        "ditemukan, dan perbaikannya. Kode keluar: 0 tidak ada yang salah, 1 peringatan, 3 ada yang membuat "
        "portal serve menolak berjalan."
    ),
    "help-doctor-host": "alamat tempat portal akan menerima sambungan (jika tidak: {host})",
    "help-serve-workers": "berapa proses yang berbagi pekerjaan, paling banyak {most} (jika tidak: 1)",
    "doctor-fatal": "FATAL",
    "doctor-warn": "peringatan",
    "doctor-looking": "Memeriksa komputer, basis data, dan cadangan ...",
    "doctor-well": "{count} pengaturan diperiksa; tidak ada yang salah.",
    "doctor-sum": "{count} pengaturan diperiksa: {fatal} fatal, {warn} peringatan.",
    "command-doctor-refused": "portal tidak dijalankan karena {count} pengaturan fatal yang disebut di atas",
    "command-doctor-refused-hint": (
        'perbaiki lalu periksa dengan "portal doctor"; untuk mencoba dengan data rekaan: portal demo'
    ),
    "doctor-root": "portal berjalan sebagai root",
    "doctor-root-found": "Prosesnya memiliki semua hak di komputer ini.",
    "doctor-root-remedy": "jalankan sebagai pengguna tersendiri, seperti unit di docs/how-to/deploy.md",
    "doctor-temporary": "berkas sementara tidak dapat ditulis",
    "doctor-temporary-found": "Tidak ada berkas yang dapat ditulis di folder berkas sementara.",
    "doctor-temporary-remedy": "izinkan pengguna portal menulis di sana, atau atur TMPDIR",
    "doctor-open-files": "batas berkas terbuka terlalu kecil",
    "doctor-open-files-found": "Proses hanya boleh membuka {count} berkas sekaligus, termasuk sambungan.",
    "doctor-open-files-remedy": "atur LimitNOFILE=4096 di unit",
    "doctor-disk-full": "diska hampir penuh",
    "doctor-disk-full-found": "Sisa ruang di diska basis data {free} MB.",
    "doctor-disk-full-remedy": "kosongkan atau besarkan diska; caranya ada di buku panduan operator",
    "doctor-encoding": "bukan UTF-8",
    "doctor-encoding-found": "Sistem menulis teks sebagai {name}.",
    "doctor-encoding-remedy": "atur LANG=C.UTF-8 atau PYTHONUTF8=1 di unit",
    "doctor-time-zones": "zona waktu tidak ada",
    "doctor-time-zones-found": "Sistem tidak mengenal Asia/Jakarta, Asia/Makassar, dan Asia/Jayapura.",
    "doctor-time-zones-remedy": "pasang paket tzdata",
    "doctor-clock": "jam komputer terlambat",
    "doctor-clock-found": "Peristiwa terbaru {seconds} detik lebih lambat daripada jam ini.",
    "doctor-clock-remedy": "setel jam dan jaga tetap tepat: timedatectl set-ntp true",
    "doctor-printing": "surat tidak dapat dicetak",
    "doctor-printing-found": "Ada pustaka yang tidak tersedia: {reason}",
    "doctor-printing-remedy": (
        "pasang: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    ),
    "doctor-fonts": "huruf untuk surat tidak ada",
    "doctor-fonts-found": "Folder huruf milik program kosong.",
    "doctor-fonts-remedy": "pasang ulang program",
    "doctor-debug": "pengaturan pengembang masih menyala",
    "doctor-debug-found": "Yang menyala: {names}.",
    "doctor-debug-remedy": "hapus dari unit: keluarannya dapat memuat apa yang diketik orang",
    "doctor-core-dumps": "kegagalan program menulis isi memori ke diska",
    "doctor-core-dumps-found": "Core dump diizinkan, dan memuat apa yang diketik orang.",
    "doctor-core-dumps-remedy": "atur LimitCORE=0 di unit",
    "doctor-file-open": "basis data atau berkas pendampingnya dapat dibaca orang lain",
    "doctor-file-open-found": "Dapat dibaca selain oleh pemiliknya: {names} ({count}).",
    "doctor-file-open-remedy": "jalankan chmod 600 pada berkas itu",
    "doctor-folder-open": "folder dapat dilihat orang lain",
    "doctor-folder-open-found": "Terbuka bagi semua pengguna komputer ini: {names}.",
    "doctor-folder-open-remedy": "jalankan chmod 700 pada folder itu",
    "doctor-network-disk": "basis data berada di diska jaringan",
    "doctor-network-disk-found": "Sistem berkasnya {name}; SQLite kehilangan data di sana.",
    "doctor-network-disk-remedy": "pindahkan basis data ke diska komputer ini, atau pakai PostgreSQL",
    "doctor-secret-missing": "rahasia bukti tidak ada",
    "doctor-secret-missing-found": (
        "Berkas {file} tidak ada; tidak ada yang dapat dicatat, jadi tidak ada yang dapat dikerjakan."
    ),
    "doctor-secret-missing-remedy": "pulihkan dari cadangan, atau sebutkan di PORTAL_SECRET_FILE",
    "doctor-secret-weak": "rahasia bukti lemah",
    "doctor-secret-weak-found": "{file} lebih pendek dari 32 bita, atau berpola.",
    "doctor-secret-weak-remedy": "kembalikan yang ada di cadangan; kantor tanpa data memulai lagi dengan basis data kosong",
    "doctor-secret-in-checkout": "rahasia berada di dalam repositori",
    "doctor-secret-in-checkout-found": "{file} ada di folder yang dikelola git.",
    "doctor-secret-in-checkout-remedy": (
        "pindahkan basis data dan rahasianya ke luar repositori, ke /var/lib/satu-pintu"
    ),
    "doctor-secret-with-backups": "rahasia berada di samping cadangan",
    "doctor-secret-with-backups-found": "{file} ada di folder cadangan.",
    "doctor-secret-with-backups-remedy": "pisahkan: pilih PORTAL_BACKUP_FOLDER yang lain",
    "doctor-backup-key-here": "kunci rahasia cadangan ada di komputer ini",
    "doctor-backup-key-here-found": (
        "Ditemukan: {names}. Siapa yang mengambil komputer ini dapat membaca semua cadangan."
    ),
    "doctor-backup-key-here-remedy": "pindahkan ke diska USB di brankas, dan hapus dari sini",
    "doctor-sqlite-old": "SQLite terlalu lama",
    "doctor-sqlite-old-found": "Versinya {found}; diperlukan setidaknya {wanted}.",
    "doctor-sqlite-old-remedy": "perbarui sistem",
    "doctor-sqlite-search": "SQLite tidak dapat mencari",
    "doctor-sqlite-search-found": "FTS5 atau trigramnya tidak ada.",
    "doctor-sqlite-search-remedy": "pakai Python dari distribusi, atau dari python.org",
    "doctor-sqlite-journal": "SQLite tidak menulis catatan di muka (WAL)",
    "doctor-sqlite-journal-found": "journal_mode adalah {journal}; pembaca dan penulis saling menghentikan.",
    "doctor-sqlite-journal-remedy": "pindahkan basis data ke diska setempat, lalu jalankan lagi",
    "doctor-sqlite-synchronous": "listrik padam menghilangkan pekerjaan yang sudah disimpan",
    "doctor-sqlite-synchronous-found": "synchronous adalah {synchronous}, seharusnya 2 (FULL).",
    "doctor-sqlite-synchronous-remedy": "hapus yang mengubahnya dari alamat basis data",
    "doctor-sqlite-links": "SQLite tidak menjaga hubungan antardata",
    "doctor-sqlite-links-found": "foreign_keys tidak menyala.",
    "doctor-sqlite-links-remedy": "hapus yang mengubahnya dari alamat basis data",
    "doctor-sqlite-remains": "yang dihapus masih tertinggal di berkas",
    "doctor-sqlite-remains-found": "secure_delete tidak menyala; NIK yang dihapus dapat terbaca lagi.",
    "doctor-sqlite-remains-remedy": "hapus yang mengubahnya dari alamat basis data",
    "doctor-postgres-old": "PostgreSQL terlalu lama",
    "doctor-postgres-old-found": "Versinya {found}; diperlukan setidaknya {wanted}.",
    "doctor-postgres-old-remedy": "perbarui server; versi ini tidak lagi diperbaiki pembuatnya",
    "doctor-postgres-superuser": "portal adalah superuser PostgreSQL",
    "doctor-postgres-superuser-found": "Tidak ada aturan basis data yang mengikat peran ini.",
    "doctor-postgres-superuser-remedy": "beri portal peran tersendiri, seperti di docs/how-to/deploy.md",
    "doctor-postgres-bypass": "tembok kedua tidak berlaku",
    "doctor-postgres-bypass-found": "Peran ini memiliki BYPASSRLS, jadi pembatasan baris tidak mengikatnya.",
    "doctor-postgres-bypass-remedy": "ALTER ROLE ... NOBYPASSRLS",
    "doctor-postgres-owner": "peran portal memiliki tabel",
    "doctor-postgres-owner-found": "Pemilik tabel dapat mematikan pembatasan barisnya.",
    "doctor-postgres-owner-remedy": (
        "terapkan dengan satu peran dan layani dengan peran lain, seperti di docs/how-to/deploy.md"
    ),
    "doctor-postgres-encoding": "basis data bukan UTF-8",
    "doctor-postgres-encoding-found": "Enkodenya {encoding}.",
    "doctor-postgres-encoding-remedy": "buat ulang: createdb --encoding=UTF8 --template=template0",
    "doctor-postgres-collation": "urutan huruf sistem tidak sama dengan indeks",
    "doctor-postgres-collation-found": "Urutan huruf sistem berubah sejak basis data dibuat.",
    "doctor-postgres-collation-remedy": (
        "REINDEX DATABASE, kemudian ALTER DATABASE ... REFRESH COLLATION VERSION"
    ),
    "doctor-postgres-fsync": "listrik padam merusak basis data",
    "doctor-postgres-fsync-found": "fsync tidak menyala.",
    "doctor-postgres-fsync-remedy": "atur fsync = on, dan jalankan ulang server",
    "doctor-postgres-pages": "listrik padam merusak halaman data",
    "doctor-postgres-pages-found": "full_page_writes tidak menyala.",
    "doctor-postgres-pages-remedy": "atur full_page_writes = on",
    "doctor-postgres-commit": "listrik padam menghilangkan pekerjaan yang sudah disimpan",
    "doctor-postgres-commit-found": "synchronous_commit tidak menyala.",
    "doctor-postgres-commit-remedy": "atur synchronous_commit = on untuk basis data dan perannya",
    "doctor-postgres-search": "PostgreSQL tidak dapat mencari",
    "doctor-postgres-search-found": "Ekstensi pg_trgm tidak ada dan tidak tersedia.",
    "doctor-postgres-search-remedy": "pasang postgresql-contrib",
    "doctor-postgres-plain": "basis data diakses lewat jalur terbuka",
    "doctor-postgres-plain-found": "Servernya komputer lain, dan sambungannya tidak dienkripsi.",
    "doctor-postgres-plain-remedy": "tambahkan sslmode=verify-full pada alamat, atau pakai terowongan",
    "doctor-hosts": "tidak ada nama yang dilayani",
    "doctor-hosts-found": "Portal menerima sambungan di {host}, dan PORTAL_HOSTS kosong.",
    "doctor-hosts-remedy": "atur PORTAL_HOSTS ke nama yang diketik orang, misalnya pintu.example.go.id",
    "doctor-http": "kata sandi lewat jalur terbuka",
    "doctor-http-found": (
        "Portal menerima sambungan http di {host}, dan tidak ada perantara https yang disebut."
    ),
    "doctor-http-remedy": (
        "terima sambungan di 127.0.0.1 di belakang Caddy atau nginx, atau sebut perantara di PORTAL_PROXIES"
    ),
    "doctor-proxies": "semua komputer dipercaya sebagai perantara",
    "doctor-proxies-found": "PORTAL_PROXIES berisi {names}; siapa pun dapat mengaku beralamat mana saja.",
    "doctor-proxies-remedy": "sebut satu alamat perantara, misalnya 127.0.0.1",
    "doctor-openapi": "daftar semua alamat terbuka",
    "doctor-openapi-found": "PORTAL_OPENAPI menyala, padahal itu untuk pengujian.",
    "doctor-openapi-remedy": "hapus dari unit",
    "doctor-trial": "pengaturan fatal tidak menghentikan portal",
    "doctor-trial-found": "PORTAL_DEMO menyala, padahal itu untuk percobaan dengan data rekaan.",
    "doctor-trial-remedy": "hapus dari unit sebuah kantor",
    "doctor-release-none": "belum ada yang diterapkan",
    "doctor-release-none-found": "Basis data belum berisi rilis.",
    "doctor-release-none-remedy": 'jalankan "portal apply"',
    "doctor-release-newer": "program lebih lama daripada datanya",
    "doctor-release-newer-found": "Program yang lebih baru menulis tabel atau rilisnya.",
    "doctor-release-newer-remedy": "pasang lagi versi yang lebih baru",
    "doctor-tables-pending": "pembaruan belum selesai",
    "doctor-tables-pending-found": "Tabel portal masih dari versi program yang lebih lama.",
    "doctor-tables-pending-remedy": 'buat cadangan, lalu jalankan "portal apply" atau portalnya',
    "doctor-drift": "basis data berbeda dari rilisnya",
    "doctor-drift-found": "Ada {count} perbedaan; ada yang mengubah tabel secara langsung.",
    "doctor-drift-remedy": '"portal drift" menyebut satu per satu',
    "doctor-chain": "rantai peristiwa putus",
    "doctor-chain-found": (
        "Peristiwa {event} tidak cocok dengan yang sebelumnya: diubah, dihapus, atau disisipkan."
    ),
    "doctor-chain-remedy": "jangan mengubah apa pun, buat cadangan, dan ikuti buku panduan tentang kebocoran",
    "doctor-holidays": "hari libur tahun depan belum ada",
    "doctor-holidays-found": "Belum ada hari libur {year}, jadi batas waktu akan keliru.",
    "doctor-holidays-remedy": "tulis di schema/office.yaml dari SKB tiga menteri, lalu terapkan",
    "doctor-letters-style": "surat tidak memiliki lembar gaya",
    "doctor-letters-style-found": "Rilis memiliki surat tetapi tidak memiliki letter.css.",
    "doctor-letters-style-remedy": 'kembalikan ke templates/letters, lalu jalankan "portal apply"',
    "doctor-demo-accounts": "akun contoh masih ada",
    "doctor-demo-accounts-found": "Kata sandi umum membuka: {names}.",
    "doctor-demo-accounts-remedy": (
        'tutup masing-masing dengan "portal user disable", atau mulai dengan basis data kosong'
    ),
    "doctor-accounts-idle": "akun yang tidak dipakai",
    "doctor-accounts-idle-found": "{count} akun tidak dipakai selama 90 hari.",
    "doctor-accounts-idle-remedy": 'tutup akun orang yang sudah pindah: "portal user list"',
    "doctor-no-manager": "tidak ada pengelola akun",
    "doctor-no-manager-found": "Tidak ada akun aktif dengan peran yang boleh mengelola akun.",
    "doctor-no-manager-remedy": 'tambahkan: "portal user add ... --role manager"',
    "doctor-roles-empty": "peran yang tidak dipegang siapa pun",
    "doctor-roles-empty-found": "Tidak ada pemegang: {names}. Tugasnya tidak dikerjakan.",
    "doctor-roles-empty-remedy": "berikan peran itu kepada orang, atau hapus dari roles.yaml",
    "doctor-single-factor": "kata sandi saja cukup untuk menerbitkan, mengekspor, atau mengelola akun",
    "doctor-single-factor-found": "Tanpa faktor kedua: {names} ({count}).",
    "doctor-single-factor-remedy": "minta mereka memasangnya di halaman akun",
    "doctor-backup-plain": "tidak ada cadangan terenkripsi",
    "doctor-backup-plain-found": "PORTAL_BACKUP_RECIPIENT belum diatur.",
    "doctor-backup-plain-remedy": 'jalankan "portal backup keygen", dan tulis kunci publik di unit',
    "doctor-backup-recipient": "kunci publik cadangan salah",
    "doctor-backup-recipient-found": "PORTAL_BACKUP_RECIPIENT bukan kunci publik.",
    "doctor-backup-recipient-remedy": "salin seluruh kata yang diawali age1",
    "doctor-backup-old": "tidak ada cadangan baru",
    "doctor-backup-old-found": "Yang terakhir bertanggal {at}; seharusnya ada dalam {days} hari.",
    "doctor-backup-old-remedy": 'jalankan "portal backup", dan periksa jadwalnya: systemctl list-timers',
    "doctor-backup-same-disk": "cadangan di diska yang sama dengan basis data",
    "doctor-backup-same-disk-found": "Satu diska rusak menghilangkan keduanya.",
    "doctor-backup-same-disk-remedy": (
        "atur PORTAL_BACKUP_FOLDER ke diska lain, dan salin juga ke tempat lain"
    ),
    "doctor-backup-copies": "salinan lama yang tidak terenkripsi",
    "doctor-backup-copies-found": "Tersimpan dari rilis lebih dari seminggu: {names} ({count}).",
    "doctor-backup-copies-remedy": "hapus setelah rilis terbukti baik; isinya ada juga di cadangan",
    "doctor-backup-extra": "berkas yang harus dicadangkan tidak ada",
    "doctor-backup-extra-found": "Tidak ada: {names}.",
    "doctor-backup-extra-remedy": "perbaiki PORTAL_BACKUP_EXTRA atau PORTAL_SECRET_FILE",
    "doctor-drill-old": "pemulihan belum dilatih",
    "doctor-drill-old-found": "Latihan terakhir yang berhasil: {at}; seharusnya dalam {days} hari.",
    "doctor-drill-old-remedy": 'jalankan "portal restore BERKAS --key BERKAS --drill"',
    "doctor-signing-unset": "surat menunggu tanda tangan elektronik yang belum dipasang",
    "doctor-signing-unset-found": "Surat meminta cara ini di letters.yaml, tetapi belum diatur: {names}.",
    "doctor-signing-unset-remedy": (
        "atur seperti docs/how-to/sign-with-a-certificate.md, atau tulis signing: pen"
    ),
    "doctor-signing-open": "berkas tanda tangan dapat dibaca semua orang",
    "doctor-signing-open-found": "Terbaca oleh semua orang di mesin ini, berkas dari: {names}.",
    "doctor-signing-open-remedy": "chmod 600 berkas itu; pemiliknya pengguna portal",
    "doctor-certificate-unreadable": "sertifikat kantor tidak dapat dibaca",
    "doctor-certificate-unreadable-found": (
        "Berkas PORTAL_CERTIFICATE_FILE tidak ada, tidak boleh dibaca portal, atau bukan PKCS#12."
    ),
    "doctor-certificate-unreadable-remedy": (
        "perbaiki alamat dan hak bacanya, atau salin lagi berkas .p12 dari penerbitnya"
    ),
    "doctor-certificate-key": "kunci sertifikat kantor tidak cocok",
    "doctor-certificate-key-found": (
        "Berkas PORTAL_CERTIFICATE_FILE tidak memuat kunci, atau kuncinya milik sertifikat lain daripada .crt di sampingnya."
    ),
    "doctor-certificate-key-remedy": (
        "ekspor lagi sertifikat beserta kunci pribadinya, lalu buat .crt dari berkas itu"
    ),
    "doctor-certificate-hidden": "masa berlaku sertifikat kantor tidak terlihat",
    "doctor-certificate-hidden-found": (
        "Sertifikat terkunci frasa sandi, sehingga akhir masa berlakunya tidak dapat diperingatkan."
    ),
    "doctor-certificate-hidden-remedy": (
        "simpan sertifikatnya saja di samping berkas itu dengan akhiran .crt, seperti docs/how-to/sign-with-a-certificate.md"
    ),
    "doctor-certificate-over": "sertifikat kantor tidak berlaku hari ini",
    "doctor-certificate-over-found": (
        "Sertifikat berlaku {since} sampai dengan {until}; surat tidak dapat ditandatangani dengannya."
    ),
    "doctor-certificate-over-remedy": "mintalah sertifikat baru, lalu ganti berkasnya dan .crt di sampingnya",
    "doctor-certificate-ending": "sertifikat kantor segera berakhir",
    "doctor-certificate-ending-found": (
        "Sertifikat berlaku sampai dengan {until}, kurang dari {days} hari lagi."
    ),
    "doctor-certificate-ending-remedy": (
        "mintalah sertifikat baru sekarang; surat yang sudah ditandatangani tetap seperti adanya"
    ),
    "doctor-bsre-half": "layanan BSrE diatur setengah",
    "doctor-bsre-half-found": "Belum diatur atau tidak dapat dipakai: {names}.",
    "doctor-bsre-half-remedy": "lengkapi semuanya, atau hapus semua PORTAL_BSRE_... dari unit",
    "doctor-bsre-plain": "frasa sandi pejabat lewat sambungan terbuka",
    "doctor-bsre-plain-found": "Layanan BSrE ada di mesin lain dan ditanya lewat http.",
    "doctor-bsre-plain-remedy": "pakai https, terowongan, atau jalankan layanannya di mesin ini",
}
