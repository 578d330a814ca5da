"""What a serial code scanner sends: codes split at their suffix, bounded, readable as text.

A code comes from a stranger's phone or paper: it may be as long as its maker likes, hold any byte, and lie
about what it is. Nothing here acts on content; it only cuts, measures and names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Protocol

MAX_CODE: Final = 4296
"""The largest QR code (version 40-L) holds 4,296 alphanumeric characters (ISO/IEC 18004, table 7)."""

_AIM: Final = {
    "A": "code39",
    "C": "code128",
    "d": "dataMatrix",
    "E": "ean13",
    "F": "codabar",
    "G": "code93",
    "I": "itf",
    "L": "pdf417",
    "Q": "qrCode",
    "U": "maxiCode",
    "z": "aztec",
}
"""ISO/IEC 15424 symbology identifiers to XFS4IoT names."""
_AIM_EXACTLY: Final = {"C1": "ean128", "E4": "ean8"}
"""Where the modifier behind the letter makes it another symbology: GS1-128, and EAN-8 (15424, annex A)."""
NAMED: Final = frozenset({*_AIM.values(), *_AIM_EXACTLY.values(), "upcA"})
"""Symbologies that are told apart here: by the scanner's identifier, or guessed from the code."""
_DIGITS: Final = re.compile(rb"[0-9]+")
_CODE39: Final = re.compile(rb"\*[0-9A-Z .$/+%-]+\*")
_LINEAR: Final = re.compile(rb"[ -~]{1,48}")
_URL: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{1,15}://")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")


class Cutter(Protocol):
    """What makes codes of the bytes that a scanner sends."""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The codes complete with ``chunk``."""
        ...

    @property
    def pending(self) -> bool:
        """Whether a code has begun whose rest nobody could tell from a code once ``reset`` has forgotten it."""
        ...

    def reset(self) -> None:
        """Forget the beginning of a code."""
        ...


class Splitter:
    """Cuts a stream of bytes into codes at ``suffix``; a code longer than ``limit`` is dropped whole."""

    def __init__(self, suffix: bytes = b"\r", limit: int = MAX_CODE) -> None:
        if not suffix or limit < 1:
            raise ValueError("a suffix and a limit are needed")
        self._suffix = suffix
        self._limit = limit
        self._buffer = bytearray()
        self._dropping = False
        self.dropped = 0
        """Codes thrown away because of their length."""

    @property
    def pending(self) -> bool:
        """Whether a code has begun."""
        return bool(self._buffer) or self._dropping

    def reset(self) -> None:
        """Forget the beginning of a code."""
        self._buffer.clear()
        self._dropping = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """The codes complete with ``chunk``, without suffix; empty ones are left out."""
        self._buffer += chunk
        return [code for code in self._codes() if code]

    def _codes(self) -> Iterator[bytes]:
        while (end := self._buffer.find(self._suffix)) >= 0:
            code = bytes(self._buffer[:end])
            del self._buffer[: end + len(self._suffix)]
            if self._dropping or len(code) > self._limit:
                self._dropping = False
                self.dropped += 1
                continue
            yield code.strip(b"\r\n")
        if len(self._buffer) > self._limit + len(self._suffix):
            # Keep only what may be the beginning of a suffix of several bytes.
            del self._buffer[: len(self._buffer) - len(self._suffix) + 1]
            self._dropping = True


def aim_prefix(code: bytes) -> tuple[str | None, bytes]:
    """Take a symbology identifier (``]Q1``) off, for scanners set to send one: XFS4IoT name and the rest."""
    head = code[:3]
    if len(head) == 3 and head[:1] == b"]" and head[1:].isalnum():
        letter, modifier = head[1:2].decode("ascii"), head[2:3].decode("ascii")
        name = _AIM_EXACTLY.get(letter + modifier) or _AIM.get(letter)
        if name is not None:
            return name, code[3:]
    return None, code


def as_text(code: bytes) -> str | None:
    """The text in a code: UTF-8 if it is that, else GB 18030 (older invoices and wallets); None for neither.

    Text with control characters is no text: such a code is only bytes.
    """
    for encoding in ("utf-8", "gb18030"):
        try:
            text = code.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _UNPRINTABLE.search(text):
            return text
    return None


def normalised(code: bytes) -> bytes:
    """The same code as UTF-8 when it is GB 18030 text, else unchanged."""
    text = as_text(code)
    return code if text is None else text.encode("utf-8")


def _check_digit_right(digits: bytes) -> bool:
    """EAN and UPC: weights 3 and 1 from the right, sum divisible by ten (GS1 General Specifications, 7.9)."""
    values = [byte - 0x30 for byte in reversed(digits)]
    return (sum(values[0::2]) + 3 * sum(values[1::2])) % 10 == 0


def guess_symbology(code: bytes) -> str:
    """The likely XFS4IoT symbology of a code whose scanner does not say; ``symbologyUnknown`` when unsure."""
    if _DIGITS.fullmatch(code) and len(code) in (8, 12, 13) and _check_digit_right(code):
        return {8: "ean8", 12: "upcA", 13: "ean13"}[len(code)]
    if _CODE39.fullmatch(code):
        return "code39"
    if _URL.match(code) or code.count(b",") >= 4 or not _LINEAR.fullmatch(code):
        return "qrCode"
    return "symbologyUnknown" if b" " in code else "code128"
