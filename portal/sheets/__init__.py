"""An SOP on paper: the form of Permenpan 35/2012, the service standard of 15/2014, a job aid for each role.

All three are printed from the same definition that the portal works by; what nobody has declared is an empty
line on paper, to be filled in by hand.
"""

from __future__ import annotations

from portal.sheets.base import Facts, InForce, Kind, executors, role_label
from portal.sheets.printing import sheet_html, sheet_pdf, sheet_values
from portal.sheets.standing import facts_of, in_force, office_of, roles_open

__all__ = [
    "Facts",
    "InForce",
    "Kind",
    "executors",
    "facts_of",
    "in_force",
    "office_of",
    "role_label",
    "roles_open",
    "sheet_html",
    "sheet_pdf",
    "sheet_values",
]
