"""The receipt printer's driver against the simulated one, on a pseudo terminal and over TCP."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from config.clock import Deadline, SystemClock
from drivers.devices.escpos import EscposPrinter
from drivers.devices.escpos_engine import Timings
from drivers.devices.escpos_job import Pacing
from drivers.devices.escpos_profile import load_profile
from drivers.errors import DeviceNotReady, HardwareFault, InvalidData, UserFault
from drivers.ports import DeviceState, PrintOutcome, RawPrinter, Snapshot
from drivers.protocols.escpos_raster import bands
from drivers.protocols.escpos_status import DLE_EOT, Query, ask, is_realtime
from drivers.receipt import parse_receipt
from drivers.receipt_raster import render
from drivers.simulators.base import Pace
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.tcp import TcpLink
from tests.drivers.devices.conftest import until

FAST = Timings(answer=0.3, late=0.2, poll=0.1, look=0.1, stall=4.0)
SLIP: list[dict[str, object]] = [
    {"type": "title", "text": "云川市税务局"},
    {"type": "row", "label": "企业", "value": "云川禾木文具有限公司"},
    {"type": "total", "label": "已缴合计", "value": "¥4,095.84"},
    {"type": "qr", "data": "https://ex.test/YC2610120042", "caption": "扫码查进度"},
    {"type": "text", "text": "王〇 䶮 𬭚 ￥，。"},
]


class Bench:
    """A printer simulator, its paper, and a driver on one of its two lines."""

    def __init__(self, directory: Path, speed: float) -> None:
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.sim = ReceiptPrinterSimulator(directory / "tty-receipt", self.store, Pace(speed))

    def dots(self) -> int:
        """How much paper hangs out."""
        hanging = self.sim.state()["hangingDots"]
        assert isinstance(hanging, int)
        return hanging

    async def halfway(self) -> None:
        """Wait until a part of the slip is on paper and more than the buffer holds is still to come."""
        while not self.dots() > 100:
            await asyncio.sleep(0.005)

    def slips(self) -> list[dict[str, Any]]:
        return list(json.loads((self.store.directory / "index.json").read_text())["items"])

    def picture(self, item: dict[str, Any]) -> np.ndarray:
        return np.asarray(Image.open(self.store.directory / item["file"]).convert("L")) == 0


def printer(link: SerialLink | TcpLink, **pacing: Any) -> EscposPrinter:
    return EscposPrinter(
        Channel(link), SystemClock(), load_profile("TM-T20II"), Pacing(**pacing), timings=FAST
    )


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path, speed=20)
    await made.sim.start()
    yield made
    await made.sim.stop()


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[tuple[Bench, EscposPrinter]]:
    """A printer at the speed of a real one, on its serial line."""
    made = Bench(tmp_path / "slow", speed=1)
    await made.sim.start()
    driver = printer(SerialLink(str(made.sim.port.link)))
    await driver.open()
    yield made, driver
    await driver.close()
    await made.sim.stop()


@pytest.fixture(params=["serial", "tcp"])
async def device(bench: Bench, request: pytest.FixtureRequest) -> AsyncIterator[EscposPrinter]:
    if request.param == "serial":
        made = printer(SerialLink(str(bench.sim.port.link)))
    else:
        made = printer(TcpLink("127.0.0.1", bench.sim.tcp.port))
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def serial_device(bench: Bench) -> AsyncIterator[EscposPrinter]:
    made = printer(SerialLink(str(bench.sim.port.link)))
    await made.open()
    yield made
    await made.close()


def part(name: str, key: str) -> Callable[[Snapshot], object]:
    def get(snapshot: Snapshot) -> object:
        section = snapshot.details[name]
        assert isinstance(section, dict)
        return section[key]

    return get


paper = part("printer", "paper")
cover = part("paperJob", "cover")


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


async def test_paper_and_cover_are_pushed_as_they_change(bench: Bench, device: EscposPrinter) -> None:
    seen: list[tuple[object, object]] = []
    device.on_status(lambda s: seen.append((s.device, paper(s))))
    await bench.sim.do("paper", {"level": "low"})
    await until(device, lambda s: paper(s) == {"upper": "low"})
    await bench.sim.do("paper", {"level": "out"})
    await until(device, lambda s: paper(s) == {"upper": "out"})
    assert device.snapshot.device is DeviceState.ONLINE
    await bench.sim.do("paper", {"level": "full"})
    await bench.sim.do("cover", {"state": "open"})
    await until(device, lambda s: cover(s) == "open" and s.device is DeviceState.USER_ERROR)
    await bench.sim.do("cover", {"state": "closed"})
    await until(device, lambda s: s.device is DeviceState.ONLINE)
    assert (DeviceState.ONLINE, {"upper": "low"}) in seen


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


async def test_a_cutter_that_jams_at_the_end_leaves_the_outcome_uncertain(
    bench: Bench, serial_device: EscposPrinter
) -> None:
    length = len(render(parse_receipt(SLIP))) / 8
    await bench.sim.do("jam", {"where": "cutter", "afterMm": length - 0.5})
    result = await serial_device.print_receipt(SLIP, Deadline.after(10))
    assert result.outcome in (PrintOutcome.UNCERTAIN, PrintOutcome.NOT_PRINTED)
    assert result.error_code == "cutterError"


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


async def test_a_silent_printer_is_offline_never_out_of_paper(
    bench: Bench, serial_device: EscposPrinter
) -> None:
    await bench.sim.do("silent")
    await until(serial_device, lambda s: s.device is DeviceState.OFFLINE)
    assert paper(serial_device.snapshot) == {"upper": "unknown"}
    await bench.sim.do("silent", {"on": False})
    await until(serial_device, lambda s: s.device is DeviceState.ONLINE)


async def test_time_that_runs_out_before_the_first_band_leaves_nothing_to_look_for(
    bench: Bench, serial_device: EscposPrinter
) -> None:
    await bench.sim.do("silent")
    result = await serial_device.print_raw(b"\n", Deadline.after(FAST.answer + FAST.late / 2))
    assert (result.outcome, result.error_code) == (PrintOutcome.NOT_PRINTED, "timeOut")
    assert bench.dots() == 0


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
