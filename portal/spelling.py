"""How alike two Indonesian names are: spellings, titles, short forms and slips of typing; pure functions.

A name becomes words in one plain spelling (`words`): titles go, short forms are written out, old and new
spelling fall together. `alike` compares those of two names, `skeletons` gives what an index keeps of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

ALIKE = 80
"""From here on two names are similar."""

_TITLES = frozenset(
    (
        "h",
        "hj",
        "haji",
        "hajah",
        "hajjah",
        "dr",
        "drs",
        "dra",
        "drg",
        "drh",
        "ir",
        "prof",
        "kh",
        "kyai",
        "kiai",
        "ky",
        "ust",
        "ustad",
        "ustadz",
        "ustaz",
        "ustadzah",
        "tgk",
        "tengku",
        "teungku",
        "tgku",
        "tn",
        "tuan",
        "ny",
        "nyonya",
        "nn",
        "nona",
        "sdr",
        "sdri",
        "saudara",
        "saudari",
        "alm",
        "almh",
        "almarhum",
        "almarhumah",
        "bpk",
        "bapak",
        "pak",
        "ibu",
        "bu",
        "r",
        "rr",
        "rd",
        "raden",
        "roro",
        "rm",
    )
)
_DEGREES = re.compile(
    r"(?:\b(?:s|m|d)\.?\s?(?:pd\.?\s?i|pd|kom|sos|ag|ip|kep|keb|farm|psi|hum|ikom|stat|tr|sy|si|kes|pt|hut|th|km"
    r"|ak|ked|ap)\b\.?)|(?:\bs\.\s?[ehtps]\b\.?)|(?:\bm\.\s?[mthp]\b\.?(?=\s*(?:,|$)))|(?:\ba\.?\s?md\b\.?(?:\s?\w{2,4}\.?)?)"
    r"|(?:\bph\.?\s?d\b\.?)|(?:,\s*(?:se|sh|st|sp|mm|mt|mh|mp|ss|ners|ns|apt)\b\.?)"
)
_SCHOLAR = re.compile(r"\bk\.?\s?h\b\.?")
_MUHAMMAD = re.compile(r"m[uo]k?h+(?:am+[ae][dt]|am+|d)?|moch|much|m[uo]cham+[ae]d|mhd|md|muhamad|mohd")
_ABDUL = frozenset(
    ("abd", "abdul", "abdoel", "abdur", "abdus", "abdun", "abdut", "abdush", "abdusy", "abdel")
)
_SERVANT = re.compile(r"abd(?:u|oe)(?:l(?=[^l])|([rsndtz])\1)(?=\w{3})")
_FATHER = frozenset(("bin", "binti", "bt", "bte", "ibn"))
_LIGHT = frozenset({"muhamad", "siti", "abdul"})
"""Words that people write or leave out: without them a name is still the same name."""
_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        ("oe", "u"), ("tj", "c"), ("dj", "j"), ("nj", "ny"), ("sj|sy|sh|ts", "s"), ("ch|kh", "h"),
        ("ph", "f"), ("d[hz](?=[aiueo])", "z"), ("th", "t"), ("gh", "g"), ("x", "ks"), ("q", "k"),
        ("[fv]", "p"), ("z$", "s"), ("z", "j"), ("ae|ay(?=[^aiueo])", "ai"), ("au|ao|aw(?=[^aiueo])", "au"),
        ("iy(?=[aiueo])", "i"), ("uw(?=[aiueo])", "u"), ("ij(?=[aeou])", "i"), ("j", "y"), (r"(.)\1+", r"\1"),
        ("(?<=[aiueo])h$", ""), ("(?<=ul)o$", "a"),
    )
)  # fmt: skip
_VOWELS = "aiueo"
_CLOSE = frozenset(map(frozenset, ("ys", "ou", "ie", "kg", "dt", "bp", "oa", "wp")))
"""Letters that are heard for each other: half a slip."""


def words(name: str) -> tuple[str, ...]:
    """Returns the words of a name in one plain spelling, without titles."""
    return _words(name[:200])


@lru_cache(maxsize=20_000)
def _words(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = re.sub("[^a-z0-9., -]", "", plain.replace("-", " "))
    plain = _SCHOLAR.sub(" ", _DEGREES.sub(" ", plain))
    raw = re.findall("[a-z0-9]+", plain)
    kept = [word for word in raw if word not in _TITLES] or raw
    full = [each for index, word in enumerate(kept) for each in _written_out(word, index, len(kept))]
    return tuple(_plain(word) for word in full)


def _written_out(word: str, place: int, many: int) -> tuple[str, ...]:
    """Returns a short form in full, and a word that is two as two."""
    first = place == 0 and many > 1
    if _MUHAMMAD.fullmatch(word) or (word == "m" and first):
        return ("muhamad",)
    if word in _ABDUL:
        return ("abdul",)
    if (word in ("st", "sitti") and many > 1) or word == "sitie":
        return ("siti",)
    if word in ("nr", "noer", "nor") and many > 1:
        return ("nur",)
    joined = _SERVANT.match(word)
    if joined:
        return "abdul", word[joined.end() - (1 if joined[1] else 0) :]
    return (word,)


@lru_cache(maxsize=20_000)
def _plain(word: str) -> str:
    said = word
    for pattern, plain in _STEPS:
        said = pattern.sub(plain, said)
    return said or word


def skeletons(name: str) -> tuple[str, ...]:
    """Returns what an index keeps of a name, a sign for each word: names that are alike share one.

    A sign is the first letter and the consonants after it; a slip in a vowel leaves it as it is.
    """
    return tuple(dict.fromkeys(_skeleton(word) for word in words(name) if word not in _FATHER))


def _skeleton(word: str) -> str:
    bones = word[0] + re.sub("[aiueowh]", "", word[1:])
    bones = re.sub(r"(.)\1+", r"\1", bones)
    return bones if len(bones) > 2 else word


def alike(one: str, other: str) -> int:
    """Returns how alike two names are, from 0 to 100; from `ALIKE` on they are similar."""
    first, second = _without_father(words(one), words(other))
    if not first or not second:
        return 0
    if first == second:
        return 100
    if "".join(first) == "".join(second):
        return 98
    if sorted(first) == sorted(second):
        return 97
    return _matched(first, second)


def _without_father(one: Sequence[str], other: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Leaves out the father's name where only one of two names bears it."""
    heads = [next((i for i, word in enumerate(each) if word in _FATHER and i), None) for each in (one, other)]
    if all(head is not None for head in heads):
        return tuple(w for w in one if w not in _FATHER), tuple(w for w in other if w not in _FATHER)
    return tuple(one[: heads[0]]), tuple(other[: heads[1]])


def _matched(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Pairs the words of two names, the best first, whatever their order."""
    one, other = sorted((one, other), key=lambda each: (len(each), each))
    pairs = sorted(
        ((_word(a, b), i, j) for i, a in enumerate(one) for j, b in enumerate(other)), reverse=True
    )
    used: tuple[set[int], set[int]] = (set(), set())
    points, weight, full = 0.0, 0.0, False
    for likeness, i, j in pairs:
        if likeness >= 60 and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            heavy = 0.5 if one[i] in _LIGHT else 1.0
            points, weight = points + heavy * likeness, weight + heavy
            full = full or (one[i] not in _LIGHT and likeness >= 85 and min(len(one[i]), len(other[j])) > 1)
    if not weight or not full:
        return round(points / weight * 0.6) if weight else 0
    left = [one[i] for i in range(len(one)) if i not in used[0]]
    right = [other[j] for j in range(len(other)) if j not in used[1]]
    return max(0, round(points / weight - _lost(left, right, min(len(one), len(other)))))


def _lost(left: Sequence[str], right: Sequence[str], fewest: int) -> float:
    """What words without a partner cost: little when one name only says more, much when both differ."""
    light = sum(word in _LIGHT for word in (*left, *right))
    heavy = len(left) + len(right) - light
    each = 12.0 if fewest > 1 and not (left and right) else 24.0
    return 6.0 * light + each * heavy


@lru_cache(maxsize=50_000)
def _word(one: str, other: str) -> int:
    """Returns how alike two words are in their plain spelling."""
    if one == other:
        return 100
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return 82 if long.startswith(short) else 0
    most = max(len(one), len(other))
    slips = _slips(one, other)
    if one[-1] != other[-1] and one[:-1] == other[:-1] and one[-1] in _VOWELS and other[-1] in _VOWELS:
        slips += 1.0  # Sumarno and Sumarni are two people
    if slips <= 0.5:
        return 92 if most >= 4 else 70
    if slips <= 1:
        return 88 if most >= 5 else 66
    if slips <= 2 and most >= 9:
        return 82
    return max(0, round(60 * (1 - slips / most)))


def _slips(one: str, other: str) -> float:
    """Counts slips from one word to the other: a letter too many, too few, wrong, or two changed over."""
    before: list[float] = []
    row = [float(j) for j in range(len(other) + 1)]
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [float(i)]
        for j, b in enumerate(other, 1):
            wrong = 0.0 if a == b else 0.5 if frozenset((a, b)) in _CLOSE else 1.0
            best = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + wrong)
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]
