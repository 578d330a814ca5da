"""The SANE scanner: libsane itself between our driver and our simulator, and libsane's own test backend."""

from __future__ import annotations

import asyncio
import io
import os
import signal

import numpy as np
import pytest
from PIL import Image

from config.clock import Deadline, SystemClock
from drivers.devices.scanner import LAMP_PAGES, SaneScanner, Timings
from drivers.devices.scanner_setup import Words, extra_settings
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    DeviceNotReady,
    DriverConfigError,
    HardwareFault,
    LinkLost,
    MediaMissing,
    NotAuthorised,
    ReadFailed,
    UnsupportedData,
    UserFault,
)
from drivers.ports import DeviceState
from drivers.ports_documents import PageColour, PageOrder, PageSide, PageSize
from drivers.simulators.documents import code_content, draw
from drivers.transports.sane import SaneLink
from tests.drivers.scanning import QUICK, scanner_of, simulated

BOTH = (PageSide.FRONT, PageSide.BACK)
CARD = PageOrder(PageSize.ID1, PageColour.GRAY, 100)


@pytest.fixture
async def sim():
    async with simulated() as scanner:
        yield scanner


@pytest.fixture
async def device(sim, tmp_path):
    device = scanner_of(sim, tmp_path)
    await device.open()
    yield device
    await device.close()


def soon(seconds=8.0):
    return Deadline.after(seconds)


async def until(condition):
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.01)


def told(device):
    return device.snapshot.details["documentScanner"]


async def test_what_the_backend_offers_is_told_in_our_words(device) -> None:
    ability = await device.ability()
    assert ability.sides == BOTH
    assert ability.colours == tuple(PageColour)
    assert ability.resolutions == (100, 150, 200, 300, 400)
    assert ability.feeder and ability.sensor


async def test_a_sheet_is_scanned_as_it_is(sim, device) -> None:
    await sim.do("lay", {"kind": "licence", "seed": 3})
    (page,) = await device.scan(PageOrder(dpi=150), soon())
    picture = np.asarray(Image.open(io.BytesIO(page.data)).convert("RGB"), np.int16)
    goal = Image.fromarray(draw("licence", 3)).resize((page.width, page.height), Image.Resampling.BOX)
    assert abs(picture - np.asarray(goal, np.int16)).mean() < 4
    assert (page.width, page.height, page.kind) == (1240, 1754, "jpg")


async def test_the_codes_on_a_sheet_come_with_it(sim, device) -> None:
    await sim.do("lay", {"kind": "invoice", "seed": 9})
    (page,) = await device.scan(PageOrder(dpi=200, colour=PageColour.BINARY), soon())
    assert page.kind == "png"
    assert Image.open(io.BytesIO(page.data)).mode == "1"
    codes = {code.symbology: code.data.decode() for code in page.codes}
    assert codes["qrCode"] == code_content("invoice", 9)
    assert codes["dataMatrix"].isdigit()


async def test_front_and_back_of_one_sheet_come_from_one_feed(sim, device) -> None:
    await sim.do("lay", {"kind": "idCard", "count": 2})
    order = PageOrder(PageSize.ID1, PageColour.FULL, 150, BOTH)
    front, back = await device.scan(order, soon())
    assert (front.side, back.side) == BOTH
    assert front.data != back.data
    assert sim.state()["counts"] == {"fed": 1, "out": 1, "scans": 2}
    assert sim.state()["sheets"] == 1


async def test_the_back_asked_for_before_the_front_is_still_the_back(sim, device) -> None:
    await sim.do("lay", {"kind": "idCard", "seed": 3})
    front, back = await device.scan(PageOrder(PageSize.ID1, PageColour.GRAY, 150, BOTH), soon())
    await sim.do("lay", {"kind": "idCard", "seed": 3})
    pages = await device.scan(PageOrder(PageSize.ID1, PageColour.GRAY, 150, BOTH[::-1]), soon())

    def differs(one, other):
        seen, wanted = (np.asarray(Image.open(io.BytesIO(page.data)), np.int16) for page in (one, other))
        return abs(seen - wanted).mean()

    for page in pages:
        same, wrong = (front, back) if page.side is PageSide.FRONT else (back, front)
        assert differs(page, same) < 2 < differs(page, wrong)


async def test_a_sheet_that_is_not_there_yet_is_waited_for(sim, device) -> None:
    scan = asyncio.ensure_future(device.scan(CARD, soon()))
    await until(lambda: told(device)["mediaFeeder"] == "empty")
    await sim.do("lay", {"kind": "idCard"})
    assert len(await scan) == 1


async def test_loading_tells_of_a_sheet_and_of_none(sim, device) -> None:
    with pytest.raises(MediaMissing):
        await device.load(soon(0.2))
    await sim.do("lay")
    await device.load(soon())
    assert told(device)["mediaFeeder"] == "notEmpty"
    assert told(device)["media"] == "present"


@pytest.mark.parametrize(
    ("how", "kind", "code"),
    [
        ("jam", HardwareFault, "mediaJammed"),
        ("doubleFeed", HardwareFault, "doubleFeed"),
        ("tornPage", ReadFailed, "invalidData"),
        ("busy", DeviceNotReady, None),
        ("noMemory", UnsupportedData, None),
        ("denied", NotAuthorised, None),
        ("ioError", LinkLost, None),
        ("stall", LinkLost, None),
        ("cut", LinkLost, None),
    ],
)
async def test_what_goes_wrong_in_the_scanner_has_a_name_and_is_over_when_mended(
    sim, device, how, kind, code
) -> None:
    await sim.do("lay", {"kind": "idCard"})
    await sim.do("fail", {"how": how})
    with pytest.raises(kind) as error:
        await device.scan(CARD, soon())
    assert error.value.code == code
    await sim.do("clear")
    await sim.do("take")
    await sim.do("replug")
    await sim.do("lay", {"kind": "idCard"})
    await until(lambda: device.connected)
    async with asyncio.timeout(8):
        while True:
            try:
                assert len(await device.scan(CARD, soon())) == 1
                break
            except DeviceNotReady:
                await asyncio.sleep(0.05)
    assert device.snapshot.device is DeviceState.ONLINE


@pytest.mark.parametrize("words", [Words(), Words(front="Flatbed")], ids=["feeder", "glass"])
@pytest.mark.parametrize("at", [0.5, 0.8, 0.995])
async def test_a_page_that_ends_early_is_never_taken_for_whole(sim, tmp_path, words, at) -> None:
    device = scanner_of(sim, tmp_path, words=words)
    await device.open()
    try:
        where = "glass" if words.front == "Flatbed" else "feeder"
        await sim.do("lay", {"kind": "idCard", "where": where, "count": 2})
        await sim.do("fail", {"how": "tornPage", "at": at})
        with pytest.raises(ReadFailed):
            await device.scan(CARD, soon())
        (page,) = await device.scan(CARD, soon())
        assert page.height == 213
    finally:
        await device.close()


async def test_a_jam_is_a_hardware_error_until_it_is_reset(sim, device) -> None:
    await sim.do("lay", {"kind": "idCard"})
    await sim.do("fail", {"how": "jam"})
    with pytest.raises(HardwareFault):
        await device.scan(CARD, soon())
    assert device.snapshot.device is DeviceState.HARDWARE_ERROR
    assert told(device)["media"] == "jammed"
    await sim.do("cover", {"state": "open"})
    await sim.do("cover", {"state": "closed"})
    await device.reset(soon())
    assert device.snapshot.device is DeviceState.ONLINE


async def test_an_open_cover_is_seen_without_a_scan_and_refuses_one(sim, device) -> None:
    await sim.do("lay")
    await sim.do("cover", {"state": "open"})
    await until(lambda: told(device)["cover"] == "open")
    assert device.snapshot.device is DeviceState.USER_ERROR
    with pytest.raises(UserFault) as error:
        await device.scan(CARD, soon())
    assert error.value.code == "coverOpen"
    await sim.do("cover", {"state": "closed"})
    await until(lambda: device.snapshot.device is DeviceState.ONLINE)


async def test_a_lamp_that_fades_is_told_after_some_sheets(sim, device) -> None:
    await sim.do("lamp", {"level": 0.4})
    await sim.do("lay", {"kind": "blank", "count": LAMP_PAGES})
    for number in range(LAMP_PAGES):
        assert told(device)["frontImageScanner"] == "ok", number
        await device.scan(CARD, soon())
    assert told(device)["frontImageScanner"] == "fading"
    await sim.do("lamp", {"level": 1})
    await sim.do("lay", {"kind": "blank"})
    await device.scan(CARD, soon())
    assert told(device)["frontImageScanner"] == "ok"


async def test_what_the_scanner_lacks_is_refused_before_paper_moves(sim, device) -> None:
    await sim.do("lay")
    with pytest.raises(UnsupportedData):
        await device.scan(PageOrder(dpi=240), soon())
    assert sim.state()["counts"]["fed"] == 0


async def test_a_scan_that_takes_too_long_ends_at_its_deadline_and_the_next_one_works(tmp_path) -> None:
    async with simulated(speed=0.5) as sim:
        device = scanner_of(sim, tmp_path)
        await device.open()
        await sim.do("lay", {"kind": "idCard", "count": 2})
        with pytest.raises(DeadlinePassed):
            await device.scan(CARD, soon(1.0))
        assert len(await device.scan(CARD, soon(20))) == 1
        await device.close()


async def test_a_scan_can_be_cancelled_and_lets_the_sheet_out(tmp_path) -> None:
    async with simulated(speed=0.5) as sim:
        device = scanner_of(sim, tmp_path)
        await device.open()
        await sim.do("lay", {"kind": "idCard"})
        scan = asyncio.ensure_future(device.scan(CARD, soon(20)))
        await until(lambda: sim.state()["inside"] is not None)
        scan.cancel()
        with pytest.raises(asyncio.CancelledError):
            await scan
        await until(lambda: sim.state()["inside"] is None)
        await device.close()


async def test_libsane_that_hangs_is_killed_and_started_again(sim, device) -> None:
    first = device._link.pid
    await sim.do("silent", {"on": True})
    with pytest.raises(DeviceError):
        await device.scan(CARD, soon(0.3))
    await sim.do("silent", {"on": False})
    await until(lambda: device.connected and device._link.pid != first)
    await sim.do("lay", {"kind": "idCard"})
    assert len(await device.scan(CARD, soon())) == 1


async def test_libsane_that_crashes_takes_nobody_along(sim, device) -> None:
    first = device._link.pid
    os.kill(first, signal.SIGSEGV)
    await until(lambda: device.connected and device._link.pid not in (None, first))
    await sim.do("lay", {"kind": "idCard"})
    assert len(await device.scan(CARD, soon())) == 1


async def test_a_scanner_put_back_in_works_at_the_first_call(sim, tmp_path) -> None:
    device = scanner_of(sim, tmp_path, Timings(open=6, ask=2, look=0.02, poll=60))
    await device.open()
    await sim.do("unplug")
    await sim.do("replug")
    await sim.do("lay", {"kind": "idCard"})
    assert len(await device.scan(CARD, soon())) == 1
    await device.close()


async def test_a_scanner_that_is_pulled_out_is_noticed_while_nobody_scans(sim, device) -> None:
    await sim.do("unplug")
    await until(lambda: device.snapshot.device is DeviceState.NO_DEVICE)
    assert told(device)["mediaFeeder"] == "unknown"
    await sim.do("replug")
    await until(lambda: device.snapshot.device is DeviceState.ONLINE)


async def test_the_bytes_of_a_page_are_overwritten_once_it_is_encoded(sim, device, monkeypatch) -> None:
    seen = []
    frame_of = device._link.frame

    async def keep(*args, **named):
        seen.append(await frame_of(*args, **named))
        return seen[-1]

    monkeypatch.setattr(device._link, "frame", keep)
    await sim.do("lay", {"kind": "idCard"})
    await device.scan(CARD, soon())
    assert len(seen) == 1 and len(seen[0].data) > 1000
    assert not any(seen[0].data)


@pytest.fixture
async def libsanes_own(tmp_path):
    """libsane's test backend: a scanner that is not ours."""
    (tmp_path / "dll.conf").write_text("test\n")
    (tmp_path / "test.conf").write_text("")

    def make(extra=""):
        link = SaneLink("test:0", str(tmp_path), answer_s=3.0, stall_s=2.0, end_s=0.5)
        return SaneScanner(link, SystemClock(), Words(), extra_settings(extra), QUICK)

    return make


async def test_libsanes_own_test_backend_scans(libsanes_own) -> None:
    device = libsanes_own("test-picture=Solid white")
    await device.open()
    assert not (await device.ability()).sensor
    assert told(device)["mediaFeeder"] == "unknown"
    (page,) = await device.scan(PageOrder(PageSize.ID1, PageColour.FULL, 100), soon())
    picture = np.asarray(Image.open(io.BytesIO(page.data)))
    assert (page.width, page.height) == (337, 212) or abs(page.width - 337) <= 2
    assert picture.min() > 250
    with pytest.raises(UnsupportedData):
        await device.scan(PageOrder(sides=BOTH), soon())
    await device.close()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("JAMMED", HardwareFault),
        ("COVER_OPEN", UserFault),
        ("IO_ERROR", LinkLost),
        ("ACCESS_DENIED", NotAuthorised),
    ],
)
async def test_statuses_of_libsanes_own_backend_mean_the_same(libsanes_own, status, kind) -> None:
    device = libsanes_own(f"read-return-value=SANE_STATUS_{status}")
    await device.open()
    with pytest.raises(kind):
        await device.scan(CARD, soon())
    await device.close()


async def test_a_scanner_that_libsane_does_not_know_is_told_with_how_to_find_it(
    libsanes_own, tmp_path
) -> None:
    device = SaneScanner(SaneLink("test:99", str(tmp_path)), SystemClock(), timings=QUICK)
    with pytest.raises(DeviceNotReady, match="scanimage"):
        await device.open()
    await device.close()


def test_settings_of_a_backends_own_are_read_strictly() -> None:
    assert extra_settings(" swdeskew=true ; buffer=3;df-action = Stop;x=1.5") == [
        ("swdeskew", 1),
        ("buffer", 3),
        ("df-action", "Stop"),
        ("x", 1.5),
    ]
    with pytest.raises(DriverConfigError):
        extra_settings("swdeskew")
