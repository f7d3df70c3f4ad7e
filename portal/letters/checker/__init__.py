"""Public keys -> one page without a network that checks the signed statement of a letter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from portal import templating
from portal.words import say

_SAID = ("form", "key", "signature", "right", "expired", "old")
_SHOWN = ("kind", "number", "date", "person", "valid_until", "area")
_PRINTED = ("title", "about", "statement", "photo", "do", "limits", "script")


def checker(keys: Mapping[str, bytes]) -> str:
    """Returns the page as HTML with the keys inside."""
    said = {name: say(f"checker-{name}") for name in _SAID}
    said |= {f"field-{name}": say(f"checker-field-{name.replace('_', '-')}") for name in _SHOWN}
    values = {
        "language": "id",
        "words": {name: say(f"checker-{name}") for name in _PRINTED},
        "keys": json.dumps({name: public.hex() for name, public in keys.items()}),
        "said": json.dumps(said, ensure_ascii=False),
    }
    return templating.render(templating.environment(Path(__file__).parent), "checker.html", values)
