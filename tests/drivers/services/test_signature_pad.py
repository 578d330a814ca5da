"""The signature pad's service over a pad in memory: however a signature ends, its ink is wiped."""

import asyncio
import base64

import pytest

from config.clock import Deadline
from drivers.errors import DeadlinePassed, LinkLost
from drivers.services.base import Identity
from drivers.services.signature_pad import SignaturePadService
from drivers.supervision import Supervisor
from tests.drivers.cabinet import POLICY
from tests.drivers.fakes import FakeDevice
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import code

DOCUMENT = {"documentDigest": base64.b64encode(bytes(32)).decode()}


class FakePad(FakeDevice):
    """Takes the order to begin, and answers as ``answer`` says: an error to raise, or None for no answer."""

    def __init__(self, answer):
        super().__init__()
        self.answer, self.signing, self.wiped = answer, asyncio.Event(), 0

    async def begin(self, document, deadline):
        self.signing.set()
        if self.answer is not None:
            raise self.answer
        await asyncio.sleep(60)

    async def cancel(self, deadline: Deadline):
        self.signing.clear()
        self.wiped += 1


async def served(pad):
    service = SignaturePadService(
        Identity("SignaturePad", "signaturePad", "fake"), Supervisor("SignaturePad", pad, POLICY)
    )
    service.start()
    async with asyncio.timeout(8):
        while service.status()["common"]["device"] != "online" or service.queue.busy:
            await asyncio.sleep(0.005)
    return service


@pytest.mark.parametrize("answer", [DeadlinePassed("late"), LinkLost("torn"), None])
async def test_a_beginning_whose_answer_is_lost_is_wiped_as_well(answer):
    pad = FakePad(answer)
    service = await served(pad)
    try:
        told = (await Desk(service).ask("SignaturePad.Sign", DOCUMENT, timeout_ms=300))[1]
        assert code(told) in ("timeOut", "deviceNotReady", "hardwareError")
        assert pad.wiped == 1 and not pad.signing.is_set()
    finally:
        await service.close()
