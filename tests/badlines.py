"""Bad lines for tests: a server that can be killed, and a line to it that can be cut or lose an answer."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Server:
    """`portal serve` on one port, which can be killed like a machine whose power fails."""

    def __init__(self, database: Path) -> None:
        self.database = database
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        known = {**os.environ, "PORTAL_DATABASE_URL": f"sqlite:///{self.database}", "PORTAL_LANGUAGE": "id"}
        command = [sys.executable, "-m", "portal", "serve", "--port", str(self.port)]
        root = Path(__file__).parent.parent
        self.process = subprocess.Popen(command, env=known, cwd=root, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline() if self.process.stdout else ""
        assert re.search(r"http://", line), line

    def kill(self) -> None:
        """Ends the server without giving it time for anything."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None


@contextmanager
def serving(database: Path) -> Iterator[Server]:
    server = Server(database)
    server.start()
    try:
        yield server
    finally:
        if server.process is not None:
            server.kill()


def cases(database: Path) -> int:
    with sqlite3.connect(database) as connection:
        return int(connection.execute('SELECT count(*) FROM "case"').fetchone()[0])


class Line:
    """A line to a server: it can be cut, and it can lose the answers to a form that did arrive."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cut = False
        self.lose = ""
        """The address whose next answer is lost."""
        self.lost = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        """Carries one connection, both ways, while the line holds."""
        with near, suppress(OSError):
            if self.cut:
                return
            with socket.create_connection(("127.0.0.1", self.port)) as far:
                back = threading.Thread(target=self._answers, args=(far, near), daemon=True)
                back.start()
                while data := near.recv(65536):
                    if self.cut:
                        break
                    if self.lose and data.startswith(f"POST {self.lose} ".encode()):
                        self.lose, self.lost = "", -1
                    far.sendall(data)
                with suppress(OSError):
                    far.shutdown(socket.SHUT_RDWR)
                back.join(5)

    def _answers(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while data := far.recv(65536):
                if self.lost == -1 or self.cut:
                    self.lost = 1 if self.lost == -1 else self.lost
                    break
                near.sendall(data)
            near.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Ends it."""
        self.listener.close()
