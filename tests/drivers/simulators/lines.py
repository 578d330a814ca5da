"""A host at the other end of a simulated serial line, with nothing of the drivers in it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import serial


class Host:
    """Opens the link with pyserial, as a driver would; every call is bounded."""

    def __init__(self, link: Path, baud: int = 115200) -> None:
        self.port = serial.Serial(str(link), baud, timeout=0.01, write_timeout=2)

    def close(self) -> None:
        self.port.close()

    async def write(self, data: bytes) -> None:
        await asyncio.to_thread(self.port.write, data)

    async def read(self, count: int, within: float = 2.0) -> bytes:
        """``count`` bytes, or what has come when the time is over."""
        return await asyncio.to_thread(self._read, count, within)

    def _read(self, count: int, within: float) -> bytes:
        until, got = time.monotonic() + within, b""
        while len(got) < count and time.monotonic() < until:
            got += self.port.read(count - len(got))
        return got

    async def ask(self, data: bytes, count: int, within: float = 2.0) -> bytes:
        await self.write(data)
        return await self.read(count, within)

    async def quiet(self, within: float = 0.15) -> bytes:
        """What comes although nothing should."""
        return await self.read(1, within)
