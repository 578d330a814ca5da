"""Orders of the tests about payments, and what became of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bureau.city.cast import QINGHE
from bureau.store import tables
from sync.models import PaymentStateName as State
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject

SHEN = subject("shen-zhizhou", QINGHE, "F")


def order_for(terminal: Terminal, who: dict[str, Any] = SHEN, **more: Any) -> dict[str, Any]:
    listed = terminal.data("dues.list", who)
    return {
        "dues": [due["due"] for due in listed["dues"] if due["payable"]],
        "amount_fen": listed["total_fen"],
        "channel": "qr-shown",
        **more,
    }


def opened(terminal: Terminal, who: dict[str, Any] = SHEN) -> dict[str, Any]:
    answer = terminal.do("payment.create", order_for(terminal, who), who)
    assert answer.state == "accepted", answer.refusal
    return answer.result


def status(terminal: Terminal, order: str) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("payment.status", {}, {"order": order})
    return found


def bookings(centre: Centre) -> list[int]:
    with centre.database.read() as connection:
        return list(connection.execute(select(tables.booking.c.amount_fen)).scalars())


def events(centre: Centre, order: str) -> list[tuple[str, str]]:
    t = tables.payment_event
    with centre.database.read() as connection:
        rows = connection.execute(select(t).where(t.c.order_no == order).order_by(t.c.line))
        return [(row.to_state, row.source) for row in rows]


def cases(centre: Centre) -> list[str]:
    with centre.database.read() as connection:
        return list(connection.execute(select(tables.case_file.c.kind)).scalars())


def status_at_us(centre: Centre, created: dict[str, Any]) -> State:
    with centre.system.read() as work:
        order = work.core.payments.order(created["order"])
    assert order is not None
    return order.state
