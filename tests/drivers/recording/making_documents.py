"""Recordings of what sees: the scanner and both cameras."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

from drivers.ports_documents import PageColour, PageOrder, PageSide, PageSize
from drivers.recording.calls import told_look
from drivers.recording.lines import Recording
from drivers.simulators.base import Pace
from drivers.simulators.camera import CameraSimulator
from drivers.simulators.document_camera import DocumentCameraSimulator
from drivers.simulators.document_scanner import write_sane_directory
from tests.drivers.recording.recorded import Recorded, soon, tried
from tests.drivers.scanning import simulated

Made = AbstractAsyncContextManager[tuple[Recorded, Any]]
CARD = PageOrder(PageSize.ID1, PageColour.GRAY, 100)
BOTH_SIDES = PageOrder(PageSize.ID1, PageColour.FULL, 100, (PageSide.FRONT, PageSide.BACK))


@asynccontextmanager
async def sheets(place: Path, note: str) -> AsyncIterator[tuple[Recorded, Any]]:
    async with simulated(speed=50) as sim:
        config = write_sane_directory(place / "sane", sim)
        options = {"device": sim.sane_name, "config_dir": str(config), "stall_s": 1.0}
        async with Recorded("scanner-sane", "documentScanner", options, note) as recorded:
            yield recorded, sim


async def sheet_scanned(place: Path) -> Recording:
    async with sheets(place, "a sheet is waited for and scanned on both sides, then one on its front") as (
        it,
        sim,
    ):
        load = asyncio.create_task(it.device.load(soon()))
        await asyncio.sleep(0.5)
        await sim.do("lay", {"kind": "idCard", "count": 2})
        await load
        await it.device.scan(BOTH_SIDES, soon())
        await it.device.scan(CARD, soon())
        return it.recording()


async def sheet_jammed(place: Path) -> Recording:
    async with sheets(place, "the sheet jams half way; after its cover was opened the next one goes") as (
        it,
        sim,
    ):
        await sim.do("lay", {"kind": "idCard", "count": 2})
        await sim.do("fail", {"how": "jam"})
        await tried(it.device.scan(CARD, soon()))
        await sim.do("cover", {"state": "open"})
        await tried(it.device.scan(CARD, soon()))
        await sim.do("cover", {"state": "closed"})
        await sim.do("lay", {"kind": "idCard"})
        await it.device.scan(CARD, soon())
        return it.recording()


async def sheet_stalled(place: Path) -> Recording:
    async with sheets(place, "the scanner stops in the middle of a page and says nothing more") as (it, sim):
        await sim.do("lay", {"kind": "idCard"})
        await sim.do("fail", {"how": "stall"})
        await tried(it.device.scan(CARD, soon()))
        return it.recording()


@asynccontextmanager
async def film(sim: Any, driver: str, role: str, note: str) -> AsyncIterator[tuple[Recorded, Any]]:
    await sim.start()
    try:
        async with Recorded(driver, role, {"uri": sim.url, "linger_s": 0.5}, note) as recorded:
            yield recorded, sim
    finally:
        await sim.stop()


def faces(note: str) -> Made:
    return film(CameraSimulator(Pace(1)), "camera-opencv", "faceCamera", note)


def tables(note: str) -> Made:
    return film(DocumentCameraSimulator(Pace(1), shrink=4), "document-camera-opencv", "documentCamera", note)


async def looked(it: Recorded, frame: str) -> None:
    """Look on until the driver says that of the picture, and a moment longer."""
    async with asyncio.timeout(20), aclosing(it.device.frames()) as preview:
        async for _ in preview:
            if told_look(it.real) == {"frame": frame}:
                break
        for _ in range(5):
            await anext(preview)


async def film_frozen(place: Path) -> Recording:
    async with faces("two pictures; then the camera hangs and shows the same one again and again") as (
        it,
        sim,
    ):
        await it.device.capture(2, soon())
        await sim.do("frozen")
        await looked(it, "frozen")
        await it.device.picture(soon())
        return it.recording()


async def film_covered(place: Path) -> Recording:
    async with faces("a hand lies on the lens, then there is no light") as (it, sim):
        await sim.do("covered")
        await looked(it, "covered")
        await sim.do("black")
        await looked(it, "black")
        return it.recording()


async def film_unplugged(place: Path) -> Recording:
    async with faces("the cable is pulled while somebody looks, and put back") as (it, sim):
        capture = asyncio.create_task(tried(it.device.capture(100, soon(20))))
        await asyncio.sleep(1)
        await sim.do("unplug")
        await capture
        await sim.do("replug")
        await it.found()
        await it.device.capture(2, soon())
        return it.recording()


async def table_dark(place: Path) -> Recording:
    async with tables("the table is looked at, then the lamp goes out") as (it, sim):
        await looked(it, "live")
        await sim.do("black")
        await looked(it, "black")
        return it.recording()


async def table_frozen(place: Path) -> Recording:
    async with tables("the camera hangs; it is reset") as (it, sim):
        await sim.do("frozen")
        await looked(it, "frozen")
        await it.device.reset(soon())
        return it.recording()


DOCUMENTS: dict[str, Callable[[Path], Awaitable[Recording]]] = {
    "scanner-sane-scanned": sheet_scanned,
    "scanner-sane-jam": sheet_jammed,
    "scanner-sane-stalled": sheet_stalled,
    "camera-opencv-frozen": film_frozen,
    "camera-opencv-covered": film_covered,
    "camera-opencv-unplugged": film_unplugged,
    "document-camera-opencv-dark": table_dark,
    "document-camera-opencv-frozen": table_frozen,
}
