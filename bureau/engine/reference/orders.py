"""Orders of paper invoices, from the store; what is left of one follows from its reservations and the ledger."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.orders import NewOrder, PickUp
from bureau.store import tables

ALPHABET = "23456789ACDEFGHJKMNPQRTUWXY"
"""No letter or figure that is taken for another."""
LENGTH = 8
"""27**8 codes, and only the enterprise's own people may try them."""
_ORDERS = select(tables.invoice_order, tables.invoice_order.c["count"].label("sheets"))
"""``count`` is a method of every row."""


class ReferenceOrders:
    """Implements ``Orders``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def make(self, new: NewOrder) -> PickUp:
        """Keep an order under a new number and code."""
        order = self._context.next_number(Type.PICK_UP)
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        return self.keep(order, code, new)

    def keep(self, order: str, code: str, new: NewOrder) -> PickUp:
        """Keep an order under this number and code."""
        self._context.connection.execute(
            tables.invoice_order.insert().values(
                order_no=order,
                code=code,
                taxpayer=new.taxpayer,
                kind=new.kind,
                count=new.count,
                made_at=self._context.now,
                made_by=new.by,
                expires_on=new.expires_on,
                state="open",
            )
        )
        return PickUp(order, code, new.taxpayer, new.kind, new.count, new.count, new.expires_on, "open")

    def by_code(self, taxpayer: str, code: str) -> PickUp | None:
        """The enterprise's order with this code."""
        t = tables.invoice_order
        query = _ORDERS.where(t.c.taxpayer == taxpayer, t.c.code == code)
        row = self._context.connection.execute(query).one_or_none()
        return None if row is None else self._order(row)

    def order(self, order: str, *, lock: bool = False) -> PickUp | None:
        """The order; with ``lock`` its row is held until the transaction ends."""
        t = tables.invoice_order
        query = _ORDERS.where(t.c.order_no == order)
        row = self._context.connection.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else self._order(row)

    def take(self, order: PickUp, reservation: str) -> None:
        """The reservation is for the order."""
        t = tables.reservation
        self._context.connection.execute(
            t.update().where(t.c.reservation == reservation).values(order_no=order.order)
        )

    def cancel(self, order: PickUp) -> None:
        """Nothing of it can be picked up any more."""
        t = tables.invoice_order
        self._context.connection.execute(
            t.update().where(t.c.order_no == order.order).values(state="cancelled")
        )

    def listed(self, limit: int) -> Sequence[PickUp]:
        """Orders, open ones first, the one that ends first on top."""
        t = tables.invoice_order
        query = _ORDERS.order_by(t.c.state != "open", t.c.expires_on, t.c.order_no).limit(limit)
        return [self._order(row) for row in self._context.connection.execute(query).all()]

    def _order(self, row: Row[Any]) -> PickUp:
        left = row.sheets - self._delivered(row.order_no) - self._reserved(row.order_no)
        return PickUp(
            row.order_no, row.code, row.taxpayer, row.kind, row.sheets, left, row.expires_on, row.state
        )

    def _delivered(self, order: str) -> int:
        t, r = tables.stock_movement, tables.reservation
        query = (
            select(func.coalesce(func.sum(t.c.last - t.c.first + 1), 0))
            .join(r, r.c.reservation == t.c.reservation)
            .where(r.c.order_no == order, t.c.type == "ISSUE")
        )
        return int(self._context.connection.execute(query).scalar_one())

    def _reserved(self, order: str) -> int:
        """A dispute may end with sheets in the enterprise's hands: they count until a person has settled it."""
        t = tables.reservation
        running = (t.c.state == "open") & (t.c.expires_at > self._context.now)
        query = select(func.coalesce(func.sum(t.c.last - t.c.first + 1), 0)).where(
            t.c.order_no == order, running | (t.c.state == "disputed")
        )
        return int(self._context.connection.execute(query).scalar_one())
