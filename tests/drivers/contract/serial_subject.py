"""What every subject on a serial line does alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from drivers.devices.options import Value
from drivers.simulators.serial_device import SerialSimulator
from tests.drivers.contract.subject import Subject
from tests.drivers.contract.tap import SerialTap


class SerialSubject(Subject):
    """``far`` is the simulator's end of the cable, ``near`` the driver's; the tap sits between."""

    node = "ttyUSB{}"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.far = directory / "tty-far"
        self.near = str(directory / "tty-near")

    async def wire(self, simulator: SerialSimulator) -> None:
        """Start the simulator and put the tap into its cable."""
        self._simulator = simulator
        await simulator.start()
        self.tap: SerialTap = SerialTap(self.far, Path(self.near))
        await self.tap.start()

    async def stop(self) -> None:
        await self.tap.stop()
        await self._simulator.stop()

    def options(self) -> Mapping[str, Value]:
        return {"port": self.near}
