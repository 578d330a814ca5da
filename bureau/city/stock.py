"""The blanks of the city: loaded on the shelf, some of them given out over a counter before today."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bureau.city.firms import Registered
from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.stock import Ledger, Movement, Where
from bureau.engine.reference.stockroom import SHELF, Hands, Stockroom
from config.clock import CHINA
from kiosk.domain.invoices import InvoiceRange, add

HANDS = Hands("库管 段丽", "复核 蒋明")
FIRST = {"04": "00270001", "01": "01650001"}
LOADED = 10_000
TERMINALS_FROM = {"04": "00274801", "01": "01652001"}
"""Where terminals are loaded from: everything before lies with enterprises or on the shelf."""


def code_of(kind: str, year: int) -> str:
    """The code (发票代码) of a kind in a year: ordinary folded form of 2 copies, or special of 3."""
    return f"05301{year % 100:02d}00104" if kind == "04" else f"5301{year % 100:02d}1130"


def load_city(context: Context, firms: list[Registered], as_of: date) -> None:
    """Load the shelf and give each enterprise what it holds, last month, over a counter."""
    last_month = as_of.replace(day=1) - timedelta(days=12)
    then = Context(context.connection, datetime.combine(last_month, time(9, 30), CHINA), "")
    room, ledger = Stockroom(then), Ledger(then)
    for kind, first in FIRST.items():
        room.load(*SHELF, code_of(kind, as_of.year), InvoiceRange.starting(first, LOADED), HANDS, kind)
    front = dict(FIRST)
    for registered in firms:
        for kind in registered.firm.kinds:
            if not registered.firm.approved or not registered.firm.held:
                continue
            numbers = InvoiceRange.starting(front[kind], registered.firm.held)
            front[kind] = add(numbers.last, 1)
            code, taxpayer = code_of(kind, as_of.year), registered.firm.taxpayer
            here, to = Where("onHand", *SHELF), Where("issued", holder=taxpayer)
            ledger.move(code, numbers, {here}.__contains__, to)
            line = Movement("ISSUE", *SHELF, code, numbers, taxpayer, kind, operator=HANDS.operator)
            ledger.write(then.next_number(Type.MOVEMENT), [line])


def load_terminal(
    context: Context, terminal: str, count: int, kind: str, unit: str, year: int
) -> InvoiceRange:
    """Put the next ``count`` blanks of the shelf into a terminal's unit; which they are."""
    code = code_of(kind, year)
    shelf = [held.numbers for c, held in Ledger(context).in_slot(*SHELF) if c == code]
    start = max(TERMINALS_FROM[kind], next(n.first for n in shelf if n.last >= TERMINALS_FROM[kind]))
    numbers = InvoiceRange.starting(start, count)
    Stockroom(context).load(terminal, unit, code, numbers, HANDS, kind)
    return numbers
