"""The receipt printer's driver: slips that come out, faults that keep them from it, and what its status tells."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp

from config.clock import Deadline, SystemClock
from drivers.devices.escpos import EscposPrinter
from drivers.errors import HardwareFault, InvalidData, UserFault
from drivers.ports import DeviceState, PrintOutcome, RawPrinter
from drivers.receipt import parse_receipt
from drivers.receipt_raster import render
from drivers.simulators.base import Pace
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from drivers.transports.serial import SerialLink
from tests.drivers.devices.conftest import until
from tests.drivers.devices.escpos_bench import (
    SLIP,
    Bench,
    bench,
    cover,
    device,
    paper,
    printer,
    serial_device,
    slow,
    unasked,
)

__all__ = ["bench", "device", "serial_device", "slow", "unasked"]
"""Fixtures that this file uses by their names."""


async def test_a_slip_comes_out_dot_for_dot_and_is_proven(bench: Bench, device: EscposPrinter) -> None:
    result = await device.print_receipt(SLIP, Deadline.after(10))
    assert result.outcome is PrintOutcome.PRINTED
    assert (result.sheets, result.error_code) == (1, None)
    assert result.evidence["unanswered"] == 0
    (slip,) = bench.slips()
    assert (slip["cut"], slip["unknownCommands"]) == ("partial", 0)
    wanted = render(parse_receipt(SLIP))
    seen = bench.picture(slip)
    assert (seen[: len(wanted)] == wanted).all()
    assert not seen[len(wanted) :].any()
    (code,) = zxingcpp.read_barcodes(np.where(seen, 0, 255).astype(np.uint8))
    assert code.text == "https://ex.test/YC2610120042"
    assert device.snapshot.device is DeviceState.ONLINE


async def test_paper_and_cover_are_pushed_as_they_change(bench: Bench, unasked: EscposPrinter) -> None:
    """By automatic status back: the driver asks nothing while this lasts."""
    seen: list[tuple[object, object, str]] = []
    unasked.on_status(lambda s: seen.append((s.device, paper(s), s.source)))
    seen.clear()  # how it was when the driver began to listen
    await bench.sim.do("paper", {"level": "low"})
    await until(unasked, lambda s: paper(s) == {"upper": "low"})
    await bench.sim.do("paper", {"level": "out"})
    await until(unasked, lambda s: paper(s) == {"upper": "out"})
    assert unasked.snapshot.device is DeviceState.ONLINE
    await bench.sim.do("paper", {"level": "full"})
    await bench.sim.do("cover", {"state": "open"})
    await until(unasked, lambda s: cover(s) == "open" and s.device is DeviceState.USER_ERROR)
    await bench.sim.do("cover", {"state": "closed"})
    await until(unasked, lambda s: s.device is DeviceState.ONLINE)
    assert (DeviceState.ONLINE, {"upper": "low"}, "pushed") in seen
    assert {source for _, _, source in seen} == {"pushed"}
    assert unasked.snapshot.source == "pushed"


@pytest.mark.parametrize(
    ("action", "parameters", "code"),
    [
        ("paper", {"level": "out"}, "paperOut"),
        ("cover", {"state": "open"}, "coverOpen"),
        ("jam", {"where": "paper"}, "paperJammed"),
        ("jam", {"where": "cutter"}, "cutterError"),
        ("jam", {"where": "overheat"}, "headOverheated"),
        ("jam", {"where": "broken"}, "hardwareError"),
    ],
)
async def test_a_printer_that_cannot_print_is_not_sent_a_single_band(
    bench: Bench, serial_device: EscposPrinter, action: str, parameters: dict[str, object], code: str
) -> None:
    await bench.sim.do(action, parameters)
    result = await serial_device.print_receipt(SLIP, Deadline.after(5))
    assert (result.outcome, result.error_code, result.sheets) == (PrintOutcome.NOT_PRINTED, code, 0)
    assert not result.partly
    await bench.sim.do("clear")
    assert (await serial_device.print_receipt(SLIP, Deadline.after(10))).outcome is PrintOutcome.PRINTED
    assert [slip["cut"] for slip in bench.slips() if slip["place"] == "tray"] == ["partial"]


@pytest.mark.parametrize(
    ("fault", "parameters", "code"),
    [
        ("paper", {"mm": 40}, "paperOut"),
        ("jam", {"where": "paper", "afterMm": 40}, "paperJammed"),
        ("jam", {"where": "cutter", "afterMm": 40}, "cutterError"),
        ("jam", {"where": "overheat", "afterMm": 40}, "headOverheated"),
    ],
)
async def test_a_fault_in_the_middle_is_not_printed_and_nothing_comes_out_later(
    bench: Bench, device: EscposPrinter, fault: str, parameters: dict[str, object], code: str
) -> None:
    await bench.sim.do(fault, parameters)
    result = await device.print_receipt(SLIP, Deadline.after(10))
    assert (result.outcome, result.error_code) == (PrintOutcome.NOT_PRINTED, code)
    assert result.partly, "its beginning has come out"
    await bench.sim.do("clear")
    await asyncio.sleep(0.3)
    assert [slip for slip in bench.slips() if slip["place"] == "tray"] == []
    assert (await device.print_receipt(SLIP, Deadline.after(10))).outcome is PrintOutcome.PRINTED
    whole = [slip for slip in bench.slips() if slip["place"] == "tray"]
    wanted = render(parse_receipt(SLIP))
    last = bench.picture(whole[-1])
    assert (last[: len(wanted)] == wanted).all(), "no remnant of the spoilt slip hangs on the next one"


async def test_a_cutter_that_jams_at_the_end_leaves_the_outcome_uncertain(
    bench: Bench, serial_device: EscposPrinter
) -> None:
    length = len(render(parse_receipt(SLIP))) / 8
    await bench.sim.do("jam", {"where": "cutter", "afterMm": length - 0.5})
    result = await serial_device.print_receipt(SLIP, Deadline.after(10))
    assert result.outcome in (PrintOutcome.UNCERTAIN, PrintOutcome.NOT_PRINTED)
    assert result.error_code == "cutterError"


async def test_a_report_in_the_middle_of_a_slip_does_not_call_the_printer_idle(
    slow: tuple[Bench, EscposPrinter],
) -> None:
    bench, device = slow
    told: list[tuple[DeviceState, object]] = []
    device.on_status(lambda s: told.append((s.device, paper(s))))
    job = asyncio.create_task(device.print_receipt(SLIP, Deadline.after(20)))
    await bench.halfway()
    await bench.sim.do("paper", {"level": "low"})
    assert (await job).outcome is PrintOutcome.PRINTED
    assert told == [
        (DeviceState.DEVICE_BUSY, {"upper": "full"}),
        (DeviceState.DEVICE_BUSY, {"upper": "low"}),
        (DeviceState.ONLINE, {"upper": "low"}),
    ]


async def test_a_model_that_does_not_answer_in_turn_is_paced_by_time(bench: Bench) -> None:
    device = printer(SerialLink(str(bench.sim.port.link)), by_answers=False, mm_per_s=500.0)
    await device.open()
    try:
        result = await device.print_receipt(SLIP, Deadline.after(10))
        assert (result.outcome, result.evidence["proof"]) == (PrintOutcome.PRINTED, "realTime")
    finally:
        await device.close()
    assert len(bench.slips()) == 1


async def test_raw_bytes_are_sent_as_they_are_and_proven(bench: Bench, serial_device: EscposPrinter) -> None:
    assert isinstance(serial_device, RawPrinter)
    data = b"\x1c&" + "测试".encode("gb18030") + b"\x1c.\n" * 300 + b"\x1dVB\x00"
    result = await serial_device.print_raw(data, Deadline.after(8))
    assert result.outcome is PrintOutcome.PRINTED
    assert len(bench.slips()) == 1
    await bench.sim.do("paper", {"level": "out"})
    result = await serial_device.print_raw(b"x\n", Deadline.after(8))
    assert (result.outcome, result.error_code) == (PrintOutcome.NOT_PRINTED, "paperOut")


async def test_reset_says_what_a_hand_must_do(bench: Bench, serial_device: EscposPrinter) -> None:
    await serial_device.reset(Deadline.after(3))
    await bench.sim.do("cover", {"state": "open"})
    with pytest.raises(UserFault) as caught:
        await serial_device.reset(Deadline.after(3))
    assert caught.value.code == "coverOpen"


async def test_a_reset_brings_back_a_printer_whose_cutter_has_to_go_home_first(
    bench: Bench, serial_device: EscposPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The knife is free again, and the printer over its error only some time after DLE ENQ 2; the half slip still hangs."""
    sim = bench.sim
    await sim.do("jam", {"where": "cutter", "afterMm": 40})
    spoilt = await serial_device.print_receipt(SLIP, Deadline.after(10))
    assert (spoilt.error_code, spoilt.partly) == ("cutterError", True)

    def recover(*, discard: bool) -> None:
        sim._discard()
        asyncio.get_running_loop().call_later(0.7, at_home)

    def at_home() -> None:
        sim.sensors.fault = None
        sim._changed()

    monkeypatch.setattr(sim, "_recover", recover)
    assert sim.sensors.fault == "cutterJam"
    await serial_device.reset(Deadline.after(20))
    assert serial_device.snapshot.device is DeviceState.ONLINE
    assert (await serial_device.print_receipt(SLIP, Deadline.after(20))).outcome is PrintOutcome.PRINTED
    remnant, slip = bench.slips()
    wanted = render(parse_receipt(SLIP))
    assert (remnant["cut"], slip["cut"]) == ("partial", "partial")
    assert remnant["dots"] < len(wanted)
    assert (bench.picture(slip)[: len(wanted)] == wanted).all(), "the half slip is off, and this one whole"


async def test_a_reset_of_a_printer_whose_cutter_stays_stuck_says_so(
    bench: Bench, serial_device: EscposPrinter
) -> None:
    await bench.sim.do("jam", {"where": "cutter"})
    with pytest.raises(HardwareFault) as caught:
        await serial_device.reset(Deadline.after(1.5))
    assert caught.value.code == "cutterError"


async def test_blocks_that_cannot_be_drawn_are_refused_before_anything_moves(
    bench: Bench, serial_device: EscposPrinter
) -> None:
    with pytest.raises(InvalidData):
        await serial_device.print_receipt([{"type": "photo"}], Deadline.after(1))
    assert bench.sim.state()["hangingDots"] == 0


async def test_a_slip_paced_by_time_ends_where_the_paper_did_though_nothing_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small printer without automatic status: the roll ends, and is changed while the rest is still being sent."""
    store = PrintedStore(tmp_path / "printed", SystemClock())
    sim = ReceiptPrinterSimulator(tmp_path / "tty", store, Pace(1), input_bytes=1024)
    obey = sim._obey

    async def mute(channel: Any, op: Any) -> None:
        if op.name != "GS a":
            await obey(channel, op)

    monkeypatch.setattr(sim, "_obey", mute)
    await sim.start()
    device = printer(SerialLink(str(sim.port.link)), buffer_bytes=1024, by_answers=False, mm_per_s=100.0)
    await device.open()
    try:
        await sim.do("paper", {"mm": 10})
        job = asyncio.create_task(device.print_receipt(SLIP, Deadline.after(30)))
        while not sim.sensors.offline:
            await asyncio.sleep(0.005)
        while not (sim.lost or job.done()):
            await asyncio.sleep(0.005)
        await sim.do("paper", {"level": "full"})
        result = await job
    finally:
        await device.close()
        await sim.stop()
    assert (result.outcome, result.error_code, result.partly) == (PrintOutcome.NOT_PRINTED, "paperOut", True)
