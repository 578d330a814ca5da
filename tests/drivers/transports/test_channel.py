"""A line as the loop sees it: whatever ends its reading, it is told as lost."""

from __future__ import annotations

import asyncio

import pytest

from drivers.errors import LinkLost
from drivers.transports.channel import Channel


class Failing:
    """A line whose reading has a fault of its own."""

    name = "failing line"

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.opens = 0

    def open(self) -> None:
        self.opens += 1

    def close(self) -> None:
        """Nothing is held."""

    def read(self) -> bytes:
        raise self._error

    def write(self, data: bytes) -> None:
        """Nobody listens."""


@pytest.mark.parametrize("error", [LinkLost("it has vanished"), ValueError("a fault of the program")])
async def test_a_line_that_nobody_reads_any_more_is_lost(error):
    channel, lost = Channel(Failing(error)), asyncio.get_running_loop().create_future()
    channel.lost = lost.set_result
    await channel.open()
    async with asyncio.timeout(30):
        told = await lost
    assert isinstance(told, LinkLost)
    assert not channel.is_open
    await channel.close()
