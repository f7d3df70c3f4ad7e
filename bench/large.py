"""A large office for measuring: the shipped schema with its SOPs and programmes several times over."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

REPEATED = {"sops": "sop.yaml", "programs": "programs.yaml"}
_ENTRY = re.compile(r"^  ([a-z0-9][a-z0-9_-]*):", re.MULTILINE)
_LABEL = re.compile(r"^(    label: )(\"?)(.*?)(\"?)$", re.MULTILINE)


def enlarge(shipped: Path, into: Path, times: int) -> Path:
    """Copies a schema folder and adds its SOPs and programmes again with new ids, one file for each time.

    Returns:
        The new schema folder; the letter templates lie beside it as the portal expects.
    """
    folder = into / "schema"
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("*.json"))
    shutil.copytree(shipped.parent / "templates", into / "templates")
    sops = _ENTRY.findall((shipped / REPEATED["sops"]).read_text("utf-8"))
    for number in range(2, times + 1):
        for section, file in REPEATED.items():
            text = (shipped / file).read_text("utf-8")
            (folder / f"{section}-{number:02}.yaml").write_text(_again(text, sops, number), "utf-8")
    return folder


def _again(text: str, sops: list[str], number: int) -> str:
    """Returns the text of a file with every entry under another id, and its programmes under other SOPs."""
    head, _, body = text.partition("\n  ")
    body = _ENTRY.sub(rf"  \1-{number}:", f"  {body}")
    body = _LABEL.sub(rf"\g<1>\g<2>\g<3> ({number})\g<4>", body)
    for sop in sops:
        body = re.sub(rf"^    sop: {sop}$", f"    sop: {sop}-{number}", body, flags=re.MULTILINE)
    programs = re.sub(r"(case\.program: )([a-z-]+)", rf"\g<1>\g<2>-{number}", body)
    return f"{head}\n{programs}"
