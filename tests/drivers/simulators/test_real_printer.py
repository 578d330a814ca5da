"""The cabinet's A4 printer as the real ippeveprinter; skipped only where it cannot run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pyipp import IPP, IPPConnectionError
from pyipp.enums import IppOperation

from config.clock import SystemClock
from drivers.simulators.base import Pace
from drivers.simulators.ippeve import missing
from drivers.simulators.printed import PrintedStore
from drivers.simulators.real_printer import RealPrinterSimulator
from tests.drivers.simulators.pdfs import pdf

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


class Bench:
    def __init__(self, directory: Path) -> None:
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.printer = RealPrinterSimulator(directory / "ippeve", self.store, Pace())
        self.ipp: IPP

    async def submit(self, document: bytes, name: str) -> int:
        head = {"job-name": name, "document-format": "application/pdf", "requesting-user-name": "k"}
        message = {"operation-attributes-tag": head, "data": document}
        answer = await self.ipp.execute(IppOperation.PRINT_JOB, message)
        return int(answer["jobs"][0]["job-id"])

    async def comes_to(self, number: int, state: int) -> None:
        async with asyncio.timeout(8):
            while (await self._job(number))["job-state"] != state:
                await asyncio.sleep(0.05)

    async def _job(self, number: int) -> dict[str, Any]:
        answer = await self.ipp.execute(
            IppOperation.GET_JOB_ATTRIBUTES, {"operation-attributes-tag": {"job-id": number}}
        )
        found: dict[str, Any] = answer["jobs"][0]
        return found

    async def reasons_come_to(self, *wanted: str) -> None:
        async with asyncio.timeout(8):
            while True:
                answer = await self.ipp.execute(
                    IppOperation.GET_PRINTER_ATTRIBUTES, {"operation-attributes-tag": {}}
                )
                found = answer["printers"][0]["printer-state-reasons"]
                if sorted([found] if isinstance(found, str) else found) == sorted(wanted):
                    return
                await asyncio.sleep(0.05)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    await bench.printer.start()
    async with IPP(bench.printer.uri, request_timeout=5) as bench.ipp:
        yield bench
    await bench.printer.stop()


async def test_the_real_printer_hands_over_what_it_got_and_shows_its_troubles(bench: Bench) -> None:
    document = pdf(2)
    await bench.comes_to(await bench.submit(document, "证明 A"), 9)
    (item,) = bench.store.items()
    assert (bench.store.directory / item["file"]).read_bytes() == document
    assert (item["name"], item["sheets"]) == ("证明 A", 2)

    await bench.printer.do("media-empty")
    await bench.reasons_come_to("media-empty-report")
    waiting = await bench.submit(pdf(), "B")
    await bench.reasons_come_to("media-empty-warning", "media-needed-warning")
    assert len(bench.store.items()) == 1
    await bench.printer.do("load")
    await bench.comes_to(waiting, 9)
    assert bench.store.items()[1]["name"] == "B"

    await bench.printer.do("toner-low")
    await bench.reasons_come_to("toner-low-report")
    await bench.printer.do("jam")
    jammed = await bench.submit(pdf(), "J")
    await bench.reasons_come_to("media-jam-warning", "toner-low-warning")
    await bench.printer.do("clear")
    await bench.comes_to(jammed, 9)
    await bench.reasons_come_to("none")

    await bench.printer.do("abort")
    await bench.comes_to(await bench.submit(pdf(), "C"), 8)
    assert len(bench.store.items()) == 3


async def test_a_frozen_and_a_killed_printer_do_not_answer_and_come_back_on_the_same_port(
    bench: Bench,
) -> None:
    uri = bench.printer.uri
    await bench.printer.do("silent", {"on": True})
    async with IPP(uri, request_timeout=0.3) as impatient:
        with pytest.raises(IPPConnectionError):
            await impatient.execute(IppOperation.GET_PRINTER_ATTRIBUTES, {"operation-attributes-tag": {}})
    await bench.printer.do("clear")
    await bench.printer.do("power", {"state": "off"})
    with pytest.raises(IPPConnectionError):
        await bench.reasons_come_to("none")
    await bench.printer.do("power", {"state": "on"})
    assert bench.printer.uri == uri
    await bench.comes_to(await bench.submit(pdf(), "D"), 9)
