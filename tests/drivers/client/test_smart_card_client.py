"""From the application's words to the chip and back: every program and protocol in between is the real one."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.client import DeviceCommandFailed, DeviceHub, DeviceUnavailable, SmartCardClient
from drivers.ports import PinCheck
from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.simulators.chip import PIN, Chip
from drivers.simulators.pcscd import missing
from drivers.xfs.auth import OPERATOR, token_of

# CI is root and installs pcscd and vpcd; a private pcscd needs namespaces of its own, and so root.
pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@pytest.fixture
async def chain() -> AsyncIterator[tuple[Cabinet, SmartCardClient]]:
    with tempfile.TemporaryDirectory(prefix="cab-") as place:  # a socket's path is short
        async with Cabinet(CabinetOptions(Path(place), speed=100)) as cabinet:
            settings = load_devices(Path(place) / "devices.toml", {})
            only = [service for service in settings.services if service.role == "smartCardReader"]
            program = DeviceProgram(settings.model_copy(update={"services": only, "port": 0}))
            await program.start()
            assert program.server is not None
            hub = DeviceHub(program.server.publisher_uri, token_of(settings.token_file, OPERATOR))
            await hub.start()
            try:
                async with asyncio.timeout(20):
                    while hub.status("smartCardReader").device != "online":
                        await asyncio.sleep(0.02)
                yield cabinet, SmartCardClient(hub)
            finally:
                await hub.close()
                await program.stop()


async def test_a_key_is_used_and_a_service_that_dies_comes_back(
    chain: tuple[Cabinet, SmartCardClient],
) -> None:
    cabinet, client = chain
    heard: list[str] = []
    asking = asyncio.ensure_future(client.read_atr(10, lambda name, payload: heard.append(name)))
    await asyncio.sleep(0.2)
    await cabinet.do("smartCard", "insert", seed=6)
    assert await asking == Chip(6).atr
    assert heard == ["CardReader.InsertCardEvent", "CardReader.MediaInsertedEvent"]
    assert (await client.transmit(bytes.fromhex("00A4040008F05441584B45590100")))[-2:] == b"\x90\x00"
    assert await client.verify_pin("000000") == PinCheck(False, 2)
    assert await client.verify_pin(PIN) == PinCheck(True)
    key = x509.load_der_x509_certificate(await client.certificate()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(await client.sign(b"challenge"), b"challenge", ec.ECDSA(hashes.SHA256()))

    await cabinet.do("smartCard", "unplug")
    with pytest.raises((DeviceCommandFailed, DeviceUnavailable)):
        await client.sign(b"challenge", 3)
    await cabinet.do("smartCard", "replug")
    assert await _again(client) == Chip(6).atr
    with pytest.raises(DeviceCommandFailed, match="securityFail"):
        await client.sign(b"challenge")


async def _again(client: SmartCardClient) -> bytes:
    """The card that is in, read as soon as the device program has found its reader again."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await client.read_atr(10)
            except (DeviceCommandFailed, DeviceUnavailable):
                await asyncio.sleep(0.1)
