"""A VAT invoice of the older generation as it is printed: code, number, check code; the form of 210 by 140 mm on A4.

Drawn from what stands on it, so that a test knows what a reader has to find. Labels and places are those of
增值税电子普通发票; ``labelled`` off is the paper form, whose code and number stand there without their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np
from PIL import Image

from drivers.simulators.documents import DPI, SIZES, Pen, Sheet, millimetres, qr
from drivers.simulators.fonts import MONO, SANS, SERIF, font

_BROWN: Final = (138, 43, 30)
_INK: Final = (23, 32, 44)
_PAPER: Final = (252, 252, 250)
_COLUMNS: Final = (12, 62, 82, 100, 128, 158, 172, 198)
"""Begins of: item, model, unit, quantity; ends of: price, amount, rate, tax; millimetres."""


@dataclass(frozen=True, slots=True)
class VatInvoice:
    """What stands on it; ``check_code`` is empty on special ones. ``words`` is the total in capitals."""

    code: str
    number: str
    issued: date
    net: Decimal
    tax: Decimal
    words: str
    check_code: str = ""
    special: bool = False
    buyer: str = "云川市人民医院"
    buyer_number: str = "12990199MA68MKW546"
    seller: str = "云川禾木文具有限公司"
    seller_number: str = "91990199MA607F0M7X"
    item: str = "*纸制品*复印纸"
    labelled: bool = True

    @property
    def code_content(self) -> str:
        """What its QR code says."""
        kind = ("01" if self.special else "04") if not self.labelled else ("08" if self.special else "10")
        return f"01,{kind},{self.code},{self.number},{self.net},{self.issued:%Y%m%d},{self.check_code},1A2B,"


def draw_vat_invoice(what: VatInvoice, *, code: bool = True) -> Sheet:
    """The sheet; without its QR code where ``code`` is off."""
    width, height = SIZES["invoice"]
    page = Image.new("RGB", (millimetres(width), millimetres(height)), _PAPER)
    pen = Pen(page)
    _heading(pen, what)
    if code:
        pen.picture(12, 8, qr(what.code_content), 21)
    _parties(pen, what)
    _figures(pen, what)
    sheet = np.asarray(page, np.uint8)
    sheet.setflags(write=False)
    return sheet


def _heading(pen: Pen, what: VatInvoice) -> None:
    kind = "增值税专用发票" if what.special else "增值税普通发票"
    if what.labelled:
        kind = kind.replace("增值税", "增值税电子")
        rows = [
            ("发票代码：", what.code),
            ("发票号码：", what.number),
            ("开票日期：", f"{what.issued:%Y年%m月%d日}"),
        ]
        if what.check_code:
            rows.append(("校 验 码：", _by_fives(what.check_code)))
        for place, (label, value) in enumerate(rows):
            _labelled(pen, 142, 10 + place * 6, label, value, 17)
    else:
        pen.write(40, 12, what.code, 6.5, family=SERIF, ink=_BROWN)
        pen.write(142, 10, f"№ {what.number}", 6.5, family=SERIF, ink=_BROWN)
        pen.write(176, 19, what.code, 3.2, family=MONO, ink=_INK)
        pen.write(176, 23, what.number, 3.2, family=MONO, ink=_INK)
        _labelled(pen, 142, 29, "开票日期：", f"{what.issued:%Y年%m月%d日}", 17)
        if what.check_code:
            _labelled(pen, 12, 31, "校验码", _by_fives(what.check_code), 13)
    pen.write(105, 12 if what.labelled else 16, f"云川{kind}", 6.5, family=SERIF, ink=_BROWN, middle=True)


def _parties(pen: Pen, what: VatInvoice) -> None:
    pen.box(8, 36, 202, 130, _BROWN)
    for top, title, name, number in (
        (38, "购买方", what.buyer, what.buyer_number),
        (112, "销售方", what.seller, what.seller_number),
    ):
        for place, letter in enumerate(title):
            pen.write(9, top + place * 4.6, letter, 3.4, family=SERIF, ink=_BROWN)
        rows = (
            ("名　　　　称：", name),
            ("纳税人识别号：", number),
            ("地址、电话：", "云川市书院区文庙街7号 0871-65551234"),
        )
        for place, (label, value) in enumerate(rows):
            _labelled(pen, 15, top + place * 5.2, label, value, 26)


def _figures(pen: Pen, what: VatInvoice) -> None:
    for y in (56, 62, 96, 103, 110):
        pen.line(8, y, 202, y)
    titles = ("货物或应税劳务、服务名称", "规格型号", "单位", "数 量", "单 价", "金 额", "税率", "税 额")
    price = (what.net / 4).quantize(Decimal("0.01"))
    row = (what.item, "A4", "箱", "4", f"{price}", f"{what.net}", "1%", f"{what.tax}")
    for x, title, cell in zip(_COLUMNS, titles, row, strict=True):
        _cell(pen, x, 57, title, SERIF, _BROWN)
        _cell(pen, x, 64, cell, SANS, _INK)
    pen.write(24, 97.5, "合　　计", 3.4, family=SERIF, ink=_BROWN)
    _cell(pen, _COLUMNS[5], 97.5, f"￥{what.net}", SANS, _INK)
    _cell(pen, _COLUMNS[7], 97.5, f"￥{what.tax}", SANS, _INK)
    pen.write(16, 104.5, "价税合计（大写）", 3.4, family=SERIF, ink=_BROWN)
    pen.write(56, 104.3, f"⊗{what.words}", 3.6, family=SANS, ink=_INK)
    pen.write(142, 104.5, "（小写）", 3.4, family=SERIF, ink=_BROWN)
    pen.write(157, 104.3, f"￥{what.net + what.tax}", 3.6, family=SANS, ink=_INK)
    pen.write(
        15,
        132,
        "收款人：王芳　　　　复核：李明　　　　开票人：赵敏　　　　销售方：（章）",
        3.2,
        family=SERIF,
        ink=_BROWN,
    )


def _labelled(pen: Pen, x: float, y: float, label: str, value: str, wide: float) -> None:
    pen.write(x, y, label, 3.4, family=SERIF, ink=_BROWN)
    pen.write(x + wide, y, value, 3.4, family=SANS, ink=_INK)


def _cell(pen: Pen, x: float, y: float, words: str, family: str, ink: tuple[int, int, int]) -> None:
    """Figures end at ``x``, words begin there."""
    right = x >= _COLUMNS[4]
    long = pen.draw.textlength(words, font=font(family, millimetres(3.4), "Regular")) if right else 0.0
    pen.write(x - long * 25.4 / DPI, y, words, 3.4, family=family, ink=ink)


def _by_fives(code: str) -> str:
    return " ".join(code[place : place + 5] for place in range(0, len(code), 5))
