"""The computer and the files around a database -> facts."""

from __future__ import annotations

import locale
import os
import re
import resource
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import URL

from portal import archive, drill, press, private
from portal.archive import NotArchived
from portal.archive.keys import SECRET
from portal.backup import FOLDER
from portal.doctor.base import Files, Kept, Machine, Serving
from portal.settings import Settings

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
TALKATIVE = ("PORTAL_DEBUG", "PYTHONASYNCIODEBUG", "PYTHONDEVMODE", "PYTHONTRACEMALLOC", "SQLALCHEMY_ECHO")
NETWORK = re.compile(r"nfs\d?|cifs|smb\d?|fuse\.(sshfs|rclone|s3fs|glusterfs|davfs)|9p|afs|ceph|davfs")
OLD_COPY_DAYS = 7
_WEAK_SECRET = re.compile(r"(.)\1*|(.{1,4})\2+")


def machine(folder: Path, environment: Mapping[str, str], *, thorough: bool) -> Machine:
    """Returns the facts of the computer, with a look at the disk of a folder.

    Args:
        thorough: whether to load what prints letters, which takes a second.
    """
    return Machine(
        root=os.geteuid() == 0,
        temporary=_writes(Path(tempfile.gettempdir())),
        open_files=resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        free=shutil.disk_usage(_there(folder)).free,
        encoding=locale.getpreferredencoding(False).lower().replace("utf8", "utf-8"),
        zone=_zones(),
        printing=_printing() if thorough else "",
        fonts=sum(1 for _ in press.FONTS.rglob("*.[ot]tf")) if press.FONTS.is_dir() else 0,
        debug=tuple(name for name in TALKATIVE if environment.get(name)),
        dumps=resource.getrlimit(resource.RLIMIT_CORE)[0] != 0,
    )


def _there(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.resolve().parents) if path.is_dir())


def _writes(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _zones() -> bool:
    try:
        return all(ZoneInfo(name) for name in ZONES)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return False


def _printing() -> str:
    try:
        press.engine()
    except (OSError, ImportError) as error:
        return next(iter(str(error).splitlines()), type(error).__name__)
    return ""


def files(url: URL, settings: Settings, secret: Path | None, wanted: bool) -> Files:
    """Returns the facts of the files around a database.

    Args:
        secret: where the secret of the evidence is expected.
        wanted: whether one must be there.
    """
    database = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
    backups = backups_of(url, settings)
    near = [*(_beside(database) if database else ()), *backups.glob("*.age"), *backups.glob("*.db")]
    near += [secret] if secret else []
    folders = [*([database.parent] if database else []), backups]
    there = secret is not None and secret.is_file()
    return Files(
        open=tuple(path.name for path in dict.fromkeys(near) if _mode(path) & private.OTHERS),
        open_folders=tuple(str(path) for path in dict.fromkeys(folders) if _mode(path) & 0o007),
        network=_network(database.parent) if database else "",
        secret="-" if secret is None else str(secret),
        secret_there=there or not wanted,
        secret_weak=there and secret is not None and is_weak(secret),
        secret_in_checkout=there and secret is not None and _in_checkout(secret),
        secret_with_backups=there and secret is not None and secret.resolve().parent == backups.resolve(),
        identities=tuple(_identities(dict.fromkeys([*folders, Path()]))),
    )


def _in_checkout(path: Path) -> bool:
    return any((folder / ".git").exists() for folder in path.resolve().parents)


def backups_of(url: URL, settings: Settings) -> Path:
    """Returns where the backups are."""
    if settings.backups.folder is not None:
        return settings.backups.folder
    beside = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(str(url.database)).parent / FOLDER if beside else Path("var") / FOLDER


def _beside(database: Path) -> list[Path]:
    return [Path(f"{database}{end}") for end in ("", *private.BESIDE)]


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def is_weak(secret: Path) -> bool:
    """Tells whether a secret is shorter than 32 bytes in hexadecimal, or a pattern."""
    try:
        said = secret.read_text("ascii", errors="replace").strip()
    except OSError:
        return False
    return len(said) < 64 or _WEAK_SECRET.fullmatch(said) is not None or len(set(said)) < 8


def _network(folder: Path) -> str:
    """The kind of file system that a folder is on, empty unless it is one of a network."""
    place, best, kind = str(_there(folder).resolve()), "", ""
    try:
        mounts = Path("/proc/mounts").read_text("utf-8").splitlines()
    except OSError:
        return ""
    for _, point, found, *_ in (line.split() for line in mounts):
        if (place == point or place.startswith(point.rstrip("/") + "/")) and len(point) >= len(best):
            best, kind = point, found
    return kind if NETWORK.fullmatch(kind) else ""


def _identities(folders: Iterable[Path]) -> Iterator[str]:
    """The secret keys of backups that lie about; only small files are looked into."""
    for folder in folders:
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            try:
                if path.is_file() and path.stat().st_size < 4096 and SECRET in path.read_text("utf-8"):
                    yield str(path)
            except (OSError, ValueError):
                continue


def serving(environment: Mapping[str, str], host: str) -> Serving:
    """Returns the facts of how the portal is reached, from the settings for it."""

    def listed(name: str) -> tuple[str, ...]:
        return tuple(environment.get(name, "").replace(",", " ").split())

    return Serving(
        host=host,
        hosts=listed("PORTAL_HOSTS"),
        proxies=listed("PORTAL_PROXIES"),
        trial=environment.get("PORTAL_DEMO") == "1",
        openapi=environment.get("PORTAL_OPENAPI") == "1",
    )


def kept(url: URL, settings: Settings, stem: str, now: datetime) -> Kept:
    """Returns the facts of the backups."""
    backups, keep = backups_of(url, settings), settings.backups
    known = archive.archives(backups, stem)
    database = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
    return Kept(
        recipient=bool(keep.recipient),
        recipient_good=_good(keep.recipient),
        last=max(known, default=None),
        drill=drill.last(backups),
        same_disk=database is not None and _device(database.parent) == _device(backups),
        plain=tuple(path.name for path in sorted(backups.glob("*.db")) if _days(path, now) > OLD_COPY_DAYS),
        extra_missing=tuple(str(path) for path in keep.extra if not path.is_file()),
    )


def _good(recipient: str) -> bool:
    try:
        return bool(archive.recipients_of(recipient))
    except NotArchived:
        return False


def _device(folder: Path) -> int:
    return _there(folder).stat().st_dev


def _days(path: Path, now: datetime) -> float:
    return (now.timestamp() - path.stat().st_mtime) / 86_400
