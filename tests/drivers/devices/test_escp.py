"""The invoice printer's driver against the simulated one: what is struck where, and what is told when it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from config.clock import Deadline, SystemClock
from drivers.devices import registry
from drivers.devices.escp import EscpPrinter
from drivers.errors import DriverConfigError, HardwareFault, UserFault
from drivers.forms import FormError
from drivers.invoice_port import FormPrint
from drivers.ports import PrintOutcome, RawPrinter
from drivers.printer_cells import drawn
from drivers.printer_font import Coverage
from drivers.simulators.matrix_sheet import PX_PER_MM
from drivers.simulators.paper_glyphs import glyph
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink
from drivers.transports.tcp import TcpLink
from tests.drivers.devices.escp_bench import FAST, Bench, bench, profile

__all__ = ["bench"]
"""Fixtures that this file uses by their names."""


DOT_MM = 25.4 / 180


TRUE_MM = 0.2
"""What a form forgives, and a 24-pin printer keeps to."""


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


async def test_a_word_to_go_on_that_was_lost_does_not_stop_the_next_form(bench: Bench) -> None:
    """The printer said XOFF; a disturbance on the line swallowed the XON."""
    bench.device._received(b"\x13")
    await bench.insert()
    assert (await bench.print(own="国")).outcome is PrintOutcome.PRINTED


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
    assert told.evidence["proof"] == "formLeft"
    assert bench.sim.sheet is None
    assert (await bench.items())[0]["text"] == "Raw 1"
    await bench.insert()
    for data in (b"\x1b@Raw 2\r\n", b"\x1b@Raw\x0c3\r\n"):
        told = await bench.device.print_raw(data, Deadline.after(10))
        assert told.evidence["proof"] == "realTime", "nobody says that the form has to come out"


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
