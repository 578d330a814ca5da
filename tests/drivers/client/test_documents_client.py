"""From the application's words to paper and back: cabinet, device program with child processes, hub and facades."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.client import (
    DeviceCommandFailed,
    DeviceHub,
    DocumentCameraClient,
    DocumentScannerClient,
    MrzClient,
)
from drivers.ports_documents import PageOrder, PageSide, PageSize
from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.simulators.documents import code_content
from drivers.simulators.travel_document import machine_lines
from drivers.xfs.auth import OPERATOR, token_of

pytestmark = pytest.mark.timeout(240)
"""Pictures of five megapixels on a machine that others use as well."""

ROLES = ("documentScanner", "documentCamera", "mrzReader")


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[tuple[Cabinet, DeviceHub]]:
    async with Cabinet(CabinetOptions(tmp_path, speed=100)) as cabinet:
        settings = load_devices(tmp_path / "devices.toml", {})
        only = [service for service in settings.services if service.role in ROLES]
        program = DeviceProgram(settings.model_copy(update={"services": only, "port": 0}))
        await program.start()
        assert program.server is not None
        hub = DeviceHub(program.server.publisher_uri, token_of(settings.token_file, OPERATOR))
        await hub.start()
        try:
            async with asyncio.timeout(30):
                while any(hub.status(role).device != "online" for role in ROLES):
                    await asyncio.sleep(0.02)
            yield cabinet, hub
        finally:
            await hub.close()
            await program.stop()


async def test_documents_reach_the_application(chain: tuple[Cabinet, DeviceHub]) -> None:
    cabinet, hub = chain
    scanner = DocumentScannerClient(hub)
    await cabinet.do("documentScanner", "lay", kind="invoice", seed=2)
    await scanner.wait_for_sheet(10)
    front, back = await scanner.scan(PageOrder(dpi=200, sides=(PageSide.FRONT, PageSide.BACK)), 30)
    assert (front.side, back.side, front.data[:2]) == ("front", "back", b"\xff\xd8")
    assert code_content("invoice", 2) in [code.data.decode() for code in front.codes]

    await cabinet.do("documentCamera", "lay", kind="permit", seed=3, angle=8)
    page = await DocumentCameraClient(hub).read(PageOrder(PageSize.ID1, dpi=300, mrz=True), 30)
    assert page.mrz is not None
    assert page.mrz["number"] == machine_lines("permit", 3)[0][5:14].rstrip("<")
    assert page.quality["sharpness"] > 0.5
    with pytest.raises(DeviceCommandFailed, match="tooFar"):
        await DocumentCameraClient(hub).read(PageOrder(PageSize.ID1, dpi=400), 4)

    reading = asyncio.ensure_future(MrzClient(hub).read(20))
    await asyncio.sleep(0.3)
    await cabinet.do("mrzReader", "swipe", seed=9)
    assert (await reading)["number"] == machine_lines("passport", 9)[1][:9].rstrip("<")
