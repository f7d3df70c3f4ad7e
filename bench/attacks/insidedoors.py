"""What answers without a right to ask: hints, pages behind a PIN, others' drafts, the field."""

from __future__ import annotations

import json
from collections.abc import Iterator

from attacks.base import HOME, Row, World, hidden
from attacks.insiders import POLYGLOT, key_of
from attacks.reads import MISSING, alike, foreign, secrets_of


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    secrets = secrets_of(world)
    yield from _oracles(world, secrets)
    yield from _doors(world, secrets)
    yield from _drafts(world)
    yield from _field(world, secrets)


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
            data = {"key": key_of(value), "who": "new", entry: value}
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
        data = {"key": key_of(visit), "visit": visit, "act": "accept", "reason": "", "note": "x"}
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
    form, key, words = "/data/resident/create", key_of("draft of the front office"), "NAMA-KONSEP-RAHASIA"
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
        answer = world.post(login, "/draf", {**said, "key": key_of(login), "was": key, "fields": other})
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
        answer = world.post("front-office", "/draf", {**said, "key": key_of(page), "page": page})
        yield world.row("insiders", f"a draft of {page}", answer, (400,))
    for fields in ("{", "[1]", '[["a"]]', '[["a",1]]', "null", json.dumps([["name", "x" * 70_000]])):
        answer = world.post("front-office", "/draf", {**said, "key": key_of(fields), "fields": fields})
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
        answer = world.post("front-office", path, {**base, **said, "key": key_of(name)})
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
        answer = world.post(
            login, path, {**base, "who": str(it.resident), "where": HOME, "key": key_of(login)}
        )
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
            data={"key": key_of(name)},
            files={"photo": ("../../x.jpg", sent, kind)},
            headers=world.own(),
        )
        none = world.truth.one("SELECT count(*) FROM photo WHERE case_id = ?", own) == 0
        yield world.row(
            "insiders", f"a photo that is {name}", answer, (400, 404, 413, 415, 422), also=none and bool(made)
        )
