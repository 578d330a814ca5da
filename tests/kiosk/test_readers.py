from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from drivers.client.errors import (
    DeviceCanceled,
    DeviceCommandFailed,
    DeviceRefused,
    DeviceTimeout,
    DeviceUnavailable,
)
from drivers.client.hub import DeviceHub, RoleStatus
from drivers.ports import IdCard, IdCardLayout
from drivers.xfs.messages.resident_id import ReadIdCardOut
from kiosk import readers
from kiosk.flow.effects import (
    CheckStaff,
    CompareFace,
    ReadCode,
    ReadCodesOfPage,
    ReadDocument,
    ReadInvoice,
    Wait,
)
from kiosk.guards import Tries, pin_hash
from kiosk.page_reader import PageReader
from kiosk.print_reader import PrintReader
from kiosk.readers import Readers

SALT = bytes(16)
PINS = {"zhang": pin_hash("246810", SALT), "li": pin_hash("135791", SALT)}
PHOTO = b"WPD1" + bytes(20)
CARD = IdCard(
    IdCardLayout.RESIDENT, "11010519491231002X", "李秀兰", None, "2", "01", None, date(1949, 12, 31),
    "住址", "机关", date(2016, 1, 1), None, None, None, PHOTO,
)  # fmt: skip
FACE = CompareFace(base64.b64encode(PHOTO).decode(), CARD.number)
MATCH = {"score": 0.93, "live": True, "passed": True, "matcher": "reference"}
OTHER = {"score": 0.31, "live": True, "passed": False, "matcher": "reference"}


@dataclass
class Hub:
    """The device program: answers by command; ``hold`` keeps a command waiting until it is cancelled."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    events: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)
    asked: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    show: Any = None
    details: dict[str, Any] = field(default_factory=dict)

    def status(self, role: str) -> RoleStatus:
        return RoleStatus("online", self.details, 0.1)

    async def request(
        self, role: str, name: str, payload: Any = None, timeout_s: float | None = None, on_event: Any = None
    ) -> Any:
        self.asked.append((role, name, dict(payload or {})))
        if name == "FaceCamera.StartPreview":
            self.show = on_event
            for frame in self.frames:
                on_event("FaceCamera.FrameEvent", {"jpeg": base64.b64encode(frame).decode()})
        elif on_event is not None:
            for event in self.events:
                on_event(*event)
        answers = self.answers.get(name)
        if not answers:
            try:
                await asyncio.get_running_loop().create_future()
            except asyncio.CancelledError:
                self.cancelled.append(name)
                raise
        await asyncio.sleep(0)
        assert answers is not None
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    """Readers over a hub of the tests, and what they show and tell."""

    hub: Hub = field(default_factory=Hub)
    seconds: Seconds = field(default_factory=Seconds)
    shown: list[bytes] = field(default_factory=list)
    progress: list[Mapping[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        face, staff = Tries(3, 1800, self.seconds), Tries(2, 900, self.seconds)
        hub: Any = self.hub
        self.readers = Readers(hub, 0.8, face, staff, PINS, self.shown.append)

    async def read(self, effect: Any) -> tuple[str, Mapping[str, Any]]:
        return await self.readers.read(effect, self.progress.append)

    async def compare(self, *verdicts: Any, number: str = CARD.number) -> list[tuple[str, Mapping[str, Any]]]:
        self.hub.answers["FaceCamera.VerifyFace"] = list(verdicts)
        return [await self.read(replace(FACE, number=number)) for _ in verdicts]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(readers, "CALM_S", 0.0)
    monkeypatch.setattr(readers, "AWAY_S", 0.0)
    return Desk()


# --- documents ------------------------------------------------------------------------------------------------


async def test_a_card_comes_with_the_names_of_the_wire_and_its_photo_in_base64(desk: Desk) -> None:
    desk.hub.answers["ResidentIdReader.ReadIdCard"] = [ReadIdCardOut.of(CARD).wire()]
    desk.hub.events = [("CardReader.InsertCardEvent", {}), ("CardReader.MediaInsertedEvent", {})]
    fault, card = await desk.read(ReadDocument())
    assert fault == ""
    assert card == {
        "layout": "resident",
        "number": CARD.number,
        "name": "李秀兰",
        "latinName": None,
        "birth": "1949-12-31",
        "validFrom": "2016-01-01",
        "validTo": None,
        "photo": FACE.photo,
    }
    assert desk.progress == [{"state": "reading"}]


async def test_what_the_step_does_not_need_stays_in_the_reader(desk: Desk) -> None:
    desk.hub.answers["ResidentIdReader.ReadIdCard"] = [ReadIdCardOut.of(CARD).wire()]
    _, card = await desk.read(ReadDocument())
    assert "住址" not in repr(card)
    assert "机关" not in repr(card)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (DeviceTimeout("idReader"), "noMedia"),
        (DeviceCommandFailed("idReader", "commandErrorCode", "securityFail"), "securityFail"),
        (DeviceCommandFailed("idReader", "hardwareError"), "hardwareError"),
        (DeviceCanceled("idReader"), "canceled"),
        (DeviceUnavailable("idReader", "unplugged"), "device"),
        (DeviceRefused("idReader", "tooManyRequests"), "device"),
    ],
)
async def test_every_trouble_of_the_reader_is_a_fault(desk: Desk, error: Exception, fault: str) -> None:
    desk.hub.answers["ResidentIdReader.ReadIdCard"] = [error]
    assert await desk.read(ReadDocument()) == (fault, {})


@pytest.mark.parametrize(
    "error",
    [DeviceUnavailable("idReader", "its driver ended"), DeviceCommandFailed("idReader", "deviceNotReady")],
)
async def test_a_reader_that_is_back_in_a_moment_asks_for_the_card_again(
    desk: Desk, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "AWAY_S", 60.0)
    desk.hub.answers["ResidentIdReader.ReadIdCard"] = [error, error, ReadIdCardOut.of(CARD).wire()]
    desk.hub.events = [("CardReader.InsertCardEvent", {}), ("CardReader.MediaInsertedEvent", {})]
    fault, card = await desk.read(ReadDocument())
    assert (fault, card["number"]) == ("", CARD.number)
    assert [told["state"] for told in desk.progress][-3:] == ["away", "back", "reading"]


async def test_whose_card_has_been_lying_there_is_asked_to_lift_it(desk: Desk) -> None:
    """The card of the visit before, or one that was refused: it is not found again, however long it is waited for."""
    desk.hub.details = {"cardReader": {"media": "present"}}
    desk.hub.events = [("CardReader.InsertCardEvent", {})]
    desk.hub.answers["ResidentIdReader.ReadIdCard"] = [DeviceTimeout("idReader")]
    assert await desk.read(ReadDocument()) == ("mediaMustBeRepresented", {})
    assert desk.progress == [{"state": "back"}]
    desk.hub.details = {"cardReader": {"media": "notPresent"}}
    desk.hub.answers["ResidentIdReader.ReadIdCard"] = [DeviceTimeout("idReader")]
    assert await desk.read(ReadDocument()) == ("noMedia", {})
    assert len(desk.progress) == 1


async def test_the_wait_begins_when_the_reader_is_gone_not_when_the_page_came(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People take their time with the card: half a minute is over before the driver hangs."""

    class Slowly(list[Any]):
        def pop(self, *at: Any) -> Any:
            desk.seconds.now += 30
            return super().pop(*at)

    monkeypatch.setattr(readers, "AWAY_S", 25.0)
    monkeypatch.setattr(readers, "time", SimpleNamespace(monotonic=desk.seconds))
    gone = DeviceUnavailable("idReader", "its driver ended")
    desk.hub.answers["ResidentIdReader.ReadIdCard"] = Slowly([gone, ReadIdCardOut.of(CARD).wire()])
    fault, _ = await desk.read(ReadDocument())
    assert fault == ""
    assert desk.progress == [{"state": "away"}]
    desk.hub.answers["ResidentIdReader.ReadIdCard"] = Slowly([gone, gone, ReadIdCardOut.of(CARD).wire()])
    assert await desk.read(ReadDocument()) == ("device", {}), "nobody is kept for ever"


CODE = {"readOutput": [{"symbology": "qrCode", "barcodeData": base64.b64encode(b"01,10").decode()}]}


async def test_a_code_comes_as_base64_with_its_symbology(desk: Desk) -> None:
    desk.hub.answers["BarcodeReader.Read"] = [CODE]
    assert await desk.read(ReadCode()) == (
        "",
        {"symbology": "qrCode", "data": base64.b64encode(b"01,10").decode()},
    )
    assert desk.progress == []


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (DeviceTimeout("barcodeReader"), "noCode"),
        (DeviceCommandFailed("barcodeReader", "commandErrorCode", "barcodeInvalid"), "barcodeInvalid"),
        (DeviceUnavailable("barcodeReader", "unplugged"), "device"),
    ],
)
async def test_every_trouble_of_the_code_reader_is_a_fault(desk: Desk, error: Exception, fault: str) -> None:
    desk.hub.answers["BarcodeReader.Read"] = [error]
    assert await desk.read(ReadCode()) == (fault, {})


async def test_a_code_reader_that_is_back_is_told_to_wait_for_a_code(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "AWAY_S", 60.0)
    desk.hub.answers["BarcodeReader.Read"] = [DeviceUnavailable("barcodeReader", "unplugged")]
    reading = asyncio.create_task(desk.read(ReadCode()))
    while len(desk.progress) < 2:  # gone, then silent: it waits for a code
        await asyncio.sleep(0.001)
    assert [told["state"] for told in desk.progress] == ["away", "waiting"]
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert desk.hub.cancelled == ["BarcodeReader.Read"]


@pytest.mark.parametrize(
    ("role", "command"),
    [("documentCamera", "DocumentCamera.ReadImage"), ("documentScanner", "DocumentScanner.ReadImage")],
)
async def test_the_codes_of_a_sheet_come_without_its_picture(desk: Desk, role: str, command: str) -> None:
    one = {"symbology": "qrCode", "barcodeData": base64.b64encode(b"01,10").decode()}
    image = {"side": "front", "imageType": "jpg", "image": "SkZJRg==", "width": 8, "height": 8}
    desk.hub.answers[command] = [
        {"images": [{**image, "codes": [one]}], "quality": {}},
        {"images": [image], "quality": {}},
        DeviceTimeout(role),
        DeviceUnavailable(role, "unplugged"),
    ]
    read = {"codes": [{"symbology": "qrCode", "data": base64.b64encode(b"01,10").decode()}]}
    told = [await desk.read(ReadCodesOfPage(role)) for _ in range(4)]
    assert told == [("", read), ("", {"codes": []}), ("noDocument", {}), ("device", {})]


class Print(PrintReader):
    """Reads the same off each page, and keeps which pages it got."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[bytes] = []

    async def read(self, jpeg: bytes, today: date) -> Mapping[str, Any]:
        assert today == date(2026, 10, 12)
        self.pages.append(jpeg)
        return {"flaw": "two"}


@pytest.mark.parametrize(
    ("codes", "read"),
    [
        ([b"01,32,,26991000000000000001,1675.15,20260701,,0000,"], False),
        ([b"https://bureau.example/v?n=1", b"01,32,,26991000000000000001,1675.15,20260701,,0000,"], False),
        ([], True),
        ([b"https://bureau.example/v?n=1", b"\xff\xfe"], True),
    ],
)
async def test_the_print_of_an_invoice_is_read_where_no_code_is_an_invoices(
    codes: list[bytes], read: bool
) -> None:
    found = [{"symbology": "qrCode", "barcodeData": base64.b64encode(one).decode()} for one in codes]
    image = {
        "side": "front",
        "imageType": "jpg",
        "image": "SkZJRg==",
        "width": 8,
        "height": 8,
        "codes": found,
    }
    hub, reader = Hub(), Print()
    progress: list[Mapping[str, object]] = []
    hub.answers["DocumentScanner.ReadImage"] = [{"images": [image], "quality": {}}]
    pages = PageReader(cast(DeviceHub, hub), lambda _jpeg: None, reader)
    fault, told = await pages.invoice("documentScanner", date(2026, 10, 12), progress.append)
    assert fault == "" and len(told["codes"]) == len(codes)
    assert told.get("print") == ({"flaw": "two"} if read else None)
    assert progress == ([{"state": "printed"}] if read else [])
    assert reader.pages == ([b"JFIF"] if read else [])


async def test_an_invoice_that_nobody_lays_down_is_told_as_any_sheet(desk: Desk) -> None:
    desk.hub.answers["DocumentScanner.ReadImage"] = [DeviceTimeout("documentScanner")]
    assert await desk.read(ReadInvoice("documentScanner", "2026-10-12")) == ("noDocument", {})


async def test_a_reader_that_nobody_waits_for_any_more_is_let_go(desk: Desk) -> None:
    reading = asyncio.create_task(desk.read(ReadDocument()))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert desk.hub.cancelled == ["ResidentIdReader.ReadIdCard"]


# --- faces ----------------------------------------------------------------------------------------------------


async def test_a_face_that_fits_passes_with_its_evidence(desk: Desk) -> None:
    assert await desk.compare(MATCH) == [("", MATCH)]
    role, _, payload = next(a for a in desk.hub.asked if a[1] == "FaceCamera.VerifyFace")
    assert (role, base64.b64decode(payload["reference"]), payload["threshold"]) == ("faceCamera", PHOTO, 0.8)


async def test_the_third_stranger_in_a_row_is_locked_out_for_half_an_hour(desk: Desk) -> None:
    told = await desk.compare(OTHER, OTHER, OTHER)
    assert [data["last"] for _, data in told] == [False, False, True]
    asked = len(desk.hub.asked)
    assert await desk.compare(MATCH) == [("locked", {})]
    assert len(desk.hub.asked) == asked, "the camera is not even switched on"
    desk.seconds.now += 1800
    assert await desk.compare(MATCH) == [("", MATCH)]


async def test_one_person_s_failures_are_not_another_s(desk: Desk) -> None:
    await desk.compare(OTHER, OTHER, OTHER)
    assert await desk.compare(MATCH, number="110105194912310038") == [("", MATCH)]


async def test_a_success_forgets_the_failures_before_it(desk: Desk) -> None:
    told = await desk.compare(OTHER, OTHER, MATCH, OTHER, OTHER)
    assert [bool(data.get("last")) for _, data in told] == [False] * 5


@pytest.mark.parametrize("reason", ["noFace", "black", "covered", "severalFaces", "tooFar", "frozen"])
async def test_a_face_that_could_not_be_seen_is_no_failed_try(desk: Desk, reason: str) -> None:
    unseen = {**OTHER, "live": False, "reason": reason}
    told = await desk.compare(*[unseen] * 5, MATCH)
    assert not any(data.get("last") for _, data in told)
    assert told[-1] == ("", MATCH)


async def test_a_photograph_before_the_camera_is_a_failed_try(desk: Desk) -> None:
    still = {**OTHER, "live": False, "reason": "still"}
    told = await desk.compare(still, still, still)
    assert told[-1][1]["locked"]


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (DeviceTimeout("faceCamera"), "timeout"),
        (DeviceCommandFailed("faceCamera", "unsupportedData"), "refused"),
        (DeviceCommandFailed("faceCamera", "hardwareError"), "unavailable"),
        (DeviceUnavailable("faceCamera", "unplugged"), "unavailable"),
    ],
)
async def test_trouble_of_the_camera_is_no_failed_try(desk: Desk, error: Any, fault: str) -> None:
    told = await desk.compare(*[error] * 4, MATCH)
    assert [f for f, _ in told] == [fault] * 4 + [""]


async def test_the_picture_on_the_screen_ends_with_the_comparison(desk: Desk) -> None:
    desk.hub.frames = [b"one", b"two"]
    await desk.compare(MATCH)
    assert desk.shown == [b"one", b"two", b""]
    desk.hub.show("FaceCamera.FrameEvent", {"jpeg": base64.b64encode(b"late").decode()})
    assert desk.shown[-1] == b"", "a late frame is not shown"
    await asyncio.sleep(0)
    assert desk.hub.cancelled == ["FaceCamera.StartPreview"]


async def test_a_comparison_that_is_broken_off_takes_its_picture_along(desk: Desk) -> None:
    desk.hub.frames = [b"one"]
    comparing = asyncio.create_task(desk.read(FACE))
    await asyncio.sleep(0.001)
    comparing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await comparing
    await asyncio.sleep(0)
    assert desk.shown == [b"one", b""]
    assert sorted(desk.hub.cancelled) == ["FaceCamera.StartPreview", "FaceCamera.VerifyFace"]


async def test_without_a_preview_the_comparison_goes_on(desk: Desk) -> None:
    desk.hub.answers["FaceCamera.StartPreview"] = [DeviceUnavailable("faceCamera", "no frames")]
    assert await desk.compare(MATCH) == [("", MATCH)]


async def test_the_end_of_a_visit_drops_the_picture(desk: Desk) -> None:
    await desk.readers.forget()
    assert desk.shown == [b""]


async def test_no_log_line_names_the_person(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.hub.answers["ResidentIdReader.ReadIdCard"] = [ReadIdCardOut.of(CARD).wire()]
    await desk.read(ReadDocument())
    await desk.compare(OTHER, DeviceUnavailable("faceCamera", "unplugged"), MATCH)
    await desk.read(CheckStaff("246810"))
    assert not any(secret in caplog.text for secret in (CARD.number, CARD.name, "246810", FACE.photo))


# --- staff ----------------------------------------------------------------------------------------------------


async def test_a_right_code_names_who_confirmed(desk: Desk) -> None:
    assert await desk.read(CheckStaff("135791")) == ("", {"passed": True, "staff": "li"})


async def test_wrong_codes_lock_the_terminal_for_a_while_even_for_the_right_one(desk: Desk) -> None:
    assert await desk.read(CheckStaff("000000")) == ("", {"passed": False})
    fault, data = await desk.read(CheckStaff("000001"))
    assert (fault, data["passed"]) == ("locked", False)
    assert await desk.read(CheckStaff("246810")) == ("locked", {})
    desk.seconds.now += 900
    assert (await desk.read(CheckStaff("246810")))[1]["passed"]


async def test_a_right_code_forgets_the_wrong_ones(desk: Desk) -> None:
    for pin in ("000000", "246810", "000000"):
        fault, _ = await desk.read(CheckStaff(pin))
        assert fault == ""


async def test_what_is_no_reader_is_refused(desk: Desk) -> None:
    with pytest.raises(TypeError, match="Wait"):
        await desk.read(Wait(1))
