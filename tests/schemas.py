"""States of a small office before and after an edit of its YAML, made or drawn at random."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from small import SCHEMA

from portal.schema import Schema

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
    some = st.lists(st.sampled_from(sorted(fields)), max_size=3, unique=True)
    plain = [key for key, field in fields.items() if field["type"] not in ("choices", "link")]
    return {
        "label": "Jenis",
        "title": "{name}",
        "list": ["name"],
        "fields": fields,
        "search": draw(some),
        "sort": [key for key in draw(some) if key in plain],
    }


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Schema, Schema]:
    """Draws two states of which the second only adds to the first, or changes words, search and order."""
    before = json.loads(small_schema().canonical())
    records = draw(st.dictionaries(_IDS.filter(lambda key: "-" not in key), _record(), max_size=2))
    before["records"] |= records
    after = json.loads(json.dumps(before))
    after["records"] |= draw(
        st.dictionaries(_IDS.filter(lambda key: "-" not in key), _record(), max_size=1).filter(
            lambda new: not set(new) & set(records)
        )
    )
    for record in after["records"].values():
        taken = {key.replace("-", "_") for key in record["fields"]}
        record["fields"] |= {k: f for k, f in draw(_fields()).items() if k.replace("-", "_") not in taken}
        words = [key for key, field in record["fields"].items() if field["type"] in ("text", "nik")]
        record["search"] = draw(st.lists(st.sampled_from(words), max_size=3, unique=True))
        record["sort"] = draw(st.lists(st.sampled_from(words), max_size=2, unique=True))
    step = after["sops"]["pbi"]["steps"]["register"]
    step["fields"] = draw(_fields())
    if draw(st.booleans()):
        after["sops"]["zbaru"] = {"label": "Baru", "steps": after["sops"]["pbi"]["steps"]}
    return Schema.model_validate(before), Schema.model_validate(after)
