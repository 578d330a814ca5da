"""What a tap may do to the bytes that pass it, each at a chosen request or answer of one command."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.drivers.contract.tap import Tap

Pieces = Sequence[bytes | float | None]
"""An answer in pieces; a number waits so many seconds between two of them, None pulls the cable."""
_NOISE = 24
_LATE_S = 0.3
"""Longer than the drivers here wait for one byte or acknowledgement."""


FAULTS = {
    "absent": "not there when it is opened",
    "renamed": "cable pulled, back under another name",
    "pulled-before": "cable pulled, the request is lost",
    "pulled-behind": "cable pulled, the request arrives",
    "pulled-within": "cable pulled within an answer",
    "deaf": "hears nothing, says nothing",
    "mute": "obeys, and says nothing more",
    "garbage-before": "noise before an answer",
    "garbage-within": "noise within an answer",
    "garbage-instead": "noise instead of an answer",
    "lost": "one answer lost",
    "torn": "half an answer",
    "flipped": "one bit of an answer wrong",
    "twice": "an answer twice",
    "late": "an answer late",
    "bytewise": "answers byte by byte",
    "split": "answers split anywhere",
    "cancelled": "the caller leaves",
}
"""All families of faults, in the words of docs/fault-matrix.md."""


class Fault:
    """Nothing wrong: the base of all others. ``family`` is one of ``FAULTS``, ``at`` the place it is put at."""

    family = ""
    at = 0

    def request(self, tap: Tap, number: int, data: bytes, deliver: Callable[[bytes], None]) -> None:
        """A chunk from the driver, the ``number``-th since the fault was armed."""
        deliver(data)

    def answer(self, tap: Tap, number: int, data: bytes) -> Pieces:
        """What becomes of a chunk from the device."""
        return [data]


SOUND = Fault()


class Deaf(Fault):
    """The device hears nothing and says nothing, though its cable is in."""

    family = "deaf"

    def request(self, tap: Tap, number: int, data: bytes, deliver: Callable[[bytes], None]) -> None:
        pass

    def answer(self, tap: Tap, number: int, data: bytes) -> Pieces:
        return []


class Mute(Fault):
    """From its ``after``-th answer on the device obeys and says nothing."""

    family = "mute"

    def __init__(self, after: int) -> None:
        self.at = after

    def answer(self, tap: Tap, number: int, data: bytes) -> Pieces:
        return [data] if number < self.at else []


class PulledAtRequest(Fault):
    """The cable is pulled as the ``at``-th request passes; ``arrives`` says whether the device still gets it.

    ``then`` happens at that very moment.
    """

    def __init__(self, at: int, *, arrives: bool) -> None:
        self.at = at
        self._arrives = arrives
        self.then: Callable[[], object] = lambda: None
        self.family = "pulled-behind" if arrives else "pulled-before"

    def request(self, tap: Tap, number: int, data: bytes, deliver: Callable[[bytes], None]) -> None:
        if number < self.at or self._arrives:
            deliver(data)
        if number == self.at:
            tap.cut()
            self.then()


class PulledInAnswer(Fault):
    """The cable is pulled when half of the ``at``-th answer has passed."""

    family = "pulled-within"

    def __init__(self, at: int) -> None:
        self.at = at

    def answer(self, tap: Tap, number: int, data: bytes) -> Pieces:
        return [data[: len(data) // 2], None] if number == self.at else [data]


class Spoilt(Fault):
    """The ``at``-th answer alone arrives wrong in a way named by ``how``.

    A wrong bit lies in the ``part``-th of ``PARTS`` equal parts of the answer: in its head, its middle or its check.
    """

    PARTS = 3

    def __init__(self, how: str, at: int, part: int = 0) -> None:
        self.family = how
        self.at = at
        self._part = part

    def answer(self, tap: Tap, number: int, data: bytes) -> Pieces:
        if number != self.at:
            return [data]
        rng = random.Random(self.at)
        noise, half = rng.randbytes(_NOISE), max(1, len(data) // 2)
        first, end = (len(data) * part // self.PARTS for part in (self._part, self._part + 1))
        place = rng.randrange(first, max(first + 1, end))
        flipped = data[:place] + bytes((data[place] ^ 1 << rng.randrange(8),)) + data[place + 1 :]
        shapes: dict[str, Pieces] = {
            "garbage-before": [noise, data],
            "garbage-within": [data[:half], noise, data[half:]],
            "garbage-instead": [noise],
            "lost": [],
            "torn": [data[:half]] if len(data) > 1 else [],
            "flipped": [flipped],
            "twice": [data, data],
            "late": [_LATE_S, data],
        }
        return shapes[self.family]


SPOILT = ("garbage-before", "garbage-within", "garbage-instead", "lost", "torn", "flipped", "twice", "late")


class Bytewise(Fault):
    """Answers come one byte at a time; a long one so at its beginning, then in pieces; a film only at its own."""

    family = "bytewise"
    _HEAD = 48

    def __init__(self, most: int) -> None:
        self._left = most

    def answer(self, tap: Tap, number: int, data: bytes) -> Pieces:
        count = min(self._left, self._HEAD)
        head, rest = data[:count], data[count:]
        self._left -= len(head)
        size = max(1, len(rest) // count) if count else len(rest)
        return [bytes((byte,)) for byte in head] + [rest[i : i + size] for i in range(0, len(rest), size)]


class Combed(Fault):
    """Answers come in pieces of ``width`` bytes, the very first of ``first``: with each ``first`` up to
    ``width`` they are split at every place there is, short ones in two pieces."""

    family = "split"

    def __init__(self, first: int, width: int) -> None:
        self.at = first
        self._width = width

    def answer(self, tap: Tap, number: int, data: bytes) -> Pieces:
        cuts = [0, *range(self.at, len(data), self._width), len(data)]
        return [data[start:end] for start, end in itertools.pairwise(cuts)]


class Whenever(Fault):
    """The caller leaves (``act``) as the ``at``-th request passes."""

    family = "cancelled"

    def __init__(self, at: int, act: Callable[[], object], *, answer: bool = False) -> None:
        self.at = at
        self._act = act
        self._on_answer = answer

    def request(self, tap: Tap, number: int, data: bytes, deliver: Callable[[bytes], None]) -> None:
        deliver(data)
        if not self._on_answer and number == self.at:
            self._act()

    def answer(self, tap: Tap, number: int, data: bytes) -> Pieces:
        if self._on_answer and number == self.at:
            self._act()
        return [data]
