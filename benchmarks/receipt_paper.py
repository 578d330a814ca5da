"""What one receipt costs on its way to an ESC/POS printer: ours beside python-escpos, in one interleaved run.

    python -m benchmarks.receipt_paper [--rounds 30]

The same slip as bytes for the printer. ``draw`` is from the text blocks on: the peer draws each line with Pillow
and sends the picture with python-escpos' own raster. ``raster`` is from one and the same finished picture on.
Times are of the processor, medians; what counts are the ratios within this run, not the milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import zxingcpp
from escpos.printer import Dummy
from PIL import Image, ImageDraw, ImageFont

from drivers.devices.escpos_profile import load_profile
from drivers.printer_font import Coverage
from drivers.protocols.escpos_raster import bands
from drivers.receipt import Block, QrBlock, RowBlock, parse_receipt
from drivers.receipt_glyphs import Bits, Weight, font_of
from drivers.receipt_own_font import pieces
from drivers.receipt_raster import WIDTH, render

PROFILE = "TM-T20II"
BAUD = 115200
SLIP: Sequence[dict[str, object]] = [
    {"type": "title", "text": "云川市税务局"},
    {"type": "text", "text": "自助办税　办理回单", "align": "center", "bold": True},
    {"type": "rule"},
    {"type": "text", "text": "YC26 1012 0042", "size": "large"},
    *(
        dict[str, object](type="row", label=label, value=value)
        for label, value in (
            ("办理人", "王〇䶮"),
            ("企业", "云川禾木文具有限公司"),
            ("纳税人识别号", "91530100MA6K123456"),
            ("事项", "增值税及附加税费申报（小规模纳税人）"),
            ("所属期", "2026年7月1日至9月30日"),
            ("销售额", "￥356,000.00"),
            ("增值税", "￥3,560.00"),
            ("城市维护建设税", "￥249.20"),
            ("办理时间", "2026-10-12 09:30:15"),
            ("终端", "YC-江畔-0007"),
        )
    ),
    {"type": "total", "label": "应缴合计", "value": "￥3,809.20"},
    {"type": "qr", "data": "https://bureau.example/v?n=YC2610120042&c=7Q4M", "caption": "扫码查进度"},
    {"type": "text", "text": "请带走身份证、手机和本单。", "align": "center", "size": "small"},
]


def ours(blocks: Sequence[Block]) -> bytes:
    """From blocks to bytes as the driver sends them."""
    return ours_raster(render(blocks, WIDTH))


def ours_raster(picture: Bits) -> bytes:
    """From the picture to bytes."""
    profile = load_profile(PROFILE)
    return profile.start + b"".join(band.data for band in bands(picture, 24)) + profile.cut


def ours_in_own_font(blocks: Sequence[Block]) -> bytes:
    """The same with the printer's own characters (option ``text = "own"``), for slow lines."""
    profile = load_profile(PROFILE)
    lines = pieces(blocks, WIDTH, Coverage.GB2312, 24)
    return profile.start + b"".join(line.data for line in lines) + profile.cut


def peer(blocks: Sequence[Block]) -> bytes:
    """The same slip as a program on python-escpos would: Pillow for the text, the library for the rest."""
    return peer_raster(peer_picture(blocks))


def peer_raster(picture: Image.Image) -> bytes:
    """python-escpos' own raster of a picture."""
    printer = Dummy(profile=PROFILE)
    printer.image(picture, impl="bitImageRaster")
    printer.cut()
    return bytes(printer.output)


@lru_cache(maxsize=8)
def pillow_font(size: int) -> ImageFont.FreeTypeFont:
    """The face of our slip."""
    return font_of(Weight.REGULAR, size)


def peer_picture(blocks: Sequence[Block]) -> Image.Image:
    """The slip's lines drawn one after the other, on paper as long as ours."""
    page = Image.new("L", (WIDTH, len(picture_of_ours())), 255)
    pen = ImageDraw.Draw(page)
    y = 36
    for block in blocks:
        if isinstance(block, RowBlock):
            pen.text((32, y), block.label, font=pillow_font(26), fill=0)
            pen.text((WIDTH - 32, y), block.value, font=pillow_font(26), fill=0, anchor="ra")
        elif isinstance(block, QrBlock):
            page.paste(qr_of(block.data), (32, y))
            y += 180
        elif text := getattr(block, "text", ""):
            pen.text((WIDTH // 2, y), text, font=pillow_font(34), fill=0, anchor="ma")
        y += 42
    return page


def qr_of(data: str) -> Image.Image:
    """A QR code by the same native encoder: the peer's own is in Python and would decide the race alone."""
    code = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return Image.fromarray(np.asarray(code.to_image(scale=6, add_quiet_zones=False)))


@lru_cache(maxsize=1)
def picture_of_ours() -> Bits:
    """Our slip, drawn once."""
    return render(parse_receipt(SLIP), WIDTH)


def measured(cases: Sequence[Callable[[], bytes]], rounds: int) -> list[tuple[float, int]]:
    """Median processor milliseconds and bytes of each case; every round runs them all, in turn."""
    times: list[list[float]] = [[] for _ in cases]
    sizes = [len(case()) for case in cases]
    for turn in range(rounds):
        order = range(len(cases)) if turn % 2 else reversed(range(len(cases)))
        for number in order:
            start = time.process_time()
            cases[number]()
            times[number].append((time.process_time() - start) * 1000)
    return [(statistics.median(t), size) for t, size in zip(times, sizes, strict=True)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    blocks = parse_receipt(SLIP)
    ready = picture_of_ours()
    finished = Image.fromarray(np.where(ready, 0, 255).astype(np.uint8))
    cases: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        ("draw, ours", "draw, python-escpos", lambda: ours(blocks)),
        ("draw, ours, own font", "draw, python-escpos", lambda: ours_in_own_font(blocks)),
        ("draw, python-escpos", "draw, python-escpos", lambda: peer(blocks)),
        ("raster, ours", "raster, python-escpos", lambda: ours_raster(ready)),
        ("raster, python-escpos", "raster, python-escpos", lambda: peer_raster(finished)),
    )
    found = dict(zip((name for name, _, _ in cases), measured([c for _, _, c in cases], rounds), strict=True))
    print(f"{len(ready)} rows of {WIDTH} dots, {rounds} rounds\n")
    print(f"{'case':26}{'ms':>9}{'x peer':>9}{'bytes':>10}{'x peer':>9}{f's at {BAUD}':>14}")
    for name, opponent, _ in cases:
        (spent, size), against = found[name], found[opponent]
        print(
            f"{name:26}{spent:9.2f}{spent / against[0]:9.3f}{size:10}{size / against[1]:9.3f}"
            f"{size * 10 / BAUD:14.2f}"
        )


if __name__ == "__main__":
    main()
