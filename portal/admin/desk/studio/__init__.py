"""The pages of the studio: the rules as files and forms, what a change would do, and putting it in force."""

from __future__ import annotations

from portal.admin.desk.studio.homepage import StudioHome
from portal.admin.desk.studio.mergepage import MergePage
from portal.admin.desk.studio.planpage import PlanPage
from portal.admin.desk.studio.textpage import TextPage
from portal.admin.desk.studio.wishpage import WishPage

STUDIO = (StudioHome, TextPage, PlanPage, MergePage, WishPage)
"""Every page of the studio, in the order of the menu."""
