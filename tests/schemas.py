"""States of a small office before and after an edit of its YAML, made or drawn at random."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st
from small import SCHEMA

from portal.conversions import kind_of
from portal.fields import ChoiceField, ChoicesField, FieldType
from portal.schema import RecordType, Schema

TEXT: Mapping[str, Any] = {"label": "Catatan", "type": "text"}
ASSET: Mapping[str, Any] = {
    "label": "Aset",
    "title": "{name}",
    "list": ["name"],
    "search": ["name"],
    "fields": {"name": {"label": "Nama", "type": "text"}},
}


def small_schema(edits: Mapping[str, Any] | None = None, *, of: Schema = SCHEMA) -> Schema:
    """Returns the small office after edits by path, such as `records/resident/fields/phone`; None removes."""
    data = json.loads(of.canonical())
    for path, value in (edits or {}).items():
        *way, last = path.split("/")
        place = data
        for step in way:
            place = place.setdefault(step, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
    return Schema.model_validate(data)


_IDS = st.from_regex(r"[a-z][a-z0-9_-]{0,7}", fullmatch=True).map(lambda text: f"z{text}")
_KINDS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"type": "text"},
        {"type": "long-text"},
        {"type": "number"},
        {"type": "number", "decimals": "2"},
        {"type": "money"},
        {"type": "date"},
        {"type": "flag"},
        {"type": "choice", "choices": {"yes": "Ya", "no": "Tidak"}},
        {"type": "choices", "choices": {"a": "A", "b": "B"}},
        {"type": "nik"},
        {"type": "kk"},
        {"type": "phone"},
        {"type": "area"},
        {"type": "link", "to": "resident"},
        {"type": "link", "to": "household"},
    ]
)


@st.composite
def _fields(draw: st.DrawFn, least: int = 0) -> dict[str, Any]:
    ids = draw(st.lists(_IDS, min_size=least, max_size=4, unique_by=lambda key: key.replace("-", "_")))
    fields = {key: {"label": f"Isian {key}", **draw(_KINDS)} for key in ids}
    for field in fields.values():
        if field["type"] not in ("choices", "long-text") and draw(st.booleans()):
            field["unique"] = "true"
    return fields


@st.composite
def _record(draw: st.DrawFn) -> dict[str, Any]:
    fields = {"name": {"label": "Nama", "type": "text"}, **draw(_fields())}
    return {"label": "Jenis", "fields": fields, **draw(_named(fields))}


@st.composite
def _named(draw: st.DrawFn, fields: dict[str, Any]) -> dict[str, Any]:
    """Draws how a record type names its fields: title, list, search, sort and filters."""
    some = st.lists(st.sampled_from(sorted(fields)), max_size=3, unique=True)
    plain = [key for key, field in fields.items() if field["type"] not in ("choices", "link", "long-text")]
    words = [key for key, field in fields.items() if field["type"] in ("text", "nik", "kk")]
    first = next(iter(fields))
    return {
        "title": f"{{{first}}}",
        "list": [first],
        "search": [key for key in draw(some) if key in words],
        "sort": [key for key in draw(some) if key in plain],
        "filters": [key for key in draw(some) if key in plain],
    }


_BECOMES: Mapping[str, tuple[dict[str, Any], ...]] = {
    "text": ({"type": "long-text"}, {"type": "number"}, {"type": "choice", "choices": {"a": "A", "12": "B"}}),
    "long-text": ({"type": "text"},),
    "number": ({"type": "text"}, {"type": "money"}, {"type": "number", "decimals": "3"}, {"type": "number"}),
    "money": ({"type": "text"}, {"type": "number"}, {"type": "long-text"}),
    "date": ({"type": "text"},),
    "flag": ({"type": "text"},),
    "choice": ({"type": "choices", "choices": {"yes": "Y", "z": "Z"}}, {"type": "text"}),
    "choices": ({"type": "choice", "choices": {"a": "A", "b": "B"}}, {"type": "long-text"}),
    "nik": ({"type": "text"}, {"type": "kk"}),
    "kk": ({"type": "text"},),
    "phone": ({"type": "long-text"},),
    "area": ({"type": "text"},),
}
"""Some of what each kind may become."""


@st.composite
def _edited(draw: st.DrawFn, fields: dict[str, Any], *, retyped: bool = True) -> dict[str, Any]:
    """Draws what becomes of fields: kept, withdrawn, renamed, of another kind, unique; and new ones."""
    after: dict[str, Any] = {}
    fates = ["keep", "keep", "remove", "rename", "unique", *(["retype"] if retyped else [])]
    for key, field in fields.items():
        fate = draw(st.sampled_from(fates))
        if fate == "remove":
            continue
        turned = dict(field)
        if fate == "retype" and field["type"] in _BECOMES:
            kind = draw(st.sampled_from(_BECOMES[field["type"]]))
            turned = {"label": field["label"], **kind, **{k: v for k, v in field.items() if k == "unique"}}
        if fate == "unique":
            turned["unique"] = "false" if turned.get("unique") == "true" else "true"
        if turned["type"] in ("choices", "long-text"):
            turned.pop("unique", None)
        after[f"{key}r" if fate == "rename" else key] = {
            **turned,
            **({"was": key} if fate == "rename" else {}),
        }
    taken = {key.replace("-", "_") for key in (*fields, *after)}
    new = draw(_fields()).items()
    after |= {key: {**f, "new": "true"} for key, f in new if key.replace("-", "_") not in taken}
    return after or {"rest": {"label": "Sisa", "type": "text", "new": "true"}}


def _short(key: str) -> bool:
    return "-" not in key


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Schema, Schema]:
    """Draws two states of which the second adds, withdraws, renames and turns what the first declares."""
    before = json.loads(small_schema().canonical())
    records = draw(st.dictionaries(_IDS.filter(_short), _record(), max_size=2))
    before["records"] |= records
    after = json.loads(json.dumps(before))
    for key, record in records.items():
        fate = draw(st.sampled_from(["edit", "edit", "edit", "rename", "remove"]))
        del after["records"][key]
        if fate == "remove":
            continue
        fields = draw(_edited(record["fields"]))
        edited = {"label": "Jenis", "fields": fields, **draw(_named(fields))}
        new = f"{key}r" if fate == "rename" and f"{key}r" not in records else key
        after["records"][new] = edited if new == key else {**edited, "was": key}
    for key, record in draw(st.dictionaries(_IDS.filter(_short), _record(), max_size=1)).items():
        if key not in records and key not in after["records"]:
            after["records"][key] = {**record, "new": "true"}
    resident = after["records"]["resident"]
    taken = {key.replace("-", "_") for key in resident["fields"]}
    resident["fields"] |= {
        key: {**f, "new": "true"} for key, f in draw(_fields()).items() if key.replace("-", "_") not in taken
    }
    resident["search"] = draw(st.lists(st.sampled_from(["name", "nik", "phone"]), max_size=3, unique=True))
    resident["sort"] = draw(st.lists(st.sampled_from(["name", "area"]), max_size=2, unique=True))
    asked = draw(_fields())
    before["sops"]["pbi"]["steps"]["register"]["fields"] = asked
    after["sops"]["pbi"]["steps"]["register"]["fields"] = draw(_edited(asked, retyped=False))
    other = {"label": "Baru", "steps": after["sops"]["pbi"]["steps"]}
    if draw(st.booleans()):
        draw(st.sampled_from([before, after]))["sops"]["zbaru"] = {**other, "new": "true"}
    return Schema.model_validate(before), Schema.model_validate(after)


_VALUES: Mapping[str, tuple[object, ...]] = {
    "text": ("a", "12", "Siti Contoh", "0812"),
    "long-text": ("a", "satu\ndua"),
    "number": (1, 12, -3),
    "money": (600000, 0, 12),
    "date": (date(2026, 11, 2), date(1980, 1, 31)),
    "flag": (True, False),
    "nik": ("1810035408949901", "1810031203189901"),
    "kk": ("1810031203189901",),
    "phone": ("+6281200009901", "+6281200009902"),
    "area": ("18.10.03.2007", "18.10.03"),
    "link": (None,),
}
"""Some values of each kind without choices."""


def _values(field: FieldType) -> tuple[object, ...]:
    if isinstance(field, ChoiceField):
        return tuple(field.choices)
    if isinstance(field, ChoicesField):
        return (tuple(field.choices), tuple(field.choices)[:1])
    return _VALUES[kind_of(field)]


def some_rows(record: RecordType) -> list[dict[str, object]]:
    """Returns rows with values of every field, and an empty one; a unique field holds each value once."""
    rows: list[dict[str, object]] = [{} for _ in range(5)]
    for key, field in record.fields.items():
        values = _values(field)
        for turn, row in enumerate(rows[:4]):
            spare = field.unique and turn >= len(values)
            row[key] = None if spare else values[turn % len(values)]
    return [{key: row.get(key) for key in record.fields} for row in rows]
