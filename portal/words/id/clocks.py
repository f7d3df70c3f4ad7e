"""Indonesian sentences of one part of the portal: clocks, pauses and notices."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "due-day-named": "hari {number}: {day} ({name})",
    "due-hours-named": "{day}: {counted} ({name})",
    "due-skipped-pause": "{day} dilewati: waktu dijeda ({name})",
    "due-paused": "{day}: {counted} tidak dihitung: waktu dijeda ({name})",
    "due-paused-clock": "sejak {moment}: {number} menit tidak dihitung karena waktu dijeda ({name})",
    "due-cut-off": "diterima setelah pukul {clock}: dianggap diterima {day}",
    "due-cut-off-day-off": "diterima bukan pada hari kerja: dianggap diterima {day}",
    "due-year-unknown": "hari libur {number} belum ditetapkan: tanggal ini dapat berubah",
    "due-window": "jendela tanggal {number}: {day}",
}
