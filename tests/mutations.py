"""Mistakes as people make them: one seeded edit of one line of a YAML file, and where a message fits."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KEY = re.compile(r"(?:^\s*(?:- )?|[{,]\s*)(\"?)([a-z0-9][a-z0-9_.-]*)\1:(?=\s|$)")
VALUE = re.compile(r"(?:: |- |\[|, )([A-Za-z0-9][^,\]}{\[:#\"]*?)\s*(?=[,\]}]|$)")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
WRONG = ("tiga", "[satu, dua]", "{a: b}", "", "yes", "-1", "2026-13-40", "~", "1.5", "'")


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One line of one file, before and after; `after` is None where the line is deleted."""

    kind: str
    file: str
    line: int
    before: str
    after: str | None

    def applied(self, text: str) -> str:
        """Returns the text of the file with the edit."""
        lines = text.split("\n")
        assert lines[self.line - 1] == self.before
        lines[self.line - 1 : self.line] = [] if self.after is None else [self.after]
        return "\n".join(lines)

    @property
    def gone(self) -> frozenset[str]:
        """The words that stood on the line and do not any more: who still says them dangles."""
        return frozenset(WORD.findall(self.before)) - frozenset(WORD.findall(self.after or ""))


def edits(files: Mapping[str, str], count: int, seed: int) -> Iterator[Edit]:
    """Yields seeded edits of lines that are neither empty nor comments."""
    chance = random.Random(seed)
    lines = [
        (file, number, line)
        for file, text in sorted(files.items())
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    made = 0
    while made < count:
        kind = chance.choice(tuple(KINDS))
        file, number, line = chance.choice(lines)
        after = KINDS[kind](line, chance)
        if after != line:
            made += 1
            yield Edit(kind=kind, file=file, line=number, before=line, after=after)


def places(edit: Edit, before: Sequence[str], after: Sequence[str]) -> Callable[[str, int, str], bool]:
    """Returns whether a message may stand at a file, line and quoted text.

    It may stand on the edited line; on the line that is next to where a deleted line was, or that holds what
    was deleted; on a line that says a word which the edit took away; on the first line of what hung below a
    line that was moved.
    """
    inside = {edit.line}
    depth = indent(edit.before)
    above = next((n for n in range(edit.line - 1, 0, -1) if is_above(before[n - 1], depth)), edit.line)
    if edit.after is None:
        inside |= {edit.line - 1, above}
    elif indent(edit.after) != depth:
        inside |= (
            {edit.line + 1} if indent(after[edit.line] if edit.line < len(after) else "") != 0 else set()
        )
        inside |= {above}

    def fits(file: str, line: int, quoted: str) -> bool:
        if file == edit.file and line in inside:
            return True
        return bool(edit.gone & frozenset(WORD.findall(quoted)))

    return fits


def indent(line: str) -> int:
    """Returns how far a line is indented; a list's hyphen belongs to the indentation."""
    return len(line) - len(line.lstrip(" "))


def is_above(line: str, depth: int) -> bool:
    """Tells whether a line holds what stands at a depth below it."""
    return bool(line.strip()) and not line.lstrip().startswith("#") and indent(line) < depth


def folder_of(files: Mapping[str, str], edit: Edit | None, into: Path) -> Path:
    """Writes the files, one of them edited, and returns their folder."""
    for name, text in files.items():
        changed = edit.applied(text) if edit and edit.file == name else text
        path = into / name
        if not path.exists() or path.read_text("utf-8") != changed:
            path.write_text(changed, "utf-8")
    return into


def _mistyped(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    how = chance.randrange(3)
    if how == 0 and len(word) > 1:
        return word[:place] + word[place + 1 :]
    if how == 1 and place + 1 < len(word):
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + chance.choice("aeionrt") + word[place:]


def _at(
    pattern: re.Pattern[str], group: int, line: str, chance: random.Random, new: Callable[[str], str]
) -> str:
    found = list(pattern.finditer(line))
    if not found:
        return line
    match = chance.choice(found)
    return line[: match.start(group)] + new(match[group]) + line[match.end(group) :]


def _typo_in_key(line: str, chance: random.Random) -> str:
    return _at(KEY, 2, line, chance, lambda word: _mistyped(word, chance))


def _typo_in_value(line: str, chance: random.Random) -> str:
    return _at(VALUE, 1, line, chance, lambda word: _mistyped(word, chance))


def _deleted(line: str, chance: random.Random) -> None:
    return None


def _renamed(line: str, chance: random.Random) -> str:
    return _at(KEY, 2, line, chance, lambda word: f"{word}-{chance.choice(('baru', 'lama', '2'))}")


def _wrong_type(line: str, chance: random.Random) -> str:
    return _at(VALUE, 1, line, chance, lambda _: chance.choice(WRONG))


def _wrong_indent(line: str, chance: random.Random) -> str:
    step = chance.choice((-2, -1, 1, 2, 3))
    return " " * step + line if step > 0 else line[min(-step, indent(line)) :]


KINDS: Mapping[str, Callable[[str, random.Random], str | None]] = {
    "typo in a key": _typo_in_key,
    "typo in a value": _typo_in_value,
    "deleted line": _deleted,
    "renamed id": _renamed,
    "wrong type": _wrong_type,
    "wrong indent": _wrong_indent,
}
