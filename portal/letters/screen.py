"""A letter on screen: the HTML of its PDF with what a browser needs beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from portal.letters import html
from portal.press import STYLE

_SOURCE = re.compile(r'(?<= src=")([^":/][^":]*)(?=")')
"""The name of a file of the letters' folder."""


def on_screen(
    templates: Mapping[str, str], template: str, data: Mapping[str, Any], *, at: str, style: str
) -> str:
    """Returns the HTML of a letter for a browser; its body is that of the PDF but for where pictures lie.

    Args:
        at: the address under which the letters' folder is served.
        style: the address of the style sheet that makes a sheet of paper of it.
    """
    printed = _SOURCE.sub(lambda found: f"{at}/{found[1]}", html(templates, template, data))
    links = "".join(f'<link rel="stylesheet" href="{each}">' for each in (f"{at}/{STYLE}", style))
    return printed.replace("</head>", f"{links}</head>", 1)
