"""Two real browsers at once against two server processes: one wins, the other is told and loses nothing.

`PORTAL_RACES` says how many rounds each race has; 20 unless told otherwise.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Barrier

import pytest
from casework import PAPERS, Office, furnish
from httpx2 import Client, Response
from sqlalchemy import Engine, func, select
from test_processes import serving
from worked import Form, Reader

from portal.admin.auth import COOKIE
from portal.database import reading, writing
from portal.events import broken
from portal.tables import Event, WebSession

ROUNDS = int(os.environ.get("PORTAL_RACES") or 20)
RECORD = "/data/resident/edit/1"


@dataclass(frozen=True, kw_only=True)
class Racer:
    """Somebody at a browser of their own, at a server of their own."""

    name: str
    client: Client
    gate: Barrier

    def form(self, address: str, action: str) -> Form:
        """Opens a page and returns one of its forms."""
        page = self.client.get(address)
        assert page.status_code == 200, page.text
        return next(form for form in Reader(page.text).forms if form.action.startswith(action))

    def send(self, form: Form, **typed: str) -> Response:
        """Fills in a form and sends it at the same moment as the other."""
        sent = [pair for pair in form.fields if pair[0] not in typed] + list(typed.items())
        data = {name: [value for key, value in sent if key == name] for name, _ in sent}
        self.gate.wait()
        return self.client.post(form.action, data=data)


@dataclass(frozen=True, kw_only=True)
class Track:
    """The office, and two people who want the same."""

    office: Office
    racers: tuple[Racer, Racer]

    def race(self, address: str, action: str, **typed: str) -> tuple[Racer, Response]:
        """Has both send the same form; returns who lost and what they were told."""
        forms = [each.form(address, action) for each in self.racers]
        with ThreadPoolExecutor(2) as pool:
            running = [
                pool.submit(racer.send, form, **{k: v.format(who=racer.name) for k, v in typed.items()})
                for racer, form in zip(self.racers, forms, strict=True)
            ]
            answers = [each.result() for each in running]
        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses) == [303, 409], [answer.text for answer in answers]
        lost = statuses.index(409)
        return self.racers[lost], answers[lost]

    def events(self, kind: str) -> int:
        """Returns how often something happened."""
        with reading(self.office.engine) as session:
            return session.scalar(select(func.count()).where(Event.kind == kind)) or 0

    def sound(self) -> bool:
        """Tells whether the chain of events holds."""
        with reading(self.office.engine) as session:
            return broken(session) is None


@pytest.fixture
def track(any_engine: Engine) -> Iterator[Track]:
    office, gate = furnish(any_engine), Barrier(2, timeout=60)
    database, now = any_engine.url.render_as_string(hide_password=False), datetime.now(UTC)
    with ExitStack() as opened:
        racers = []
        for key, name in ((1, "Sekar"), (2, "Ratna")):
            token = f"token-of-{name}"
            hashed = hashlib.sha256(token.encode()).hexdigest()
            with writing(any_engine) as session:
                session.add(WebSession(token=hashed, account_id=key, started_at=now, seen_at=now))
            port = opened.enter_context(serving(database))
            base = f"http://localhost:{port}"
            headers = {"origin": base, "sec-fetch-site": "same-origin", "cookie": f"{COOKIE}={token}"}
            client = opened.enter_context(Client(base_url=base, headers=headers, timeout=60))
            racers.append(Racer(name=name, client=client, gate=gate))
        yield Track(office=office, racers=(racers[0], racers[1]))


def test_one_of_two_saves_of_a_record_wins(track: Track) -> None:
    for turn in range(ROUNDS):
        loser, told = track.race(RECORD, RECORD, name=f"{{who}} {turn}", nik="1810035708890002")
        assert f'value="{loser.name} {turn}"' in told.text
        assert 'name="pilih-name" value="mine" checked' in told.text
        other = next(each.name for each in track.racers if each is not loser)
        assert f"{other} {turn}" in told.text
    assert track.events("record-changed") == ROUNDS
    assert track.sound()


def test_one_of_two_takes_a_task_and_one_completes_its_step(track: Track) -> None:
    for turn in range(ROUNDS):
        case = track.office.open(papers=PAPERS)
        _, told = track.race(f"/kasus/{case}", f"/kasus/{case}/tugas", account="me")
        assert "sudah dipegang" in told.text
        note = f"Catatan {{who}} {turn}"
        loser, told = track.race(f"/kasus/{case}", f"/kasus/{case}/langkah", reason="chronic", note=note)
        assert f"Catatan {loser.name} {turn}</td>" in told.text
        assert "sudah diselesaikan petugas lain" in told.text
        acts = [each for each in track.office.kinds(case) if not each.startswith("clock-")]
        assert acts[-2:] == ["task-assigned", "step-completed"]
    assert (track.events("task-assigned"), track.events("step-completed")) == (ROUNDS, ROUNDS)
    assert track.sound()


def test_one_of_two_letters_is_issued(track: Track) -> None:
    for _ in range(ROUNDS):
        case = track.office.open(papers=PAPERS)
        _, told = track.race(f"/kasus/{case}", f"/kasus/{case}/surat", letter="receipt")
        assert "Kasus ini sudah berubah" in told.text
    assert track.events("letter-issued") == ROUNDS
    assert track.sound()


def test_double_click_makes_one_row(track: Track) -> None:
    racer = track.racers[0]
    for turn in range(ROUNDS):
        form = racer.form("/data/resident/create", "/data/resident/create")
        with ThreadPoolExecutor(2) as pool:
            same = [
                pool.submit(racer.send, form, name=f"Baru {turn}", area="18.10.03.2007") for _ in range(2)
            ]
            answers = [each.result() for each in same]
        assert [answer.status_code for answer in answers] == [303, 303]
        assert answers[0].headers["location"] == answers[1].headers["location"]
    assert track.events("record-created") == ROUNDS
