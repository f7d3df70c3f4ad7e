"""A message as people send it, in lines "Label: nilai" -> the entries of a form, and what was not understood.

Nothing of a message is lost: what no entry takes, or cannot read, comes back line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portal.fields import (
    AreaField,
    ChoiceField,
    FieldType,
    KkField,
    LongTextField,
    NikField,
    PhoneField,
    TextField,
    Unreadable,
)
from portal.fields.base import legible
from portal.words import LANGUAGES, say_in

LONGEST_LABEL = 40
_STAMP = re.compile(
    r"^\s*\[?\d{1,2}[/.]\d{1,2}[/.]\d{2,4}[, ]+\d{1,2}[.:]\d{2}(?:[.:]\d{2})?\]?\s*(?:-\s*)?[^:]{1,40}:\s+"
)
"""What WhatsApp puts before each message that is copied: [12/11/26 10.32] Wati: ..."""
_DECORATION = re.compile(r"^[\s>*_~•·\-–—]*(?:\d{1,2}[.)]\s+)?[\s*_~]*")
_SIGN = re.compile(r"\s*[:：=]\s*|\s+[-–—]\s+")
_NEXT = re.compile(r"\s*[,;|]\s*(?=[^,;|:=]{2,40}[:：=])")
"""Where one line goes on with another label."""
_NOTHING = frozenset(
    ("", "-", "--", "?", "belum ada", "tidak ada", "tdk ada", "belum punya", "tidak punya", "kosong", "nihil")
)
"""What people write where there is nothing to write."""


@dataclass(kw_only=True)
class Pasted:
    """What a message says of the entries of a form."""

    entries: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The texts of each entry, as a form would send them."""
    unread: list[str] = field(default_factory=list)
    """What no entry takes, in the words of the message."""


def understood(text: str, fields: Mapping[str, FieldType], areas: Mapping[str, str]) -> Pasted:
    """Returns what a message says of some fields; the first value of each counts.

    Args:
        fields: by the name of their entry; their labels and the variants in `intake-called-...` are known.
        areas: the names of the areas that an area field takes, by code.
    """
    names, said = _names(fields), Pasted()
    last = ""
    for line in _lines(text):
        label, value = _parted(line, names)
        if label:
            last = label if _keep(said, label, value, fields, areas) else ""
            if not last:
                said.unread.append(line)
        elif last and isinstance(fields.get(last), LongTextField):
            said.entries[last] = (f"{said.entries[last][0]}\n{line}",)
        else:
            last = ""
            said.unread.append(line)
    return said


def _lines(text: str) -> Iterator[str]:
    for line in legible(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        bare = _STAMP.sub("", line).strip()
        yield from (part.strip() for part in _NEXT.split(bare) if part.strip(" *_~"))


def _names(fields: Mapping[str, FieldType]) -> dict[str, str]:
    """The entry that each label means, by the label without spaces and signs."""
    found: dict[str, str] = {}
    for name in fields:
        slug = f"intake-called-{name}"
        for variant in say_in("id", slug).split("|") if slug in LANGUAGES["id"] else ():
            found.setdefault(_bare(variant), name)
    for name, kind in fields.items():
        # What an office calls its own fields is known as well, after what messages usually mean by it.
        found.setdefault(_bare(kind.label), name)
        found.setdefault(_bare(name), name)
    return found | {_bare(each): PAIR for each in say_in("id", "intake-called-rt-rw").split("|")}


PAIR = "rt+rw"
"""RT and RW written in one: 002/001."""


def _bare(label: str) -> str:
    return re.sub(r"[^a-z0-9+]", "", legible(label).casefold())


def _parted(line: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Returns which entry a line begins with and its value, or nothing."""
    bare = _DECORATION.sub("", line)
    sign = _SIGN.search(bare)
    if sign and sign.start() <= LONGEST_LABEL and (entry := _called(bare[: sign.start()], names)):
        return entry, bare[sign.end() :].strip(" *_~")
    # "NIK 1810..." without a sign: only before a number, a sentence may well begin with "nama".
    number = re.match(r"([^\d:]{2,30}?)\s+(\+?[\d][\d\s.\-/]{1,25})$", bare)
    if number and (entry := _called(number[1], names)):
        return entry, number[2]
    return "", ""


def _called(label: str, names: Mapping[str, str]) -> str:
    """The entry of a label: itself, without what stands in brackets, or one of `A / B`."""
    short = re.sub(r"\(.*?\)", "", label)
    for each in (label, short, *re.split(r"[/,]| atau ", short)):
        if (bare := _bare(each)) in names and bare:
            return names[bare]
    return ""


def _keep(
    said: Pasted, entry: str, value: str, fields: Mapping[str, FieldType], areas: Mapping[str, str]
) -> bool:
    """Keeps a value; tells whether it was understood. "-" and "belum ada" are an empty value."""
    if value.casefold().strip(" .") in _NOTHING:
        return True
    if entry == PAIR:
        return _keep_pair(said, value, fields)
    if entry in said.entries or (raw := _raw(fields[entry], value, areas)) is None:
        return False
    said.entries[entry] = raw
    return True


def _keep_pair(said: Pasted, value: str, fields: Mapping[str, FieldType]) -> bool:
    numbers = re.findall(r"\d{1,3}", value)
    if len(numbers) != 2 or not {"rt", "rw"} <= set(fields):
        return False
    said.entries |= {key: (number.zfill(3),) for key, number in zip(("rt", "rw"), numbers, strict=True)}
    return True


def _raw(kind: FieldType, value: str, areas: Mapping[str, str]) -> tuple[str, ...] | None:
    """Returns a value as a form would send it, None when the field cannot hold it."""
    if isinstance(kind, AreaField):
        return _one(value, areas)
    if isinstance(kind, ChoiceField):
        return _chosen(kind, value)
    for text in _readings(kind, value):
        try:
            read = kind.read((text,))
        except Unreadable:
            continue
        return (text,) if isinstance(kind, TextField | LongTextField) else kind.write(read)
    return None


def _readings(kind: FieldType, value: str) -> Iterator[str]:
    """A value as it stands, then without what people write around it: the place of birth, a remark."""
    if (
        isinstance(kind, TextField)
        and kind.max_length == 3
        and (number := re.fullmatch(r"0*(\d{1,3})", value))
    ):
        yield number[1].zfill(3)
    yield value
    if isinstance(kind, NikField | KkField | PhoneField):
        yield re.sub(r"\(.*?\)|[a-zA-Z].*$", "", value).strip(" ,;/")
    elif not isinstance(kind, TextField | LongTextField):
        yield value.rpartition(",")[2].strip()
        yield re.sub(r"\(.*?\)", "", value.rpartition(",")[2]).strip()


def _chosen(kind: ChoiceField, value: str) -> tuple[str, ...] | None:
    for key in kind.choices:
        slug = f"intake-means-{key}"
        if slug in LANGUAGES["id"] and _bare(value) in {
            _bare(each) for each in say_in("id", slug).split("|")
        }:
            return (key,)
    return _one(value, kind.choices)


def _one(value: str, labels: Mapping[str, str]) -> tuple[str, ...] | None:
    """The one key whose name, or part of whose name, a value is."""
    wanted = _bare(re.sub(say_in("id", "intake-village-words"), " ", value, flags=re.IGNORECASE))
    if not wanted:
        return None
    tests: Sequence[Iterable[str]] = (
        [key for key, label in labels.items() if wanted in (_bare(key), _bare(label))],
        [key for key, label in labels.items() if wanted in _parts(label)],
    )
    return next(((found[0],) for found in map(list, tests) if len(found) == 1), None)


def _parts(label: str) -> set[str]:
    """The names within a name: what stands before and behind a dash, a comma, a bracket."""
    parts = re.split(
        r" - |[,()]", re.sub(say_in("id", "intake-village-words"), " ", label, flags=re.IGNORECASE)
    )
    return {bare for each in parts if (bare := _bare(each))}
