"""The pages on which an office answers for data: rights of people, erasures, breaches, unusual access."""

from __future__ import annotations

from portal.admin.desk.duties.accesses import UnusualPage
from portal.admin.desk.duties.breaches import BreachPage
from portal.admin.desk.duties.corrections import CorrectionPage
from portal.admin.desk.duties.erasures import ErasurePage
from portal.admin.desk.duties.persons import PersonPage

DUTIES = (CorrectionPage, ErasurePage, BreachPage, UnusualPage, PersonPage)
"""Every page of the duties, in the order of the menu."""
