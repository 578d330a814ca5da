"""The text protocol of Network UPS Tools' ``upsd``: words on lines, and a UPS' variables as a reading.

Source: Network UPS Tools Developer Guide, chapter "Network protocol information" (commands, errors, quoting), and the
User Manual's list of ``ups.status`` flags.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from drivers.cabinet_ports import PowerReading
from drivers.errors import DeviceError, DeviceNotReady, HardwareFault, ProtocolError

LONGEST_LINE: Final = 4096
_ON_LINE: Final = frozenset({"OL", "BYPASS", "BOOST", "TRIM"})

_ERRORS: Final = {
    "ACCESS-DENIED": "upsd refuses this terminal; allow it in upsd.conf and upsd.users",
    "UNKNOWN-UPS": "upsd has no UPS of that name; write the name from ups.conf",
    "DATA-STALE": "the UPS has not answered upsd for some time; check its cable",
    "DRIVER-NOT-CONNECTED": "upsd's driver for the UPS does not run; start it with upsdrvctl",
    "USERNAME-REQUIRED": "upsd wants a user; give 'user' and 'password'",
    "PASSWORD-REQUIRED": "upsd wants a password; give 'password'",
}
_AWAY: Final = frozenset({"DATA-STALE", "DRIVER-NOT-CONNECTED"})


class Lines:
    """Cuts a stream into lines; raise ``ProtocolError`` for one that never ends."""

    def __init__(self) -> None:
        self._kept = b""

    def reset(self) -> None:
        """The line is open again."""
        self._kept = b""

    def feed(self, data: bytes) -> list[str]:
        """The lines that ``data`` completes."""
        *lines, self._kept = (self._kept + data).split(b"\n")
        if len(self._kept) > LONGEST_LINE or any(len(line) > LONGEST_LINE for line in lines):
            self._kept = b""
            raise ProtocolError("what answers is no upsd; check host and port")
        return [line.decode("utf-8", "replace").rstrip("\r") for line in lines]


def words(line: str) -> list[str]:
    """The words of a line. A word in quotes may hold blanks; a backslash takes the next character as it is.

    Raise ``ProtocolError`` for a line with an open quote.
    """
    found: list[str] = []
    word: str | None = None
    quoted = escaped = False
    for character in line:
        if escaped:
            word, escaped = (word or "") + character, False
        elif character == "\\":
            word, escaped = word or "", True
        elif character == '"':
            word, quoted = word or "", not quoted
        elif character == " " and not quoted:
            found += [word] if word is not None else []
            word = None
        else:
            word = (word or "") + character
    if quoted or escaped:
        raise ProtocolError("upsd sent a line with an open quote")
    return found + ([word] if word is not None else [])


def quoted(word: str) -> str:
    """``word`` as one word on a line; raise ``ValueError`` for what no line can hold."""
    if not word.isprintable() or len(word) > 256:
        raise ValueError("a word is printable and not longer than 256 characters")
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def refusal(parts: list[str]) -> DeviceError:
    """The error behind a line that begins with ERR."""
    code = parts[1] if len(parts) > 1 else "UNKNOWN"
    text = _ERRORS.get(code, f"upsd answers {code}; see its log")
    return DeviceNotReady(text) if code in _AWAY else HardwareFault("hardwareError", text)


def reading(variables: Mapping[str, str]) -> PowerReading:
    """What the variables say; raise ``ProtocolError`` without a usable ``ups.status``."""
    flags = frozenset(variables.get("ups.status", "").split())
    on_battery = "OB" in flags
    if not on_battery and not flags & _ON_LINE and "FSD" not in flags:
        status = " ".join(sorted(flags)) or "nothing"
        raise ProtocolError(f"the UPS says neither on line nor on battery ('{status}'); check it")
    charging = True if "CHRG" in flags else False if flags & {"DISCHRG", "OB"} else None
    return PowerReading(
        on_battery=on_battery,
        low="LB" in flags,
        shutdown="FSD" in flags,
        replace_battery="RB" in flags,
        charging=charging,
        charge_percent=_number(variables, "battery.charge"),
        runtime_s=_number(variables, "battery.runtime"),
        load_percent=_number(variables, "ups.load"),
        input_voltage=_number(variables, "input.voltage"),
        battery_voltage=_number(variables, "battery.voltage"),
    )


def _number(variables: Mapping[str, str], name: str) -> float | None:
    try:
        value = float(variables[name])
    except (KeyError, ValueError):
        return None
    return value if -1e9 < value < 1e9 else None
