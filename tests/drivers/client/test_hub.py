"""The hub finds services by what they can do, keeps them, and never says more than it knows."""

import asyncio

import pytest
from websockets.asyncio.server import serve

from drivers.client import (
    BarcodeClient,
    DeviceCanceled,
    DeviceHub,
    DeviceUnavailable,
    IdCardReaderClient,
    TokenInTheClear,
    WrongService,
)
from drivers.client import hub as hub_module
from drivers.client.capabilities import role_of, spoken_versions
from drivers.client.connection import Connection
from tests.drivers.cabinet import CUSTOMER, OPERATOR, cabinet, fakes
from tests.drivers.client.connected import Connected, until
from tests.drivers.xfs.vendor import Vendor

ROLES = ["barcodeReader", "documentPrinter", "faceCamera", "idReader", "invoiceDispenser", "receiptPrinter"]


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
    assert set(spoken_versions({"interfaces": interfaces}).values()) <= {"1.0"}
    odd = {
        "interfaces": [
            {"name": "Printer", "commands": {"Printer.Reset": {"versions": ["x", None, "2.0", "10.0"]}}}
        ]
    }
    assert spoken_versions(odd) == {"Printer.Reset": "10.0"}


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
