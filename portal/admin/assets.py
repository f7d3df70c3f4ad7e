"""The files that browsers load: style sheet and icon, under an address that changes with their bytes."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from portal.admin.squeezed import takes_gzip


class _Lasting(StaticFiles):
    """Files that browsers may keep for a year: their address names their content."""

    def __init__(self, folder: Path, small: dict[str, bytes]) -> None:
        super().__init__(directory=folder)
        self._small = small

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["query_string"]:
            raise HTTPException(400)
        response = await super().get_response(path, scope)
        if response.status_code == 200 and path in self._small and _is_wanted(scope):
            response = _compressed(path, self._small[path], scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["Vary"] = "Accept-Encoding"
        return response


def _is_wanted(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "range" not in headers and takes_gzip(headers.get("accept-encoding", ""))


def _compressed(path: str, small: bytes, scope: Scope) -> Response:
    """The answer with the compressed bytes, without the tag of the plain ones."""
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    headers = {"Content-Encoding": "gzip", "Content-Length": str(len(small))}
    return Response(b"" if scope["method"] == "HEAD" else small, headers=headers, media_type=kind)


class Assets:
    """The static files of the portal, each compressed once."""

    def __init__(self, folder: Path) -> None:
        content, small = hashlib.sha256(), {}
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            plain = file.read_bytes()
            content.update(file.name.encode() + plain)
            squeezed = gzip.compress(plain, 9, mtime=0)
            if len(squeezed) < len(plain):
                small[file.relative_to(folder).as_posix()] = squeezed
        self.folder = folder
        self.url = f"/static/{content.hexdigest()[:12]}"
        self.app = _Lasting(folder, small)

    def path(self, name: str) -> str:
        """Returns the address of a file."""
        return f"{self.url}/{name}"
