"""The A4 printer that forgets, begins anew, wakes late or stands: nothing told printed, or not printed, without proof."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.ipp_client import IppClient
from drivers.devices.ipp_job import PdfJob, Timings
from drivers.devices.ipp_printer import IppPrinter
from drivers.errors import DeviceError, DeviceNotReady, LinkLost, ProtocolError
from drivers.ports import PrintOutcome
from drivers.services.printing import outcome_of
from drivers.simulators.laser_engine import JobState
from drivers.simulators.laser_parameters import Delay
from drivers.transports.ipp import IppLink
from tests.drivers.devices.conftest import until
from tests.drivers.devices.ipp_bench import FAST, Bench, bench, device, pdf, supplies

__all__ = ["bench", "device"]
"""Fixtures that this file uses by their names."""

PATIENT = replace(FAST, reserve=2.0, step=4.0)


def _printer(bench: Bench, timings: Timings = PATIENT) -> IppPrinter:
    return IppPrinter(IppClient(IppLink(bench.sim.uri), {}), SystemClock(), timings)


async def _taken(bench: Bench) -> None:
    while not bench.jobs():
        await asyncio.sleep(0.01)


async def test_a_number_given_to_another_job_after_a_restart_tells_nothing_of_ours(
    bench: Bench, device: IppPrinter
) -> None:
    """The printer counts its jobs from 1 again, and somebody else's is printed under the number of ours."""
    await bench.sim.do("stall", {"at": "begin"})
    job = asyncio.create_task(device.print_pdf("key-1", pdf(), 1, Deadline.after(30)))
    await _taken(bench)
    await bench.sim.do("power", {"state": "off"})
    await bench.sim.do("clear")
    bench.sim._engine.switch_on()
    other = bench.sim._engine.new_job("another's", "another", 1, False)
    bench.sim._engine.begin(other, pdf(), 1)
    bench.sim._powered = True
    await bench.sim._host.start()
    told = await job
    assert other.id == 1
    assert (told.outcome, told.error_code) == (PrintOutcome.UNCERTAIN, "deviceOffline")


async def test_a_number_given_to_another_job_is_not_cancelled(bench: Bench, device: IppPrinter) -> None:
    await bench.sim.do("stall", {"at": "begin"})
    job = asyncio.create_task(device.print_pdf("key-1", pdf(), 1, Deadline.after(2.5)))
    await _taken(bench)
    await bench.sim.do("power", {"state": "off"})
    bench.sim._engine.switch_on()
    other = bench.sim._engine.new_job("another's", "another", 1, False)
    bench.sim._engine.begin(other, pdf(), 1)
    bench.sim._powered = True
    await bench.sim._host.start()
    assert (await job).outcome is PrintOutcome.UNCERTAIN
    await bench.sim.do("clear")
    while not other.over:
        await asyncio.sleep(0.01)
    assert other.state is JobState.COMPLETED


async def test_a_job_that_the_printer_kept_through_its_restart_is_followed_by_its_name(bench: Bench) -> None:
    device = _printer(bench)
    await device.open()
    await bench.sim.do("stall", {"at": "begin"})
    job = asyncio.create_task(device.print_pdf("key-1", pdf(), 1, Deadline.after(30)))
    await _taken(bench)
    kept = bench.sim._engine.jobs.pop(1)
    other = bench.sim._engine.new_job("another's", "another", 1, False)
    kept.id, other.id = other.id, 1
    bench.sim._engine.jobs = {1: other, kept.id: kept}
    await asyncio.sleep(0.3)
    await bench.sim.do("clear")
    assert (await job).outcome is PrintOutcome.PRINTED
    await device.close()


async def test_trouble_before_the_document_is_sent_is_not_printed(bench: Bench, device: IppPrinter) -> None:
    """Switched off without a word, it lets the first question run into its limit: nothing can have been printed."""
    await bench.sim.do("silent")
    with pytest.raises(DeviceError) as caught:
        await device.print_pdf("key-1", pdf(), 1, Deadline.after(5))
    assert outcome_of(caught.value).outcome is PrintOutcome.NOT_PRINTED
    assert isinstance(caught.value, DeviceNotReady) and not isinstance(caught.value, LinkLost)
    assert bench.jobs() == []


async def test_a_printer_that_names_the_job_late_has_it_all_the_same(bench: Bench) -> None:
    """The answer was lost and the job is listed only when its document has been read through."""
    device = _printer(bench, replace(PATIENT, settle=5.0))
    await device.open()
    answer = bench.sim._ipp.answer
    open_job: list[bytes] = []

    def lose(raw: bytes) -> bytes:
        if raw[3] == 0x02 and not open_job:
            open_job.append(raw)
            asyncio.get_running_loop().call_later(0.5, answer, raw)
            return b"\x02\x00\x00"
        return answer(raw)

    bench.sim._ipp.answer = lose  # type: ignore[method-assign]
    told = await device.print_pdf("key-1", pdf(), 1, Deadline.after(30))
    assert (told.outcome, bench.sheets()) == (PrintOutcome.PRINTED, 1)
    await device.close()


async def test_a_printer_that_wakes_with_the_document_may_take_its_time_to_answer(bench: Bench) -> None:
    device = IppPrinter(
        IppClient(IppLink(bench.sim.uri, step_s=0.5, document_s=10), {}), SystemClock(), PATIENT
    )
    await device.open()
    answer = bench.sim._ipp.answer
    sent: list[bytes] = []

    def slow(raw: bytes) -> bytes:
        if raw[3] == 0x02:
            sent.append(raw)
            bench.sim._delay = Delay(seconds=1.5)
        return answer(raw)

    bench.sim._ipp.answer = slow  # type: ignore[method-assign]
    told = await device.print_pdf("key-1", pdf(), 1, Deadline.after(30))
    assert (told.outcome, told.evidence.get("jobId"), len(sent)) == (PrintOutcome.PRINTED, 1, 1)
    await device.close()


async def test_a_printer_without_a_history_is_not_believed_about_a_job_it_had(bench: Bench) -> None:
    """It prints, ends the job and forgets it at once: nobody may be told that nothing was printed."""
    device = _printer(bench)
    await device.open()
    bench.sim._engine._since -= 1000
    await bench.sim.do("stall", {"at": "begin"})
    job = asyncio.create_task(device.print_pdf("key-1", pdf(), 1, Deadline.after(30)))
    await _taken(bench)
    mine = bench.sim._engine.jobs[1]
    await bench.sim.do("clear")
    while not mine.over:
        await asyncio.sleep(0)
    bench.sim._engine.jobs.clear()
    told = await job
    later = await device.find_job("key-1", 2.0, Deadline.after(30))
    if told.outcome is not PrintOutcome.PRINTED:  # it was seen before it was forgotten
        assert told.outcome is PrintOutcome.UNCERTAIN
    assert later is not None
    assert later.outcome is PrintOutcome.UNCERTAIN
    await device.close()


async def test_a_driver_that_died_behind_a_document_is_followed_by_one_that_knows_not_what_it_sent(
    bench: Bench,
) -> None:
    """The printer keeps no history: it has printed the document, and names no job."""
    bench.sim._engine._since -= 1000
    dead = _printer(bench)
    await dead.open()
    await dead.print_pdf("key-1", pdf(), 1, Deadline.after(30))
    await dead.close()
    bench.sim._engine.jobs.clear()
    fresh = _printer(bench)
    await fresh.open()
    found = await fresh.find_job("key-1", 2.0, Deadline.after(30))
    assert bench.sheets() == 1
    assert found is not None
    assert found.outcome is PrintOutcome.UNCERTAIN
    await fresh.close()


@pytest.mark.parametrize(
    ("counts", "prints", "outcome"),
    [
        (True, True, PrintOutcome.UNCERTAIN),
        (False, True, PrintOutcome.UNCERTAIN),
        (True, False, PrintOutcome.NOT_PRINTED),
        (False, False, PrintOutcome.UNCERTAIN),
    ],
)
async def test_a_lost_answer_of_a_printer_without_a_history_is_not_printed_only_when_its_counter_says_so(
    bench: Bench, counts: bool, prints: bool, outcome: PrintOutcome
) -> None:
    """While it could not be asked it has printed the document and forgotten it, or it has never had it."""
    device = _printer(bench, replace(PATIENT, settle=0.5))
    await device.open()
    answer, engine = bench.sim._ipp.answer, bench.sim._engine
    sent: list[bytes] = []

    def lose(raw: bytes) -> bytes:
        if raw[3] == 0x02:
            sent.append(raw)
            if prints:
                answer(raw)
        if sent and any(not job.over for job in engine.jobs.values()):
            return b"\x02\x00\x00"
        if sent:
            engine.jobs.clear()
        told = b"\x02\x00\x00" if raw[3] == 0x02 else answer(raw)
        return (
            told
            if counts
            else told.replace(b"printer-media", b"printer-nomed").replace(
                b"printer-impressions-c", b"printer-noimpress-c"
            )
        )

    bench.sim._ipp.answer = lose  # type: ignore[method-assign]
    told = await device.print_pdf("key-1", pdf(), 1, Deadline.after(30))
    assert (bench.sheets(), len(sent)) == (int(prints), 1)
    assert told.outcome is outcome
    await device.close()


@pytest.mark.parametrize("where", ["held", "stopped", "printer"])
async def test_a_job_that_stands_without_a_reason_we_know_is_taken_back(bench: Bench, where: str) -> None:
    """Held for a code at the panel, or stopped by something of the maker's own: a hand is wanted all the same."""
    device = _printer(bench, replace(PATIENT, hand=0.4))
    await device.open()
    await bench.sim.do("stall", {"at": "begin"})
    job = asyncio.create_task(device.print_pdf("key-1", pdf(), 1, Deadline.after(600)))
    await _taken(bench)
    answer, engine = bench.sim._ipp.answer, bench.sim._engine

    def standing(raw: bytes) -> bytes:
        mine = engine.jobs[1]
        if not mine.over and where != "printer":
            mine.state = JobState.HELD if where == "held" else JobState.STOPPED
        return answer(raw).replace(
            b"printer-state\x00\x04\x00\x00\x00\x04",
            b"printer-state\x00\x04\x00\x00\x00" + (b"\x05" if where == "printer" else b"\x04"),
        )

    bench.sim._ipp.answer = standing  # type: ignore[method-assign]
    async with asyncio.timeout(60):
        told = await job
    assert told.outcome is not PrintOutcome.PRINTED
    assert engine.jobs[1].canceled
    await device.close()


async def test_one_empty_tray_of_two_keeps_nobody_from_printing(bench: Bench, device: IppPrinter) -> None:
    """Many models warn for ever that a tray is empty: nothing lies in the manual feed."""
    answer = bench.sim._ipp.answer

    def warning(raw: bytes) -> bytes:
        return answer(raw).replace(
            b"printer-state-reasons\x00\x04none", b"printer-state-reasons\x00\x13media-empty-warning"
        )

    bench.sim._ipp.answer = warning  # type: ignore[method-assign]
    await until(device, lambda s: supplies(s)[0] == "low")
    told = await device.print_pdf("key-1", pdf(), 1, Deadline.after(30))
    assert (told.outcome, bench.sheets()) == (PrintOutcome.PRINTED, 1)


async def test_a_question_about_a_long_job_does_not_stop_it(bench: Bench) -> None:
    """A program that died left a document of many pages with the printer; whoever asks leaves it alone."""
    client = IppClient(IppLink(bench.sim.uri), {})
    await client.send("key-1", pdf(90), 1, Deadline.after(30))
    found = await PdfJob(client, FAST, "key-1", lambda _: None).find(0.5, Deadline.after(1.0))
    assert found is not None
    assert (found.outcome, found.evidence.get("underWay")) == (PrintOutcome.UNCERTAIN, True)
    later = await PdfJob(client, PATIENT, "key-1", lambda _: None).find(2.0, Deadline.after(60))
    assert later is not None
    assert (later.outcome, later.sheets) == (PrintOutcome.PRINTED, 90)


async def test_a_document_of_many_pages_has_the_time_that_is_given_it(bench: Bench) -> None:
    device = _printer(bench, replace(FAST, longest=0.5))
    await device.open()
    told = await device.print_pdf("key-1", pdf(40), 1, Deadline.after(60))
    assert (told.outcome, told.sheets) == (PrintOutcome.PRINTED, 40)
    await device.close()


async def test_a_job_that_stands_when_somebody_asks_is_taken_back(bench: Bench) -> None:
    await bench.sim.do("jam", {"afterSheets": 1})
    client = IppClient(IppLink(bench.sim.uri), {})
    await client.send("key-1", pdf(3), 1, Deadline.after(30))
    while not bench.sim._engine.jammed:
        await asyncio.sleep(0.01)
    found = await PdfJob(client, FAST, "key-1", lambda _: None).find(0.5, Deadline.after(2.0))
    assert found is not None
    assert (found.outcome, found.evidence.get("underWay")) == (PrintOutcome.UNCERTAIN, None)
    assert bench.sim._engine.jobs[1].canceled


async def test_a_reset_leaves_the_jobs_of_another_terminal_alone(
    bench: Bench, device: IppPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.sim.do("stall", {"at": "begin"})
    monkeypatch.setattr(socket, "gethostname", lambda: "another-terminal")
    other = IppClient(IppLink(bench.sim.uri), {})
    number = await other.send("another's", pdf(), 1, Deadline.after(30))
    await device.reset(Deadline.after(30))
    assert not bench.sim._engine.jobs[number].canceled
    assert await other.open_jobs(Deadline.after(30)) == [number]


@pytest.mark.parametrize(("status", "advice"), [(401, "password"), (426, "ipps://"), (404, "address")])
async def test_a_printer_that_wants_other_settings_is_told_with_what_to_do(status: int, advice: str) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ProtocolError, match=advice):
            await IppClient(IppLink(f"ipp://127.0.0.1:{port}/ipp/print"), {}).printer(Deadline.after(30))
