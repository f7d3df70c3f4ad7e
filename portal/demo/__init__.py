"""The demonstration: the example office, seven accounts, the worked cases carried as far as their stories go.

The stories are data (`cases.yaml`): what a clerk would type, step by step. They go through the same engine as
any case, so a story that no longer fits its SOP fails here and in the tests.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import accounts
from portal.access import SYSTEM, Actor, Granted
from portal.cases import At, Intake, Paper, complete, form_fields, identify, issue_on_request, open_case
from portal.database import engine_of, reading, writing
from portal.document import plain, read
from portal.events import record
from portal.fields import FieldType, LinkField, Value
from portal.letters.files import letter_files
from portal.load import load as load_folder
from portal.migrate import apply, prepare
from portal.models import column_name
from portal.releases import Live, latest_id, live, sop_version
from portal.settings import Settings
from portal.tables import Account, Case, Grant, Submission, Task
from portal.words import say

PASSWORD = "pintu-terbuka-2026"  # noqa: S105 - the public password of the demonstration
HOME = "18.10.03.2007"
"""Desa Margodadi, where the village accounts work."""
ACCOUNTS: tuple[tuple[str, str, str], ...] = (
    ("front-office", "Sekar Contoh", HOME),
    ("back-office", "Ratna Contoh", HOME),
    ("facilitator", "Damar Contoh", HOME),
    ("supervisor", "Wulan Contoh", HOME.rsplit(".", 1)[0]),
    ("secretariat", "Bayu Contoh", ""),
    ("manager", "Laras Contoh", ""),
    ("district-staff", "Tirta Contoh", ""),
    ("auditor", "Nirmala Contoh", ""),
)
"""Log-in (which is also the role), made-up name and area."""
TODAY, NOW = "today.yaml", "now"
"""The stories of the day on which the demonstration is made, and how they say that moment."""
STAND_IN = "secretariat"
"""Who carries the cases of villages where the demonstration has no account of the role."""


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """A log-in of the demonstration."""

    login: str
    password: str
    label: str


class BrokenStory(Exception):
    """A worked case does not fit the SOP it follows; says which and where."""


def load(settings: Settings, progress: Callable[[str], None] = lambda _: None) -> tuple[DemoAccount, ...]:
    """Makes the demonstration in the database of the settings; what is there already stays.

    Raises:
        BrokenStory: a worked case cannot be carried as its story says.
    """
    password = os.environ.get("PORTAL_DEMO_PASSWORD") or PASSWORD
    engine = engine_of(settings.database)
    prepare(engine)
    _release(engine, settings, progress)
    with writing(engine) as session:
        _accounts(session, password)
    for story in (*stories(), *stories(TODAY)):
        progress(f"{story['id']}. {story['title']}")
        with writing(engine) as session:
            number = latest_id(session)
            if number is None:
                raise BrokenStory("no release")
            Teller(session, live(session, number)).tell(story)
    labels = {login: label for login, label, _ in ACCOUNTS}
    return tuple(DemoAccount(login=key, password=password, label=labels[key]) for key in labels)


def _release(engine: Engine, settings: Settings, progress: Callable[[str], None]) -> None:
    """Applies the schema folder to an empty database; a Release that is there already is kept."""
    with reading(engine) as session:
        if latest_id(session) is not None:
            return
    progress(say("demo-schema"))
    loaded = load_folder(settings.schema)
    if loaded.schema is None:
        raise BrokenStory("schema")
    apply(
        engine,
        loaded.schema,
        loaded.sources,
        letter_files(settings.letters),
        actor=SYSTEM,
        now=datetime.now(UTC),
        reason="demo",
    )


def _accounts(session: Session, password: str) -> None:
    now = datetime.now(UTC)
    for login, label, area in ACCOUNTS:
        account = accounts.find(session, login)
        if account is None:
            grants = (Granted(role=login, area=area),)
            # Who tries the demonstration has no phone set up for it; the command says so.
            accounts.create(
                session,
                login=login,
                label=label,
                password=password,
                grants=grants,
                actor=SYSTEM,
                now=now,
                without_factor=True,
            )
        elif not accounts.matches(account, password):
            accounts.set_password(session, account, password, actor=SYSTEM, now=now)


def stories(file: str = "cases.yaml") -> Sequence[Mapping[str, Any]]:
    """Returns the stories of a file beside this module as they are written; the worked cases by default."""
    path = Path(__file__).parent / file
    document = read(file, path.read_text(encoding="utf-8"))
    if document.root is None or document.diagnostics:
        raise BrokenStory(file)
    told: Mapping[str, Any] = plain(document.root)  # type: ignore[assignment]
    return [each for story in told["cases"] for each in _expanded(story)]


def _expanded(story: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """A batch is one story for each of its people."""
    if "batch" not in story:
        return [story]
    return [
        {**story, "id": f"{story['id']}-{place:02}", "resident": {**story["resident"], **person}}
        for place, person in enumerate(story["batch"], start=1)
    ]


class Teller:
    """Tells one story at a time in one transaction."""

    def __init__(self, session: Session, current: Live) -> None:
        self.session = session
        self.live = current
        self.zone = ZoneInfo(current.schema.office.time_zone)

    def tell(self, story: Mapping[str, Any]) -> None:
        """Opens the case of a story and carries it on; a story that was told before is left alone."""
        key = f"demo-case-{story['id']}"
        if self.session.get(Submission, key) is not None:
            return
        case = self._open(story)
        acts = [*(story.get("steps") or ()), *(story.get("on_request") or ())]
        for act in sorted(acts, key=lambda each: str(each["at"])):
            if "step" in act:
                self._step(story, case, act)
            else:
                self._letter(story, case, act)
        self.session.add(
            Submission(key=key, account_id=case.opened_by, at=case.opened_at, led_to=f"/kasus/{case.id}")
        )

    def _letter(self, story: Mapping[str, Any], case: Case, said: Mapping[str, Any]) -> None:
        at = self._at(said["at"], said["by"], case.area)
        definition = self.live.schema.letters[said["letter"]]
        form = self._values(definition.fields, said.get("form") or {}, story)
        issue_on_request(at, case, said["letter"], form, said.get("destination"))

    def _at(self, moment: str, role: str, area: str) -> At:
        said = datetime.now(self.zone) if moment == NOW else datetime.fromisoformat(moment)
        now = said.replace(tzinfo=self.zone)
        return At(session=self.session, live=self.live, actor=self._actor(role, area), now=now)

    def _actor(self, role: str, area: str) -> Actor:
        for login in (role, STAND_IN, "manager"):
            account = self.session.scalar(select(Account).where(Account.login == login))
            if account is None:
                continue
            rows = self.session.scalars(select(Grant).where(Grant.account_id == account.id))
            grants = tuple(Granted(role=each.role, area=each.area) for each in rows)
            if any(each.covers(area) for each in grants):
                return Actor(account_id=account.id, label=account.label, grants=grants)
        raise BrokenStory(role)

    def _open(self, story: Mapping[str, Any]) -> Case:
        at = self._at(story["opened"], story["by"], story["area"])
        household = self._household(at, story)
        resident = self._resident(at, story, story.get("resident"), household)
        for member in story.get("family") or ():
            self._resident(at, story, member, household)
        reporter = story.get("reporter") or {}
        intake = Intake(
            area=story["area"],
            channel=story["channel"],
            program=story["program"],
            complaint=story["complaint"],
            priority=story["priority"],
            description=story["description"],
            resident_id=resident,
            reporter_name=reporter.get("name"),
            reporter_phone=reporter.get("phone"),
            reporter_relation=reporter.get("relation"),
            papers=self._papers(story.get("documents") or {}),
        )
        return open_case(at, intake)

    def _papers(self, said: Mapping[str, Any]) -> Mapping[str, Paper]:
        return {key: _paper(value) for key, value in said.items()}

    def _household(self, at: At, story: Mapping[str, Any]) -> int | None:
        said = story.get("household")
        return self._row(at, "household", said, story, {}) if said else None

    def _resident(
        self, at: At, story: Mapping[str, Any], said: Mapping[str, Any] | None, household: int | None
    ) -> int | None:
        if not said:
            return None
        subject = self.live.schema.subject()
        links = {
            key: household
            for key, field in self.live.schema.records[subject].fields.items()
            if isinstance(field, LinkField) and field.to == "household"
        }
        return self._row(at, subject, said, story, links)

    def _row(
        self,
        at: At,
        kind: str,
        said: Mapping[str, Any],
        story: Mapping[str, Any],
        links: Mapping[str, int | None],
    ) -> int:
        """Finds the row by a unique value, or adds it; the area is the story's unless it says otherwise."""
        definition, model = self.live.schema.records[kind], self.live.models.records[kind]
        area = {definition.area: story["area"]} if definition.area else {}
        values = self._values(definition.fields, {**area, **said}, story)
        for key, field in definition.fields.items():
            if field.unique and values.get(key) is not None:
                known = select(model.id).where(getattr(model, column_name(key)) == values[key])
                found = self.session.scalar(known)
                if found is not None:
                    return int(found)
        who = at.actor.account_id or 0
        row = model(
            **{column_name(key): value for key, value in {**values, **links}.items()},
            created_at=at.now,
            created_by=who,
            changed_at=at.now,
            changed_by=who,
        )
        self.session.add(row)
        self.session.flush()
        given = {key: (None, definition.fields[key].plain(each)) for key, each in {**values, **links}.items()}
        record(
            self.session,
            actor=at.actor,
            now=at.now,
            kind="record-created",
            subject=kind,
            subject_id=row.id,
            data={"fields": sorted(key for key, (_, new) in given.items() if new is not None)},
            values=given,
        )
        return int(row.id)

    def _values(
        self, fields: Mapping[str, FieldType], said: Mapping[str, Any], story: Mapping[str, Any]
    ) -> dict[str, Value]:
        foreign = sorted(set(said) - set(fields))
        if foreign:
            raise BrokenStory(f"{story['id']}: {foreign}")
        try:
            return {key: fields[key].read(_typed(value)) for key, value in said.items()}
        except ValueError as error:
            raise BrokenStory(f"{story['id']}: {error}") from error

    def _step(self, story: Mapping[str, Any], case: Case, said: Mapping[str, Any]) -> None:
        open_task = select(Task).where(Task.case_id == case.id, Task.status == "open")
        task = self.session.scalars(open_task).one_or_none()
        if task is None or task.step != said["step"]:
            raise BrokenStory(f"{story['id']}: {said['step']} != {task.step if task else None}")
        at = self._at(said["at"], said["by"], case.area)
        step = sop_version(self.session, case.sop_version_id).steps[task.step]
        answers = self._values(form_fields(self.live, step), said.get("answers") or {}, story)
        try:
            complete(at, task.id, answers, self._papers(said.get("documents") or {}))
        except Exception as error:
            raise BrokenStory(f"{story['id']} {said['step']}: {error!r}") from error
        if said.get("identified"):
            resident = self._resident(at, story, said["identified"], self._household(at, story))
            identify(at, case.id, resident or 0)


def _paper(said: Any) -> Paper:
    if isinstance(said, str):
        return Paper(state=said)
    until = said.get("follow_by")
    return Paper(
        state=said["state"], follow_by=date.fromisoformat(until) if until else None, note=said.get("note")
    )


def _typed(value: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else (str(value),)
