"""The tax-control application in a simulated UKey: what it issued month by month, sealed reports, orders it obeys.

Its own reading of docs/tax-control.md; it shares no code with the driver. Its key never leaves it.
"""

from __future__ import annotations

import hmac as compare
from collections.abc import Mapping
from typing import Annotated, Final

from cryptography.hazmat.primitives import hashes, hmac
from pydantic import Field

from drivers.simulators.base import Parameters, written
from drivers.simulators.chip_words import Refused

APPLICATION: Final = bytes.fromhex("F054415843544C01")
_STATE, _REPORT, _ORDER = (bytes.fromhex(f"5FDF2{n}") for n in (1, 2, 3))
_NOT_FOUND, _WRONG_DATA, _SECURITY, _NOT_NOW = 0x6A88, 0x6A80, 0x6982, 0x6985
_LENGTH: Final = 2
_ORDER_PARTS: Final = 5

Number = Annotated[str, written(r"[0-9A-Z]{8,20}", "8 to 20 figures and capital letters")]
Month = Annotated[str, written(r"[0-9]{4}-(0[1-9]|1[0-2])", "a month, such as 2026-09")]
Day = Annotated[str, written(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day, such as 2026-10-26")]


class KindTotals(Parameters):
    """What was issued of one kind in a month: how many, how many of them void or red, net amount and tax in fen."""

    kind: Annotated[str, written(r"[0-9]{2}", "two figures")]
    issued: int = Field(ge=0)
    voided: int = Field(0, ge=0)
    red: int = Field(0, ge=0)
    net_fen: int
    tax_fen: int


class TaxDevice(Parameters):
    """A UKey as its taxpayer has it: numbers, key, how often it was unlocked and until when it issues.

    ``months`` it holds are those that it was not unlocked for, and the running one.
    """

    number: Number
    taxpayer: Number
    key: Annotated[str, written(r"[0-9a-f]{64}", "32 bytes in hexadecimal")] = Field(repr=False)
    counter: int = Field(0, ge=0)
    cleared: Month | None = None
    issues_until: Day
    months: dict[Month, list[KindTotals]] = Field(default_factory=dict)
    running: Month | None = None
    """The month that is not over, of which there is no report."""


class TaxApplication:
    """What one UKey knows; it outlives power, and being pulled out."""

    def __init__(self, device: TaxDevice) -> None:
        self.device = device
        self.counter = device.counter
        self.cleared = device.cleared
        self.issues_until = device.issues_until
        self.months = dict(device.months)
        self.locked = False
        self.forged = False
        self._obeyed = b""

    def facts(self) -> Mapping[str, object]:
        """What a person with the right program would see, for the cabinet's state."""
        return {
            "number": self.device.number,
            "counter": self.counter,
            "cleared": self.cleared,
            "issuesUntil": self.issues_until,
            "months": sorted(self.months),
            "locked": self.locked,
            "forged": self.forged,
        }

    def get(self, data: bytes) -> bytes:
        """GET DATA: the state, or the report of the month that stands behind the tag."""
        found = _objects(data)
        wanted = found.get(b"\x5c")
        if wanted == _STATE:
            return _object(b"\x53", self._state())
        if wanted != _REPORT:
            raise Refused(_NOT_FOUND)
        figures = found.get(b"\x80", b"").hex()
        month = f"{figures[:4]}-{figures[4:]}"
        if self.locked or month not in self.months or month == self.device.running:
            raise Refused(_NOT_NOW if self.locked else _NOT_FOUND)
        text = self._report(month)
        return _object(b"\x53", _object(b"\x90", text) + _object(b"\x8e", self._mac(text)))

    def put(self, data: bytes) -> None:
        """PUT DATA: an order of the bureau to this device, taken when it is the next one or the last once more."""
        found = _objects(data)
        order = _objects(found.get(b"\x53", b""))
        if found.get(b"\x5c") != _ORDER or set(order) != {b"\x90", b"\x8e"}:
            raise Refused(_WRONG_DATA)
        if self.locked:
            raise Refused(_NOT_NOW)
        text, mac = order[b"\x90"], order[b"\x8e"]
        if not compare.compare_digest(mac, self._mac(text, forged=False)):
            raise Refused(_SECURITY)
        if text != self._obeyed:
            self._obey(text)

    def _obey(self, text: bytes) -> None:
        parts = text.decode("ascii").split("|")
        if len(parts) != _ORDER_PARTS or parts[0] != "O1":
            raise Refused(_WRONG_DATA)
        _, number, month, until, counter = parts
        cleared, day = f"{month[:4]}-{month[4:]}", f"{until[:4]}-{until[4:6]}-{until[6:]}"
        if number != self.device.number or int(counter) != self.counter + 1 or day <= self.issues_until:
            raise Refused(_NOT_NOW)
        self.counter, self.cleared, self.issues_until = int(counter), cleared, day
        self.months = {held: kinds for held, kinds in self.months.items() if held > cleared}
        self._obeyed = text

    def _state(self) -> bytes:
        held = sorted(month for month in self.months if month != self.device.running)
        return b"".join(
            _object(bytes((0x81 + place,)), value)
            for place, value in enumerate(
                (
                    self.device.number.encode("ascii"),
                    self.device.taxpayer.encode("ascii"),
                    self.counter.to_bytes(4, "big"),
                    _figures(self.cleared or ""),
                    _figures(self.issues_until),
                    bytes((self.locked,)),
                    b"".join(map(_figures, held)),
                )
            )
        )

    def _report(self, month: str) -> bytes:
        kinds = ";".join(
            f"{one.kind}:{one.issued}:{one.voided}:{one.red}:{one.net_fen}:{one.tax_fen}"
            for one in sorted(self.months[month], key=lambda one: one.kind)
        )
        facts = (self.device.number, self.device.taxpayer, month.replace("-", ""), str(self.counter), kinds)
        return "|".join(("R1", *facts)).encode("ascii")

    def _mac(self, text: bytes, *, forged: bool | None = None) -> bytes:
        """HMAC-SM3 under the device's key; of a forger, under another."""
        key = bytes.fromhex(self.device.key)
        if self.forged if forged is None else forged:
            key = bytes(byte ^ 0xFF for byte in key)
        seal = hmac.HMAC(key, hashes.SM3())
        seal.update(text)
        return seal.finalize()


def _figures(text: str) -> bytes:
    return bytes.fromhex(text.replace("-", ""))


def _object(tag: bytes, value: bytes) -> bytes:
    size = bytes((len(value),)) if len(value) < 0x80 else b"\x81" + bytes((len(value),))
    return tag + size + value


def _objects(data: bytes) -> dict[bytes, bytes]:
    """One-byte tags, lengths of one byte or two: what this card is ever sent."""
    found, at = dict[bytes, bytes](), 0
    while at + _LENGTH <= len(data):
        tag, size, at = data[at : at + 1], data[at + 1], at + _LENGTH
        if size == 0x81 and at < len(data):
            size, at = data[at], at + 1
        elif size >= 0x80:
            raise Refused(_WRONG_DATA)
        if at + size > len(data):
            raise Refused(_WRONG_DATA)
        found[tag], at = data[at : at + size], at + size
    if at != len(data):
        raise Refused(_WRONG_DATA)
    return found
