"""The pages of docs that are made from the code, so that they cannot say what is not so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from portal.reference.commands import commands
from portal.reference.conversions import page as conversions
from portal.reference.diagnostics import diagnostics
from portal.reference.doctor import doctor
from portal.reference.language import language
from portal.reference.modules import modules


def pages(checkout: Path) -> Mapping[str, str]:
    """Returns every reference page by its file name; the examples come from the checkout's tests."""
    return {
        "commands.md": commands(),
        "diagnostics.md": diagnostics(checkout / "tests" / "bad"),
        "doctor.md": doctor(),
        "language.md": language(),
        "modules.md": modules(checkout / "portal"),
        "../explanation/type-changes.md": conversions(),
    }


def write(folder: Path, checkout: Path) -> None:
    """Writes every reference page into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(checkout).items():
        (folder / name).write_text(text, "utf-8")


__all__ = ["commands", "conversions", "diagnostics", "doctor", "language", "modules", "pages", "write"]
