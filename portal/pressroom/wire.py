"""Messages between the portal and its printers: a length and JSON, through a socket of the machine."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping
from typing import Any

NO_MEMORY = 12
"""The exit code of a printer that has no memory left to say so: the kernel's ENOMEM."""
_LENGTH = struct.Struct(">I")


def send(room: socket.socket, said: Mapping[str, Any]) -> None:
    """Sends a message to the other side."""
    data = json.dumps(said).encode()
    room.sendall(_LENGTH.pack(len(data)) + data)


def receive(room: socket.socket, most: int | None = None) -> dict[str, Any] | None:
    """Waits for a message, None when the other side has hung up.

    Raises:
        ValueError: the message is longer than `most` bytes, or is none.
        TimeoutError: it did not come within the time that the socket has.
    """
    head = _read(room, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if most is not None and length > most:
        raise ValueError(length)
    data = _read(room, length)
    if data is None:
        return None
    said: dict[str, Any] = json.loads(data)
    return said


def _read(room: socket.socket, length: int) -> bytes | None:
    found = bytearray()
    while len(found) < length:
        part = room.recv(min(length - len(found), 1 << 20))
        if not part:
            return None
        found += part
    return bytes(found)
