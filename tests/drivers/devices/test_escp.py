"""The invoice printer's driver against the simulated one: what is struck where, and what is told when it is not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from config.clock import Deadline, SystemClock
from drivers.devices import registry
from drivers.devices.escp import EscpPrinter
from drivers.devices.escp_profile import EscpProfile
from drivers.devices.escpos_engine import Timings
from drivers.errors import DeviceNotReady, DriverConfigError, HardwareFault, UserFault
from drivers.forms import Form, FormError, load_forms
from drivers.invoice_port import FormPrint
from drivers.ports import DeviceState, PrintOutcome, RawPrinter
from drivers.printer_cells import drawn
from drivers.printer_font import Coverage
from drivers.simulators.base import Pace
from drivers.simulators.matrix_printer import MatrixPrinterSimulator
from drivers.simulators.matrix_sheet import PX_PER_MM
from drivers.simulators.paper_glyphs import glyph
from drivers.simulators.printed import PrintedStore
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.tcp import TcpLink
from tests.drivers.devices.conftest import until

FAST = Timings(answer=0.6, late=0.2, poll=0.1, look=0.05, stall=2.0)
DOT_MM = 25.4 / 180
TRUE_MM = 0.2
"""What a form forgives, and a 24-pin printer keeps to."""
GRID = Form.model_validate(
    {
        "name": "grid",
        "title": {"zh-CN": "试", "en-US": "test"},
        "width": 240,
        "height": 140,
        "fields": {
            "own": {"x": 20, "y": 30, "width": 80},
            "rare": {"x": 150.3, "y": 30, "width": 60},
            "right": {"x": 20, "y": 90, "width": 60, "align": "right"},
            "rows": {"x": 151.7, "y": 80.2, "width": 60, "repeat": 4, "step": 8},
            "low": {"x": 100, "y": 131, "width": 60},
        },
    }
)
INVOICE = FormPrint(
    "vat-folded",
    {
        "date": "2026年10月12日",
        "buyer.name": "云川禾木文具有限公司",
        "item.name": ["*文具*中性笔", "*文具*复印纸"],
        "item.amount": ["1500.00", "3360.00"],
        "total.amount": "¥4860.00",
        "total.words": "肆仟捌佰陆拾元整",
        "total.figures": "¥4860.00",
        "seller.name": "王〇䶮𬭚",
    },
)


def profile(**more: Any) -> EscpProfile:
    return replace(EscpProfile(line_s=0.02, forms={**load_forms(), "grid": GRID}), **more)


class Bench:
    """A printer simulator, its paper, and a driver on its serial line."""

    def __init__(self, directory: Path, **options: Any) -> None:
        self.directory = directory
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.sim = MatrixPrinterSimulator(directory / "tty", self.store, Pace(100), **options)
        self.device = self.make(profile())

    def make(self, model: EscpProfile) -> EscpPrinter:
        link = SerialLink(str(self.directory / "tty"), 115200)
        return EscpPrinter(Channel(link), SystemClock(), model, link, FAST)

    async def use(self, model: EscpProfile) -> EscpPrinter:
        await self.device.close()
        self.device = self.make(model)
        await self.device.open()
        return self.device

    async def insert(self, **how: Any) -> None:
        await self.sim.do("insert", {"form": "plain", "code": "", "number": "", **how})

    async def print(self, form: str = "grid", **fields: Any) -> Any:
        what = INVOICE if form == "vat-folded" else FormPrint(form, fields)
        return await self.device.print_form(what, Deadline.after(20))

    async def items(self, count: int = 1) -> list[dict[str, Any]]:
        """So many sheets, once they are in the store."""
        async with asyncio.timeout(10):
            while len(found := self.store.items()) < count:
                await asyncio.sleep(0.01)
        return found

    def ink(self) -> np.ndarray:
        assert self.sim.last is not None
        return self.sim.last.ink.astype(bool)

    async def passes(self, count: int) -> None:
        """Wait until so many passes have been struck on the sheet inside."""
        while self.sim.sheet is None or self.sim.sheet.struck < count:
            await asyncio.sleep(0.002)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    await made.sim.start()
    await made.device.open()
    yield made
    await made.device.close()
    await made.sim.stop()


def box_mm(ink: np.ndarray, x: float, y: float, width: float, height: float) -> tuple[float, ...]:
    """Left, top, right and bottom (mm) of the centres of the outermost dots within a part of the sheet."""
    x0, y0 = round((x - 2) * PX_PER_MM), round((y - 2) * PX_PER_MM)
    part = ink[y0 : round((y + height) * PX_PER_MM), x0 : round((x + width) * PX_PER_MM)]
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    # A dot is three pixels wide: its centre is one pixel inside.
    edges = (columns[0] + 1 + x0, rows[0] + 1 + y0, columns[-1] - 1 + x0, rows[-1] - 1 + y0)
    return tuple(edge / PX_PER_MM for edge in edges)


def expected(bits: np.ndarray, x: float, y: float) -> tuple[float, ...]:
    """The same for a picture of dots whose upper left corner is at ``x``, ``y``."""
    rows, columns = np.flatnonzero(bits.any(axis=1)), np.flatnonzero(bits.any(axis=0))
    return (x + columns[0] * DOT_MM, y + rows[0] * DOT_MM, x + columns[-1] * DOT_MM, y + rows[-1] * DOT_MM)


async def test_what_is_printed_at_a_place_lies_there(bench: Bench) -> None:
    await bench.insert()
    told = await bench.print(own="国", rare="䶮", rows=["田", "", "", "𬭚"], right="8", low="口")
    assert told.outcome is PrintOutcome.PRINTED, told
    ink = bench.ink()
    places = [
        (glyph("国", "A", False), 20.0, 30.0),
        (drawn("䶮", 24).astype(np.uint8), 150.3, 30.0),
        (glyph("田", "A", False), 151.7, 80.2),
        (drawn("𬭚", 24).astype(np.uint8), 151.7, 80.2 + 3 * 8),
        (glyph("8", "A", False), 20 + 60 - 12 * DOT_MM, 90.0),
        (glyph("口", "A", False), 100.0, 131.0),
    ]
    for bits, x, y in places:
        found = box_mm(ink, x, y, 6, 5)
        assert found == pytest.approx(expected(bits, x, y), abs=TRUE_MM)


@pytest.mark.parametrize("offset", [(1.5, -0.5), (-2.0, 3.0), (0.5, 0.0)])
async def test_a_terminals_offset_moves_everything_by_just_that(
    bench: Bench, offset: tuple[float, float]
) -> None:
    fields = {"own": "国", "rare": "䶮", "rows": ["田"], "low": "口"}
    boxes = []
    for shift in ((0.0, 0.0), offset):
        await bench.use(profile(offsets={"grid": shift}))
        await bench.insert()
        assert (await bench.print(**fields)).outcome is PrintOutcome.PRINTED
        boxes.append(
            [
                box_mm(bench.ink(), x + shift[0], y + shift[1], 6, 5)
                for x, y in ((20, 30), (150.3, 30), (151.7, 80.2), (100, 131))
            ]
        )
    for before, after in zip(*boxes, strict=True):
        moved = [b - a for a, b in zip(before, after, strict=True)]
        # Places are whole 1/360 inch: each may be half of that off.
        assert moved == pytest.approx([*offset, *offset], abs=25.4 / 360 + 0.01)


async def test_a_whole_invoice_comes_out_with_all_its_characters(bench: Bench) -> None:
    await bench.sim.do("insert", {"form": "vat-folded"})
    told = await bench.print("vat-folded")
    assert (told.outcome, told.sheets, told.error_code) == (PrintOutcome.PRINTED, 1, None)
    assert told.evidence["proof"] == "formLeft"
    (item,) = await bench.items()
    assert (item["unknownCommands"], item["unprintable"], item["number"]) == (0, 0, "00012301")
    for text in ("云川禾木文具有限公司", "￥4860.00", "肆仟捌佰陆拾元整", "2026年10月12日"):
        assert text in item["text"]
    assert "王" in item["text"] and "䶮" not in item["text"], "a rare character is sent as dots"
    assert bench.sim.lost == 0 and bench.store.counters("invoicePrinter")["beside"] == 0
    with Image.open(bench.store.directory / item["file"]) as picture:
        assert picture.size == (1440, 840)


async def test_columns_stand_where_they_stand_whatever_is_in_them(bench: Bench) -> None:
    """Right-aligned figures end at the same place, those with a yuan sign or a drawn character too."""
    ends = []
    for value in ("1.00", "￥1,234,567.89", "¥0.10", "〇0.10"):
        await bench.use(profile(coverage=Coverage.GB2312))
        await bench.insert()
        assert (await bench.print(right=value)).outcome is PrintOutcome.PRINTED
        ends.append(box_mm(bench.ink(), 20, 90, 66, 5)[2])
    assert max(ends) - min(ends) < 2 * DOT_MM + 0.01  # a 0 and a 9 may differ by a dot or two


async def test_a_skewed_sheet_shows_it_and_a_worn_ribbon_is_pale(bench: Bench) -> None:
    await bench.insert(skew=1.0)
    await bench.print(rows=["田"], own="国")
    straight = expected(glyph("田", "A", False), 151.7, 80.2)
    assert box_mm(bench.ink(), 150, 75, 10, 10)[1] < straight[1] - 1, "turned about the corner"
    dark = bench.ink().sum()
    await bench.sim.do("ribbon", {"wear": 0.7})
    await bench.insert(skew=1.0)
    assert (await bench.print(rows=["田"], own="国")).outcome is PrintOutcome.PRINTED, "no sensor tells"
    assert bench.ink().sum() < dark * 0.6
    assert dict(bench.device.snapshot.details["printer"])["ink"] == "unknown"  # type: ignore[call-overload]


async def test_without_a_form_nothing_is_sent(bench: Bench) -> None:
    told = await bench.print(own="国")
    assert (told.outcome, told.error_code) == (PrintOutcome.NOT_PRINTED, "noMediaPresent")
    await bench.use(profile(single=False))
    told = await bench.print(own="国")
    assert (told.outcome, told.error_code) == (PrintOutcome.NOT_PRINTED, "paperOut")
    assert bench.sim.buffered == 0


@pytest.mark.parametrize(
    ("device", "parameters", "code"),
    [
        ("cover", {"state": "open"}, "coverOpen"),
        ("online", {"on": False}, "deviceOffline"),
        ("jam", {}, "paperJammed"),
        ("jam", {"where": "broken"}, "hardwareError"),
        ("jam", {"where": "skew"}, "paperJammed"),
    ],
)
async def test_a_fault_before_is_not_printed_and_one_in_the_middle_in_doubt(
    bench: Bench, device: str, parameters: dict[str, Any], code: str
) -> None:
    await bench.sim.do("insert", {})
    await bench.sim.do(device, parameters)
    told = await bench.print("vat-folded")
    assert (told.outcome, told.error_code) == (PrintOutcome.NOT_PRINTED, code)
    assert bench.sim.sheet is not None and not bench.sim.ink_inside()
    await bench.sim.do("clear")
    if bench.sim.sheet is None:
        await bench.sim.do("insert", {})
    await bench.use(profile(line_s=0.1))
    job = asyncio.ensure_future(bench.print("vat-folded"))
    await bench.passes(2)
    await bench.sim.do(device, parameters)
    told = await job
    assert (told.outcome, told.error_code) == (PrintOutcome.UNCERTAIN, code)
    assert 2 <= told.evidence["passesBegun"] < told.evidence["passes"]


async def test_power_cut_in_mid_page_is_in_doubt_and_the_sheet_can_be_voided(bench: Bench) -> None:
    await bench.sim.do("insert", {})
    await bench.sim.do("power", {"state": "off", "afterPasses": 3})
    told = await bench.print("vat-folded")
    assert (told.outcome, told.error_code) == (PrintOutcome.UNCERTAIN, "deviceOffline")
    assert bench.sim.ink_inside(), "what was struck is struck"
    await until(bench.device, lambda s: s.device is DeviceState.OFFLINE)
    with contextlib.suppress(DeviceNotReady):  # or it has noticed already
        told = await bench.device.void_current("vat-folded", Deadline.after(5))
        assert (told.outcome, told.error_code) == (PrintOutcome.NOT_PRINTED, "deviceOffline")
    await bench.sim.do("power", {"state": "on"})
    await until(bench.device, lambda s: s.device is DeviceState.ONLINE)
    told = await bench.device.void_current("vat-folded", Deadline.after(10))
    assert (told.outcome, told.sheets) == (PrintOutcome.VOIDED, 1)
    (item,) = await bench.items()
    assert item["text"].count("作　废") >= 5


async def test_a_form_pulled_out_in_mid_page_is_in_doubt(bench: Bench) -> None:
    await bench.use(profile(line_s=0.1))
    await bench.sim.do("insert", {})
    job = asyncio.ensure_future(bench.print("vat-folded"))
    await bench.passes(3)
    await bench.sim.do("eject")
    told = await job
    assert (told.outcome, told.error_code) == (PrintOutcome.UNCERTAIN, "paperOut")


async def test_a_printer_that_always_says_stopped_can_be_used(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = type(bench.sim.sensors).answer
    monkeypatch.setattr(
        type(bench.sim.sensors),
        "answer",
        lambda self, n: answer(self, n) | (0x20 if n == 2 and not self.paper else 0),
    )
    await bench.insert()
    assert (await bench.print(own="国")).error_code == "paperOut"
    await bench.use(profile(stop_bit=False))
    await bench.insert()
    assert (await bench.print(own="国")).outcome is PrintOutcome.PRINTED


async def test_to_void_needs_a_form_in_the_printer(bench: Bench) -> None:
    with pytest.raises(UserFault, match="no form") as caught:
        await bench.device.void_current("vat-folded", Deadline.after(5))
    assert caught.value.code == "noMediaPresent"


async def test_a_form_that_cannot_be_filled_in_is_refused_before_anything_is_sent(bench: Bench) -> None:
    await bench.insert()
    wrong: list[tuple[FormPrint, str]] = [
        (FormPrint("nonesuch", {}), "formNotFound"),
        (FormPrint("grid", {"nonesuch": "x"}), "fieldSpecFailure"),
        (FormPrint("grid", {"own": "国" * 60}), "mediaOverflow"),
        (FormPrint("grid", {"own": "a\x1b@"}), "fieldError"),
        (FormPrint("vat-folded", {}), "fieldError"),
    ]
    for what, code in wrong:
        for call in (bench.device.check_form(what), bench.device.print_form(what, Deadline.after(5))):
            with pytest.raises(FormError) as caught:
                await call  # type: ignore[misc]
            assert caught.value.code == code
            assert "国" not in str(caught.value), "no content in messages"
    await bench.use(profile(offsets={"grid": (0.0, 12.0)}))
    with pytest.raises(FormError, match="cannot reach"):
        await bench.print(low="口")
    assert bench.sim.buffered == 0


async def test_time_that_runs_out_before_the_first_pass_leaves_the_form_as_it_was(bench: Bench) -> None:
    await bench.sim.do("silent")
    result = await bench.device.print_raw(b"\n", Deadline.after(FAST.answer + FAST.late / 2))
    assert (result.outcome, result.error_code) == (PrintOutcome.NOT_PRINTED, "timeOut")


async def test_a_printer_that_tells_nothing_proves_nothing(bench: Bench) -> None:
    for reports in ("none", "dsr"):
        await bench.use(profile(reports=reports))
        details = bench.device.snapshot.details
        assert bench.device.snapshot.device is DeviceState.ONLINE
        assert details["printer"]["media"] == "unknown"  # type: ignore[index]
        assert details["paperJob"] == {"cover": "unknown", "recovery": "unknown", "fault": "unknown"}
        await bench.insert()
        told = await bench.print(own="国")
        assert (told.outcome, told.error_code, told.sheets) == (PrintOutcome.UNCERTAIN, None, 0)
        while bench.sim.sheet is not None:
            await asyncio.sleep(0.01)


async def test_a_dsr_line_that_is_down_holds_the_data_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = True
    monkeypatch.setattr(SerialLink, "dsr", lambda self: ready)
    await bench.use(profile(reports="dsr"))
    assert bench.device.snapshot.device is DeviceState.ONLINE
    ready = False
    await until(bench.device, lambda s: s.device is DeviceState.OFFLINE)
    await bench.insert()
    told = await bench.print(own="国")
    assert (told.outcome, told.error_code) == (PrintOutcome.NOT_PRINTED, "deviceOffline")
    ready = True
    job = asyncio.ensure_future(bench.print(own="国" * 20, rows=["国" * 15] * 4))
    await bench.passes(1)
    ready = False
    await asyncio.sleep(0.15)  # look is 0.05: it has noticed
    ready = True
    assert (await job).outcome is PrintOutcome.UNCERTAIN
    while bench.sim.sheet is not None:
        await asyncio.sleep(0.01)
    assert (await bench.items(1))[0]["passes"] == 5, "all of it came out in the end"


async def test_with_a_stack_the_proof_is_that_its_time_has_passed(bench: Bench) -> None:
    await bench.use(profile(single=False))
    await bench.sim.do("insert", {"number": "00012301"})
    await bench.sim.do("stack", {"sheets": 1})
    for _ in range(2):
        async with asyncio.timeout(5):
            while bench.sim.sheet is None:  # the next one of the stack is on its way in
                await asyncio.sleep(0.01)
        told = await bench.print("vat-folded")
        assert (told.outcome, told.evidence["proof"]) == (PrintOutcome.PRINTED, "realTime")
        async with asyncio.timeout(5):
            while bench.sim.buffered:
                await asyncio.sleep(0.01)
    assert [item["number"] for item in await bench.items(2)] == ["00012301", "00012302"]


async def test_both_lines_print_alike(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    await bench.sim.start()
    sheets = []
    try:
        for link in (SerialLink(str(tmp_path / "tty"), 38400), TcpLink("127.0.0.1", bench.sim.tcp.port)):
            serial = link if isinstance(link, SerialLink) else None
            bench.device = EscpPrinter(Channel(link), SystemClock(), profile(), serial, FAST)
            await bench.device.open()
            await bench.insert()
            assert (await bench.print(own="国", rare="䶮")).outcome is PrintOutcome.PRINTED
            sheets.append(bench.ink())
            await bench.device.close()
    finally:
        await bench.device.close()
        await bench.sim.stop()
    assert (sheets[0] == sheets[1]).all()


async def test_bytes_of_the_clients_own_are_let_through(bench: Bench) -> None:
    assert isinstance(bench.device, RawPrinter)
    await bench.insert()
    told = await bench.device.print_raw(b"\x1b@Raw 1\r\n\x0c", Deadline.after(10))
    assert told.outcome is PrintOutcome.PRINTED
    assert (await bench.items())[0]["text"] == "Raw 1"


async def test_reset_says_what_a_hand_must_do(bench: Bench) -> None:
    await bench.device.reset(Deadline.after(5))
    await bench.sim.do("cover", {"state": "open"})
    with pytest.raises(UserFault):
        await bench.device.reset(Deadline.after(5))
    await bench.sim.do("clear")
    await bench.sim.do("jam", {"where": "broken"})
    with pytest.raises(HardwareFault):
        await bench.device.reset(Deadline.after(5))


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"offsets": "vat-folded=1.5"}, "write 'form=right/down'"),
        ({"offsets": "nonesuch=0/0"}, "forms are"),
        ({"offsets": "vehicle=0/25"}, "more than 20 mm"),
        ({"font": "big5"}, "gb2312"),
        ({"forms": "/nonexistent"}, "no .yaml file"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_settings_that_cannot_be_are_told(options: dict[str, Any], match: str) -> None:
    with pytest.raises(DriverConfigError, match=match):
        registry.create("escp-tcp", {"host": "127.0.0.1", **options})


def test_offsets_are_read_from_the_settings() -> None:
    made = registry.create("escp-serial", {"port": "/dev/x", "offsets": "vat-folded=+1.5/-0.5, vehicle=0/1"})
    assert isinstance(made, EscpPrinter)
    assert made._profile.offsets == {"vat-folded": (1.5, -0.5), "vehicle": (0.0, 1.0)}
    assert made._profile.origin_on("vat-folded") == (1.5, 4.7)
