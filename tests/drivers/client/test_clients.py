"""The clients of each role over a hub: what they ask, what they are told, and how a refusal looks."""

import asyncio
import time

import pytest

from drivers.client import (
    DeviceCommandFailed,
    DeviceTimeout,
    DispenserClient,
    FaceClient,
    IdCardReaderClient,
    PaperClient,
)
from drivers.client.facades import Bin
from drivers.ports import DeviceState, FaceVerdict, PrintOutcome
from tests.drivers.cabinet import MONITOR
from tests.drivers.client.connected import Connected, until
from tests.drivers.fakes import CARD, Machine

CODE = "011002100611"


KEY = "job-0000-0001"


async def test_cards_are_read_and_their_removal_is_told(tmp_path):
    async with Connected(tmp_path, "IdCardReader") as it:
        reader, device = IdCardReaderClient(it.hub), it.cabinet.devices["IdCardReader"]
        with pytest.raises(DeviceTimeout):
            await reader.read_card(0.2)
        heard = []
        device.lay()
        assert await reader.read_card(3.0, lambda name, payload: heard.append(name)) == CARD
        assert heard == ["CardReader.InsertCardEvent", "CardReader.MediaInsertedEvent"]
        device.take()
        await until(lambda: it.hub.status("idReader").details["cardReader"]["media"] == "notPresent")


async def test_cancelling_the_caller_cancels_the_command_at_the_service(tmp_path):
    async with Connected(tmp_path, "IdCardReader") as it:
        reader = IdCardReaderClient(it.hub)
        reading = asyncio.create_task(reader.read_card(60.0))
        await asyncio.sleep(0.1)
        started = time.monotonic()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert time.monotonic() - started < 2
        assert not it.cabinet.services["IdCardReader"].queue.busy


async def test_paper_is_printed_once_and_asked_for(tmp_path):
    async with Connected(tmp_path, "ReceiptPrinter", "DocumentPrinter") as it:
        document, receipt = PaperClient(it.hub, "documentPrinter"), PaperClient(it.hub, "receiptPrinter")
        assert await document.query(KEY) is None
        for _ in range(2):
            result = await document.print_pdf(KEY, "certificate", b"%PDF-1.7", 30.0)
            assert (result.outcome, result.sheets) == (PrintOutcome.PRINTED, 1)
        assert (await document.query(KEY)).outcome is PrintOutcome.PRINTED
        assert len(it.cabinet.devices["DocumentPrinter"].out) == 1
        blocks = [{"type": "text", "text": "回执"}]
        assert (await receipt.print_receipt("slip-000-1", blocks, 30.0)).outcome is PrintOutcome.PRINTED
        with pytest.raises(DeviceCommandFailed) as failed:
            await document.print_pdf(KEY, "certificate", b"%PDF-1.7 other", 30.0)
        assert failed.value.error_code == "keyReused"


async def test_invoices_are_loaded_dispensed_and_taken(tmp_path):
    machine = Machine()
    machine.load("unit1", CODE, "00000001", 10)
    async with Connected(tmp_path, "InvoiceDispenser", machine=machine) as it:
        client = DispenserClient(it.hub)
        await client.load("unit1", CODE, "vat-ordinary", "00000001", "00000010")
        assert (await client.ranges())["unit1"]["count"] == 10
        items = []
        done = await client.dispense(KEY, "unit1", CODE, "00000001", "00000003", items.append)
        assert (done["outcome"], done["nextNumber"], len(items)) == ("complete", "00000004", 3)
        await client.present(KEY)
        waiting = asyncio.create_task(client.wait_taken(KEY))
        await asyncio.sleep(0.05)
        machine.take()
        assert await waiting
        assert (await client.query(KEY))["state"] == "taken"
        with pytest.raises(DeviceCommandFailed) as failed:
            await client.present("job-9999-9999")
        assert failed.value.error_code == "unknownJob"


async def test_a_bin_is_full_when_the_machine_says_so_whatever_was_counted(tmp_path):
    machine = Machine()
    machine.load("unit1", CODE, "00000001", 10)
    async with Connected(tmp_path, "InvoiceDispenser", machine=machine) as it:
        client = DispenserClient(it.hub)
        await client.load("unit1", CODE, "vat-ordinary", "00000001", "00000010")
        machine.reject_full, machine.faults = True, ["smudged"]
        await client.dispense(KEY, "unit1", CODE, "00000001", "00000001")
        told = await client.bins()
        assert (told["unitReject"].full, told["unitRetract"].full) == (True, False)


async def test_what_stopped_half_way_is_an_answer_with_its_sheets(tmp_path):
    machine = Machine()
    machine.load("unit1", CODE, "00000001", 10)
    async with Connected(tmp_path, "InvoiceDispenser", machine=machine) as it:
        client = DispenserClient(it.hub)
        await client.load("unit1", CODE, "vat-ordinary", "00000001", "00000010")
        machine.faults = [None, "wrong"]
        done = await client.dispense(KEY, "unit1", CODE, "00000001", "00000003")
        assert (done["outcome"], done["errorCode"]) == ("partial", "numberMismatch")
        assert [item["position"] for item in done["items"]] == ["tray", "reject"]
        assert (await client.query(KEY))["error"] == "numberMismatch"
        assert (await client.retract(KEY))["numbers"] == ["00000001"]
        assert await client.bins() == {"unitReject": Bin(1), "unitRetract": Bin(1)}
        await client.emptied(["unitRetract"])
        assert await client.bins() == {"unitReject": Bin(1), "unitRetract": Bin(0)}
        with pytest.raises(DeviceCommandFailed) as failed:
            await client.dispense("job-0000-0002", "unit1", CODE, "00000003", "00000003")
        assert failed.value.error_code == "unitLocked"
        await client.unlock("unit1")
        await client.reset()
        machine.faults = []
        done = await client.dispense("job-0000-0003", "unit1", CODE, "00000003", "00000003")
        assert done["outcome"] == "complete"


async def test_faces_are_compared_while_the_preview_runs(tmp_path):
    async with Connected(tmp_path, "FaceCamera") as it:
        client, frames = FaceClient(it.hub), []
        preview = asyncio.create_task(client.preview(frames.append))
        it.cabinet.devices["FaceCamera"].verdicts = [FaceVerdict(0.9, True)]
        told = await client.verify(b"\xff\xd8\xff", 0.8, 9.0)
        assert (told["passed"], told["score"], told["matcher"]) == (True, 0.9, "fake")
        await until(lambda: len(frames) > 2)
        assert frames[0].startswith(b"\xff\xd8\xff")
        preview.cancel()
        with pytest.raises(asyncio.CancelledError):
            await preview
        await until(lambda: it.cabinet.devices["FaceCamera"].previews == 0)


async def test_a_refusal_carries_code_and_words(tmp_path):
    async with Connected(tmp_path, "IdCardReader", token=MONITOR) as it:
        with pytest.raises(DeviceCommandFailed) as failed:
            await it.hub.request("idReader", "CardReader.Reset", {}, 3.0)
        assert failed.value.completion_code == "authorisationRequired"
        assert "watcher" in failed.value.description


async def test_unsolicited_messages_reach_whoever_listens(tmp_path):
    async with Connected(tmp_path, "DocumentPrinter") as it:
        heard = []
        stop = it.hub.on_unsolicited(lambda role, name, payload: heard.append((role, name)))
        device = it.cabinet.devices["DocumentPrinter"]
        device.show(printer={"media": "notPresent", "paper": {"upper": "low"}, "toner": "full"})
        await until(lambda: ("documentPrinter", "Printer.PaperThresholdEvent") in heard)
        stop()
        heard.clear()
        device.show(DeviceState.ONLINE, printer={"media": "notPresent", "paper": {"upper": "out"}})
        await until(lambda: it.hub.status("documentPrinter").details["printer"]["paper"]["upper"] == "out")
        assert heard == []
