"""Every check of the doctor: what must hold of the facts, and what to say where it does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from portal.doctor.base import Check, Facts, Found, Weight
from portal.doctor.signatures import BSRE_URL, CERTIFICATE

FREE = 2**30
OLDEST_SQLITE, OLDEST_POSTGRES = (3, 37), (13,)
OPEN_FILES = 1024
BACKUP_DAYS, DRILL_DAYS = 2, 190
AHEAD_SECONDS = 120
NOVEMBER = 11
SWEEP_HOURS = 26
ENDING_DAYS = 30
WIDE = ("*", "0.0.0.0/0", "::/0")


def _if(wrong: object, **values: object) -> Found:
    return values if wrong else None


def _names(named: Sequence[str]) -> Found:
    return _if(named, names=", ".join(named[:5]), count=len(named))


def _old(moment: datetime | None, now: datetime, days: int) -> Found:
    late = moment is None or now - moment > timedelta(days=days)
    return _if(late, at="-" if moment is None else moment.date().isoformat(), days=days)


def _holidays(facts: Facts) -> Found:
    year = facts.now.year + (facts.now.month >= NOVEMBER)
    return _if(facts.office.release and year not in facts.office.holidays, year=year)


def _sweep(facts: Facts) -> Found:
    return _if(facts.office.unrung > SWEEP_HOURS, hours=round(facts.office.unrung))


def _hosts(facts: Facts) -> Found:
    return _if(not facts.serving.local and not facts.serving.hosts, host=facts.serving.host)


def _http(facts: Facts) -> Found:
    return _if(not facts.serving.local and not facts.serving.proxies, host=facts.serving.host)


def _wide(facts: Facts) -> Found:
    wide = [each for each in facts.serving.proxies if each in WIDE or each.endswith(("/8", "/1", "/4"))]
    return _names(wide)


def _version(facts: Facts, kind: str, oldest: tuple[int, ...]) -> Found:
    store = facts.store
    found = ".".join(map(str, store.version))
    wanted = ".".join(map(str, oldest))
    return _if(store.kind == kind and store.version < oldest, found=found, wanted=wanted)


def _unset(facts: Facts) -> Found:
    """The settings without which letters stay unsigned."""
    there = {"certificate": facts.signatures.certificate, "bsre": facts.signatures.bsre}
    named = {"certificate": CERTIFICATE, "bsre": BSRE_URL}
    return _names([named[way] for way in facts.office.signing if not there[way]])


def _held(facts: Facts) -> tuple[bool, bool]:
    """Whether the certificate holds now, and whether it does in a month; what does not show, holds."""
    said, later = facts.signatures, facts.now + timedelta(days=ENDING_DAYS)
    if said.since is None or said.until is None:
        return True, True
    return said.since <= facts.now <= said.until, later <= said.until


def _over(facts: Facts) -> Found:
    said = facts.signatures
    if said.since is None or said.until is None:
        return None
    return _if(not _held(facts)[0], since=said.since.date().isoformat(), until=said.until.date().isoformat())


def _ending(facts: Facts) -> Found:
    now, later = _held(facts)
    until = facts.signatures.until
    return _if(now and not later, until=until.date().isoformat() if until else "", days=ENDING_DAYS)


def _hidden(facts: Facts) -> object:
    said = facts.signatures
    return said.certificate and said.readable and said.until is None


def _sqlite(wrong: Callable[[Facts], object]) -> Callable[[Facts], Found]:
    def look(facts: Facts) -> Found:
        store = facts.store
        told = {"journal": store.journal, "synchronous": store.synchronous}
        return _if(store.kind == "sqlite" and wrong(facts), **told)

    return look


def _postgres(wrong: Callable[[Facts], object]) -> Callable[[Facts], Found]:
    return lambda facts: _if(facts.store.kind == "postgresql" and wrong(facts), encoding=facts.store.encoding)


def _plain(wrong: Callable[[Facts], object]) -> Callable[[Facts], Found]:
    return lambda facts: _if(wrong(facts))


_TABLE: tuple[tuple[str, Weight, Callable[[Facts], Found]], ...] = (
    # the machine
    ("root", "warn", _plain(lambda f: f.machine.root)),
    ("temporary", "fatal", _plain(lambda f: not f.machine.temporary)),
    ("open-files", "warn", lambda f: _if(f.machine.open_files < OPEN_FILES, count=f.machine.open_files)),
    ("disk-full", "warn", lambda f: _if(f.machine.free < FREE, free=f.machine.free // 2**20)),
    ("encoding", "warn", lambda f: _if(f.machine.encoding != "utf-8", name=f.machine.encoding)),
    ("time-zones", "fatal", _plain(lambda f: not f.machine.zone)),
    ("clock", "fatal", lambda f: _if(f.office.ahead > AHEAD_SECONDS, seconds=round(f.office.ahead))),
    ("printing", "warn", lambda f: _if(f.machine.printing, reason=f.machine.printing)),
    ("fonts", "warn", _plain(lambda f: not f.machine.fonts)),
    ("debug", "warn", lambda f: _names(f.machine.debug)),
    ("core-dumps", "warn", _plain(lambda f: f.machine.dumps)),
    # files
    ("file-open", "fatal", lambda f: _names(f.files.open)),
    ("folder-open", "warn", lambda f: _names(f.files.open_folders)),
    ("network-disk", "fatal", lambda f: _if(f.files.network, name=f.files.network)),
    ("secret-missing", "fatal", lambda f: _if(not f.files.secret_there, file=f.files.secret)),
    ("secret-weak", "fatal", lambda f: _if(f.files.secret_weak, file=f.files.secret)),
    ("secret-in-checkout", "warn", lambda f: _if(f.files.secret_in_checkout, file=f.files.secret)),
    ("secret-with-backups", "warn", lambda f: _if(f.files.secret_with_backups, file=f.files.secret)),
    ("backup-key-here", "warn", lambda f: _names(f.files.identities)),
    # SQLite
    ("sqlite-old", "fatal", lambda f: _version(f, "sqlite", OLDEST_SQLITE)),
    ("sqlite-search", "fatal", _sqlite(lambda f: not f.store.trigrams)),
    ("sqlite-journal", "fatal", _sqlite(lambda f: f.store.journal != "wal")),
    ("sqlite-synchronous", "fatal", _sqlite(lambda f: f.store.synchronous < 2)),
    ("sqlite-links", "fatal", _sqlite(lambda f: not f.store.foreign_keys)),
    ("sqlite-remains", "warn", _sqlite(lambda f: not f.store.secure_delete)),
    # PostgreSQL
    ("postgres-old", "fatal", lambda f: _version(f, "postgresql", OLDEST_POSTGRES)),
    ("postgres-superuser", "fatal", _postgres(lambda f: f.store.superuser)),
    ("postgres-bypass", "fatal", _postgres(lambda f: f.store.bypasses and not f.store.superuser)),
    ("postgres-owner", "warn", _postgres(lambda f: f.store.owner and not f.store.superuser)),
    ("postgres-encoding", "fatal", _postgres(lambda f: f.store.encoding != "UTF8")),
    ("postgres-collation", "warn", _postgres(lambda f: f.store.collation_moved)),
    ("postgres-fsync", "fatal", _postgres(lambda f: not f.store.fsync)),
    ("postgres-pages", "fatal", _postgres(lambda f: not f.store.full_pages)),
    ("postgres-commit", "fatal", _postgres(lambda f: not f.store.synchronous_commit)),
    ("postgres-search", "fatal", _postgres(lambda f: not f.store.trigrams)),
    ("postgres-plain", "warn", _postgres(lambda f: f.store.remote and not f.store.encrypted)),
    # how it is reached
    ("hosts", "fatal", _hosts),
    ("http", "warn", _http),
    ("proxies", "fatal", _wide),
    ("openapi", "warn", _plain(lambda f: f.serving.openapi)),
    ("trial", "warn", _plain(lambda f: f.serving.trial)),
    # what it holds
    ("release-none", "warn", _plain(lambda f: not f.office.release)),
    ("release-newer", "fatal", _plain(lambda f: f.office.newer)),
    ("tables-pending", "warn", _plain(lambda f: f.office.pending)),
    ("drift", "warn", lambda f: _if(f.office.drift, count=f.office.drift)),
    ("chain", "warn", lambda f: _if(f.office.broken_at is not None, event=f.office.broken_at)),
    ("holidays", "warn", _holidays),
    ("sweep", "warn", _sweep),
    ("unswept", "warn", lambda facts: _if(facts.office.unswept, count=facts.office.unswept)),
    ("letters-style", "warn", _plain(lambda f: not f.office.style)),
    # people
    ("demo-accounts", "fatal", lambda f: _names(f.office.demo)),
    ("accounts-idle", "warn", lambda f: _if(f.office.idle, count=f.office.idle)),
    ("no-manager", "warn", _plain(lambda f: f.office.release and not f.office.managers)),
    ("roles-empty", "warn", lambda f: _names(f.office.empty_roles)),
    ("single-factor", "warn", lambda f: _names(f.office.single_factor)),
    # backups
    ("backup-plain", "warn", _plain(lambda f: not f.kept.recipient)),
    ("backup-recipient", "warn", _plain(lambda f: f.kept.recipient and not f.kept.recipient_good)),
    ("backup-old", "warn", lambda f: _old(f.kept.last, f.now, BACKUP_DAYS)),
    ("backup-same-disk", "warn", _plain(lambda f: f.kept.same_disk)),
    ("backup-copies", "warn", lambda f: _names(f.kept.plain)),
    ("backup-extra", "warn", lambda f: _names(f.kept.extra_missing)),
    ("drill-old", "warn", lambda f: _old(f.kept.drill, f.now, DRILL_DAYS)),
    # signatures
    ("signing-unset", "warn", _unset),
    ("signing-open", "warn", lambda f: _names(f.signatures.open)),
    ("certificate-unreadable", "warn", _plain(lambda f: not f.signatures.readable)),
    ("certificate-key", "warn", _plain(lambda f: not f.signatures.key)),
    ("certificate-hidden", "warn", _plain(_hidden)),
    ("certificate-over", "warn", _over),
    ("certificate-ending", "warn", _ending),
    ("bsre-half", "warn", lambda f: _names(f.signatures.bsre_wrong)),
    ("bsre-plain", "warn", _plain(lambda f: f.signatures.bsre_plain)),
)

CHECKS = tuple(Check(slug=slug, weight=weight, look=look) for slug, weight, look in _TABLE)
"""In the order in which they are told: machine, files, database, network, office, people, backups,
signatures."""
