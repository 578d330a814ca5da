"""Tax-control devices in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import ColumnElement, RowMapping, case, func, select

from bureau.engine.reference.context import Context
from bureau.ports.tax_control import DeviceReport, DeviceState, Issued, NewDevice, TaxDevice, UnlockOrder
from bureau.store import tables
from kiosk.domain.tax_control import KindTotals


class ReferenceTaxControl:
    """Implements ``TaxControl``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def issue(self, new: NewDevice) -> TaxDevice:
        """Keep a new one."""
        self._context.connection.execute(
            tables.tax_device.insert().values(
                device=new.device,
                taxpayer=new.taxpayer,
                state="active",
                sealed=new.sealed,
                counter=0,
                cleared=new.cleared,
                issues_until=new.issues_until,
                issued_on=self._context.today,
                issued_by=new.by,
            )
        )
        made = self.device(new.device)
        assert made is not None, "it was kept just now"
        return made

    def device(self, device: str, *, lock: bool = False) -> TaxDevice | None:
        """One; ``lock`` holds its row."""
        query = select(tables.tax_device).where(tables.tax_device.c.device == device)
        query = query.with_for_update() if lock else query
        row = self._context.connection.execute(query).mappings().one_or_none()
        return None if row is None else _device(row)

    def listed(self, taxpayer: str | None, limit: int) -> Sequence[TaxDevice]:
        """By number."""
        t = tables.tax_device
        query = select(t).order_by(t.c.device).limit(limit)
        if taxpayer is not None:
            query = query.where(t.c.taxpayer == taxpayer)
        return [_device(row) for row in self._context.connection.execute(query).mappings()]

    def end(self, device: str, state: DeviceState, by: str) -> bool:
        """In use no more."""
        t = tables.tax_device
        ended = {"state": state, "ended_on": self._context.today, "ended_by": by}
        in_use = (t.c.device == device) & (t.c.state == "active")
        return self._context.connection.execute(t.update().where(in_use).values(ended)).rowcount == 1

    def reports(self, device: str) -> Sequence[DeviceReport]:
        """The latest month first."""
        return self._reports(tables.device_report.c.device == device)

    def reported(self, taxpayer: str, first: date, last: date) -> Sequence[DeviceReport]:
        """Of all devices of the taxpayer."""
        t = tables.device_report
        return self._reports((t.c.taxpayer == taxpayer) & (t.c.month >= first) & (t.c.month <= last))

    def _reports(self, wanted: ColumnElement[bool]) -> Sequence[DeviceReport]:
        t = tables.device_report
        query = select(t).where(wanted).order_by(t.c.month.desc(), t.c.device)
        return [_report(row) for row in self._context.connection.execute(query).mappings()]

    def take(self, report: DeviceReport) -> None:
        """Keep it."""
        row = asdict(report) | {"kinds": [asdict(kind) for kind in report.kinds]}
        self._context.connection.execute(tables.device_report.insert().values(row))

    def order(self, device: str, counter: int) -> UnlockOrder | None:
        """The order with this counter."""
        t = tables.device_order
        query = select(t).where(t.c.device == device, t.c.counter == counter)
        row = self._context.connection.execute(query).mappings().one_or_none()
        return None if row is None else UnlockOrder(**row)

    def unlock(self, order: UnlockOrder) -> None:
        """Keep it, and move the device on."""
        connection, t = self._context.connection, tables.tax_device
        connection.execute(tables.device_order.insert().values(asdict(order)))
        now = {"counter": order.counter, "cleared": order.month, "issues_until": order.issues_until}
        connection.execute(t.update().where(t.c.device == order.device).values(now))

    def elsewhere(self, taxpayer: str, first: date, last: date) -> Issued:
        """Electronic invoices, which have no code (数电票)."""
        t = tables.sale
        net = [func.sum(case((t.c.kind == kind, t.c.net_fen), else_=0)) for kind in ("ordinary", "special")]
        sums = [func.coalesce(one, 0) for one in (*net, func.sum(t.c.tax_fen))]
        query = select(*sums).where(
            t.c.taxpayer == taxpayer,
            t.c.code == "",
            t.c.issued_on >= first,
            t.c.issued_on <= last,
            t.c.state != "void",
        )
        return Issued(*map(int, self._context.connection.execute(query).one()))


def _device(row: RowMapping) -> TaxDevice:
    return TaxDevice(**row)


def _report(row: RowMapping) -> DeviceReport:
    return DeviceReport(**{**row, "kinds": tuple(KindTotals(**kind) for kind in row["kinds"])})
