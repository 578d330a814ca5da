"""What a USB code scanner sends: the key events of a US keyboard, or point-of-sale reports.

Written from the kernel's and the USB forum's tables, apart from the driver's codec.
"""

from __future__ import annotations

import struct
import time
from typing import Literal

Typing = Literal["bytes", "words", "unicode"]
"""How bytes above 7F are typed with ALT: each by itself (ALT+0214), two as one number (ALT+54992), or as the
code point of their character (ALT+20013)."""

_EV_SYN, _EV_KEY, _EV_MSC = 0, 1, 4
_MSC_SCAN = 4
_LEFT_SHIFT, _LEFT_ALT, _ENTER, _TAB = 42, 56, 28, 15
_PLAIN = {
    **dict(zip("1234567890", range(2, 12), strict=True)),
    **dict(zip("qwertyuiop", range(16, 26), strict=True)),
    **dict(zip("asdfghjkl", range(30, 39), strict=True)),
    **dict(zip("zxcvbnm", range(44, 51), strict=True)),
    "-": 12, "=": 13, "[": 26, "]": 27, ";": 39, "'": 40, "`": 41, "\\": 43, ",": 51, ".": 52, "/": 53, " ": 57,
}  # fmt: skip
_SHIFTED = dict(zip('!@#$%^&*()_+{}:"~|<>?', "1234567890-=[];'`\\,./", strict=True))
_KEYPAD = dict(zip("0123456789", (82, 79, 80, 81, 75, 76, 77, 71, 72, 73), strict=True))
SUFFIX_KEYS = {"enter": _ENTER, "tab": _TAB}

_DATA_ROOM = 56


def keystrokes(data: bytes, typing: Typing, encoding: str, suffix: int | None = _ENTER) -> bytes:
    """The events of typing ``data`` and the suffix key behind it."""
    text = data.decode("latin-1" if typing == "bytes" else encoding, "surrogateescape")
    events = b"".join(_typed(sign, typing) for sign in text)
    return events + (_press(suffix) if suffix is not None else b"")


def _typed(sign: str, typing: Typing) -> bytes:
    if " " <= sign <= "~":
        return _on_keyboard(sign)
    if typing == "bytes":
        return _number(f"0{ord(sign)}")
    if typing == "unicode":
        return _number(str(ord(sign)))
    coded = sign.encode("gb18030", "surrogateescape")
    if len(coded) == 2:
        return _number(str(int.from_bytes(coded, "big")))
    return b"".join(_number(f"0{byte}") for byte in coded)


def _on_keyboard(sign: str) -> bytes:
    if sign in _PLAIN:
        return _press(_PLAIN[sign])
    code = _PLAIN[_SHIFTED.get(sign, sign.lower())]
    return _key(_LEFT_SHIFT, 1) + _press(code) + _key(_LEFT_SHIFT, 0)


def _number(digits: str) -> bytes:
    typed = b"".join(_press(_KEYPAD[digit]) for digit in digits)
    return _key(_LEFT_ALT, 1) + typed + _key(_LEFT_ALT, 0)


def _press(code: int) -> bytes:
    return _key(code, 1) + _key(code, 0)


def _key(code: int, value: int) -> bytes:
    """One change of a key, as a USB keyboard's driver reports it: scan code, key, end of the packet."""
    return _event(_EV_MSC, _MSC_SCAN, 0x70000 + code) + _event(_EV_KEY, code, value) + _event(_EV_SYN, 0, 0)


def _event(kind: int, code: int, value: int) -> bytes:
    seconds, rest = divmod(time.monotonic_ns(), 1_000_000_000)
    return struct.pack("@llHHi", seconds, rest // 1000, kind, code, value)


def reports(data: bytes, aim: bytes) -> bytes:
    """The point-of-sale reports of a code; ``aim`` is its three-byte symbology identifier."""
    places = range(0, max(1, len(data)), _DATA_ROOM)
    pieces = [data[place : place + _DATA_ROOM] for place in places]
    return b"".join(_report(piece, aim, piece is not pieces[-1]) for piece in pieces)


def _report(piece: bytes, aim: bytes, more: bool) -> bytes:
    head = bytes((2, len(piece))) + aim.ljust(3, b"\0") + piece.ljust(_DATA_ROOM, b"\0")
    return head + bytes((ord("s"), 0, int(more)))
