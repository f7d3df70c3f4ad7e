"""A text that is being edited -> the problems that the editor shows, root causes only, with fixes.

The shape of an entry comes before its meaning: while a key in an SOP is misspelt, nobody looks at its roles
and steps. So that all mistakes are told at once, obvious slips are mended on the side and the text is looked
at again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import PurePath

from portal.checks import check
from portal.checks.references import FAMILY as REFERENCES
from portal.diagnostics import Diagnostic, hint, in_order, message
from portal.document import MapNode, node_at
from portal.editor.fixes import Fix, fixes
from portal.load import Loaded
from portal.words import say_in

_ROUNDS = 3
"""So often slips are mended on the side; a key in an entry whose type is misspelt takes two."""
_BROKEN = frozenset((*REFERENCES.codes, "step-unknown", "key-unknown", "key-missing", "type-unknown"))
_AFTER = frozenset((
    "decision-circle",
    "decision-without-choice",
    "scenario-step-unknown",
    "sop-without-outcome",
    "step-last-open",
    "step-unreachable",
    "step-without-end",
))  # fmt: skip
"""What the ways through an SOP say; none of it can be believed while something in the SOP names nothing."""
_TWICE = ("entry-duplicate", "key-duplicate")


def found_in(read: Callable[[str], Loaded], file: str, text: str) -> tuple[Diagnostic, ...]:
    """Returns what is wrong in a folder with a text for one of its files: each mistake, no after-effect.

    Args:
        read: loads the folder with a text in place of that file.
        file: the file's name in the folder.
        text: what is being edited.
    """
    loaded, mended = read(text), text
    told: list[Diagnostic] = []
    done: list[Fix] = []
    for _ in range(_ROUNDS):
        slips = {fix: each for each in loaded.diagnostics if _is_in(each, file) for fix in fixes(each)}
        if not slips:
            break
        told += [_before(each, done, file, text) for each in slips.values()]
        for fix in sorted(slips, key=lambda each: -each.column):
            mended, done = fix.on(mended), [*done, fix]
        loaded = read(mended)
    lines = {fix.line for fix in done}
    rest = [*loaded.diagnostics, *check(loaded)]
    # A key beside the one that it is mended to stands there twice, which is told already.
    rest = [d for d in rest if not (d.code in _TWICE and _is_in(d, file) and d.mark.line in lines)]
    found = in_order([*told, *(_before(each, done, file, text) for each in rest)])
    return without_after_effects(found, loaded.root)


def without_after_effects(found: Iterable[Diagnostic], root: MapNode) -> tuple[Diagnostic, ...]:
    """Returns mistakes without what only follows from others: what is said of ways through a broken SOP."""
    told = tuple(found)
    broken = {_sop_of(each, root) for each in told if each.code in _BROKEN} - {""}
    return tuple(d for d in told if d.code not in _AFTER or _sop_of(d, root) not in broken)


def problems(found: Iterable[Diagnostic], file: str, in_language: str) -> list[dict[str, object]]:
    """Returns mistakes as the editor shows them, those of the edited file before those in other files.

    Columns count characters from 1, and `end_column` is the first that is not meant any more.
    """
    ordered = sorted(found, key=lambda each: not _is_in(each, file))
    return [_shown(each, file, in_language) for each in ordered]


def _shown(diagnostic: Diagnostic, file: str, in_language: str) -> dict[str, object]:
    mark = diagnostic.mark
    return {
        "file": PurePath(mark.file).name,
        "line": mark.line,
        "column": mark.column,
        "end_column": mark.column + mark.length,
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": message(diagnostic, in_language),
        "hint": hint(diagnostic, in_language),
        "fixes": [_clicked(fix, in_language) for fix in fixes(diagnostic) if _is_in(diagnostic, file)],
    }


def _clicked(fix: Fix, in_language: str) -> dict[str, object]:
    return {
        "label": say_in(in_language, "editor-fix", near=fix.insert),
        "from": {"line": fix.line, "column": fix.column},
        "to": {"line": fix.line, "column": fix.end_column},
        "insert": fix.insert,
    }


def _is_in(diagnostic: Diagnostic, file: str) -> bool:
    return PurePath(diagnostic.mark.file).name == file


def _before(diagnostic: Diagnostic, done: list[Fix], file: str, text: str) -> Diagnostic:
    """Returns a mistake of a mended text where it stands in the text as it was typed."""
    mark = diagnostic.mark
    if not done or not _is_in(diagnostic, file):
        return diagnostic
    column = mark.column
    for fix in reversed(done):
        if fix.line == mark.line and column >= fix.column + len(fix.insert):
            column -= len(fix.insert) - (fix.end_column - fix.column)
    lines = text.split("\n")
    quoted = lines[mark.line - 1] if mark.line <= len(lines) else mark.quoted
    return replace(diagnostic, mark=replace(mark, column=column, quoted=quoted))


def _sop_of(diagnostic: Diagnostic, root: MapNode) -> str:
    """Returns the id of the SOP in which a mistake stands, or that it names; empty outside of any."""
    mark, inside = diagnostic.mark, ""
    sops = node_at(root, ("sops",))
    for entry in sops.entries if isinstance(sops, MapNode) and sops is not root else ():
        key = entry.key.mark
        if key.file == mark.file and key.line <= mark.line:
            inside = entry.key.text
    return inside or diagnostic.values.get("sop", "")
