"""What a route takes, declared beside it and checked before it: unknown or doubled names are refused.

A page that ignores what it does not know lets a stranger guess at names, smuggles a second value past whoever
checked the first, and hides a form that has fallen out of step with its page. So a route says what it takes::

    @expose("/kasus/{case_id:int}/tugas/{task_id:int}", methods=["POST"])
    @takes(form=("key", "account"))
    async def give(self, request: Request) -> Response: ...
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.releases import Live

Endpoint = Callable[[Any, Request], Coroutine[Any, Any, Response]]
Names = Callable[[Live, Mapping[str, Any]], Iterable[str]]
"""From a Release and what the address says to the names of generated entries."""

EVERYWHERE = ("notice", "draf")
"""Query keys that every page takes: what just happened, and a draft to go on with."""
MOST_ANSWERS = 64
"""How often the name of a generated entry may come: boxes to tick, the parts of a date."""
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


@dataclass(frozen=True, kw_only=True)
class Takes:
    """The names that a route takes; one that ends in `*` stands for all that begin so."""

    query: tuple[str, ...] = ()
    queried: Names | None = None
    """Query keys that follow from the Release."""
    form: tuple[str, ...] = ()
    """Names that a form may send once."""
    entries: Names | None = None
    """Names of generated entries, which may come several times."""
    most: int = MOST_ANSWERS
    """How often one of them may come."""
    files: bool = False
    """Whether the form may bring files."""

    def query_names(self, live: Live, said: Mapping[str, Any]) -> frozenset[str]:
        """Returns the query keys of an address."""
        return frozenset((*EVERYWHERE, *self.query, *(self.queried(live, said) if self.queried else ())))

    def entry_names(self, live: Live, said: Mapping[str, Any]) -> frozenset[str]:
        """Returns the names of the generated entries of an address."""
        return frozenset(self.entries(live, said) if self.entries else ())


def takes(
    *,
    query: tuple[str, ...] = (),
    queried: Names | None = None,
    form: tuple[str, ...] = (),
    entries: Names | None = None,
    most: int = MOST_ANSWERS,
    files: bool = False,
) -> Callable[[Endpoint], Endpoint]:
    """Declares what a route takes and refuses the rest with 400, after log-in and before the route."""
    declared = Takes(query=query, queried=queried, form=form, entries=entries, most=most, files=files)

    def declare(endpoint: Endpoint) -> Endpoint:
        @wraps(endpoint)
        async def checked(page: Any, request: Request) -> Response:
            try:
                await _check(declared, request)
                return await endpoint(page, request)
            finally:
                if declared.files:
                    await request.close()  # what was sent lies in a file of its own until then

        checked.takes = declared  # type: ignore[attr-defined]
        return checked

    return declare


def taken_by(endpoint: object) -> Takes | None:
    """Returns what a route's endpoint declares, None when it declares nothing."""
    found = getattr(endpoint, "takes", None)
    return found if isinstance(found, Takes) else None


async def _check(declared: Takes, request: Request) -> None:
    live, said = request.state.live, request.path_params
    names = declared.query_names(live, said)
    for name, times in Counter(key for key, _ in request.query_params.multi_items()).items():
        if times > 1 or not _is_known(name, names):
            raise HTTPException(400)
    if request.method == "POST":
        only(await _form(declared, request), declared.form, declared.entry_names(live, said), declared.most)


async def _form(declared: Takes, request: Request) -> FormData:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("", URLENCODED, *([MULTIPART] if declared.files else [])):
        raise HTTPException(415)
    # A form without a type is none: starlette reads it as empty, and so is what it changes.
    return await request.form(max_files=8 if declared.files else 0)


def only(data: FormData, once: Iterable[str], several: Iterable[str] = (), often: int = MOST_ANSWERS) -> None:
    """Refuses a form with other names than these, or with one of the first kind twice.

    Raises:
        HTTPException: 400.
    """
    single, many = frozenset(once), frozenset(several)
    for name, times in Counter(key for key, _ in data.multi_items()).items():
        most = 1 if _is_known(name, single) else often if _is_known(name, many) else 0
        if times > most:
            raise HTTPException(400)
        if most == 1 and any("\0" in value for value in data.getlist(name) if isinstance(value, str)):
            # PostgreSQL cannot even be asked for it; in generated entries the field says what is wrong.
            raise HTTPException(400)


def _is_known(name: str, names: frozenset[str]) -> bool:
    return name in names or any(each.endswith("*") and name.startswith(each[:-1]) for each in names)
