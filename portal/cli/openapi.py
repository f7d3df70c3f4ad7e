"""`portal openapi`: every route of the newest release as OpenAPI 3.1, for test tools."""

from __future__ import annotations

import json
from argparse import Namespace

from portal.cli import exits
from portal.cli.database import released
from portal.cli.output import tell
from portal.cli.parser import Parser
from portal.settings import Settings


def add(tree: Parser) -> None:
    """Adds `openapi`."""
    tree.command("openapi").set_defaults(run=_openapi)


def _openapi(typed: Namespace, settings: Settings) -> int:
    from portal.app import openapi_of

    with released(settings) as (engine, live):
        tell(json.dumps(openapi_of(engine, live), indent=1, sort_keys=True))
    return exits.OK
