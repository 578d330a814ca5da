"""The A4 printer's driver against the cabinet's own IPP printer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import cast

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.ipp_client import IppClient, PrinterLook
from drivers.devices.ipp_job import PdfJob, Timings
from drivers.devices.ipp_printer import IppPrinter
from drivers.devices.registry import create
from drivers.errors import DeviceNotReady, DriverConfigError, InvalidData, UserFault
from drivers.ports import DeviceState, PrintOutcome
from drivers.protocols.ipp_truth import JobFacts, JobState, PrinterFacts, PrinterState
from drivers.transports.ipp import IppLink
from tests.drivers.devices.conftest import until
from tests.drivers.devices.ipp_bench import FAST, Bench, bench, device, pdf, supplies

__all__ = ["bench", "device"]
"""Fixtures that this file uses by their names."""


async def test_a_certificate_is_printed_as_it_was_sent(bench: Bench, device: IppPrinter) -> None:
    document = pdf(2)
    result = await device.print_pdf("key-1", document, 1, Deadline.after(10))
    assert (result.outcome, result.sheets, result.error_code) == (PrintOutcome.PRINTED, 2, None)
    (item,) = bench.store.items()
    assert (bench.store.directory / item["file"]).read_bytes() == document
    assert item["name"] == "key-1"


async def test_copies_are_asked_for(bench: Bench, device: IppPrinter) -> None:
    result = await device.print_pdf("key-1", pdf(), 3, Deadline.after(10))
    assert result.sheets == 3


async def test_a_name_the_printer_knows_is_followed_and_never_sent_again(
    bench: Bench, device: IppPrinter
) -> None:
    first = await device.print_pdf("key-1", pdf(), 1, Deadline.after(10))
    again = await device.print_pdf("key-1", pdf(), 1, Deadline.after(10))
    assert first.outcome is again.outcome is PrintOutcome.PRINTED
    assert bench.sheets() == 1


async def test_a_finished_job_is_found_by_its_name(bench: Bench, device: IppPrinter) -> None:
    assert await device.find_job("key-1", 0.0, Deadline.after(5)) is None
    await device.print_pdf("key-1", pdf(), 1, Deadline.after(10))
    found = await device.find_job("key-1", 0.5, Deadline.after(5))
    assert found is not None
    assert (found.outcome, found.sheets) == (PrintOutcome.PRINTED, 1)


@pytest.mark.parametrize("age_s", [30.0, 3600.0, -1.0])
async def test_a_job_that_the_printer_may_have_forgotten_is_never_told_not_printed(
    bench: Bench, age_s: float
) -> None:
    """The mains of the cabinet failed with the sheet on its way: the printer begins anew without its jobs."""
    client = IppClient(IppLink(bench.sim.uri), {})
    await client.send("key-1", pdf(), 1, Deadline.after(30))
    await bench.sim.do("power", {"state": "off"})
    await bench.sim.do("power", {"state": "on"})
    if age_s == 3600.0:  # on all the time, but so long ago that its history is of later jobs
        bench.sim._engine._since -= 100_000
    found = await PdfJob(client, Timings(), "key-1", lambda _: None).find(age_s, Deadline.after(30))
    assert found is not None
    assert found.outcome is PrintOutcome.UNCERTAIN


async def test_a_job_that_never_reached_a_printer_that_still_knows_an_older_one_is_not_there(
    bench: Bench, device: IppPrinter
) -> None:
    await device.print_pdf("key-0", pdf(), 1, Deadline.after(10))
    bench.sim._engine._since -= 1000
    assert await device.find_job("key-1", 200.0, Deadline.after(5)) is None


async def test_a_job_entered_before_this_driver_was_is_in_doubt_at_a_printer_that_knows_none(
    bench: Bench, device: IppPrinter
) -> None:
    """It may keep no history, and what an earlier driver has sent nobody remembers."""
    bench.sim._engine._since -= 1000
    found = await device.find_job("key-1", 200.0, Deadline.after(5))
    assert found is not None
    assert found.outcome is PrintOutcome.UNCERTAIN


async def test_a_job_left_by_a_dead_program_is_followed_to_its_end(bench: Bench, device: IppPrinter) -> None:
    await bench.sim.do("stall", {"at": "begin"})
    client = IppClient(IppLink(bench.sim.uri), {})
    await client.send("key-1", pdf(), 1, Deadline.after(5))
    finding = asyncio.create_task(device.find_job("key-1", 0.5, Deadline.after(10)))
    await asyncio.sleep(0.2)
    assert not finding.done()
    await bench.sim.do("clear")
    found = await finding
    assert found is not None
    assert found.outcome is PrintOutcome.PRINTED


@pytest.mark.parametrize(
    ("action", "parameters", "code"),
    [
        ("media-empty", {}, "paperOut"),
        ("jam", {}, "paperJammed"),
        ("cover", {"state": "open"}, "coverOpen"),
        ("toner", {"percent": 0}, "tonerOut"),
    ],
)
async def test_a_printer_that_cannot_print_is_sent_nothing(
    bench: Bench, device: IppPrinter, action: str, parameters: dict[str, object], code: str
) -> None:
    await bench.sim.do(action, parameters)
    result = await device.print_pdf("key-1", pdf(), 1, Deadline.after(5))
    assert (result.outcome, result.error_code) == (PrintOutcome.NOT_PRINTED, code)
    assert bench.jobs() == []


async def test_supplies_are_told_as_they_change(bench: Bench, device: IppPrinter) -> None:
    await until(device, lambda s: supplies(s) == ("full", "full"))
    await bench.sim.do("media-low")
    await bench.sim.do("toner-low")
    await until(device, lambda s: supplies(s) == ("low", "low"))
    await bench.sim.do("media-empty")
    await until(device, lambda s: supplies(s)[0] == "out")
    assert device.snapshot.device is DeviceState.ONLINE
    await bench.sim.do("jam")
    await until(device, lambda s: s.device is DeviceState.HARDWARE_ERROR)
    await bench.sim.do("clear")
    await until(device, lambda s: s.device is DeviceState.ONLINE)


async def test_paper_that_ends_in_the_middle_is_waited_for(bench: Bench, device: IppPrinter) -> None:
    await bench.sim.do("media-empty", {"afterSheets": 1})
    job = asyncio.create_task(device.print_pdf("key-1", pdf(3), 1, Deadline.after(10)))
    await until(device, lambda s: supplies(s)[0] == "out")
    await bench.sim.do("load")
    result = await job
    assert (result.outcome, result.sheets) == (PrintOutcome.PRINTED, 3)


async def test_a_job_that_hangs_is_cancelled_before_its_first_sheet(bench: Bench, device: IppPrinter) -> None:
    await bench.sim.do("stall", {"at": "begin"})
    started = asyncio.get_running_loop().time()
    result = await device.print_pdf("key-1", pdf(), 1, Deadline.after(1.5))
    assert asyncio.get_running_loop().time() - started < 2.5
    assert result.outcome in (PrintOutcome.NOT_PRINTED, PrintOutcome.UNCERTAIN)
    assert bench.sheets() == 0
    await bench.sim.do("clear")
    await asyncio.sleep(0.3)
    assert bench.sheets() == 0, "it must not come out for the next person"


async def test_a_jam_after_the_first_sheet_is_uncertain(bench: Bench, device: IppPrinter) -> None:
    await bench.sim.do("jam", {"afterSheets": 1})
    result = await device.print_pdf("key-1", pdf(3), 1, Deadline.after(1.5))
    assert (result.outcome, result.error_code) == (PrintOutcome.UNCERTAIN, "paperJammed")


async def test_a_job_that_stands_for_want_of_a_hand_is_taken_back(bench: Bench) -> None:
    device = IppPrinter(
        IppClient(IppLink(bench.sim.uri, step_s=0.6), {}), SystemClock(), replace(FAST, hand=0.3)
    )
    await device.open()
    await bench.sim.do("jam", {"afterSheets": 1})
    async with asyncio.timeout(30):
        result = await device.print_pdf("key-1", pdf(3), 1, Deadline.after(600))
    assert (result.outcome, result.error_code) == (PrintOutcome.UNCERTAIN, "paperJammed")
    assert [job["state"] for job in bench.jobs()] == ["canceled"]
    await bench.sim.do("clear")
    result = await device.print_pdf("key-2", pdf(), 1, Deadline.after(30))
    assert (result.outcome, bench.sheets()) == (PrintOutcome.PRINTED, 2)
    await device.close()


async def test_an_aborted_job_is_not_printed(bench: Bench, device: IppPrinter) -> None:
    await bench.sim.do("abort")
    result = await device.print_pdf("key-1", pdf(), 1, Deadline.after(5))
    assert (result.outcome, result.sheets) == (PrintOutcome.NOT_PRINTED, 0)


@pytest.mark.parametrize(("sheets", "outcome"), [(0, "notPrinted"), (1, "uncertain")])
async def test_a_cancelled_job_of_a_printer_that_counts_only_its_pages_is_judged_by_them(
    sheets: int, outcome: str
) -> None:
    """The job says it had no sheet; the page counter knows better."""

    class Printer:
        pages = 0

        async def printer(self, deadline: Deadline) -> PrinterLook:
            return PrinterLook(PrinterFacts(PrinterState.IDLE), 100 + self.pages)

        async def named(self, name: str, deadline: Deadline) -> list[JobFacts]:
            return []

        async def send(self, name: str, document: bytes, copies: int, deadline: Deadline) -> int:
            self.pages = sheets
            return 7

        async def job(self, number: int, deadline: Deadline) -> JobFacts:
            return JobFacts(7, "key-1", JobState.CANCELED, sheets=0)

    client = cast(IppClient, Printer())
    told = await PdfJob(client, FAST, "key-1", lambda _: None).print(pdf(), 1, Deadline.after(10))
    assert (told.outcome, told.sheets) == (outcome, sheets)


async def test_completed_without_a_sheet_is_not_believed(bench: Bench, device: IppPrinter) -> None:
    await bench.sim.do("lie")
    result = await device.print_pdf("key-1", pdf(), 1, Deadline.after(5))
    assert result.outcome is PrintOutcome.UNCERTAIN


@pytest.mark.parametrize("after_headers", [False, True])
async def test_a_silent_printer_is_bounded_by_the_deadline(
    bench: Bench, device: IppPrinter, after_headers: bool
) -> None:
    await bench.sim.do("stall", {"at": "begin"})
    job = asyncio.create_task(device.print_pdf("key-1", pdf(), 1, Deadline.after(1.5)))
    while not bench.jobs():
        await asyncio.sleep(0.01)
    await bench.sim.do("silent", {"afterHeaders": after_headers})
    started = asyncio.get_running_loop().time()
    result = await job
    assert asyncio.get_running_loop().time() - started < 3
    assert result.outcome is PrintOutcome.UNCERTAIN
    await until(device, lambda s: s.device is DeviceState.OFFLINE)
    assert supplies(device.snapshot) == ("unknown", "unknown")
    await bench.sim.do("clear")
    await until(device, lambda s: s.device is DeviceState.ONLINE)


async def test_power_lost_in_the_middle_is_uncertain(bench: Bench, device: IppPrinter) -> None:
    await bench.sim.do("stall", {"at": "begin"})
    job = asyncio.create_task(device.print_pdf("key-1", pdf(), 1, Deadline.after(2)))
    while not bench.jobs():
        await asyncio.sleep(0.01)
    await bench.sim.do("power", {"state": "off"})
    await bench.sim.do("power", {"state": "on"})
    assert (await job).outcome is PrintOutcome.UNCERTAIN


async def test_a_printer_that_is_away_is_told_before_anything_is_sent(
    bench: Bench, device: IppPrinter
) -> None:
    await bench.sim.do("unplug")
    with pytest.raises(DeviceNotReady):
        await device.print_pdf("key-1", pdf(), 1, Deadline.after(2))
    await until(device, lambda s: s.device is DeviceState.OFFLINE)
    with pytest.raises(DeviceNotReady):
        await device.find_job("key-1", 0.5, Deadline.after(2))
    await bench.sim.do("replug")
    await until(device, lambda s: s.device is DeviceState.ONLINE)
    assert (await device.print_pdf("key-1", pdf(), 1, Deadline.after(5))).outcome is PrintOutcome.PRINTED


async def test_a_lost_answer_to_the_document_is_looked_up_by_name(bench: Bench, device: IppPrinter) -> None:
    """The job arrives, its answer is garbage: it is found again and followed."""
    answer = bench.sim._ipp.answer
    spoilt = 0

    def spoil(raw: bytes) -> bytes:
        nonlocal spoilt
        good = answer(raw)
        if raw[3] == 0x02 and not spoilt:
            spoilt += 1
            return b"\x02\x00\x00"
        return good

    bench.sim._ipp.answer = spoil  # type: ignore[method-assign]
    result = await device.print_pdf("key-1", pdf(), 1, Deadline.after(5))
    assert (result.outcome, spoilt) == (PrintOutcome.PRINTED, 1)
    assert bench.sheets() == 1


async def test_garbage_answers_are_survived(bench: Bench, device: IppPrinter) -> None:
    await bench.sim.do("garbage", {"count": 2})
    await until(device, lambda s: s.device is not DeviceState.ONLINE)
    await until(device, lambda s: s.device is DeviceState.ONLINE)


async def test_a_cancelled_call_takes_its_job_back(bench: Bench, device: IppPrinter) -> None:
    await bench.sim.do("stall", {"at": "begin"})
    job = asyncio.create_task(device.print_pdf("key-1", pdf(), 1, Deadline.after(5)))
    while not bench.jobs():
        await asyncio.sleep(0.01)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    await bench.sim.do("clear")
    await asyncio.sleep(0.2)
    assert bench.sheets() == 0


async def test_reset_cancels_what_waits_and_says_what_a_hand_must_do(
    bench: Bench, device: IppPrinter
) -> None:
    await bench.sim.do("stall", {"at": "begin"})
    await IppClient(IppLink(bench.sim.uri), {}).send("old", pdf(), 1, Deadline.after(5))
    await device.reset(Deadline.after(5))
    await bench.sim.do("media-empty")
    with pytest.raises(UserFault) as caught:
        await device.reset(Deadline.after(5))
    assert caught.value.code == "paperOut"


@pytest.mark.parametrize("ending", ["printed", "stopping", "forgotten"])
async def test_a_job_that_ended_while_the_reset_looked_is_no_trouble(
    bench: Bench, device: IppPrinter, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    if ending == "stopping":
        await bench.sim.do("stall", {"at": "begin"})
    client = IppClient(IppLink(bench.sim.uri), {})
    number = await client.send("old", pdf(), 1, Deadline.after(5))
    if ending == "stopping":
        await client.cancel(number, Deadline.after(5))
    else:
        while await client.open_jobs(Deadline.after(5)):
            await asyncio.sleep(0.01)

    async def as_just_seen(_deadline: Deadline) -> list[int]:
        return [number + 1 if ending == "forgotten" else number]

    monkeypatch.setattr(IppClient, "open_jobs", lambda _client, deadline: as_just_seen(deadline))
    await device.reset(Deadline.after(5))


@pytest.mark.parametrize(
    ("name", "document", "copies"),
    [("k", b"no pdf", 1), ("k", b"", 1), ("", pdf(), 1), ("k" * 256, pdf(), 1), ("k", pdf(), 0)],
)
async def test_impossible_jobs_are_refused(
    device: IppPrinter, name: str, document: bytes, copies: int
) -> None:
    with pytest.raises(InvalidData):
        await device.print_pdf(name, document, copies, Deadline.after(1))


@pytest.mark.parametrize("uri", ["", "printer", "ftp://x/", "ipp:///ipp/print"])
def test_an_address_that_is_none_is_told_at_start(uri: str) -> None:
    with pytest.raises(DriverConfigError):
        create("ipp", {"uri": uri})
