"""Answers that get lost, come late, are spoilt, or never come: no slip in doubt that is proven, none proven that is not."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.escpos import EscposPrinter
from drivers.errors import DeviceNotReady
from drivers.ports import DeviceState, PrintOutcome
from drivers.protocols.escpos_raster import bands
from drivers.protocols.escpos_status import DLE_EOT, Query, ask, is_realtime
from drivers.receipt import parse_receipt
from drivers.receipt_raster import render
from drivers.simulators.base import Pace
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from tests.drivers.devices.conftest import until
from tests.drivers.devices.escpos_bench import SLIP, Bench, bench, cover, paper, printer, serial_device, slow

__all__ = ["bench", "serial_device", "slow"]
"""Fixtures that this file uses by their names."""


async def test_an_answer_that_never_comes_is_uncertain_once_all_was_sent(
    bench: Bench, serial_device: EscposPrinter
) -> None:
    """The printer dies between the last byte and its proof."""
    hear = bench.sim.heard

    def die_at_the_cut(channel: Any, data: bytes) -> None:
        hear(channel, data)
        if b"\x1dVB\x00" in data:
            bench.sim.silent = True

    bench.sim.heard = die_at_the_cut  # type: ignore[method-assign]
    result = await serial_device.print_receipt(SLIP, Deadline.after(4))
    assert result.outcome is PrintOutcome.UNCERTAIN


async def test_one_answer_lost_behind_the_cut_does_not_leave_a_proven_slip_in_doubt(
    bench: Bench, serial_device: EscposPrinter
) -> None:
    hear, reply = bench.sim.heard, bench.sim._reply
    to_lose: list[bool] = []

    def heard(channel: Any, data: bytes) -> None:
        if b"\x1dVB\x00" in data:
            to_lose.append(True)
        hear(channel, data)

    def answered(channel: Any, data: bytes) -> None:
        if to_lose and len(data) == 1 and data[0] & 0x93 == 0x12:
            to_lose.clear()
            return
        reply(channel, data)

    bench.sim.heard, bench.sim._reply = heard, answered  # type: ignore[method-assign]
    result = await serial_device.print_receipt(SLIP, Deadline.after(20))
    assert (result.outcome, to_lose) == (PrintOutcome.PRINTED, [])


def lose(bench: Bench, monkeypatch: pytest.MonkeyPatch, query: Query, times: int) -> list[bytes]:
    """Let so many answers to ``query`` get lost; what was lost is in the list."""
    lost: list[bytes] = []
    hear, reply = bench.sim.heard, bench.sim._reply
    asked: list[bytes] = []

    def heard(channel: Any, data: bytes) -> None:
        asked[:] = [data]
        hear(channel, data)

    def answered(channel: Any, data: bytes) -> None:
        if asked == [ask(query)] and is_realtime(data[0]) and len(lost) < times:
            lost.append(data)
        else:
            reply(channel, data)

    monkeypatch.setattr(bench.sim, "heard", heard)
    monkeypatch.setattr(bench.sim, "_reply", answered)
    return lost


async def test_answers_lost_before_a_slip_cost_no_slip(
    bench: Bench, serial_device: EscposPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = lose(bench, monkeypatch, Query.PAPER, 3)
    result = await serial_device.print_receipt(SLIP, Deadline.after(20))
    assert (result.outcome, len(lost)) == (PrintOutcome.PRINTED, 3)


async def test_answers_lost_in_a_reset_do_not_make_it_fail(
    bench: Bench, serial_device: EscposPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = lose(bench, monkeypatch, Query.ERROR_CAUSE, 3)
    await serial_device.reset(Deadline.after(20))
    assert len(lost) == 3


async def test_a_printer_that_answers_only_some_questions_is_not_called_ready(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every slip would be refused by it, and nobody could see why."""
    lose(bench, monkeypatch, Query.PAPER, 1 << 30)
    device = printer(SerialLink(str(bench.sim.port.link)))
    try:
        with pytest.raises(DeviceNotReady, match="DLE EOT 1 to 4"):
            await device.open()
    finally:
        await device.close()


async def test_a_fault_told_and_then_not_taken_back_lets_no_more_of_the_slip_out(
    slow: tuple[Bench, EscposPrinter], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, device = slow
    job = asyncio.create_task(device.print_receipt(SLIP, Deadline.after(20)))
    await bench.halfway()
    lose(bench, monkeypatch, Query.PAPER, 1 << 30)
    bench.sim._reply(bench.sim._serial, b"\x18\x00\x0f\x0f")  # off line, no paper
    result = await job
    assert (result.outcome, result.error_code) == (PrintOutcome.NOT_PRINTED, "deviceOffline")


async def test_a_silent_printer_is_offline_never_out_of_paper(
    bench: Bench, serial_device: EscposPrinter
) -> None:
    await bench.sim.do("silent")
    await until(serial_device, lambda s: s.device is DeviceState.OFFLINE)
    assert paper(serial_device.snapshot) == {"upper": "unknown"}
    await bench.sim.do("silent", {"on": False})
    await until(serial_device, lambda s: s.device is DeviceState.ONLINE)


@pytest.mark.parametrize("fault", ["drop", "delay", "flip", "duplicate"])
async def test_disturbed_answers_never_become_a_fault_that_is_not_there(
    bench: Bench, serial_device: EscposPrinter, fault: str
) -> None:
    wrong: list[object] = []
    serial_device.on_status(
        lambda s: wrong.append(s) if paper(s) == {"upper": "out"} or cover(s) == "open" else None
    )
    for seed in range(12):
        await bench.sim.do("link", {"fault": fault, "count": 1, "seconds": 0.35, "seed": seed})
        await asyncio.sleep(0.06)
    assert wrong == []
    await until(serial_device, lambda s: s.device is DeviceState.ONLINE)


async def test_random_bytes_on_the_line_are_survived(bench: Bench, serial_device: EscposPrinter) -> None:
    for seed in range(8):
        await bench.sim.do("garbage", {"count": 64, "seed": seed})
        await asyncio.sleep(0.03)
    await until(serial_device, lambda s: s.device is DeviceState.ONLINE)
    result = await serial_device.print_receipt(SLIP, Deadline.after(10))
    assert result.outcome is PrintOutcome.PRINTED


@pytest.mark.parametrize("number", [1, 4, -1])
async def test_a_lost_answer_in_turn_leaves_a_slip_proven(
    bench: Bench, serial_device: EscposPrinter, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """The first one, one in the middle, and the one behind the cut."""
    reply, answers = bench.sim._reply, 0
    last = 2 + len(list(bands(render(parse_receipt(SLIP)), 24)))

    def answered(channel: Any, data: bytes) -> None:
        nonlocal answers
        in_turn = len(data) == 1 and not is_realtime(data[0])
        answers += in_turn
        if not in_turn or answers != (number if number > 0 else last):
            reply(channel, data)

    monkeypatch.setattr(bench.sim, "_reply", answered)
    result = await serial_device.print_receipt(SLIP, Deadline.after(40))
    assert result.outcome is PrintOutcome.PRINTED
    assert answers > last, "it was asked again"
    assert len(bench.slips()) == 1


@pytest.mark.parametrize("seconds", [5.0, 1000.0])
async def test_a_printer_that_stands_before_its_cut_is_not_believed_before_it(
    bench: Bench, serial_device: EscposPrinter, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """It says that it is well all the time, and its answers in turn only come late, or never."""
    obey = bench.sim._obey

    async def slow(channel: Any, op: Any) -> None:
        if op.name == "GS V":
            await asyncio.sleep(seconds)
        await obey(channel, op)

    monkeypatch.setattr(bench.sim, "_obey", slow)
    result = await serial_device.print_receipt(SLIP, Deadline.after(40))
    assert (result.outcome is PrintOutcome.PRINTED) <= (len(bench.slips()) == 1)
    assert result.outcome is not PrintOutcome.NOT_PRINTED
    if seconds > 40:
        assert result.outcome is PrintOutcome.UNCERTAIN


class Elsewhere:
    """A loop in a thread of its own: what runs there goes on while ours stands still."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    async def run(self, work: Coroutine[Any, Any, Any]) -> None:
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


async def test_a_machine_that_stands_still_at_each_question_loses_neither_slip_nor_printer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second each, longer than an answer may take: it lies there and has not been read."""
    elsewhere = Elsewhere()
    sim = ReceiptPrinterSimulator(tmp_path / "tty", PrintedStore(tmp_path, SystemClock()), Pace(20))
    reply = sim._reply
    monkeypatch.setattr(sim, "_reply", lambda *what: elsewhere.loop.call_later(0.05, reply, *what))
    await elsewhere.run(sim.start())
    device = printer(SerialLink(str(sim.port.link)))
    write, stalls = Channel.write, 0

    async def stalling(channel: Channel, data: bytes, deadline: Deadline) -> None:
        nonlocal stalls
        await write(channel, data, deadline)
        if data.startswith(DLE_EOT) and stalls < 8:
            stalls += 1
            asyncio.get_running_loop().call_soon(time.sleep, 1)

    seen: list[DeviceState] = []
    try:
        await device.open()
        device.on_status(lambda s: seen.append(s.device))
        monkeypatch.setattr(Channel, "write", stalling)
        result = await device.print_receipt(SLIP, Deadline.after(60))
    finally:
        await device.close()
        await elsewhere.run(sim.stop())
        elsewhere.end()
    assert (result.outcome, stalls) == (PrintOutcome.PRINTED, 8)
    assert set(seen) <= {DeviceState.ONLINE, DeviceState.DEVICE_BUSY, DeviceState.OFFLINE}
    assert DeviceState.OFFLINE not in seen[:-1], "offline only when it was closed"
