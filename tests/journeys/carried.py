"""A journey at the screens: a complaint is taken, each step done by whose it is, until the case is closed."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from journeys import names
from journeys.screens import Screens, entry, find, main, press, problems, unfold
from journeys.told import HERE, Act, Journey, live
from portal.admin.desk.asked import complaint_fields, person_fields
from portal.demo import ACCOUNTS
from portal.fields import AreaField

MANAGER = "manager"
"""Who sees every case of the area and gives it to whom it is not shown otherwise, such as sensitive ones."""
NUMBER = re.compile(r"ADU-[\w/.-]+")


def carry(screens: Screens, journey: Journey) -> str:
    """Carries a case from complaint to close and returns its number."""
    page = screens.of(journey.by)
    number = take(page, journey, again=not screens.scripts) or newest(screens.of(MANAGER))
    for act in journey.acts:
        page = screens.of(act.by)
        if not find(page, number):
            give(screens.of(MANAGER), number, act.by)
            assert find(page, number), f"{act.by} is not shown the case: {problems(page)}"
        do(page, act)
    expect(main(page).get_by_role("heading", name=names.CLOSED), problems(page)).to_be_visible()
    return number


def give(page: Page, number: str, login: str) -> None:
    """Gives the open task of a case to somebody, by the page of the case."""
    assert find(page, number), problems(page)
    unfold(page, names.GIVE)
    label = next(label for known, label, _ in ACCOUNTS if known == login)
    entry(page, names.GIVE_TO, label)
    press(page, names.GIVE_SAVE)
    page.wait_for_url("**notice=task-assigned**")


def newest(page: Page) -> str:
    """Returns the number of the newest case that is listed."""
    page.get_by_role("link", name=names.CASES, exact=True).locator("visible=true").first.click()
    return _number(page)


def take(page: Page, journey: Journey, *, again: bool = False) -> str:
    """Takes the complaint and returns the number of its case, empty when it is not shown to who took it.

    Args:
        again: without scripts the page warns of somebody similar only when it is sent, and is sent once more.
    """
    page.get_by_role("link", name=names.NEW_COMPLAINT, exact=True).locator("visible=true").first.click()
    if journey.anonymous:
        main(page).get_by_role("radio", name=names.NOBODY).check()
    else:
        main(page).get_by_label(names.WHO).fill(journey.nik)
        press(page, names.LOOK_UP)
        _person(page, journey)
    _complaint(page, journey)
    press(page, names.SAVE_COMPLAINT)
    if again:
        page.wait_for_load_state("networkidle")
        if main(page).get_by_role("heading", name=names.SIMILAR).count():
            press(page, names.SAVE_COMPLAINT)
    now = main(page).get_by_role("heading", name=names.begins(names.STEP_NOW))
    kept = page.get_by_role("status").filter(has_text=names.KEPT)
    twins = main(page).get_by_role("heading", name=names.TWINS)
    expect(now.or_(kept).or_(twins).first, problems(page)).to_be_visible()
    if twins.count():  # the person of the worked case has the same name: it is somebody else all the same
        press(page, names.SAVE_COMPLAINT)
    expect(
        now.or_(page.get_by_role("status").filter(has_text=names.KEPT)).first, problems(page)
    ).to_be_visible()
    return _number(page) if now.count() else ""


def _number(page: Page) -> str:
    text = main(page).get_by_text(NUMBER).first
    expect(text, problems(page)).to_be_visible()
    found = NUMBER.search(text.inner_text())
    assert found is not None
    return found[0]


def _person(page: Page, journey: Journey) -> None:
    asked = {field.label for field in person_fields(live().schema).values()}
    for label, text in journey.person:
        if label in asked:
            entry(page, label, text)
    _area(page)


def _area(page: Page) -> None:
    """Chooses the village where the page asks for it: whoever works in one village is not asked."""
    place = live().places.full_name(HERE)
    fields = {**person_fields(live().schema), **complaint_fields(live(), ())}
    for label in dict.fromkeys(each.label for each in fields.values() if isinstance(each, AreaField)):
        for box in main(page).get_by_role("combobox", name=names.called(label)).locator("visible=true").all():
            box.select_option(label=place)


def _complaint(page: Page, journey: Journey) -> None:
    fields = complaint_fields(live(), ())
    for key, text in journey.complaint:
        entry(page, fields[key].label, text)
    _area(page)
    if journey.reporter:
        unfold(page, names.REPORTED_BY_ANOTHER)
    for key, value in journey.reporter:
        entry(page, fields[f"reporter_{key}"].label, value)
    for label in journey.papers:
        box = main(page).get_by_role("checkbox", name=label, exact=True)
        if not box.is_visible():
            unfold(page, names.MORE_PAPERS)
        box.check()


def do(page: Page, act: Act) -> None:
    """Does the step that the page of a case shows, which has to be the one of the journey."""
    expect(main(page).get_by_role("heading", name=names.begins(names.STEP_NOW)).first).to_contain_text(
        act.step
    )
    for label, text in act.answers:
        entry(page, label, text)
    for label, (state, note) in act.papers.items():
        group = main(page).get_by_role("group", name=names.called(label))
        if not group.count():
            continue  # it was noted earlier, or the step does not ask for it
        group.get_by_role("radio", name=names.PAPERS[state]).check()
        if note:
            group.get_by_role("textbox").fill(note)
    press(page, names.begins(*names.COMPLETE))
    settled = page.get_by_role("status").filter(has_text=names.STEP_DONE).or_(page.get_by_role("alert"))
    expect(settled.first).to_be_visible()
    assert page.get_by_role("status").filter(has_text=names.STEP_DONE).count(), (
        f"{act.step}: {problems(page)}"
    )
