"""A fault of our own around a command costs that command alone: the queue serves the next one."""

import asyncio

import pytest

from drivers.xfs.catalogue import Command
from drivers.xfs.payload import Nothing, Payload
from drivers.xfs.service import Service
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import code


class Told(Payload):
    value: float


MEASURE = Command("Meter.Measure", Nothing, Told)


class Meter(Service):
    def __init__(self, values):
        super().__init__("Meter")
        self.values = list(values)
        self.offer(MEASURE, self._measure)

    async def _measure(self, request, payload):
        return Told(value=self.values.pop(0))


@pytest.fixture
async def meter():
    service = Meter([float("nan"), float("inf"), 7.0])
    service.start()
    yield service
    await service.close()


async def test_a_value_that_json_has_not_is_a_fault_that_is_told(meter, caplog):
    desk = Desk(meter)
    async with asyncio.timeout(8):
        for _ in range(2):
            assert code((await desk.ask("Meter.Measure", version="2.0"))[1]) == "internalError"
        completion = (await desk.ask("Meter.Measure", version="2.0"))[1]
    assert completion["payload"] == {"value": 7.0}
    assert "what no message can hold" in caplog.text


async def test_a_connection_that_fails_while_it_is_told_takes_no_other_along(meter, caplog):
    class Broken(Desk):
        def finished(self, request):
            raise RuntimeError("broken")

    meter.values = [1.0, 2.0]
    broken, desk = Broken(meter), Desk(meter)
    async with asyncio.timeout(8):
        await broken.ask("Meter.Measure", version="2.0")
        assert (await desk.ask("Meter.Measure", version="2.0"))[1]["payload"] == {"value": 2.0}
    assert "failed around its handler" in caplog.text
