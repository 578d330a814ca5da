"""Torn frames, foreign cards, hostile codes and strangers at the device program: from the wire to the words."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from config.clock import SystemClock
from config.texts import catalogue
from drivers.client import BarcodeClient, DeviceHub
from drivers.devices.barcode import SerialBarcodeReader
from drivers.devices.sam_v import SamVReader
from drivers.devices.sam_v_exchange import Timings
from drivers.protocols.barcode import MAX_CODE
from drivers.simulators.barcode_scanner import BarcodeScannerSimulator
from drivers.simulators.base import Pace
from drivers.simulators.card_reader import CardReaderSimulator
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from kiosk import readers as readers_module
from kiosk.domain.errors import FieldError
from kiosk.domain.invoices import parse_invoice_qr
from kiosk.flow.effects import ReadDocument
from kiosk.flow.pages import CapturePage, IdentifyPage
from kiosk.guards import Tries
from kiosk.readers import Readers
from tests.drivers.cabinet import CUSTOMER, cabinet
from tests.drivers.cards import RESIDENT
from tests.drivers.xfs_client import Wire
from tests.kiosk.flow.test_bad_input import LANGUAGES, WHAT_NEXT, arriving

EXPIRED = {**RESIDENT, "validTo": "20200101"}
BAD_CARDS = {
    "torn": {"invalidData", "mediaMustBeRepresented"},
    "flip": {"invalidData", "mediaMustBeRepresented"},
    "unknownLayout": {"invalidMedia"},
    "badCheck": {"invalidMedia"},
    "readFail": {"mediaMustBeRepresented"},
    "authFail": {"securityFail"},
    "samFail": {"samSelfTestFailed", "device", "deviceNotReady", "hardwareError"},
}
"""What the simulated module does to a card, and which troubles of the reader that may become."""
INVOICE = "01,04,044031800104,12345678,104.72,20180613,12345678901234567890,1774,"
CODES: dict[str, bytes] = {
    "script": b"<script>alert(1)</script>",
    "sql": b"' OR 1=1 --; DROP TABLE stock",
    "nul": b"01,04,0440\x00,12345678",
    "control": bytes(c for c in range(1, 32) if c not in b"\r\n"),
    "escape": b"\x1b[2J\x1b]0;owned\x07\x16U",
    "rtl": "\u202e01,04,044031800104\u2066,12345678".encode(),
    "emoji": "😀👩\u200d👩\u200d👧".encode() * 20,
    "gb18030": "发票，代码".encode("gb18030"),
    "no-encoding": b"\xff\xfe\x81\x00\xff",
    "template": b"{{7*7}}${jndi:ldap://x}%n%s",
    "four-kilobytes": b"9" * 4096,
    "payment-code": b"281234567890123456",
    "payment-url": b"weixin://wxpay/bizpayurl?pr=x%00%0d%0a",
    "huge-amount": b"01,04,044031800104,12345678,1e999999,20180613,,1774,",
    "invoice-with-script": INVOICE.encode() + b"<script>",
    "many-commas": b"," * 2000,
}


@dataclass
class Desk:
    """The device program over simulated serial devices, and the kiosk's readers on its wire."""

    program: Any
    hub: DeviceHub
    readers: Readers
    card: CardReaderSimulator
    scanner: BarcodeScannerSimulator

    async def lay(self, card: dict[str, Any]) -> None:
        await self.card.do("present", {"card": card})

    async def read(self) -> tuple[str, Any]:
        return await self.readers.read(ReadDocument(), lambda _: None)

    async def next_card(self) -> None:
        """The next person's good card is read."""
        if self.card.state()["card"] is not None:
            await self.card.do("remove")
        self.card.clear_faults()
        await until(lambda: self.hub.status("idReader").device == "online")
        await self.lay(RESIDENT)
        fault, card = await self.read()
        assert (fault, card.get("number")) == ("", RESIDENT["number"])


async def until(look: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not look():
            await asyncio.sleep(0.01)


def reader_of(hub: DeviceHub) -> Readers:
    return Readers(hub, 0.8, Tries(3, 60, time.monotonic), Tries(3, 60, time.monotonic), {}, lambda _: None)


@asynccontextmanager
async def desk_in(folder: Path) -> AsyncIterator[Desk]:
    card = CardReaderSimulator(folder / "tty-card", Pace(20))
    scanner = BarcodeScannerSimulator(folder / "tty-code", Pace(50))
    await card.start()
    await scanner.start()
    timings = Timings(find_interval=0.02, presence_interval=0.05, status_interval=0.1, quiet=0.02)
    line = SerialLink(str(card.port.link))
    devices: dict[str, Any] = {
        "IdCardReader": SamVReader(Channel(line), SystemClock(), line, timings),
        "BarcodeReader": SerialBarcodeReader(
            Channel(SerialLink(str(scanner.port.link), 9600)), SystemClock()
        ),
    }
    for device in devices.values():
        device.plugged = True
    try:
        async with cabinet(folder, devices=devices) as program:
            hub = DeviceHub(program.uri(), CUSTOMER)
            await hub.start()
            try:
                for role in ("idReader", "barcodeReader"):
                    await until(lambda role=role: hub.status(role).device == "online")  # type: ignore[misc]
                yield Desk(program, hub, reader_of(hub), card, scanner)
            finally:
                await hub.close()
    finally:
        await card.stop()
        await scanner.stop()


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(readers_module, "CALM_S", 0.0)
    monkeypatch.setattr(readers_module, "AWAY_S", 0.0)
    async with desk_in(tmp_path) as made:
        yield made


def shown(fault: str, data: Any) -> None:
    """What the screen says in each language has words for this trouble, and they say what to do."""
    for lang in LANGUAGES:
        page = arriving(lang).answer(dict(data), fault=fault)
        assert isinstance(page, IdentifyPage)
        assert page.message == catalogue(lang)[f"identify.fault.{fault or 'expired'}"]
        assert WHAT_NEXT[lang].search(page.message)
        assert page.state in ("again", "failed")


# --- cards ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", BAD_CARDS)
async def test_a_bad_card_is_told_in_words_and_the_next_persons_card_is_read(desk: Desk, mode: str) -> None:
    await desk.card.do("corrupt", {"mode": mode})
    await desk.lay(RESIDENT)
    fault, data = await desk.read()
    assert fault in BAD_CARDS[mode]
    assert data == {}, "no half of a card is ever told"
    shown(fault, data)
    await desk.next_card()


@pytest.mark.parametrize("mode", ["torn", "flip"])
async def test_frames_spoilt_at_every_place_never_become_a_card(desk: Desk, mode: str) -> None:
    for seed in range(3):
        await desk.card.do("corrupt", {"mode": mode, "seed": seed})
        await desk.lay(RESIDENT)
        fault, data = await desk.read()
        assert fault in BAD_CARDS[mode] and data == {}
        await desk.card.do("remove")
        await until(lambda: not desk.hub.status("idReader").details["cardReader"]["media"] == "present")
    await desk.next_card()


async def test_an_expired_card_is_read_and_refused_in_words_and_the_next_one_taken(desk: Desk) -> None:
    await desk.lay(EXPIRED)
    fault, card = await desk.read()
    assert fault == ""
    shown("", card)
    await desk.next_card()
    assert isinstance(arriving("en-US").answer({**card, "validTo": None}), CapturePage)


async def test_an_unplugged_reader_is_told_and_works_again_when_it_is_back(desk: Desk) -> None:
    await desk.card.do("unplug")
    fault, data = await desk.read()
    assert fault in ("device", "deviceNotReady", "hardwareError")
    shown(fault, data)
    await until(lambda: desk.hub.status("idReader").device != "online")
    await desk.card.do("replug")
    await desk.next_card()


# --- codes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CODES)
async def test_a_hostile_code_is_bytes_and_no_invoice_and_the_next_code_is_read(
    desk: Desk, name: str
) -> None:
    code = CODES[name]
    data = await scanned(desk, code, {code, code.decode("gb18030", "replace").encode()})
    with pytest.raises(FieldError) as refused:
        parse_invoice_qr(data)
    for lang in LANGUAGES:
        assert catalogue(lang)[refused.value.text_id]
    assert parse_invoice_qr(await scanned(desk, INVOICE.encode())).number == "12345678"


async def test_a_code_larger_than_any_is_dropped_and_the_next_one_is_read(desk: Desk) -> None:
    reading = asyncio.create_task(BarcodeClient(desk.hub).read(10.0))
    await until(lambda: desk.program.services["BarcodeReader"].queue.busy)
    await hold(desk, b"9" * (MAX_CODE + 1))
    async with asyncio.timeout(10):
        while not reading.done():
            await hold(desk, INVOICE.encode())
            await asyncio.wait({reading}, timeout=1.0)
    assert parse_invoice_qr((await reading).data).number == "12345678"


async def hold(desk: Desk, code: bytes) -> None:
    await desk.scanner.do("scan", {"bytes_b64": base64.b64encode(code).decode()})


async def scanned(desk: Desk, code: bytes, wanted: Collection[bytes] = ()) -> bytes:
    """Hold a code before the window, as a person does, until it has been read; what was read."""
    async with asyncio.timeout(15):
        while True:
            reading = asyncio.create_task(BarcodeClient(desk.hub).read(10.0))
            await until(lambda: desk.program.services["BarcodeReader"].queue.busy)
            while not reading.done():
                await hold(desk, code)
                await asyncio.wait({reading}, timeout=1.0)
            if (data := (await reading).data) in (wanted or {code}):
                return data  # else an earlier one that was held for longer than it was needed


# --- strangers at the device program --------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "z" * 20, CUSTOMER[:-1], CUSTOMER + "c"])
async def test_who_has_no_token_is_sent_away_and_the_kiosk_is_served(desk: Desk, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    for uri in (desk.program.uri(), desk.program.uri("IdCardReader")):
        with pytest.raises(InvalidStatus) as refused:
            await connect(uri, additional_headers=headers)
        assert refused.value.response.status_code == 401
        assert b"11010519" not in (refused.value.response.body or b"")
    await desk.next_card()


async def test_a_kiosk_whose_token_is_wrong_says_so_in_words_and_reads_no_card(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = DeviceHub(desk.program.uri(), "z" * 20)
    await stranger.start()
    await until(lambda: "publisher does not answer" in caplog.text)
    await desk.lay(RESIDENT)
    fault, data = await reader_of(stranger).read(ReadDocument(), lambda _: None)
    assert (fault, data) == ("device", {})
    shown(fault, data)
    await stranger.close()
    await desk.next_card()


async def test_ten_megabytes_end_their_own_connection_and_the_kiosk_is_served(desk: Desk) -> None:
    def flood() -> Any:
        with Wire(desk.program.uri("IdCardReader"), CUSTOMER) as line:  # type: ignore[no-untyped-call]
            with pytest.raises(ConnectionClosed) as closed:
                line.send_raw("x" * (10 * 1024 * 1024))
                while True:
                    line.receive()
            return closed.value.rcvd

    told = await asyncio.to_thread(flood)
    assert told is None or told.code == 1009, "cut off, or told that it is too much"
    await desk.next_card()
