"""A driver under the tap, whose calls and bytes are written down."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from config.clock import Deadline
from drivers.devices import registry
from drivers.errors import DeviceError
from drivers.recording.lines import Line, Recording, head_of
from drivers.recording.tap import RecordingTap
from drivers.recording.watched import Watched
from tests.drivers.contract.subject import CLOCK


class Recorded:
    """A driver under the tap, and what was written down so far."""

    def __init__(self, driver: str, role: str, options: Mapping[str, Any], note: str = "") -> None:
        self.tap = RecordingTap(lambda: registry.traits(driver).wired(options))
        self.lines: list[Line] = []
        self.head = head_of(driver, role, options, datetime(2026, 10, 12, 9, tzinfo=UTC), note)
        self.real: Any = registry.create(driver, options, clock=CLOCK, tap=self.tap)
        self.device: Any = Watched(self.real, self._note)
        self._began = 0.0

    async def __aenter__(self) -> Recorded:
        self._began = asyncio.get_running_loop().time()
        self.tap.start(self.lines.append)
        with contextlib.suppress(DeviceError):
            await self.real.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.real.close()
        self.tap.stop()

    async def found(self) -> None:
        async with asyncio.timeout(20):
            while True:
                with contextlib.suppress(DeviceError):
                    return await self.real.open()
                await asyncio.sleep(0.05)

    def recording(self) -> Recording:
        lines = sorted(
            (replace(line, t=line.t - self._began) for line in self.lines), key=lambda line: line.t
        )
        return Recording(replace(self.head, versions={"kiosk": "0.1.0"}), tuple(lines))

    def _note(self, kind: str, name: str, more: dict[str, Any]) -> None:
        now = asyncio.get_running_loop().time()  # the machine's clock, as that of the tap's lines
        self.lines.append(Line(now, kind, name, more))


async def tried(call: Awaitable[Any]) -> Any:
    try:
        return await call
    except DeviceError as error:
        return error


def soon(seconds: float = 8) -> Deadline:
    return Deadline.after(seconds)
