"""What simulated units that move paper share: motions one after the other, and a supply that may be cut in each."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from pathlib import Path

from drivers.simulators.base import Pace
from drivers.simulators.dispenser_frames import Frame
from drivers.simulators.framed_device import FramedSimulator


class MovingSimulator(FramedSimulator):
    """Questions are answered at once (``obey``); a motion goes into ``_motions`` and is answered when it has ended."""

    def __init__(self, name: str, link: Path, pace: Pace) -> None:
        super().__init__(name, link, pace)
        self._powered = True
        self._motions: asyncio.Queue[Frame] = asyncio.Queue()
        self._moving: Frame | None = None
        self._worker: asyncio.Task[None] | None = None

    @abstractmethod
    async def _carried_out(self, body: str) -> str:
        """Move as ``body`` says; the body of the reply."""

    async def start(self) -> None:
        """Plug in and begin to work."""
        await super().start()
        self._run()

    def _run(self) -> None:
        if self._worker is None or self._worker.done():
            self._worker = self.spawn(self._work())

    async def _work(self) -> None:
        while True:
            frame = await self._motions.get()
            self._moving = frame
            body = await self._carried_out(frame.body)
            self._moving = None
            self.answer(frame, body)

    @property
    def listening(self) -> bool:
        """Without power nothing is heard."""
        return self._powered

    def at_work(self, seq: int) -> bool:
        """Whether the motion asked for with ``seq`` has not ended."""
        return self._moving is not None and seq == self._moving.seq

    def _lose_power(self) -> None:
        """What waits, and what would be repeated, is forgotten."""
        self._powered = False
        self._moving = None
        self._motions = asyncio.Queue()
        self.forget()

    async def _halt(self) -> None:
        """Whatever moves stops where it is."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
