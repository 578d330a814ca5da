"""The process that holds libsane: does one thing after the other, as its parent asks, and dies with it.

Nothing can interrupt a SANE backend that hangs, and nothing can catch one that crashes, save a process of its
own. It holds libsane and little else, so a new one is there in a twentieth of a second.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from typing import Any, Final

from config import lifeline
from drivers.transports.sane_calls import FRAMES, Sane, SaneStatus, use_directory

HEAD: Final = struct.Struct(">cI")
"""In front of each message: J (JSON) or D (bytes of the picture), and its length."""
CHUNK: Final = 1 << 18
_PAUSE_S: Final = 0.01


class SaneChild:
    """Serves one socket."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._sane: Sane | None = None
        self._room = bytearray(CHUNK)
        self._buffer = (ctypes.c_char * CHUNK).from_buffer(self._room)

    def serve(self) -> None:
        """Until the parent closes the socket."""
        while (asked := self._receive()) is not None:
            if asked["do"] == "stop":  # for a frame that has just ended by itself; it has no answer
                continue
            try:
                self._tell({"good": self._do(asked)})
            except SaneStatus as error:
                self._tell({"status": error.status})
            except OSError as error:
                self._tell({"missing": str(error)})

    def end(self) -> None:
        """Let the scanner go as it should be: a sheet inside comes out."""
        if self._sane is not None:
            self._sane.cancel()
            self._sane.close()

    def _do(self, asked: dict[str, Any]) -> Any:
        if asked["do"] == "init":
            if asked.get("directory"):
                use_directory(asked["directory"])
            self._sane = Sane()
            return None
        if self._sane is None:
            raise SaneStatus(4)
        sane = self._sane
        match asked["do"]:
            case "devices":
                return sane.devices()
            case "open":
                sane.open(asked["name"])
                return sane.options()
            case "close":
                return sane.close()
            case "options":
                return sane.options()
            case "get":
                return {name: sane.get(name) for name in asked["names"]}
            case "set":
                return sane.set(asked["name"], asked["value"])
            case "frame":
                return self._frame(sane)
            case "cancel":
                return sane.cancel()
        raise SaneStatus(1)

    def _frame(self, sane: Sane) -> dict[str, Any]:
        """Scan one frame and send it on as it comes; its parameters in front, its length at the end.

        A "stop" that comes meanwhile ends it with status 2 (CANCELLED).
        """
        sane.start()
        parameters = sane.parameters()
        if parameters["format"] not in FRAMES:
            raise SaneStatus(1)
        self._tell({"frame": parameters})
        try:
            total = self._bytes(sane)
        finally:  # a page that breaks off is somebody's too
            self._room[:] = bytes(CHUNK)
        return {"length": total, **sane.parameters()}

    def _bytes(self, sane: Sane) -> int:
        """Send the frame's bytes on; how many there were."""
        total = 0
        while (length := sane.read(self._buffer)) >= 0:
            if length:
                self._send(b"D", memoryview(self._room)[:length])
                total += length
            else:
                time.sleep(_PAUSE_S)
            if self._has_news():
                self._receive()
                sane.cancel()
                raise SaneStatus(2)
        return total

    def _has_news(self) -> bool:
        return bool(select.select([self._line], [], [], 0)[0])

    def _receive(self) -> dict[str, Any] | None:
        head = self._exactly(HEAD.size)
        if head is None:
            return None
        body = self._exactly(HEAD.unpack(head)[1])
        return None if body is None else json.loads(body)

    def _exactly(self, count: int) -> bytes | None:
        found = b""
        while len(found) < count:
            piece = self._line.recv(count - len(found))
            if not piece:
                return None
            found += piece
        return found

    def _tell(self, message: dict[str, Any]) -> None:
        self._send(b"J", json.dumps(message).encode())

    def _send(self, kind: bytes, body: bytes | memoryview) -> None:
        self._line.sendall(HEAD.pack(kind, len(body)))
        self._line.sendall(body)


def main() -> None:
    """Serve on the descriptor given as the only argument."""
    lifeline.die_with(os.getppid())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    with socket.socket(fileno=int(sys.argv[1])) as line, contextlib.suppress(ConnectionError):
        child = SaneChild(line)
        child.serve()
        child.end()
    # Not by sys.exit: a backend's own threads and exit handlers may hang.
    os._exit(0)


if __name__ == "__main__":
    main()
