"""Numbered forms on the wire of the standard, over the real driver and the simulated printer."""

from __future__ import annotations

import asyncio

import pytest

from config.clock import SystemClock
from drivers.books.paper import Numbered, PaperJob
from drivers.client.capabilities import role_of
from drivers.devices.escp import EscpPrinter
from drivers.devices.escp_profile import EscpProfile
from drivers.devices.escpos_engine import Timings
from drivers.services.base import Identity
from drivers.services.invoice_printer import InvoicePrinterService
from drivers.simulators.base import Pace
from drivers.simulators.matrix_printer import MatrixPrinterSimulator
from drivers.simulators.printed import PrintedStore
from drivers.store import Store
from drivers.supervision import Supervisor
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.cabinet import POLICY
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import b64, code

KEY = "0190a5f2-0000-7000-8000-000000000001"
OTHER = "0190a5f2-0000-7000-8000-000000000002"
THIRD = "0190a5f2-0000-7000-8000-000000000003"
V3 = "3.0"
FIELDS = {
    "date": "2026年10月12日",
    "buyer.name": "云川禾木文具有限公司",
    "item.name": ["中性笔"],
    "item.amount": ["1.00"],
    "total.amount": "¥1.00",
    "total.words": "壹元整",
    "total.figures": "¥1.00",
    "seller.name": "王䶮",
}


def job(key=KEY, number="00012301", fields=FIELDS, **more):
    invoice = {"form": "vat-folded", "code": "053002600104", "number": number, "fields": fields, **more}
    return {"jobKey": key, "format": "invoice", "invoice": invoice}


@pytest.fixture
async def sim(tmp_path):
    store = PrintedStore(tmp_path / "printed", SystemClock())
    printer = MatrixPrinterSimulator(tmp_path / "tty", store, Pace(100))
    printer.kept = store
    await printer.start()
    yield printer
    await printer.stop()


class Office:
    """The service over its book, started as often as the test likes."""

    def __init__(self, directory, sim):
        self.directory, self.sim = directory, sim
        self.store = self.service = self.desk = None

    async def start(self):
        self.store = Store(self.directory / "devices.db", SystemClock())
        await self.store.open()
        link = SerialLink(str(self.directory / "tty"), 115200)
        timings = Timings(answer=0.3, late=0.2, poll=0.1, look=0.05, stall=8.0)
        device = EscpPrinter(Channel(link), SystemClock(), EscpProfile(line_s=0.03), link, timings)
        self.service = InvoicePrinterService(
            Identity("InvoicePrinter", "invoicePrinter", "escp-serial"),
            Supervisor("InvoicePrinter", device, POLICY),
            self.store,
        )
        self.service.start()
        self.desk = Desk(self.service)
        await self.until(lambda: device.connected)

    async def stop(self):
        await self.service.close()
        await self.store.close()

    async def until(self, condition):
        async with asyncio.timeout(8):
            while not condition():
                await asyncio.sleep(0.01)

    async def insert(self, number="00012301"):
        await self.sim.do("insert", {"number": number})
        await self.until(lambda: self.media == "present")

    @property
    def media(self):
        return self.service.status().get("printer", {}).get("media")

    async def ask(self, name, payload, version="1.0"):
        return (await self.desk.ask(name, payload, version, timeout_ms=30_000))[1]

    async def told(self, name, payload):
        completion = await self.ask(name, payload)
        assert code(completion) == "success", completion
        return completion["payload"]

    async def print(self, *args, **more):
        return await self.told("PaperJob.Print", job(*args, **more))

    async def query(self, key=KEY):
        return await self.told("PaperJob.Query", {"jobKey": key})

    async def spoil(self, key=KEY, number="00012301"):
        """A job that a jam stops in the middle; the sheet is taken out and put back by staff."""
        await self.insert(number)
        await self.sim.do("jam", {"afterPasses": 2})
        assert (await self.print(key, number))["outcome"] == "uncertain"


@pytest.fixture
async def office(tmp_path, sim):
    made = Office(tmp_path, sim)
    await made.start()
    yield made
    await made.stop()


async def test_a_number_is_printed_once_for_ever_and_its_key_too(office, sim):
    await office.insert()
    for _ in range(2):
        assert await office.print() == {"outcome": "printed", "sheets": 1}
    assert await office.query() == {"known": True, "outcome": "printed", "sheets": 1}
    await office.insert("00012302")
    assert code(await office.ask("PaperJob.Print", job(OTHER))) == "numberUsed"
    assert code(await office.ask("PaperJob.Print", job(KEY, "00012302"))) == "keyReused"
    assert await office.query(OTHER) == {"known": False}
    assert (await office.print(OTHER, "00012302"))["outcome"] == "printed"
    await office.until(lambda: len(sim.kept.items()) == 2)
    assert [item["number"] for item in sim.kept.items()] == ["00012301", "00012302"]


@pytest.mark.parametrize("number", ["０００１２３０１", "٠٠٠١٢٣٠١", "0001230１", "00012301\n"])
async def test_a_number_has_one_spelling_so_that_it_is_not_printed_twice(office, number):
    await office.insert()
    assert code(await office.ask("PaperJob.Print", job(OTHER, number))) == "invalidData"
    assert await office.query(OTHER) == {"known": False}


async def test_a_blank_form_leaves_its_number_free(office):
    told = await office.print()
    assert told == {"outcome": "notPrinted", "sheets": 0, "errorCode": "noMediaPresent"}
    await office.insert()
    assert (await office.print(OTHER))["outcome"] == "printed"


async def test_a_spoilt_form_is_voided_before_anything_else_is_printed(office, sim):
    await office.spoil()
    assert (await office.query())["outcome"] == "uncertain"
    assert code(await office.ask("PaperJob.Print", job(OTHER, "00012302"))) == "voidPending"
    jammed = await office.ask("InvoicePrinter.VoidCurrent", {"jobKey": KEY})
    assert code(jammed) == "paperJammed"
    await sim.do("clear")  # staff takes the sheet out and puts it in again
    await office.until(lambda: office.media == "notPresent")
    assert code(await office.ask("InvoicePrinter.VoidCurrent", {"jobKey": KEY})) == "noMediaPresent"
    await office.insert()
    for _ in range(2):
        assert await office.told("InvoicePrinter.VoidCurrent", {"jobKey": KEY}) == {"outcome": "voided"}
    assert (await office.query())["outcome"] == "voided"
    await office.until(lambda: len(sim.kept.items()) == 2)
    assert "作　废" in sim.kept.items()[1]["text"], sim.kept.items()
    assert (await office.print())["outcome"] == "voided", "the key says what became of it"
    assert code(await office.ask("PaperJob.Print", job(OTHER))) == "numberUsed", "a void number stays void"
    assert code(await office.ask("InvoicePrinter.Confirm", {"jobKey": KEY})) == "sequenceError"
    await office.insert("00012302")
    assert (await office.print(OTHER, "00012302"))["outcome"] == "printed"


async def test_a_form_marked_by_hand_and_one_found_whole(office, sim):
    await office.spoil()
    await sim.do("clear")
    assert (await office.told("InvoicePrinter.VoidCurrent", {"jobKey": KEY, "byHand": True}))[
        "outcome"
    ] == "voided"
    await office.spoil(OTHER, "00012302")
    await sim.do("clear")
    for _ in range(2):
        assert await office.told("InvoicePrinter.Confirm", {"jobKey": OTHER}) == {"outcome": "printed"}
    assert (await office.query(OTHER))["outcome"] == "printed"
    assert code(await office.ask("InvoicePrinter.VoidCurrent", {"jobKey": OTHER})) == "noMediaPresent"
    by_hand = {"jobKey": OTHER, "byHand": True}
    assert (await office.told("InvoicePrinter.VoidCurrent", by_hand))["outcome"] == "voided"


async def test_nothing_is_voided_that_was_not_begun(office):
    await office.print()
    assert code(await office.ask("InvoicePrinter.VoidCurrent", {"jobKey": KEY})) == "sequenceError"
    assert code(await office.ask("InvoicePrinter.VoidCurrent", {"jobKey": OTHER})) == "unknownJob"
    assert code(await office.ask("InvoicePrinter.Confirm", {"jobKey": OTHER})) == "unknownJob"


async def test_a_form_whose_end_was_never_entered_is_in_doubt_in_the_same_program(office):
    """The disk refused the outcome: the sheet may still lie in the printer, with ink on it."""
    entry = PaperJob(
        KEY, "InvoicePrinter", "print", "name", numbered=Numbered("vat-folded", "053002600104", "00012301")
    )
    await office.service.book.begin(entry, "test")
    await office.insert("00012302")
    assert code(await office.ask("PaperJob.Print", job(OTHER, "00012302"))) == "voidPending"
    assert (await office.told("InvoicePrinter.VoidCurrent", {"jobKey": KEY, "byHand": True}))[
        "outcome"
    ] == "voided"
    assert (await office.print(OTHER, "00012302"))["outcome"] == "printed"


async def test_what_a_restart_left_open_is_in_doubt_until_somebody_looks(office, sim):
    await office.insert()
    book = office.service.book
    entry = PaperJob(
        KEY, "InvoicePrinter", "print", "name", numbered=Numbered("vat-folded", "053002600104", "00012301")
    )
    await book.begin(entry, "test")
    await office.stop()
    await office.start()
    assert (await office.query())["outcome"] == "uncertain"
    assert code(await office.ask("PaperJob.Print", job(OTHER, "00012302"))) == "voidPending"
    assert (await office.told("InvoicePrinter.VoidCurrent", {"jobKey": KEY}))["outcome"] == "voided"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"fields": {**FIELDS, "nonesuch": "x"}}, "fieldSpecFailure"),
        ({"fields": {**FIELDS, "buyer.name": "国" * 90}}, "mediaOverflow"),
        ({"fields": {}}, "fieldError"),
        ({"form": "nonesuch"}, "formNotFound"),
        ({"number": "123"}, "invalidData"),
        ({"code": "05300260010"}, "invalidData"),
    ],
)
async def test_a_job_that_cannot_be_printed_takes_no_number(office, change, expected):
    await office.insert()
    completion = await office.ask("PaperJob.Print", job(**change))
    assert code(completion) == expected
    assert "云川" not in str(completion) and "国" not in str(completion)
    assert (await office.print())["outcome"] == "printed"


async def test_the_standards_own_commands(office, sim):
    listed = await office.desk.ask("Printer.GetFormList", {}, "2.0")
    assert listed[1]["payload"]["formList"] == ["alignment", "vat-folded", "vat-roll-76", "vehicle"]
    numbered = {"formName": "vat-folded", "fields": FIELDS}
    assert code(await office.ask("Printer.PrintForm", numbered, V3)) == "sequenceInvalid"
    assert (
        code(await office.ask("Printer.PrintForm", {"formName": "nonesuch", "fields": {}}, V3))
        == "formNotFound"
    )
    form = {"formName": "alignment", "fields": {"note": "自助终端"}}
    for wish, refusal in (
        ({"mediaControl": {"stamp": True}}, "unsupportedData"),
        ({"resolution": "veryHigh"}, "unsupportedData"),
        ({"mediaControl": {"cut": True}}, "unsupportedData"),
        ({"offsetX": 5}, "unsupportedData"),
        ({"alignment": "topLeft"}, "unsupportedData"),
        ({"paperSource": "lower"}, "unsupportedData"),
        ({"mediaName": "folded"}, "mediaNotFound"),
    ):
        assert code(await office.ask("Printer.PrintForm", form | wish, V3)) == refusal
    assert code(await office.ask("Printer.PrintForm", form, V3)) == "paperOut", "no form inside"
    assert (await office.ask("Common.Capabilities", {}))["payload"]["printer"]["writeForm"] == {"text": True}
    await office.insert()
    events, completion = await office.desk.ask("Printer.PrintForm", form, V3, 30_000)
    assert code(completion) == "success"
    assert events[0]["header"]["name"] == "Printer.MediaPresentedEvent"
    await office.insert()
    raw = {"inputData": "no", "data": b64(b"\x1b@Raw\r\x0c")}
    assert code(await office.ask("Printer.PrintRaw", raw, V3)) == "success"
    assert code(await office.ask("Printer.Reset", {}, V3)) == "success"
    assert code(await office.ask("Printer.PrintNative", {"data": b64(b"x")}, V3)) in (
        "unsupportedCommand",
        "invalidCommand",
    )


async def test_status_and_capabilities_say_what_is_known(office, sim):
    capabilities = office.service.capabilities()
    assert role_of(capabilities) == "invoicePrinter"
    assert capabilities["printer"]["type"] == {"document": True}
    status = office.service.status()
    assert status["printer"]["media"] == "notPresent" and status["printer"]["ink"] == "unknown"
    assert status["common"]["device"] == "online"
    await sim.do("cover", {"state": "open"})
    await office.until(lambda: office.service.status()["common"]["device"] == "userError")
    assert office.service.status()["paperJob"]["fault"] == "coverOpen"
