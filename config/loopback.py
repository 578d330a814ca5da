"""Ports of this machine for programs that only it shall reach."""

from __future__ import annotations

import secrets
import socket

PORTS = range(12_000, 32_000)
"""Linux takes the ports of its own connections from 32768 up."""


def free_ports(*names: str) -> dict[str, int]:
    """A free loopback port for each name, below those the system lends to connections: nobody takes them meanwhile."""
    chosen = (port for port in secrets.SystemRandom().sample(PORTS, len(PORTS)) if not answers(port))
    return dict(zip(names, chosen, strict=False))


def answers(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    with socket.socket() as s:
        s.settimeout(0.5)
        return s.connect_ex(("127.0.0.1", port)) == 0
