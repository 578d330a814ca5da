"""Ports of this machine for programs that only it shall reach."""

from __future__ import annotations

import errno
import os
import secrets
import socket
from collections import deque
from itertools import islice

PORTS = range(12_000, 32_000)
"""Linux takes the ports of its own connections from 32768 up."""
MARKS_AT = "127.76.0.1"
"""Where a chosen port is marked until its program listens: two stacks that start together would else choose alike."""
_MARKS = 512
_marks: deque[int] = deque()
"""Descriptors of the marks that this process holds, the oldest first; the kernel takes them with the process."""


def free_ports(*names: str) -> dict[str, int]:
    """A free loopback port for each name, which nobody else who asks here is given meanwhile.

    Raises ``OSError`` when there are not so many.
    """
    tried = secrets.SystemRandom().sample(PORTS, len(PORTS))
    free = (port for port in tried if not answers(port) and _mark(port))
    chosen = list(islice(free, len(names)))
    if len(chosen) < len(names):
        raise OSError(errno.EADDRINUSE, f"no loopback port from {PORTS.start} to {PORTS.stop - 1} is free")
    return dict(zip(names, chosen, strict=True))


def free_port() -> int:
    """One of them."""
    return free_ports("one")["one"]


def answers(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    with socket.socket() as s:
        s.settimeout(0.5)
        return s.connect_ex(("127.0.0.1", port)) == 0


def _mark(port: int) -> bool:
    """Mark it as chosen, unless somebody has."""
    with socket.socket() as s:
        try:
            s.bind((MARKS_AT, port))
        except OSError:
            return False
        _marks.append(s.detach())
    if len(_marks) > _MARKS:
        os.close(_marks.popleft())
    return True
