"""A local server that answers as the client service of BSrE does, from its guides and integrations."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

USER, PASSWORD = "portal", "rahasia-layanan"
NIK, PASSPHRASE = "1810030101900001", "Frasa#2026"
UNKNOWN = {"status_code": 2011, "error": "User tidak terdaftar"}
WRONG = {"status_code": 2031, "error": "Passphrase anda salah"}
MARK = b"\n% ditandatangani\n"


@dataclass
class Recorded:
    """What was asked of the server, and how it is to behave."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    mood: str = "well"
    """well, down (500 without words), garbage (200 and no PDF)."""


@contextmanager
def bsre_service() -> Iterator[Recorded]:
    """Serves until the block ends."""
    recorded = Recorded()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._status(self.path.rpartition("/")[2])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            if (
                self.headers.get("authorization")
                != "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            ):
                return self._answer(401, {"error": "Unauthorized"})
            if recorded.mood == "down":
                return self._send(500, b"<html>Bad gateway</html>", "text/html")
            if recorded.mood == "garbage":
                return self._send(200, b"<html>ok</html>", "text/html")
            if self.path == "/api/v2/user/check/status":
                return self._status(json.loads(body)["nik"])
            said = json.loads(body) if self.path.startswith("/api/v2") else _parts(self.headers, body)
            recorded.asked.append({**said, "path": self.path})
            return self._sign(said)

        def _sign(self, said: dict[str, Any]) -> None:
            if said["nik"] != NIK:
                return self._answer(400, UNKNOWN)
            if said["passphrase"] != PASSPHRASE:
                return self._answer(400, WRONG)
            if self.path == "/api/sign/pdf":
                return self._send(200, said["file"] + MARK, "application/pdf")
            pdf = base64.b64decode(said["file"][0]) + MARK
            return self._answer(200, {"time": 812, "file": [base64.b64encode(pdf).decode()]})

        def _status(self, nik: str) -> None:
            self._answer(200, {"status": "ISSUE" if nik == NIK else "NOT_REGISTERED"})

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            self._send(status, json.dumps(said).encode(), "application/json")

        def _send(self, status: int, data: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    recorded.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield recorded
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _parts(headers: Any, body: bytes) -> dict[str, Any]:
    """The parts of a multipart form by their names; the file as bytes."""
    edge = b"--" + headers["content-type"].partition("boundary=")[2].encode()
    found: dict[str, Any] = {}
    for part in body.split(edge)[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        name = re.search(rb'name="([^"]+)"', head)
        assert name is not None
        value = data.removesuffix(b"\r\n")
        found[name[1].decode()] = value if b"filename=" in head else value.decode()
    return found
