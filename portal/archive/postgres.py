"""PostgreSQL's own tools under our words: `pg_dump` and `pg_restore`, found, called and listened to."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import URL

from portal.archive.base import NotArchived

INSTALLED = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep the tools of each version."""
_COPY = re.compile(rb'COPY (?:\S+\.)?("(?:[^"]|"")+"|[^ ("]+) ')
_VERSION = re.compile(r"(\d+)(?:\.\d+)?")


def tool(name: str, server: int = 0) -> str:
    """Returns the newest tool of a name that is installed.

    Args:
        server: the major version of the server, which the tool must know.

    Raises:
        NotArchived: there is none, or an older one only.
    """
    places = [shutil.which(name), *map(str, INSTALLED.glob(f"*/bin/{name}"))]
    found = sorted((major(place), place) for place in dict.fromkeys(places) if place)
    if not found:
        raise NotArchived("archive-no-tool", tool=name)
    newest, place = found[-1]
    if newest < server:
        raise NotArchived("archive-old-tool", tool=name, found=newest, server=server)
    return place


def major(place: str) -> int:
    """Returns the major version of a tool, 0 when it does not say."""
    said = subprocess.run([place, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    versions = _VERSION.findall(said)
    return int(versions[0]) if versions else 0


def dump(url: URL, target: Path, *, snapshot: str, server: int) -> None:
    """Writes what a snapshot sees into a file; copies of rehearsals are left out.

    Raises:
        NotArchived: the tool is missing, or does not succeed.
    """
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments"]
    options += ["--exclude-schema=rehearsal_*", f"--snapshot={snapshot}", f"--file={target}"]
    _run([tool("pg_dump", server), *options, f"--dbname={_without_password(url)}"], url)


def load(url: URL, source: Path, server: int) -> None:
    """Puts a dump into an empty database, wholly or not at all.

    Raises:
        NotArchived: the tool is missing, or does not succeed.
    """
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run([tool("pg_restore", server), *options, f"--dbname={_without_password(url)}", str(source)], url)


def counted(source: Path) -> Mapping[str, int]:
    """Returns how many rows a dump holds of each table; reads it to its end, and needs no server.

    Raises:
        NotArchived: the tool is missing, or the dump cannot be read.
    """
    words = [tool("pg_restore"), "--data-only", "--file=-", str(source)]
    rows: Counter[str] = Counter()
    table = ""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:  # noqa: S603
        assert reading.stdout is not None
        for line in reading.stdout:
            begun = None if table else _COPY.match(line)
            if begun:
                table = begun[1].decode().strip('"').replace('""', '"')
                rows[table] += 0
            elif table and line == b"\\.\n":
                table = ""
            elif table:
                rows[table] += 1
        said = reading.stderr.read().decode(errors="replace") if reading.stderr else ""
    if reading.returncode:
        raise NotArchived("archive-tool", tool="pg_restore", reason=_first(said))
    return rows


def _run(words: Sequence[str], url: URL) -> None:
    done = subprocess.run(words, capture_output=True, text=True, env=_environment(url), check=False)  # noqa: S603
    if done.returncode:
        raise NotArchived("archive-tool", tool=Path(words[0]).name, reason=_first(done.stderr))


def _first(said: str) -> str:
    """The tool's first complaint; data of rows stands in its later lines only."""
    return next((line for line in said.splitlines() if line.strip()), "?")[:300]


def _without_password(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _environment(url: URL) -> dict[str, str]:
    """A password among the arguments could be read by every user of the machine."""
    known = dict(os.environ)
    return known | {"PGPASSWORD": str(url.password)} if url.password else known
