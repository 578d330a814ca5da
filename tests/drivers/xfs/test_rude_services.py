"""Services of other vendors that do what they should not: late, twice, wrong, half. What is not known is never guessed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from config.clock import Deadline, SystemClock
from drivers.client import (
    BarcodeClient,
    DeviceHub,
    DeviceUnavailable,
    FaceClient,
    PaperClient,
    PaymentClient,
)
from drivers.client import connection as connection_module
from drivers.client import hub as hub_module
from drivers.client.connection import Connection
from drivers.client.errors import AnswerNotUnderstood, DeviceCommandFailed
from drivers.devices.card_profile import load_profile
from drivers.devices.xfs4iot import Timings
from drivers.devices.xfs4iot_cards import XfsCardReader
from drivers.devices.xfs4iot_printers import XfsDocumentPrinter
from drivers.devices.xfs4iot_scanner import XfsDocumentScanner
from drivers.errors import DeviceNotReady, ProtocolError
from drivers.ports import DeviceState, PrintOutcome
from drivers.ports_documents import PageOrder
from drivers.supervision import Stage, Supervisor
from tests.drivers.cabinet import CUSTOMER, POLICY, cabinet
from tests.drivers.contract.machines import PDF
from tests.drivers.xfs.rude_service import RudeService, done, message, rude

PRINTING = {"Printer.PrintNative": ["3.0"], "Printer.Reset": ["3.0"]}
HALF = "half a pair \ud83d"
QUICK = Timings(answer=0.4, ask=0.1)


async def until(look: Callable[[], object], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not look():
            await asyncio.sleep(0.01)


def soon(seconds: float = 5.0) -> Deadline:
    return Deadline.after(seconds)


@pytest.fixture
async def service() -> AsyncIterator[RudeService]:
    async with rude("printer", PRINTING) as made:
        yield made


@pytest.fixture
async def line(service: RudeService) -> AsyncIterator[Connection]:
    made = await Connection.open("documentPrinter", service.uri, "", lambda *_: None)
    yield made
    await made.close()


@pytest.fixture
async def printer(service: RudeService) -> AsyncIterator[XfsDocumentPrinter]:
    made = XfsDocumentPrinter(SystemClock(), service.uri, "", timings=QUICK)
    await made.open()
    yield made
    await made.close()


# --- the wire ---------------------------------------------------------------------------------------------


async def test_a_completion_that_comes_after_the_time_is_up_still_says_what_happened(
    service: RudeService, line: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "GRACE_S", 0.1)
    service.script["Printer.PrintNative"] = lambda h: [
        message("acknowledge", h),
        0.6,
        done(h, {"late": True}),
    ]
    assert await line.request("Printer.PrintNative", {}, 0.1) == {"late": True}


async def test_what_comes_at_the_very_moment_of_the_deadline_counts(
    printer: XfsDocumentPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine stalls, and finds the completion and the end of the time together."""

    async def stalled(*_: object) -> dict[str, Any]:
        time.sleep(0.3)
        return {"printed": True}

    assert printer._line is not None
    monkeypatch.setattr(printer._line, "request", stalled)
    assert await printer._ask("Printer.PrintNative", {}, Deadline.after(0.2)) == {"printed": True}


async def test_a_second_completion_events_of_nobody_and_noise_change_nothing(
    service: RudeService, line: Connection
) -> None:
    def twice(header: dict[str, Any]) -> list[str | float]:
        other = header | {"requestId": 77}
        noise = ["{", "[]", "null", '{"header": 5}', json.dumps({"header": {"name": "A.B", "type": "shout"}})]
        first = [message("event", header, name="Nobody.KnowsEvent"), message("event", other), done(other)]
        return [*noise, *first, done(header, {"n": 1}), done(header, {"n": 2}), message("event", header)]

    service.script["Printer.PrintNative"] = twice
    assert await line.request("Printer.PrintNative", {}, 5) == {"n": 1}
    assert await line.request("Printer.Reset", {}, 5) == {}


@pytest.mark.parametrize("code", ["Success", "SUCCESS"])
async def test_a_code_in_another_case_is_that_code(service: RudeService, line: Connection, code: str) -> None:
    service.script["Printer.PrintNative"] = lambda h: [done(h, {"n": 1}, completionCode=code)]
    assert await line.request("Printer.PrintNative", {}, 5) == {"n": 1}


@pytest.mark.parametrize("code", [None, 5, [], {"a": 1}, "never heard of"])
async def test_a_code_that_is_none_is_a_failure(service: RudeService, line: Connection, code: Any) -> None:
    service.script["Printer.PrintNative"] = lambda h: [
        done(h, completionCode=code, errorDescription={"no": "text"})
    ]
    with pytest.raises(DeviceCommandFailed) as caught:
        await line.request("Printer.PrintNative", {}, 5)
    assert isinstance(caught.value.completion_code, str)
    assert caught.value.completion_code not in ("success", "commandErrorCode")


async def test_an_unsolicited_message_with_a_number_is_heard_all_the_same(service: RudeService) -> None:
    heard: list[str] = []
    line = await Connection.open("documentPrinter", service.uri, "", lambda name, _: heard.append(name))
    await until(lambda: service.sockets)
    head = {"name": "Printer.MediaTakenEvent", "requestId": 9}
    await service.say(message("unsolicited", head))
    await until(lambda: heard == ["Printer.MediaTakenEvent"])
    await line.close()


async def test_a_document_that_no_service_takes_is_not_sent_and_not_in_doubt(
    service: RudeService, printer: XfsDocumentPrinter
) -> None:
    result = await printer.print_pdf("job", PDF + bytes(2**21), 1, soon())
    assert (result.outcome, result.error_code) == (PrintOutcome.NOT_PRINTED, "deviceOffline")
    assert not service.asked("Printer.PrintNative")
    assert (await printer.print_pdf("job-2", PDF, 1, soon())).outcome is PrintOutcome.PRINTED
    assert service.came == 1


# --- versions ----------------------------------------------------------------------------------------------


async def test_of_several_versions_the_one_that_we_write_is_sent() -> None:
    async with rude("printer", {"Printer.PrintNative": ["2.0", "3.0", "3.2", "4.0"]}) as service:
        printer = XfsDocumentPrinter(SystemClock(), service.uri, "", timings=QUICK)
        await printer.open()
        await printer.print_pdf("job", PDF, 1, soon())
        await printer.close()
        assert [one["version"] for one in service.asked("Printer.PrintNative")] == ["3.2"]


# --- behind our own device service -------------------------------------------------------------------------


async def test_a_service_that_tells_no_status_while_it_prints_is_not_lost(
    service: RudeService, printer: XfsDocumentPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some take the status into their queue; a print that is cut off for that would be in doubt for nothing."""
    monkeypatch.setattr(connection_module, "CANCEL_WITHIN_S", 0.1)
    service.script["Common.Status"] = lambda h: [message("acknowledge", h)]
    service.script["Printer.PrintNative"] = lambda h: [message("acknowledge", h), 2.0, done(h)]
    result = await printer.print_pdf("job", PDF, 1, soon(10))
    assert (result.outcome, service.came) == (PrintOutcome.PRINTED, 1)
    await until(
        lambda: printer.snapshot.device is not DeviceState.ONLINE
    )  # silent with nothing to do is lost


async def test_words_that_are_no_unicode_do_not_end_the_watching(service: RudeService) -> None:
    def failed(header: dict[str, Any]) -> list[str | float]:
        return [done(header, completionCode="hardwareError", errorDescription=HALF)]

    device = XfsDocumentPrinter(SystemClock(), service.uri, "", timings=QUICK)
    supervisor = Supervisor("Printer", device, POLICY)
    told: list[str | None] = []
    supervisor.on_change(lambda: told.append(supervisor.watch.cause))
    supervisor.start()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    service.script["Common.Status"] = failed
    await until(lambda: any(cause and "half a pair ?" in cause for cause in told))
    del service.script["Common.Status"]
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    await supervisor.close()


async def test_a_service_whose_words_make_no_sense_is_let_go_of_each_time(
    service: RudeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no sense")

    monkeypatch.setattr(XfsDocumentPrinter, "_known", broken)
    printer = XfsDocumentPrinter(SystemClock(), service.uri, "", timings=QUICK)
    with pytest.raises(DeviceNotReady):
        await printer.open()
    await until(lambda: service.came >= 3)
    assert len(service.sockets) <= 1
    await printer.close()
    await until(lambda: not service.sockets)


async def test_closing_while_it_connects_leaves_no_connection_behind(service: RudeService) -> None:
    service.script["Common.Capabilities"] = lambda h: [message("acknowledge", h)]
    printer = XfsDocumentPrinter(SystemClock(), service.uri, "", timings=Timings(answer=30))
    opening = asyncio.create_task(printer.open())
    await until(lambda: service.asked("Common.Capabilities"))
    await printer.close()
    with pytest.raises(DeviceNotReady):
        await opening
    await until(lambda: not service.sockets)


@pytest.mark.parametrize("status", [{}, {"common": 5}, {"common": {"device": []}}, {"printer": [1]}])
async def test_a_status_without_what_it_must_have_is_never_on_line(service: RudeService, status: Any) -> None:
    service.script["Common.Status"] = lambda h: [done(h, status)]
    printer = XfsDocumentPrinter(SystemClock(), service.uri, "", timings=QUICK)
    await printer.open()
    assert printer.snapshot.device is DeviceState.OFFLINE
    await printer.close()


async def test_null_in_a_status_event_takes_nothing_back(service: RudeService) -> None:
    """Null says "not changed", as absence does: a device does not go off line, nor its paper unknown, by it."""
    printer = XfsDocumentPrinter(SystemClock(), service.uri, "", timings=replace(QUICK, ask=60))
    hub = DeviceHub("ws://127.0.0.1:1/xfs4iot/v1.0", "", {"paymentTerminal": service.uri})
    capable = {"interfaces": [{"name": "PaymentTerminal", "commands": {}}]}
    await printer.open()
    service.script["Common.Capabilities"] = lambda h: [done(h, capable)]
    await hub.start()
    try:
        await until(lambda: hub.status("paymentTerminal").device == "online")
        head = {"name": "Common.StatusChangedEvent", "requestId": None}
        told = {"common": None, "printer": {"media": None, "toner": "low"}}
        await service.say(message("unsolicited", head, told))
        await until(lambda: hub.status("paymentTerminal").details["printer"].get("toner") == "low")
        assert hub.status("paymentTerminal").device == "online"
        await until(lambda: printer.snapshot.details["printer"].get("toner") == "low")  # type: ignore[attr-defined]
        assert printer.snapshot.device is DeviceState.ONLINE
        assert printer.snapshot.details["printer"] == {"media": "notPresent", "toner": "low"}
    finally:
        await hub.close()
        await printer.close()


@pytest.mark.parametrize("media", [[], {}, 5, None])
async def test_a_media_status_that_is_no_word_is_no_removal(media: Any) -> None:
    commands = {f"CardReader.{name}": ["2.0"] for name in ("ReadRawData", "ChipPower", "ChipIO")}
    async with rude("cardReader", commands) as service:
        service.script["Common.Status"] = lambda h: [
            done(h, {"common": {"device": "online"}, "cardReader": {"media": media}})
        ]
        reader = XfsCardReader(SystemClock(), service.uri, "", load_profile("iso-ecc"), timings=QUICK)
        await reader.open()
        waiting = asyncio.create_task(reader.removed(soon(20)))
        service.script["Common.Status"] = lambda h: [
            done(h, {"common": {"device": "online"}, "cardReader": {"media": "notPresent"}})
        ]
        await waiting
        await reader.close()


@pytest.mark.parametrize("data", [None, "", "????", "aGVsbG8="])
async def test_an_image_that_is_none_is_an_answer_that_is_none(data: Any) -> None:
    async with rude("printer", {"Printer.ReadImage": ["3.0"]}) as service:
        images = {"images": {"front": {"status": "ok"} | ({} if data is None else {"data": data})}}
        service.script["Printer.ReadImage"] = lambda h: [done(h, images)]
        scanner = XfsDocumentScanner(SystemClock(), service.uri, "", timings=QUICK)
        await scanner.open()
        with pytest.raises(ProtocolError):
            await scanner.scan(PageOrder(), soon())
        await scanner.close()


# --- used by an application straight away --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "name", "payload", "ask"),
    [
        ("documentPrinter", "PaperJob.Print", {}, lambda hub: PaperClient(hub, "documentPrinter").print_pdf("k", "n", PDF, 5)),
        (
            "documentPrinter",
            "PaperJob.Print",
            {"outcome": "perhaps"},
            lambda hub: PaperClient(hub, "documentPrinter").print_pdf("k", "n", PDF, 5),
        ),
        ("barcodeReader", "BarcodeReader.Read", {"readOutput": []}, lambda hub: BarcodeClient(hub).read(5)),
        ("barcodeReader", "BarcodeReader.Read", {"readOutput": 5}, lambda hub: BarcodeClient(hub).read(5)),
        (
            "paymentTerminal",
            "PaymentTerminal.Purchase",
            {"outcome": 7},
            lambda hub: PaymentClient(hub).purchase("k", 1),
        ),
        (
            "faceCamera",
            "FaceCamera.VerifyFace",
            {"score": 0.1, "live": True, "passed": "no", "matcher": "x"},
            lambda hub: FaceClient(hub).verify(b"photo", 0.8, 5),
        ),
    ],
    ids=["no-outcome", "odd-outcome", "no-code", "no-codes", "payment", "passed-is-a-text"],
)  # fmt: skip
async def test_an_answer_that_lacks_what_it_must_have_leaves_the_outcome_unknown(
    role: str, name: str, payload: dict[str, Any], ask: Callable[[DeviceHub], Any]
) -> None:
    needed = "PaymentTerminal.Start" if role == "paymentTerminal" else name
    async with rude(role, {name: ["1.0"], needed: ["1.0"]}) as service:
        service.script[name] = lambda h: [message("acknowledge", h), done(h, payload)]
        hub = DeviceHub("ws://127.0.0.1:9/xfs4iot/v1.0", "", {role: service.uri})
        await hub.start()
        await until(lambda: hub.status(role).device == "online")
        with pytest.raises(AnswerNotUnderstood):
            await ask(hub)
        await hub.close()


async def test_a_command_under_way_keeps_its_connection_when_the_status_is_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub_module, "ASK_EVERY_S", 0.1)
    async with rude("barcodeReader", {"BarcodeReader.Read": ["2.0"]}) as service:
        hub = DeviceHub("ws://127.0.0.1:9/xfs4iot/v1.0", "", {"barcodeReader": service.uri})
        await hub.start()
        await until(lambda: hub.status("barcodeReader").device == "online")
        service.script["Common.Status"] = lambda h: [done(h, completionCode="sequenceError")]
        code = {"symbology": "qrCode", "barcodeData": "NDI="}
        service.script["BarcodeReader.Read"] = lambda h: [1.0, done(h, {"readOutput": [code]})]
        assert (await BarcodeClient(hub).read(5)).data == b"42"
        assert service.came == 1
        await until(lambda: service.came > 1)  # with nothing under way it is connected anew
        await hub.close()


async def test_each_loss_is_told_once_and_the_service_is_soon_back(caplog: pytest.LogCaptureFixture) -> None:
    async with rude("barcodeReader", {"BarcodeReader.Read": ["2.0"]}) as service:
        hub = DeviceHub("ws://127.0.0.1:9/xfs4iot/v1.0", "", {"barcodeReader": service.uri})
        await hub.start()
        for lost in range(4):
            await until(lambda: hub.status("barcodeReader").device == "online", 3)
            assert caplog.text.count(f"{service.uri} lost") == lost
            for socket in tuple(service.sockets):
                await socket.close()
            await until(lambda: hub.status("barcodeReader").device == "unknown")
        await hub.close()


@pytest.mark.parametrize("uri", ["ws://127.0.0.1:99999/xfs4iot/v1.0/A", "ws://[::1/xfs4iot", "nowhere"])
async def test_an_address_that_is_none_is_told_once(uri: str, caplog: pytest.LogCaptureFixture) -> None:
    hub = DeviceHub("ws://127.0.0.1:9/xfs4iot/v1.0", "", {"barcodeReader": uri})
    tries: list[str] = []
    hub.on_change(lambda role, _: tries.append(role))
    await hub.start()
    await until(lambda: len(tries) >= 3)
    assert caplog.text.count(f"{uri} lost") == 1
    await hub.close()


async def test_what_was_found_never_stands_in_for_what_is_named(tmp_path: Any) -> None:
    """The role is bound to that service: when it is away the role is unknown, whatever else could play it."""
    async with cabinet(tmp_path, "BarcodeReader", "IdCardReader") as cab:
        named = "ws://127.0.0.1:9/xfs4iot/v1.0/Away"
        hub = DeviceHub(cab.uri(), CUSTOMER, {"barcodeReader": named})
        await hub.start()
        await until(lambda: hub.status("idReader").device == "online")
        await until(
            lambda: any(line.connection for line in hub._lines if line.uri == cab.uri("BarcodeReader"))
        )
        assert hub.status("barcodeReader").device == "unknown"
        with pytest.raises(DeviceUnavailable):
            await BarcodeClient(hub).read(1)
        await hub.close()


@pytest.mark.parametrize("word", ["noDevice", "powerOff", "offline"])
async def test_a_service_whose_device_is_switched_off_is_waited_for_and_not_left_alone(
    service: RudeService, word: str
) -> None:
    says = {"common": {"device": word}, "printer": {}}
    service.script["Common.Status"] = lambda h: [done(h, says)]
    printer = XfsDocumentPrinter(SystemClock(), service.uri, "", timings=QUICK)
    supervisor = Supervisor("documentPrinter", printer, replace(POLICY, trip_drops=2, tripped_s=60.0))
    supervisor.start()
    await until(lambda: supervisor.watch.attempts >= 5)
    assert (supervisor.known.device.value, supervisor.watch.tripped) == (word, False)
    assert word in (supervisor.watch.cause or "")
    says["common"] = {"device": "online"}
    await until(lambda: supervisor.known.device is DeviceState.ONLINE)
    await supervisor.close()


async def test_a_service_named_for_two_roles_plays_both(tmp_path: Any) -> None:
    async with cabinet(tmp_path, "BarcodeReader") as cab:
        uri = cab.uri("BarcodeReader")
        roles = ("barcodeReader", "idReader")
        hub = DeviceHub(
            cab.uri(), CUSTOMER, dict.fromkeys(roles, uri), role_tokens=dict.fromkeys(roles, CUSTOMER)
        )
        await hub.start()
        await until(lambda: hub.status("barcodeReader").device == "online")
        await until(lambda: hub.status("idReader").details.get("connection"))
        assert "idReader" in hub.roles(), "it is told that the service cannot play it"
        await hub.close()
