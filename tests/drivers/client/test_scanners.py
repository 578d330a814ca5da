"""Three kinds of scanner, one service: the terminal sees no difference."""

from __future__ import annotations

import asyncio

import pytest

from drivers.client import BarcodeClient, DeviceCommandFailed, DeviceUnavailable
from drivers.ports import Barcode
from drivers.simulators.errors import ActionRefusedError
from tests.drivers.chain import chain, online


@pytest.mark.parametrize("scanner", ["serial", "keyboard", "pos"])
async def test_a_code_reaches_the_terminal_and_the_cable_is_seen(scanner: str) -> None:
    async with chain("barcodeReader", scanner=scanner) as (cabinet, hub):
        client = BarcodeClient(hub)
        text = "https://ex.test/税/42"
        asking = asyncio.ensure_future(client.read(10))
        # Nothing tells when the reader waits; a code shown too early is not taken, as in the hall.
        while not asking.done():
            await cabinet.do("barcode", "scan", text=text)
            await asyncio.wait({asking}, timeout=0.7)
        assert await asking == Barcode("qrCode", text.encode())

        asking = asyncio.ensure_future(client.read(10))
        await cabinet.do("barcode", "unplug")
        with pytest.raises((DeviceCommandFailed, DeviceUnavailable)):
            await asking
        with pytest.raises(ActionRefusedError):
            await cabinet.do("barcode", "scan", text=text)
        await cabinet.do("barcode", "replug")
        await online(hub, "barcodeReader")
