"""What stock sqladmin serves and what scanners look for: none of it is there."""

from __future__ import annotations

from collections.abc import Iterator

from attacks.base import Row, World

STOCK = (
    ("DELETE", "/resident/delete?pks=1"),
    ("DELETE", "/data/resident/delete?pks=1"),
    ("GET", "/resident/ajax/lookup?name=household&term=a"),
    ("GET", "/data/resident/ajax/lookup?name=household&term=a"),
    ("GET", "/resident/list"),
    ("GET", "/resident/details/1"),
    ("GET", "/resident/export/csv"),
    ("GET", "/data/resident/export/json"),
    ("POST", "/resident/import"),
    ("POST", "/data/resident/import"),
    ("GET", "/resident/action/approve?pks=1"),
    ("GET", "/data/resident/action/approve?pks=1"),
    ("GET", "/resident/file/1/photo"),
    ("GET", "/data/resident/file/1/photo"),
    ("GET", "/data/resident/download/1/photo/0"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/logout"),
    ("GET", "/statics/js/main.js"),
    ("GET", "/admin/"),
)
SCANNED = (
    "/.env",
    "/.git/config",
    "/openapi.json",
    "/docs",
    "/metrics",
    "/debug",
    "/server-status",
    "/backup.sql",
    "/var/portal.db",
    "/portal.db",
    "/static/",
    "/robots.txt/../.env",
    "/console",
    "/.well-known/security.txt/../../var",
)


def rows(world: World) -> Iterator[Row]:
    """Yields the rows."""
    before = world.truth.ask("SELECT id, version FROM record_resident")
    for method, path in STOCK:
        answer = world.as_("manager").request(method, path, headers=world.own())
        yield world.row("stock routes", f"{method} {path}", answer, (400, 404, 405))
    same = world.truth.ask("SELECT id, version FROM record_resident") == before
    seen = "no" if same else "yes"
    yield Row(group="stock routes", name="no resident was touched", expected="no", seen=seen, closed=same)
    for path in SCANNED:
        answer = world.fresh().get(path)
        yield world.row("scanners", path, answer, (400, 404))
