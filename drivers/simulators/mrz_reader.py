"""The simulated MRZ swipe reader: sends the lines of the document that passes it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import Field

from drivers.simulators.base import Outcome, Pace, Parameters, action
from drivers.simulators.errors import ActionRefusedError, BadParameterError
from drivers.simulators.serial_device import SerialSimulator
from drivers.simulators.travel_document import machine_lines

BAUD = 9600
_SWIPE_S = 0.5
_ALIKE = str.maketrans("O0I1S5B8Z2", "0O1I5S8B2Z")


class Swipe(Parameters):
    """Which document passes: that of a ``traveller`` of the city, one made up, or ``lines`` as they are.

    ``misread`` letters of it are taken for ones that look alike.
    """

    kind: Literal["passport", "permit"] = "passport"
    seed: int = Field(1, ge=0, lt=2**31)
    misread: int = Field(0, ge=0, le=88)
    lines: list[str] | None = Field(None, max_length=8)
    traveller: str | None = Field(None, max_length=40)


def _nobody(who: str) -> list[str]:
    """Of a reader by itself."""
    raise BadParameterError(f"there is no traveller {who!r}: this reader stands in no cabinet")


class MrzReaderSimulator(SerialSimulator):
    """Sends ``STX line CR line CR ETX``, or with ``framing`` "cr" just the lines."""

    def __init__(
        self,
        link: Path,
        pace: Pace,
        name: str = "mrzReader",
        *,
        framing: Literal["stx-etx", "cr"] = "stx-etx",
        passport_of: Callable[[str], list[str]] = _nobody,
    ) -> None:
        super().__init__(name, link, pace)
        self._framing = framing
        self._passport_of = passport_of
        self._swipes = 0

    def state(self) -> dict[str, object]:
        """How many documents have passed."""
        return {**self.line_state(), "framing": self._framing, "counts": {"swipes": self._swipes}}

    def received(self, data: bytes) -> None:
        """The reader takes no orders."""

    @action("swipe", Swipe)
    async def swipe(self, what: Swipe) -> Outcome:
        """Pull a document through."""
        if not self.port.plugged:
            raise ActionRefusedError("the reader is unplugged; replug it first")
        lines = what.lines or self._lines(what)
        lines = _misread(lines, what.misread, what.seed)
        await self.pace.sleep(_SWIPE_S)
        body = "".join(f"{line}\r" for line in lines).encode("ascii", "replace")
        self.send(b"\x02" + body + b"\x03" if self._framing == "stx-etx" else body)
        self._swipes += 1
        return {"lines": len(lines)}

    def _lines(self, what: Swipe) -> list[str]:
        if what.traveller:
            return self._passport_of(what.traveller)
        return list(machine_lines(what.kind, what.seed))


def _misread(lines: list[str], count: int, seed: int) -> list[str]:
    """The lines with ``count`` letters changed for their likes, at places that the seed says."""
    places = [
        (row, column)
        for row, line in enumerate(lines)
        for column, one in enumerate(line)
        if one in "O0I1S5B8Z2"
    ]
    chosen = random.Random(seed).sample(places, min(count, len(places)))
    changed = [list(line) for line in lines]
    for row, column in chosen:
        changed[row][column] = changed[row][column].translate(_ALIKE)
    return ["".join(line) for line in changed]
