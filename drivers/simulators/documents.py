"""Invented documents that people lay on scanner and camera, drawn from a kind and a seed, always the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import segno
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from drivers.simulators.faces import draw_face
from drivers.simulators.fonts import MONO, SANS, SERIF, font
from drivers.simulators.travel_document import machine_lines

Kind = Literal["licence", "taxForm", "invoice", "idCard", "passport", "permit", "blank"]
Side = Literal["front", "back"]
Sheet = NDArray[np.uint8]
"""Rows × columns × red, green, blue."""

DPI: Final = 300
SIZES: Final[dict[str, tuple[float, float]]] = {
    "licence": (210.0, 297.0),
    "taxForm": (210.0, 297.0),
    "invoice": (210.0, 297.0),
    "blank": (210.0, 297.0),
    "idCard": (85.60, 53.98),
    "permit": (85.60, 53.98),
    "passport": (125.0, 88.0),
}
"""Millimetres across and down: ISO 216 A4; ISO/IEC 7810 ID-1 and ID-3."""
_INK: Final = (24, 24, 32)
_RED: Final = (196, 32, 38)
_FAINT: Final = (120, 124, 134)
_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN: Final = ("明远", "晓梅", "建国", "雨桐", "志强", "思琪", "海燕", "子墨", "丽华", "文博")
_TRADES: Final = ("餐饮", "建材", "科技", "物流", "文化传播", "服饰", "医药", "农产品")


def millimetres(value: float) -> int:
    """Pixels of the master drawing."""
    return round(value * DPI / 25.4)


def who(seed: int) -> str:
    """The name that stands on the documents of ``seed``."""
    chance = random.Random(seed)
    return chance.choice(_SURNAMES) + chance.choice(_GIVEN)


def company(seed: int) -> str:
    """The firm of ``seed``."""
    return f"云川市{who(seed)[1:]}{random.Random(seed + 1).choice(_TRADES)}有限公司"


def number(seed: int, digits: int) -> str:
    """An invented number."""
    chance = random.Random(f"{seed}/{digits}")
    return str(chance.randrange(1, 10)) + "".join(str(chance.randrange(10)) for _ in range(digits - 1))


def code_content(kind: Kind, seed: int) -> str:
    """What stands in the QR code of a document; empty when it has none."""
    if kind == "licence":
        return f"https://gsxt.example/q?no={number(seed, 18)}&name={company(seed)}"
    if kind == "invoice":
        return f"01,10,{number(seed, 12)},{number(seed + 7, 8)},188.68,20261012,{number(seed, 20)},{company(seed)}"
    return ""


@lru_cache(maxsize=12)
def draw(kind: Kind, seed: int, side: Side = "front") -> Sheet:
    """The document at ``DPI``. Its back is all but empty, as backs are."""
    width, height = SIZES[kind]
    page = Image.new("RGB", (millimetres(width), millimetres(height)), (252, 252, 250))
    pen = Pen(page)
    (_DRAWN[kind] if side == "front" else _back)(pen, seed)
    sheet = np.asarray(page, np.uint8)
    sheet.setflags(write=False)
    return sheet


def sheet_of(kind: Kind, seed: int, side: Side = "front", file: str = "") -> Sheet:
    """The document; with a ``file``, a picture at ``DPI``, on its front what that shows, on a sheet of the kind's size.

    Raises ``OSError`` for a file that is none or no picture.
    """
    if not file or side == "back":
        return draw(kind, seed, side)
    sheet = np.full_like(draw(kind, seed), 252)
    with Image.open(file) as opened:
        shown = np.asarray(opened.convert("RGB"), np.uint8)[: sheet.shape[0], : sheet.shape[1]]
    sheet[: shown.shape[0], : shown.shape[1]] = shown
    return sheet


class Pen:
    """Writes and draws in millimetres."""

    def __init__(self, page: Image.Image) -> None:
        self.page = page
        self.draw = ImageDraw.Draw(page)

    def write(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 4.0,
        *,
        family: str = SANS,
        weight: str = "Regular",
        ink: tuple[int, int, int] = _INK,
        middle: bool = False,
    ) -> None:
        """``words`` at a place, ``size`` millimetres high."""
        where = (millimetres(x), millimetres(y))
        letters = font(family, millimetres(size), weight)
        self.draw.text(where, words, fill=ink, font=letters, anchor="ma" if middle else "la")

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.3) -> None:
        """A rule."""
        ends = [millimetres(v) for v in (x0, y0, x1, y1)]
        self.draw.line(ends, fill=_FAINT, width=max(1, millimetres(width)))

    def box(self, x0: float, y0: float, x1: float, y1: float, ink: tuple[int, int, int] = _FAINT) -> None:
        """A frame."""
        ends = [millimetres(v) for v in (x0, y0, x1, y1)]
        self.draw.rectangle(ends, outline=ink, width=max(1, millimetres(0.4)))

    def seal(self, x: float, y: float, words: str) -> None:
        """A round red seal."""
        radius = 19
        ends = [millimetres(v) for v in (x - radius, y - radius, x + radius, y + radius)]
        self.draw.ellipse(ends, outline=_RED, width=millimetres(0.9))
        self.write(x, y - 4, "★", 8, ink=_RED, middle=True)
        self.write(x, y + 7, words, 3.4, ink=_RED, middle=True)

    def picture(
        self, x: float, y: float, picture: NDArray[np.uint8], width: float, *, sharp: bool = True
    ) -> None:
        """A picture scaled to ``width`` millimetres; a code keeps its edges."""
        found = Image.fromarray(picture)
        size = (millimetres(width), round(found.height * millimetres(width) / found.width))
        how = Image.Resampling.NEAREST if sharp else Image.Resampling.LANCZOS
        self.page.paste(found.resize(size, how), (millimetres(x), millimetres(y)))


def qr(content: str, encoding: str = "utf-8") -> NDArray[np.uint8]:
    """A QR code with its quiet zone, a pixel a module."""
    code = segno.make_qr(content.encode(encoding), error="m")
    rows = np.asarray([list(row) for row in code.matrix_iter(border=4)], np.uint8)
    return np.where(rows > 0, 0, 255).astype(np.uint8)


def barcode(name: str, content: str) -> NDArray[np.uint8]:
    """Any other code that zxing-cpp can write (``Code128``, ``PDF417``, ``DataMatrix``)."""
    create: Callable[..., object] = zxingcpp.create_barcode
    write: Callable[..., object] = zxingcpp.write_barcode_to_image
    made = create(content, getattr(zxingcpp.BarcodeFormat, name))
    return np.asarray(write(made, scale=3, add_quiet_zones=True), np.uint8)


def _licence(pen: Pen, seed: int) -> None:
    pen.box(10, 10, 200, 287, _RED)
    pen.write(105, 30, "营 业 执 照", 14, family=SERIF, weight="Bold", middle=True)
    pen.write(105, 50, "（样张 SPECIMEN）", 5, middle=True, ink=_FAINT)
    rows = (
        ("统一社会信用代码", number(seed, 18)),
        ("名    称", company(seed)),
        ("类    型", "有限责任公司（自然人投资或控股）"),
        ("法定代表人", who(seed)),
        ("注册资本", f"人民币 {number(seed, 3)} 万元整"),
        ("成立日期", "2019 年 06 月 18 日"),
        ("住    所", f"云川市书院区文庙街 {number(seed, 2)} 号"),
    )
    for place, (name, value) in enumerate(rows):
        y = 75 + place * 17
        pen.write(28, y, name, 5.0, weight="Bold")
        pen.write(82, y, value, 5.0)
    pen.picture(150, 215, qr(code_content("licence", seed)), 36)
    pen.seal(75, 240, "云川市市场监管局")


def _tax_form(pen: Pen, seed: int) -> None:
    pen.write(105, 16, "增值税及附加税费申报表（样张）", 7, weight="Bold", middle=True)
    pen.write(20, 32, f"纳税人识别号：{number(seed, 18)}", 4)
    pen.write(20, 40, f"纳税人名称：{company(seed)}", 4)
    chance = random.Random(seed)
    for row in range(24):
        y = 52 + row * 8.6
        pen.line(18, y, 192, y)
        if row == 23:
            break
        pen.write(21, y + 2, str(row or ""), 3.6)
        pen.write(34, y + 2, f"应税项目第 {row} 项" if row else "项目 / 栏次", 3.6)
        for column in range(2):
            amount = f"{chance.randrange(10**7) / 100:,.2f}" if row else ("本月数", "本年累计")[column]
            pen.write(112 + column * 42, y + 2, amount, 3.6, family=MONO)
    for x in (18, 30, 108, 150, 192):
        pen.line(x, 52, x, 52 + 23 * 8.6)
    pen.picture(20, 260, barcode("Code128", number(seed, 16)), 70)
    pen.picture(120, 258, barcode("PDF417", f"TAXFORM|{number(seed, 18)}|{number(seed + 3, 10)}"), 66)


def _invoice(pen: Pen, seed: int) -> None:
    pen.picture(16, 12, qr(code_content("invoice", seed), "gb18030"), 30)
    pen.write(105, 20, "云川增值税普通发票（样张）", 7, ink=(120, 60, 20), middle=True)
    pen.write(150, 36, f"发票代码 {number(seed, 12)}", 3.6)
    pen.write(150, 42, f"发票号码 {number(seed + 7, 8)}", 3.6)
    pen.box(15, 52, 195, 140)
    for place, (name, value) in enumerate(
        (("购买方", who(seed + 1)), ("货物", "办公用品"), ("金额", "¥ 188.68"), ("销售方", company(seed)))
    ):
        pen.write(22, 60 + place * 18, f"{name}：{value}", 5)
    pen.picture(20, 150, barcode("DataMatrix", number(seed, 24)), 22)


def _id_card(pen: Pen, seed: int) -> None:
    portrait = draw_face(seed, size=(240, 300), zoom=1.0)
    for place, (name, value) in enumerate(
        (
            ("姓名", who(seed)),
            ("性别", "女  民族 汉"),
            ("出生", "1992 年 3 月 15 日"),
            ("住址", "云川市书院区文庙街 7 号"),
        )
    ):
        pen.write(6, 6 + place * 8.5, name, 3.0, ink=(70, 110, 160))
        pen.write(17, 5.6 + place * 8.5, value, 3.4)
    pen.picture(60, 8, np.ascontiguousarray(portrait[:, :, ::-1]), 20, sharp=False)
    pen.write(6, 45, "公民身份号码", 3.0, ink=(70, 110, 160))
    pen.write(28, 44.4, f"{number(seed, 17)}X", 3.8, family=MONO)
    pen.write(6, 38, "样张 SPECIMEN", 2.6, ink=_RED)


def _travel(pen: Pen, seed: int, kind: Literal["passport", "permit"]) -> None:
    width, height = SIZES[kind]
    portrait = draw_face(seed, size=(240, 300), zoom=1.0)
    pen.write(
        6,
        4,
        "护照 PASSPORT" if kind == "passport" else "永久居留证 PERMIT",
        4.4,
        weight="Bold",
        ink=(40, 70, 120),
    )
    pen.write(width - 44, 4, "样张 SPECIMEN", 3, ink=_RED)
    pen.picture(
        6, 12, np.ascontiguousarray(portrait[:, :, ::-1]), 18 if kind == "permit" else 32, sharp=False
    )
    lines = machine_lines(kind, seed)
    names = lines[-1 if kind == "permit" else 0]
    pen.write(44 if kind == "passport" else 30, 16, names.strip("<").replace("<", " ")[:28], 3, family=MONO)
    _zone(pen, lines, height)


def _zone(pen: Pen, lines: tuple[str, ...], height: float) -> None:
    """The machine readable zone: OCR-B of size 1, ten characters an inch (ICAO Doc 9303, part 3, 4.1).

    One line is 4.23 mm below the other; the text begins 4 mm from the left, as on real pages.
    """
    letters = font("OCR B", millimetres(3.9), "Regular")
    pitch = 2.54
    first = height - (6.0 if len(lines) == 2 else 5.0) - 4.23 * len(lines) + 1.0
    for row, line in enumerate(lines):
        for column, letter in enumerate(line):
            where = (millimetres(4 + column * pitch), millimetres(first + row * 4.23))
            pen.draw.text(where, letter, fill=_INK, font=letters, anchor="la")


def _blank(pen: Pen, seed: int) -> None:
    """Nothing is on it."""


def _back(pen: Pen, seed: int) -> None:
    pen.write(20, 12, f"（背面 BACK {number(seed, 6)}）", 3.4, ink=_FAINT)


_DRAWN: Final[dict[str, Callable[[Pen, int], None]]] = {
    "licence": _licence,
    "taxForm": _tax_form,
    "invoice": _invoice,
    "idCard": _id_card,
    "passport": lambda pen, seed: _travel(pen, seed, "passport"),
    "permit": lambda pen, seed: _travel(pen, seed, "permit"),
    "blank": _blank,
}
