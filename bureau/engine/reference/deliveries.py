"""Orders of paper invoices that a courier brings, over the store and the stock ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, func, select

from bureau.engine.reference.context import Context, Type
from bureau.engine.reference.stock import PARCEL, Ledger, Movement, in_range
from bureau.engine.reference.stockroom import Stockroom
from bureau.engine.reference.transit import Transit
from bureau.errors import NumbersMoved, StockRefused
from bureau.ports.deliveries import Delivery, Parcel, State
from bureau.ports.stock import SHELF, Hands, Where
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange


class ReferenceDeliveries:
    """Implements ``Deliveries``."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._ledger, self._transit = Ledger(context), Transit(context, PARCEL)

    # --- orders -------------------------------------------------------------------------------------------

    def place(self, order: Delivery) -> None:
        """Keep a new order."""
        self._context.connection.execute(tables.invoice_delivery.insert().values(**_columns(order)))

    def order(self, number: str, *, lock: bool = False) -> Delivery | None:
        """The order; with ``lock`` its row is held until the transaction ends."""
        t = tables.invoice_delivery
        query = select(t).where(t.c.order_no == number)
        row = self._context.connection.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else _order(row)

    def sent_as(self, courier: str, consignment: str) -> Delivery | None:
        """The order of that consignment."""
        t = tables.invoice_delivery
        query = select(t).where(t.c.courier == courier, t.c.consignment == consignment)
        row = self._context.connection.execute(query).one_or_none()
        return None if row is None else _order(row)

    def of(self, taxpayer: str) -> Sequence[Delivery]:
        """The enterprise's orders, the newest first."""
        t = tables.invoice_delivery
        query = select(t).where(t.c.taxpayer == taxpayer).order_by(t.c.ordered_on.desc(), t.c.order_no.desc())
        return [_order(row) for row in self._context.connection.execute(query)]

    def listed(self, states: Sequence[State], limit: int) -> Sequence[Delivery]:
        """Orders in these states, the oldest first."""
        t = tables.invoice_delivery
        query = select(t).where(t.c.state.in_(states)).order_by(t.c.ordered_on, t.c.order_no).limit(limit)
        return [_order(row) for row in self._context.connection.execute(query)]

    def in_stock(self, kind: str) -> int:
        """Sheets on the shelf that no order waits for."""
        r, code, t = tables.stock_range, tables.invoice_code, tables.invoice_delivery
        lying = (
            select(func.coalesce(func.sum(r.c.last - r.c.first + 1), 0))
            .join(code, code.c.code == r.c.code)
            .where(code.c.kind == kind, r.c.state == "onHand", r.c.place == SHELF[0], r.c.unit == SHELF[1])
        )
        waiting = select(func.coalesce(func.sum(t.c.sheets), 0)).where(
            t.c.kind == kind, t.c.state == "ordered"
        )
        connection = self._context.connection
        return max(0, int(connection.execute(lying).scalar_one() - connection.execute(waiting).scalar_one()))

    def change(self, order: Delivery) -> None:
        """The order stands as this says now."""
        t = tables.invoice_delivery
        values = _columns(replace(order, since=self._context.now))
        self._context.connection.execute(t.update().where(t.c.order_no == order.order).values(**values))

    # --- numbers ------------------------------------------------------------------------------------------

    def pack(self, order: Delivery, parcel: Parcel, operator: str, witness: str) -> None:
        """From the shelf into the parcel; raises ``StockRefused``."""
        hands = Hands(operator, witness)
        kind = self._ledger.lock_code(parcel.code)
        if kind != order.kind:
            raise StockRefused(
                "kindOther", f"code {parcel.code} is of kind {kind}, ordered is {order.kind}", kind=kind
            )
        with _as_expected("on the shelf"):
            lines = self._transit.leave(order.order, SHELF, parcel.code, (parcel.numbers,), hands)
        self._transit.write(lines)

    def unpack(self, order: Delivery, operator: str, witness: str) -> None:
        """Back to the shelf."""
        self._transit.write(self._back(order, Hands(operator, witness)))

    def issue(self, order: Delivery, operator: str) -> None:
        """``ISSUE`` out of the parcel."""
        to = Where("issued", holder=order.taxpayer)
        self._out(order, to, Movement("ISSUE", *self._what(order), order.taxpayer, operator=operator))

    def take_back(self, order: Delivery, operator: str, witness: str) -> None:
        """To the shelf, and there into quarantine until two people release them (``bureau stock release``)."""
        lines = self._back(order, Hands(operator, witness))
        place, unit, code, numbers = lines[-1].place, lines[-1].unit, lines[-1].code, lines[-1].numbers
        here, to = Where("onHand", place, unit), Where("quarantined", place, unit)
        self._ledger.move(code, numbers, {here}.__contains__, to)
        self._transit.write([*lines, replace(lines[-1], type="RETRACT", kind=order.kind, cause=order.order)])

    def lose(self, order: Delivery, operator: str, witness: str) -> None:
        """``LOSE`` out of the parcel, of nobody's."""
        hands = Hands(operator, witness)
        line = Movement("LOSE", *self._what(order), operator=hands.operator, witness=hands.witness)
        self._out(order, Where("lost"), line)

    def _back(self, order: Delivery, hands: Hands) -> list[Movement]:
        _, _, code, numbers = self._what(order)
        Stockroom(self._context).ensure_slot(*SHELF)
        with _as_expected("in the parcel"):
            return self._transit.arrive(order.order, SHELF, code, (numbers,), hands)

    def _out(self, order: Delivery, to: Where, line: Movement) -> None:
        here = Where("onHand", line.place, line.unit)
        with _as_expected("in the parcel"):
            self._ledger.move(line.code, line.numbers, {here}.__contains__, to)
        told = replace(line, kind=order.kind, cause=order.order)
        self._ledger.write(self._context.next_number(Type.MOVEMENT), [told])

    def _what(self, order: Delivery) -> tuple[str, str, str, InvoiceRange]:
        """Place, unit, code and numbers of what is packed; the code is locked until the transaction ends."""
        assert order.parcel is not None, "numbers move from an order that was packed"
        self._ledger.lock_code(order.parcel.code)
        return PARCEL, order.order, order.parcel.code, order.parcel.numbers


@contextmanager
def _as_expected(where: str) -> Iterator[None]:
    """Numbers that are elsewhere are the operator's to look for."""
    try:
        yield
    except NumbersMoved as error:
        raise StockRefused(
            "moved", f"{error}: they do not all lie {where}; see `bureau stock list`", numbers=error.numbers
        ) from error


def _columns(order: Delivery) -> dict[str, object]:
    parcel = order.parcel
    return {
        "order_no": order.order,
        "taxpayer": order.taxpayer,
        "kind": order.kind,
        "sheets": order.count,
        "ordered_on": order.ordered_on,
        "state": order.state,
        "since": order.since,
        "recipient": order.recipient,
        "code": parcel.code if parcel is not None else None,
        "first": int(parcel.numbers.first) if parcel is not None else None,
        "last": int(parcel.numbers.last) if parcel is not None else None,
        "courier": order.courier,
        "consignment": order.consignment,
        "ended_on": order.ended_on,
        "signed_by": order.signed_by,
        "reason": order.reason,
        "closed_by": order.closed_by,
    }


def _order(row: Row[Any]) -> Delivery:
    return Delivery(
        order=row.order_no,
        taxpayer=row.taxpayer,
        kind=row.kind,
        count=row.sheets,
        ordered_on=row.ordered_on,
        state=row.state,
        since=row.since,
        recipient=row.recipient,
        parcel=Parcel(row.code, in_range(row.first, row.last)) if row.code is not None else None,
        courier=row.courier,
        consignment=row.consignment,
        ended_on=row.ended_on,
        signed_by=row.signed_by,
        reason=row.reason,
        closed_by=row.closed_by,
    )
