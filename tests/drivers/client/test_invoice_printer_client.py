"""The application's side: a numbered form printed, voided and confirmed over the real WebSocket."""

from __future__ import annotations

import asyncio

import pytest

from config.clock import SystemClock
from drivers.client import DeviceCommandFailed, DeviceHub, InvoicePrinterClient
from drivers.devices.escp import EscpPrinter
from drivers.devices.escp_profile import EscpProfile
from drivers.devices.escpos_engine import Timings
from drivers.ports import PrintOutcome
from drivers.services.base import Identity
from drivers.services.invoice_printer import InvoicePrinterService
from drivers.simulators.base import Pace
from drivers.simulators.matrix_printer import MatrixPrinterSimulator
from drivers.simulators.printed import PrintedStore
from drivers.store import Store
from drivers.supervision import Supervisor
from drivers.transports.channel import Channel
from drivers.transports.tcp import TcpLink
from drivers.xfs.auth import Tokens
from drivers.xfs.server import XfsServer
from tests.drivers.cabinet import OPERATOR, POLICY, write_tokens

FIELDS = {
    "date": "2026年10月12日",
    "buyer.name": "云川禾木文具有限公司",
    "item.name": ("中性笔",),
    "item.amount": ("1.00",),
    "total.amount": "¥1.00",
    "total.words": "壹元整",
    "total.figures": "¥1.00",
    "seller.name": "王䶮",
}
CODE = "053002600104"


@pytest.fixture
async def sim(tmp_path):
    printer = MatrixPrinterSimulator(
        tmp_path / "tty", PrintedStore(tmp_path / "printed", SystemClock()), Pace(100)
    )
    await printer.start()
    yield printer
    await printer.stop()


@pytest.fixture
async def client(tmp_path, sim):
    store = Store(tmp_path / "devices.db", SystemClock())
    await store.open()
    timings = Timings(answer=0.3, late=0.2, poll=0.1, look=0.05, stall=2.0)
    link = TcpLink("127.0.0.1", sim.tcp.port)
    device = EscpPrinter(Channel(link), SystemClock(), EscpProfile(line_s=0.03), None, timings)
    identity = Identity("InvoicePrinter", "invoicePrinter", "escp-tcp")
    service = InvoicePrinterService(identity, Supervisor("InvoicePrinter", device, POLICY), store)
    server = XfsServer("127.0.0.1", 0, {"InvoicePrinter": service}, Tokens(write_tokens(tmp_path)))
    await server.start()
    hub = DeviceHub(server.publisher_uri, OPERATOR)
    await hub.start()
    async with asyncio.timeout(8):
        while hub.status("invoicePrinter").device != "online":
            await asyncio.sleep(0.02)
    yield InvoicePrinterClient(hub)
    await hub.close()
    await server.close()
    await store.close()


async def test_a_form_is_printed_and_known_by_its_key(client, sim):
    assert "vat-folded" in await client.forms()
    await sim.do("insert", {"number": "00012301"})
    told = await client.print_invoice("key-0000001", "vat-folded", CODE, "00012301", FIELDS)
    assert (told.outcome, told.sheets) == (PrintOutcome.PRINTED, 1)
    found = await client.query("key-0000001")
    assert found is not None and found.outcome is PrintOutcome.PRINTED
    assert await client.query("key-0000009") is None
    with pytest.raises(DeviceCommandFailed) as caught:
        await client.print_invoice("key-0000002", "vat-folded", CODE, "00012301", FIELDS)
    assert caught.value.error_code == "numberUsed"


async def test_forms_in_doubt_are_settled_by_hand(client, sim):
    for number, settle in (("00012301", client.confirm), ("00012302", client.void_current)):
        await sim.do("insert", {"number": number})
        await sim.do("jam", {"afterPasses": 2})
        key = f"key-{number}"
        told = await client.print_invoice(key, "vat-folded", CODE, number, FIELDS)
        assert told.outcome is PrintOutcome.UNCERTAIN
        await sim.do("clear")
        await (settle(key) if settle == client.confirm else settle(key, by_hand=True))
    assert (await client.query("key-00012302")).outcome is PrintOutcome.VOIDED
    await sim.do("insert", {"form": "alignment", "code": "", "number": ""})
    await client.print_alignment()
