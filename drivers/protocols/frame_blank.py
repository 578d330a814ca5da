"""Frames replaced one by one in a stream that is cut anywhere; whatever lies outside a good frame becomes zeros.

A byte is given out only when the protocol's own deframer has said what it is, so a torn frame, noise, or a frame
with a wrong check never lets a real byte through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Generic, Protocol, TypeVar

H = TypeVar("H")
_D = TypeVar("_D", covariant=True)
STX: Final = 0x02
ACK: Final = 0x06
NAK: Final = 0x15
_BLANK: Final = bytes(byte if byte in (STX, ACK, NAK) else 0 for byte in range(256))
"""Signs stay outside frames too: a frame that was torn is still one that began, and an answer is still there."""


class Deframing(Protocol[_D]):
    """What the deframers of the protocols have in common."""

    @property
    def pending(self) -> int:
        """Bytes that are not decided."""
        ...

    def reset(self) -> None:
        """Forget everything."""
        ...

    def feed(self, chunk: bytes) -> Iterable[_D]:
        """What is complete with ``chunk``."""
        ...


class FrameBlank(Generic[H]):
    """One direction of a line.

    Args:
        deframer: finds the frames, and holds every byte that it has not decided on.
        replaced: of something found, its bytes and those that may be written down, equally many; None for what is
            no frame.
    """

    def __init__(self, deframer: Deframing[H], replaced: Callable[[H], tuple[bytes, bytes] | None]) -> None:
        self._deframer = deframer
        self._replaced = replaced
        self._held = bytearray()

    def feed(self, data: bytes) -> bytes:
        """Take real bytes; give those that may be written down, each in its place."""
        given = bytearray()
        for byte in data:
            self._held.append(byte)
            heard = self._deframer.feed(bytes((byte,)))
            if decided := len(self._held) - self._deframer.pending:
                given += self._given(heard, decided)
        return bytes(given)

    def settle(self) -> bytes:
        """What stands for the bytes that are held: a frame whose end has not come."""
        self._deframer.reset()
        return self._given((), len(self._held))

    def _given(self, heard: Iterable[H], size: int) -> bytes:
        real = bytes(self._held[:size])
        del self._held[:size]
        given = bytearray(real.translate(_BLANK))
        at = 0
        for found in heard:
            pair = self._replaced(found)
            if pair is not None:
                at = real.index(pair[0], at)
                given[at : at + len(pair[0])] = pair[1]
                at += len(pair[0])
        return bytes(given)
