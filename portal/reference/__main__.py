"""Makes docs/reference anew; script/docs runs it from the checkout."""

from __future__ import annotations

from pathlib import Path

from portal.reference import write

write(Path("docs") / "reference", Path())
