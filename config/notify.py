"""Tells systemd how a program fares (``sd_notify``), without a library: one datagram to ``NOTIFY_SOCKET``.

Under no service manager every call does nothing, so programs call these without asking. A socket that has
gone is logged once and never stops a program: the watchdog then does its work.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping

log = logging.getLogger("kiosk.notify")
MICROSECONDS = 1_000_000
_failed: set[str] = set()


def ready(status: str = "") -> bool:
    """The program can do its work; units ordered after it may start. True when systemd was told."""
    return _send("READY=1", _status(status))


def watchdog() -> bool:
    """The program is alive and well; it must say so more often than ``WatchdogSec``."""
    return _send("WATCHDOG=1")


def status(text: str) -> bool:
    """One line for ``systemctl status``; no personal data."""
    return _send(_status(text))


def stopping(status: str = "") -> bool:
    """The program has begun to stop."""
    return _send("STOPPING=1", _status(status))


def extend(seconds: float) -> bool:
    """Ask for ``seconds`` more before starting or stopping counts as failed (a long recovery)."""
    return _send(f"EXTEND_TIMEOUT_USEC={round(seconds * MICROSECONDS)}")


def trouble(status: str = "") -> bool:
    """Ask to be restarted as if the watchdog had run out: the program found itself stuck."""
    return _send("WATCHDOG=trigger", _status(status))


def watchdog_interval_s(env: Mapping[str, str] | None = None) -> float | None:
    """How often to call ``watchdog``: half of ``WatchdogSec``; None when nobody watches.

    ``WATCHDOG_PID`` is not asked: the screen program is a child of its compositor and still the one watched.
    """
    env = os.environ if env is None else env
    usec = env.get("WATCHDOG_USEC", "")
    return int(usec) / MICROSECONDS / 2 if usec.isdigit() and int(usec) else None


def _status(text: str) -> str:
    return f"STATUS={' '.join(text.split())}" if text else ""


def _send(*lines: str) -> bool:
    return pass_on("\n".join(line for line in lines if line).encode())


def pass_on(message: bytes) -> bool:
    """Tell what another program has told us, as our own."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path:
        return False
    address = "\0" + path[1:] if path.startswith("@") else path
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            sender.settimeout(1.0)
            sender.sendto(message, address)
    except OSError as error:
        if path not in _failed:
            _failed.add(path)
            log.warning("systemd cannot be told: %s", error.strerror or error)
        return False
    _failed.discard(path)
    return True
