"""Scanner, overhead camera and MRZ reader on the wire of the standard, over the real drivers and simulators."""

from __future__ import annotations

import asyncio
import base64
import logging

import pytest

from config.clock import SystemClock
from drivers.client.capabilities import role_of
from drivers.devices.document_camera import OverheadCamera
from drivers.devices.filming import Timings as CameraTimings
from drivers.devices.mrz_reader import SerialMrzReader
from drivers.services.base import Identity
from drivers.services.documents import DocumentCameraService, DocumentScannerService, MrzReaderService
from drivers.simulators.base import Pace
from drivers.simulators.document_camera import DocumentCameraSimulator
from drivers.simulators.documents import code_content
from drivers.simulators.mrz_reader import MrzReaderSimulator
from drivers.simulators.travel_document import machine_lines
from drivers.supervision import Supervisor
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.video import VideoLink
from tests.drivers.cabinet import POLICY
from tests.drivers.scanning import scanner_of, simulated
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import code

pytestmark = pytest.mark.timeout(240)
"""Pictures of five megapixels on a machine that others use as well."""


async def until(condition):
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.01)


def names(messages):
    return [message["header"]["name"] for message in messages]


async def served(service, device):
    service.start()
    await until(lambda: device.connected and not service.queue.busy)
    return Desk(service)


@pytest.fixture
async def scanner():
    async with simulated() as sim:
        yield sim


@pytest.fixture
async def scans(scanner, tmp_path):
    device = scanner_of(scanner, tmp_path)
    identity = Identity("DocumentScanner", "documentScanner", "scanner-sane")
    service = DocumentScannerService(identity, Supervisor("DocumentScanner", device, POLICY))
    desk = await served(service, device)
    yield desk
    await service.close()


class Counted:
    """A care book that remembers what it was told."""

    def __init__(self) -> None:
        self.worn: list[dict[str, int]] = []

    def due(self) -> tuple[str, ...]:
        return ()

    async def count(self, **worn: int) -> None:
        self.worn.append(worn)


async def test_a_sheet_that_came_through_wears_the_rollers(scanner, scans) -> None:
    book = Counted()
    scans.service.care.book = book
    await scanner.do("lay")
    told = (await scans.ask("DocumentScanner.ReadImage", {"resolution": 150}, timeout_ms=15000))[1]
    assert code(told) == "success"
    assert book.worn == [{"sheets": 1}]


async def test_a_sheet_is_waited_for_scanned_and_given_out_with_its_codes(scanner, scans) -> None:
    payload = {"colorFormat": "grayscale", "resolution": 150, "sides": ["front", "back"]}
    asking = asyncio.ensure_future(scans.ask("DocumentScanner.ReadImage", payload, timeout_ms=15000))
    await asyncio.sleep(0.1)
    await scanner.do("lay", {"kind": "licence", "seed": 8})
    events, completion = await asking
    assert names(events) == ["DocumentScanner.NoMediaEvent", "DocumentScanner.MediaInsertedEvent"]
    assert code(completion) == "success"
    front, back = completion["payload"]["images"]
    assert (front["side"], back["side"], front["imageType"], front["resolution"]) == (
        "front",
        "back",
        "jpg",
        150,
    )
    assert base64.b64decode(front["image"])[:3] == b"\xff\xd8\xff"
    (found,) = front["codes"]
    assert base64.b64decode(found["barcodeData"]).decode() == code_content("licence", 8)
    assert "codes" not in back


async def test_waiting_for_a_sheet_ends_by_its_time_and_by_a_cancel(scanner, scans) -> None:
    _, completion = await scans.ask("DocumentScanner.MediaIn", {}, timeout_ms=200)
    assert code(completion) == "timeOut" or completion["payload"]["errorCode"] == "noMedia"
    asking = asyncio.ensure_future(scans.ask("DocumentScanner.MediaIn", {}))
    await until(lambda: scans.pending)
    await asyncio.sleep(0.05)
    await scans.ask("Common.Cancel", {})
    assert code((await asking)[1]) == "canceled"
    await scanner.do("lay")
    _, completion = await scans.ask("DocumentScanner.MediaIn", {}, timeout_ms=5000)
    assert completion["payload"] == {"mediaFeeder": "notEmpty"}


@pytest.mark.parametrize(("how", "word"), [("jam", "mediaJammed"), ("doubleFeed", "doubleFeed")])
async def test_a_fault_of_the_feed_has_its_code_and_shows_in_the_status(scanner, scans, how, word) -> None:
    await scanner.do("lay")
    await scanner.do("fail", {"how": how})
    _, completion = await scans.ask("DocumentScanner.ReadImage", {"resolution": 100}, timeout_ms=8000)
    assert completion["payload"]["errorCode"] == word
    await until(lambda: scans.service.status()["common"]["device"] == "hardwareError")
    assert scans.service.status()["documentScanner"]["media"] == "jammed"
    await scanner.do("clear")
    _, completion = await scans.ask("DocumentScanner.Reset", {}, timeout_ms=8000)
    assert code(completion) == "success"
    assert scans.service.status()["common"]["device"] == "online"


async def test_an_open_cover_has_its_code(scanner, scans) -> None:
    await scanner.do("cover", {"state": "open"})
    _, completion = await scans.ask("DocumentScanner.ReadImage", {}, timeout_ms=8000)
    assert completion["payload"]["errorCode"] == "coverOpen"


async def test_what_no_scanner_does_is_refused(scans) -> None:
    for payload in ({"resolution": 1200}, {"sides": []}, {"pageSize": "letter"}, {"colorFormat": "sepia"}):
        _, completion = await scans.ask("DocumentScanner.ReadImage", payload, timeout_ms=3000)
        assert code(completion) == "invalidData"
    _, completion = await scans.ask("DocumentScanner.ReadImage", {"resolution": 240}, timeout_ms=3000)
    assert code(completion) == "unsupportedData"


async def test_the_scanner_tells_what_it_can(scans) -> None:
    _, completion = await scans.ask("Common.Capabilities")
    told = completion["payload"]
    assert role_of(told) == "documentScanner"
    assert told["documentScanner"]["sides"] == {"front": True, "back": True}
    assert told["documentScanner"]["resolutions"] == [100, 150, 200, 300, 400]


async def test_no_log_holds_what_was_scanned(scanner, scans, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    await scanner.do("lay", {"kind": "invoice", "seed": 5})
    _, completion = await scans.ask("DocumentScanner.ReadImage", {"resolution": 200}, timeout_ms=10000)
    image = completion["payload"]["images"][0]["image"]
    assert image[200:260] not in caplog.text
    assert code_content("invoice", 5)[6:18] not in caplog.text


@pytest.fixture
async def camera():
    sim = DocumentCameraSimulator(Pace(1), shrink=2)
    await sim.start()
    yield sim
    await sim.stop()


@pytest.fixture
async def looks(camera):
    timings = CameraTimings(frame=0.05, linger=0.2, check=60, wait=3.0)
    device = OverheadCamera(VideoLink(camera.url), SystemClock(), timings)
    identity = Identity("DocumentCamera", "documentCamera", "document-camera-opencv")
    service = DocumentCameraService(identity, Supervisor("DocumentCamera", device, POLICY))
    desk = await served(service, device)
    yield desk
    await service.close()


async def test_a_document_is_looked_for_until_it_lies_well(camera, looks) -> None:
    payload = {"resolution": 100}
    asking = asyncio.ensure_future(looks.ask("DocumentCamera.ReadImage", payload, timeout_ms=25000))
    await asyncio.sleep(0.3)
    await camera.do("lay", {"kind": "licence", "seed": 4, "angle": 6})
    events, completion = await asking
    assert names(events) == ["DocumentCamera.PresentDocumentEvent"]
    (image,) = completion["payload"]["images"]
    assert (image["width"], image["height"], image["imageType"]) == (827, 1169, "jpg")
    assert abs(completion["payload"]["quality"]["tilt"] - 6) < 0.5
    assert completion["payload"]["quality"]["scale"] > 0.7


@pytest.mark.parametrize(
    ("hand", "word"),
    [({}, "noDocument"), ({"dx": 45}, "cutOff"), ({"blur": 8}, "blurTooHigh"), ({"glare": 0.9}, "glare")],
)
async def test_what_is_wrong_under_the_camera_has_its_code(camera, looks, hand, word) -> None:
    spoilt = {name: value for name, value in hand.items() if name in ("blur", "glare")}
    if hand:
        await camera.do("lay", {"kind": "taxForm", **{k: v for k, v in hand.items() if k not in spoilt}})
    await camera.do("spoil", spoilt)
    _, completion = await looks.ask("DocumentCamera.ReadImage", {"resolution": 100}, timeout_ms=9000)
    assert completion["payload"]["errorCode"] == word


async def test_the_preview_runs_until_it_is_cancelled(camera, looks) -> None:
    before = camera.state()["counts"]["frames"]
    asking = asyncio.ensure_future(looks.ask("DocumentCamera.StartPreview", {}))
    await until(lambda: camera.state()["counts"]["frames"] > before + 12)
    await looks.ask("Common.Cancel", {})
    events, completion = await asking
    assert code(completion) == "canceled"
    assert set(names(events)) == {"DocumentCamera.FrameEvent"}


@pytest.fixture
async def swipes(tmp_path):
    sim = MrzReaderSimulator(tmp_path / "tty-mrz", Pace(100))
    await sim.start()
    device = SerialMrzReader(Channel(SerialLink(str(sim.port.link), 9600)), SystemClock())
    service = MrzReaderService(
        Identity("MrzReader", "mrzReader", "mrz-serial"), Supervisor("MrzReader", device, POLICY)
    )
    desk = await served(service, device)
    yield sim, desk, device
    await service.close()
    await sim.stop()


async def test_a_passport_is_read_and_a_misread_one_refused(swipes, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    sim, desk, device = swipes
    lines = machine_lines("passport", 6)

    async def read(**what):
        asking = asyncio.ensure_future(desk.ask("MrzReader.Read", {}, timeout_ms=6000))
        await until(lambda: device._waiting)
        await sim.do("swipe", {"seed": 6, **what})
        return (await asking)[1]

    told = (await read())["payload"]
    assert (told["number"], told["layout"], told["corrected"]) == (lines[1][:9].rstrip("<"), "td3", 0)
    wrong = await read(lines=[lines[0], "9" + lines[1][1:]])
    assert wrong["payload"]["errorCode"] == "invalidData"
    other = await read(lines=["READ ERROR"])
    assert other["payload"]["errorCode"] == "invalidMedia"
    assert told["number"] not in caplog.text
