"""A smart card's traffic without PINs, certificates, reports and signatures: headers, lengths, status words remain.

The transport writes each call to the PC/SC service as one message: a letter, then its content (``pcsc_tap``).
"""

from __future__ import annotations

import json
from typing import Final

from drivers.errors import ProtocolError
from drivers.protocols.ber_tlv import Item, items
from drivers.protocols.der_blank import DerBlank
from drivers.protocols.wire import Wire

TRANSMIT: Final = b"T"
READERS: Final = b"L"
ERROR: Final = b"!"
_REQUESTS: Final = (READERS, b"C", b"R", b"W", b"A", TRANSMIT)
_HEADER: Final = 4
_SELECT: Final = 0xA4
_READ_BINARY: Final = b"\xb0"
"""INS of READ BINARY; P1 and P2 are the offset (ISO/IEC 7816-4, 11.2.3)."""
_GET_DATA, _GET_RESPONSE = b"\xcb", b"\xc0"
_CONTENT, _MONTHS = b"\x53", b"\x87"
"""Tags of what GET DATA gives, and of the months that a tax-control device holds (docs/tax-control.md)."""
_NUMBER: Final = 8
"""Bytes from which on a value may be somebody's number."""


def anonymous(apdu: bytes) -> bytes:
    """A command with its header, its lengths, and zeros for data; names of files and applications are kept."""
    if len(apdu) <= _HEADER + 1 or apdu[1] == _SELECT:
        return apdu
    extended = apdu[_HEADER] == 0 and len(apdu) >= _HEADER + 3
    start = _HEADER + (3 if extended else 1)
    size = int.from_bytes(apdu[_HEADER + 1 : start], "big") if extended else apdu[_HEADER]
    data = apdu[start : start + size]
    return apdu[:start] + bytes(len(data)) + apdu[start + size :]


def blank_objects(data: bytes) -> bytes:
    """Data objects with their tags and lengths, and nothing of whom they are about.

    Numbers become zeros in figures, other long values zeros; days, months, counters and marks are short and stay.
    What is no row of data objects becomes zeros; what is between them, or a length longer than need be, becomes zeros
    behind them, which are no data (ISO/IEC 7816-4:2020, 6.3).
    """
    try:
        blank = b"".join(Item(one.tag, _blank_value(one)).encode() for one in items(data))
    except ProtocolError:
        blank = b""
    return blank.ljust(len(data), b"\0")


def _blank_value(one: Item) -> bytes:
    if one.tag == _CONTENT:
        return blank_objects(one.value)
    if len(one.value) >= _NUMBER and one.value.isascii() and one.value.isalnum():
        return b"0" * len(one.value)
    return one.value if len(one.value) < _NUMBER or one.tag == _MONTHS else bytes(len(one.value))


class ApduWire(Wire):
    """One message a call."""

    def __init__(self) -> None:
        self._file: DerBlank | None = None
        self._objects = False

    def outgoing(self, data: bytes) -> bytes:
        """A command APDU without its data."""
        if not data.startswith(TRANSMIT):
            return data
        self._objects = data[2:3] == _GET_DATA or (self._objects and data[2:3] == _GET_RESPONSE)
        if data[2:3] != _READ_BINARY:
            self._file = None
        elif data[3:5] == b"\0\0":
            self._file = DerBlank()
        elif self._file is not None and int.from_bytes(data[3:5], "big") != self._file.taken:
            self._file = None  # it is read from elsewhere: what comes fits no beginning
        return TRANSMIT + anonymous(data[1:])

    def incoming(self, data: bytes) -> bytes:
        """A response APDU with its status word alone; answers to reset tell the kind of card and are kept.

        A file that is read from its beginning keeps the skeleton of a certificate, so that it is still taken for one;
        data objects keep theirs.
        """
        if not data.startswith(TRANSMIT) or len(data) <= 3:
            return data
        body = data[1:-2]
        if self._objects:
            return TRANSMIT + blank_objects(body) + data[-2:]
        blank = bytes(len(body)) if self._file is None else self._file.feed(body)
        return TRANSMIT + blank + data[-2:]

    def key(self, request: bytes) -> bytes | None:
        """The message as it may be written down: two PINs of one length are the same request."""
        return TRANSMIT + anonymous(request[1:]) if request.startswith(TRANSMIT) else request

    def answers(self, request: bytes, data: bytes) -> bool:
        """An answer has its request's letter, an error tells it: readers are listed while a card is still at work."""
        letter = _asked(data)
        return letter in (b"", request[:1])

    def idle(self, key: bytes) -> bool:
        """The list of readers is read whenever one may have come or gone."""
        return key == READERS


def _asked(data: bytes) -> bytes:
    """The letter of the request that ``data`` answers; empty where it is not told, as of what comes by itself."""
    if data[:1] in _REQUESTS:
        return data[:1]
    if not data.startswith(ERROR):
        return b""
    try:
        *_, letter = json.loads(data[1:])
        return str(letter).encode("ascii") if len(letter) == 1 else b""
    except (ValueError, TypeError):
        return b""
