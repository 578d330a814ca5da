"""The ID card reader's traffic without the person: another text, an empty photo, and the check that fits them.

A reply's data is replaced byte by byte as it comes, so a pause, a torn frame or noise in the middle never lets a
real byte through: what lies outside a frame becomes zeros. A check that was wrong stays wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from drivers.protocols.id_card_made_up import made_up
from drivers.protocols.sam_v import (
    MAX_REPLY,
    MIN_REPLY,
    PHOTO_BYTES,
    PREAMBLE,
    TEXT_BYTES,
    Command,
    checksum,
    encode,
)
from drivers.protocols.sam_v_words import WORDS
from drivers.protocols.wire import Wire

_HEAD: Final = len(PREAMBLE) + 2
_STATUS: Final = _HEAD + 3
"""Where a reply's data begins: behind preamble, length and three status bytes."""
_TEXT: Final = _STATUS + 4
"""Where a card's text begins: behind the lengths of text and photo."""
_SIZES: Final = TEXT_BYTES.to_bytes(2, "big") + PHOTO_BYTES.to_bytes(2, "big")
_LENGTHS: Final = (8 + TEXT_BYTES + PHOTO_BYTES, MAX_REPLY)
"""Of a card: without and with what nobody asks for."""
_SMALL: Final = 16
"""A SAM id has 16 bytes; whatever is longer comes from a card."""
_OF_THE_MODULE: Final = frozenset(bytes((command,)) for command in (0x10, 0x11, 0x12, 0x20))
"""Reset, status, SAM id, find and select: whose replies are not a person's."""
_IDLE: Final = frozenset(encode(command) for command in (Command.STATUS, Command.FIND, Command.SELECT))


class SamVWire(Wire):
    """Requests carry nothing of anybody; replies longer than a SAM id are a person's.

    Args:
        today: the business day, by which a real card is judged.
    """

    def __init__(self, today: Callable[[], date] = date.today) -> None:
        self._today = today
        self._real = bytearray()  # the reply so far
        self._given = bytearray()  # what stands for it; behind by what is held back
        self._personal = True  # what was asked for last is a person's, or not known
        self._begins: bytearray | None = None  # what follows a request that came in the middle of a reply

    def outgoing(self, data: bytes) -> bytes:
        """A request: the reply under way may have been torn, and what follows may be another one."""
        self._personal = data[_HEAD : _HEAD + 1] not in _OF_THE_MODULE
        if len(self._real) >= len(PREAMBLE) and self._begins is None:
            self._begins = bytearray()
        return data

    def incoming(self, data: bytes) -> bytes:
        """Take the real bytes; give those that may be written down."""
        return b"".join(map(self._next, data))

    def settle(self) -> bytes:
        """End the reply that has not come to its end."""
        rest = self._held() + bytes(len(self._begins or b""))
        self._forget()
        return rest

    def idle(self, key: bytes) -> bool:
        """Status, find and select are asked again and again."""
        return key in _IDLE

    def _forget(self) -> None:
        self._real.clear()
        self._given.clear()
        self._begins = None

    def _next(self, byte: int) -> bytes:
        if self._begins is None:
            return self._byte(byte)
        self._begins.append(byte)
        first = bytes(self._begins)
        if PREAMBLE.startswith(first) and first != PREAMBLE:
            return b""
        torn = b""
        self._begins = None
        if first == PREAMBLE:
            torn = self.settle()
        return torn + b"".join(map(self._byte, first))

    def _byte(self, byte: int) -> bytes:
        self._real.append(byte)
        at = len(self._real) - 1
        if at < len(PREAMBLE):
            return self._preamble()
        if at == _HEAD - 2:
            return b""
        if at == _HEAD - 1:
            return self._length_told()
        if at == 6 + self._length and at >= _HEAD:
            return self._check(byte)
        if not self._of_a_person:
            return self._give(bytes((byte,)))
        head = _TEXT if self._length - 4 > _SMALL else _STATUS
        if at < head - 1:
            return b""  # held back until it is whole: where bytes were lost, a person's stand in their places
        if at == head - 1:
            return self._give(_known(bytes(self._real[_HEAD:])))
        if at < _TEXT + TEXT_BYTES - 1:
            return b""  # held back until the type mark is there
        if at == _TEXT + TEXT_BYTES - 1:
            return self._give(made_up(bytes(self._real[_TEXT:]), self._today()))
        return self._give(b"\0")

    def _preamble(self) -> bytes:
        """The beginning of a reply, or noise: then the search goes on behind its first byte."""
        if not PREAMBLE.startswith(bytes(self._real)):
            rest = bytes(self._real[1:])
            self._real.clear()
            return b"\0" + b"".join(map(self._byte, rest))
        return self._give(PREAMBLE) if len(self._real) == len(PREAMBLE) else b""

    def _length_told(self) -> bytes:
        """The length, unless it is none that a module gives: then bytes of a person may stand there."""
        told = bytes(self._real[len(PREAMBLE) :])
        length = int.from_bytes(told, "big")
        if length < MIN_REPLY:
            self._forget()  # no reply is so short: what follows is noise, or the next one
            return told
        known = not self._personal or length <= 4 + _SMALL or length in _LENGTHS
        return self._give(told if known else bytes(2))

    @property
    def _of_a_person(self) -> bool:
        return self._personal or self._length - 4 > _SMALL

    @property
    def _length(self) -> int:
        return min(int.from_bytes(self._real[5:7], "big"), MAX_REPLY)

    def _held(self) -> bytes:
        """What stands for the bytes that were kept back."""
        missing = len(self._real) - len(self._given)
        if len(self._real) <= _TEXT:
            return bytes(missing)
        return made_up(b"", self._today())[:missing] if self._given else bytes(missing)

    def _check(self, byte: int) -> bytes:
        """Right for what is written down, or as wrong as the real one was."""
        self._real.pop()
        held = self._give(self._held())
        wrong_by = checksum(bytes(self._real[5:])) ^ byte
        fitting = checksum(bytes(self._given[5:])) ^ wrong_by
        self._forget()
        return held + bytes((fitting,))

    def _give(self, data: bytes) -> bytes:
        self._given += data
        return data


def _known(head: bytes) -> bytes:
    """The status and the sizes of the blocks as a module gives them; zeros for anything else."""
    fits = head[:2] == b"\0\0" and head[2] in WORDS and head[3:] in (b"", _SIZES)
    return head if fits else bytes(len(head))
