"""A referral letter of the demonstration in somebody's hand, and a clock that the test moves."""

from __future__ import annotations

import re

from sqlalchemy import Engine, select
from starlette.types import ASGIApp
from worked import NOW, Browser

from portal.access import SYSTEM
from portal.database import reading, writing
from portal.referrals.states import OPEN
from portal.tables import Case, Event, IssuedLetter, Referral
from portal.wall import acting


class Paper:
    """A referral letter of the demonstration as somebody holds it in hand."""

    def __init__(self, engine: Engine) -> None:
        with acting(SYSTEM), reading(engine) as session:
            wanted = (
                select(Referral, IssuedLetter, Case)
                .join(IssuedLetter, IssuedLetter.id == Referral.letter_id)
                .join(Case, Case.id == Referral.case_id)
                .where(Case.access == "normal", Case.status == "open", Referral.status.in_(OPEN))
            )
            rows = session.execute(wanted.where(Referral.page_until > NOW).order_by(Referral.id)).all()
            self.row, self.letter, self.case = rows[0]
        self.id, self.code = self.row.id, self.letter.data["reply"]["code"]
        self.pin, self.name = self.letter.data["reply"]["pin"], self.letter.data["resident"]["name"]
        self.url, self.page = f"/rujukan/{self.code}", f"/kasus/{self.case.id}/rujukan/{self.id}"

    @property
    def wrong(self) -> str:
        return "000000" if self.pin != "000000" else "111111"


def put(engine: Engine, paper: Paper, state: str, **more: object) -> None:
    values = {"status": state, "noted_at": None, "replied_at": None, "way": None, **more}
    with acting(SYSTEM), writing(engine) as session:
        row = session.get_one(Referral, paper.id)
        for name, value in values.items():
            setattr(row, name, value)


def state(engine: Engine, paper: Paper) -> str:
    with acting(SYSTEM), reading(engine) as session:
        return session.get_one(Referral, paper.id).status


def kinds(engine: Engine, case: int) -> list[str]:
    with reading(engine) as session:
        mine = select(Event.kind).where(Event.subject == "case", Event.subject_id == case)
        return list(session.scalars(mine.order_by(Event.id)))


def words(browser: Browser) -> str:
    return " ".join(browser.seen.text)


def personal(paper: Paper) -> tuple[str, ...]:
    said = paper.letter.data
    people = [said["resident"], *said["family"]]
    found = [person[key] for person in people for key in ("nik", "name") if person.get(key)]
    return (*found, *paper.name.split(), said["case"]["number"], said["case"]["description"])


def ticket(app: ASGIApp, paper: Paper) -> tuple[str, str]:
    clerk = Browser(app, "secretariat")
    clerk.get(f"/kasus/{paper.case.id}")
    page = clerk.send(f"/kasus/{paper.case.id}/tiket").text
    code, pin = re.search(r"<dd>([A-Z2-9]{5}-[A-Z2-9]{5})</dd>", page), re.search(r"<dd>(\d{6})</dd>", page)
    assert code
    assert pin
    return code[1], pin[1]
