"""Orders of paper invoices by courier, for the tests of the order and of the parcel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from bureau.city.cast import HEMU
from bureau.city.deliveries import FIRM as XINHUANG
from bureau.engine.delivering import following
from bureau.engine.rules import Rules
from bureau.ports.deliveries import Delivery, Parcel
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange
from kiosk.domain.tax.parameters import built_in
from tests.bureau.conftest import CODE, HANDS, Centre
from tests.bureau.terminals import Terminal, subject

SERVICE, ORDERS = "invoice.deliver", "invoice.deliveries"
MULAN, CHEN, MA = (
    subject("he-mulan", HEMU, "L"),
    subject("chen-mo", HEMU, "B"),
    subject("ma-yuan", XINHUANG.taxpayer, "B"),
)
WHERE = {"name": "周小满", "phone": "13900002345", "address": "云川市书院区青年路88号3楼"}
RULES = Rules(built_in())
FIRST = "00274901"
BY, WITH = HANDS.operator, HANDS.witness


def order(terminal: Terminal, count: int = 5, who: dict[str, Any] = MULAN, **changed: Any) -> Any:
    data = {"kind": "ordinary", "count": count, **WHERE, **changed}
    return terminal.do("matter.submit", data, who, service=SERVICE)


def cancel(terminal: Terminal, number: str, who: dict[str, Any] = MULAN) -> Any:
    return terminal.do("matter.submit", {"order": number}, who, service=ORDERS)


def kinds(terminal: Terminal, who: dict[str, Any] = MULAN) -> dict[str, dict[str, Any]]:
    rows = terminal.data("invoice.deliverable", who, service=SERVICE)["rows"]
    return {row["id"]: row for row in rows}


def orders(terminal: Terminal, who: dict[str, Any] = MULAN) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = terminal.data("invoice.deliveries", who, service=ORDERS)["rows"]
    return found


def at_work(centre: Centre, do: Callable[..., Delivery], *given: Any) -> Delivery:
    with centre.system.write() as work:
        return do(work.core, *given)


def packed(centre: Centre, number: str, count: int = 5, first: str = FIRST, code: str = CODE) -> Delivery:
    parcel = Parcel(code, InvoiceRange.starting(first, count))
    return at_work(centre, following.pack, number, parcel, BY, WITH, RULES)


def sent(centre: Centre, number: str, consignment: str = "EZ123456789CN") -> Delivery:
    packed(centre, number)
    return at_work(centre, following.hand_over, number, "ems", consignment)


def where(centre: Centre, first: str = FIRST, code: str = CODE) -> tuple[str, str | None]:
    """State and holder of a number in the ledger."""
    t, number = tables.stock_range, int(first)
    with centre.database.read() as connection:
        query = select(t.c.state, t.c.holder).where(t.c.code == code, t.c.first <= number, t.c.last >= number)
        row = connection.execute(query).one()
    return row.state, row.holder


def approve(centre: Centre, **changed: int) -> None:
    t = tables.invoice_approval
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.taxpayer == HEMU, t.c.kind == "04").values(**changed))
