"""Indonesian sentences of one part of the portal: fields."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "field-yes": "Ya",
    "field-no": "Tidak",
    "field-area-malformed": '"{text}" bukan kode wilayah; contoh: 18.10.03.2007',
    "field-choice-unknown": '"{text}" tidak ada dalam pilihan',
    "field-date-malformed": '"{text}" bukan tanggal; isi hari, bulan, dan tahun dengan angka',
    "field-date-none": "Tanggal {day}-{month}-{year} tidak ada dalam kalender",
    "field-date-year": 'Tahun pada "{text}" harus empat angka, dari 1890 sampai 2199',
    "field-digits-other": 'Nomor ini hanya berisi angka; "{character}" bukan angka',
    "field-kk-date": "Angka ke-7 sampai ke-12 nomor KK ({part}) bukan tanggal; periksa kembali kartunya",
    "field-kk-length": "Nomor KK terdiri dari 16 angka; yang Anda isi {count} angka",
    "field-link-malformed": "Pilih salah satu dari hasil pencarian",
    "field-money-large": "Jumlah uang terlalu besar; paling banyak seribu triliun rupiah",
    "field-money-malformed": '"{text}" bukan jumlah uang dalam rupiah penuh; contoh: 600.000',
    "field-nik-date": "Angka ke-7 sampai ke-12 NIK ({part}) bukan tanggal lahir; periksa kembali kartunya",
    "field-nik-length": "NIK terdiri dari 16 angka; yang Anda isi {count} angka",
    "field-nik-serial": "Empat angka terakhir NIK tidak mungkin 0000; periksa kembali kartunya",
    "field-number-decimals": 'Paling banyak {most} angka di belakang koma; Anda mengisi "{text}"',
    "field-number-malformed": '"{text}" bukan angka; contoh: 3 atau 1.250',
    "field-number-range": "Isi angka dari {low} sampai {high}",
    "field-number-whole": 'Isi bilangan bulat tanpa koma; "{text}" bukan bilangan bulat',
    "field-phone-malformed": '"{text}" bukan nomor telepon Indonesia; contoh: 0812-0000-9901',
    "field-required": "Isian ini wajib diisi",
    "field-text-long": "Isian ini {length} karakter; paling banyak {most}",
}
