"""Faults of a line or a network connection, for the next answers: the same words at every simulated device."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Final, Literal

from pydantic import Field

from drivers.simulators.base import Parameters

SEGMENTS: Final = 64
"""Pieces of an answer that is split on a network connection: a picture byte by byte would take seconds."""


class LinkFault(Parameters):
    """A fault of the line for the next ``count`` answers; ``seconds`` is for ``delay`` and ``split``."""

    fault: Literal["drop", "delay", "split", "duplicate", "flip", "cut"]
    count: int = Field(1, ge=1)
    seconds: float = Field(0.2, ge=0, le=60)
    seed: int = 0


class LinkFaults:
    """Those that wait for an answer to spoil, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._faults: list[LinkFault] = []

    def add(self, fault: LinkFault) -> None:
        """Behind those that are there."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Take all of them back."""
        self._faults.clear()

    def take(self) -> LinkFault | None:
        """The fault of the answer that goes out now; each one counts."""
        if not self._faults:
            return None
        fault = self._faults[0]
        left = fault.count - 1
        self._faults[0:1] = [fault.model_copy(update={"count": left, "seed": fault.seed + 1})] if left else []
        return fault

    def told(self) -> list[str]:
        """For the state of the device."""
        return [f"{fault.fault} x{fault.count}" for fault in self._faults]


async def spoilt(
    fault: LinkFault | None, data: bytes, most_pieces: int | None = None
) -> AsyncIterator[bytes]:
    """What goes out in place of ``data``, piece by piece, when it does; split byte by byte without ``most_pieces``."""
    if fault is None:
        yield data
        return
    rng = random.Random(fault.seed)
    if fault.fault == "drop":
        return
    if fault.fault == "delay":
        await asyncio.sleep(fault.seconds)
    elif fault.fault == "duplicate":
        data = data + data
    elif fault.fault == "cut":
        data = data[: rng.randrange(len(data))]
    elif fault.fault == "flip":
        place = rng.randrange(len(data))
        data = data[:place] + bytes([data[place] ^ (1 << rng.randrange(8))]) + data[place + 1 :]
    elif fault.fault == "split":
        size = -(-len(data) // (most_pieces or len(data)))
        for first in range(0, len(data) - size, size):
            yield data[first : first + size]
            await asyncio.sleep(fault.seconds * size / len(data))
        data = data[(len(data) - 1) // size * size :]
    yield data
