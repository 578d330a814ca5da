"""A slip that breaks off: its rest never follows, what hangs out is cut off, and the next one is whole."""

from __future__ import annotations

import asyncio

import pytest

from config.clock import Deadline
from drivers.devices.escpos import EscposPrinter
from drivers.errors import DeviceNotReady
from drivers.ports import DeviceState, PrintOutcome
from drivers.protocols.escpos_raster import bands
from drivers.receipt import parse_receipt
from drivers.receipt_raster import render
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.devices.conftest import until
from tests.drivers.devices.escpos_bench import FAST, SLIP, Bench, bench, paper, printer, serial_device, slow

__all__ = ["bench", "serial_device", "slow"]
"""Fixtures that this file uses by their names."""


async def test_what_a_driver_that_died_left_hanging_is_cut_off_before_the_next_slip(bench: Bench) -> None:
    """The driver's process ends in the middle of a slip: the next one is another person's."""
    link = SerialLink(str(bench.sim.port.link))
    dead = Channel(link)
    await dead.open()
    wanted = render(parse_receipt(SLIP))
    await dead.write(b"".join(band.data for band in bands(wanted[:100], 24)), Deadline.after(5))
    while bench.dots() < 100:
        await asyncio.sleep(0.01)
    await dead.close()
    fresh = printer(link)
    await fresh.open()
    result = await fresh.print_receipt(SLIP, Deadline.after(10), cut_first=True)
    await fresh.close()
    assert result.outcome is PrintOutcome.PRINTED
    remnant, slip = bench.slips()
    assert remnant["dots"] == 100
    assert (bench.picture(slip)[: len(wanted)] == wanted).all()


async def test_a_pulled_cable_in_the_middle_is_told_and_the_rest_does_not_follow(
    slow: tuple[Bench, EscposPrinter],
) -> None:
    bench, serial_device = slow
    job = asyncio.create_task(serial_device.print_receipt(SLIP, Deadline.after(10)))
    await bench.halfway()
    await bench.sim.do("unplug")
    result = await job
    assert result.outcome is PrintOutcome.NOT_PRINTED
    assert not result.evidence["cutSent"]
    await until(serial_device, lambda s: s.device is DeviceState.NO_DEVICE)
    assert paper(serial_device.snapshot) == {"upper": "unknown"}
    with pytest.raises(DeviceNotReady):
        await serial_device.print_receipt(SLIP, Deadline.after(1))
    await bench.sim.do("replug")
    await until(serial_device, lambda s: s.device is DeviceState.ONLINE)
    again = await serial_device.print_receipt(SLIP, Deadline.after(10))
    assert again.outcome is PrintOutcome.PRINTED


async def test_a_deadline_in_the_middle_is_kept(slow: tuple[Bench, EscposPrinter]) -> None:
    bench, device = slow
    result = await device.print_receipt(SLIP, Deadline(1.0, lambda: 2.0 if bench.dots() > 100 else 0.0))
    assert bench.dots() < 500
    assert (result.outcome, result.error_code) == (PrintOutcome.NOT_PRINTED, "timeOut")


async def test_answers_to_an_earlier_slip_are_no_proof_of_the_next(
    slow: tuple[Bench, EscposPrinter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that cannot clear its buffer prints the rest of the earlier slip, and answers in turn for it."""
    bench, device = slow
    monkeypatch.setattr(bench.sim, "_discard", lambda: None)
    broken_off = await device.print_receipt(SLIP, Deadline(1.0, lambda: 2.0 if bench.dots() > 100 else 0.0))
    assert broken_off.outcome is PrintOutcome.NOT_PRINTED
    told = await device.print_receipt(SLIP, Deadline.after(30))
    assert told.outcome is PrintOutcome.PRINTED
    assert bench.dots() == 0, "it is told printed only when it is cut off"
    wanted = render(parse_receipt(SLIP))
    assert (bench.picture(bench.slips()[-1])[: len(wanted)] == wanted).all()


async def test_a_cancelled_job_is_thrown_out_of_the_printer(slow: tuple[Bench, EscposPrinter]) -> None:
    bench, device = slow
    job = asyncio.create_task(device.print_receipt(SLIP, Deadline.after(10)))
    await bench.halfway()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    result = await device.print_receipt(SLIP, Deadline.after(10))
    assert result.outcome is PrintOutcome.PRINTED
    wanted = render(parse_receipt(SLIP))
    last = bench.picture(bench.slips()[-1])
    assert (last[: len(wanted)] == wanted).all()


async def test_time_that_runs_out_before_the_first_band_leaves_nothing_to_look_for(
    bench: Bench, serial_device: EscposPrinter
) -> None:
    await bench.sim.do("silent")
    result = await serial_device.print_raw(b"\n", Deadline.after(FAST.answer + FAST.late / 2))
    assert (result.outcome, result.error_code) == (PrintOutcome.NOT_PRINTED, "timeOut")
    assert bench.dots() == 0


async def test_a_program_that_died_inside_a_band_is_followed_by_one_that_prints(bench: Bench) -> None:
    link = SerialLink(str(bench.sim.port.link))
    link.open()
    link.write(b"\x1dv0\x00\x48\x00\x18\x00" + b"\xff" * 100)
    link.close()
    device = printer(SerialLink(str(bench.sim.port.link)))
    await device.open()
    try:
        assert (await device.print_receipt(SLIP, Deadline.after(10))).outcome is PrintOutcome.PRINTED
    finally:
        await device.close()
