"""Which passphrases others try first: a list of ours, patterns of the keyboard, and a larger local list.

Nothing is asked of another machine. The larger list is a file that an office brings along, one hash a line
in ascending order: forty hexadecimal digits, whatever follows them (as Have I Been Pwned gives them).
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import BinaryIO

LIST = Path(__file__).parent.parent / "assets" / "common-passwords.txt"
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
)
_DISGUISED = str.maketrans("013457@$!", "oieastasi")
_DIGITS = 40


@cache
def _words() -> frozenset[str]:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def plain_letters(text: str) -> str:
    """Returns a text as small letters and digits, with the digits that stand for letters as those."""
    return "".join(each for each in text.casefold().translate(_DISGUISED) if each.isalnum())


def is_common(password: str) -> bool:
    """Tells whether a passphrase is a well-known one, with whatever digits and signs around it."""
    small = password.casefold()
    ends = "".join(each for each in small if not each.isalpha())
    core = plain_letters(small.strip(ends)) if ends != small else small
    whole = "".join(each for each in small if each.isalnum())
    return any(_is_known(each) or _is_run(each) or _repeats(each) for each in {core, whole, small})


def _is_known(text: str) -> bool:
    words = _words()
    halves = ((text[:cut], text[cut:]) for cut in range(1, len(text)))
    return text in words or any(one in words and other in words for one, other in halves)


def _is_run(text: str) -> bool:
    """Tells whether a text follows the alphabet, the digits or the keyboard, onwards or back."""
    runs = [run * 3 for run in RUNS]
    return len(text) >= 4 and any(text in run or text in run[::-1] for run in runs)


def _repeats(text: str) -> bool:
    """Tells whether a text is one short or known piece again and again."""
    period = (text + text).find(text, 1) if text else 0
    return 0 < period < len(text) and (period <= 4 or _is_known(text[:period]) or _is_run(text[:period]))


def is_leaked(password: str, file: Path) -> bool:
    """Tells whether a sorted file of SHA-1 hashes has a passphrase; reads about thirty lines of it.

    Raises:
        OSError: the file cannot be read.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as lines:
        low, high = 0, lines.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            found = _line_at(lines, middle)
            if found and found < wanted:
                low = middle + 1
            else:
                high = middle
        return _line_at(lines, low) == wanted


def _line_at(lines: BinaryIO, place: int) -> bytes:
    """Returns the hash of the first line that begins at or after a place, empty at the end."""
    lines.seek(max(place - 1, 0))
    if place:
        lines.readline()
    return lines.readline()[:_DIGITS].upper()
