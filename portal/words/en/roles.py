"""English sentences of one part of the portal: roles, and who may see what."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "roles-guarded": "There are {count} restricted cases in your area that are not shown here.",
}
