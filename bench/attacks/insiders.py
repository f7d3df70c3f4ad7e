"""Officers of elsewhere, district staff and nobody at notes, photos, referrals, clocks, twins and lists."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing

import httpx2

from attacks.base import GONE, HOME, Row, World
from attacks.reads import MISSING, alike, foreign, secrets_of

VILLAGE = ("front-office", "back-office", "facilitator", "supervisor")
SECRET = "RAHASIA-CATATAN-KELUARGA-JAUH"
"""What stands in everything that is planted in another village."""
POLYGLOT = b"GIF89a/*<script>alert(1)</script><?php system('id'); ?>*/=1;"
REFUSED = (*GONE, 409, 422)
LOOKED = {"attempts", "chain_head", "sweep", "clock", "clock_level"}
"""What looking moves, or the portal by itself: throttles, the head of the chain of looks, the sweep."""


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    paths, forms = _plant(world)
    secrets = (SECRET, *secrets_of(world))
    for login in VILLAGE:
        yield from _foreign(world, login, paths, forms, secrets)
    yield from _without_right(world, forms)
    yield from _nobody(world, paths, forms, secrets)
    yield from _alike(world, paths, forms)
    yield from _mixed(world, paths, secrets)
    yield from _screens(world, secrets)


def _plant(world: World) -> tuple[dict[str, str], dict[str, tuple[str, dict[str, str]]]]:
    """Puts what the demonstration lacks into a case of another village; returns its addresses and forms."""
    it = foreign(world)
    at, case = "2026-11-20 03:00:00.000000", it.case
    (one, other), *_ = world.truth.ask(
        "SELECT a.id, b.id FROM record_resident a, record_resident b WHERE a.area <> ? AND b.id > a.id", HOME
    )
    release = world.truth.one("SELECT max(id) FROM release")
    with closing(sqlite3.connect(world.truth.file, timeout=20)) as line, line:

        def put(table: str, said: Mapping[str, object]) -> int:
            names, marks = ", ".join(f'"{each}"' for each in said), ", ".join("?" * len(said))
            done = line.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(said.values()))
            return int(done.lastrowid or 0)

        note = put(
            "note",
            {
                "case_id": case,
                "kind": "visit",
                "text": SECRET,
                "audience": "case",
                "day": "2026-11-20",
                "at": at,
                "author": 6,
            },
        )
        image = SECRET.encode()
        photo = put(
            "photo",
            {
                "case_id": case,
                "note_id": note,
                "at": at,
                "author": 6,
                "digest": hashlib.sha256(image).hexdigest(),
                "image": image,
            },
        )
        pause = put(
            "case_pause",
            {
                "case_id": case,
                "reason": "resident",
                "label": SECRET,
                "owner": "resident",
                "stops": "[]",
                "note": SECRET,
                "since": at,
                "started_by": 6,
            },
        )
        twin = put(
            "twin",
            {
                "resident_id": one,
                "other_id": other,
                "score": 90,
                "clauses": "0",
                "mark": "m" * 16,
                "status": "open",
                "found_at": at,
            },
        )
        merge = put("merge", {"stays_id": one, "gone_id": other, "made_at": at, "made_by": 6})
        record = put(
            "field_record",
            {
                "case_id": case,
                "key": "f" * 24,
                "release_id": release,
                "taken_at": at,
                "received_at": at,
                "received_by": 6,
                "differs": "",
                "known": 1,
            },
        )
    referral = int(str(world.truth.one("SELECT id FROM referral WHERE case_id = ?", case)))
    home = f"/kasus/{case}"
    paths = {
        "notes' form": f"{home}/catatan",
        "note": f"{home}/catatan/{note}",
        "photo": f"{home}/foto/{photo}",
        "clocks": f"{home}/waktu",
        "referral": f"{home}/rujukan/{referral}",
        "receipt": f"{home}/tanda-terima/a6",
        "receipt on a roll": f"{home}/tanda-terima/80mm",
        "who sees it": f"{home}/siapa",
        "twins": f"/warga/ganda/{twin}",
        "trail of a resident": f"/data/resident/{it.resident}/jejak",
        "trail as a file": f"/data/resident/{it.resident}/jejak.pdf",
    }
    why = "uji keamanan dari luar"
    forms: dict[str, tuple[str, dict[str, str]]] = {
        "writes a note": (f"{home}/catatan", {"kind": "note", "text": "x", "audience": "case"}),
        "withdraws a note": (f"{home}/catatan/{note}/tarik", {"reason": why}),
        "sends a photo": (f"{home}/catatan/{note}/foto", {}),
        "pauses": (f"{home}/waktu/jeda", {"version": "1", "reason": "resident", "task": "", "note": why}),
        "ends a pause": (f"{home}/waktu/jeda/{pause}/selesai", {"version": "1"}),
        "answers a referral": (f"{home}/rujukan/{referral}", {"version": "2", "act": "accept"}),
        "makes a PIN of a letter": (f"{home}/rujukan/{referral}/pin", {}),
        "makes a ticket": (f"{home}/tiket", {}),
        "takes a task": (f"{home}/tugas/{it.task}", {"version": "1", "account": "me"}),
        "frees a task": (f"{home}/tugas/{it.task}", {"version": "1", "account": ""}),
        "reopens a case": (f"{home}/buka", {"reason": why}),
        "checks a record of the field": (f"/lapangan/periksa/{record}", {}),
        "decides on twins": (
            f"/warga/ganda/{twin}/putuskan",
            {"mark": "m" * 16, "verdict": "different", "reason": why},
        ),
        "merges": (
            f"/warga/ganda/{twin}/gabung",
            {"stays": str(one), "version-stays": "1", "version-gone": "1", "reason": why},
        ),
        "takes a merge apart": (f"/warga/gabungan/{merge}/pisah", {}),
    }
    return paths, forms


def key_of(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:24]


def sent(world: World, who: httpx2.Client, path: str, said: Mapping[str, str], seed: str) -> httpx2.Response:
    data = {**said, "key": key_of(f"{path} {seed}")}
    return who.post(path, data=data, headers=world.own())


def _foreign(
    world: World,
    login: str,
    paths: Mapping[str, str],
    forms: Mapping[str, tuple[str, dict[str, str]]],
    secrets: tuple[str, ...],
) -> Iterator[Row]:
    world.as_(login)  # logging in is an event of its own
    before = world.truth.digest()
    for name, path in paths.items():
        answer = world.as_(login).get(path)
        yield world.row(
            "insiders", f"{login} opens another village's {name}", answer, (403, 404), hides=secrets
        )
    for name, (path, said) in forms.items():
        answer = sent(world, world.as_(login), path, said, login)
        yield world.row("insiders", f"{login} {name} there", answer, REFUSED, hides=secrets)
    yield unchanged(world, f"{login} has changed nothing there", before)


def unchanged(world: World, name: str, before: dict[str, object]) -> Row:
    after = world.truth.digest()
    changed = [each for each in before if before[each] != after[each] and each not in LOOKED]
    seen = ", ".join(changed) or "nothing"
    return Row(group="insiders", name=name, expected="nothing", seen=seen, closed=not changed)


def _without_right(world: World, forms: Mapping[str, tuple[str, dict[str, str]]]) -> Iterator[Row]:
    world.as_("district-staff")
    before = world.truth.digest()
    for name, (path, said) in forms.items():
        answer = sent(world, world.as_("district-staff"), path, said, "district")
        yield world.row("insiders", f"district-staff, who only reads, {name}", answer, REFUSED)
    yield unchanged(world, "district-staff has changed nothing", before)


def _nobody(
    world: World,
    paths: Mapping[str, str],
    forms: Mapping[str, tuple[str, dict[str, str]]],
    secrets: tuple[str, ...],
) -> Iterator[Row]:
    for name, path in {**paths, "team": "/tim", "field": "/lapangan", "division": "/tugas/bagi"}.items():
        answer = world.fresh().get(path)
        away = answer.headers.get("location", "/masuk").startswith("/masuk")
        yield world.row(
            "insiders", f"nobody opens {name}", answer, (302, 303, *GONE, 401), hides=secrets, also=away
        )
    for name, (path, said) in forms.items():
        answer = sent(world, world.fresh(), path, said, "nobody")
        yield world.row("insiders", f"nobody {name}", answer, (302, 303, *GONE, 401), hides=secrets)


def _alike(
    world: World, paths: Mapping[str, str], forms: Mapping[str, tuple[str, dict[str, str]]]
) -> Iterator[Row]:
    """What is foreign answers as what is missing."""
    for login in ("front-office", "supervisor"):
        for name, path in paths.items():
            pair = [world.as_(login).get(each) for each in (path, _missing(path))]
            yield world.row(
                "insiders", f"{login}, {name}: foreign as missing", pair[0], (403, 404), also=alike(*pair)
            )
        for name, (path, said) in forms.items():
            pair = [
                sent(world, world.as_(login), each, said, f"alike {login}") for each in (path, _missing(path))
            ]
            yield world.row(
                "insiders", f"{login} {name}: foreign as missing", pair[0], REFUSED, also=alike(*pair)
            )


def _missing(path: str) -> str:
    return "/".join(str(MISSING) if part.isdigit() else part for part in path.split("/"))


def _mixed(world: World, paths: Mapping[str, str], secrets: tuple[str, ...]) -> Iterator[Row]:
    """What belongs to a foreign case, asked for below a case of one's own."""
    own = world.truth.one("SELECT id FROM 'case' WHERE area = ?", HOME)
    for login in VILLAGE:
        for name in ("note", "photo", "referral"):
            kind, key = paths[name].split("/")[3:5]
            answer = world.as_(login).get(f"/kasus/{own}/{kind}/{key}")
            yield world.row(
                "insiders", f"{login}: a foreign {name} under an own case", answer, (403, 404), hides=secrets
            )
    task, version = world.truth.ask("SELECT id, version FROM task WHERE area <> ? AND status = 'open'", HOME)[
        0
    ]
    for login in ("supervisor", "front-office"):
        said = {"tugas": f"{task}.{version}", "account": "me", "pemegang": ""}
        answer = sent(world, world.as_(login), "/tugas/bagi", said, login)
        held = world.truth.one("SELECT assigned_to FROM task WHERE id = ?", task)
        report = world.as_(login).get(answer.headers.get("location", "/tugas/bagi"))
        yield world.row(
            "insiders",
            f"{login} divides a foreign task",
            report,
            (200, 403),
            hides=secrets,
            also=held is None,
        )
        said = {"version": "1", "reason": "resident", "task": str(task), "note": "x"}
        answer = sent(world, world.as_(login), f"/kasus/{own}/waktu/jeda", said, login)
        yield world.row(
            "insiders", f"{login} pauses a foreign task in an own case", answer, REFUSED, hides=secrets
        )


def _screens(world: World, secrets: tuple[str, ...]) -> Iterator[Row]:
    """Lists and what narrows them."""
    for login in VILLAGE:
        for path in (
            "/tim",
            "/tugas/bagi",
            "/tugas/bagi?pemegang=akun-6",
            "/tugas/bagi?pemegang=held",
            "/tugas?wilayah=32.02.16.2004",
            "/tugas?wilayah=32.02",
            "/tugas?wilayah=99.99",
            "/tugas?muat=1000",
            "/kasus",
            "/rujukan",
            "/lapangan",
            "/lapangan/periksa",
            "/warga/ganda",
            "/warga/ganda?mulai=1",
            "/hapus",
            "/insiden",
        ):
            answer = world.as_(login).get(path)
            yield world.row("insiders", f"{login}: {path}", answer, (200, 400, 403, 404), hides=secrets)
        for path in ("/unduh/kasus/csv", "/unduh/tugas/csv", "/unduh/surat/csv", "/data/visit/export/csv"):
            answer = world.post(login, path, {"reason": "uji keamanan"})
            yield world.row(
                "insiders",
                f"{login} exports by {path}",
                answer,
                (200, 400, 403, 404, 405, 422),
                hides=secrets,
            )
