"""What the desk of blank invoices has to do: slips, a count that differs, a hand-over that is on its way."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection, select

from bureau.city.stock import FIRST, LOADED, code_of
from bureau.engine import stockkeeping
from bureau.engine.reference.context import Context
from bureau.engine.reference.work import ReferenceWork
from bureau.ports.stock import SHELF, Hands, Wanted
from bureau.ports.system import Work
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.invoices import InvoiceRange, add
from sync.stock_note import Fate, NoteItem, StockNote

KEEPERS: Final = Hands("duan-li", "jiang-ming")
"""Logins of the two officers who do it."""
KIND: Final = "04"
UNIT: Final = "unit1"
ROLE: Final = "invoiceDispenser"
FROM: Final = "00276001"
"""What the demonstration's own terminal is loaded from comes before."""
MISSING_AT: Final = "C-02"
WANTED_AT: Final = "A-05"
ROLLS: Final = 200
HANDED_OUT: Final = ("E-01", "H-05", "unit2")
"""Terminal, hall and unit whose sheets were taken out this morning, for the hall's safe."""
SHEETS: Final = 100
Sign = Callable[[StockNote], str]
"""Makes a hand-over's paper."""
MORNING: Final = time(8, 40)


def plant(connection: Connection, as_of: date, sign: Sign) -> None:
    """Write it, once the terminals and what they told of their supplies are there."""
    yesterday, morning = (datetime.combine(day, MORNING, CHINA) for day in (as_of - timedelta(days=1), as_of))
    told = tables.supply
    query = select(told.c.terminal, told.c.remaining).where(told.c.role == ROLE, told.c.name == UNIT)
    left = {row.terminal: row.remaining for row in connection.execute(query.order_by(told.c.terminal))}
    work = ReferenceWork(Context(connection, yesterday, ""))
    code, front, last = code_of(KIND, as_of.year), FROM, add(FIRST[KIND], LOADED - 1)
    units = [(terminal, UNIT, count) for terminal, count in left.items()]
    for terminal, unit, count in (*units, (HANDED_OUT[0], HANDED_OUT[2], SHEETS)):
        if count and int(front) + count - 1 <= int(last):
            numbers = InvoiceRange.starting(front, count)
            wanted = Wanted("hand-out", terminal, unit, code, numbers=numbers)
            slip = stockkeeping.propose(work, KEEPERS.operator, wanted)
            stockkeeping.confirm(work.core, slip.slip, KEEPERS.witness)
            front = add(numbers.last, 1)
    work = ReferenceWork(Context(connection, morning, ""))
    hand_out(work, sign, *HANDED_OUT)
    slot = work.core.stock.slot(MISSING_AT, UNIT)
    if slot is not None:
        found = tuple((c, InvoiceRange(n.first, add(n.last, -1))) for c, n in stockkeeping.book_of(slot))
        slip = stockkeeping.propose(work, KEEPERS.operator, Wanted("count", MISSING_AT, UNIT, found=found))
        stockkeeping.confirm(work.core, slip.slip, KEEPERS.witness)
    shelf = work.core.stock.slot(*SHELF)
    roll = code_of("11", as_of.year)
    free = [held.numbers for c, held in (shelf.contents if shelf else ()) if c == roll]
    if free and free[-1].count >= ROLLS:
        numbers = InvoiceRange(add(free[-1].last, 1 - ROLLS), free[-1].last)
        stockkeeping.propose(
            work, KEEPERS.operator, Wanted("hand-out", WANTED_AT, "unit2", roll, numbers=numbers)
        )


def hand_out(work: Work, sign: Sign, terminal: str, hall: str, unit: str) -> str:
    """A dispenser broke: what lies in its unit is on its way to the safe, by the centre's own paper; its number."""
    slot = work.core.stock.slot(terminal, unit)
    if slot is None:
        return ""
    ((code, numbers),) = stockkeeping.book_of(slot)
    span = int(numbers.first), int(numbers.last)
    number = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{terminal} {code} {numbers.first}"))
    note = StockNote(
        number, terminal, "", hall, "", Fate.HALL, work.core.now, KEEPERS.operator, KEEPERS.witness, 0,
        (NoteItem(unit, code, KIND, span, span),),
    )  # fmt: skip
    work.core.handovers.out(note, sign(note))
    return number
