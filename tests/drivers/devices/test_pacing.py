"""No byte is lost on the way to paper: printers with a small buffer that are slower than their line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices import registry
from drivers.devices.escp import EscpPrinter
from drivers.devices.escp_profile import EscpProfile
from drivers.devices.escpos import EscposPrinter
from drivers.devices.escpos_engine import Timings
from drivers.devices.escpos_job import Pacing
from drivers.devices.escpos_profile import load_profile
from drivers.errors import DriverConfigError
from drivers.forms import load_forms
from drivers.invoice_port import FormPrint
from drivers.ports import PrintOutcome
from drivers.printer_font import Coverage
from drivers.receipt import parse_receipt
from drivers.receipt_own_font import longest_line, pieces
from drivers.receipt_raster import render
from drivers.simulators.base import Pace
from drivers.simulators.matrix_printer import MatrixPrinterSimulator
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.tcp import TcpLink

LINES = [9600, 38400, 115200, None]
"""None is the network."""
PATIENT = Timings(answer=1.0, late=0.3, poll=60, look=0.1, stall=20)
SLIP: list[dict[str, object]] = [
    {"type": "row", "label": "王〇", "value": "￥4,095.84"},
    {"type": "text", "text": "䶮𬭚，"},
]
BUFFER = 1024
FORM = FormPrint("alignment", {"note": "王〇䶮𬭚国國中華人民共和國稅務總局"})


def link_to(directory: Path, baud: int | None, port: int) -> SerialLink | TcpLink:
    return TcpLink("127.0.0.1", port) if baud is None else SerialLink(str(directory / "tty"), baud)


@pytest.mark.parametrize("baud", LINES)
async def test_a_receipt_never_overflows_the_printer(tmp_path: Path, baud: int | None) -> None:
    told, sim, store = await receipt(tmp_path, baud, BUFFER)
    assert told.outcome is PrintOutcome.PRINTED, told
    assert sim.lost == 0
    (item,) = json.loads((store.directory / "index.json").read_text())["items"]
    assert item["unknownCommands"] == item["unprintable"] == 0
    assert item["dots"] >= len(render(parse_receipt(SLIP)))


async def test_a_receipt_on_a_slow_line_is_proven_by_a_model_that_does_not_answer_in_turn(
    tmp_path: Path,
) -> None:
    """What is still under way in the kernel's buffer keeps the question behind it from being answered."""
    slow = Pacing(BUFFER, mm_per_s=20, by_answers=False, baud=9600)
    told, sim, _ = await receipt(tmp_path, 9600, BUFFER, pacing=slow)
    assert (told.outcome, told.evidence["proof"]) == (PrintOutcome.PRINTED, "realTime")
    assert sim.lost == 0


async def test_a_band_is_no_higher_than_the_buffer_holds(tmp_path: Path) -> None:
    """A bar of ink across the paper, with the driver's own height of a band and a printer of little memory."""
    total: list[dict[str, object]] = [{"type": "total", "label": "已缴合计", "value": "￥4,095.84"}]
    told, sim, _ = await receipt(tmp_path, 115200, BUFFER, lines=total, rows=24)
    assert told.outcome is PrintOutcome.PRINTED and sim.lost == 0


def test_a_line_of_the_printers_own_font_must_fit_the_buffer() -> None:
    with pytest.raises(DriverConfigError, match="text = 'drawn'"):
        registry.create("escpos-serial", {"port": "x", "buffer": 1024, "text": "own"})
    slip = [{"type": "text", "text": "國" * 24}, {"type": "text", "text": "é国" * 20}]
    lines = pieces(parse_receipt(slip), 576, Coverage.GB2312, 24)
    assert max(len(line.data) for line in lines) <= longest_line(576)


async def test_a_receipt_sent_without_regard_for_the_buffer_is_lost_in_part(tmp_path: Path) -> None:
    """The test above can fail: this is what it would see."""
    _, sim, _ = await receipt(tmp_path, 115200, 64 * 1024, within=4)
    assert sim.lost > 0


async def receipt(
    directory: Path,
    baud: int | None,
    assumed: int,
    within: float = 40,
    lines: list[dict[str, object]] = SLIP,
    rows: int = 8,
    pacing: Pacing | None = None,
) -> Any:
    store = PrintedStore(directory / "printed", SystemClock())
    sim = ReceiptPrinterSimulator(directory / "tty", store, Pace(0.1), baud=baud, input_bytes=BUFFER)
    await sim.start()
    link = link_to(directory, baud, sim.tcp.port)
    profile = load_profile("TM-T20II")
    device = EscposPrinter(Channel(link), SystemClock(), profile, pacing or Pacing(assumed), rows, PATIENT)
    try:
        await device.open()
        return await device.print_receipt(lines, Deadline.after(within)), sim, store
    finally:
        await device.close()
        await sim.stop()


@pytest.mark.parametrize(
    ("baud", "flow"),
    [(9600, False), (38400, True), (115200, True), (115200, False), (None, True), (None, False)],
)
async def test_a_form_never_overflows_the_printer(tmp_path: Path, baud: int | None, flow: bool) -> None:
    told, sim = await form(tmp_path, baud, flow, EscpProfile(Coverage.NONE, buffer_bytes=BUFFER, line_s=0.5))
    assert told.outcome is PrintOutcome.PRINTED, told
    assert sim.lost == 0
    (item,) = sim.printed.items()
    assert item["unknownCommands"] == item["unprintable"] == 0
    assert item["passes"] == len({line.y for line in load_forms()["alignment"].fixed}) + 1


async def test_flow_control_alone_keeps_a_form_whole(tmp_path: Path) -> None:
    """Also when the printer is much slower than its settings say."""
    told, sim = await form(
        tmp_path, 115200, True, EscpProfile(Coverage.NONE, buffer_bytes=1 << 16, line_s=0.001)
    )
    assert (told.outcome, sim.lost) == (PrintOutcome.PRINTED, 0)


async def test_a_form_sent_without_regard_for_the_buffer_is_lost_in_part(tmp_path: Path) -> None:
    model = EscpProfile(Coverage.NONE, buffer_bytes=1 << 16, line_s=0.001)
    _, sim = await form(tmp_path, 115200, False, model, within=4)
    assert sim.lost > 0


async def form(
    directory: Path, baud: int | None, flow: bool, profile: EscpProfile, within: float = 40
) -> Any:
    store = PrintedStore(directory / "printed", SystemClock())
    # A line of dots is some 1500 bytes here: more than the buffer, so it is sent in parts or not at all.
    sim: Any = MatrixPrinterSimulator(
        directory / "tty", store, Pace(1.5), baud=baud, buffer_bytes=2048, flow=flow
    )
    sim.printed = store
    await sim.start()
    await sim.do("insert", {"form": "alignment", "code": "", "number": ""})
    link = link_to(directory, baud, sim.tcp.port)
    serial = link if isinstance(link, SerialLink) else None
    device = EscpPrinter(Channel(link), SystemClock(), profile, serial, PATIENT)
    try:
        await device.open()
        told = await device.print_form(FORM, Deadline.after(within))
        while sim.drawing:
            await sim.pace.sleep(0.01)
        return told, sim
    finally:
        await device.close()
        await sim.stop()
