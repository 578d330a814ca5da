"""From the application's words to the hardware and back: a whole cabinet, the device program, and a client."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.client import DeviceHub
from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.xfs.auth import OPERATOR, token_of


@asynccontextmanager
async def chain(role: str, **options: Any) -> AsyncIterator[tuple[Cabinet, DeviceHub]]:
    """A cabinet and a hub that is connected to the service of ``role`` alone."""
    with tempfile.TemporaryDirectory(prefix="cab-") as place:  # a socket's path is short
        async with Cabinet(CabinetOptions(Path(place), speed=100, **options)) as cabinet:
            settings = load_devices(Path(place) / "devices.toml", {})
            only = [service for service in settings.services if service.role == role]
            program = DeviceProgram(settings.model_copy(update={"services": only, "port": 0}))
            await program.start()
            assert program.server is not None
            hub = DeviceHub(program.server.publisher_uri, token_of(settings.token_file, OPERATOR))
            await hub.start()
            try:
                await online(hub, role)
                yield cabinet, hub
            finally:
                await hub.close()
                await program.stop()


async def online(hub: DeviceHub, role: str) -> None:
    """Wait until the role is well."""
    async with asyncio.timeout(20):
        while hub.status(role).device != "online":
            await asyncio.sleep(0.02)
