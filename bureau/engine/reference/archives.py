"""Credit evaluations, vehicles, social insurance and returns on file, from the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from bureau.engine.reference.context import Context
from bureau.ports.archives import (
    CreditDeduction,
    CreditRating,
    FiledReturn,
    SocialPayment,
    UnitPayment,
    VehicleTax,
)
from bureau.ports.registration import PersonKey
from bureau.store import tables


class ReferenceArchives:
    """Implements ``Archives``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def credit(self, taxpayer: str) -> Sequence[CreditRating]:
        """Published evaluations of an enterprise, the latest first."""
        t = tables.credit_rating
        query = select(t).where(t.c.taxpayer == taxpayer).order_by(t.c.year.desc())
        rows = self._context.connection.execute(query)
        return [CreditRating(row.year, row.grade, row.points, row.published_on) for row in rows]

    def credit_deductions(self, taxpayer: str, year: int) -> Sequence[CreditDeduction]:
        """Why the evaluation of that year is what it is, in the order in which it happened."""
        t = tables.credit_deduction
        query = (
            select(t).where(t.c.taxpayer == taxpayer, t.c.year == year).order_by(t.c.happened_on, t.c.line)
        )
        return [
            CreditDeduction(row.year, row.indicator, row.points, row.happened_on, row.mended_on)
            for row in self._context.connection.execute(query)
        ]

    def vehicles(self, key: PersonKey) -> Sequence[VehicleTax]:
        """Vehicles whose purchase tax is settled, the latest first."""
        t = tables.vehicle_tax
        mine = (t.c.person_kind == key.kind.value) & (t.c.person_number == key.number)
        rows = self._context.connection.execute(
            select(t).where(mine).order_by(t.c.entry_date.desc(), t.c.vin)
        )
        return [_vehicle(row) for row in rows]

    def social(self, key: PersonKey, first: str, last: str) -> Sequence[SocialPayment]:
        """What was paid for those months, by month and insurance."""
        t = tables.social_payment
        mine = (t.c.person_kind == key.kind.value) & (t.c.person_number == key.number)
        query = (
            select(t).where(mine, t.c.month >= first, t.c.month <= last).order_by(t.c.month, t.c.insurance)
        )
        return [
            SocialPayment(
                month=row.month,
                insurance=row.insurance,
                base_fen=row.base_fen,
                own_fen=row.own_fen,
                unit_fen=row.unit_fen,
                entry_date=row.entry_date,
                unit=row.unit,
            )
            for row in self._context.connection.execute(query)
        ]

    def firm_vehicles(self, taxpayer: str) -> Sequence[VehicleTax]:
        """Vehicles of an enterprise, the latest first."""
        t = tables.firm_vehicle
        query = select(t).where(t.c.taxpayer == taxpayer).order_by(t.c.entry_date.desc(), t.c.vin)
        return [_vehicle(row) for row in self._context.connection.execute(query)]

    def unit_payments(self, taxpayer: str, first: str, last: str) -> Sequence[UnitPayment]:
        """What an enterprise paid for its employees of those months, by month and insurance."""
        t = tables.unit_payment
        query = (
            select(t)
            .where(t.c.taxpayer == taxpayer, t.c.month >= first, t.c.month <= last)
            .order_by(t.c.month, t.c.insurance)
        )
        return [
            UnitPayment(
                month=row.month,
                insurance=row.insurance,
                people=row.people,
                base_fen=row.base_fen,
                own_fen=row.own_fen,
                unit_fen=row.unit_fen,
                voucher=row.voucher,
                entry_date=row.entry_date,
            )
            for row in self._context.connection.execute(query)
        ]

    def returns(self, taxpayer: str, since: date) -> Sequence[FiledReturn]:
        """Returns that stand, the latest period first."""
        t = tables.declaration
        query = (
            select(t)
            .where(t.c.taxpayer == taxpayer, t.c.state == "filed", t.c.period_last >= since)
            .order_by(t.c.period_last.desc(), t.c.declaration.desc())
        )
        return [
            FiledReturn(
                declaration=row.declaration,
                tax=row.tax,
                period_first=row.period_first,
                period_last=row.period_last,
                figures=row.figures,
                total_fen=row.total_fen,
                filed_at=row.filed_at,
            )
            for row in self._context.connection.execute(query)
        ]


def _vehicle(row: Row[Any]) -> VehicleTax:
    return VehicleTax(
        vin=row.vin,
        make=row.make,
        engine=row.engine,
        price_fen=row.price_fen,
        tax_fen=row.tax_fen,
        exempt=row.exempt,
        entry_date=row.entry_date,
        authority=row.authority,
    )
