"""The files that browsers load: style sheet and icon, under an address that changes with their bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class _Lasting(StaticFiles):
    """Files that browsers may keep for a year: their address names their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["query_string"]:
            raise HTTPException(400)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class Assets:
    """The static files of the portal."""

    def __init__(self, folder: Path) -> None:
        content = hashlib.sha256()
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            content.update(file.name.encode() + file.read_bytes())
        self.folder = folder
        self.url = f"/static/{content.hexdigest()[:12]}"
        self.app = _Lasting(directory=folder)

    def path(self, name: str) -> str:
        """Returns the address of a file."""
        return f"{self.url}/{name}"
