"""Recordings of the devices that read documents."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from drivers.ports_documents import PageColour, PageOrder, PageSide, PageSize
from drivers.recording.lines import Recording
from drivers.simulators.document_scanner import write_sane_directory
from tests.drivers.recording.recorded import Recorded, soon, tried
from tests.drivers.scanning import simulated

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


DOCUMENTS: dict[str, Callable[[Path], Awaitable[Recording]]] = {
    "scanner-sane-scanned": sheet_scanned,
    "scanner-sane-jam": sheet_jammed,
    "scanner-sane-stalled": sheet_stalled,
}
