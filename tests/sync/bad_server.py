"""A server on loopback that answers with exactly the bytes a test wants, or does not."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

Script = Callable[[socket.socket, bytes], None]


def http(
    status: int,
    body: bytes = b"{}",
    content_type: str = "application/json",
    *,
    length: int | None = None,
    **more: str,
) -> bytes:
    """A whole HTTP answer."""
    headers = {"Content-Type": content_type, "Content-Length": str(len(body) if length is None else length)}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} X\r\n{lines}Connection: close\r\n\r\n".encode() + body


def say(content: bytes) -> Script:
    """Answer at once."""
    return lambda connection, request: connection.sendall(content)


def drip(content: bytes, pause_s: float) -> Script:
    """One byte after the other."""

    def script(connection: socket.socket, request: bytes) -> None:
        for number in range(len(content)):
            connection.sendall(content[number : number + 1])
            time.sleep(pause_s)

    return script


def nothing(seconds: float = 30.0) -> Script:
    """Take the request and never answer."""
    return lambda connection, request: _until_gone(connection, seconds)


def _until_gone(connection: socket.socket, seconds: float) -> None:
    connection.settimeout(seconds)
    with contextlib.suppress(OSError):
        while connection.recv(4096):
            pass


class BadServer:
    """Runs one script for every request; ``requests`` are the bytes it was sent."""

    def __init__(self, script: Script, tls: Path | None = None) -> None:
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[bytes] = []
        self._context: ssl.SSLContext | None = None
        if tls is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(tls / "server.pem")
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), self._secured(plain) as connection:
                request = read_request(connection)
                self.requests.append(request)
                self._script(connection, request)

    @contextmanager
    def _secured(self, plain: socket.socket) -> Iterator[socket.socket]:
        plain.settimeout(30)
        with plain:
            if self._context is None:
                yield plain
                return
            with self._context.wrap_socket(plain, server_side=True) as secured:
                yield secured


def read_request(connection: socket.socket) -> bytes:
    """One whole request."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            while len(body) < int(line.partition(b":")[2]):
                body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
