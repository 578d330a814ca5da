"""The SDT/SAM_V wire as the reader speaks it: preamble, big-endian length, command or status, XOR check.

Written from the domain note, section 3; length counts every byte after itself, the check included, and the
check is the XOR of length and content.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import xor

PREAMBLE = bytes.fromhex("AAAAAA9669")
_LONGEST_REQUEST = 64
"""No command of the reader comes near; a greater length is a broken frame."""


@dataclass(frozen=True, slots=True)
class Request:
    """One frame of the host; ``fault`` is the status word for a frame that cannot be obeyed."""

    command: tuple[int, int]
    fault: int | None = None


def check(body: bytes) -> int:
    """XOR of all bytes."""
    return reduce(xor, body, 0)


def reply(status: int, data: bytes = b"") -> bytes:
    """A reply frame with the status word ``00 00 status``."""
    content = bytes([0, 0, status]) + data
    body = (len(content) + 1).to_bytes(2, "big") + content
    return PREAMBLE + body + bytes([check(body)])


class RequestReader:
    """Collects bytes into requests; what is not a frame is dropped up to the next preamble."""

    def __init__(self) -> None:
        self._kept = bytearray()

    @property
    def waiting(self) -> bool:
        """True while a frame has begun and not ended."""
        return bool(self._kept)

    def reset(self) -> None:
        """Forget a frame that never ended."""
        self._kept.clear()

    def feed(self, data: bytes) -> Iterator[Request]:
        """The requests that ``data`` completes."""
        self._kept += data
        while self._synchronise():
            length = int.from_bytes(self._kept[5:7], "big")
            if not 3 <= length <= _LONGEST_REQUEST:
                del self._kept[:5]
                yield Request((0, 0), fault=0x11)
                continue
            if len(self._kept) < 7 + length:
                return
            body = bytes(self._kept[5 : 7 + length])
            del self._kept[: 7 + length]
            fault = 0x10 if check(body) else None
            yield Request((body[2], body[3]), fault)

    def _synchronise(self) -> bool:
        start = self._kept.find(PREAMBLE)
        if start < 0:
            # The tail may be the beginning of a preamble.
            keep = next((n for n in range(4, 0, -1) if self._kept.endswith(PREAMBLE[:n])), 0)
            del self._kept[: len(self._kept) - keep]
            return False
        del self._kept[:start]
        return len(self._kept) >= 7
