"""A code scanner's traffic without what the codes say: each code another one of the same kind, length and encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from drivers.protocols.barcode import as_text, guess_symbology
from drivers.protocols.wire import Wire

LONGEST: Final = 65536
"""Bytes of the longest code that a driver can be set to take (option ``max_bytes``); all of a longer one is dropped."""
_PARTS: Final = re.compile(rb"[^\t\r\n]+|[\t\r\n]")
"""What stands between two ends of a code, whichever of them the scanner is set to, and those ends."""
_IDENTIFIER: Final = re.compile(rb"\][A-Za-z][0-9A-Za-z]")
"""A symbology identifier (ISO/IEC 15424): it says what was printed, not what it holds."""
_BLANKED: Final = (
    bytes(
        ord("0")
        if byte in b"0123456789"
        else ord("A" if chr(byte).isupper() else "a")
        if chr(byte).isalpha()
        else byte
        for byte in range(128)
    )
    + b"\xff" * 128
)
"""Punctuation and control characters stay, and with them the form of an address; a capital stays one, since Code 39 has
no other letters. What is no text stays none: 0xFF is in neither encoding."""
_UTF_8: Final = {len(one.encode()): one.encode() for one in "é中𠀀"}
"""What stands for any character beyond ASCII, by its bytes."""
_GB_18030: Final = {
    (len(one.encode("gb18030")), len(one.encode())): one.encode("gb18030") for one in "α中Ø㐀𠀀"
}
"""The same by its bytes there and in UTF-8, which a driver makes of it. None of them begins as anything of UTF-8."""


class BarcodeWire(Wire):
    """Codes are read from strangers' phones and papers; what the driver sends are commands to the light.

    A code is held back until it has ended: only then is its encoding known, and whether its check digit is right.
    """

    def __init__(self) -> None:
        self._code = bytearray()
        self._too_long = False

    def incoming(self, data: bytes) -> bytes:
        """The codes that have ended, blanked, with their ends."""
        told = bytearray()
        for part in _PARTS.findall(data):
            if part in (b"\t", b"\r", b"\n"):
                told += self.settle() + part
                continue
            self._code += part
            if self._too_long or len(self._code) > LONGEST:
                self._too_long = True
                told += b"A" * len(self._code)
                self._code.clear()
        return bytes(told)

    def settle(self) -> bytes:
        """The code that has begun, as if it had ended here."""
        code = blanked(bytes(self._code))
        self._code.clear()
        self._too_long = False
        return code


def blanked(code: bytes) -> bytes:
    """A code with as many bytes that a driver makes the same of: its symbology, and its size as UTF-8.

    Digits are 0 and letters A or a; the last digit is 1 where the check digit of an EAN or UPC is wrong. A character
    beyond ASCII becomes a fixed one that is as long in its encoding. A symbology identifier stays.
    """
    mark = _IDENTIFIER.match(code)
    if mark is not None:
        kind, modifier = code[:2], code[2:3]
        return kind + (modifier if modifier.isdigit() else b"A") + _content(code[3:])
    return _content(code)


def _content(code: bytes) -> bytes:
    text = as_text(code)
    if text is None or code.isascii():
        told = code.translate(_BLANKED)
    elif text.encode() == code:
        told = b"".join(_UTF_8.get(len(one.encode()), one.encode().translate(_BLANKED)) for one in text)
    else:
        told = b"".join(map(_gb_18030, _characters(code)))
    same = not code.isdigit() or guess_symbology(told) == guess_symbology(code)
    return told if same else told[:-1] + b"1"


def _characters(code: bytes) -> Iterator[bytes]:
    """The characters of GB 18030 text: one byte, two, or four with a digit as the second."""
    at = 0
    while at < len(code):
        size = 1 if code[at] < 0x80 else 4 if code[at + 1 : at + 2].isdigit() else 2
        yield code[at : at + size]
        at += size


def _gb_18030(one: bytes) -> bytes:
    if one.isascii():
        return one.translate(_BLANKED)
    return _GB_18030[len(one), len(one.decode("gb18030").encode())]
