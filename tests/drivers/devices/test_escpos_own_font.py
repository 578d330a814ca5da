"""Receipts in the printer's own characters: golden pictures as the simulated printer decodes and burns them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from config.clock import Deadline, SystemClock
from drivers.devices import registry
from drivers.devices.escpos import EscposPrinter
from drivers.devices.escpos_engine import Timings
from drivers.devices.escpos_profile import load_profile
from drivers.ports import PrintOutcome
from drivers.printer_cells import drawn
from drivers.printer_font import Coverage, cells, code_of
from drivers.receipt import parse_receipt
from drivers.receipt_own_font import PITCH, pieces
from drivers.receipt_raster import render
from drivers.simulators.base import Pace
from drivers.simulators.paper_glyphs import glyph
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink

LEFT, RIGHT = 32, 576 - 32
Blocks = Sequence[dict[str, object]]


class Bench:
    """A receipt printer that prints text with its own font, and what comes out of it."""

    def __init__(self, directory: Path) -> None:
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.sim = ReceiptPrinterSimulator(directory / "tty", self.store, Pace(200))
        link = SerialLink(str(directory / "tty"), 115200)
        timings = Timings(answer=0.5, late=0.3, poll=60, look=0.1, stall=3)
        self.device = EscposPrinter(
            Channel(link), SystemClock(), load_profile("TM-T20II"), timings=timings, coverage=Coverage.GB2312
        )

    async def print(self, *blocks: dict[str, object]) -> tuple[np.ndarray, dict[str, Any]]:
        """The slip without its blank beginning, and what the printer says of it."""
        told = await self.device.print_receipt(blocks, Deadline.after(15))
        assert told.outcome is PrintOutcome.PRINTED, told
        item = self.store.items()[-1]
        with Image.open(self.store.directory / item["file"]) as picture:
            return (np.asarray(picture.convert("L")) == 0)[36:], item


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    await made.sim.start()
    await made.device.open()
    yield made
    await made.device.close()
    await made.sim.stop()


def golden(*parts: tuple[int, str]) -> np.ndarray:
    """A line as it must be: the printer's glyph where GB 2312 has it, ours where not, each in its cell."""
    line = np.zeros((PITCH, 576), bool)
    for x, text in parts:
        for character in text:
            own = code_of(character, Coverage.GB2312) is not None
            bits = glyph(character, "A", False).astype(bool) if own else drawn(character, 24)
            line[:24, x : x + bits.shape[1]] |= bits
            x += 12 * cells(character)
    return line


def same(line: np.ndarray, wanted: np.ndarray) -> bool:
    return bool((line == wanted).all())


@pytest.mark.parametrize(
    ("label", "value", "shown"),
    [
        ("姓名", "王〇", "王〇"),
        ("姓名", "李䶮", "李䶮"),
        ("姓名", "𬭚𬭚", "𬭚𬭚"),
        ("姓名", "José 三", "José 三"),
        ("金额：", "¥4,095.84", "￥4,095.84"),
        ("金额：", "￥4,095.84", "￥4,095.84"),
        ("“引号”，。；", "（全角）—…·", "（全角）—…·"),
    ],
)
async def test_a_row_is_just_so(bench: Bench, label: str, value: str, shown: str) -> None:
    paper, item = await bench.print({"type": "row", "label": label, "value": value})
    assert (item["unknownCommands"], item["unprintable"]) == (0, 0)
    wanted = golden((LEFT, label), (RIGHT - 12 * cells(shown), shown))
    assert same(paper[:PITCH], wanted)
    assert not paper[PITCH:].any()


async def test_figures_of_a_column_end_at_the_same_dot(bench: Bench) -> None:
    values = ["1.00", "¥12,345,678.90", "〇.00", "䶮0.00", "￥0.00"]
    paper, _ = await bench.print(*({"type": "row", "label": "额", "value": value} for value in values))
    lines = [paper[i * PITCH : (i + 1) * PITCH] for i in range(len(values))]
    ends = {int(np.flatnonzero(line.any(axis=0))[-1]) for line in lines}
    assert len(ends) == 1 and ends.pop() < RIGHT


async def test_wrapped_text_keeps_the_rules_of_punctuation_and_all_characters(bench: Bench) -> None:
    text = "办理人王〇䶮于二〇二六年十月十二日在自助办税终端办理增值税申报，应缴税款￥4,095.84，已缴清。"
    paper, item = await bench.print({"type": "text", "text": text})
    assert item["unprintable"] == 0
    # 21 full characters fit on 512 dots; a figure stays whole, and no comma begins a line.
    lines = [text[:21], "税终端办理增值税申报，应缴税款￥4,095.84，", "已缴清。"]
    for number, line in enumerate(lines):
        assert same(paper[number * PITCH : (number + 1) * PITCH], golden((LEFT, line))), line


async def test_centred_bold_and_space(bench: Bench) -> None:
    paper, _ = await bench.print(
        {"type": "text", "text": "回单", "align": "center", "bold": True},
        {"type": "space", "mm": 40},
        {"type": "text", "text": "完", "align": "right"},
    )
    columns = np.flatnonzero(paper[:PITCH].any(axis=0))
    assert abs((columns[0] + columns[-1]) / 2 - 288) < 4
    assert paper[:PITCH].sum() > golden((0, "回单")).sum() * 1.2, "bold is struck twice"
    below = paper[PITCH + 320 :]
    assert same(below[:PITCH], golden((RIGHT - 24, "完")))


async def test_what_is_no_text_is_drawn_as_on_every_slip(bench: Bench) -> None:
    blocks: Blocks = [
        {"type": "title", "text": "云川市税务局"},
        {"type": "total", "label": "合计", "value": "￥1.00"},
        {"type": "qr", "data": "https://ex.test/1", "caption": "王〇"},
        {"type": "rule"},
        {"type": "text", "text": "大字", "size": "large"},
    ]
    paper, _ = await bench.print(*blocks)
    wanted = render(parse_receipt(blocks))[36:-36]
    assert same(paper[: len(wanted)], wanted)


def test_a_slip_takes_a_fraction_of_the_bytes() -> None:
    blocks = parse_receipt([{"type": "row", "label": "纳税人识别号", "value": "91530100MA6K"}] * 20)
    own = sum(len(piece.data) for piece in pieces(blocks, 576, Coverage.GB2312, 24))
    drawn_whole = sum(len(piece.data) for piece in pieces(blocks, 576, Coverage.NONE, 24))
    assert own * 5 < drawn_whole


@pytest.mark.parametrize("value", ["1.00", "〇〇", "元〇", "〇元"])
def test_no_place_on_wide_paper_is_a_real_time_command(value: str) -> None:
    """48 dots end at 1088, so they begin at 1040: 10 04, which a printer takes for DLE EOT wherever it stands."""
    slip = parse_receipt([{"type": "row", "label": "金额", "value": value}])
    data = b"".join(piece.data for piece in pieces(slip, 1152, Coverage.GB2312, 24))
    assert b"\x1b$\x11\x04" in data, "one dot further right"
    assert not re.search(rb"\x10[\x04\x05\x14]", data)


def test_it_is_a_setting() -> None:
    made = registry.create("escpos-serial", {"port": "/dev/x", "text": "own", "font": "gbk"})
    assert isinstance(made, EscposPrinter) and made._coverage is Coverage.GBK
    made = registry.create("escpos-serial", {"port": "/dev/x"})
    assert isinstance(made, EscposPrinter) and made._coverage is None
