"""The overhead camera over motion JPEG: pages, advice, colours, zones, and its life."""

from __future__ import annotations

import asyncio
import io

import cv2
import numpy as np
import pytest
from PIL import Image

from config.clock import Deadline, SystemClock
from drivers.devices import document_camera
from drivers.devices.document_camera import OverheadCamera
from drivers.devices.filming import Timings
from drivers.errors import DeadlinePassed, DeviceNotReady, MediaInvalid, MediaMissing, UnsupportedData
from drivers.ports import DeviceState
from drivers.ports_documents import PageColour, PageOrder, PageSide, PageSize
from drivers.simulators.base import Pace
from drivers.simulators.document_camera import DocumentCameraSimulator
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.travel_document import machine_lines
from drivers.transports.video import VideoLink

pytestmark = pytest.mark.timeout(240)
"""Pictures of five megapixels on a machine that others use as well."""

LOW = PageOrder(dpi=75)


@pytest.fixture
async def sim():
    sim = DocumentCameraSimulator(Pace(1), shrink=2)
    await sim.start()
    yield sim
    await sim.stop()


@pytest.fixture
async def device(sim):
    device = camera_at(sim)
    await device.open()
    yield device
    await device.close()


def camera_at(sim, rotate=0):
    timings = Timings(frame=0.05, linger=0.2, check=0.2, wait=3.0)
    return OverheadCamera(VideoLink(sim.url), SystemClock(), timings, rotate)


def soon(seconds=20.0):
    return Deadline.after(seconds)


@pytest.mark.parametrize(
    ("colour", "kind", "mode"),
    [(PageColour.FULL, "jpg", "RGB"), (PageColour.GRAY, "jpg", "L"), (PageColour.BINARY, "png", "1")],
)
async def test_a_page_comes_in_the_colours_asked_for(sim, device, colour, kind, mode) -> None:
    await sim.do("lay", {"kind": "licence", "angle": 5})
    page = await device.read(PageOrder(dpi=75, colour=colour), soon())
    picture = Image.open(io.BytesIO(page.image.data))
    assert (page.image.kind, picture.mode) == (kind, mode)
    assert picture.size == (page.image.width, page.image.height) == (620, 877)


async def test_a_camera_mounted_sideways_is_turned(sim) -> None:
    await sim.do("lay", {"kind": "blank"})
    device = camera_at(sim, 90)
    await device.open()
    page = await device.read(LOW, soon())
    assert (page.image.width, page.image.height) == (877, 620)
    await device.close()


async def test_the_last_look_decides_what_is_told_at_the_deadline(sim, device) -> None:
    with pytest.raises(MediaMissing) as told:
        await device.read(LOW, soon(5))
    assert told.value.code == "noDocument"
    await sim.do("lay", {"dx": 50})
    with pytest.raises(MediaInvalid) as advice:
        await device.read(LOW, soon(5))
    assert advice.value.code == "cutOff"


async def test_a_camera_without_frames_is_told_at_the_deadline(sim, device) -> None:
    await sim.do("silent", {"on": True})
    with pytest.raises((DeadlinePassed, DeviceNotReady)):
        await device.read(LOW, soon(1.0))


@pytest.mark.parametrize(
    ("table", "looks"), [("dark", ["live"]), ("wood", ["live"]), (None, ["covered", "black"])]
)
async def test_a_black_mat_is_no_covered_lens(sim, device, table, looks) -> None:
    """It has no shape either, and lies empty under the camera before every document."""
    if table is None:
        await sim.do("covered")
    else:
        await sim.do("lay", {"kind": "blank", "table": table})
        await sim.do("take")
    frames = device.frames()
    for _ in range(4):
        await anext(frames)
    assert device.snapshot.details["documentCamera"]["frame"] in looks
    await frames.aclose()


async def test_a_zone_is_read_and_turns_its_page_upright(sim, device) -> None:
    await sim.do("lay", {"kind": "passport", "seed": 2, "angle": 180})
    page = await device.read(PageOrder(PageSize.ID3, PageColour.GRAY, 180, mrz=True), soon())
    assert page.image.mrz is not None
    assert page.image.mrz.number == machine_lines("passport", 2)[1][:9].rstrip("<")
    rows = np.asarray(Image.open(io.BytesIO(page.image.data)), float).mean(axis=1)
    assert rows[-len(rows) // 4 :].mean() < rows.mean()  # the zone is at the bottom


async def test_the_back_is_refused(device) -> None:
    with pytest.raises(UnsupportedData):
        await device.read(PageOrder(sides=(PageSide.BACK,)), soon())


async def test_pictures_are_overwritten_when_the_page_is_made(sim, device, monkeypatch) -> None:
    seen = []
    read = document_camera.read_page

    def keep(picture, *rest):
        page = read(picture, *rest)
        seen.extend((picture, page.picture))
        return page

    monkeypatch.setattr(document_camera, "read_page", keep)
    await sim.do("lay", {"kind": "taxForm"})
    await device.read(LOW, soon())
    assert len(seen) == 2
    assert not any(one.any() for one in seen)


async def test_a_preview_beside_a_read_has_a_picture_of_its_own(device) -> None:
    """Each is overwritten by whoever has done with it."""
    with device._using():
        one, other = await asyncio.gather(device._next(), device._next())
    assert not np.shares_memory(one, other)
    assert np.array_equal(one, other) and one.any()


async def test_the_pictures_of_a_preview_are_overwritten_too(device, monkeypatch) -> None:
    seen = []
    encode = document_camera.to_jpeg

    def keep(picture):
        seen.append(picture)
        return encode(picture)

    monkeypatch.setattr(document_camera, "to_jpeg", keep)
    frames = device.frames()
    assert (await anext(frames))[:2] == b"\xff\xd8"
    await frames.aclose()
    assert seen and not seen[0].any()


async def test_a_camera_that_is_pulled_out_is_lost_and_found_again(sim, device) -> None:
    await sim.do("unplug")
    async with asyncio.timeout(8):
        while device.snapshot.device is not DeviceState.NO_DEVICE:
            await asyncio.sleep(0.01)
    assert device.snapshot.details["documentCamera"]["frame"] == "unknown"
    await sim.do("replug")
    async with asyncio.timeout(8):
        while device.snapshot.device is not DeviceState.ONLINE:
            await asyncio.sleep(0.01)


async def test_a_sheet_may_show_the_picture_in_a_file_and_one_that_is_none_is_refused(
    sim, device, tmp_path
) -> None:
    stripes = np.full((800, 1200, 3), 252, np.uint8)
    stripes[300:400] = 20
    cv2.imwrite(str(tmp_path / "stripes.png"), stripes)
    (tmp_path / "none.png").write_text("no picture")
    await sim.do("lay", {"kind": "invoice", "file": str(tmp_path / "stripes.png")})
    with pytest.raises(ActionRefusedError):
        await sim.do("lay", {"kind": "invoice", "file": str(tmp_path / "none.png")})
    read = await device.read(PageOrder(colour=PageColour.GRAY, dpi=100), Deadline.after(20))
    page = cv2.imdecode(np.frombuffer(read.image.data, np.uint8), cv2.IMREAD_GRAYSCALE)
    dark = np.flatnonzero((page[:, 100:300] < 120).all(axis=1))
    assert 25 < len(dark) < 45 and 90 < dark[0] < 110, (
        "the stripe of 33 lines, and nothing of what the kind draws"
    )
