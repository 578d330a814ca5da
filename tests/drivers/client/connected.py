"""A cabinet and a hub that has found all of it."""

import asyncio

from drivers.client import (
    DeviceHub,
)
from tests.drivers.cabinet import OPERATOR, cabinet


async def until(look, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not look():
            await asyncio.sleep(0.01)


class Connected:
    """A cabinet and a hub that has found all of it."""

    def __init__(self, folder, *names, token=OPERATOR, **options):
        self.context = cabinet(folder, *names, **options)
        self.token = token

    async def __aenter__(self):
        self.cabinet = await self.context.__aenter__()
        self.hub = DeviceHub(self.cabinet.uri(), self.token)
        await self.hub.start()
        await until(lambda: len(self.hub.roles()) == len(self.cabinet.services))
        await until(lambda: all(self.hub.status(role).device == "online" for role in self.hub.roles()))
        return self

    async def __aexit__(self, *error):
        await self.hub.close()
        await self.context.__aexit__(*error)
