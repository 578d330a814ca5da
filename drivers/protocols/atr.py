"""The answer to reset (ISO/IEC 7816-3:2006, clause 8): what a card says of itself before anybody asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final

from drivers.errors import ReadFailed

MOST: Final = 33
"""TS and 32 more characters (8.2.1)."""
_CONVENTIONS: Final = {0x3B: "direct", 0x3F: "inverse"}
_GLOBAL: Final = 15
"""T=15 marks interface bytes that are of no protocol (8.2.3)."""


@dataclass(frozen=True, slots=True)
class Interface:
    """One group of interface bytes; ``protocol`` is the T of the TD before it, None in the first group."""

    protocol: int | None
    ta: int | None = None
    tb: int | None = None
    tc: int | None = None
    td: int | None = None


@dataclass(frozen=True, slots=True)
class Atr:
    """A parsed answer. ``protocols`` are those offered, the first by default; ``checked`` is whether TCK is there."""

    convention: str
    interfaces: tuple[Interface, ...]
    historical: bytes
    checked: bool

    @property
    def protocols(self) -> tuple[int, ...]:
        """The protocols offered, in their order; T=0 when none is named (8.2.3)."""
        named = [group.td & 0xF for group in self.interfaces if group.td is not None]
        return tuple(dict.fromkeys(t for t in named if t != _GLOBAL)) or (0,)

    @property
    def takes_extended(self) -> bool:
        """Whether the card says that it takes extended lengths (7816-4:2020, 12.1.1.9, third software byte)."""
        capabilities = _compact(self.historical).get(7, b"")
        return len(capabilities) == 3 and bool(capabilities[2] & 0x40)


def parse(raw: bytes) -> Atr:
    """The answer in its parts; raise ``ReadFailed`` (``atrNotObtained``) when it is none."""
    if not 2 <= len(raw) <= MOST or raw[0] not in _CONVENTIONS:
        raise _wrong("begins wrongly or is too long")
    interfaces: list[Interface] = []
    place, follows, protocol = 2, raw[1] >> 4, None
    while True:
        group: dict[str, int] = {}
        for bit, which in enumerate(("ta", "tb", "tc", "td")):
            if follows >> bit & 1:
                if place >= len(raw):
                    raise _wrong("ends too early")
                group[which] = raw[place]
                place += 1
        interfaces.append(Interface(protocol, **group))
        if "td" not in group:
            break
        follows, protocol = group["td"] >> 4, group["td"] & 0xF
    # TCK is left out only when T=0 alone is indicated (8.2.5).
    checked = any(group.td is not None and group.td & 0xF for group in interfaces)
    end = place + (raw[1] & 0xF)
    if len(raw) != end + checked:
        raise _wrong("has another length than it says")
    if checked and reduce(xor, raw[1:]):
        raise _wrong("has a wrong check byte")
    return Atr(_CONVENTIONS[raw[0]], tuple(interfaces), raw[place:end], checked)


def _compact(historical: bytes) -> dict[int, bytes]:
    """COMPACT-TLV objects of historical bytes that begin with 80 or 00 (7816-4:2020, 12.1.1)."""
    if not historical or historical[0] not in (0x80, 0x00):
        return {}
    body = historical[1:] if historical[0] == 0x80 else historical[1:-3]
    found: dict[int, bytes] = {}
    while body:
        size = body[0] & 0xF
        found.setdefault(body[0] >> 4, body[1 : 1 + size])
        body = body[1 + size :]
    return found


def _wrong(what: str) -> ReadFailed:
    return ReadFailed(f"the card's answer to reset {what}; take it out and insert it again", "atrNotObtained")
