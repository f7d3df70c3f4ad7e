"""axe-core in a page of a real browser: what a screen reader, a keyboard or weak eyes would miss.

The script comes with `axe-playwright-python`. It is run past the page's Content-Security-Policy, which lets
no page of ours load it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""The tags of the rules: WCAG 2.2 at level AA, and what axe counts as good practice."""


@cache
def script() -> str:
    """Returns axe-core's source."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None, "pip install -e '.[test]'"
    assert spec.origin is not None
    return Path(spec.origin).with_name("axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    """Returns what axe finds on a page as it stands: impact, rule and the first places."""
    page.evaluate(f"{script()}; null")
    asked = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = page.evaluate(f"axe.run(document, {json.dumps(asked)})")
    return [
        f"{each['impact']} {each['id']}: " + "; ".join(node["html"][:160] for node in each["nodes"][:3])
        for each in found["violations"]
    ]
