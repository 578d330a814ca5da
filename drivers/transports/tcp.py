"""A TCP line to a network device: bounded in every wait, and noticed when the other side goes."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from typing import Final

from drivers.errors import LinkLost

_CHUNK: Final = 4096


class TcpLink:
    """One TCP connection.

    Args:
        host: address of the device.
        port: TCP port; 9100 is the raw printing port of network printers.
        connect_timeout_s: how long the connection may take.
        write_timeout_s: how long the device may refuse bytes.
    """

    def __init__(
        self, host: str, port: int, connect_timeout_s: float = 3.05, write_timeout_s: float = 5.0
    ) -> None:
        self._address = (host, port)
        self._connect_timeout_s = connect_timeout_s
        self._write_timeout_s = write_timeout_s
        self._guard = threading.Lock()
        self._socket: socket.socket | None = None

    @property
    def name(self) -> str:
        """Address and port."""
        return f"{self._address[0]}:{self._address[1]}"

    def open(self) -> None:
        """Connect; keep-alive probes tell within a quarter of a minute that a silent device is gone."""
        self.close()
        try:
            opened = socket.create_connection(self._address, self._connect_timeout_s)
        except OSError as error:
            raise LinkLost(f"{self.name} does not answer; check network and power") from error
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 3), ("TCP_KEEPCNT", 3)):
            if hasattr(socket, name):
                opened.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        opened.settimeout(None)
        with self._guard:
            self._socket = opened

    def close(self) -> None:
        """Close the connection; a waiting read ends."""
        with self._guard:
            opened, self._socket = self._socket, None
        if opened is not None:
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError):
                opened.close()

    def read(self) -> bytes:
        """Wait for bytes; an end of the stream is a lost line."""
        opened = self._socket
        if opened is None:
            return b""
        try:
            data = opened.recv(_CHUNK)
        except OSError as error:
            if self._socket is not opened:
                return b""
            raise LinkLost(f"the connection to {self.name} broke") from error
        if not data and self._socket is opened:
            raise LinkLost(f"{self.name} closed the connection")
        return data

    def write(self, data: bytes) -> None:
        """Send all of ``data``, waiting at most the write timeout for room."""
        opened = self._socket
        if opened is None:
            raise LinkLost(f"{self.name} is closed")
        try:
            _send_all(opened, data, self._write_timeout_s)
        except TimeoutError as error:
            raise LinkLost(f"the device at {self.name} takes no data; switch it off and on") from error
        except OSError as error:
            raise LinkLost(f"the connection to {self.name} broke") from error


def _send_all(opened: socket.socket, data: bytes, timeout_s: float) -> None:
    """``sendall`` with a limit of its own: the socket's timeout would be the reading thread's too."""
    view = memoryview(data)
    while view:
        poller = select.poll()
        poller.register(opened, select.POLLOUT)
        if not poller.poll(timeout_s * 1000):
            raise TimeoutError
        view = view[opened.send(view, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) :]
