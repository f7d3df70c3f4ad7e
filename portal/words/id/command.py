"""Indonesian sentences of one part of the portal: command."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # headings and mistakes of the command line itself
    "usage-prefix": "pemakaian: ",
    "usage-commands": "perintah",
    "usage-command": "PERINTAH",
    "usage-arguments": "argumen",
    "usage-options": "opsi",
    "usage-general": "opsi umum",
    "usage-help": "tampilkan bantuan ini, lalu selesai",
    "usage-schema": "folder YAML (PORTAL_SCHEMA; bila tidak diisi: schema)",
    "usage-database": "alamat basis data (PORTAL_DATABASE_URL; bila tidak diisi: sqlite:///var/portal.db)",
    "usage-by": "nama yang dicatat di samping nama login mesin, bila satu login dipakai bersama",
    "usage-language": "bahasa keluaran (PORTAL_LANGUAGE; bila tidak diisi: id)",
    "usage-missing": "belum diisi: {names}",
    "usage-one-of": "isi salah satu: {names}",
    "usage-value-missing": "nilainya belum diisi",
    "usage-value-extra": "terlalu banyak nilai",
    "usage-exclusive": "tidak dapat dipakai bersama {other}",
    "usage-not-whole": '"{value}" bukan bilangan bulat',
    "usage-value": '"{value}" tidak dapat dipakai',
    "usage-unknown": "tidak dikenal: {names}",
    "usage-choice": '"{value}" tidak ada; {maybe}pilihannya: {known}',
    "usage-port": '"{value}" bukan nomor port; tulis angka 0 sampai 65535',
    "usage-count": '"{value}" bukan jumlah; tulis angka 1 sampai {most}',
    "usage-not-moment": '"{value}" bukan waktu; tulis misalnya 2026-11-02T09:12',
    "usage-login": '"{value}" bukan nama akun; tulis tanpa spasi, paling panjang 80 huruf',
    "usage-label": "nama belum diisi, atau lebih dari 120 huruf",
    "usage-grant": (
        '"{value}" bukan peran; tulis PERAN atau PERAN@WILAYAH, misalnya front-office@18.10.03.2007'
    ),
    "usage-case-or-example": "isi nomor kasus atau --example, salah satu saja",
    # help
    "help-portal": "Satu Pintu: portal layanan rujukan kesejahteraan sosial yang mengikuti YAML.",
    "help-json": "tulis hasilnya sebagai JSON",
    "help-check": "periksa YAML dan surat, dan sebutkan semua kesalahannya",
    "help-check-more": (
        "Memeriksa semua berkas YAML dan surat, lalu menyebutkan setiap kesalahan beserta tempat dan "
        "sarannya. Tidak memerlukan basis data. Kode keluar: 0 tidak ada galat (peringatan boleh ada), 1 "
        "ada galat, 2 folder tidak terbaca."
    ),
    "help-schema": "uraian bahasa YAML untuk editor",
    "help-schema-json": "tulis JSON Schema dari bahasa YAML",
    "help-plan": "tampilkan apa yang akan berubah bila YAML diterapkan",
    "help-plan-more": (
        "Membandingkan YAML dan surat dengan rilis terakhir; tidak mengubah apa pun. Kode keluar: 0 tidak "
        "ada perubahan, 1 YAML masih salah, 2 ada perubahan, 3 ada yang belum dapat diterapkan, 64 salah "
        "ketik."
    ),
    "help-apply": "terapkan YAML sebagai rilis berikutnya",
    "help-apply-more": (
        "Memeriksa YAML dan surat, lalu menerapkannya sebagai rilis berikutnya dalam satu transaksi. Kode "
        "keluar: 0 berhasil, 1 YAML masih salah, 3 ada yang belum dapat diterapkan, 4 rencana sudah "
        "kedaluwarsa."
    ),
    "help-apply-digest": (
        "sidik rencana dari portal plan; bila keadaannya sudah lain, tidak ada yang diterapkan"
    ),
    "help-apply-reason": "alasan perubahan, dicatat pada rilis",
    "help-prune": "hapus kolom isian yang ditarik untuk seterusnya",
    "help-prune-more": (
        "Tanpa --confirm hanya menampilkan kolom yang ditarik dengan jumlah baris dan bita. Kode keluar: 0 selesai, 3 kolom harus tetap ada."
    ),
    "help-prune-confirm": "nama kolom seperti di daftar, untuk menghapusnya beserta nilainya",
    "help-serve": "jalankan portal",
    "help-serve-more": (
        "Menjalankan portal menurut rilis terakhir. Log di layar hanya memuat waktu, metode, alamat "
        "halaman tanpa isi pencarian, dan status."
    ),
    "help-serve-host": "alamat tempat portal menunggu (bila tidak diisi: {host}, hanya komputer ini)",
    "help-serve-port": "nomor port (bila tidak diisi: {port})",
    "help-demo": "siapkan kantor contoh beserta akun dan kasusnya, lalu jalankan",
    "help-demo-more": (
        "Menerapkan kantor contoh, membuat tujuh akun dan tiga belas kasus, lalu menjalankan portal. Bila "
        "dijalankan lagi, yang sudah ada tetap dipakai. PORTAL_DEMO_PASSWORD menentukan sandi semua akun "
        "contoh."
    ),
    "help-demo-no-serve": "siapkan saja, jangan jalankan",
    "help-letter": "cetak surat: yang sudah terbit, konsep, atau contoh",
    "help-letter-more": (
        "Dengan nomor kasus: surat yang sudah terbit disalin dari arsip; yang belum terbit dicetak sebagai "
        "konsep tanpa nomor. Dengan --example: surat berisi data karangan menurut YAML dan templat di "
        "folder, tanpa basis data. `letter verify FILE` memeriksa pernyataan bertanda dalam PDF atau teks tanpa "
        "internet; `letter keys` menampilkan kunci publiknya, `letter checker` membuat laman pemeriksanya."
    ),
    "help-letter-name": "kode jenis surat dalam YAML, misalnya referral; atau verify, keys, checker",
    "help-letter-case": "nomor kasus; bagi verify: berkas yang diperiksa",
    "help-letter-example": "pakai data karangan",
    "help-letter-worst": "pakai data karangan yang serba panjang: nama, keluarga, berkas, uraian",
    "help-letter-missing": "pakai data karangan tanpa isian yang tidak wajib",
    "help-letter-open": "buka hasilnya dengan penampil berkas",
    "help-letter-file": "berkas hasil (bila tidak diisi: NAME.pdf di folder ini; - untuk keluaran standar)",
    "help-letter-html": "tulis HTML, bukan PDF",
    "help-user": "kelola akun petugas",
    "help-user-add": "buat akun",
    "help-user-add-more": (
        "Membuat akun. Sandi diketik dua kali tanpa tampak, atau dibaca dari baris pertama masukan standar."
    ),
    "help-user-list": "tampilkan semua akun",
    "help-user-passwd": "ganti sandi sebuah akun",
    "help-user-passwd-more": (
        "Mengganti sandi dan mengakhiri semua sesi akun itu. Sandi diketik dua kali tanpa tampak, atau "
        "dibaca dari baris pertama masukan standar."
    ),
    "help-user-disable": "tutup sebuah akun",
    "help-user-login": "nama untuk masuk",
    "help-user-label": "nama petugas seperti tampak di layar",
    "help-user-role": (
        "peran dan wilayahnya, misalnya front-office@18.10.03.2007; tanpa wilayah berarti seluruh wilayah; "
        "dapat ditulis beberapa kali"
    ),
    "help-seed": "isi basis data dengan warga dan kasus karangan",
    "help-seed-more": (
        "Mengisi basis data dengan warga dan kasus karangan untuk mengukur kecepatan; hasilnya selalu "
        "sama. Jangan dipakai pada basis data kantor."
    ),
    "help-seed-cases": "jumlah kasus",
    "help-deadline": "hitung batas waktu menurut kalender kantor",
    "help-deadline-from": "saat diterima, misalnya 2026-11-02T09:12; tanpa zona waktu berarti waktu kantor",
    "help-deadline-within": 'batas waktu, misalnya "3 working days", "4 working hours", "3 days", "24 hours"',
    "help-deadline-explain": "sebutkan hari demi hari mengapa begitu; dengan nomor kasus: semua waktu kasus itu",
    "help-eligible": "perkirakan kelayakan suatu program dari data dalam berkas",
    "help-eligible-more": (
        "Membandingkan data dalam berkas dengan ketentuan program dalam YAML. Hasilnya petunjuk, bukan "
        "keputusan; tidak ada yang disimpan."
    ),
    "help-eligible-program": "kode program dalam YAML, misalnya pbi-jk",
    "help-eligible-data": "berkas YAML atau JSON, misalnya berisi registry: dan di bawahnya decile: 3",
    # going on
    "command-checking": "Memeriksa YAML dan surat ...",
    "command-planning": "Membandingkan dengan rilis terakhir ...",
    "command-applying": "Menerapkan ...",
    "command-printing": "Mencetak surat {letter} ...",
    "command-demo-making": "Menyiapkan kantor contoh ...",
    "command-seeding": "Membuat data karangan ...",
    # done
    "command-letter-issued": "Surat {letter} kasus {case} nomor {number} disalin dari arsip ke {file}.",
    "command-letter-unnumbered": "Surat {letter} kasus {case} disalin dari arsip ke {file}.",
    "command-letter-draft": "Konsep surat {letter} kasus {case} ditulis ke {file}; belum bernomor.",
    "command-letter-not-opened": "Penampil berkas tidak dapat dibuka. Bukalah sendiri: {file}",
    "command-letter-example": "Contoh surat {letter} dengan data karangan ditulis ke {file}.",
    "command-password": "Sandi:",
    "command-password-again": "Ulangi sandi:",
    "command-user-added": 'Akun "{login}" dibuat.',
    "command-user-password-set": 'Sandi akun "{login}" diganti; semua sesinya berakhir.',
    "command-user-closed": 'Akun "{login}" ditutup; semua sesinya berakhir.',
    "command-user-none": 'Belum ada akun. Buat yang pertama dengan "portal user add".',
    "command-user-login": "AKUN",
    "command-user-label": "NAMA",
    "command-user-roles": "PERAN",
    "command-user-state": "KEADAAN",
    "command-user-active": "aktif",
    "command-user-disabled": "ditutup",
    "command-demo-login": "AKUN",
    "command-demo-password": "SANDI",
    "command-demo-label": "NAMA",
    "command-serving": "Portal berjalan di {address} (hentikan dengan Ctrl-C).",
    "command-served": "Portal berhenti.",
    "command-seeded": "{residents} warga dan {cases} kasus karangan ditambahkan.",
    # in a made-up letter
    "letter-example-name": "Contoh",
    "letter-example-description": (
        "Data karangan untuk melihat bentuk surat; tidak ada warga atau kasus di baliknya."
    ),
    # what ends a command
    "command-stopped": "Dihentikan.",
    "command-unexpected": "terjadi kesalahan yang tidak terduga, nomor {number}",
    "command-unexpected-hint": (
        "jalankan lagi dengan PORTAL_DEBUG=1, lalu sampaikan nomor dan keluarannya kepada pengembang"
    ),
    "command-language-unknown": 'bahasa "{name}" tidak ada',
    "command-language-unknown-hint": "isi PORTAL_LANGUAGE dengan salah satu: {known}",
    "command-mistakes": "YAML atau surat masih mengandung galat; tidak ada yang dikerjakan",
    "command-mistakes-hint": 'perbaiki galat di atas; "portal check" menampilkannya lagi',
    "command-file": '"{file}" tidak dapat dipakai: {reason}',
    "command-file-hint": "periksa nama berkas, foldernya, dan izin aksesnya",
    "command-file-not-text": '"{file}" bukan teks UTF-8',
    "command-file-not-text-hint": "simpan ulang berkas itu dengan penyandian UTF-8",
    "command-system": "sistem tidak mengizinkan: {reason}",
    "command-system-hint": "periksa ruang cakram dan izin akses",
    "command-library": "pustaka sistem belum ada: {library}",
    "command-library-hint": (
        "pasang dengan: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    ),
    "command-database": "basis data tidak dapat dipakai: {reason}",
    "command-database-hint": (
        "periksa --database atau PORTAL_DATABASE_URL, dan pastikan basis datanya berjalan"
    ),
    "command-database-malformed": "alamat basis data tidak dikenal",
    "command-database-malformed-hint": (
        "tulis misalnya sqlite:///var/portal.db atau postgresql://pengguna@server/portal"
    ),
    "command-no-release": "belum ada rilis di {database}",
    "command-no-release-hint": (
        'jalankan "portal apply" untuk menerapkan YAML, atau "portal demo" untuk mencoba'
    ),
    "command-port": "{host} port {port} tidak dapat dipakai: {reason}",
    "command-port-hint": "pilih port lain, misalnya --port {other}, atau periksa --host",
    "command-serve-failed": "portal tidak dapat dimulai",
    "command-serve-failed-hint": "baca keterangan di atas",
    "command-demo-broken": "kasus contoh tidak cocok dengan YAML: {story}",
    "command-demo-broken-hint": "kantor contoh memerlukan folder schema bawaan portal",
    "command-office": 'jam kerja kantor tidak terbaca di folder "{folder}"',
    "command-office-hint": 'jalankan "portal check", lalu perbaiki bagian office',
    "command-case-unknown": 'kasus "{case}" tidak ada',
    "command-case-unknown-hint": "salin nomornya dari halaman kasus, lengkap dengan awalannya",
    "command-letter-unknown": 'jenis surat "{name}" tidak ada',
    "command-letter-unknown-hint": "{maybe}yang ada: {known}",
    "command-program-unknown": 'program "{name}" tidak ada',
    "command-program-unknown-hint": "{maybe}yang ada: {known}",
    "command-role-unknown": 'peran "{name}" tidak ada pada rilis terakhir',
    "command-role-unknown-hint": "{maybe}yang ada: {known}",
    "command-area-unknown": 'wilayah "{name}" tidak ada pada rilis terakhir',
    "command-area-unknown-hint": "{maybe}tulis kode wilayah dari areas.csv, misalnya 18.10.03.2007",
    "command-login-unknown": 'akun "{name}" tidak ada',
    "command-login-unknown-hint": '{maybe}"portal user list" menampilkan semua akun',
    "command-login-taken": 'akun "{login}" sudah ada',
    "command-login-taken-hint": 'pilih nama lain, atau ganti sandinya dengan "portal user passwd {login}"',
    "command-password-weak": "sandi ditolak: {why}",
    "command-password-weak-hint": "pakai beberapa kata yang hanya Anda ketahui, misalnya empat kata yang tidak berhubungan",
    "command-password-differs": "kedua sandi tidak sama",
    "command-password-differs-hint": "ulangi perintahnya, lalu ketik sandi yang sama dua kali",
    "command-data-not-mapping": '"{file}" tidak berisi nilai bernama',
    "command-data-not-mapping-hint": 'tulis misalnya "registry:" dan di bawahnya "decile: 3"',
    "command-data-json": '"{file}" bukan JSON yang benar pada baris {line}, kolom {column}',
    "command-data-json-hint": "periksa koma, kurung, dan tanda kutip di sekitarnya",
    "command-data-yaml": '"{file}" tidak terbaca sebagai YAML',
    "command-data-yaml-hint": "perbaiki galat di atas",
    # what the system says, by its code
    "system-enoent": "tidak ada",
    "system-eacces": "tidak ada izin",
    "system-eperm": "tidak ada izin",
    "system-eisdir": "itu folder, bukan berkas",
    "system-enotdir": "bagian depannya bukan folder",
    "system-enospc": "cakram penuh",
    "system-erofs": "hanya dapat dibaca",
    "system-enametoolong": "namanya terlalu panjang",
    "system-eaddrinuse": "sedang dipakai program lain",
    "system-eaddrnotavail": "bukan alamat komputer ini",
    "demo-schema": "Menerapkan kantor contoh",
    "command-demo-where": "Ketiga belas kasus contoh terlihat oleh secretariat dan manager; akun desa melihat Desa Margodadi saja.",
}
