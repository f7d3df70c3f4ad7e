"""The how-to on who may see what, followed word by word on the shipped office."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from test_tutorial import CHECKOUT, followed

PAGE = CHECKOUT / "docs" / "how-to" / "change-who-may-see-what.md"


def test_changing_rights_can_be_followed(tmp_path: Path) -> None:
    for folder in ("schema", "templates"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder)
    page = PAGE.read_text("utf-8")
    really = followed(page, tmp_path)
    if os.environ.get("PORTAL_REGOLD") == "1":
        PAGE.write_text(really, "utf-8")
    assert really == page
