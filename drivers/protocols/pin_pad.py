"""What the PIN pad says inside our serial frames (docs/pin-pad.md). No clear PIN is ever among it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from drivers.errors import (
    DeviceError,
    HardwareFault,
    InvalidData,
    ProtocolError,
    SecurityFailed,
    SequenceError,
    UnsupportedData,
)
from drivers.ports_input import HeldKey

MODES: Final = ("idle", "data", "pin")
KEYS: Final = frozenset("0123456789*") | {"enter", "cancel", "auto", "clear", "back"}
"""What a pad tells of: ``*`` for a digit that it keeps, ``auto`` when the last digit ends an entry."""
MOST_PRESSES: Final = 500
"""Of one entry: a pad that tells more is broken."""
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,24}", re.ASCII)
_BLOCK: Final = re.compile(r"D[0-9]{4}[A-Z0-9]{11}[0-9A-F]{64,184}", re.ASCII)
"""A TR-31 key block of version D without optional blocks: header of 16, encrypted key, MAC."""
_HEX: Final = re.compile(r"[0-9A-F]+", re.ASCII)
_PAN: Final = re.compile(r"[0-9]{12,19}", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]{1,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PinPadIdentity:
    """Who answers, and how many keys it can hold."""

    model: str
    serial: str
    firmware: str
    keys: int


@dataclass(frozen=True, slots=True)
class PinPadState:
    """``mode`` idle, data or pin; ``security`` ok or tampered; ``keys`` ready or none; the last key's number."""

    mode: str
    security: str
    keys: str
    presses: int


@dataclass(frozen=True, slots=True)
class Press:
    """The ``number``-th key of an entry, ``*`` for a digit of a PIN, and how many digits there are now."""

    number: int
    key: str
    digits: int


REFUSALS: Final[dict[str, tuple[type[DeviceError], str]]] = {
    "keyNotFound": (InvalidData, "the pad has no key of that name; load it"),
    "accessDenied": (SecurityFailed, "the pad has locked itself or holds no keys; see its state"),
    "duplicateKey": (InvalidData, "the pad has a key of that name; delete it first"),
    "useViolation": (InvalidData, "that key is for another use"),
    "formatNotSupported": (UnsupportedData, "the pad does not have that format with this key"),
    "invalidKeyLength": (InvalidData, "that key has no length of its algorithm"),
    "algorithmNotSupported": (UnsupportedData, "the pad does not have that algorithm"),
    "noKeyRam": (HardwareFault, "the pad holds as many keys as it can; delete one"),
    "signatureInvalid": (SecurityFailed, "the key block was changed, or is for another protection key"),
    "noPin": (SequenceError, "no PIN has been entered, or it was used already"),
    "invalidData": (InvalidData, "the pad cannot make a PIN block of that account number"),
}


def identity(body: str) -> PinPadIdentity:
    """The reply to ``I``."""
    model, serial, firmware, keys = _fields(body, "I", 5)
    return PinPadIdentity(model, serial, firmware, _number(keys))


def state(body: str) -> PinPadState:
    """The reply to ``S``; raise ``ProtocolError`` for what is none."""
    mode, security, keys, presses = _fields(body, "S", 5)
    if mode not in MODES or security not in ("ok", "tampered") or keys not in ("ready", "none"):
        raise ProtocolError("the PIN pad is in a state this protocol has not")
    found = PinPadState(mode, security, keys, _number(presses))
    if found.presses > MOST_PRESSES:
        raise ProtocolError("the PIN pad counts more keys than anybody presses")
    return found


def press(body: str, letter: str = "E") -> Press | None:
    """A key, told by itself or asked for with ``R``; None when it has not been pressed yet.

    Raise ``ProtocolError`` for what is none.
    """
    fields = body.split("|")
    if letter == "R" and len(fields) == 3 and fields[2] == "none":
        return None
    number, key, digits = _fields(body, letter, 4)
    if key not in KEYS:
        raise ProtocolError("the PIN pad told a key that it has not")
    return Press(_number(number), key, _number(digits))


def begin(secret: bool, least: int, most: int, auto_end: bool, active: str) -> str:
    """The command that begins an entry; ``active`` are the digits and letters (e, c, k, b) of usable keys."""
    mode = "pin" if secret else "data"
    return f"M|{mode}|{least}|{most}|{int(auto_end)}|{active}"


def load(name: str, protector: str, block: str) -> str:
    """The command that loads a key; raise ``InvalidData`` (``formatNotSupported``) for what is no key block."""
    _named(name)
    _named(protector)
    if not _BLOCK.fullmatch(block) or int(block[1:5]) != len(block):
        raise InvalidData("a key is loaded as a TR-31 key block of version D", "formatNotSupported")
    return f"K|{name}|{protector}|{block}"


def loaded(body: str) -> tuple[bytes, int]:
    """The reply to ``K``: check value and length in bits; raise what the pad refused it with."""
    outcome, *rest = _answer(body, "K")
    if outcome != "ok" or len(rest) != 2 or not _HEX.fullmatch(rest[0]) or len(rest[0]) != 6:
        raise _refused(outcome)
    return bytes.fromhex(rest[0]), _number(rest[1])


def held_key(body: str, index: int) -> HeldKey | None:
    """The reply to ``L``; None behind the last key.

    Raise ``ProtocolError`` for what is none.
    """
    fields = _answer(body, "L")
    if fields == [str(index), "none"]:
        return None
    if len(fields) != 7 or fields[0] != str(index) or not _HEX.fullmatch(fields[5]) or len(fields[5]) != 6:
        raise ProtocolError("the PIN pad's list of keys has another form")
    _, name, usage, algorithm, mode, check, bits = fields
    if not _NAME.fullmatch(name):
        raise ProtocolError("the PIN pad lists a key under a name that none can have")
    return HeldKey(name, usage, algorithm, mode, bytes.fromhex(check), _number(bits))


def delete(name: str) -> str:
    """The command that deletes a key."""
    return f"D|{_named(name)}"


def pin_block(key: str, style: str, account: str) -> str:
    """The command for a PIN block of format 0 or 4; ``account`` is the whole card number.

    Raise ``InvalidData`` for an account that is no card number.
    """
    if not _PAN.fullmatch(account):
        raise InvalidData("a PIN block needs the account number: 12 to 19 digits", "invalidData")
    return f"P|{_named(key)}|{style}|{account}"


def block(body: str) -> bytes:
    """The reply to ``P``: the encrypted PIN block."""
    outcome, *rest = _answer(body, "P")
    if outcome != "ok" or len(rest) != 1 or len(rest[0]) not in (16, 32) or not _HEX.fullmatch(rest[0]):
        raise _refused(outcome)
    return bytes.fromhex(rest[0])


def done(body: str, letter: str) -> None:
    """The reply to a command that only does; raise what the pad refused it with."""
    (outcome,) = _fields(body, letter, 2)
    if outcome != "ok":
        raise _refused(outcome)


def _refused(outcome: str) -> DeviceError:
    if outcome not in REFUSALS:
        return ProtocolError("the PIN pad answered with what this protocol has not")
    kind, words = REFUSALS[outcome]
    return kind(outcome, words) if kind is HardwareFault else kind(words, outcome)


def _answer(body: str, letter: str) -> list[str]:
    first, *fields = body.split("|")
    if first != letter or not fields:
        raise ProtocolError(f"the PIN pad's answer to {letter} has another form")
    return fields


def _fields(body: str, letter: str, count: int) -> Sequence[str]:
    fields = _answer(body, letter)
    if len(fields) != count - 1:
        raise ProtocolError(f"the PIN pad's answer to {letter} has another form")
    return fields


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InvalidData("a key's name has 1 to 24 letters, digits, dots and dashes")
    return name


def _number(field: str) -> int:
    if not _NUMBER.fullmatch(field):
        raise ProtocolError("the PIN pad sent what is no number")
    return int(field)
