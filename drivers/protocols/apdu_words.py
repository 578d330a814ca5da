"""What a card's status words mean (ISO/IEC 7816-4:2020, tables 6 and 7), and which failure each one is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from drivers.errors import DeviceError, HardwareFault, MediaInvalid, ProtocolError, SecurityFailed
from drivers.protocols.apdu import OK, Response

PIN_BLOCKED: Final = 0x6983
PIN_WRONG: Final = 0x6300
"""A comparison that failed, of a card that does not tell how many tries are left (7816-4:2005, 7.5.1)."""
NOT_THERE: Final = 0x6A82
NOT_FOUND: Final = 0x6A88
"""No such data object: of a month, for one."""

NAMES: Final[Mapping[int, str]] = {
    0x6281: "part of the data may be corrupted",
    PIN_WRONG: "wrong",
    0x6282: "end of file before the length asked for",
    0x6283: "file deactivated",
    0x6581: "memory failure",
    0x6700: "wrong length",
    0x6881: "logical channel not supported",
    0x6882: "secure messaging not supported",
    0x6883: "last command of the chain expected",
    0x6884: "command chaining not supported",
    0x6982: "security status not satisfied",
    PIN_BLOCKED: "authentication method blocked",
    0x6984: "reference data not usable",
    0x6985: "conditions of use not satisfied",
    0x6986: "command not allowed, no current file",
    0x6A80: "wrong data",
    0x6A81: "function not supported",
    NOT_THERE: "file or application not found",
    0x6A84: "not enough memory",
    0x6A86: "wrong P1 or P2",
    NOT_FOUND: "referenced data not found",
    0x6B00: "offset outside the file",
    0x6D00: "instruction not supported",
    0x6E00: "class not supported",
    0x6F00: "no precise diagnosis",
}
_OTHER_CARD: Final = frozenset({NOT_THERE, 0x6A81, 0x6A86, NOT_FOUND, 0x6D00, 0x6E00})
_SECURITY: Final = frozenset({0x6982, PIN_BLOCKED, 0x6984, 0x6985})


def name(sw: int) -> str:
    """The word in words."""
    if sw == OK:
        return "done"
    if sw & 0xFFF0 == 0x63C0:
        return f"wrong, {sw & 0xF} tries left"
    return NAMES.get(sw, "not in the standard")


def tries_left(sw: int) -> int | None:
    """How many tries a PIN has left, as the answer to VERIFY tells it; None when it says something else."""
    if sw == PIN_BLOCKED:
        return 0
    return sw & 0xF if sw & 0xFFF0 == 0x63C0 else None


def required(response: Response, what: str) -> bytes:
    """The answer's data; raise what its status word asks for, with ``what`` was asked.

    ``MediaInvalid`` for a card that is not made as the profile says, ``SecurityFailed``, ``HardwareFault`` for a
    card's own fault, ``ProtocolError`` for anything else.
    """
    if response.sw == OK:
        return response.data
    raise error_of(response.sw, what)


def error_of(sw: int, what: str) -> DeviceError:
    """The failure that a status word other than ``OK`` stands for."""
    told = f"{what}: {name(sw)} ({sw:04X})"
    if sw in _OTHER_CARD:
        return MediaInvalid(f"{told}; the card is not the one of the profile")
    if sw in _SECURITY or tries_left(sw) is not None:
        return SecurityFailed(told)
    if sw >> 8 in (0x64, 0x65):
        return HardwareFault("invalidMedia", f"{told}; the card is damaged")
    return ProtocolError(told)
