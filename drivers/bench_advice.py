"""What to do about each state that a device may be in, in a sentence (docs/technician.md has the same as a table)."""

from __future__ import annotations

from typing import Final

_ADVICE: Final = {
    "starting": "wait a few seconds and try again",
    "noDevice": "its port is not there: plug its cable in; `kiosk devices list` says into which socket",
    "offline": "nobody answers at its port: check power, cable, and that the right device is in this socket",
    "powerOff": "switch it on",
    "userError": "a hand mends it: look for an open cover, missing paper, a sheet left behind",
    "hardwareError": "clear it, then `kiosk devices reset {role}`; if it stays so, change the device",
    "fraudAttempt": "somebody has interfered: take the terminal out of service and have it looked at",
    "potentialFraud": "somebody may have interfered: take the terminal out of service and have it looked at",
    "unknown": "nobody has confirmed anything: see `systemctl status kiosk-devices`",
}


def advice(role: str, state: str) -> str:
    """What to do about a device in that state; nothing for one that is well."""
    return _ADVICE.get(state, "").format(role=role)
