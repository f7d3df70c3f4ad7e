"""Clerks at a portal that is ended again and again, and what they were told it had done."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Signal
from threading import Thread

from clerk import Clerk, Form, Page

RUNNER = Path(__file__).parent / "power" / "office.py"
CHECKOUT = Path(__file__).resolve().parents[1]
LOST = (OSError, http.client.HTTPException)
"""What a clerk meets when the machine has gone: no answer, or half of one."""
CASE, LETTER = re.compile(r"/kasus/(\d+)"), re.compile(r"/surat/(\d+)")


@dataclass(kw_only=True)
class Wanted:
    """A form on its way, sent again until it is answered."""

    kind: str
    form: Form
    typed: Mapping[str, str]
    subject: int | str
    """What shows in the database that it was carried out."""
    tries: int = 0


@dataclass(kw_only=True)
class Worker:
    """One clerk, who registers complaints, carries out a step and makes a letter, then begins again."""

    name: str
    clerk: Clerk
    chance: random.Random
    done: list[tuple[str, int | str, str]] = field(default_factory=list)
    """What was answered: the kind, its subject and where it led."""
    wanted: Wanted | None = None
    case: int = 0
    told: int = 0
    odd: list[str] = field(default_factory=list)
    """Answers that should not be."""
    retried: int = 0
    answered: Signal = field(default_factory=Signal)
    """Set by the first form that is answered after a start."""
    looked: int = 0
    """How many answers were compared with the database."""

    def work(self, stop: Signal) -> None:
        """Works until told to stop or the portal has gone."""
        try:
            while not stop.is_set():
                wanted = self.wanted or self._next()
                if wanted is not None:
                    self._send(wanted)
        except LOST:
            pass  # the portal has gone
        finally:
            self.clerk.leave()

    def _next(self) -> Wanted | None:
        if not self.case:
            return self._complaint()
        page = self.clerk.get(f"/kasus/{self.case}")
        step = page.form(f"/kasus/{self.case}/langkah/")
        if step is not None and "reason" in step.values:
            papers = {name: "brought" for name in step.choices if name.startswith("doc-")}
            return self._want(
                "step", step, {"reason": "chronic", **papers}, int(step.action.rsplit("/", 1)[1])
            )
        letter = page.form(f"/kasus/{self.case}/surat")
        if letter is None:
            self.odd.append(f"no letter on the page: {page.status}")
            self.case = 0
            return None
        asked = self.clerk.send(letter, {"letter": "introduction"}).form("/surat")
        if asked is None:
            return None
        purpose = f"{self.name}-{self.told}"
        self.told += 1
        self.case = 0 if self.chance.random() < 0.6 else self.case
        return self._want("letter", asked, {"purpose": purpose, "issue": "1"}, purpose)

    def _complaint(self) -> Wanted | None:
        form = self.clerk.get("/aduan/baru").form("/aduan/baru")
        if form is None:
            self.odd.append("no form for a complaint")
            return None
        text = f"Aduan {self.name}-{self.told}"
        self.told += 1
        typed = {
            "who": "anonymous",
            "program": "pbi-jk",
            "complaint": "no-card",
            "description": text,
            "save": "1",
        }
        return self._want("case", form, typed, text)

    def _want(self, kind: str, form: Form, typed: Mapping[str, str], subject: int | str) -> Wanted:
        self.wanted = Wanted(kind=kind, form=form, typed=typed, subject=subject)
        return self.wanted

    def _send(self, wanted: Wanted) -> None:
        wanted.tries += 1
        self.retried += wanted.tries > 1
        page = self.clerk.send(wanted.form, wanted.typed)
        self.wanted = None
        self.answered.set()
        if page.status != 303:
            self._look(wanted, page)
            return
        self.done.append((wanted.kind, wanted.subject, page.led))
        if wanted.kind == "case":
            self.case = int(CASE.findall(page.led)[0])

    def _look(self, wanted: Wanted, page: Page) -> None:
        """Somebody else's step may have come first; everything else is a fault."""
        if not (wanted.kind == "step" and page.status == 409):
            errors = re.findall(r'<a href="#[^<]*', page.text)
            self.odd.append(f"{wanted.kind}: {page.status} {errors or page.text[:200]}")
        self.case = 0


@dataclass(kw_only=True)
class Machine:
    """A portal that is started and ended, with its clerks."""

    address: str
    folder: Path
    port: int
    runner: subprocess.Popen[str]
    workers: tuple[Worker, ...] = ()
    ends: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        """Starts the portal and waits until it takes calls."""
        words = ["serve", "--port", str(self.port), "--database", self.address]
        self._tell({"start": words, "log": str(self.folder / "serve.log")})
        until = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def kill(self) -> None:
        """Ends the portal at once."""
        assert self._tell({"kill": True}) == 9

    def _tell(self, wish: Mapping[str, object]) -> int:
        assert self.runner.stdin is not None
        assert self.runner.stdout is not None
        self.runner.stdin.write(json.dumps(wish) + "\n")
        self.runner.stdin.flush()
        return int(self.runner.stdout.readline())

    def crash(self, seconds: float, *, at_work: bool) -> None:
        """Lets the clerks work, and ends the portal in the middle of it.

        Args:
            seconds: how long it runs, or how long after the first form is answered.
            at_work: whether to wait for that form.
        """
        stop = Signal()
        self.workers[0].answered.clear()
        self.start()
        threads = [Thread(target=each.work, args=(stop,)) for each in self.workers]
        for thread in threads:
            thread.start()
        if at_work:
            self.workers[0].answered.wait(20)
        time.sleep(seconds)
        self.kill()
        stop.set()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()

    def finish(self, seconds: float = 0.5) -> None:
        """Lets the clerks end what they began, without a kill."""
        stop = Signal()
        self.start()
        threads = [Thread(target=each.work, args=(stop,)) for each in self.workers]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        stop.set()
        for thread in threads:
            thread.join(60)
        self.kill()


def free_port() -> int:
    """Returns a port that nobody uses."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def machine(address: str, folder: Path) -> Iterator[Machine]:
    """Gives a machine that is switched off."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PORTAL_LANGUAGE": "id"}
    with subprocess.Popen(
        [sys.executable, str(RUNNER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=folder,
    ) as runner:
        yield Machine(address=address, folder=folder, port=free_port(), runner=runner)
        assert runner.stdin is not None
        runner.stdin.close()
