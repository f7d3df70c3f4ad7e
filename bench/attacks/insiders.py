"""Officers of elsewhere, district staff and nobody at notes, photos, referrals, clocks, twins, drafts and the field."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing

import httpx2

from attacks.base import GONE, HOME, Row, World, hidden
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
    yield from _oracles(world, secrets)
    yield from _doors(world, secrets)
    yield from _drafts(world)
    yield from _field(world, secrets)


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
                "clauses": "[]",
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


def _key(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:24]


def _sent(world: World, who: httpx2.Client, path: str, said: Mapping[str, str], seed: str) -> httpx2.Response:
    data = {**said, "key": _key(f"{path} {seed}")}
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
        answer = _sent(world, world.as_(login), path, said, login)
        yield world.row("insiders", f"{login} {name} there", answer, REFUSED, hides=secrets)
    yield _unchanged(world, f"{login} has changed nothing there", before)


def _unchanged(world: World, name: str, before: dict[str, object]) -> Row:
    after = world.truth.digest()
    changed = [each for each in before if before[each] != after[each] and each not in LOOKED]
    seen = ", ".join(changed) or "nothing"
    return Row(group="insiders", name=name, expected="nothing", seen=seen, closed=not changed)


def _without_right(world: World, forms: Mapping[str, tuple[str, dict[str, str]]]) -> Iterator[Row]:
    world.as_("district-staff")
    before = world.truth.digest()
    for name, (path, said) in forms.items():
        answer = _sent(world, world.as_("district-staff"), path, said, "district")
        yield world.row("insiders", f"district-staff, who only reads, {name}", answer, REFUSED)
    yield _unchanged(world, "district-staff has changed nothing", before)


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
        answer = _sent(world, world.fresh(), path, said, "nobody")
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
                _sent(world, world.as_(login), each, said, f"alike {login}")
                for each in (path, _missing(path))
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
        answer = _sent(world, world.as_(login), "/tugas/bagi", said, login)
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
        answer = _sent(world, world.as_(login), f"/kasus/{own}/waktu/jeda", said, login)
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
        for path in ("/kasus/ekspor/csv", "/tugas/ekspor/csv", "/rujukan/ekspor/csv", "/ekspor/cases/csv"):
            answer = world.post(login, path, {"reason": "uji keamanan"})
            yield world.row(
                "insiders",
                f"{login} exports by {path}",
                answer,
                (200, 400, 403, 404, 405, 422),
                hides=secrets,
            )


def _oracles(world: World, secrets: tuple[str, ...]) -> Iterator[Row]:
    """The live parts of a new complaint tell of a foreign number what they tell of one that nobody has."""
    it, path = foreign(world), "/aduan/baru/periksa"
    card = str(world.truth.one("SELECT kk FROM record_household WHERE area <> ?", HOME))
    pairs = {
        "a NIK": ("nik", it.nik, f"{it.nik[:12]}9987"),
        "a family card": ("household-kk", card, f"{card[:12]}9987"),
        "a person": ("who", str(it.resident), str(MISSING)),
    }
    for name, (entry, known, unknown) in pairs.items():
        answers = []
        for value in (known, unknown):
            data = {"key": _key(value), "who": "new", entry: value}
            answers.append(world.post("front-office", path, data))
        told = [each.text.replace(known, "").replace(unknown, "") for each in answers]
        hides = tuple(each for each in secrets if each not in (known, unknown))
        yield world.row(
            "insiders",
            f"the hints tell of {name} elsewhere as of none",
            answers[0],
            (200,),
            hides=hides,
            also=told[0] == told[1],
        )
    for login in ("district-staff", "supervisor"):
        answer = world.post(login, path, {"key": "k" * 20, "who": "new", "nik": it.nik})
        hides = tuple(each for each in secrets if each != it.nik)
        yield world.row("insiders", f"{login} asks the hints for a NIK", answer, (200, 403), hides=hides)


def _doors(world: World, secrets: tuple[str, ...]) -> Iterator[Row]:
    """The pages without an account: codes and PINs that are guessed."""
    code, ticket = (
        str(world.truth.one(query))
        for query in (
            "SELECT page_code FROM referral WHERE page_code IS NOT NULL ORDER BY id DESC",
            "SELECT ticket_code FROM 'case' WHERE ticket_code IS NOT NULL ORDER BY id DESC",
        )
    )
    shown = [world.fresh().get(f"/rujukan/{each}") for each in (code, "AAAAA-BBBBB")]
    said = [each.text.replace(code, "N").replace("AAAAA-BBBBB", "N") for each in shown]
    yield world.row(
        "insiders",
        "a letter's page without PIN tells nothing",
        shown[0],
        (200,),
        hides=secrets,
        also=said[0] == said[1],
    )
    for name, path, made in (
        ("letter", "/rujukan/{}", lambda each, pin: {"pin": pin}),
        ("ticket", "/lacak", lambda each, pin: {"code": each, "pin": pin}),
    ):
        known = code if name == "letter" else ticket
        answers = []
        for each in (known, "AAAAA-BBBBB"):
            answers.append(
                world.fresh().post(path.format(each), data=made(each, "000000"), headers=world.own())
            )
        told = [each.text.replace(known, "N").replace("AAAAA-BBBBB", "N") for each in answers]
        yield world.row(
            "insiders",
            f"a wrong PIN of a {name} answers as an unknown code",
            answers[0],
            (400, 401, 403, 404, 422),
            hides=secrets,
            also=told[0] == told[1] and answers[0].status_code == answers[1].status_code,
        )
    for visit in ("", "x", "1.2.3", "A" * 200):
        data = {"key": _key(visit), "visit": visit, "act": "accept", "reason": "", "note": "x"}
        answer = world.fresh().post(f"/rujukan/{code}/jawab", data=data, headers=world.own())
        yield world.row(
            "insiders", f"an answer without the PIN ({visit[:5]})", answer, (400, 403), hides=secrets
        )
    for number in (foreign(world).number, foreign(world).nik, "%", "' OR 1=1 --"):
        answer = world.fresh().post("/lacak", data={"code": number, "pin": "123456"}, headers=world.own())
        hides = tuple(each for each in secrets if each != number)
        yield world.row(
            "insiders", "a ticket by number or words", answer, (400, 401, 403, 404, 422, 429), hides=hides
        )


def _drafts(world: World) -> Iterator[Row]:
    """A draft of the front office, asked for, overwritten and dropped by others."""
    form, key, words = "/data/resident/create", _key("draft of the front office"), "NAMA-KONSEP-RAHASIA"
    said = {"key": key, "page": form, "form": form, "title": "x", "fields": json.dumps([["name", words]])}
    answer = world.post("front-office", "/draf", said)
    mine = world.as_("front-office").get(f"{form}?draf={key}")
    yield world.row(
        "insiders",
        "a draft is its owner's",
        mine,
        (200,),
        also=words in mine.text and answer.status_code == 200,
    )
    was = world.truth.ask("SELECT * FROM draft WHERE key = ?", key)
    for login in ("back-office", "facilitator", "supervisor", "secretariat", "manager", "district-staff"):
        page = world.as_(login).get(f"{form}?draf={key}")
        yield world.row("insiders", f"{login} opens the draft of another", page, (200, 403), hides=(words,))
        other = json.dumps([["name", "DITIMPA"]])
        answer = world.post(login, "/draf", {**said, "fields": other})
        kept = world.truth.ask("SELECT * FROM draft WHERE key = ?", key) == was
        yield world.row(
            "insiders", f"{login} writes over it", answer, (200, 400, 403), hides=(words,), also=kept
        )
        answer = world.post(login, "/draf", {**said, "key": _key(login), "was": key, "fields": other})
        kept = world.truth.ask("SELECT * FROM draft WHERE key = ?", key) == was
        yield world.row("insiders", f"{login} puts one in its place", answer, (200, 400, 403), also=kept)
        answer = world.post(login, "/draf/hapus", {"key": key, "back": "/tugas"})
        kept = world.truth.ask("SELECT * FROM draft WHERE key = ?", key) == was
        yield world.row("insiders", f"{login} drops it", answer, (303, 400, 403, 404), also=kept)
    answer = world.post(
        "back-office", "/aduan/baru", {**hidden(world.as_("back-office").get("/tugas").text, "/"), "key": key}
    )
    kept = world.truth.ask("SELECT * FROM draft WHERE key = ?", key) == was
    yield world.row(
        "insiders", "back-office sends a form under its key", answer, (200, 400, 403, 422), also=kept
    )
    for page in ("https://jahat.example/", "//jahat.example", "/\\jahat.example", "javascript:alert(1)"):
        answer = world.post("front-office", "/draf", {**said, "key": _key(page), "page": page})
        yield world.row("insiders", f"a draft of {page}", answer, (400,))
    for fields in ("{", "[1]", '[["a"]]', '[["a",1]]', "null", json.dumps([["name", "x" * 70_000]])):
        answer = world.post("front-office", "/draf", {**said, "key": _key(fields), "fields": fields})
        yield world.row("insiders", f"a draft of broken entries {fields[:9]}", answer, (400, 413))
    answer = world.fresh().post("/draf", data=said, headers=world.own())
    yield world.row("insiders", "nobody keeps a draft", answer, (302, 303, 401, 403))


def _field(world: World, secrets: tuple[str, ...]) -> Iterator[Row]:
    """Records of the field: for people and places of others, under keys of others, and files that are two things."""
    it, path = foreign(world), "/lapangan/kirim"
    release = str(world.truth.one("SELECT max(id) FROM release"))
    program, complaint = "pbi-jk", "pbi-inactive"
    base = {
        "form": release,
        "taken": "2026-11-30T03:00:00+00:00",
        "program": program,
        "complaint": complaint,
        "description": "uji",
        "channel": "outreach",
        "priority": "normal",
    }
    before = world.truth.one("SELECT count(*) FROM 'case'")
    asked = {
        "for a foreign resident": {"who": str(it.resident), "where": HOME},
        "for a missing resident": {"who": str(MISSING), "where": HOME},
        "for a foreign village": {"who": "anonymous", "where": "32.02.16.2004"},
        "with another form": {"who": "anonymous", "where": HOME, "form": "999999999"},
        "with a strange entry": {"who": "anonymous", "where": HOME, "status": "closed"},
        "with a foreign NIK as a new one": {"who": "new", "nik": it.nik, "where": HOME},
    }
    told = {}
    for name, said in asked.items():
        answer = world.post("front-office", path, {**base, **said, "key": _key(name)})
        told[name] = answer
        same = world.truth.one("SELECT count(*) FROM 'case'") == before
        hides = tuple(each for each in secrets if each != it.nik)
        yield world.row("insiders", f"a record {name}", answer, (400, 403, 404, 422), hides=hides, also=same)
    answers = (told["for a foreign resident"], told["for a missing resident"])
    yield world.row(
        "insiders",
        "a record: foreign person as missing",
        answers[0],
        (400, 403, 404, 422),
        also=alike(*answers),
    )
    answer = world.post("front-office", path, {**base, "who": "anonymous", "where": HOME, "key": "f" * 24})
    yield world.row("insiders", "a record under the key of another", answer, (200, 400, 422), hides=secrets)
    for login in ("district-staff", "supervisor", "manager"):
        answer = world.post(login, path, {**base, "who": str(it.resident), "where": HOME, "key": _key(login)})
        yield world.row("insiders", f"{login} sends a record", answer, (400, 403, 404, 422))
    own = world.truth.one("SELECT id FROM 'case' WHERE area = ?", HOME)
    page = world.as_("facilitator").get(f"/kasus/{own}/catatan?jenis=visit")
    where = f"/kasus/{own}/catatan"
    said = hidden(page.text, where)
    visit = {
        **said,
        "kind": "visit",
        "text": "kunjungan",
        "audience": "internal",
        "day": "2026-11-30",
        "place": "x",
    }
    answer = world.post("facilitator", where, visit)
    made = answer.headers.get("location", "").split("?")[0]
    for name, sent, kind in (
        ("a picture that is a script", POLYGLOT, "image/gif"),
        ("a page", b"<html><script>alert(1)</script>", "image/jpeg"),
        (
            "a drawing with a script",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "image/svg+xml",
        ),
        ("nothing", b"", "image/jpeg"),
        (
            "a bomb",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x02\0\0\0",
            "image/png",
        ),
    ):
        answer = world.as_("facilitator").post(
            f"{made or where + '/1'}/foto",
            data={"key": _key(name)},
            files={"photo": ("../../x.jpg", sent, kind)},
            headers=world.own(),
        )
        none = world.truth.one("SELECT count(*) FROM photo WHERE case_id = ?", own) == 0
        yield world.row(
            "insiders", f"a photo that is {name}", answer, (400, 404, 413, 415, 422), also=none and bool(made)
        )
