"""Sends 10,000 malformed requests to the demonstration and counts what they are told.

Run it from the repository: `python bench/malformed.py [--count N] [--seed N] [--database FILE]`.
The requests are those of `tests/malformed.py`, asked in this process through raw ASGI calls as two officers.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import logging
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from malformed import answer_to, malformed  # noqa: E402

from portal import accounts, demo  # noqa: E402
from portal.access import SYSTEM  # noqa: E402
from portal.app import create_app  # noqa: E402
from portal.database import engine_of, writing  # noqa: E402
from portal.settings import Settings  # noqa: E402
from portal.wall import acting  # noqa: E402

TELLING = re.compile(
    r"Traceback|sqlalchemy|sqlite3|psycopg|OperationalError|IntegrityError|no such (?:table|column)"
    r"|site-packages|portal/[a-z]+\.py|starlette|uvicorn|/usr/|/root/"
)
LOGINS = ("front-office", "secretariat")


def main() -> int:
    """Asks, prints the statuses, and returns how many answers are wrong."""
    parser = argparse.ArgumentParser(description="Sends malformed requests to the demonstration.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", type=Path, help="a demonstration made before")
    typed = parser.parse_args()
    logging.getLogger("portal").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="portal-malformed-") as folder:
        file = Path(folder) / "demo.db"
        if typed.database:
            shutil.copyfile(typed.database, file)
        else:
            with acting(SYSTEM):
                demo.load(Settings(database=f"sqlite:///{file}"))
        statuses, wrong, took = asyncio.run(_ask(file, typed.seed, typed.count))
    for each in wrong[:20]:
        print(each)
    print(", ".join(f"{status}: {count}" for status, count in sorted(statuses.items())))
    print(f"{sum(statuses.values())} requests in {took:.0f} s, {len(wrong)} wrong answers")
    return min(len(wrong), 250)


async def _ask(file: Path, seed: int, count: int) -> tuple[Counter[int], list[str], float]:
    engine = engine_of(f"sqlite:///{file}")
    with acting(SYSTEM), writing(engine) as session:
        tokens = [accounts.log_in(session, each, demo.PASSWORD, datetime.now(UTC)) for each in LOGINS]
    app = create_app(Settings(database=f"sqlite:///{file}"))
    statuses, wrong, begun = Counter[int](), list[str](), time.perf_counter()
    for place, token in enumerate(tokens):
        for request in malformed(seed + place, count // len(tokens), f"portal_session={token}"):
            status, body = await answer_to(app, request)
            statuses[status] += 1
            found = TELLING.search(html.unescape(body.decode("utf-8", "replace")))
            sent = f"{request['raw_path']!r}{request['body']!r}{request['query_string']!r}"
            if not 200 <= status < 500 or (found and found[0] not in sent):
                where = f"{request['method']} {request['raw_path'][:80]!r}?{request['query_string'][:80]!r}"
                wrong.append(f"{status} {found[0] if found else ''} {where} {request['body'][:120]!r}")
    return statuses, wrong, time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
