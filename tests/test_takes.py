"""Which routes there are, what they take, and that their pages send nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Mount, Route
from starlette.types import ASGIApp
from worked import LOGINS, NOW, Browser, demo_engine, mark_printed

from portal.admin.openapi import described
from portal.admin.site import Site
from portal.admin.takes import taken_by
from portal.app import Portal, create_app
from portal.settings import Settings

STOCK = re.compile(r"ajax|import|action|delete|file|download|api")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gives the folder of a demonstration."""
    folder = tmp_path_factory.mktemp("routes")
    engine = demo_engine(folder)
    mark_printed(engine)
    engine.dispose()
    return folder


@pytest.fixture(scope="module")
def app(folder: Path) -> ASGIApp:
    """Gives the portal over it, with the list of routes."""
    settings = Settings(database=f"sqlite:///{folder / 'demo.db'}", openapi=True)
    return create_app(settings, clock=lambda: NOW)


@pytest.fixture(scope="module")
def site(folder: Path) -> Site:
    """Gives the site of its Release."""
    from portal.database import engine_of

    built = Portal(engine_of(f"sqlite:///{folder / 'demo.db'}"), "id", lambda: NOW)._site()
    found: Site = built.state.site  # type: ignore[union-attr]
    return found


def routes(site: Site) -> Iterator[Route]:
    """Yields every route but the static files."""
    for route in site.admin.router.routes:
        assert isinstance(route, Route | Mount)
        if isinstance(route, Route):
            yield route


def test_every_route_declares_what_it_takes(site: Site) -> None:
    silent = [
        f"{route.path} {sorted(route.methods or ())}"
        for route in routes(site)
        if taken_by(route.endpoint) is None
    ]
    assert silent == [], "add @takes(...) between @expose and the route; see portal/admin/takes.py"


def test_nothing_of_stock_sqladmin_is_served(site: Site) -> None:
    assert [route.path for route in routes(site) if STOCK.search(route.path.replace("{identity}", ""))] == []
    assert [route.path for route in site.admin.router.routes if isinstance(route, Mount)] == [site.assets.url]


def test_routes_answer_get_and_post_alone(site: Site) -> None:
    assert {method for route in routes(site) for method in route.methods or ()} == {"GET", "HEAD", "POST"}


def test_what_changes_something_is_posted(site: Site) -> None:
    posted = {route.path for route in routes(site) if "GET" not in (route.methods or ())}
    assert {"/keluar", "/bahasa", "/kasus/{case_id:int}/tugas/{task_id:int}"} <= posted
    assert "/data/{identity}/export/{export_type}" in posted


@pytest.mark.parametrize("login", LOGINS)
def test_pages_send_only_what_their_routes_take(app: ASGIApp, login: str) -> None:
    browser = Browser(app, login)
    known = browser.client.get("/openapi.json").json()["paths"]
    wrong, seen, waiting = (
        [],
        set(),
        ["/tugas", "/kasus", "/data/resident/list", "/aduan/baru", "/rilis", "/rilis/pindah"],
    )
    kinds: dict[str, int] = {}
    while waiting:
        url = waiting.pop(0).partition("#")[0]
        kind = re.sub(r"\d+", "#", url)
        kinds[kind] = kinds.get(kind, 0) + 1
        if url in seen or kinds[kind] > 2 or not url.startswith("/"):
            continue
        seen.add(url)
        if browser.get(url).status_code != 200 or "html" not in browser.page.headers["content-type"]:
            continue
        waiting += browser.seen.links
        for form in browser.seen.forms:
            names = _taken(known, form.action, form.method)
            sent = {name for name in form.names if name}
            wrong += [f"{form.action}: {name}" for name in sent if not _fits(name, names)]
    assert sorted(set(wrong)) == []


def _taken(known: dict[str, dict[str, dict[str, object]]], action: str, method: str) -> set[str]:
    """The names that the route of an action takes, by the list of routes."""
    action = action.partition("?")[0]
    for path, acts in known.items():
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", path), action) and method in acts:
            said = json.loads(json.dumps(acts[method]))
            asked = {each["name"] for each in said.get("parameters", [])}
            body = said.get("requestBody", {}).get("content", {})
            return asked | {name for each in body.values() for name in each["schema"]["properties"]}
    raise AssertionError(f"no route for {method} {action}")


def _fits(name: str, names: set[str]) -> bool:
    """Whether a name is taken; an x at the end of a taken one stands for anything."""
    return name in names or any(each.endswith("x") and name.startswith(each[:-1]) for each in names)


@pytest.mark.parametrize(
    "url", ["/tugas?x=1", "/kasus?status=open&status=open", "/data/resident/list?filter-nik=1"]
)
def test_unknown_or_doubled_query_keys_are_refused(app: ASGIApp, url: str) -> None:
    assert Browser(app, "front-office").client.get(url).status_code == 400


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("/cari", [("words", "a"), ("area", "18")]),
        ("/cari", [("words", "a"), ("words", "b")]),
        ("/data/resident/create", [("created_by", "1")]),
        ("/data/resident/create", [("version", "1"), ("version", "2")]),
        ("/data/resident/create", [("name", "a")] * 65),
        ("/masuk", [("username", "a"), ("role", "manager")]),
        ("/bahasa", [("language", "id"), ("back", "\0")]),
    ],
)
def test_unknown_or_doubled_form_keys_are_refused(
    app: ASGIApp, url: str, form: list[tuple[str, str]]
) -> None:
    assert Browser(app, "front-office").post(url, form).status_code == 400


def test_step_takes_the_entries_of_its_step_alone(app: ASGIApp, site: Site) -> None:
    browser = Browser(app, "front-office")
    browser.get("/tugas")
    browser.get(next(link for link in browser.seen.links if re.fullmatch(r"/kasus/\d+", link)))
    form = next(each for each in browser.seen.forms if "/langkah/" in each.action)
    assert browser.post(form.action, [*form.fields, ("decision", "x")]).status_code == 400


def test_list_of_routes_is_openapi_and_served_on_request_alone(app: ASGIApp, site: Site) -> None:
    said = described(site)
    assert said["openapi"].startswith("3.1")
    assert {"/kasus/{case_id}", "/data/resident/list"} <= said["paths"].keys()
    assert Browser(app, "front-office").get("/openapi.json").status_code == 200


def test_list_of_routes_is_not_served_to_an_office(folder: Path) -> None:
    office = create_app(Settings(database=f"sqlite:///{folder / 'demo.db'}"), clock=lambda: NOW)
    assert Browser(office, "secretariat").client.get("/openapi.json").status_code == 404
