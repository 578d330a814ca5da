"""The figures of an invoice among the pieces of text that a reader of print found on its page. No picture, no I/O.

A figure is taken only from where an invoice has it: behind its name (发票号码, 开票日期, 校验码, 小写), in the row of
the sums (合计), or, on the paper form, where code and number stand without a name, in the heading. What does not have
the shape of its kind is not taken. A figure is *sure* when the reader was, no letter had to be taken for a digit, and
all that the page says of it agrees: the sums with each other or with the total in words, their signs with 负数 or 红字
where that stands, the number and the code with the day's year, a figure that is printed twice with itself.

All of it is claimed by a paper and read by a machine: it fills in a form that a person compares.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Generic, TypeVar

from kiosk.domain.errors import FieldError
from kiosk.domain.ids import Fen
from kiosk.domain.invoice_codes import InvoiceKind, check_code
from kiosk.domain.money import capital, fen

MOST_PIECES: Final = 600
"""An invoice with a full page of lines has about 300."""
LONGEST: Final = 200
"""Letters of a piece; the longest line of a form has about 90."""
SURE: Final = 0.9
"""How sure the reader of print is of a piece (0 to 1) that is taken without doubt."""
FIRST_DAY: Final = date(1994, 1, 1)
"""VAT and its invoices began."""

_ALIKE: Final = str.maketrans("OoQDlI|iSsBZzU", "00001111558220")
"""Letters that are taken for the digits they look like."""
_NAMES: Final = {
    "code": r"发?票代[码吗玛]",
    "number": r"发?票号[码吗玛]|^N[oO0][.:]?(?=[0-9])",
    "issued": r"开?票日[期朋]",
    "check": r"校验[码吗玛]",
    "total": r"[(<《〈]?小写[)>》〉]?",
}
_ANOTHERS: Final = re.compile("红冲|对应|原发")
"""Before a name: it is that of another invoice, which this one takes back."""
_TO_COME: Final = re.compile(r"[:;.,'\"“”]*")
_WORDS: Final = re.compile("[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正负]+")
_RED: Final = re.compile("负|红字|红冲")
"""On a page: this invoice takes one back, and its sums are below zero."""
_MINUS: Final = re.compile("[\u2010-\u2015\u2212\u2500\u30fc\u4e00]")
"""What a minus before a figure is read as: the dashes, a drawn line, and 一."""
_MONEY: Final = re.compile(
    r"(-?[^0-9\-]{0,2}-?)([0-9]{1,3}(?:,[0-9]{3}){1,2}\.[0-9]{2}|[0-9]{1,9}\.[0-9]{2})"
)
"""Nine digits before the point, as many as a form takes."""
_DAY: Final = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日?")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stands together, where it stands on the page (pixels, upright), and how sure the reader is of it."""

    text: str = field(repr=False)
    left: float
    top: float
    right: float
    bottom: float
    sure: float

    @property
    def high(self) -> float:
        """How high its letters are."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The height at which it stands."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Figure(Generic[T]):
    """A figure that was read."""

    value: T = field(repr=False)
    sure: bool


@dataclass(frozen=True, slots=True)
class InvoicePrint:
    """What was read; None where nothing was. ``net`` is without tax, ``total`` with it."""

    number: Figure[str] | None = None
    code: Figure[str] | None = None
    issued: Figure[date] | None = None
    net: Figure[Fen] | None = None
    total: Figure[Fen] | None = None
    check_code: Figure[str] | None = None
    titled: bool = False
    """Whether it is headed 电子发票, as a 数电票 is."""

    @property
    def digital(self) -> bool:
        """数电票: by its number where that was read, else by the other figures, else by its heading."""
        if self.number is not None:
            return len(self.number.value) == 20
        return self.code is None and self.check_code is None and self.titled


def parse_invoice_print(pieces: Sequence[Piece], today: date) -> InvoicePrint:
    """The figures of the one invoice on a page.

    Raises ``FieldError`` with code ``length`` (more text than any page has), ``not-an-invoice`` (no page of one, or
    nothing of it can be read) or ``two`` (more than one invoice lies there).
    """
    page = _Page.of(pieces)
    if page.count("total") > 1 or page.count("issued") > 1:
        raise _refused("two")
    day = _day(page, today)
    number, code = _number(page), _code(page)
    if number is not None and len(number.value) == 20:
        code = None
    number, code = _agreeing(number, code, day)
    net, total = _sums(page)
    check = _check_code(page) if number is None or len(number.value) == 8 else None
    found = InvoicePrint(number, code, day, net, total, check, page.has("电子发票("))
    if not page.has("发票") or not any((number, day, total, net, code)):
        raise _refused("not-an-invoice")
    return found


@dataclass(frozen=True, slots=True)
class _Page:
    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> _Page:
        """With the text plain: half-width, without spaces; from above and from the left."""
        if len(pieces) > MOST_PIECES or any(len(piece.text) > LONGEST for piece in pieces):
            raise _refused("length")
        plain = (
            Piece(text, one.left, one.top, one.right, one.bottom, one.sure)
            for one in pieces
            if (text := re.sub(r"\s", "", unicodedata.normalize("NFKC", one.text)))
        )
        return cls(tuple(sorted(plain, key=lambda one: (one.top, one.left))))

    def has(self, words: str) -> bool:
        return any(words in piece.text for piece in self.pieces)

    def red(self) -> bool:
        """Whether it says of itself that it takes another invoice back."""
        return any(_RED.search(piece.text) for piece in self.pieces)

    def count(self, name: str) -> int:
        return sum(1 for _ in self.named(name))

    def named(self, name: str) -> Iterable[tuple[Piece, str]]:
        """The pieces with the name of a figure, and what stands behind it in the same piece."""
        for piece in self.pieces:
            found = re.search(_NAMES[name], piece.text)
            if found and not _ANOTHERS.search(piece.text[: found.start()]):
                yield piece, _TO_COME.sub("", piece.text[found.end() :], count=1)

    def behind(self, name: str) -> Iterable[Piece]:
        """What stands behind a name: in its own piece, else in those to the right of it in its row, as one."""
        for piece, rest in self.named(name):
            if rest:
                yield Piece(rest, piece.left, piece.top, piece.right, piece.bottom, piece.sure)
            elif right := self.right_of(piece):
                yield _joined(right)

    def right_of(self, piece: Piece) -> list[Piece]:
        """What stands in its row to the right, from the left, as far as nothing wide stands empty between."""
        row = [
            one
            for one in self.pieces
            if one.left >= piece.right - piece.high
            and abs(one.middle - piece.middle) < 0.6 * piece.high
            and one is not piece
        ]
        found: list[Piece] = []
        end = piece.right
        for one in sorted(row, key=lambda one: one.left):
            if found and one.left - end > 1.5 * piece.high:
                break
            found.append(one)
            end = one.right
        return found

    def heading(self) -> list[Piece]:
        """What stands above the parties: where the paper form has code and number without a name."""
        below = [one.top for one in self.pieces if re.search("购买?方|纳税人识别号|^名称", one.text)]
        end = min(below, default=0.0)
        return [one for one in self.pieces if one.bottom <= end]


def _joined(pieces: Sequence[Piece]) -> Piece:
    return Piece(
        "".join(one.text for one in pieces),
        pieces[0].left,
        min(one.top for one in pieces),
        pieces[-1].right,
        max(one.bottom for one in pieces),
        min(one.sure for one in pieces),
    )


def _digits(piece: Piece, lengths: tuple[int, ...]) -> Figure[str] | None:
    """The digits of a piece that is nothing else; a letter that looks like one is taken for it, and leaves a doubt."""
    text = piece.text.rstrip(".,;:'")
    made = text.translate(_ALIKE)
    if not re.fullmatch(r"[0-9]+", made) or len(made) not in lengths:
        return None
    return Figure(made, sure=made == text and piece.sure >= SURE)


def _one(readings: Sequence[Figure[T]]) -> Figure[T] | None:
    """What is printed more than once has to say the same: then one sure reading is enough, else it is doubtful."""
    if not readings:
        return None
    first = max(readings, key=lambda one: one.sure)
    same = all(one.value == first.value for one in readings)
    return Figure(first.value, first.sure and same)


def _number(page: _Page) -> Figure[str] | None:
    named = [found for piece in page.behind("number") if (found := _digits(piece, (8, 20)))]
    bare = [found for piece in page.heading() if (found := _digits(piece, (8,)))]
    return _one([*named, *bare]) if named or len(bare) > 1 else None


def _code(page: _Page) -> Figure[str] | None:
    named = [found for piece in page.behind("code") if (found := _digits(piece, (10, 12)))]
    bare = [found for piece in page.heading() if (found := _digits(piece, (10, 12))) and _known(found.value)]
    found = _one([*named, *bare])
    return None if found is None else Figure(found.value, found.sure and _known(found.value))


def _known(code: str) -> bool:
    return check_code(code).kind is not InvoiceKind.UNKNOWN


def _check_code(page: _Page) -> Figure[str] | None:
    return _one([found for piece in page.behind("check") if (found := _digits(piece, (20,)))])


def _day(page: _Page, today: date) -> Figure[date] | None:
    readings = []
    for piece in page.behind("issued"):
        made = piece.text.translate(_ALIKE)
        found = _DAY.match(made)
        if found is None:
            continue
        try:
            day = date(*(int(part) for part in found.groups()))
        except ValueError:
            continue
        if FIRST_DAY <= day <= today:
            readings.append(Figure(day, made == piece.text and piece.sure >= SURE))
    return _one(readings)


def _agreeing(
    number: Figure[str] | None, code: Figure[str] | None, day: Figure[date] | None
) -> tuple[Figure[str] | None, Figure[str] | None]:
    """A 数电票's number begins with its year; a code has the year in which it was printed, none after the day's."""
    if day is None:
        return number, code
    year = day.value.year % 100
    if number is not None and len(number.value) == 20 and int(number.value[:2]) != year:
        number = Figure(number.value, sure=False)
    printed = check_code(code.value).year if code is not None else None
    if code is not None and printed is not None and printed > day.value.year:
        code = Figure(code.value, sure=False)
    return number, code


def _money(piece: Piece) -> Figure[Fen] | None:
    found = _MONEY.fullmatch(_MINUS.sub("-", piece.text))
    if found is None:
        return None
    amount = fen(Decimal(found[2].replace(",", "")))
    return Figure(Fen(-amount) if "-" in found[1] else amount, piece.sure >= SURE)


def _sums(page: _Page) -> tuple[Figure[Fen] | None, Figure[Fen] | None]:
    """Sum without tax and total with it, each proven where the others say the same."""
    totals = [found for piece in page.behind("total") if (found := _money(piece))]
    total, words = _one(totals), _in_words(page)
    net, tax = _row_of_sums(page)
    if total is None and net is not None and tax is not None:
        made = Fen(net.value + tax.value)
        total = Figure(made, sure=True) if words and words == _capital(made) else None
    if total is not None and net is None and tax is None:
        net, tax = _adding_up(page, total.value)
    if total is None:
        return (None if net is None else Figure(net.value, sure=False)), None
    adds = net is not None and tax is not None and net.value + tax.value == total.value
    said = bool(words) and words == _capital(total.value)
    red = page.red()
    if net is not None:
        net = Figure(net.value, adds and _signed(net.value, red, words))
    return net, Figure(total.value, (adds or said) and _signed(total.value, red, words))


def _signed(amount: Fen, red: bool, words: str) -> bool:
    """Whether the sign is the page's: a lost minus changes neither how the sums add up nor the numerals in words."""
    return amount <= 0 if red else amount >= 0 or not words


def _row_of_sums(page: _Page) -> tuple[Figure[Fen] | None, Figure[Fen] | None]:
    """What stands in the row of 合计: the sum without tax, then the tax; of a single amount its column tells which."""
    for piece in page.pieces:
        if not re.fullmatch("合计?|计", piece.text):
            continue
        row = sorted(
            (one for one in page.pieces if _beside(one, piece) and one.left > piece.left),
            key=lambda one: one.left,
        )
        amounts = [(one, found) for one in row if (found := _money(one))]
        if len(amounts) == 2:
            return amounts[0][1], amounts[1][1]
        if len(amounts) == 1:
            return _in_column(page, *amounts[0])
    return None, None


def _adding_up(page: _Page, total: Fen) -> tuple[Figure[Fen] | None, Figure[Fen] | None]:
    """Where 合计 itself was not read: two amounts of one row that make the total, the larger to the left of the tax."""
    amounts = [(one, found) for one in page.pieces if (found := _money(one))]
    for one, net in reversed(amounts):
        for other, tax in amounts:
            if one.left < other.left and _beside(one, other) and abs(net.value) >= abs(tax.value):
                if net.value + tax.value == total:
                    return net, tax
    return None, None


def _beside(one: Piece, other: Piece) -> bool:
    return abs(one.middle - other.middle) < other.high


def _in_column(
    page: _Page, piece: Piece, amount: Figure[Fen]
) -> tuple[Figure[Fen] | None, Figure[Fen] | None]:
    """Under which heading an amount ends, as figures do there: 金额 or 税额."""
    ends = {
        name: [abs(one.right - piece.right) for one in page.pieces if one.text == name]
        for name in ("金额", "税额")
    }
    if not all(ends.values()):
        return None, None
    return (amount, None) if min(ends["金额"]) < min(ends["税额"]) else (None, amount)


def _in_words(page: _Page) -> str:
    """The total in capitals (大写), as ``capital`` writes it; empty when none was read."""
    found = max(
        (match for one in page.pieces for match in _WORDS.findall(one.text) if len(match) > 2),
        key=len,
        default="",
    )
    return _plain_words(found)


def _capital(amount: Fen) -> str:
    """The numerals alone: 负 or （负数） before them is looked for by itself (``_Page.red``)."""
    return _plain_words(capital(Fen(abs(amount))))


def _plain_words(words: str) -> str:
    """Without what invoices write in two ways: 圆 or 元, 整 or 正 or neither, 负 or （负数）."""
    return words.replace("圆", "元").lstrip("负").rstrip("整正")


def _refused(code: str) -> FieldError:
    return FieldError(code, f"field.invoice-print.{code}")
