"""Departure tax refunds in the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.departures import Departure, DepartureLine, DepartureState, RefundShop
from bureau.ports.registration import PersonKey
from bureau.store import tables
from kiosk.domain.people import DocumentKind

KEPT = ("state", "inspected_by", "inspected_at", "ended_by", "ended_at", "reason")
"""What of an application may change."""


class ReferenceDepartures:
    """Implements ``Departures``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lock(self, invoices: Sequence[str]) -> None:
        """In one order, whoever asks: two travellers never wait for each other."""
        for invoice in sorted(set(invoices)):
            self._context.hold(f"departure/{invoice}")

    def shop(self, taxpayer: str, day: date) -> RefundShop | None:
        """The row that holds on that day."""
        t = tables.refund_shop
        holds = (t.c.since <= day) & or_(t.c.until.is_(None), t.c.until >= day)
        return next(iter(self._shops(self._of_shops().where(t.c.taxpayer == taxpayer, holds))), None)

    def shops(self) -> Sequence[RefundShop]:
        """By name, then by day."""
        return self._shops(self._of_shops().order_by(tables.taxpayer.c.name, tables.refund_shop.c.since))

    def enlist(self, shop: RefundShop) -> None:
        """A row of its own."""
        row = asdict(shop)
        del row["name"]
        self._context.connection.execute(tables.refund_shop.insert().values(row))

    def strike(self, shop: RefundShop) -> None:
        """Its row gets an end."""
        t = tables.refund_shop
        mine = (t.c.taxpayer == shop.taxpayer) & (t.c.since == shop.since)
        ended = {"until": shop.until, "struck_by": shop.struck_by}
        self._context.connection.execute(t.update().where(mine).values(ended))

    def number_for(self, key: str) -> str:
        """The same to the same key."""
        return self._context.number_for(Type.DEPARTURE, f"departure:{key}")

    def add(self, application: Departure) -> None:
        """The application, then its invoices."""
        row: dict[str, Any] = asdict(application)
        lines, person = row.pop("lines"), application.person
        del row["person"]
        row |= {"person_kind": person.kind.value, "person_number": person.number}
        self._context.connection.execute(tables.departure_refund.insert().values(row))
        rows = [{**line, "application": application.application, "held": "yes"} for line in lines]
        self._context.connection.execute(tables.departure_line.insert(), rows)

    def find(self, application: str, *, lock: bool = False) -> Departure | None:
        """With its invoices."""
        t = tables.departure_refund
        query = select(t).where(t.c.application == application)
        return next(iter(self._found(query.with_for_update() if lock else query)), None)

    def holding(self, invoice: str) -> str | None:
        """By the invoice that is held."""
        t = tables.departure_line
        query = select(t.c.application).where(t.c.invoice == invoice, t.c.held == "yes")
        found: str | None = self._context.connection.execute(query).scalar()
        return found

    def change(self, application: Departure) -> None:
        """The state alone, and who did it."""
        t, line = tables.departure_refund, tables.departure_line
        values = {name: getattr(application, name) for name in KEPT}
        mine = t.c.application == application.application
        self._context.connection.execute(t.update().where(mine).values(values))
        if application.state == "refused":
            of_it = line.c.application == application.application
            self._context.connection.execute(line.update().where(of_it).values(held="no"))

    def listed(self, state: DepartureState | None, limit: int) -> Sequence[Departure]:
        """Who leaves first on top."""
        t = tables.departure_refund
        query = select(t).order_by(t.c.leaves_on, t.c.application).limit(limit)
        return self._found(query if state is None else query.where(t.c.state == state))

    def _of_shops(self) -> Select[Any]:
        t, taxpayer = tables.refund_shop, tables.taxpayer
        return select(t, taxpayer.c.name).join(taxpayer, taxpayer.c.taxpayer == t.c.taxpayer)

    def _shops(self, query: Select[Any]) -> list[RefundShop]:
        rows = self._context.connection.execute(query).mappings()
        return [RefundShop(**dict(row)) for row in rows]

    def _found(self, query: Select[Any]) -> list[Departure]:
        rows = [dict(row) for row in self._context.connection.execute(query).mappings()]
        lines = self._lines(row["application"] for row in rows)
        return [
            Departure(
                person=PersonKey(DocumentKind(row.pop("person_kind")), row.pop("person_number")),
                lines=tuple(lines[row["application"]]),
                **row,
            )
            for row in rows
        ]

    def _lines(self, applications: Iterable[str]) -> Mapping[str, list[DepartureLine]]:
        t = tables.departure_line
        query = select(t).where(t.c.application.in_(list(applications))).order_by(t.c.issued_on, t.c.invoice)
        found: dict[str, list[DepartureLine]] = defaultdict(list)
        for row in self._context.connection.execute(query).mappings():
            line = {name: value for name, value in row.items() if name not in ("application", "held")}
            found[row["application"]].append(DepartureLine(**line))
        return found
