"""A dot-matrix printer's traffic without what was printed: positions, feeds and lengths remain.

A print job is one long stream that is cut anywhere, so its commands are followed byte by byte. Characters become
zeros; of a picture all dots are black, since which columns have ink would tell one digit from another. What the
driver's own commands (``escp``) do not explain is taken for characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from drivers.protocols.escpos_status import is_realtime
from drivers.protocols.wire import Wire

_ESC, _FS, _IMAGE = 0x1B, 0x1C, ord("*")
_PLAIN: Final = frozenset(b"\r\x0c\x18\0")
"""Carriage return, form feed, cancel, and the zeros that fill up a torn image."""
_PARAMETERS: Final = {
    **{(_ESC, ord(letter)): count for letter, count in (("@", 0), ("U", 1), ("$", 2), ("*", 3))},
    **{(_FS, ord(letter)): count for letter, count in (("&", 0), (".", 0), ("S", 2), ("T", 2))},
}
"""Bytes behind a command of two bytes."""
_SIZED: Final = {(ord("U"), 1), (ord("C"), 2), (ord("V"), 2)}
"""``ESC (``: letter and number of bytes."""
_DEEP: Final = 0x27
"""Of the modes of ``ESC *`` the one with three bytes a column."""
_REALTIME: Final = re.compile(rb"(?:\x10\x04[\x01-\x04])+")
_RECOVERY: Final = re.compile(rb"(?:\x10\x05\x02)?\x18(?:\x1b@)?")
"""What the driver throws in at once, whatever waits: it is never part of a job's stream."""
_DOWN: Final = b"\x1b(V"
_MOST_OWED: Final = 64
_XON_XOFF: Final = frozenset({0x11, 0x13})


class EscpWire(Wire):
    """The stream of one line; what is asked in real time stands beside it."""

    def __init__(self) -> None:
        self._stream = _Stream()
        self._owed = 0

    def outgoing(self, data: bytes) -> bytes:
        """The same commands, without characters and pictures."""
        if _REALTIME.fullmatch(data):
            # Twice as many: an answer that is late or doubled is one too.
            self._owed = min(_MOST_OWED, self._owed + 2 * (len(data) // 3))
            return data
        if self._recovers(data):
            self._stream = _Stream()
            return data
        return bytes(map(self._stream.next, data))

    def _recovers(self, data: bytes) -> bool:
        """A lone CAN in the middle of a picture may as well be its dots: then it is taken for them."""
        return _RECOVERY.fullmatch(data) is not None and (len(data) > 1 or self._stream.between)

    def incoming(self, data: bytes) -> bytes:
        """Words of flow control, and status to what was asked; a printer that says more is not believed."""
        return bytes(map(self._answer, data))

    def settle(self) -> bytes:
        """The line is opened anew: the stream begins anew too."""
        self._stream = _Stream()
        self._owed = 0
        return b""

    def idle(self, key: bytes) -> bool:
        """The four real-time questions are asked again and again."""
        return _REALTIME.fullmatch(key) is not None

    def _answer(self, byte: int) -> int:
        if byte in _XON_XOFF:
            return byte
        if not is_realtime(byte) or not self._owed:
            return 0
        self._owed -= 1
        return byte


class EscpByLine(EscpWire):
    """A printer that tells its state by its DSR line: that is no byte, so there is nothing to play it from."""

    plays = False


class _Stream:
    """Where in the commands the stream is: how many bytes are still parameters, and how many are dots."""

    def __init__(self) -> None:
        self._begun: list[int] = []  # a command whose length is not known yet
        self._parameters = 0
        self._dots = 0
        self._image: list[int] | None = None

    @property
    def between(self) -> bool:
        """Whether the next byte begins something new."""
        return not (self._begun or self._parameters or self._dots)

    def next(self, byte: int) -> int:
        """What may be written down of the next byte."""
        if self._dots:
            self._dots -= 1
            return 0xFF
        if self._parameters:
            return self._parameter(byte)
        if self._begun:
            return self._command(byte)
        if byte in (_ESC, _FS):
            self._begun = [byte]
            return byte
        return byte if byte in _PLAIN else ord("0")

    def _command(self, byte: int) -> int:
        self._begun.append(byte)
        match self._begun:
            case [first, letter] if (first, letter) in _PARAMETERS:
                self._parameters = _PARAMETERS[first, letter]
                self._image = [] if (first, letter) == (_ESC, _IMAGE) else None
                self._begun = []
                return byte
            case [first, 0x28] if first == _ESC:
                return byte
            case [_, 0x28, letter] if letter in (known for known, _ in _SIZED):
                return byte
            case [_, 0x28, letter, low] if (letter, low) in _SIZED:
                return byte
            case [_, 0x28, _, low, 0]:
                self._parameters, self._begun = low, []
                return byte
        self._begun = []  # no command of ours: from here on it is text
        return byte if byte in _PLAIN else ord("0")

    def _parameter(self, byte: int) -> int:
        self._parameters -= 1
        if self._image is not None:
            self._image.append(byte)
            if not self._parameters:
                mode, low, high = self._image
                self._dots = (low + 256 * high) * (3 if mode == _DEEP else 1)
                self._image = None
        return byte


@dataclass(frozen=True, slots=True)
class Page:
    """A job as it went over the line: what came before the first pass, the passes, and what let the form out."""

    opening: bytes
    passes: tuple[bytes, ...]
    ending: bytes


def page_of(writes: Iterable[bytes]) -> Page:
    """The job that these writes were; passes that were never sent are not in it."""
    sent = b"".join(data for data in writes if not (_REALTIME.fullmatch(data) or _RECOVERY.fullmatch(data)))
    opening, *rest = _at_passes(sent)
    ending = b"\x0c" if rest and rest[-1].endswith(b"\r\x0c") else b""
    if ending:
        rest[-1] = rest[-1][:-1]
    return Page(opening, tuple(rest), ending)


def _at_passes(sent: bytes) -> Iterator[bytes]:
    """Cut in front of each move of the paper; what looks like one inside a picture is none."""
    stream, start = _Stream(), 0
    for place, byte in enumerate(sent):
        if stream.between and sent.startswith(_DOWN, place):
            yield sent[start:place]
            start = place
        stream.next(byte)
    yield sent[start:]
