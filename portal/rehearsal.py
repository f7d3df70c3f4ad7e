"""Draft, copy of the database -> nothing, or every place where the next Release would fail its users.

The plan is carried out on the copy and the portal is started on it: every list, form and letter is made
there, with examples and with the newest rows and cases. What fails here refuses the apply.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal import letters
from portal.access import Actor, Granted
from portal.admin.shield import Shield
from portal.admin.walk import addresses, ask, site_for
from portal.app import Portal
from portal.database import reading, writing
from portal.letters.draft import draft
from portal.letters.example import example
from portal.migrate import NotApplied, apply
from portal.press import PrintRefused
from portal.pressroom import PrintStopped
from portal.releases import Live, live
from portal.schema import Schema, Sop
from portal.tables import Account, Case, Task
from portal.words import say

MOST = 20
"""So many failures are told; what comes after is likely to be the same again."""
_HOME = Path(__file__).parent
_KEY = "rehearsal-of-a-form"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One place where the Release fails."""

    place: str
    """An address, or the name of a letter or a part of applying, in the reader's language."""
    reason: str
    """Where in templates or program, and what; nothing that a person has typed."""

    def sentence(self) -> str:
        """Returns place and reason, in the reader's language."""
        return say("rehearsal-fault", place=self.place, reason=self.reason)


class Poison(NotApplied):
    """The Release would fail its users; it was applied to a copy only."""

    slug = "apply-poison"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """How much was tried."""

    pages: int
    letters: int


@dataclass(kw_only=True)
class _Rehearsal:
    """One rehearsal on one copy, and what has failed so far."""

    copy: Engine
    now: datetime
    language: str
    note: Callable[[str], None]
    faults: list[Fault] = field(default_factory=list)
    pages: int = 0
    letters: int = 0

    @property
    def enough(self) -> bool:
        """Whether further failures would tell nothing more."""
        return len(self.faults) >= MOST

    def failed(self, place: str, error: Exception | str) -> None:
        """Notes a failure."""
        self.faults.append(Fault(place=place, reason=error if isinstance(error, str) else reason_of(error)))


def rehearse(
    copy: Engine,
    schema: Schema,
    sources: Mapping[str, str],
    templates: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    language: str,
    note: Callable[[str], None] = lambda _: None,
) -> Rehearsed:
    """Applies a draft to a copy of the database and tries everything that users meet.

    Raises:
        Poison: something failed.
        NotApplied: applying is refused, as it would be on the database itself.
    """
    tried = _Rehearsal(copy=copy, now=now, language=language, note=note)
    try:
        done = apply(copy, schema, sources, templates, actor=actor, now=now)
        with reading(copy) as session:
            current = live(session, done.release_id)
    except NotApplied:
        raise
    except Exception as error:
        tried.failed(say("rehearsal-place-apply"), error)
        raise Poison(tuple(tried.faults)) from error
    _letters(tried, current)
    try:
        asyncio.run(_pages(tried, current))
    except Exception as error:
        tried.failed(say("rehearsal-place-start"), error)
    if tried.faults:
        raise Poison(tuple(tried.faults))
    return Rehearsed(pages=tried.pages, letters=tried.letters)


def _letters(tried: _Rehearsal, current: Live) -> None:
    for key, letter in current.schema.letters.items():
        if tried.enough:
            return
        place = say("rehearsal-place-letter", letter=key)
        tried.note(place)
        try:
            letters.print_pdf(current.templates, letter.template, example(current.schema, key))
            tried.letters += 1
        except Exception as error:
            tried.failed(place, error)
            continue
        with reading(tried.copy) as session:
            for case in _cases_of(session, current, key):
                _letter(tried, current, session, case, key)


def _letter(tried: _Rehearsal, current: Live, session: Session, case: Case, letter: str) -> None:
    place = say("rehearsal-place-case-letter", letter=letter, case=case.number)
    try:
        said = draft(session, current, case, letter, now=tried.now)
        letters.html(current.templates, current.schema.letters[letter].template, said)
        tried.letters += 1
    except Exception as error:
        tried.failed(place, error)


def _cases_of(session: Session, current: Live, letter: str) -> Iterator[Case]:
    """Yields the newest real case of each SOP that issues a letter, or of all when anybody may ask for it."""
    newest = select(Case).order_by(Case.id.desc()).limit(1)
    seen = set()
    wanted = [
        newest.where(Case.sop == key) for key, sop in current.schema.sops.items() if _issues(sop, letter)
    ]
    if current.schema.letters[letter].on_request:
        wanted.append(newest)
    for each in wanted:
        case = session.scalar(each)
        if case is not None and case.id not in seen:
            seen.add(case.id)
            yield case


def _issues(sop: Sop, letter: str) -> bool:
    return any(getattr(step, "letter", None) == letter for step in sop.steps.values())


async def _pages(tried: _Rehearsal, current: Live) -> None:
    """Starts the portal as a server would, then asks every page of its site."""
    started = Shield(Portal(tried.copy, tried.language, lambda: tried.now))
    await _ask(tried, started, "/masuk")
    with writing(tried.copy) as session:
        made = _made_up(session, current, tried.now)
    everyone = tuple(Granted(role=role) for role in current.schema.roles)
    actor = Actor(account_id=made.account, label="portal", grants=everyone, everything=True)
    site = site_for(current, tried.copy, actor, lambda: tried.now)
    with reading(tried.copy) as session:
        waiting = [*addresses(site, session), *_real_cases(session, made.cases)]
    for each in waiting:
        await _ask(tried, site, each)
    for sop, case in made.cases.items():
        for step in current.schema.sops[sop].steps:
            _stand_at(tried.copy, case, step)
            await _ask(tried, site, f"/kasus/{case}", say("rehearsal-place-step", sop=sop, step=step))
    if made.cases:
        await _asked_letters(tried, current, site, next(iter(made.cases.values())))


async def _asked_letters(tried: _Rehearsal, current: Live, site: object, case: int) -> None:
    for key, letter in current.schema.letters.items():
        if letter.on_request and letter.fields:
            place = say("rehearsal-place-letter-form", letter=key)
            form = {"key": _KEY, "version": "1", "letter": key}
            await _ask(tried, site, f"/kasus/{case}/surat", place, form=form)


async def _ask(
    tried: _Rehearsal, app: object, address: str, place: str = "", *, form: Mapping[str, str] | None = None
) -> None:
    if tried.enough:
        return
    tried.note(place or address)
    try:
        status = await ask(app, address, form)  # type: ignore[arg-type]
    except Exception as error:
        tried.failed(place or address, error)
        return
    tried.pages += 1
    if status >= 400:
        tried.failed(place or address, say("rehearsal-status", status=status))


def _real_cases(session: Session, made_up: Mapping[str, int]) -> list[str]:
    """Returns the pages of the newest real case of each SOP version, which may be older than the Release."""
    known = select(Case.sop_version_id, Case.id).where(Case.id.not_in(made_up.values()))
    newest = dict(session.execute(known.order_by(Case.id)).all())
    return [f"/kasus/{key}" for key in newest.values()]


@dataclass(frozen=True, kw_only=True)
class _MadeUp:
    """What is added to the copy so that there is something to see."""

    account: int
    cases: Mapping[str, int]
    """A case of each SOP."""


def _made_up(session: Session, current: Live, now: datetime) -> _MadeUp:
    account = Account(id=_free(session, Account.id), login=_KEY, label="portal", password="", created_at=now)
    session.add(account)
    session.flush()
    return _MadeUp(
        account=account.id,
        cases={sop: _case(session, current, sop, account.id, now) for sop in current.schema.sops},
    )


def _case(session: Session, current: Live, sop: str, account: int, now: datetime) -> int:
    schema = current.schema
    centre_id, centre = next(iter(schema.office.centres.items()))
    programs = [key for key, each in schema.programs.items() if each.sop == sop]
    case = Case(
        id=_free(session, Case.id),
        number=f"{_KEY} {sop}",
        area=centre.area,
        centre=centre_id,
        channel=next(iter(schema.channels), ""),
        program=next(iter([*programs, *schema.programs]), ""),
        complaint=next(iter(schema.complaints), ""),
        priority=next(iter(schema.priorities), ""),
        description=say("letter-example-description"),
        sop=sop,
        sop_version_id=current.sop_versions[sop],
        opened_at=now,
        opened_by=account,
    )
    session.add(case)
    session.flush()
    session.add(current.models.answers[sop](case_id=case.id))
    first = schema.sops[sop].first()
    task = Task(id=_free(session, Task.id), case_id=case.id, step=first, role="", area=centre.area)
    task.access, task.opened_at = "normal", now
    session.add(task)
    session.flush()
    return case.id


def _free(session: Session, key: InstrumentedAttribute[int]) -> int:
    """Returns a key that no row has; the database's own counter is not what is being tried."""
    return (session.scalar(select(func.max(key))) or 0) + 1


def _stand_at(copy: Engine, case: int, step: str) -> None:
    with writing(copy) as session:
        session.execute(update(Task).where(Task.case_id == case).values(step=step))


def reason_of(error: BaseException) -> str:
    """Returns where an error arose and of which kind; its text only where that holds nothing of a person."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        frame for frame in frames if frame.filename.endswith(".html") or _HOME in Path(frame.filename).parents
    ]
    last = ours[-1] if ours else None
    place = f"{_short(Path(last.filename))}:{last.lineno}: " if last else ""
    return f"{place}{type(error).__name__}{_harmless(error)}"


def _short(file: Path) -> str:
    """Returns a file's name, with its folder's where the name alone says nothing."""
    return f"{file.parent.name}/{file.name}" if file.name == "__init__.py" else file.name


def _harmless(error: BaseException) -> str:
    if isinstance(error, PrintRefused):
        return f": {', '.join(Path(each).name for each in error.asked)}"
    if isinstance(error, PrintStopped):
        return f": {error}"
    if isinstance(error, OSError) and error.filename:
        return f": {Path(str(error.filename)).name}"
    if isinstance(error, OperationalError | ProgrammingError) and isinstance(error, DBAPIError):
        lines = str(error.orig).splitlines()
        return f": {lines[0]}" if lines else ""
    # What a template engine complains of is the template's own text.
    return f": {error}" if type(error).__module__.startswith("jinja2") else ""
