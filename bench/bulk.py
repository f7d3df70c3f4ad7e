"""How quick the desk stays while letters are printed in bulk, and how many letters a second that prints.

One clerk opens pages of the demonstration one after another: first while nothing else happens, then while a
batch of letters of introduction is numbered, printed and merged by the same `portal serve`.

    python bench/bulk.py [LETTERS]        # 200 without a number
"""

from __future__ import annotations

import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from clerk import Clerk  # noqa: E402
from officers import served  # noqa: E402
from sqlalchemy import select  # noqa: E402

os.environ.setdefault("PORTAL_DEMO_PASSWORD", secrets.token_urlsafe(24))  # the common one is refused
from portal import accounts, demo  # noqa: E402
from portal.access import SYSTEM, Actor  # noqa: E402
from portal.bulk import ask  # noqa: E402
from portal.cases import At, Intake, open_case  # noqa: E402
from portal.database import engine_of, reading, writing  # noqa: E402
from portal.releases import latest_id, live  # noqa: E402
from portal.settings import Settings  # noqa: E402
from portal.tables import Account, Case, PrintItem, PrintJob  # noqa: E402
from portal.wall import acting  # noqa: E402

PAGE = "/tugas"
IDLE_PAGES = 200
HERE = "18.10.03.2007"


def opened(engine: object, count: int) -> list[int]:
    """Opens so many cases of one village, as copies of one that is there."""
    keys = []
    for _ in range(count):
        with writing(engine) as session:  # type: ignore[arg-type]
            current = live(session, latest_id(session) or 0)
            like = session.scalars(select(Case).where(Case.area == HERE, Case.access == "normal")).first()
            clerk = session.scalars(select(Account).where(Account.login == "front-office")).one()
            actor = Actor(account_id=clerk.id, label=clerk.label, everything=True)
            said = Intake(
                area=HERE,
                channel=like.channel,
                program=like.program,
                complaint=like.complaint,
                priority="normal",
                description="Pengukuran",
                resident_id=like.resident_id,
            )
            at = At(session=session, live=current, actor=actor, now=datetime.now(UTC))
            keys.append(open_case(at, said).id)
    return keys


def pages(clerk: Clerk, on: Callable[[int], bool]) -> list[float]:
    """Opens the page again and again and returns the seconds that each took."""
    took: list[float] = []
    while on(len(took)):
        begun = time.perf_counter()
        assert clerk.get(PAGE).status == 200
        took.append(time.perf_counter() - begun)
    return took


def told(name: str, took: list[float]) -> None:
    ranks = statistics.quantiles(took, n=20)
    middle, slow = 1000 * statistics.median(took), 1000 * ranks[-1]
    print(f"{name:16} {len(took):5} pages   p50 {middle:6.1f} ms   p95 {slow:6.1f} ms")


def main(count: int) -> None:
    file = Path(tempfile.mkdtemp(prefix="bulk-")) / "bulk.db"
    engine = engine_of(f"sqlite:///{file}")
    with acting(SYSTEM):
        demo.load(Settings(database=f"sqlite:///{file}"))
        keys = opened(engine, count)
    with served(file) as address:
        clerk = Clerk(port=int(address.rpartition(":")[2]))
        page = clerk.get("/masuk")
        form = page.form("/masuk")
        assert form is not None
        clerk.ask(
            "POST",
            "/masuk",
            {**form.values, "username": "front-office", "password": os.environ["PORTAL_DEMO_PASSWORD"]},
        )
        pages(clerk, lambda done: done < 20)
        told("idle", pages(clerk, lambda done: done < IDLE_PAGES))
        with reading(engine) as session, acting(SYSTEM):
            current = live(session, latest_id(session) or 0)
            account = session.scalars(select(Account).where(Account.login == "back-office")).one()
            grants = accounts.grants_of(session, account.id, datetime.now(UTC))
        actor = Actor(account_id=account.id, label=account.label, grants=grants)
        with acting(actor, current), writing(engine) as session:
            begun = time.perf_counter()
            at = At(session=session, live=current, actor=actor, now=datetime.now(UTC))
            job = ask(at, "introduction", keys, {"request": "Pengukuran"})
        print(f"{'asked':16} {count:5} letters in {1000 * (time.perf_counter() - begun):.0f} ms")
        begun = time.perf_counter()

        def running(_done: int) -> bool:
            with acting(SYSTEM), reading(engine) as session:
                return session.get_one(PrintJob, job).status in ("waiting", "running")

        told("while printing", pages(clerk, running))
        seconds = time.perf_counter() - begun
    with acting(SYSTEM), reading(engine) as session:
        printed = session.scalars(select(PrintItem.id).where(PrintItem.status == "printed")).all()
        size = len(session.get_one(PrintJob, job).result or b"")
    speed = len(printed) / seconds
    print(f"{len(printed)} letters in {seconds:.1f} s: {speed:.1f} a second, file {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
