"""A code scanner that pretends to be a keyboard: key events of the kernel back to the bytes of the code.

Key codes and the record are those of ``linux/input-event-codes.h`` and ``linux/input.h``. The scanner is set to
the US layout, which all of them know; what that layout lacks it types as ALT and digits of the keypad.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final, Literal

from drivers.protocols.barcode import MAX_CODE, Splitter

RECORD: Final = struct.Struct("@llHHi")
"""``struct input_event``: seconds, microseconds, type, code, value, in the machine's own sizes."""
Alt = Literal["gb18030", "unicode"]
"""What a number above 255 means: a two-byte code of GB 18030 (as on Chinese Windows), or a Unicode code point."""

_SYN, _KEY = 0x00, 0x01
_LAST_TYPE, _LAST_CODE = 0x1F, 0x2FF
_DROPPED: Final = 3
"""SYN_DROPPED: the kernel's buffer ran over and keys are missing."""
_UP, _DOWN, _REPEAT = 0, 1, 2
_CAPS: Final = 58
_SHIFTS, _CONTROLS, _ALTS = frozenset({42, 54}), frozenset({29, 97}), frozenset({56, 100})
_HELD: Final = _SHIFTS | _CONTROLS | _ALTS


def _row(first: int, plain: str, shifted: str) -> dict[int, tuple[str, str]]:
    return {first + n: pair for n, pair in enumerate(zip(plain, shifted, strict=True))}


_US: Final = {
    **_row(2, "1234567890-=", "!@#$%^&*()_+"),
    **_row(16, "qwertyuiop[]", "QWERTYUIOP{}"),
    **_row(30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    **_row(43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    15: ("\t", "\t"),
    28: ("\r", "\r"),
    57: (" ", " "),
    86: ("\\", "|"),
}
_KEYPAD: Final = {
    **dict(zip((71, 72, 73, 75, 76, 77, 79, 80, 81, 82), "7894561230", strict=True)),
    55: "*",
    74: "-",
    78: "+",
    83: ".",
    96: "\r",
    98: "/",
}
"""With Num Lock on, as scanners take it for granted."""


class WedgeCutter:
    """Turns records, cut anywhere, into codes.

    Keys without a character (function keys that some scanners put in front) are passed over. A code of which
    keys are known to be missing, or a number that stands for nothing, is dropped whole.

    Args:
        suffix: the key behind a code, Enter (13) or Tab (9); None when it ends with Enter or with silence.
        limit: the longest code taken, in bytes.
        alt: what ALT and a number above 255 mean.
    """

    def __init__(self, suffix: bytes | None = b"\r", limit: int = MAX_CODE, alt: Alt = "gb18030") -> None:
        self._splitter = Splitter(suffix or b"\r", limit)
        self._by_silence = suffix is None
        self._alt = alt
        self._records = bytearray()
        self._down: set[int] = set()
        self._capitals = False
        self._digits = ""
        self._spoilt = False
        self.spoilt = 0
        """Codes thrown away because keys were missing."""

    @property
    def pending(self) -> bool:
        """Never: the rest of a code that was forgotten is known for one."""
        return False

    def reset(self) -> None:
        """Forget the beginning of a code, whose rest is then none; keys that are held down stay down."""
        self._spoilt = self._spoilt or self._splitter.pending
        self._splitter.reset()

    def restart(self) -> None:
        """The device was opened anew: no key is known to be down."""
        self.reset()
        self._records.clear()
        self._down.clear()
        self._capitals = self._spoilt = False
        self._digits = ""

    def idle(self) -> list[bytes]:
        """No key came for longer than a scanner takes between two: half a code is none, or it is the whole."""
        self._records.clear()
        found = self._sound(self._splitter.feed(b"\r")) if self._by_silence else []
        self.reset()
        self._spoilt = False
        self._digits = ""
        return found

    def feed(self, chunk: bytes) -> list[bytes]:
        """The codes complete with ``chunk``."""
        self._records += chunk
        found: list[bytes] = []
        for kind, code, value in self._events():
            if kind == _SYN and code == _DROPPED:
                self._lost_keys()
            elif kind == _KEY:
                found += self._sound(self._splitter.feed(self._typed(code, value)))
        return found

    def _events(self) -> Iterator[tuple[int, int, int]]:
        """Whole records. The kernel never cuts one; bytes that cannot be one are passed over one by one."""
        records = self._records
        while len(records) >= RECORD.size:
            _, micro, kind, code, value = RECORD.unpack_from(records)
            if not _is_event(micro, kind, code, value):
                del records[0]
                self._spoilt = True
                continue
            del records[: RECORD.size]
            yield kind, code, value

    def _lost_keys(self) -> None:
        self._spoilt = True
        self._down.clear()
        self._digits = ""

    def _sound(self, codes: list[bytes]) -> list[bytes]:
        """The codes without one that is known to be spoilt."""
        if not (codes and self._spoilt):
            return codes
        self._spoilt = False
        self.spoilt += 1
        return codes[1:]

    def _typed(self, code: int, value: int) -> bytes:
        """The bytes that a key stands for now."""
        if code in _HELD:
            return self._modifier(code, value)
        if value != _DOWN:
            return b""
        if code == _CAPS:
            self._capitals = not self._capitals
            return b""
        if self._down & _ALTS:
            digit = _KEYPAD.get(code, "")
            self._digits += digit if digit.isdigit() else ""
            return b""
        return self._character(code).encode("ascii")

    def _modifier(self, code: int, value: int) -> bytes:
        if value != _UP:
            self._down.add(code)
            return b""
        self._down.discard(code)
        if code not in _ALTS or self._down & _ALTS:
            return b""
        digits, self._digits = self._digits, ""
        return self._number(digits) if digits else b""

    def _character(self, code: int) -> str:
        if code in _KEYPAD:
            return _KEYPAD[code]
        plain, shifted = _US.get(code, ("", ""))
        if not plain:
            return ""
        if self._down & _CONTROLS:
            # Control and a letter or one of [ \ ] ^ _ is the control character, as GS in GS1 codes.
            sign = shifted if shifted.isalpha() or plain in "6-" else plain
            return chr(ord(sign) & 0x1F) if "@" <= sign <= "_" else ""
        capital = bool(self._down & _SHIFTS) != (self._capitals and plain.isalpha())
        return shifted if capital else plain

    def _number(self, digits: str) -> bytes:
        """The bytes of a character typed as its number."""
        value = int(digits) if len(digits) <= 10 else -1
        byte = 0 <= value <= 0xFF and (digits[0] == "0" or value < 0x80 or self._alt == "gb18030")
        if byte:
            return bytes((value,))
        if self._alt == "gb18030" and 0x8140 <= value <= 0xFEFE:
            return value.to_bytes(2, "big")
        if self._alt == "unicode" and 0 <= value <= 0x10FFFF and not 0xD800 <= value <= 0xDFFF:
            return chr(value).encode("utf-8")
        self._spoilt = True
        return b""


def _is_event(micro: int, kind: int, code: int, value: int) -> bool:
    if not 0 <= micro < 1_000_000 or kind > _LAST_TYPE:
        return False
    return kind != _KEY or (code <= _LAST_CODE and _UP <= value <= _REPEAT)
