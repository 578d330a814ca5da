"""Sockets on which the centre's programs take calls."""

from __future__ import annotations

import socket


def listen(host: str, port: int, backlog: int) -> socket.socket:
    """A listening socket whose connections send at once; port 0 takes any free one. Raises ``OSError``.

    An answer leaves in two packets, head and body. Where the second waits until the first is acknowledged (RFC 896),
    which the other end puts off (RFC 1122, 4.2.3.2), each call takes 40 ms longer. asyncio turns that off only for
    sockets of which it was told the protocol; Linux hands the option on to every connection that is accepted.
    """
    listener = socket.create_server((host, port), backlog=backlog, reuse_port=False)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    return listener
