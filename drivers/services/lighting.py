"""Lights as the client wants them, with the guides of waiting devices laid over them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final

from config.clock import Deadline
from drivers.cabinet_ports import CabinetBoard, FlashRate, Light
from drivers.errors import DeviceError, InvalidData
from drivers.services.board_words import OUTPUT_S
from drivers.supervision import Supervisor
from drivers.xfs.messages import lights
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request

log = logging.getLogger("kiosk.devices.lights")

POSITION: Final = "default"
"""A light here has one place, the one beside its device."""


class Lighting:
    """SetLight, and guides. A guide is set beside the queue: a person who waits for a light does not wait for it."""

    def __init__(self, name: str, supervisor: Supervisor[CabinetBoard]) -> None:
        self._name = name
        self._supervisor = supervisor
        self._wanted: dict[str, Light] = {}
        self._guides: set[str] = set()
        self._due: set[str] = set()
        self._touched: set[str] = set()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to light guides."""
        if self._task is None:
            self._task = asyncio.create_task(self._work(), name=f"guides of {self._name}")

    async def close(self) -> None:
        """Stop; lights stay as they are."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def set_light(self, request: Request, payload: lights.LightMap) -> Nothing:
        """Lights.SetLight."""
        asked = payload.__pydantic_extra__
        if not asked:
            raise InvalidData("no light is named")
        wanted = {name: _light(name, positions) for name, positions in asked.items()}
        with self._supervisor.using() as board:
            now = {name: light for name, light in wanted.items() if name not in self._guides}
            later = {name: light for name, light in wanted.items() if name in self._guides}
            if later:
                self._check(later)
            if now:
                await board.set_lights(now, request.deadline.within(OUTPUT_S))
        self._wanted |= wanted
        return Nothing()

    def guide(self, light: str, on: bool) -> None:
        """A device's guide: on while somebody must act there. Returns at once.

        Which lights there are may be known only when the board, or the service that plays it, has answered.
        """
        (self._guides.add if on else self._guides.discard)(light)
        self._touched.add(light)
        self._due.add(light)
        self._news.set()

    def again(self) -> None:
        """The board is back: set every guide that was ever touched as it should be now."""
        self._due |= self._touched
        self._news.set()

    def _lamps(self) -> Mapping[str, Any]:
        wiring = self._supervisor.device.snapshot.details.get("wiring")
        found = wiring.get("lights") if isinstance(wiring, Mapping) else None
        return found if isinstance(found, Mapping) else {}

    def _check(self, wanted: Mapping[str, Light]) -> None:
        """What the board would refuse is refused also while a guide hides it."""
        lamps = self._lamps()
        for name, light in wanted.items():
            lamp = lamps.get(name, {"rates": (), "colors": ()})
            if light.rate not in lamp["rates"] or (light.color and light.color not in lamp["colors"]):
                raise InvalidData(f"the light {name} cannot shine so", "invalidLight")

    def _shown(self, name: str) -> Light:
        if name not in self._guides:
            return self._wanted.get(name, Light())
        rates = self._lamps().get(name, {}).get("rates", ())
        return Light(FlashRate.MEDIUM if FlashRate.MEDIUM in rates else FlashRate.CONTINUOUS)

    async def _work(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            due, self._due = self._due & self._lamps().keys(), set()
            if not due:
                continue
            try:
                with self._supervisor.using() as board:
                    await board.set_lights(
                        {name: self._shown(name) for name in due}, Deadline.after(OUTPUT_S)
                    )
            except DeviceError as error:
                log.info("%s: a guide could not be lit: %s", self._name, error)


def _light(name: str, positions: Mapping[str, lights.LightState]) -> Light:
    if set(positions) != {POSITION}:
        raise InvalidData(f"the light {name} has the position '{POSITION}' only", "invalidLight")
    state = positions[POSITION]
    if state.direction is not None:
        raise InvalidData(f"the light {name} has no direction", "invalidLight")
    return Light(state.flash_rate or FlashRate.CONTINUOUS, state.color)
