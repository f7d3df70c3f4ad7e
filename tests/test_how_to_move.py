"""The how-to page on changing a running SOP, followed word by word on the example office."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from test_tutorial import CHECKOUT, STEP, Reader

PAGE = CHECKOUT / "docs" / "how-to" / "change-a-running-sop.md"


def test_how_to_change_a_running_sop_can_be_followed(tmp_path: Path) -> None:
    for folder in ("schema", "templates"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder)
    page, reader = PAGE.read_text("utf-8"), Reader(tmp_path)
    reader.environment["PYTHONPATH"] = str(CHECKOUT)
    really = STEP.sub(reader.step, page)
    if os.environ.get("PORTAL_REGOLD") == "1":
        PAGE.write_text(really, "utf-8")
    assert really == page
