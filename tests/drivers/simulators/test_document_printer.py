"""The cabinet's own IPP printer, asked with pyipp and with bytes written by hand."""

from __future__ import annotations

import asyncio
import gc
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pyipp import IPP, IPPConnectionError, IPPError
from pyipp.enums import IppOperation

from config.clock import SystemClock
from drivers.simulators.base import Pace
from drivers.simulators.document_printer import DocumentPrinterSimulator
from drivers.simulators.ipp_operations import IppPrinter
from drivers.simulators.laser_engine import Job, LaserEngine
from drivers.simulators.pdf_pages import count_pages
from drivers.simulators.printed import PrintedStore
from tests.depth import examples
from tests.drivers.simulators.pdfs import pdf

PENDING, PROCESSING, STOPPED, CANCELED, ABORTED, COMPLETED = 3, 5, 6, 7, 8, 9


class Bench:
    def __init__(self, directory: Path) -> None:
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.printer = DocumentPrinterSimulator(self.store, Pace(200), SystemClock())
        self.ipp: IPP

    async def ask(
        self, operation: IppOperation, data: bytes | None = None, **attributes: object
    ) -> dict[str, Any]:
        message: dict[str, object] = {
            "operation-attributes-tag": {name.replace("_", "-"): value for name, value in attributes.items()}
        }
        if data is not None:
            message["data"] = data
        answer: dict[str, Any] = await self.ipp.execute(operation, message)
        return answer

    async def submit(self, document: bytes, name: str = "YC26-1") -> int:
        answer = await self.ask(
            IppOperation.PRINT_JOB,
            document,
            job_name=name,
            document_format="application/pdf",
            requesting_user_name="k",
        )
        return int(answer["jobs"][0]["job-id"])

    async def job(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = (await self.ask(IppOperation.GET_JOB_ATTRIBUTES, job_id=number))["jobs"][0]
        return found

    async def job_comes_to(self, number: int, state: int) -> dict[str, Any]:
        return await eventually(lambda: self.job(number), lambda job: job["job-state"] == state)

    async def reasons(self) -> list[str]:
        printer = (await self.ask(IppOperation.GET_PRINTER_ATTRIBUTES))["printers"][0]
        found = printer["printer-state-reasons"]
        return [found] if isinstance(found, str) else list(found)


async def eventually(
    look: Callable[[], Awaitable[dict[str, Any]]], wanted: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    async with asyncio.timeout(5):
        while True:
            found = await look()
            if wanted(found):
                return found
            await asyncio.sleep(0.01)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    await bench.printer.start()
    async with IPP(bench.printer.uri, request_timeout=2) as bench.ipp:
        yield bench
    await bench.printer.stop()


async def test_a_pdf_is_kept_byte_for_byte_and_the_job_ends_completed_with_its_sheets(bench: Bench) -> None:
    document = pdf(3)
    number = await bench.submit(document, "完税证明 1")
    done = await bench.job_comes_to(number, COMPLETED)
    assert (done["job-name"], done["job-media-sheets-completed"]) == ("完税证明 1", 3)
    (item,) = bench.store.items()
    assert (bench.store.directory / item["file"]).read_bytes() == document
    assert (item["file"], item["name"], item["sheets"], item["complete"]) == (
        "001-certificate.pdf",
        "完税证明 1",
        3,
        True,
    )
    assert await bench.printer.do("take") == {"files": ["001-certificate.pdf"]}


async def test_the_history_of_jobs_has_their_size_and_not_their_documents(bench: Bench) -> None:
    document = pdf(3)
    done = await bench.job_comes_to(await bench.submit(document, "kept"), COMPLETED)
    assert done["job-k-octets"] == -(-len(document) // 1024)
    held = [one for one in gc.get_objects() if type(one) is Job and one.name == "kept"]
    assert [one.document for one in held] == [b""]


async def test_a_job_made_in_two_steps_prints_when_its_document_has_come(bench: Bench) -> None:
    created = await bench.ask(IppOperation.CREATE_JOB, job_name="two", requesting_user_name="k")
    number = created["jobs"][0]["job-id"]
    assert (await bench.job(number))["job-state-reasons"] == "job-incoming"
    await bench.ask(
        IppOperation.SEND_DOCUMENT,
        pdf(),
        job_id=number,
        last_document=True,
        document_format="application/pdf",
    )
    await bench.job_comes_to(number, COMPLETED)
    assert [item["name"] for item in bench.store.items()] == ["two"]


async def test_an_empty_tray_stops_the_job_until_paper_is_loaded(bench: Bench) -> None:
    await bench.printer.do("media-empty", {"afterSheets": 1})
    number = await bench.submit(pdf(2))
    stopped = await bench.job_comes_to(number, STOPPED)
    assert (stopped["job-state-reasons"], stopped["job-media-sheets-completed"]) == ("printer-stopped", 1)
    assert await bench.reasons() == ["media-empty-error", "media-needed-error"]
    await bench.printer.do("load", {"sheets": 100})
    assert (await bench.job_comes_to(number, COMPLETED))["job-media-sheets-completed"] == 2
    assert await bench.reasons() == ["none"]


async def test_jam_door_and_toner_are_told_apart_and_a_jammed_job_can_be_cancelled(bench: Bench) -> None:
    await bench.printer.do("toner-low")
    assert await bench.reasons() == ["toner-low-warning"]
    await bench.printer.do("cover", {"state": "open"})
    assert await bench.reasons() == ["cover-open-error", "toner-low-warning"]
    await bench.printer.do("clear")
    await bench.printer.do("jam", {"afterSheets": 0})
    number = await bench.submit(pdf())
    await bench.job_comes_to(number, STOPPED)
    assert await bench.reasons() == ["media-jam-error"]
    await bench.ask(IppOperation.CANCEL_JOB, job_id=number)
    canceled = await bench.job_comes_to(number, CANCELED)
    assert canceled["job-media-sheets-completed"] == 0
    assert bench.store.items() == []
    with pytest.raises(IPPError):
        await bench.ask(IppOperation.CANCEL_JOB, job_id=number)


@pytest.mark.parametrize(("at", "sheets"), [("begin", 0), ("end", 1)])
async def test_a_stalled_job_is_accepted_and_never_completes(bench: Bench, at: str, sheets: int) -> None:
    await bench.printer.do("stall", {"at": at})
    number = await bench.submit(pdf())
    job = await eventually(lambda: bench.job(number), lambda job: job["job-media-sheets-completed"] == sheets)
    await asyncio.sleep(0.1)
    assert (await bench.job(number))["job-state"] == PROCESSING == job["job-state"]
    await bench.printer.do("clear")
    await bench.job_comes_to(number, COMPLETED)


async def test_an_aborted_job_leaves_no_sheet_and_a_lying_printer_says_completed(bench: Bench) -> None:
    await bench.printer.do("abort")
    await bench.job_comes_to(await bench.submit(pdf(), "a"), ABORTED)
    await bench.printer.do("lie")
    done = await bench.job_comes_to(await bench.submit(pdf(), "b"), COMPLETED)
    assert done["job-media-sheets-completed"] == 0
    assert bench.store.items() == []


async def test_power_off_forgets_the_jobs_and_a_pulled_cable_does_not(bench: Bench) -> None:
    await bench.printer.do("stall", {"at": "begin"})
    number = await bench.submit(pdf(), "lost")
    await bench.printer.do("unplug")
    with pytest.raises(IPPConnectionError):
        await bench.job(number)
    await bench.printer.do("replug")
    assert (await bench.job(number))["job-name"] == "lost"
    await bench.printer.do("power", {"state": "off"})
    with pytest.raises(IPPConnectionError):
        await bench.job(number)
    await bench.printer.do("power", {"state": "on"})
    assert (await bench.ask(IppOperation.GET_JOBS, which_jobs="all"))["jobs"] == []


async def test_a_silent_printer_never_answers_and_garbage_is_no_ipp(bench: Bench) -> None:
    await bench.printer.do("garbage")
    with pytest.raises((IPPError, struct.error, UnicodeDecodeError, ValueError)):
        await bench.reasons()
    assert await bench.reasons() == ["none"]
    await bench.printer.do("silent")
    async with IPP(bench.printer.uri, request_timeout=0.2) as impatient:
        with pytest.raises(IPPConnectionError):
            await impatient.execute(IppOperation.GET_PRINTER_ATTRIBUTES, {"operation-attributes-tag": {}})
    await bench.printer.do("clear")
    assert await bench.reasons() == ["none"]


async def test_a_late_answer_comes_after_the_host_gave_up_though_the_job_was_taken(bench: Bench) -> None:
    await bench.printer.do("delay", {"seconds": 0.4})
    async with IPP(bench.printer.uri, request_timeout=0.15) as impatient:
        head = {"job-name": "late", "document-format": "application/pdf"}
        with pytest.raises(IPPConnectionError):
            await impatient.execute(IppOperation.PRINT_JOB, {"operation-attributes-tag": head, "data": pdf()})
    await bench.job_comes_to(1, COMPLETED)
    assert [item["name"] for item in bench.store.items()] == ["late"]


async def test_what_is_no_pdf_is_refused(bench: Bench) -> None:
    with pytest.raises(IPPError):
        await bench.submit(b"hello")
    with pytest.raises(IPPError):
        await bench.ask(IppOperation.VALIDATE_JOB, document_format="image/jpeg")
    await bench.ask(IppOperation.VALIDATE_JOB, document_format="application/pdf")


def test_pages_are_counted_in_plain_compressed_and_updated_files() -> None:
    assert count_pages(pdf(7)) == 7
    assert count_pages(typst.compile(b'#set page(paper: "a4")\na#pagebreak()b#pagebreak()c')) == 3
    assert count_pages(pdf(2) + b"5 0 obj << /Type /Page /Parent 2 0 R >> endobj") == 2
    assert count_pages(b"GIF89a") is None


@given(st.binary(max_size=200))
@settings(max_examples=examples(200), deadline=None)
def test_any_bytes_get_an_ipp_answer(raw: bytes) -> None:
    printer = IppPrinter(LaserEngine(Pace(), lambda job: None), SystemClock(), "ipp://127.0.0.1:1/ipp/print")
    answer = printer.answer(raw)
    assert answer[2:4] != b"\0\0"
    assert answer[-1] == 0x03
