"""The A4 printer's driver against the cabinet's own IPP printer and against CUPS's real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.clock import Deadline, SystemClock
from drivers.devices.ipp_client import IppClient
from drivers.devices.ipp_job import Timings
from drivers.devices.ipp_printer import IppPrinter
from drivers.devices.registry import create
from drivers.errors import DeviceNotReady, DriverConfigError, InvalidData, ProtocolError, UserFault
from drivers.ports import DeviceState, PrintOutcome, Snapshot
from drivers.protocols.ipp_message import JOB_GROUP, Answer, decode
from drivers.simulators.base import Pace
from drivers.simulators.document_printer import DocumentPrinterSimulator
from drivers.simulators.printed import PrintedStore
from drivers.transports.ipp import IppLink
from tests.drivers.devices import ippeve
from tests.drivers.devices.conftest import until
from tests.drivers.protocols.splitting import cuts

FAST = Timings(step=0.6, job_poll=0.05, poll=0.1, reserve=0.6, counter=0.3)


def pdf(pages: int = 1) -> bytes:
    """A small valid PDF of empty A4 pages."""
    kids = " ".join(f"{n + 3} 0 R" for n in range(pages))
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>"]
    bodies += ["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    tail = f"trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out + tail.encode()


class Bench:
    def __init__(self, directory: Path) -> None:
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.sim = DocumentPrinterSimulator(self.store, Pace(50), SystemClock())

    def sheets(self) -> int:
        return sum(item["sheets"] for item in self.store.items())

    def jobs(self) -> list[dict[str, Any]]:
        jobs = self.sim.state()["jobs"]
        assert isinstance(jobs, list)
        return jobs


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    await made.sim.start()
    yield made
    await made.sim.stop()


@pytest.fixture
async def device(bench: Bench) -> AsyncIterator[IppPrinter]:
    made = printer(bench.sim.uri)
    await made.open()
    yield made
    await made.close()


def printer(uri: str) -> IppPrinter:
    return IppPrinter(IppClient(IppLink(uri, step_s=0.6), {}), SystemClock(), FAST)


def supplies(snapshot: Snapshot) -> tuple[object, object]:
    section = snapshot.details["printer"]
    assert isinstance(section, dict)
    return section["paper"]["upper"], section["toner"]


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
    assert await device.find_job("key-1", Deadline.after(5)) is None
    await device.print_pdf("key-1", pdf(), 1, Deadline.after(10))
    found = await device.find_job("key-1", Deadline.after(5))
    assert found is not None
    assert (found.outcome, found.sheets) == (PrintOutcome.PRINTED, 1)


async def test_a_job_left_by_a_dead_program_is_followed_to_its_end(bench: Bench, device: IppPrinter) -> None:
    await bench.sim.do("stall", {"at": "begin"})
    client = IppClient(IppLink(bench.sim.uri), {})
    await client.send("key-1", pdf(), 1, Deadline.after(5))
    finding = asyncio.create_task(device.find_job("key-1", Deadline.after(10)))
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
        await device.find_job("key-1", Deadline.after(2))
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


@pytest.fixture(scope="module")
def real_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    reason = ippeve.reason_to_skip()
    if reason is not None:
        pytest.skip(reason)
    with ippeve.name_service(tmp_path_factory.mktemp("bus")) as address:
        yield address


@pytest.fixture
def real(real_bus: str, tmp_path: Path) -> Iterator[ippeve.RealPrinter]:
    with ippeve.real_printer(tmp_path, real_bus) as running:
        yield running


async def test_cups_own_printer_prints_reports_and_is_believed(real: ippeve.RealPrinter) -> None:
    device = printer(real.uri)
    await device.open()
    try:
        document = pdf()
        result = await device.print_pdf("key-1", document, 1, Deadline.after(10))
        assert (result.outcome, result.sheets) == (PrintOutcome.PRINTED, 1)
        assert real.received() == [document]
        found = await device.find_job("key-1", Deadline.after(5))
        assert found is not None
        assert found.outcome is PrintOutcome.PRINTED
        assert await device.find_job("key-2", Deadline.after(5)) is None

        real.tell(state="media-empty", sleep="0.6")
        job = asyncio.create_task(device.print_pdf("key-3", document, 1, Deadline.after(10)))
        await until(device, lambda s: supplies(s)[0] == "out")
        assert (await job).outcome is PrintOutcome.PRINTED

        real.tell(exit="1")
        failed = await device.print_pdf("key-4", document, 1, Deadline.after(10))
        assert failed.outcome is not PrintOutcome.PRINTED
    finally:
        await device.close()


async def test_cups_own_printer_killed_in_the_middle_leaves_the_job_uncertain(
    real: ippeve.RealPrinter,
) -> None:
    device = printer(real.uri)
    await device.open()
    try:
        real.tell(sleep="3")
        job = asyncio.create_task(device.print_pdf("key-1", pdf(), 1, Deadline.after(2)))
        await ippeve.until_received(real, 1)
        real.process.kill()
        assert (await job).outcome is PrintOutcome.UNCERTAIN
        await until(device, lambda s: s.device is DeviceState.OFFLINE)
    finally:
        await device.close()


GOOD = (
    b"\x02\x00\x00\x00\x00\x00\x00\x07\x01\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x02\x21\x00\x06job-id\x00\x04\x00\x00\x00\x2a\x44\x00\x11job-state-reasons\x00\x04none\x44\x00\x00\x00\x04more"
    b"\x34\x00\x05media\x00\x00\x4a\x00\x00\x00\x01x\x34\x00\x00\x00\x00\x37\x00\x00\x00\x00\x37\x00\x00\x00\x00\x03"
)


def test_an_answer_is_taken_apart_with_lists_and_nested_collections() -> None:
    answer = decode(GOOD)
    assert (answer.status, answer.request_id) == (0, 7)
    (group,) = answer.group(JOB_GROUP)
    assert group == {"job-id": 42, "job-state-reasons": ["none", "more"], "media": None}


@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_a_protocol_error(data: bytes) -> None:
    try:
        assert isinstance(decode(data), Answer)
    except ProtocolError:
        pass


@given(cuts, st.binary(max_size=6))
def test_a_good_answer_with_bytes_replaced_never_hangs(places: list[int], noise: bytes) -> None:
    raw = bytearray(GOOD)
    for place, byte in zip(places, noise, strict=False):
        raw[place % len(raw)] = byte
    try:
        decode(bytes(raw))
    except ProtocolError:
        pass
