"""Charges that go back, for the tests about them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bureau.engine.reconcile import Reconciler
from bureau.engine.repaying.ordering import Hands
from bureau.engine.repaying.sending import Repayer
from bureau.ports.acquirer import AcquirerLine, AcquirerOrder
from bureau.ports.cases import Case
from bureau.ports.payments import Comparison
from bureau.ports.repayments import Charge, Repayment
from bureau.store import tables
from config.clock import CHINA
from sync.models import PaymentStateName as State
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN, opened, status
from tests.bureau.stores import DAY
from tests.bureau.terminals import Terminal

HANDS = Hands("周审核", "吴复核", "重复扣款")
UNKNOWN = "41990026101200099999"
"""An order that nobody made here."""


def repayer(centre: Centre) -> Repayer:
    return Repayer(centre.system, centre.acquirers)


def compared(centre: Centre, day: date) -> Comparison:
    return Reconciler(centre.system, centre.acquirers).run(day)


def charged(centre: Centre, order: str = UNKNOWN, fen: int = 50_000, reference: str = "R-1") -> None:
    """Money that came without an order of ours."""
    centre.bank.charged.append(AcquirerLine(order, fen, reference, centre.clock.now()))


def paid_twice(terminal: Terminal, centre: Centre) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two orders for the same dues, both charged; the first one was closed when the money came."""
    first = opened(terminal)
    terminal.do("payment.close", {"order": first["order"]})
    second = opened(terminal)
    centre.bank.pay(second["order"])
    status(terminal, second["order"])
    now = centre.clock.now()
    late = AcquirerOrder(first["order"], first["amount_fen"], State.APPROVED, "", "R-late", now)
    centre.bank.orders[first["order"]] = late
    centre.bank.charged.append(AcquirerLine(first["order"], first["amount_fen"], "R-late", now))
    return first, second


def freed(centre: Centre, order: str) -> None:
    """The dues of an order are open again, as if it had never paid them."""
    due, line = tables.due, tables.payment_due
    mine = select(line.c.due).where(line.c.order_no == order)
    with centre.database.write() as connection:
        connection.execute(due.update().where(due.c.due.in_(mine)).values(state="open", held_by=None))


def today(centre: Centre) -> date:
    return centre.clock.now().astimezone(CHINA).date()


def next_day(centre: Centre) -> date:
    """Morning of the next day; the day before is given."""
    day = today(centre)
    at = datetime.combine(day + timedelta(days=1), datetime.min.time(), CHINA)
    centre.clock.at = at + timedelta(hours=9)
    return day


def charge(centre: Centre, order: str = UNKNOWN) -> Charge:
    with centre.system.read() as work:
        (found,) = work.core.repayments.charges([order])
    return found


def repayments(centre: Centre, order: str = UNKNOWN) -> list[Repayment]:
    with centre.system.read() as work:
        return list(work.core.repayments.of(order))


def about(centre: Centre, reference: str = UNKNOWN) -> list[Case]:
    with centre.system.read() as work:
        return list(work.core.cases.about(reference))


def messages(centre: Centre) -> list[str]:
    with centre.database.read() as connection:
        query = select(tables.notice.c.kind).where(tables.notice.c.kind == "payment-given-back")
        return list(connection.execute(query).scalars())


def sums(centre: Centre, since: date = DAY) -> tuple[int, int]:
    """Ours and theirs over every day that was compared, from ``since`` on."""
    t = tables.reconciliation
    with centre.database.read() as connection:
        rows = connection.execute(select(t).where(t.c.day >= since)).all()
    return sum(row.ours_fen for row in rows), sum(row.theirs_fen for row in rows)


def back_of(centre: Centre, order: str = UNKNOWN) -> int:
    """What the bank has given back of an order, in fen."""
    return -sum(line.amount_fen for line in centre.bank.given if line.order == order)


def listed(terminal: Terminal) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = terminal.data("payments.list", SHEN, service="query.payments")["payments"]
    return found
