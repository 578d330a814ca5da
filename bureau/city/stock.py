"""The blanks of the city: loaded on the shelf, some given out over a counter, some of those used up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from bureau.city.firms import Registered
from bureau.city.places import INVOICE_AREA
from bureau.city.sales import Invoice, on_paper
from bureau.engine.records import back
from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.orders import ReferenceOrders
from bureau.engine.reference.stock import Ledger, Movement
from bureau.engine.reference.stockroom import Stockroom
from bureau.errors import StockRefused
from bureau.ports.einvoices import invoice_id
from bureau.ports.orders import NewOrder
from bureau.ports.stock import SHELF, Hands, Where
from config.clock import CHINA
from kiosk.domain.invoices import InvoiceRange, add

HANDS = Hands("库管 段丽", "复核 蒋明")
FIRST = {"04": "00270001", "01": "01650001", "11": "03810001"}
"""First number of what is loaded of each kind."""
LOADED = 10_000
TERMINALS_FROM = {"04": "00274801", "01": "01652001", "11": "03812001"}
"""Where terminals are loaded from: everything before lies with enterprises or on the shelf."""
SHAPES = {"04": "0{area}{year}00104", "01": "{area}{year}1130", "11": "0{area}{year}00106"}
"""Ordinary form of 2 copies, special form of 3 without face limit, roll of 57 mm (domain note, 2.3)."""
ORDERED, PICK_UP_CODE = 3, "K7M2Q9XD"
"""The one order of the cast: how many sheets, by which code."""
MORNING = time(9, 30)


def code_of(kind: str, year: int) -> str:
    """The code (发票代码) of a kind of paper in a year."""
    return SHAPES[kind].format(area=INVOICE_AREA, year=f"{year % 100:02d}")


class CityStock:
    """Moves the blanks of the past through the same ledger as those of today."""

    def __init__(self, context: Context, as_of: date, random: Random) -> None:
        self._connection = context.connection
        self._as_of = as_of
        self._random = random
        month = back(f"{as_of:%Y-%m}", 2)
        self._month = date(int(month[:4]), int(month[5:]), 1)
        """Blanks were collected in the month before last, after they were loaded on its first day."""
        self._front = dict(FIRST)

    def load(self) -> None:
        """New blanks of every kind come in; those of a new year a few days before it."""
        for year in sorted({self._month.year, self._as_of.year}):
            arrived = self._month if year == self._month.year else date(year - 1, 12, 28)
            room = Stockroom(self._at(arrived))
            for kind, first in FIRST.items():
                room.load(*SHELF, code_of(kind, year), InvoiceRange.starting(first, LOADED), HANDS, kind)

    def give(self, registered: Registered, made: list[Invoice], verified_to: date | None) -> list[Invoice]:
        """What the enterprise collected, and ``made`` with some of it written on that paper."""
        firm, found = registered.firm, made
        day = self._month + timedelta(days=self._random.randrange(1, 20))
        for kind in firm.kinds if firm.approved else ():
            written = on_paper(self._random, found, kind, firm.used, day, verified_to or self._as_of)
            waiting = min(firm.unchecked, len(written))
            numbers = self._next(kind, len(written) + firm.held - waiting)
            if numbers is None:
                continue
            code = code_of(kind, self._month.year)
            self._issue(registered, kind, code, numbers, day)
            if written:
                used = InvoiceRange.starting(numbers.first, len(written))
                if checked := len(written) - waiting:
                    self._use(registered, kind, code, used.split(checked)[0])
                paper = dict(zip((i.number for i in written), used, strict=True))
                found = [_rewritten(i, code, paper) for i in found]
        return found

    def _next(self, kind: str, count: int) -> InvoiceRange | None:
        """The next numbers for an enterprise; none of what terminals are loaded from."""
        if not count or add(self._front[kind], count) > TERMINALS_FROM[kind]:
            return None
        numbers = InvoiceRange.starting(self._front[kind], count)
        self._front[kind] = add(numbers.last, 1)
        return numbers

    def _issue(self, registered: Registered, kind: str, code: str, numbers: InvoiceRange, day: date) -> None:
        then, taxpayer = self._at(day), registered.firm.taxpayer
        ledger = Ledger(then)
        here, to = Where("onHand", *SHELF), Where("issued", holder=taxpayer)
        ledger.move(code, numbers, {here}.__contains__, to)
        line = Movement("ISSUE", *SHELF, code, numbers, taxpayer, kind, operator=HANDS.operator)
        ledger.write(then.next_number(Type.MOVEMENT), [line])

    def _use(self, registered: Registered, kind: str, code: str, numbers: InvoiceRange) -> None:
        """What was written on, uploaded and checked is no longer held unused (验旧)."""
        then = self._at(self._as_of.replace(day=1) - timedelta(days=1))
        taxpayer = registered.firm.taxpayer
        ledger = Ledger(then)
        issued, used = Where("issued", holder=taxpayer), Where("used", holder=taxpayer)
        ledger.move(code, numbers, {issued}.__contains__, used)
        ledger.write(
            then.next_number(Type.MOVEMENT), [Movement("USE", "", "", code, numbers, taxpayer, kind)]
        )

    def _at(self, day: date) -> Context:
        return Context(self._connection, datetime.combine(day, MORNING, CHINA), "")


def order_for(context: Context, taxpayer: str) -> None:
    """An order that was approved this morning, to be picked up with the code that everybody knows here."""
    until = context.today + timedelta(days=7)
    order = NewOrder(taxpayer, "04", ORDERED, until, HANDS.operator)
    ReferenceOrders(context).keep(context.next_number(Type.PICK_UP), PICK_UP_CODE, order)


def load_terminal(
    context: Context, terminal: str, count: int, kind: str, unit: str, year: int
) -> InvoiceRange:
    """Put the next ``count`` blanks of the shelf into a terminal's unit; which they are.

    Raises ``StockRefused`` when the shelf has no more of them.
    """
    code = code_of(kind, year)
    shelf = [held.numbers for c, held in Ledger(context).in_slot(*SHELF) if c == code]
    left = next((n for n in shelf if n.last >= TERMINALS_FROM[kind]), None)
    if left is None:
        raise StockRefused("other", f"the shelf has no more of code {code} for terminals; load some first")
    numbers = InvoiceRange.starting(max(TERMINALS_FROM[kind], left.first), count)
    Stockroom(context).load(terminal, unit, code, numbers, HANDS, kind)
    return numbers


def _rewritten(invoice: Invoice, code: str, paper: dict[str, str]) -> Invoice:
    """The invoice on paper of ``code`` when it is among those in ``paper`` (electronic number to paper's)."""
    number = paper.get(invoice.number)
    if number is not None:
        return replace(invoice, code=code, number=number)
    taken_back = paper.get(invoice.red_of)
    return invoice if taken_back is None else replace(invoice, red_of=invoice_id(code, taken_back))
