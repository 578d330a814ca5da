"""What a protocol says about its own traffic, so that a recording of it holds nobody's data and can be played back.

A protocol that has a ``Wire`` of its own declares three things: what of a chunk may be written down, when two
requests are the same one, and which requests a driver sends again and again by itself. A protocol without one gets
``Blank``: only times and lengths are kept, which cannot be played back, and nothing leaks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final

_LONG_NUMBER: Final = re.compile(
    "[0-9](?:[ -]?[0-9]){7,}"  # a card's, a person's, H12345678 of a permit
    "|[A-Za-z](?:[ -]?[A-Za-z])?[ -]?[0-9](?:[ -]?[0-9]){6,}"  # EA1234567 of a passport
    "|(?<![A-Za-z0-9])(?=(?:[A-Za-z]*[0-9]){5})[A-Za-z0-9]{8,}"  # M123A4567
)
"""Eight digits; seven behind letters; and a word of eight signs and more of which five are digits: numbers of travel
documents have at most nine signs (ICAO Doc 9303, part 3, 4.2.2) and mix the two as their country likes."""
_DIGIT: Final = re.compile("[0-9]")
_LETTER: Final = re.compile("[A-Za-z]")


def without_long_numbers(text: str) -> str:
    """``text`` with zeros for the digits of long numbers and ``A`` for the letters in them, as long as before.

    However they are grouped, they may be part of a card's, a document's or a person's number wherever they stand; a
    device's serial number is hidden with them. No count or state of a device has so many digits.
    """
    return _LONG_NUMBER.sub(lambda found: _LETTER.sub("A", _DIGIT.sub("0", found[0])), text)


class Wire:
    """One line, from its opening to its end; called for one chunk at a time, never from two threads at once.

    This base writes everything down as it is: right for a protocol that carries no personal data.
    """

    plays: ClassVar[bool] = True
    """Whether what is written down can be played back to the driver."""
    films: ClassVar[bool] = False
    """Whether the device shows what it sees as long as somebody looks, and is asked nothing."""

    def outgoing(self, data: bytes) -> bytes:
        """What may be written down of one write of the driver."""
        return data

    def incoming(self, data: bytes) -> bytes:
        """What may be written down of the device's bytes, each in its place.

        Fewer bytes than were given may come back while it is not yet known what they are; they come with a later
        call, or with ``settle``.
        """
        return data

    def settle(self) -> bytes:
        """Give out what was held back: nothing more comes, or the line was opened anew."""
        return b""

    def key(self, request: bytes) -> bytes | None:
        """What two equal requests have in common; None for a write that asks for nothing, such as an ACK."""
        return request

    def answers(self, request: bytes, data: bytes) -> bool:
        """Whether ``data`` of the device may answer ``request``: where several are under way at once, it is told."""
        return True

    def idle(self, key: bytes) -> bool:
        """Whether the driver sends this by itself, at moments that differ from run to run: a poll."""
        return False

    def brings_about(self, outcome: Mapping[str, Any]) -> bool:
        """Whether what is written down can make a call come to ``outcome`` again."""
        return True

    def readdressed(self, recorded: bytes, now: bytes, answer: bytes) -> bytes:
        """The recorded ``answer`` to ``recorded`` as one to ``now``, where a protocol numbers its requests."""
        return answer


class Blank(Wire):
    """For a protocol nobody has described: zeros in place of every byte."""

    plays = False

    def outgoing(self, data: bytes) -> bytes:
        """As many zeros."""
        return bytes(len(data))

    def incoming(self, data: bytes) -> bytes:
        """As many zeros."""
        return bytes(len(data))
