"""The simulated receipt printer, driven with bytes written by hand; its paper is looked at dot by dot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import serial
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from config.clock import SystemClock
from drivers.simulators.base import Pace
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.escpos_stream import StreamReader
from drivers.simulators.paper_page import Page
from drivers.simulators.printed import PrintedStore
from drivers.simulators.receipt_printer import ReceiptPrinterSimulator
from tests.depth import examples
from tests.drivers.simulators.lines import Host

CUT = b"\x1dVB\x00"


def chinese(text: str) -> bytes:
    return b"\x1c&" + text.encode("gb18030") + b"\x1c."


def raster(bits: NDArray[np.bool_], band: int = 64) -> bytes:
    out = b""
    for top in range(0, len(bits), band):
        part = np.packbits(bits[top : top + band], axis=1)
        out += (
            b"\x1dv0\x00"
            + part.shape[1].to_bytes(2, "little")
            + part.shape[0].to_bytes(2, "little")
            + part.tobytes()
        )
    return out


def pattern(rows: int = 200) -> NDArray[np.bool_]:
    return np.random.default_rng(4).random((rows, 576)) < 0.3


class Bench:
    """A printer with a fast mechanism and its serial host."""

    def __init__(self, directory: Path, speed: float = 1e6) -> None:
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.printer = ReceiptPrinterSimulator(directory / "tty-receipt", self.store, Pace(speed))

    def paper(self, number: int) -> NDArray[np.bool_]:
        item = self.store.items()[number - 1]
        return np.asarray(Image.open(self.store.directory / str(item["file"]))) == 0

    async def cuts(self, count: int) -> None:
        async with asyncio.timeout(5):
            while self.store.counters("receiptPrinter").get("cuts", 0) < count:
                await asyncio.sleep(0.01)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    await bench.printer.start()
    yield bench
    await bench.printer.stop()


@pytest.fixture
async def host(bench: Bench) -> AsyncIterator[Host]:
    line = Host(bench.printer.port.link)
    yield line
    line.close()


async def status(host: Host) -> list[int]:
    return [(await host.ask(bytes([0x10, 0x04, n]), 1))[0] for n in (1, 2, 3, 4)]


async def test_raster_comes_out_dot_for_dot_and_the_queued_question_is_answered_after_it(
    bench: Bench, host: Host
) -> None:
    bits = pattern()
    await host.write(b"\x1b@" + raster(bits) + b"\x1dV\x00\x1dr\x01")
    assert await host.read(1) == b"\x00"
    assert bench.store.counters("receiptPrinter")["cuts"] == 1
    assert (bench.paper(1) == bits).all()
    item = bench.store.items()[0]
    assert (item["file"], item["cut"], item["dots"], item["place"]) == ("001-slip.png", "full", 200, "tray")


async def test_graphics_stored_and_printed_by_the_newer_command_are_the_same_dots(
    bench: Bench, host: Host
) -> None:
    bits = pattern(50)
    body = np.packbits(bits, axis=1).tobytes()
    store = bytes([48, 112, 48, 1, 1, 49]) + (576).to_bytes(2, "little") + (50).to_bytes(2, "little") + body
    await host.write(b"\x1d(L" + len(store).to_bytes(2, "little") + store + b"\x1d(L\x02\x00\x30\x32" + CUT)
    await bench.cuts(1)
    assert (bench.paper(1) == bits).all()


async def test_chinese_needs_its_mode_and_four_byte_codes_fall_apart_as_on_paper(
    bench: Bench, host: Host
) -> None:
    await host.write(
        chinese("云川") + b"\n" + CUT + "云川".encode("gb18030") + b"\n" + CUT + chinese("¥") + b"\n" + CUT
    )
    await host.write(b"0 6" + b"\n" + CUT)
    await bench.cuts(4)
    right, wrong = bench.paper(1), bench.paper(2)
    assert right.shape == (30, 576)
    assert right[:, :48].any()
    assert not right[:, 48:].any()
    assert (right != wrong).any()
    # U+00A5 is the four-byte code 81 30 84 36: what appears is the digits of its second and fourth byte.
    assert bench.store.items()[2]["unprintable"] > 0
    assert bench.paper(3)[:, :12].any()


async def test_style_and_place_of_characters_follow_the_commands(bench: Bench, host: Host) -> None:
    lines = (
        b"\x1b@A\n" + CUT,
        b"\x1b@\x1ba\x02A\n" + CUT,
        b"\x1b@\x1d!\x11A\n" + CUT,
        b"\x1b@\x1dB\x01 \n" + CUT,
        b"\x1b@\x1b$\x64\x00A\n" + CUT,
        b"\x1b@\x1b-\x01 \n" + CUT,
    )
    await host.write(b"".join(lines))
    await bench.cuts(6)
    plain, right, large, black, placed, underlined = (bench.paper(n) for n in range(1, 7))
    assert (plain[:, :12] == right[:, 564:]).all()
    assert (np.repeat(np.repeat(plain[:24, :12], 2, 0), 2, 1) == large[:48, :24]).all()
    assert black[:24, :12].all()
    assert (placed[:, 100:112] == plain[:, :12]).all()
    assert underlined[:24, :12].sum() == 12


async def test_a_qr_code_and_a_bar_code_made_by_the_printer_can_be_read(bench: Bench, host: Host) -> None:
    text = b"http://127.0.0.1:9/v?n=1"
    store = (len(text) + 3).to_bytes(2, "little") + b"1P0" + text
    await host.write(b"\x1ba\x01\x1d(k\x03\x001C\x06\x1d(k" + store + b"\x1d(k\x03\x001Q0\n\x1dVB\x40")
    await host.write(b"\x1ba\x01\x1dh\x50\x1dkI\x0c{BYC26101200\n\x1dVB\x40")
    await bench.cuts(2)
    for number, expected in ((1, text.decode()), (2, "YC26101200")):
        picture = Image.open(bench.store.directory / f"00{number}-slip.png").convert("L")
        framed = Image.new("L", (picture.width + 80, picture.height + 80), 255)
        framed.paste(picture, (40, 40))
        assert [code.text for code in zxingcpp.read_barcodes(framed)] == [expected]


async def test_real_time_status_tells_idle_low_out_open_and_jammed_apart(bench: Bench, host: Host) -> None:
    assert await status(host) == [0x12, 0x12, 0x12, 0x12]
    await bench.printer.do("paper", {"level": "low"})
    assert await status(host) == [0x12, 0x12, 0x12, 0x1E]
    await bench.printer.do("paper", {"level": "out"})
    assert await status(host) == [0x1A, 0x32, 0x12, 0x7E]
    await bench.printer.do("paper", {"level": "full"})
    await bench.printer.do("cover", {"state": "open"})
    assert await status(host) == [0x1A, 0x16, 0x12, 0x12]
    await bench.printer.do("cover", {"state": "closed"})
    await bench.printer.do("jam", {"where": "cutter"})
    assert await status(host) == [0x1A, 0x52, 0x1A, 0x12]
    await bench.printer.do("clear")
    assert await status(host) == [0x12, 0x12, 0x12, 0x12]


async def test_automatic_status_is_pushed_on_every_change_once_asked_for(bench: Bench, host: Host) -> None:
    assert await host.ask(b"\x1da\x0e", 4) == b"\x10\x00\x00\x0f"
    await bench.printer.do("cover", {"state": "open"})
    assert await host.read(4) == b"\x38\x00\x00\x0f"
    await bench.printer.do("cover", {"state": "closed"})
    assert await host.read(4) == b"\x10\x00\x00\x0f"
    await bench.printer.do("paper", {"level": "out"})
    assert await host.read(4) == b"\x18\x00\x0f\x0f"
    await host.write(b"\x1da\x00")
    assert await host.quiet() == b""


async def test_paper_that_ends_in_the_middle_is_continued_on_the_next_roll(bench: Bench, host: Host) -> None:
    await bench.printer.do("paper", {"mm": 10})
    bits = pattern(200)
    await host.write(raster(bits) + b"\x1dV\x00\x1dr\x01")
    assert await host.quiet(0.3) == b""
    assert (await host.ask(b"\x10\x04\x04", 1))[0] == 0x7E
    await bench.printer.do("paper", {"level": "full"})
    assert await host.read(1) == b"\x00"
    torn, rest = bench.store.items()
    assert (torn["cut"], torn["place"], torn["dots"]) == ("ranOut", "removed", 80)
    assert (rest["cut"], rest["dots"]) == ("full", 120)
    assert (np.vstack([bench.paper(1), bench.paper(2)]) == bits).all()


async def test_with_its_sensor_stuck_the_printer_burns_on_without_paper(bench: Bench, host: Host) -> None:
    await bench.printer.do("paper", {"mm": 10})
    await bench.printer.do("stuck", {"paper": "full"})
    await host.write(
        raster(pattern(200)) + b"\x1dV\x00\x1dr\x01" + raster(pattern(50)) + b"\x1dV\x00\x1dr\x01"
    )
    assert await host.read(2) == b"\x00\x00"
    assert [(item["cut"], item["dots"]) for item in bench.store.items()] == [("full", 80)]
    await bench.printer.do("clear")
    assert await status(host) == [0x12, 0x12, 0x12, 0x12]


async def test_a_jam_inside_a_job_throws_away_what_waited(bench: Bench, host: Host) -> None:
    await bench.printer.do("jam", {"where": "paper", "afterMm": 5})
    await host.write(raster(pattern(160)) + b"\x1dV\x00\x1dr\x01")
    assert await host.quiet(0.3) == b""
    assert (await host.ask(b"\x10\x04\x03", 1))[0] == 0x16
    await bench.printer.do("clear")
    assert await host.quiet(0.2) == b""
    (torn,) = bench.store.items()
    assert (torn["cut"], torn["dots"]) == ("jammed", 40)
    await host.write(b"A\n" + CUT + b"\x1dr\x01")
    assert await host.read(1) == b"\x00"
    assert bench.store.items()[1]["cut"] == "partial"


async def test_the_network_side_prints_too_and_comes_back_on_the_same_port(bench: Bench) -> None:
    port = bench.printer.tcp.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"A\n" + CUT + b"\x10\x04\x01\x1dr\x01")
    assert sorted(await reader.readexactly(2)) == [0x00, 0x12]
    await bench.printer.do("unplug")
    assert await reader.read() == b""
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    await bench.printer.do("replug")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x10\x04\x01")
    assert await reader.readexactly(1) == b"\x12"
    writer.close()


async def test_a_stopped_printer_with_a_full_buffer_holds_the_host_back(bench: Bench, host: Host) -> None:
    host.port.write_timeout = 0.3
    await bench.printer.do("cover", {"state": "open"})
    job = raster(pattern(2400))
    with pytest.raises(serial.SerialTimeoutException):
        await host.write(job)
    buffered = bench.printer.state()["buffered"]
    assert isinstance(buffered, int)
    assert 60_000 < buffered < 90_000


async def test_power_off_forgets_the_job_but_keeps_the_paper(bench: Bench, host: Host) -> None:
    await bench.printer.do("cover", {"state": "open"})
    await host.write(raster(pattern(64)) + CUT)
    assert (await host.ask(b"\x10\x04\x01", 1)) == b"\x1a"
    await bench.printer.do("power", {"state": "off"})
    assert await host.ask(b"\x10\x04\x01", 1, 0.1) == b""
    await bench.printer.do("power", {"state": "on"})
    await bench.printer.do("cover", {"state": "closed"})
    assert await host.ask(b"\x1dr\x01", 1) == b"\x00"
    assert bench.store.items() == []


async def test_taking_the_slip_empties_the_tray_and_the_index_says_so(bench: Bench, host: Host) -> None:
    with pytest.raises(ActionRefusedError):
        await bench.printer.do("take")
    await host.write(b"A\n" + CUT)
    await bench.cuts(1)
    assert await bench.printer.do("take") == {"files": ["001-slip.png"]}
    index = json.loads((bench.store.directory / "index.json").read_text())
    assert [item["place"] for item in index["items"]] == ["taken"]
    assert index["counters"]["receiptPrinter"]["cuts"] == 1
    again = PrintedStore(bench.store.directory, SystemClock())
    assert again.add("receiptPrinter", "slip", "slip.png", b"x", {})["n"] == 2


async def test_paper_moves_at_the_speed_of_the_mechanism(tmp_path: Path) -> None:
    bench = Bench(tmp_path, speed=4)
    await bench.printer.start()
    host = Host(bench.printer.port.link)
    before = asyncio.get_running_loop().time()
    await host.write(raster(pattern(1600)) + b"\x1dr\x01")
    assert await host.read(1) == b"\x00"
    # 1600 rows take a second at 200 mm/s, a quarter of it at four times the speed.
    assert 0.2 < asyncio.get_running_loop().time() - before < 1.5
    host.close()
    await bench.printer.stop()


STREAM = (
    b"\x1b@\x1ba\x01\x1c&"
    + "云川".encode("gbk")
    + b"\x1c.\x10\x04\x01\x1dv0\x00\x02\x00\x02\x00abcd\x1d(k\x03\x001Q0\x1b*!\x02\x00abcdef\x1dkI\x03{BX"
    + b"\x1dk\x04CODE\x00\x1bD\x08\x10\x00\x1d8L\x02\x00\x00\x00\x30\x32\x1dVB\x05\x1dV\x00"
    + b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x1d\xf0\x02end\n"
)


@given(st.lists(st.integers(1, len(STREAM) - 1), max_size=12, unique=True))
@settings(max_examples=examples(150), deadline=None)
def test_the_stream_means_the_same_however_it_is_cut(places: list[int]) -> None:
    def meaning(chunks: list[bytes]) -> list[tuple[str, bytes, bytes]]:
        reader, seen = StreamReader(), list[tuple[str, bytes, bytes]]()
        for chunk in chunks:
            for op in reader.feed(chunk):
                if op.name == "text" and seen and seen[-1][0] == "text":
                    seen[-1] = ("text", b"", seen[-1][2] + op.data)
                else:
                    seen.append((op.name, op.args, op.data))
        return seen

    edges = [0, *sorted(places), len(STREAM)]
    assert meaning([STREAM[a:b] for a, b in zip(edges, edges[1:], strict=False)]) == meaning([STREAM])


@given(
    st.lists(
        st.one_of(st.binary(max_size=40), st.sampled_from([b"\x1b", b"\x1c&", b"\x1d!", b"\x1d(k", b"\x1b*"]))
    )
)
@settings(max_examples=examples(100), deadline=None)
def test_no_bytes_whatever_break_the_printer(noise: list[bytes]) -> None:
    reader, page = StreamReader(), Page()
    for chunk in noise:
        for op in reader.feed(chunk):
            assert all(rows.shape[1] == 576 for rows in page.run(op))
