"""A hand-over's paper as a sheet of A4: what it says, its code, and where two people sign."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from bureau.certificates.renderer import qr_svg
from config.clock import CHINA
from config.texts import Texts
from sync.stock_note import NoteItem, Span, StockNote

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 20.0
"""Millimetres (ISO 216, A4)."""
LINE = 6.2
"""Nine units that all differ from the book, the longest paper there is, fill the sheet above its code."""
CODE = 72.0
"""So that a module of the longest paper's code is half a millimetre and more."""
Row = tuple[str, str]


def note_sheet(note: StockNote, paper: str, copy: int) -> str:
    """The sheet as SVG; ``copy`` from 2 on is marked as made again."""
    t, middle = Texts("zh-CN"), WIDTH / 2
    marked = f"{note.terminal}    补打 · 第 {copy} 份" if copy > 1 else note.terminal
    parts = [
        _text(middle, MARGIN, t.get("bench.exchange.paper"), size=6.5, anchor="middle"),
        _text(middle, MARGIN + 9, marked, size=4.5, anchor="middle"),
    ]
    y = MARGIN + 20
    for row in _rows(t, note):
        parts += _row(y, *row)
        y += LINE
    box = f'x="{middle - CODE / 2}" y="{y}" width="{CODE}" height="{CODE}"'
    parts.append(qr_svg(paper).replace("<svg ", f"<svg {box} ", 1))
    y += CODE + LINE
    parts.append(_text(middle, y, t.get("bench.exchange.paperLead"), anchor="middle"))
    for name in (note.operator, note.witness):
        y += 1.4 * LINE
        parts += _row(y, name, "____________________")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Noto Sans CJK SC, sans-serif">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _rows(t: Texts, note: StockNote) -> Iterator[Row]:
    yield t.get("bench.handover.time"), note.made_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    yield t.get("bench.exchange.where"), note.to or t.get(f"bench.exchange.{note.fate}")
    for item in note.items:
        yield from _item(t, item)
    yield t.get("bench.exchange.sheets"), str(note.sheets)
    yield t.get("bench.exchange.number"), note.id


def _item(t: Texts, item: NoteItem) -> Iterator[Row]:
    unit = t.get("bench.supply.unit", unit=item.unit.removeprefix("unit"))
    yield unit, _numbers(t, item.code, item.found)
    if item.differs:
        yield t.get("bench.exchange.book"), _numbers(t, item.code, item.expected)


def _numbers(t: Texts, code: str, span: Span | None) -> str:
    if span is None:
        return t.get("bench.handover.none")
    first, last = (f"{number:08d}" for number in span)
    told = t.get("bench.handover.range", code=code, first=first, last=last, n=span[1] - span[0] + 1)
    return " ".join(told.split())


def _row(y: float, label: str, value: str) -> tuple[str, str]:
    return _text(MARGIN, y, label), _text(WIDTH - MARGIN, y, value, anchor="end")


def _text(x: float, y: float, words: str, *, size: float = 3.6, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}">{escape(words)}</text>'
