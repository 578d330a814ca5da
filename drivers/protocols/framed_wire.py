"""Traffic in our own serial frames of which only what is listed may be written down; all else becomes zeros.

A body is kept when it has a known form, its hidden fields as zeros of the same length.
The frames are those of docs/dispenser-protocol.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar, Final

from drivers.protocols.dispenser import ACK, NAK, Deframer, Frame, Heard, encode
from drivers.protocols.dispenser_wire import DispenserWire
from drivers.protocols.frame_blank import FrameBlank
from drivers.protocols.wire import without_long_numbers

_SIGNALS: Final = (bytes((ACK,)), bytes((NAK,)))
Form = re.Pattern[str]


def forms(*patterns: str) -> tuple[Form, ...]:
    """Forms of bodies. A group with a name is hidden."""
    return tuple(re.compile(pattern, re.ASCII) for pattern in patterns)


def blanked(body: str, known: Iterable[Form]) -> str:
    """``body`` with zeros for what is hidden; a body of no known form keeps only its bars."""
    for form in known:
        if (found := form.fullmatch(body)) is not None:
            for start, end in map(found.span, form.groupindex):
                if start >= 0:
                    body = body[:start] + "0" * (end - start) + body[end:]
            return without_long_numbers(body)
    return "".join("|" if sign == "|" else "0" for sign in body)


class FramedWire(DispenserWire):
    """Give ``asked`` and ``told``, the forms of bodies to and from the device."""

    asked: ClassVar[tuple[Form, ...]]
    told: ClassVar[tuple[Form, ...]]

    def __init__(self) -> None:
        self._blank: FrameBlank[Heard] = FrameBlank(Deframer(), self._replaced)

    def outgoing(self, data: bytes) -> bytes:
        """A command of a known form; one write is one frame, or an answer to one."""
        if data in _SIGNALS:
            return data
        heard = Deframer().feed(data)
        if len(heard) == 1 and isinstance(heard[0], Frame):
            return encode(heard[0].seq, self._of_ours(heard[0].body))
        return bytes(len(data))

    def incoming(self, data: bytes) -> bytes:
        """Replies and notices, each when it is whole."""
        return self._blank.feed(data)

    def settle(self) -> bytes:
        """Half a frame."""
        return self._blank.settle()

    def _of_ours(self, body: str) -> str:
        return blanked(body, self.asked)

    def _of_theirs(self, body: str) -> str:
        return blanked(body, self.told)

    def _replaced(self, heard: Heard) -> tuple[bytes, bytes] | None:
        if not isinstance(heard, Frame):
            return None
        return encode(heard.seq, heard.body), encode(heard.seq, self._of_theirs(heard.body))
