"""The hub finds services by what they can do, keeps them, and never says more than it knows."""

import asyncio
import time

import pytest
from websockets.asyncio.server import serve

from drivers.client import (
    BarcodeClient,
    DeviceCanceled,
    DeviceCommandFailed,
    DeviceHub,
    DeviceTimeout,
    DeviceUnavailable,
    DispenserClient,
    FaceClient,
    IdCardReaderClient,
    PaperClient,
    TokenInTheClear,
    WrongService,
)
from drivers.client import hub as hub_module
from drivers.client.connection import Connection
from drivers.client.hub import newest_versions, role_of
from drivers.ports import DeviceState, FaceVerdict, PrintOutcome
from tests.drivers.cabinet import CUSTOMER, MONITOR, OPERATOR, cabinet, fakes
from tests.drivers.fakes import CARD, Machine
from tests.drivers.xfs.vendor import Vendor

CODE = "011002100611"
KEY = "job-0000-0001"
ROLES = ["barcodeReader", "documentPrinter", "faceCamera", "idReader", "invoiceDispenser", "receiptPrinter"]


async def until(look, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not look():
            await asyncio.sleep(0.01)


class Connected:
    """A cabinet and a hub that has found all of it."""

    def __init__(self, folder, *names, token=OPERATOR, **options):
        self.context = cabinet(folder, *names, **options)
        self.token = token

    async def __aenter__(self):
        self.cabinet = await self.context.__aenter__()
        self.hub = DeviceHub(self.cabinet.uri(), self.token)
        await self.hub.start()
        await until(lambda: len(self.hub.roles()) == len(self.cabinet.services))
        await until(lambda: all(self.hub.status(role).device == "online" for role in self.hub.roles()))
        return self

    async def __aexit__(self, *error):
        await self.hub.close()
        await self.context.__aexit__(*error)


async def test_every_role_is_found_by_its_capabilities(tmp_path):
    async with Connected(tmp_path) as it:
        assert it.hub.roles() == ROLES
        for role in ROLES:
            status = it.hub.status(role)
            assert (status.device, status.age_s < 5) == ("online", True)
        assert it.hub.status("idReader").details["cardReader"]["media"] == "notPresent"


async def test_a_role_nobody_plays_is_unknown_and_refused_without_waiting(tmp_path):
    hub = DeviceHub("ws://127.0.0.1:9/xfs4iot/v1.0", "token")
    await hub.start()
    assert hub.status("idReader").device == "unknown"
    with pytest.raises(DeviceUnavailable) as error:
        await hub.request("idReader", "Common.Status")
    assert (error.value.role, error.value.under_way) == ("idReader", False)
    await hub.close()


async def test_a_wrong_token_opens_nothing(tmp_path):
    async with cabinet(tmp_path, "IdCardReader") as cab:
        hub = DeviceHub(cab.uri(), "wrong" * 5)
        await hub.start()
        await asyncio.sleep(0.3)
        assert hub.roles() == []
        await hub.close()


@pytest.mark.parametrize(
    "interfaces",
    [
        5,
        ["Printer"],
        [{"name": "Printer", "commands": ["Printer.Reset"]}],
        [{"name": "Printer", "commands": {"a": 1}}],
    ],
)
def test_capabilities_that_are_none_say_nothing(interfaces):
    assert role_of({"interfaces": interfaces}) in ("", "documentPrinter")
    assert set(newest_versions({"interfaces": interfaces}).values()) <= {"1.0"}
    odd = {
        "interfaces": [
            {"name": "Printer", "commands": {"Printer.Reset": {"versions": ["x", None, "2.0", "10.0"]}}}
        ]
    }
    assert newest_versions(odd) == {"Printer.Reset": "10.0"}


async def test_a_service_that_answers_nonsense_is_asked_again(tmp_path, monkeypatch):
    """Its watching does not end with the first answer that is not of the standard."""
    serve, nonsense = DeviceHub._serve, iter([True])

    async def strange(hub, line):
        if next(nonsense, False):
            raise TypeError("string indices must be integers")
        await serve(hub, line)

    monkeypatch.setattr(DeviceHub, "_serve", strange)
    async with cabinet(tmp_path, "IdCardReader") as cab:
        hub = DeviceHub(cab.uri(), CUSTOMER)
        await hub.start()
        await until(lambda: hub.status("idReader").device == "online")
        await hub.close()


async def test_a_role_can_be_played_by_a_service_of_another_publisher(tmp_path):
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    async with (
        cabinet(tmp_path / "here", "IdCardReader") as here,
        cabinet(tmp_path / "there", "BarcodeReader") as there,
    ):
        hub = DeviceHub(
            here.uri(),
            CUSTOMER,
            {"barcodeReader": there.uri("BarcodeReader")},
            role_tokens={"barcodeReader": CUSTOMER},
        )
        await hub.start()
        await until(lambda: hub.roles() == ["barcodeReader", "idReader"])
        there.devices["BarcodeReader"].show_code(b"code")
        await until(lambda: hub.status("barcodeReader").device == "online")
        assert (await BarcodeClient(hub).read(3.0)).data == b"code"
        await hub.close()


async def test_a_service_that_cannot_play_the_role_it_is_named_for_is_refused_in_words_once(caplog):
    vendor = Vendor()
    await vendor.start()
    port, uri, service = vendor.port, vendor.uri("Barcode"), vendor.services["Barcode"]
    hub = DeviceHub("ws://127.0.0.1:9/xfs4iot/v1.0", "", {"idReader": uri})
    told, heard = [], []
    hub.on_change(lambda role, status: told.append(status.details.get("connection")))
    hub.on_unsolicited(lambda *what: heard.append(what))
    await hub.start()
    said = f"idReader: the service at {uri} has no ResidentIdReader"
    await until(lambda: said in caplog.text)
    assert "xfs4iot-" in caplog.text
    status = hub.status("idReader")
    assert (status.device, status.details) == ("unknown", {"connection": {"lacking": "ResidentIdReader"}})
    with pytest.raises(WrongService, match="ResidentIdReader"):
        await IdCardReaderClient(hub).read_card(1.0)
    await service.tell("BarcodeReader.Beeped", {})
    assert len(service.clients) == 1, "the connection stays, and nothing more is asked over it"
    await vendor.stop()
    await vendor.start(port)
    await until(lambda: service.clients, 20)
    assert caplog.text.count(said) == 1 and told.count({"lacking": "ResidentIdReader"}) >= 1
    service.interface = "residentIdReader"
    await vendor.stop()
    await vendor.start(port)
    await until(lambda: hub.status("idReader").device == "online", 20)
    assert "connection" not in hub.status("idReader").details and heard == []
    await hub.close()
    await vendor.stop()


async def test_a_service_that_cannot_play_its_role_is_asked_again_after_long(monkeypatch):
    monkeypatch.setattr(hub_module, "WRONG_EVERY_S", 0.05)
    vendor = Vendor()
    await vendor.start()
    hub = DeviceHub("ws://127.0.0.1:9/xfs4iot/v1.0", "", {"idReader": vendor.uri("Barcode")})
    await hub.start()
    await until(lambda: hub.status("idReader").details)
    vendor.services["Barcode"].interface = "residentIdReader"
    await until(lambda: hub.status("idReader").device == "online", 20)
    await hub.close()
    await vendor.stop()


class Guest:
    """A foreign WebSocket server that only remembers what it was shown."""

    async def __aenter__(self):
        self.shown = []
        self.server = await serve(self._come, "127.0.0.1", 0)
        self.uri = f"ws://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/xfs4iot/v1.0/Foreign"
        return self

    async def _come(self, socket):
        self.shown.append(socket.request.headers.get("Authorization"))

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()


@pytest.mark.parametrize(("own", "shown"), [({}, None), ({"barcodeReader": "theirs"}, "Bearer theirs")])
async def test_our_token_is_shown_to_no_other_publisher_s_service(own, shown):
    async with Guest() as guest:
        hub = DeviceHub(
            "ws://127.0.0.1:9/xfs4iot/v1.0", OPERATOR, {"barcodeReader": guest.uri}, role_tokens=own
        )
        await hub.start()
        await until(lambda: guest.shown)
        await hub.close()
    assert set(guest.shown) == {shown}


async def test_our_token_is_shown_to_no_service_that_a_publisher_names_elsewhere(monkeypatch):
    async with Guest() as guest:

        async def named(_):
            return [guest.uri]

        monkeypatch.setattr(DeviceHub, "_services", named)
        hub = DeviceHub("ws://localhost:9/xfs4iot/v1.0", OPERATOR)
        await hub.start()
        await until(lambda: guest.shown)
        await hub.close()
    assert set(guest.shown) == {None}


@pytest.mark.parametrize(
    "uri", ["ws://192.0.2.1:5846/xfs4iot/v1.0/Foreign", "ws://hall.example/xfs4iot/v1.0/A"]
)
async def test_a_token_is_never_sent_over_an_open_wire(uri, caplog):
    with pytest.raises(TokenInTheClear, match="use wss://"):
        await Connection.open("idReader", uri, "theirs", lambda *_: None)
    hub = DeviceHub(
        "ws://127.0.0.1:9/xfs4iot/v1.0", OPERATOR, {"idReader": uri}, role_tokens={"idReader": "t"}
    )
    await hub.start()
    await until(lambda: "use wss://" in caplog.text)
    assert hub.status("idReader").device == "unknown"
    await hub.close()


async def test_a_changed_status_is_told_and_a_listener_that_fails_costs_nothing(tmp_path):
    async with Connected(tmp_path, "IdCardReader") as it:
        seen = []

        def fail(*_):
            raise ValueError("a listener's own fault")

        it.hub.on_change(fail)
        stop = it.hub.on_change(lambda role, status: seen.append((role, status.device)))
        it.cabinet.devices["IdCardReader"].unplug()
        await until(lambda: ("idReader", "noDevice") in seen)
        assert it.hub.status("idReader").details["cardReader"]["media"] == "unknown"
        it.cabinet.devices["IdCardReader"].replug()
        await until(lambda: it.hub.status("idReader").device == "online")
        stop()
        count = len(seen)
        it.cabinet.devices["IdCardReader"].lay()
        await IdCardReaderClient(it.hub).read_card(3.0)
        assert len(seen) == count


async def test_a_service_that_goes_is_unknown_and_found_again_when_it_is_back(tmp_path):
    async with cabinet(tmp_path, "IdCardReader") as cab:
        port = cab.server.port
        hub = DeviceHub(cab.uri(), CUSTOMER)
        await hub.start()
        await until(lambda: hub.status("idReader").device == "online")
        reading = asyncio.create_task(IdCardReaderClient(hub).read_card(30.0))
        await asyncio.sleep(0.1)
        await cab.server.close()
        with pytest.raises((DeviceUnavailable, DeviceCanceled)):
            await reading
        await until(lambda: hub.status("idReader").device == "unknown")
        with pytest.raises(DeviceUnavailable):
            await IdCardReaderClient(hub).read_card(1.0)
    (tmp_path / "again").mkdir()
    async with cabinet(tmp_path / "again", "IdCardReader", port=port):
        await until(lambda: hub.status("idReader").device == "online", 10)
        await hub.close()


async def test_a_status_nobody_confirms_becomes_unknown_and_is_told(tmp_path, monkeypatch):
    async with Connected(tmp_path, "IdCardReader") as it:
        told = []
        it.hub.on_change(lambda role, status: told.append(status.device))
        monkeypatch.setattr(hub_module, "STALE_AFTER_S", -1.0)
        assert it.hub.status("idReader").device == "unknown"
        await until(lambda: told == ["unknown"])


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


@pytest.mark.parametrize(
    ("interfaces", "printer", "role"),
    [
        (["Common", "CardReader", "ResidentIdReader"], None, "idReader"),
        (["Common", "CardReader"], None, ""),
        (["Common", "CardReader", "SigningCard"], None, "smartCardReader"),
        (["Common", "Auxiliaries", "Lights", "CabinetBoard", "Watchdog"], None, "auxiliaries"),
        (["Common", "Auxiliaries", "UpsMonitor"], None, "ups"),
        (["Common", "StampUnit"], None, "stampUnit"),
        (["Common", "Watchdog"], None, "watchdog"),
        (["Common", "SignaturePad"], None, "signaturePad"),
        (["Common", "Keyboard", "KeyManagement", "PinPad"], None, "pinPad"),
        (["Common", "PaymentTerminal"], None, "paymentTerminal"),
        (["Common", "Printer", "PaperJob", "InvoicePrinter"], {"document": True}, "invoicePrinter"),
        (["Common", "DocumentScanner"], None, "documentScanner"),
        (["Common", "DocumentCamera"], None, "documentCamera"),
        (["Common", "MrzReader"], None, "mrzReader"),
        (["Common", "Printer"], {"receipt": True}, "receiptPrinter"),
        (["Common", "Printer"], {"document": True}, "documentPrinter"),
        (["Common", "Camera"], None, ""),
        (["Common", "Lights"], None, ""),
    ],
)
def test_a_role_is_told_by_what_a_service_can_do(interfaces, printer, role):
    capabilities = {"interfaces": [{"name": name} for name in interfaces]}
    if printer:
        capabilities["printer"] = {"type": printer}
    assert role_of(capabilities) == role


def test_the_fakes_cover_every_role():
    assert len(fakes()) == len(ROLES)
