"""The light beside a device shines while a command waits for a person there."""

import asyncio

from drivers.ports_documents import PageImage, PageSide, ScannerAbility
from drivers.services.base import Identity
from drivers.services.cabinet import Cabinet
from drivers.services.documents import DocumentScannerService
from drivers.services.pin_pad import PinPadService
from drivers.supervision import Supervisor
from tests.drivers.cabinet import POLICY
from tests.drivers.fakes import FakeDevice
from tests.drivers.services.desk import Desk
from tests.drivers.services.test_clients_that_go import ENTRY, FakePad, served
from tests.drivers.xfs_client import code


class FakeScanner(FakeDevice):
    def __init__(self, lights):
        super().__init__()
        self.lights = lights

    async def ability(self):
        return ScannerAbility((PageSide.FRONT,), (), (), True, True)

    async def load(self, deadline):
        self.lights.append("waits")

    async def scan(self, order, deadline):
        self.lights.append("scans")
        return [PageImage(PageSide.FRONT, "jpg", b"\xff\xd8", 1, 1, 200)]


def watched():
    """A cabinet, and what becomes of its lights."""
    cabinet, lights = Cabinet(), []
    cabinet.guidance.switch = lambda light, on: lights.append((light, on))
    return cabinet, lights


async def test_the_pin_pads_light_shines_while_somebody_types():
    cabinet, lights = watched()
    service = PinPadService(Identity("PinPad", "pinPad", "fake"), Supervisor("PinPad", FakePad(), POLICY))
    service.join_cabinet(cabinet)
    await served(service)
    assert code((await Desk(service).ask("Keyboard.PinEntry", ENTRY, "2.0"))[1]) == "success"
    await service.close()
    assert lights == [("pinPad", True), ("pinPad", False)]


async def test_the_scanners_light_shines_until_a_sheet_lies_there():
    cabinet, lights = watched()
    device = FakeScanner(lights)
    identity = Identity("DocumentScanner", "documentScanner", "fake")
    service = DocumentScannerService(identity, Supervisor("DocumentScanner", device, POLICY))
    service.join_cabinet(cabinet)
    await served(service)
    async with asyncio.timeout(8):
        assert code((await Desk(service).ask("DocumentScanner.ReadImage"))[1]) == "success"
    await service.close()
    assert lights == [("checkUnit", True), "waits", ("checkUnit", False), "scans"]
