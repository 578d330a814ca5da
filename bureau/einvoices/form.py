"""Where everything stands on the form of an electronic invoice (210 by 140 mm), for the OFD page."""

from __future__ import annotations

from collections.abc import Iterator

import segno

from bureau.einvoices.ofd import FILLED, INK, Page, Rule, Squares, Text
from bureau.einvoices.words import day, kind, percent, remark, total_words, unit_price, yuan
from bureau.ports.einvoices import IssuedInvoice

WIDTH, HEIGHT = 210.0, 140.0
LEFT, RIGHT = 5.0, 205.0
_ROWS = (30.0, 55.0, 95.0, 104.0, 122.0)
"""Tops of: the two parties, the lines, the sum in words, remarks; and the end."""
_COLUMNS = (LEFT + 2, 66.0, 86.0, 108.0, 132.0, 158.0, 177.0, RIGHT - 2)
"""Item, model, unit (begin), quantity, unit price, amount, rate, tax (ends)."""
_LINE = 6.0


def page_of(invoice: IssuedInvoice, qr: str, bureau: str) -> Page:
    """The page."""
    return Page(WIDTH, HEIGHT, tuple(_objects(invoice, qr, bureau)))


def _objects(invoice: IssuedInvoice, qr: str, bureau: str) -> Iterator[Text | Rule | Squares]:
    matrix = segno.make(qr, error="m", micro=False, boost_error=False).matrix
    yield Squares(8, 6, 20, ["".join("1" if cell else "0" for cell in row) for row in matrix])
    yield Text(72, 14, 6.4, kind(invoice))
    yield Text(150, 13, 3.2, "发票号码：")
    yield _filled(167, 13, invoice.number)
    yield Text(150, 19, 3.2, "开票日期：")
    yield _filled(167, 19, day(invoice.issued_on))
    yield from _frame()
    yield from _parties(invoice)
    yield from _lines(invoice)
    yield Text(LEFT + 8, 101, 3.2, "价税合计（大写）")
    yield _filled(60, 101, total_words(invoice))
    yield Text(140, 101, 3.2, "（小写）")
    yield _filled(155, 101, f"¥{yuan(invoice.total_fen)}")
    yield Text(LEFT + 2, 110, 3.2, "备注")
    if words := remark(invoice):
        yield _filled(LEFT + 14, 110, words)
    yield Text(LEFT + 2, 129, 3.2, f"税务机关：{bureau}")


def _frame() -> Iterator[Rule]:
    top, bottom = _ROWS[0], _ROWS[-1]
    for y in _ROWS:
        yield Rule(LEFT, y, RIGHT, y)
    for x in (LEFT, RIGHT):
        yield Rule(x, top, x, bottom)
    yield Rule(105, top, 105, _ROWS[1])


def _parties(invoice: IssuedInvoice) -> Iterator[Text]:
    for x, title, name, number in (
        (LEFT + 2, "购买方信息", invoice.buyer, invoice.buyer_number),
        (107, "销售方信息", invoice.seller_name, invoice.seller),
    ):
        yield Text(x, 36, 3.2, title)
        yield Text(x, 43, 3.2, "名称：")
        yield _filled(x + 10, 43, name)
        yield Text(x, 50, 3.2, "统一社会信用代码/纳税人识别号：")
        yield _filled(x + 50, 50, number)


def _lines(invoice: IssuedInvoice) -> Iterator[Text]:
    item, model, unit, *ends = _COLUMNS
    for x, title in ((item, "项目名称"), (model, "规格型号"), (unit, "单位")):
        yield Text(x, 60, 3.2, title)
    for x, title in zip(ends, ("数量", "单价", "金额", "税率/征收率", "税额"), strict=True):
        yield Text(x, 60, 3.2, title, end=True)
    y = 60.0
    for line in invoice.lines:
        y += _LINE
        yield _filled(item, y, line.name)
        yield _filled(unit, y, line.unit)
        cells = (
            line.quantity,
            unit_price(line),
            yuan(line.net_fen),
            percent(line.rate),
            yuan(line.tax_fen),
        )
        for x, cell in zip(ends, cells, strict=True):
            yield _filled(x, y, cell, end=True)
    yield Text(LEFT + 14, 93, 3.2, "合计")
    yield _filled(ends[2], 93, f"¥{yuan(invoice.net_fen)}", end=True)
    yield _filled(ends[4], 93, f"¥{yuan(invoice.tax_fen)}", end=True)


def _filled(x: float, y: float, words: str, *, end: bool = False) -> Text:
    return Text(x, y, 3.2, words, FILLED, INK, end)
