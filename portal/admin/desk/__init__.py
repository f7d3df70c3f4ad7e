"""The desk: the pages on which complaints are taken and cases are carried, as views of the same Admin."""

from __future__ import annotations

from portal.admin.desk.caselist import CaseList
from portal.admin.desk.casepage import CasePage
from portal.admin.desk.dividepage import DividePage
from portal.admin.desk.exportpage import ExportPage
from portal.admin.desk.find import Find
from portal.admin.desk.intake import NewComplaint
from portal.admin.desk.letterpage import LetterPage
from portal.admin.desk.movepage import MovePage
from portal.admin.desk.releasepage import ReleasePage
from portal.admin.desk.tasks import Tasks

PAGES = (
    Tasks,
    NewComplaint,
    CaseList,
    DividePage,
    CasePage,
    LetterPage,
    Find,
    ReleasePage,
    MovePage,
    ExportPage,
)
"""Every page of the desk, in the order of the menu."""
